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
	s := SumID(c.args[c.first[g]])
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
