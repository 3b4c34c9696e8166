package circuit

import (
	"fmt"
	"math/big"
	"slices"

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
	out := make([]bool, 0, c.OutputCount())
	for _, p := range c.outs {
		for _, x := range p.Wires {
			out = append(out, value[x.Gate()] != x.IsComplement())
		}
	}
	return out, nil
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
	switch k {
	case gates.And:
		return ones == len(fanin)
	case gates.Nand:
		return ones != len(fanin)
	case gates.Or, gates.Buf:
		return ones > 0
	case gates.Nor, gates.Not:
		return ones == 0
	case gates.Xor:
		return ones%2 == 1
	case gates.Xnor:
		return ones%2 == 0
	}
	panic("circuit: no logic gate: " + k.String())
}

// naiveSums computes the sums in order, as far as somebody needs them.
type naiveSums struct {
	c     *Circuit
	gate  []bool
	small []int64
	large map[SumID]*big.Int
}

func (n *naiveSums) test(g Gate, k gates.Kind) bool {
	c := n.c
	a := c.args[c.first[g]:]
	s := SumID(a[0])
	for len(n.small) <= int(s) {
		n.compute(SumID(len(n.small)))
	}
	if k == gates.Mod {
		m := c.mods[a[1]]
		r := new(big.Int).Mod(n.value(s), big.NewInt(m.M)).Int64()
		_, found := slices.BinarySearch(m.Residues, r)
		return found
	}
	t := int64(uint64(a[1]) | uint64(a[2])<<32)
	if c.sumFlag[s]&sumBig == 0 {
		return n.small[s] >= t
	}
	return n.large[s].Cmp(c.bigs[t]) >= 0
}

func (n *naiveSums) compute(s SumID) {
	c := n.c
	refs := c.Refs(s)
	if weights, ok := c.SmallWeights(s); ok {
		v := int64(0)
		for i, r := range refs {
			if r.IsSum() {
				v += weights[i] * n.small[r.Sum()]
			} else if n.gate[r.Gate()] {
				v += weights[i]
			}
		}
		n.small = append(n.small, v)
		return
	}
	v := new(big.Int)
	for i, r := range refs {
		w := c.Weight(s, i).shared()
		if r.IsSum() {
			v.Add(v, new(big.Int).Mul(w, n.value(r.Sum())))
		} else if n.gate[r.Gate()] {
			v.Add(v, w)
		}
	}
	if n.large == nil {
		n.large = map[SumID]*big.Int{}
	}
	n.large[s] = v
	n.small = append(n.small, 0)
}

func (n *naiveSums) value(s SumID) *big.Int {
	if v, ok := n.large[s]; ok {
		return v
	}
	return big.NewInt(n.small[s])
}
