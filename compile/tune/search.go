package tune

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"reflect"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// Config says what a search is for.
type Config struct {
	// Target is the part of the answers that are to be kept, such as 0.99, of those that the network in floating
	// point gives rightly. For a regression it is R²; see [Measure].
	Target   float64
	Data     *model.Dataset // to search with
	Strategy lower.Strategy // that the depth and the gates are for
	Settings int            // at most so many are tried; 0 means 150
	Uniform  bool           // kinds and single roundings get no bits of their own
	// Tried is called with each setting, if it is not nil.
	Tried func(*Setting)
}

// Result is what a search found.
type Result struct {
	Settings []*Setting `json:"settings"` // all that were tried, in order
	Chosen   *Setting   `json:"chosen"`   // nil if none keeps enough
	// Uniform is the best setting with the same bits for all roundings of a sort; nil if none keeps enough.
	Uniform *Setting `json:"uniform,omitempty"`
	Inputs  int      `json:"inputs"` // that were looked at
	Unit    Unit     `json:"unit"`
	Right   int      `json:"right"` // by the network in floating point, in the unit
}

// Best returns the setting that keeps most, the first of equals; nil if all failed.
func (r *Result) Best() (best *Setting) {
	for _, s := range r.Settings {
		if s.Failed == "" && (best == nil || s.Share() > best.Share()) {
			best = s
		}
	}
	return best
}

// search is a search under way.
type search struct {
	model  *model.Model
	config Config
	asked  asked
	more   asked // to confirm with
	result *Result
}

// Search looks for the setting with the fewest gates, by formula, that keeps the target.
//
// Errors: one about the data or the target, those of the context and of a reference that cannot be computed. With an
// error of the context comes what was found so far. A setting that cannot be built is no error: [Setting.Failed] says
// why.
func Search(ctx context.Context, m *model.Model, c Config) (*Result, error) {
	switch {
	case !(c.Target > 0 && c.Target <= 1):
		return nil, fmt.Errorf("tune: a target of %v; it is above 0 and at most 1", c.Target)
	case c.Data == nil || c.Data.Len() == 0:
		return nil, fmt.Errorf("tune: %s: no inputs to search with", m.Config.Name)
	}
	if c.Settings == 0 {
		c.Settings = 150
	}
	// A setting says everything, so that fields of the file do not come back.
	plain := *m
	plain.Config.Quantisation = model.Quantisation{}
	s := &search{model: &plain, config: c, asked: ask(m, c.Data, 0, most, ""), result: &Result{}}
	r := s.result
	r.Inputs, r.Right, r.Unit = s.asked.inputs, s.asked.count, s.asked.unit
	if r.Right == 0 {
		return nil, fmt.Errorf("tune: %s: the network in floating point answers none of %d inputs rightly",
			m.Config.Name, r.Inputs)
	}
	s.more = ask(m, c.Data, most, 2*most, r.Unit)
	defer s.mark()
	var err error
	if r.Chosen, err = s.climb(ctx, ladder(m)); err != nil || r.Chosen == nil {
		return r, err
	}
	climbed := r.Chosen
	r.Chosen, err = s.descend(ctx, r.Chosen)
	if r.Uniform = r.Chosen; err != nil || r.Chosen.Gates == nil {
		return r, err
	}
	if r.Uniform, err = s.confirm(ctx, r.Chosen, r.Settings); err == nil && !c.Uniform {
		r.Chosen, err = s.refine(ctx, r.Chosen, climbed)
	}
	if err == nil {
		r.Chosen, err = s.spend(ctx, r.Chosen, []knob{weights})
	}
	if err == nil {
		r.Chosen, err = s.confirm(ctx, r.Chosen, r.Settings)
	}
	if c.Uniform {
		r.Uniform = r.Chosen
	}
	return r, err
}

// full reports whether no more settings may be tried.
func (s *search) full() bool { return len(s.result.Settings) >= s.config.Settings }

// add tries a setting once.
func (s *search) add(ctx context.Context, q model.Quantisation) (*Setting, error) {
	for _, t := range s.result.Settings {
		if reflect.DeepEqual(t.Quantisation, q) {
			return t, nil
		}
	}
	t, err := s.try(ctx, q)
	if err != nil {
		return nil, err
	}
	s.result.Settings = append(s.result.Settings, t)
	if s.config.Tried != nil {
		s.config.Tried(t)
	}
	return t, nil
}

// enough reports whether a setting keeps the target, and on so few inputs a standard deviation more, if there is room:
// of many settings that are tried on the same inputs, some keep more there than elsewhere.
func (s *search) enough(t *Setting) bool {
	return s.holds(t, s.config.Target+s.margin())
}

func (s *search) holds(t *Setting, share float64) bool {
	return t.Failed == "" && t.Share() >= min(share, 1)-1e-9
}

// margin is the standard deviation of the share of answers.
func (s *search) margin() float64 {
	if s.asked.unit == Numbers {
		return 0
	}
	return math.Sqrt(s.config.Target * (1 - s.config.Target) / float64(max(s.asked.count, 1)))
}

// climb tries finer and finer settings until one is fine enough. If none is, it returns the first that keeps the target
// alone; nil if none does.
func (s *search) climb(ctx context.Context, ladder []model.Quantisation) (bare *Setting, err error) {
	for _, q := range ladder {
		if s.full() {
			break
		}
		t, err := s.add(ctx, q)
		if err != nil {
			return bare, err
		}
		if s.enough(t) {
			return t, nil
		}
		if bare == nil && s.holds(t, s.config.Target) {
			bare = t
		}
	}
	return bare, nil
}

// descend turns knobs while that saves gates.
func (s *search) descend(ctx context.Context, best *Setting) (*Setting, error) {
	for {
		var next *Setting
		for _, k := range knobs(s.model) {
			q, ok := k.turn(best.Quantisation)
			if !ok || s.full() {
				continue
			}
			t, err := s.add(ctx, q)
			if err != nil {
				return best, err
			}
			if s.enough(t) && fewer(t, best) && (next == nil || fewer(t, next)) {
				next = t
			}
		}
		if next == nil {
			return best, nil
		}
		best = next
	}
}

// fewer reports whether a setting has fewer gates than another, or as many and less depth. Of two with the same gates
// and depth, such as those that differ in the bits of weights, it is the one with less weight, if that costs no answer.
func fewer(a, b *Setting) bool {
	if a.Gates == nil || b.Gates == nil {
		return false
	}
	c := cmp.Or(a.Gates.Cmp(b.Gates), a.Depth.Cmp(b.Depth))
	return c < 0 || c == 0 && a.Share() >= b.Share() && a.Weight.Cmp(b.Weight) < 0
}

// mark says which settings none of the others beats.
func (s *search) mark() {
	for _, a := range s.result.Settings {
		a.Undominated = a.Failed == "" && a.Gates != nil
		for _, b := range s.result.Settings {
			if a.Undominated && dominates(b, a) {
				a.Undominated = false
			}
		}
	}
}

// dominates reports whether b is as good as a in answers, gates and depth, and better in one of them.
func dominates(b, a *Setting) bool {
	if b.Failed != "" || b.Gates == nil || b.Share() < a.Share() {
		return false
	}
	gates, depth := b.Gates.Cmp(a.Gates), b.Depth.Cmp(a.Depth)
	return gates <= 0 && depth <= 0 && (gates < 0 || depth < 0 || b.Share() > a.Share())
}
