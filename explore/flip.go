package explore

import (
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// lanes is how many inputs are flipped at a time.
const lanes = 64

// flips finds which inputs flip a gate. Each lane is the circuit with one input flipped; what is kept
// of it is where it differs from the values.
type flips struct {
	v     *Values
	gate  []uint64 // by gate: the lanes in which it differs
	mask  []uint64 // by sum
	delta map[circuit.SumID]*[lanes]circuit.Int
}

// Flips returns the inputs each of which, flipped alone, changes a gate, and how many the gate
// depends on.
//
// Time: for each 64 inputs, in proportion to what the gate depends on.
func (v *Values) Flips(g circuit.Gate) (list []int, tried int) {
	x := v.x
	in := x.cone(g, 0, false)
	var order []uint32
	for _, node := range x.order[:x.at[g]+1] {
		if in[node] {
			order = append(order, node)
		}
	}
	var inputs []int
	for i, input := range x.c.Inputs() {
		if in[input] {
			inputs = append(inputs, i)
		}
	}
	list = []int{}
	f := &flips{v: v, gate: make([]uint64, x.c.Len()), mask: make([]uint64, x.c.SumCount())}
	for batch := range slices.Chunk(inputs, lanes) {
		clear(f.gate)
		clear(f.mask)
		f.delta = map[circuit.SumID]*[lanes]circuit.Int{}
		for lane, i := range batch {
			f.gate[x.c.Inputs()[i]] = 1 << lane
		}
		for _, node := range order {
			f.compute(node)
		}
		for rest := f.gate[g]; rest != 0; rest &= rest - 1 {
			list = append(list, batch[bits.TrailingZeros64(rest)])
		}
	}
	return list, len(inputs)
}

func (f *flips) compute(node uint32) {
	x := f.v.x
	if s, ok := x.sumOf(node); ok {
		f.sum(s)
		return
	}
	g := circuit.Gate(node)
	k := x.c.Kind(g)
	if k.IsSource() {
		return
	}
	differs := func(lane int, now bool) {
		if now != f.v.gate[g] {
			f.gate[g] |= 1 << lane
		}
	}
	if s, ok := x.c.ReadsSum(g); ok {
		if f.mask[s] == 0 {
			return
		}
		sum, delta := f.v.Sum(s), f.delta[s]
		for rest := f.mask[s]; rest != 0; rest &= rest - 1 {
			lane := bits.TrailingZeros64(rest)
			differs(lane, x.holds(g, k, sum.Add(delta[lane])))
		}
		return
	}
	mask := uint64(0)
	fanin := x.c.Fanin(g)
	for _, l := range fanin {
		mask |= f.gate[l.Gate()]
	}
	for rest := mask; rest != 0; rest &= rest - 1 {
		lane := bits.TrailingZeros64(rest)
		ones := int(f.v.ones[g])
		for _, l := range fanin {
			if f.gate[l.Gate()]>>lane&1 == 0 {
				continue
			}
			if f.v.gate[l.Gate()] != l.IsComplement() {
				ones--
			} else {
				ones++
			}
		}
		differs(lane, logic(k, ones, len(fanin)))
	}
}

// sum finds the lanes in which a sum differs, and by how much.
func (f *flips) sum(s circuit.SumID) {
	c := f.v.x.c
	var delta *[lanes]circuit.Int
	mask := uint64(0)
	for i, r := range c.Refs(s) {
		m := uint64(0)
		if r.IsSum() {
			m = f.mask[r.Sum()]
		} else {
			m = f.gate[r.Gate()]
		}
		if m == 0 {
			continue
		}
		if delta == nil {
			delta = new([lanes]circuit.Int)
		}
		mask |= m
		w := c.Weight(s, i)
		for ; m != 0; m &= m - 1 {
			lane := bits.TrailingZeros64(m)
			switch {
			case r.IsSum():
				delta[lane] = delta[lane].Add(w.Mul(f.delta[r.Sum()][lane]))
			case f.v.gate[r.Gate()]:
				delta[lane] = delta[lane].Sub(w)
			default:
				delta[lane] = delta[lane].Add(w)
			}
		}
	}
	for rest := mask; rest != 0; rest &= rest - 1 { // what cancels does not differ
		if lane := bits.TrailingZeros64(rest); delta[lane].IsZero() {
			mask &^= 1 << lane
		}
	}
	if mask != 0 {
		f.mask[s], f.delta[s] = mask, delta
	}
}
