package circuit

import (
	"fmt"

	"github.com/tc0lab/tc0/gates"
)

// Eval computes the output wires for one vector of input bits, gate by gate in
// exact integers. It is the simple evaluator that the fast ones are checked
// against; package circuit/eval computes many vectors at a time.
func (c *Circuit) Eval(in []bool) ([]bool, error) {
	value, err := c.EvalAll(in)
	if err != nil {
		return nil, err
	}
	return c.OutputBits(value), nil
}

// OutputBits returns the bits of the output wires, in order, from the values of all gates.
func (c *Circuit) OutputBits(value []bool) []bool {
	out := make([]bool, 0, c.OutputCount())
	for _, x := range c.Outputs() {
		out = append(out, value[x.Gate()] != x.IsComplement())
	}
	return out
}

// EvalAll computes the value of every gate for one vector of input bits.
func (c *Circuit) EvalAll(in []bool) ([]bool, error) {
	if len(in) != len(c.inputs) {
		return nil, fmt.Errorf("circuit: %d input bits for %d inputs", len(in), len(c.inputs))
	}
	value := make([]bool, c.Len())
	for i, g := range c.inputs {
		value[g] = in[i]
	}
	sums := naiveSums{c: c, gate: value}
	for g, k := range c.kind {
		switch {
		case k.IsSource():
		case k.ReadsSum():
			value[g] = sums.test(Gate(g), k)
		default:
			value[g] = evalLogic(k, c.Fanin(Gate(g)), value)
		}
	}
	return value, nil
}

func evalLogic(k gates.Kind, fanin []Lit, value []bool) bool {
	ones := 0
	for _, x := range fanin {
		if value[x.Gate()] != x.IsComplement() {
			ones++
		}
	}
	switch plain, complement := k.Plain(); plain {
	case gates.And:
		return (ones == len(fanin)) != complement
	case gates.Or, gates.Buf:
		return (ones > 0) != complement
	case gates.Xor:
		return (ones%2 == 1) != complement
	}
	panic("circuit: no logic gate: " + k.String())
}

// naiveSums computes the sums in order, as far as somebody needs them.
type naiveSums struct {
	c     *Circuit
	gate  []bool
	value []Int // by sum
}

func (n *naiveSums) test(g Gate, k gates.Kind) bool {
	c := n.c
	s := SumID(c.reads(g)[0])
	for len(n.value) <= int(s) {
		n.value = append(n.value, n.compute(SumID(len(n.value))))
	}
	if k == gates.Mod {
		_, m := c.Modulus(g)
		return m.Accepts(n.value[s])
	}
	_, t := c.Bound(g)
	return n.value[s].Cmp(t) >= 0
}

func (n *naiveSums) compute(s SumID) (v Int) {
	for i, r := range n.c.Refs(s) {
		if w := n.c.Weight(s, i); r.IsSum() {
			v = v.Add(w.Mul(n.value[r.Sum()]))
		} else if n.gate[r.Gate()] {
			v = v.Add(w)
		}
	}
	return v
}

// Single computes a circuit on one vector after another: sums in machine integers where they fit, and in memory that it
// uses again. It is not safe for concurrent use.
type Single struct {
	c    *Circuit
	gate []uint8
	sum  []int64       // by sum, if its numbers are small
	big  map[SumID]Int // the others
}

// Single returns what computes c.
func (c *Circuit) Single() *Single {
	return &Single{c: c, gate: make([]uint8, c.Len()), sum: make([]int64, c.SumCount()), big: map[SumID]Int{}}
}

// Eval is [Circuit.Eval].
func (e *Single) Eval(in []bool) ([]bool, error) {
	c := e.c
	if len(in) != len(c.inputs) {
		return nil, fmt.Errorf("circuit: %d input bits for %d inputs", len(in), len(c.inputs))
	}
	for i, g := range c.inputs {
		e.gate[g] = bit(in[i])
	}
	plain, flip := plainKinds()
	made := 0
	for g, k := range c.kind {
		args := c.reads(Gate(g))
		switch plain[k] {
		case gates.Threshold, gates.Mod:
			if s := int(args[0]); s >= made {
				e.sums(made, s+1)
				made = s + 1
			}
			e.gate[g] = e.test(Gate(g), args)
		case gates.And:
			v := uint8(1)
			for _, x := range args {
				v &= e.gate[x>>1] ^ uint8(x&1)
			}
			e.gate[g] = v ^ flip[k]
		case gates.Or, gates.Buf:
			v := uint8(0)
			for _, x := range args {
				v |= e.gate[x>>1] ^ uint8(x&1)
			}
			e.gate[g] = v ^ flip[k]
		case gates.Xor:
			v := flip[k]
			for _, x := range args {
				v ^= e.gate[x>>1] ^ uint8(x&1)
			}
			e.gate[g] = v
		}
	}
	out := make([]bool, 0, c.OutputCount())
	for _, x := range c.Outputs() {
		out = append(out, e.gate[x.Gate()] != uint8(x&1))
	}
	return out, nil
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// plainKinds returns, by kind, the one that computes it, or its complement where flip is 1. All that compare a sum are
// Threshold.
func plainKinds() (plain [gates.NumKinds]gates.Kind, flip [gates.NumKinds]uint8) {
	for k := range plain {
		p, complement := gates.Kind(k).Plain()
		plain[k], flip[k] = p, bit(complement)
		if p.HasBound() {
			plain[k] = gates.Threshold
		}
	}
	return plain, flip
}

// test computes a gate on a sum.
func (e *Single) test(g Gate, args []uint32) uint8 {
	c, s := e.c, SumID(args[0])
	v := e.sum[s]
	if c.flag(s)&sumBig == 0 && len(args) == 3 {
		_, bound := boundOf(args)
		return bit(v >= bound)
	}
	exact := NewInt(v)
	if c.flag(s)&sumBig != 0 {
		exact = e.big[s]
	}
	if c.kind[g] == gates.Mod {
		_, m := c.Modulus(g)
		return bit(m.Accepts(exact))
	}
	_, t := c.Bound(g)
	return bit(exact.Cmp(t) >= 0)
}

// sums computes the sums from one up to another. A small one reads small ones only, and nothing overflows, since its
// limits are those of its partial sums.
func (e *Single) sums(from, to int) {
	c := e.c
	for s := from; s < to; s++ {
		refs, form := c.Refs(SumID(s)), c.form(SumID(s))
		weights, v := c.weightsOf(form), int64(0)
		switch flag := form.flag; {
		case flag&sumBig != 0:
			e.big[SumID(s)] = e.exact(SumID(s))
		case flag&sumFlat != 0:
			for i, r := range refs {
				v += weights[i] & -int64(e.gate[r])
			}
		default:
			for i, r := range refs {
				if r.IsSum() {
					v += weights[i] * e.sum[r.Sum()]
				} else {
					v += weights[i] & -int64(e.gate[r])
				}
			}
		}
		e.sum[s] = v
	}
}

// exact computes a sum whose numbers are great.
func (e *Single) exact(s SumID) (v Int) {
	c := e.c
	for i, r := range c.Refs(s) {
		w := c.Weight(s, i)
		switch {
		case r.IsSum() && c.flag(r.Sum())&sumBig != 0:
			v = v.Add(w.Mul(e.big[r.Sum()]))
		case r.IsSum():
			v = v.Add(w.Mul(NewInt(e.sum[r.Sum()])))
		case e.gate[r] != 0:
			v = v.Add(w)
		}
	}
	return v
}
