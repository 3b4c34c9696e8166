package optimise

import (
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// function is a threshold function of literals: Σ weights·lits ≥ bound. All weights are
// positive.
type function struct {
	lits    []circuit.Lit
	weights []int64
	bound   int64

	reach []uint64 // scratch: bit v says that v is a sum of some of the weights
	try   []int64
}

// Sums that are examined value by value have at most mostTerms terms and a total of at most
// mostTotal. Sums with weights that are lowered by trial have at most mostTried terms.
const (
	mostTerms = 64
	mostTotal = 1 << 12
	mostTried = 8
)

func (f *function) total() int64 {
	all := int64(0)
	for _, w := range f.weights {
		all += w
	}
	return all
}

// decided reports whether f is a constant.
func (f *function) decided() bool { return f.bound <= 0 || f.bound > f.total() }

// simplify lowers the weights and the number of literals as long as something is found,
// and ends with the least bound that computes the same.
func (f *function) simplify() {
	for !f.decided() {
		before, terms := f.total(), len(f.weights)
		f.saturate()
		f.divide()
		if f.countable() {
			f.bound = f.highest()
			f.saturate()
			f.bound = f.lowest()
			f.saturate()
			f.divide()
			f.dropIdle()
			f.lower()
		}
		if f.total() == before && len(f.weights) == terms {
			break
		}
	}
	if !f.decided() && f.countable() {
		f.bound = f.lowest()
	}
}

// saturate cuts weights down to the least that decide. A literal of weight above the bound makes f
// true, for any such weight. If the bound cannot be reached without a literal, f is false without
// it; then the weight that the others lack is enough for it.
func (f *function) saturate() {
	for {
		all := f.total()
		changed := false
		for i, w := range f.weights {
			if w > f.bound {
				all, w = all-(w-f.bound), f.bound
			}
			if most := all - f.bound + 1; w > most { // w − most goes off all and the bound
				all, f.bound, w = all-(w-most), f.bound-(w-most), most
			}
			changed = changed || w < f.weights[i]
			f.weights[i] = w
		}
		if !changed {
			return
		}
	}
}

// divide divides by the common factor of the weights and rounds the bound up.
func (f *function) divide() {
	d := int64(0)
	for _, w := range f.weights {
		d, _ = circuit.NewInt(d).GCD(circuit.NewInt(w)).Int64()
	}
	if d <= 1 {
		return
	}
	for i := range f.weights {
		f.weights[i] /= d
	}
	f.bound = (f.bound + d - 1) / d
}

// countable reports whether the values of the sum can be examined one by one, and whether that is
// useful: with equal weights it finds nothing.
func (f *function) countable() bool {
	return len(f.weights) <= mostTerms && f.total() <= mostTotal && slices.Min(f.weights) != slices.Max(f.weights)
}

// sums makes reach the values of the sum without term skip.
func (f *function) sums(skip int) {
	words := int(f.total()/64) + 1
	f.reach = slices.Grow(f.reach[:0], words)[:words]
	clear(f.reach)
	f.reach[0] = 1
	for i, w := range f.weights {
		if i != skip {
			shiftOr(f.reach, uint(w))
		}
	}
}

// shiftOr adds to a set of numbers the same ones plus by.
func shiftOr(set []uint64, by uint) {
	words, rest := int(by/64), by%64
	for i := len(set) - 1; i >= words; i-- {
		v := set[i-words] << rest
		if rest > 0 && i > words {
			v |= set[i-words-1] >> (64 - rest)
		}
		set[i] |= v
	}
}

// lowest returns the least bound that gives the same function: one more than the greatest value of
// the sum below the bound of f.
func (f *function) lowest() int64 {
	f.sums(-1)
	for v := f.bound - 1; v >= 0; v-- {
		if f.reach[v/64]>>(v%64)&1 != 0 {
			return v + 1
		}
	}
	return f.bound
}

// highest returns the greatest such bound: the least value from it on.
func (f *function) highest() int64 {
	f.sums(-1)
	for at := f.bound / 64; at < int64(len(f.reach)); at++ {
		word := f.reach[at]
		if at == f.bound/64 {
			word &= ^uint64(0) << (f.bound % 64)
		}
		if word != 0 {
			return 64*at + int64(bits.TrailingZeros64(word))
		}
	}
	return f.bound
}

// dropIdle leaves out literals without influence: w never decides if the others never have a sum
// from bound − w to bound − 1. If a weight is idle, so are all smaller ones, so only the least has
// to be examined.
func (f *function) dropIdle() {
	for len(f.weights) > 1 {
		i := 0
		for j, w := range f.weights {
			if w < f.weights[i] {
				i = j
			}
		}
		f.sums(i)
		for v := max(f.bound-f.weights[i], 0); v < f.bound; v++ {
			if f.reach[v/64]>>(v%64)&1 != 0 {
				return
			}
		}
		f.lits = slices.Delete(f.lits, i, i+1)
		f.weights = slices.Delete(f.weights, i, i+1)
	}
}

// lower halves the weights, or takes 1 off them, as long as some bound gives the same function: off
// all equal weights together, off all that are as great, or off one.
func (f *function) lower() {
	if len(f.weights) > mostTried {
		return
	}
	f.try = append(f.try[:0], f.weights...)
	for changed := true; changed; {
		for j, w := range f.weights {
			f.try[j] = (w + 1) / 2
		}
		changed = f.total() > int64(len(f.weights)) && f.accept()
		for i, w := range f.weights {
			if slices.Index(f.weights, w) == i {
				changed = f.lowerWhere(func(v int64) bool { return v == w }) || changed
				changed = f.lowerWhere(func(v int64) bool { return v >= w }) || changed
			}
			f.try[i]--
			changed = f.accept() || changed
		}
	}
}

func (f *function) lowerWhere(chosen func(w int64) bool) bool {
	for j, v := range f.weights {
		if chosen(v) {
			f.try[j]--
		}
	}
	return f.accept()
}

// accept makes try the weights if some bound makes them the function that f is, and
// otherwise try the weights again.
func (f *function) accept() bool {
	most, least := int64(-1), int64(1)<<62 // of the new sum, where f is 0 and where it is 1
	old, sum := int64(0), int64(0)
	for _, w := range f.try {
		if w < 0 {
			copy(f.try, f.weights)
			return false
		}
	}
	for i := range 1 << len(f.weights) { // in the order of a Gray code
		if i > 0 {
			j := bits.TrailingZeros(uint(i))
			if (i^i>>1)>>j&1 != 0 {
				old, sum = old+f.weights[j], sum+f.try[j]
			} else {
				old, sum = old-f.weights[j], sum-f.try[j]
			}
		}
		if old < f.bound {
			most = max(most, sum)
		} else {
			least = min(least, sum)
		}
		if most >= least {
			copy(f.try, f.weights)
			return false
		}
	}
	copy(f.weights, f.try)
	f.bound = most + 1
	return true
}
