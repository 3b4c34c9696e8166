package tune

import (
	"cmp"
	"context"
	"slices"
)

// candidates is how many settings are looked at again on other inputs.
const candidates = 12

// confirm returns the setting with the fewest gates that keeps the target on more inputs, too, counted together: those
// of the data that the search did not look at. So a setting that fits its inputs by chance is passed over. If none of
// the first candidates does, it is the one that keeps most. Without more inputs the best setting stays.
func (s *search) confirm(
	ctx context.Context, best *Setting, settings []*Setting,
) (*Setting, error) {
	if len(s.more.questions) == 0 || best.Gates == nil {
		return best, nil
	}
	list := slices.DeleteFunc(slices.Clone(settings), func(t *Setting) bool { return !s.enough(t) || t.Gates == nil })
	slices.SortStableFunc(list, func(x, y *Setting) int {
		return cmp.Or(x.Gates.Cmp(y.Gates), x.Depth.Cmp(y.Depth), cmp.Compare(y.Share(), x.Share()))
	})
	var most *Setting
	for _, t := range list[:min(len(list), candidates)] {
		if t.Checked == nil {
			m, err := s.more.measure(ctx, t.Quantised)
			if err != nil {
				return best, err
			}
			t.Checked = &m
		}
		if both := t.both(); both >= s.config.Target-1e-9 {
			return t, nil
		} else if most == nil || both > most.both() {
			most = t
		}
	}
	if most == nil {
		return best, nil
	}
	return most, nil
}

// both returns the share that a setting keeps on the inputs of the search and on those that it was checked on.
func (s *Setting) both() float64 {
	if s.Checked.R2 != nil {
		return min(s.Share(), s.Checked.Share())
	}
	return float64(s.Kept+s.Checked.Kept) / float64(max(s.Asked+s.Checked.Asked, 1))
}
