package tune

import (
	"context"
	"maps"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/precision"
)

// lift takes choices that cost no gates, as long as they keep more: finer weights, a scale for each row, equal ranges,
// another span of stable softmax or percentile. What they keep can be spent on coarser levels.
func (s *search) lift(ctx context.Context, best *Setting) (*Setting, error) {
	for {
		next := best
		for _, q := range lifts(s.model, best.Quantisation) {
			if s.full() {
				return next, nil
			}
			t, err := s.add(ctx, q)
			if err != nil {
				return next, err
			}
			free := t.Gates != nil && t.Gates.Cmp(best.Gates) <= 0 && t.Depth.Cmp(best.Depth) <= 0
			if free && t.Share() > next.Share() {
				next = t
			}
		}
		if next == best {
			return best, nil
		}
		best = next
	}
}

// step is a knob and what it was worth when it was last turned.
type step struct {
	knob
	worth float64 // gates saved for each answer lost
	known bool
}

// spend turns knobs by name down while the target holds, always the one that saves most gates for each answer that it
// loses. Knobs are tried again only when they come first by what they were worth before, which is seldom too little:
// each turn leaves less to save.
func (s *search) spend(ctx context.Context, best *Setting, knobs []knob) (*Setting, error) {
	var steps []*step
	for _, k := range knobs {
		steps = append(steps, &step{knob: k})
	}
	for len(steps) > 0 {
		slices.SortStableFunc(steps, func(x, y *step) int {
			switch {
			case x.known != y.known: // what is not known comes first
				return btoi(x.known) - btoi(y.known)
			case x.worth > y.worth:
				return -1
			case x.worth < y.worth:
				return 1
			}
			return 0
		})
		first := steps[0]
		q, ok := first.turn(best.Quantisation)
		if !ok {
			steps = steps[1:]
			continue
		}
		if s.full() {
			return best, nil
		}
		t, err := s.add(ctx, q)
		if err != nil {
			return best, err
		}
		if !s.enough(t) || !fewer(t, best) {
			steps = steps[1:]
			continue
		}
		saved := worth(best, t)
		// A knob is turned if it is still the best of those that are known.
		turn := first.known && (len(steps) == 1 || saved >= steps[1].worth)
		first.worth, first.known = saved, true
		if turn {
			best = t
		}
	}
	return best, nil
}

// worth returns the gates that b saves for each answer, or hundredth of R², that it loses against a.
func worth(a, b *Setting) float64 {
	saved, _ := new(big.Float).SetInt(new(big.Int).Sub(a.Gates, b.Gates)).Float64()
	lost := max(a.Share()-b.Share(), 0) * float64(a.Asked)
	if a.R2 != nil {
		lost = max(a.Share()-b.Share(), 0) * 100
	}
	return saved / (1 + lost)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// named are knobs for the bits of each of some roundings.
func named(all precision.Bits) (list []knob) {
	for _, name := range all.Names() {
		list = append(list, knob{name, func(q model.Quantisation) (model.Quantisation, bool) {
			bits := q.Bits[name]
			if bits == 0 {
				bits = all[name]
			}
			q.Bits = maps.Clone(q.Bits)
			if q.Bits == nil {
				q.Bits = precision.Bits{}
			}
			q.Bits[name] = bits - 1
			return q, bits > precision.Least
		}})
	}
	return list
}

// refine turns knobs by name, first those of kinds and then those of single roundings. Then it does so from settings
// beside the one that it found, which cost no gates, and from the finer one that the ladder ended with.
func (s *search) refine(ctx context.Context, best, finer *Setting) (*Setting, error) {
	best, err := s.lift(ctx, best)
	if err != nil {
		return best, err
	}
	_, kinds := best.Quantised.Bits(false)
	if best, err = s.spend(ctx, best, append(named(kinds), shared(s.model)...)); err != nil {
		return best, err
	}
	names, _ := best.Quantised.Bits(false)
	if best, err = s.spend(ctx, best, named(names)); err != nil {
		return best, err
	}
	for _, q := range lifts(s.model, best.Quantisation) {
		if s.full() {
			break
		}
		beside, err := s.add(ctx, q)
		if err != nil {
			return best, err
		}
		if s.enough(beside) && beside.Gates != nil && beside.Gates.Cmp(best.Gates) <= 0 {
			beside, err = s.spend(ctx, beside, named(names))
			if fewer(beside, best) {
				best = beside
			}
			if err != nil {
				return best, err
			}
		}
	}
	if _, kinds := finer.Quantised.Bits(false); finer.Gates != nil {
		if _, err := s.spend(ctx, finer, append(named(kinds), shared(s.model)...)); err != nil {
			return best, err
		}
	}
	for _, t := range s.result.Settings { // one that was tried in passing may be better
		if s.enough(t) && fewer(t, best) {
			best = t
		}
	}
	return best, nil
}
