package optimise

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// shapes finds fan-in and weight of sums that read sums. A few are multiplied out one by one; where that takes too long
// it asks for the shapes of all sums.
type shapes struct {
	c     *circuit.Circuit
	all   *circuit.Shapes // nil: not asked for
	left  int             // how many terms it may still look at before it asks
	last  circuit.SumID
	fanIn int64 // of the last one
	sum   circuit.Int
	terms []term
}

// term is a gate with its weight.
type term struct {
	gate   circuit.Gate
	weight circuit.Int
}

func newShapes(c *circuit.Circuit) *shapes { return &shapes{c: c, left: c.SumCount()} }

// of returns the fan-in and Σ|w| of a gate on s.
func (h *shapes) of(s circuit.SumID) (fanIn int64, weight circuit.Int) {
	if s == h.last {
		return h.fanIn, h.sum
	}
	h.terms = h.terms[:0]
	if h.all == nil && !h.collect(s, circuit.NewInt(1)) {
		h.all = h.c.AllShapes()
	}
	if h.all != nil {
		shape := h.all.OfSum(s)
		return int64(shape.FanIn), shape.Weight
	}
	slices.SortFunc(h.terms, func(x, y term) int { return cmp.Compare(x.gate, y.gate) })
	h.last, h.fanIn, h.sum = s, 0, circuit.Int{}
	for i := 0; i < len(h.terms); {
		t := h.terms[i]
		for i++; i < len(h.terms) && h.terms[i].gate == t.gate; i++ {
			t.weight = t.weight.Add(h.terms[i].weight)
		}
		if !t.weight.IsZero() {
			h.fanIn, h.sum = h.fanIn+1, h.sum.Add(t.weight.Abs())
		}
	}
	return h.fanIn, h.sum
}

// collect collects the terms of s times mul; false if there are too many.
func (h *shapes) collect(s circuit.SumID, mul circuit.Int) bool {
	for i, r := range h.c.Refs(s) {
		if h.left--; h.left < 0 {
			return false
		}
		w := mul.Mul(h.c.Weight(s, i))
		if !r.IsSum() {
			h.terms = append(h.terms, term{r.Gate(), w})
		} else if !h.collect(r.Sum(), w) {
			return false
		}
	}
	return true
}
