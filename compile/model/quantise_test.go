package model

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
)

// handMLP is tinyMLP worked out by hand. The weights of the first layer have scale
// 3/3 = 1. The calibrated peak is 3·3 + 2·3 = 15, three levels of 5 units each. The
// weights of the second have scale 0.375/3 = 0.125, and so its sums 5·0.125 = 0.625;
// the biases 1.5625/0.625 = 2.5 and 1.25/0.625 = 2 are rounded, halves to even.
func handMLP(x []int64) []int64 {
	level := func(s int64) int64 {
		switch { // ⌊s/5 + 1/2⌋ from 0 to 3
		case s >= 13:
			return 3
		case s >= 8:
			return 2
		case s >= 3:
			return 1
		}
		return 0
	}
	a := level(3*x[0] - x[1] + 2*x[2])
	b := level(-3*x[0] + 2*x[1] + x[2] - 2)
	return []int64{3*a - 2*b + 2, -2*a + 3*b + 2}
}

// A perceptron is checked on every input: integers against those worked out by
// hand, and circuits in all strategies against the integers.
func TestTinyMLP(t *testing.T) {
	m := mustLoad(t, tinyMLP(2).fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{})
	if q.Logits().Scale != 0.625 {
		t.Errorf("a unit of logit is %v, want 0.625", q.Logits().Scale)
	}
	count := 0
	everyInput(m, func(in []int64) {
		count++
		want := handMLP(in)
		if got, err := q.Logits().Program.Reference(in); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%v: logits %v, %v, want %v", in, got, err, want)
		}
		best := 0
		if want[1] > want[0] {
			best = 1
		}
		if got, err := q.Predict(in); err != nil || got[0] != best {
			t.Fatalf("%v: label %v, %v, want %v", in, got, err, best)
		}
	})
	if count != 64 {
		t.Errorf("%d inputs, want 64", count)
	}
	for _, s := range strategies {
		for _, p := range []*program.Program{q.Program, q.Logits().Program} {
			c := mustLower(t, p, s)
			everyInput(m, func(in []int64) { same(t, p, c, in) })
		}
	}
}

// Where no activation is clipped, a logit is off by at most half a level of each
// hidden unit, times its weight, and half a unit of the bias.
func TestTinyMLPIsNearTheFloatNetwork(t *testing.T) {
	m := mustLoad(t, tinyMLP(2).fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{})
	const bound = 2.5*0.375 + 2.5*0.25 + 0.5*0.625
	worst, checked := 0.0, 0
	everyInput(m, func(in []int64) {
		clipped := false
		forwardMLP(m, in, func(_ string, v []float64) { clipped = clipped || slices.Max(v) > 17.5 })
		if clipped {
			return
		}
		checked++
		got, err := q.Logits().Program.Reference(in)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range m.Forward(in) {
			worst = max(worst, math.Abs(float64(got[i])*q.Logits().Scale-want))
		}
	})
	if worst > bound || worst < bound/4 || checked < 60 {
		t.Errorf("the greatest error is %v on %d inputs, bound %v", worst, checked, bound)
	}
	mean, greatest, size, err := q.LogitError(m.Calibration)
	if err != nil || !(0 < mean && mean <= greatest && greatest <= bound && size > 0) {
		t.Errorf("LogitError: %v, %v, %v, %v", mean, greatest, size, err)
	}
}

// An attention-classifier is checked on every input, in all strategies. With two
// labels the arg-max is one comparison, so that the depth is 5, not 6.
func TestTinyAttention(t *testing.T) {
	m := mustLoad(t, tinyAttention().fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{})
	for _, s := range strategies {
		for _, p := range []*program.Program{q.Program, q.Logits().Program} {
			c := mustLower(t, p, s)
			everyInput(m, func(in []int64) { same(t, p, c, in) })
			if want := 5; s == lower.MinDepth && p == q.Program && c.Depth() != want {
				t.Errorf("depth %d, want %d", c.Depth(), want)
			}
		}
	}
	everyInput(m, func(in []int64) {
		if got, err := q.Predict(in); err != nil || !slices.Equal(got, m.Predict(in)) {
			t.Errorf("%v: label %d, %v, and %d in floating point", in, got, err, m.Predict(in))
		}
	})
}

// With many bits everywhere the integers come close to the formula, whatever way
// they took there.
func TestFineQuantisationIsNearTheFormula(t *testing.T) {
	for _, f := range []folder{tinyMLP(2), tinyAttention()} {
		// All inputs calibrate, so that nothing is clipped.
		m := mustLoad(t, f.fs(t), "tiny")
		m.Calibration = &Dataset{}
		everyInput(m, func(in []int64) {
			m.Calibration.Inputs = append(m.Calibration.Inputs, slices.Clone(in))
			m.Calibration.Labels = append(m.Calibration.Labels, []int{0})
		})
		q := Quantisation{WeightBits: 12, ActivationBits: 10, Percentile: 100}
		if m.Config.ModelType == "attention-classifier" {
			q.ExpLevels = 1000
		}
		_, greatest, size, err := mustQuantise(t, m, q).LogitError(m.Calibration)
		if err != nil || greatest > 0.01*size {
			t.Errorf(
				"%s: the greatest error is %v, and a logit is %v on average (%v)",
				m.Config.ModelType,
				greatest,
				size,
				err,
			)
		}
	}
}

func TestScoreRangeIsExact(t *testing.T) {
	m := mustLoad(t, tinyAttention().fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{})
	lo, hi := math.Inf(1), math.Inf(-1)
	for a := range int64(2) {
		for b := range int64(2) {
			s := dot(
				m.Weights.affine("attention.query.weight", m.Weights["embed.weight"].row(int(a))),
				m.Weights.affine("attention.key.weight", m.Weights["embed.weight"].row(int(b))),
			)
			lo, hi = min(lo, s/math.Sqrt2), max(hi, s/math.Sqrt2)
		}
	}
	c := find(t, q, "exponential")
	if math.Abs(float64(c.Least)*c.Scale-lo) > 0.1 || math.Abs(float64(c.Greatest)*c.Scale-hi) > 0.1 || c.Levels != 5 {
		t.Errorf("%+v; the scores are from %v to %v", c, lo, hi)
	}
}

func TestChoices(t *testing.T) {
	m := mustLoad(t, tinyMLP(2).fs(t), "tiny")
	q := mustQuantise(t, m, Quantisation{})
	const hidden, output = "hidden 1 [w3 s=1, a2 u=5]", "output [w3 s=0.125]"
	want := []Choice{
		{Tensor: "layers.0.weight", Kind: Weight, Bits: 3, Scale: 1, Least: -3, Greatest: 3, Stage: hidden},
		{Tensor: "layers.0.bias", Kind: Bias, Bits: 3, Scale: 1, Least: -2, Greatest: 2, Stage: hidden},
		{
			Tensor:   "hidden 1",
			Kind:     Activation,
			Bits:     2,
			Scale:    5,
			Least:    0,
			Greatest: 3,
			Unit:     5,
			Peak:     15,
			Stage:    hidden,
		},
		{Tensor: "layers.1.weight", Kind: Weight, Bits: 3, Scale: 0.125, Least: -3, Greatest: 3, Stage: output},
		{Tensor: "layers.1.bias", Kind: Bias, Bits: 3, Scale: 0.625, Least: -2, Greatest: 2, Stage: output},
	}
	if !slices.Equal(q.Choices, want) {
		t.Errorf("choices:\n got %+v\nwant %+v", q.Choices, want)
	}
	text, err := json.Marshal(q.Choices[2])
	if want := `{"tensor":"hidden 1","kind":"activation","bits":2,"scale":5,"least":0,"greatest":3,"unit":5,"peak":15,"stage":"hidden 1 [w3 s=1, a2 u=5]"}`; err != nil ||
		string(text) != want {
		t.Errorf("in JSON: %s, %v", text, err)
	}
	// The circuit carries them in the names of its stages.
	c := mustLower(t, q.Program, lower.MinDepth)
	var stages []string
	for id := range c.StageCount() {
		stages = append(stages, c.Stage(circuit.StageID(id)).Name)
	}
	for _, name := range []string{hidden, output} {
		if !slices.Contains(stages, name) {
			t.Errorf("no stage %q among %q", name, stages)
		}
	}
	chosen := Quantisation{WeightBits: 3, ActivationBits: 2, ExpLevels: 24, WeightScale: "tensor", Percentile: 100}
	if !reflect.DeepEqual(q.Quantisation, chosen) {
		t.Errorf("quantisation %+v, want %+v", q.Quantisation, chosen)
	}
	finer := mustQuantise(t, m, Quantisation{WeightBits: 5, ActivationBits: 4})
	if c := find(t, finer, "layers.0.weight"); c.Bits != 5 || c.Scale != 3.0/15 {
		t.Errorf("with 5 bits: %+v", c)
	}
	if c := find(t, finer, "hidden 1"); c.Bits != 4 || c.Unit != 5 || c.Scale != 1 {
		t.Errorf("with 4 bits: %+v", c)
	}
}

func TestQuantiseErrors(t *testing.T) {
	huge := func(name string, values ...float64) func(*folder) {
		return func(f *folder) {
			s := stored{"F64", f.weights[name].shape, nil}
			for _, v := range values {
				s.data = binary.LittleEndian.AppendUint64(s.data, math.Float64bits(v))
			}
			f.weights[name] = s
		}
	}
	for _, test := range []struct {
		what string
		base folder
		edit func(*folder)
		q    Quantisation
		want string
	}{
		{"no data", tinyMLP(2), func(f *folder) { f.calibration = nil }, Quantisation{}, "there is no calibration.safetensors"},
		{"weight bits", tinyMLP(2), nil, Quantisation{WeightBits: 17}, `"weight_bits": 17 is outside 2..16`},
		{"activation bits", tinyMLP(2), nil, Quantisation{ActivationBits: 1}, `"activation_bits": 1 is outside 2..12`},
		{"levels", tinyAttention(), nil, Quantisation{ExpLevels: -1}, `"exp_levels": -1 is outside 1..4096`},
		{"percentile", tinyMLP(2), nil, Quantisation{Percentile: math.NaN()}, `"percentile": NaN is outside 50..100`},
		{"huge bias", tinyMLP(2), huge("layers.1.bias", 1e300, 0), Quantisation{}, `"layers.1.weight": its scale would be`},
		{"huge weights", tinyMLP(2), huge("layers.0.weight", 1e308, 1e308, 1e308, 1, 1, 1), Quantisation{}, `"hidden 1": the weights are so large`},
		{"large weights", tinyMLP(2), huge("layers.0.weight", 1e200, 1, 1, 1, 1, 1), Quantisation{}, `"layers.0.weight": its scale would be`},
		{"small weights", tinyMLP(2), func(f *folder) {
			huge("layers.0.weight", 1e-310, 0, 0, 0, 0, 0)(f)
			huge("layers.0.bias", 0, 0)(f)
		}, Quantisation{}, `"layers.0.weight": its scale would be`},
		{"span", tinyAttention(), nil, Quantisation{ScoreSpan: 25}, `"score_span": 25 is outside 1..24`},
	} {
		if test.edit != nil {
			test.edit(&test.base)
		}
		_, err := mustLoad(t, test.base.fs(t), "tiny").Quantise(test.q)
		var e *QuantiseError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), test.want) ||
			!strings.HasPrefix(err.Error(), `model "tiny": quantise: `) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n got %v\nwant %s", test.what, err, test.want)
		}
	}
}

// A network of zeros has no scale of its own and is quantised all the same.
func TestZeroWeights(t *testing.T) {
	for _, f := range []folder{tinyMLP(2), tinyAttention()} {
		for name, s := range f.weights {
			f.weights[name] = reals(s.shape, make([]float32, len(s.data)/4)...)
		}
		m := mustLoad(t, f.fs(t), "tiny")
		q := mustQuantise(t, m, Quantisation{})
		c := mustLower(t, q.Program, lower.MinDepth)
		everyInput(m, func(in []int64) {
			same(t, q.Program, c, in)
			if got, err := q.Predict(in); err != nil || got[0] != 0 {
				t.Fatalf("%v: label %d, %v; the leftmost of equals is 0", in, got, err)
			}
		})
	}
}

func TestForwardPanicsOnWrongInput(t *testing.T) {
	m := mustLoad(t, tinyMLP(2).fs(t), "tiny")
	for _, in := range [][]int64{{1, 2}, {1, 2, 4}, {-1, 2, 3}} {
		func() {
			defer func() {
				if s := recover(); s == nil || !strings.HasPrefix(fmt.Sprint(s), "model: ") {
					t.Errorf("%v: recovered %v", in, s)
				}
			}()
			m.Forward(in)
		}()
	}
}

func TestCalibratedPercentile(t *testing.T) {
	m := mustLoad(t, tinyMLP(2).fs(t), "tiny")
	// The activations of the two inputs are 15, 0 and 0, 0.
	for percentile, want := range map[float64]float64{50: 0, 75: 0, 75.1: 15, 100: 15} {
		if got, err := m.calibrate(m.Calibration.Inputs, percentile); err != nil || got["hidden 1"] != want {
			t.Errorf("percentile %v: %v, %v, want %v", percentile, got, err, want)
		}
	}
}
