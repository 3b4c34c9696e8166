package circuit

import (
	"cmp"
	"math/bits"
	"slices"
)

type refTerm struct {
	ref    Ref
	weight Int
}

// termList collects weighted references in any order.
type termList struct {
	terms    []refTerm
	unsorted bool      // the refs are not strictly increasing
	spare    []refTerm // scratch
}

func (l *termList) push(r Ref, w Int) {
	if n := len(l.terms); n > 0 && l.terms[n-1].ref >= r {
		l.unsorted = true
	}
	l.terms = append(l.terms, refTerm{r, w})
}

// empty empties the list. Its memory is that of terms, which nobody uses any more.
func (l *termList) empty(terms []refTerm) { l.terms, l.unsorted = terms[:0], false }

// merge sorts the terms by ref, adds up repeated ones and drops zeros.
func (l *termList) merge() {
	if !l.unsorted {
		return
	}
	l.sort()
	out := l.terms[:0]
	for _, t := range l.terms {
		if n := len(out); n > 0 && out[n-1].ref == t.ref {
			out[n-1].weight = out[n-1].weight.Add(t.weight)
			if out[n-1].weight.IsZero() {
				out = out[:n-1]
			}
			continue
		}
		out = append(out, t)
	}
	l.terms, l.unsorted = out, false
}

const (
	fewTerms  = 512 // that are sorted by comparing
	digitBits = 11
)

// sort sorts the terms by ref. Addition is exact, so that the order of equals does not matter. Long lists are sorted
// digit by digit. The refs of one sum are mostly near to each other, and so have one or two digits that differ.
func (l *termList) sort() {
	if len(l.terms) < fewTerms {
		slices.SortFunc(l.terms, func(x, y refTerm) int { return cmp.Compare(x.ref, y.ref) })
		return
	}
	least, greatest := l.terms[0].ref, l.terms[0].ref
	for i := range l.terms {
		least, greatest = min(least, l.terms[i].ref), max(greatest, l.terms[i].ref)
	}
	if len(l.spare) < len(l.terms) {
		l.spare = make([]refTerm, len(l.terms), cap(l.terms))
	}
	from, to := l.terms, l.spare[:len(l.terms)]
	for shift := 0; shift < bits.Len32(uint32(greatest-least)); shift += digitBits {
		var at [1 << digitBits]uint32
		for i := range from {
			at[uint32(from[i].ref-least)>>shift&(1<<digitBits-1)]++
		}
		next := uint32(0)
		for d, n := range at {
			at[d] = next
			next += n
		}
		for i := range from {
			digit := uint32(from[i].ref-least) >> shift & (1<<digitBits - 1)
			to[at[digit]] = from[i]
			at[digit]++
		}
		from, to = to, from
	}
	l.terms, l.spare = from, to
}
