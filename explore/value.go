package explore

import (
	"fmt"
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Values are the values of all gates and sums of a circuit for one input. When inputs change, only
// what changes is computed again.
type Values struct {
	x     *Circuit
	input []bool
	gate  []bool
	ones  []int32       // by logic gate: how many of what it reads are 1
	sum   []int64       // by sum of small numbers
	big   []circuit.Int // by sum of big numbers; nil if there is none
	delta []int64       // by sum: a change that has not come through
	dirty []uint64      // by place in the order
	from  int           // no place before it is dirty
	moved []circuit.Gate
}

// NewValues computes the values for an input of all 0.
func NewValues(x *Circuit) *Values {
	v := &Values{
		x: x, input: make([]bool, len(x.c.Inputs())), gate: make([]bool, x.c.Len()), ones: make([]int32, x.c.Len()),
		sum: make([]int64, x.c.SumCount()), delta: make([]int64, x.c.SumCount()),
		dirty: make([]uint64, (x.nodes()+63)/64),
	}
	for s := range circuit.SumID(x.c.SumCount()) {
		if _, small := x.c.SmallWeights(s); !small {
			v.big = make([]circuit.Int, x.c.SumCount())
			break
		}
	}
	for g := range circuit.Gate(x.c.Len()) { // what a complement reads is 1
		for _, l := range x.c.Fanin(g) {
			if l.IsComplement() {
				v.ones[g]++
			}
		}
	}
	for node := range uint32(x.nodes()) {
		v.mark(node)
	}
	v.settle()
	return v
}

func (v *Values) mark(node uint32) {
	at := int(v.x.at[node])
	v.dirty[at/64] |= 1 << (at % 64)
	v.from = min(v.from, at/64)
}

// Input returns the bits of the input; they are not to be written to.
func (v *Values) Input() []bool { return v.input }

// Gate returns the value of a gate.
func (v *Values) Gate(g circuit.Gate) bool { return v.gate[g] }

// Sum returns the value of a sum.
func (v *Values) Sum(s circuit.SumID) circuit.Int {
	if v.isBig(s) {
		return v.big[s]
	}
	return circuit.NewInt(v.sum[s])
}

func (v *Values) isBig(s circuit.SumID) bool {
	if v.big == nil {
		return false
	}
	_, small := v.x.c.SmallWeights(s)
	return !small
}

// Set makes the input what is given, and returns the gates that changed, the inputs among them, each
// after those that it reads. They are valid until the next change.
func (v *Values) Set(input []bool) ([]circuit.Gate, error) {
	if len(input) != len(v.input) {
		return nil, fmt.Errorf("explore: %d input bits for %d inputs", len(input), len(v.input))
	}
	v.moved = v.moved[:0]
	for i, bit := range input {
		if bit != v.input[i] {
			v.flip(i)
		}
	}
	v.settle()
	return v.moved, nil
}

// Toggle flips one input and returns what [Values.Set] does.
func (v *Values) Toggle(i int) ([]circuit.Gate, error) {
	if i < 0 || i >= len(v.input) {
		return nil, fmt.Errorf("explore: no input %d; the circuit has %d, from 0 on", i, len(v.input))
	}
	v.moved = v.moved[:0]
	v.flip(i)
	v.settle()
	return v.moved, nil
}

func (v *Values) flip(i int) {
	v.input[i] = !v.input[i]
	v.turn(v.x.c.Inputs()[i])
}

// turn flips the value of a gate and tells its readers.
func (v *Values) turn(g circuit.Gate) {
	v.gate[g] = !v.gate[g]
	v.moved = append(v.moved, g)
	step := int64(1)
	if !v.gate[g] {
		step = -1
	}
	v.tell(uint32(g), step)
}

// tell hands a change of a node on to what reads it.
func (v *Values) tell(node uint32, step int64) {
	x := v.x
	for i := x.first[node]; i < x.first[node+1]; i++ {
		to := x.reader[i]
		if s, ok := x.sumOf(to); ok {
			v.delta[s] += step * x.coef[i]
		} else if int(node) < x.c.Len() {
			v.ones[to] += int32(step * x.coef[i])
		}
		v.mark(to)
	}
}

// settle computes what is marked, in order, until nothing is. Nothing marks what is before it.
func (v *Values) settle() {
	for ; v.from < len(v.dirty); v.from++ {
		for v.dirty[v.from] != 0 {
			at := bits.TrailingZeros64(v.dirty[v.from])
			v.dirty[v.from] &^= 1 << at
			v.compute(v.x.order[v.from*64+at])
		}
	}
}

func (v *Values) compute(node uint32) {
	x := v.x
	if s, ok := x.sumOf(node); ok {
		switch step := v.delta[s]; {
		case v.isBig(s):
			v.delta[s] = 0
			if now := v.bigSum(s); now.Cmp(v.big[s]) != 0 {
				v.big[s] = now
				v.tell(node, 0)
			}
		case step != 0:
			v.delta[s] = 0
			v.sum[s] += step
			v.tell(node, step)
		}
		return
	}
	g := circuit.Gate(node)
	if k := x.c.Kind(g); !k.IsSource() && v.truth(g, k) != v.gate[g] {
		v.turn(g)
	}
}

// bigSum computes a sum from its terms.
func (v *Values) bigSum(s circuit.SumID) (sum circuit.Int) {
	for i, r := range v.x.c.Refs(s) {
		if w := v.x.c.Weight(s, i); r.IsSum() {
			sum = sum.Add(w.Mul(v.Sum(r.Sum())))
		} else if v.gate[r.Gate()] {
			sum = sum.Add(w)
		}
	}
	return sum
}

// truth computes a gate from the sum or the ones that it reads.
func (v *Values) truth(g circuit.Gate, k gates.Kind) bool {
	if s, ok := v.x.c.ReadsSum(g); ok {
		return v.x.holds(g, k, v.Sum(s))
	}
	return logic(k, int(v.ones[g]), len(v.x.c.Fanin(g)))
}

// holds tells whether a gate that reads a sum is 1 for a value of the sum.
func (x *Circuit) holds(g circuit.Gate, k gates.Kind, sum circuit.Int) bool {
	if k == gates.Mod {
		_, m := x.c.Modulus(g)
		return m.Accepts(sum)
	}
	_, t := x.c.Bound(g)
	return sum.Cmp(t) >= 0
}

// logic computes a gate of n inputs of which some are 1.
func logic(k gates.Kind, ones, n int) bool {
	plain, complement := k.Plain()
	switch plain {
	case gates.And:
		return (ones == n) != complement
	case gates.Xor:
		return (ones%2 == 1) != complement
	}
	return (ones > 0) != complement // OR and BUF
}
