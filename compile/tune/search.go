package tune

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

// Config says what a search is for.
type Config struct {
	// Target is the part of the answers that are to be kept, such as 0.99, of those that the network in floating
	// point gives rightly.
	Target   float64
	Data     *model.Dataset // to search with
	Strategy lower.Strategy // that the depth and the gates are for
	Settings int            // at most so many are tried; 0 means 150
	// Tried is called with each setting, if it is not nil.
	Tried func(*Setting)
}

// Result is what a search found.
type Result struct {
	Settings []*Setting `json:"settings"` // all that were tried, in order
	Chosen   *Setting   `json:"chosen"`   // nil if none keeps enough
	Inputs   int        `json:"inputs"`   // that were looked at
	Right    int        `json:"right"`    // of them by the network in floating point
	// Needed is how many of these a setting has to keep; see the function. If none does, it is the bare target.
	Needed int `json:"needed"`
}

// Best returns the setting that keeps most answers, the first of equals; nil if all failed.
func (r *Result) Best() (best *Setting) {
	for _, s := range r.Settings {
		if s.Failed == "" && (best == nil || s.Kept > best.Kept) {
			best = s
		}
	}
	return best
}

// search is a search under way.
type search struct {
	model  *model.Model
	config Config
	asked  []question
	result *Result
}

// Search looks for the setting with the fewest gates, by formula, that keeps the target.
//
// Errors: one about the data or the target, those of the context and of a reference that cannot be computed. A setting
// that cannot be built is no error: [Setting.Failed] says why.
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
	s := &search{model: m, config: c, result: &Result{}}
	s.asked, s.result.Inputs = questions(m, c.Data, most)
	s.result.Right = len(s.asked)
	if len(s.asked) == 0 {
		return nil, fmt.Errorf("tune: %s: the network in floating point answers none of %d inputs rightly",
			m.Config.Name, s.result.Inputs)
	}
	s.result.Needed = Needed(c.Target, len(s.asked))
	best, err := s.climb(ctx)
	if err == nil && best != nil {
		s.result.Chosen, err = s.descend(ctx, best)
	}
	s.mark()
	return s.result, err
}

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

// enough reports whether a setting keeps what is needed.
func (s *search) enough(t *Setting) bool { return t.Failed == "" && t.Kept >= s.result.Needed }

// climb tries finer and finer settings until one is fine enough; nil if none is.
func (s *search) climb(ctx context.Context) (*Setting, error) {
	for _, q := range ladder(s.model) {
		if len(s.result.Settings) >= s.config.Settings {
			break
		}
		t, err := s.add(ctx, q)
		if err != nil || s.enough(t) {
			return t, err
		}
	}
	s.result.Needed = plain(s.config.Target * float64(len(s.asked)))
	if i := slices.IndexFunc(s.result.Settings, s.enough); i >= 0 {
		return s.result.Settings[i], nil
	}
	return nil, nil
}

// descend turns knobs while that saves gates.
func (s *search) descend(ctx context.Context, best *Setting) (*Setting, error) {
	for {
		var next *Setting
		for _, k := range knobs(s.model) {
			q, ok := k.turn(best.Quantisation)
			if !ok || len(s.result.Settings) >= s.config.Settings {
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
	return c < 0 || c == 0 && a.Kept >= b.Kept && a.Weight.Cmp(b.Weight) < 0
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
	if b.Failed != "" || b.Gates == nil || b.Kept < a.Kept {
		return false
	}
	gates, depth := b.Gates.Cmp(a.Gates), b.Depth.Cmp(a.Depth)
	return gates <= 0 && depth <= 0 && (gates < 0 || depth < 0 || b.Kept > a.Kept)
}
