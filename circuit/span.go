package circuit

import (
	"cmp"
	"slices"
)

// span is an interval of gates, which may be empty: from > to.
type span struct{ from, to Gate }

func (s span) has(g Gate) bool { return s.from <= g && g <= s.to }

func (s span) empty() bool { return s.from > s.to }

// with returns the least interval that has both.
func (s span) with(t span) span {
	switch {
	case s.empty():
		return t
	case t.empty():
		return s
	}
	return span{min(s.from, t.from), max(s.to, t.to)}
}

// overlapping returns the sums whose terms may have gates in common: the intervals of gates that they reach overlap.
// It returns these intervals, too, by sum.
func (sh *Shapes) overlapping() (found []SumID, spans []span) {
	c := sh.c
	spans = make([]span, c.SumCount())
	var terms []span
	for s := range SumID(c.SumCount()) {
		refs := c.Refs(s)
		n := len(refs) // gates, which stand first and in order
		for n > 0 && refs[n-1].IsSum() {
			n--
		}
		whole := span{1, 0}
		if n > 0 {
			whole = span{refs[0].Gate(), refs[n-1].Gate()}
		}
		terms = terms[:0]
		for _, r := range refs[n:] {
			if t := spans[r.Sum()]; !t.empty() {
				terms = append(terms, t)
			}
		}
		if len(terms) > 0 && anyOverlap(refs[:n], terms) {
			found = append(found, s)
		}
		for _, t := range terms {
			whole = whole.with(t)
		}
		spans[s] = whole
	}
	return found, spans
}

// anyOverlap reports whether one of the intervals, none of them empty, has one of the gates or meets another interval.
// It sorts them.
func anyOverlap(gates []Ref, spans []span) bool {
	if len(spans) > 1 {
		slices.SortFunc(spans, func(x, y span) int { return cmp.Compare(x.from, y.from) })
	}
	for i, t := range spans {
		if i > 0 && t.from <= spans[i-1].to {
			return true
		}
		if at, _ := slices.BinarySearch(gates, gateRef(t.from)); at < len(gates) && gates[at].Gate() <= t.to {
			return true
		}
	}
	return false
}
