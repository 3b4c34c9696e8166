package tune

import (
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/tc0lab/tc0/compile/model"
)

// Step is what one knob of the quantisation does if it alone is turned finer.
type Step struct {
	Knob   string           `json:"knob"` // the field of the quantisation; "" for none
	From   any              `json:"from,omitempty"`
	To     any              `json:"to,omitempty"`
	Error  model.StageError `json:"error"`            // of all roundings together, after that
	Failed string           `json:"failed,omitempty"` // why the network cannot be written like this; "" if it can
}

// Better reports whether the network in integers changes fewer answers than after another step, or as many and moves
// the logits less. A step that fails is the worst.
func (s *Step) Better(than *Step) bool {
	switch {
	case s.Failed != "" || than.Failed != "":
		return s.Failed == "" && than.Failed != ""
	case s.Error.Changed != than.Error.Changed:
		return s.Error.Changed < than.Error.Changed
	}
	return s.Error.RMS < than.Error.RMS
}

// Finer turns each knob of a setting one step finer, and measures the network in integers over some inputs. The first
// step turns none. Fields of the setting that are 0 have no knob. No circuit is built.
func Finer(ctx context.Context, m *model.Model, q model.Quantisation, inputs [][]int64) ([]*Step, error) {
	steps := []*Step{{}}
	fields := reflect.TypeFor[model.Quantisation]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		finer := q
		field := reflect.ValueOf(&finer).Elem().Field(i)
		from := field.Interface()
		turn(name, field, m)
		if !reflect.DeepEqual(field.Interface(), from) {
			steps = append(steps, &Step{Knob: name, From: from, To: field.Interface()})
		}
	}
	for _, s := range steps {
		finer := q
		for i := range fields.NumField() {
			if name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ","); name == s.Knob {
				reflect.ValueOf(&finer).Elem().Field(i).Set(reflect.ValueOf(s.To))
			}
		}
		quantised, err := m.Quantise(finer)
		if err != nil {
			s.Failed = fmt.Sprint(err)
		} else if s.Error, err = quantised.Together(ctx, inputs); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// turn makes a field of a setting finer, if it counts and can be.
func turn(name string, field reflect.Value, m *model.Model) {
	switch {
	case strings.HasSuffix(name, "_bits") && field.Int() > 0:
		field.SetInt(field.Int() + 1)
	case name == "exp_levels" && (attends(m) || m.Config.Selective != nil):
		field.SetInt(field.Int() * 3 / 2)
	case name == "weight_scale":
		field.SetString("channel")
	case name == "percentile":
		field.SetFloat(100)
	case name == "score_span" && attends(m):
		if span := field.Float(); span == 0 {
			field.SetFloat(12) // the greatest that a calibration chooses
		} else if span < 24 {
			field.SetFloat(min(24, span+4))
		}
	}
}
