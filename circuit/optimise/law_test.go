package optimise_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

// shape is what a law is about: depth, gates and wires.
type shape struct{ depth, size, wires int }

type law struct {
	pass   string
	name   string
	model  gates.DepthModel // zero: standard
	make   func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
	before shape
	after  shape
	kinds  string // of the gates that are left, in order
}

// weighted makes [Σ w·x ≥ t].
func weighted(b *circuit.Builder, t int64, x []circuit.Lit, w ...int64) circuit.Lit {
	a := b.Linear()
	for i, v := range w {
		a.AddLit(circuit.NewInt(v), x[i])
	}
	return b.Threshold(a.Sum(), circuit.NewInt(t))
}

var laws = []law{
	{"dead", "a gate that nothing reads", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		b.Or(b.And(x[0], x[1]), x[2])
		return b.And(x[0], x[2])
	}, shape{1, 3, 6}, shape{1, 1, 2}, "AND"},

	{"constants", "x∧1", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.And(x[0], circuit.True), x[1])
	}, shape{2, 2, 4}, shape{1, 1, 2}, "AND"},
	{"constants", "x∧0 in an OR", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Or(b.And(x[0], circuit.False), x[1], x[2])
	}, shape{2, 2, 5}, shape{1, 1, 2}, "OR"},
	{"constants", "x∧x and x∨¬x", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.And(x[0], x[0]), b.Or(x[1], x[1].Not()), x[2])
	}, shape{2, 3, 7}, shape{1, 1, 2}, "AND"},
	{"constants", "x⊕x", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Xor(x[0], x[1], x[0], x[2], circuit.True)
	}, shape{1, 1, 5}, shape{1, 1, 2}, "XOR"},
	{"constants", "BUF and NOT", gates.NotCounted(), func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Not(b.Not(x[0])), b.Buf(b.Buf(x[1])))
	}, shape{3, 1, 2}, shape{1, 1, 2}, "AND"},
	{"constants", "a bound out of reach", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Or(weighted(b, 6, x, 2, 3), weighted(b, -2, x, 1, -2).Not(), weighted(b, 1, x, 3, 2, 2))
	}, shape{2, 4, 10}, shape{1, 1, 3}, "THRESHOLD"},
	{
		"constants",
		"a threshold gate on one literal",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.And(weighted(b, 2, x, 5), weighted(b, -1, x[1:], -3))
		},
		shape{2, 3, 4},
		shape{1, 1, 2},
		"AND",
	},
	{"constants", "a constant in a sum", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return weighted(b, 4, []circuit.Lit{b.Or(x[0], x[0].Not()), x[1], x[2], x[3]}, 2, 1, 2, 2)
	}, shape{2, 2, 6}, shape{1, 1, 3}, "THRESHOLD"},
	{
		"constants",
		"MOD of everything and of one literal",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.And(b.Mod(2, []int64{0, 1}, x...), b.ModSum(3, []int64{2}, b.Sum(circuit.Weigh(5, x[0]))), x[1])
		},
		shape{2, 3, 9},
		shape{1, 1, 2},
		"AND",
	},

	{"complements", "NAND, NOR and XNOR", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Xnor(b.Nand(x[0], x[1]), b.Nor(x[1], x[2]))
	}, shape{2, 3, 6}, shape{2, 3, 6}, "AND OR XOR"},
	{
		"complements",
		"complements that cost depth stay",
		gates.NotCounted(),
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Xnor(b.Nand(x[0], x[1]), b.Nor(x[1], x[2]))
		},
		shape{2, 3, 6},
		shape{2, 3, 6},
		"NAND NOR XNOR",
	},

	{
		"merge",
		"equal gates in another order",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Xor(b.And(b.Or(x[0], x[1]), x[2]), b.Or(b.Or(x[1], x[0]), x[3]))
		},
		shape{3, 5, 10},
		shape{3, 4, 8},
		"OR AND OR XOR",
	},
	{"merge", "De Morgan", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Xor(b.And(b.Nor(x[0], x[1]), x[2]), b.Or(b.And(x[0].Not(), x[1].Not()), x[3]))
	}, shape{3, 5, 10}, shape{3, 4, 8}, "NOR AND OR XOR"},
	{
		"merge",
		"a complement that costs depth is not read",
		gates.NotCounted(),
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Xor(b.And(x[0], x[1]), b.Nand(x[0], x[1]))
		},
		shape{2, 3, 6},
		shape{2, 3, 6},
		"AND NAND XOR",
	},
	{"merge", "parities up to complements", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Or(b.Xor(x[0], x[1].Not()), x[2]), b.Or(b.Xnor(x[1], x[0]), x[3]))
	}, shape{3, 5, 10}, shape{3, 4, 8}, "XOR OR OR AND"},
	{
		"merge",
		"sums up to factor, sign and constant",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			y := weighted(b, 3, x, 1, 2, 2)                                      // v ≥ 3
			z := weighted(b, 8, x, 3, 6, 6)                                      // 3v ≥ 8
			u := weighted(b, -2, x, -1, -2, -2)                                  // v ≤ 2
			v := weighted(b, 2, []circuit.Lit{x[0].Not(), x[1], x[2]}, -1, 2, 2) // v ≥ 3
			return b.Or(b.And(y, z, x[3]), b.And(u.Not(), v))
		},
		shape{3, 7, 19},
		shape{3, 4, 10},
		"THRESHOLD AND AND OR",
	},
	{
		"merge",
		"MOD gates and their complements",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(b.And(b.Mod(3, []int64{0}, x...), x[0]), b.And(b.Mod(3, []int64{1, 2}, x...), x[1]))
		},
		shape{3, 5, 16},
		shape{3, 4, 11},
		"MOD AND AND OR",
	},

	{"flatten", "(x∧y)∧z", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.And(b.And(x[0], x[1]), x[2]), x[3])
	}, shape{3, 3, 6}, shape{1, 1, 4}, "AND"},
	{"flatten", "NAND, NOR and De Morgan", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Nand(x[0], x[1]).Not(), b.Nor(x[2], x[3])) // a complement may stand for NOT
	}, shape{2, 3, 6}, shape{1, 1, 4}, "AND"},
	{
		"flatten",
		"parities of a circuit that has wide ones",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Xor(b.Xnor(x[0], x[1]).Not(), b.Xor(x[1], x[2].Not(), x[3]))
		},
		shape{2, 3, 7},
		shape{1, 1, 3},
		"XOR",
	},
	{
		"flatten",
		"not parities of two inputs, which are AC0",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Xor(b.Xor(x[0], x[1]), x[2])
		},
		shape{2, 2, 4},
		shape{2, 2, 4},
		"XOR XOR",
	},
	{"flatten", "not with two readers", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		y := b.And(x[0], x[1])
		return b.Xor(b.And(y, x[2]), b.And(y, x[3]))
	}, shape{3, 4, 8}, shape{3, 4, 8}, "AND AND AND XOR"},
	{"flatten", "not an OR in an AND", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Or(x[0], x[1]), x[2])
	}, shape{2, 2, 4}, shape{2, 2, 4}, "OR AND"},
	{
		"flatten",
		"across a complement only where it is free",
		gates.NotCounted(),
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.And(b.Nor(x[0], x[1]), b.And(x[2], x[3]))
		},
		shape{2, 3, 6},
		shape{2, 2, 5},
		"NOR AND",
	},

	{"absorption", "x∧(x∨y) = x", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Xor(b.And(x[0], b.Or(x[0], x[1])), x[2])
	}, shape{3, 3, 6}, shape{1, 1, 2}, "XOR"},
	{"absorption", "x∨(x∧y) = x", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Xor(b.Or(x[0], b.And(x[0], x[1])), x[2])
	}, shape{3, 3, 6}, shape{1, 1, 2}, "XOR"},
	{"absorption", "x∧(¬x∨y) = x∧y", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(x[0], b.Or(x[0].Not(), x[1]))
	}, shape{2, 2, 4}, shape{1, 1, 2}, "AND"},
	{
		"absorption",
		"x∨(¬x∧y) = x∨y, by NAND",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Or(x[0], b.Nand(x[0].Not(), x[1]).Not())
		},
		shape{2, 2, 4},
		shape{1, 1, 2},
		"OR",
	},
	{"absorption", "x∧(¬x∨y∨z) = x∧(y∨z)", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(x[0], b.Or(x[0].Not(), x[1], x[2]))
	}, shape{2, 2, 5}, shape{2, 2, 4}, "OR AND"},
	{"absorption", "x∧(x∧y) = x∧y", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(x[0], b.And(x[0], x[1]))
	}, shape{2, 2, 4}, shape{1, 1, 2}, "AND"},
	{"absorption", "¬x∧(x∧y) = 0", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(x[0].Not(), b.And(x[0], x[1]))
	}, shape{2, 2, 4}, shape{0, 0, 0}, ""},
	{"absorption", "(x∧y)∧(x∨z) = x∧y", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.And(x[0], x[1]), b.Or(x[0], x[2]))
	}, shape{2, 3, 6}, shape{1, 1, 2}, "AND"},
	{"absorption", "x∧(x⊕y) = x∧¬y", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(x[0], b.Xor(x[0], x[1]))
	}, shape{2, 2, 4}, shape{1, 1, 2}, "AND"},
	{"absorption", "x∧(x⊙y⊙z) = x∧(y⊙z)", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(x[0], b.Xnor(x[0], x[1], x[2]))
	}, shape{2, 2, 5}, shape{2, 2, 4}, "XNOR AND"},
	{"absorption", "(x∨y)∧(x∨y∨z) = x∨y", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Or(x[0], x[1]), b.Or(x[2], x[1], x[0]))
	}, shape{2, 3, 7}, shape{1, 1, 2}, "OR"},
	{"absorption", "no consensus", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Or(x[0], x[1]), b.Or(x[0], x[1].Not()))
	}, shape{2, 3, 6}, shape{2, 3, 6}, "OR OR AND"},

	{"parities", "(x∨y)∧(¬x∨¬y)", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Or(x[0], x[1]), b.Or(x[1].Not(), x[0].Not()))
	}, shape{2, 3, 6}, shape{1, 1, 2}, "XOR"},
	{"parities", "(x∧y)∨(¬x∧¬y), with NOR", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Or(b.And(x[0], x[1]), b.Nor(x[0], x[1]))
	}, shape{2, 3, 6}, shape{1, 1, 2}, "XOR"},
	{
		"parities",
		"a half-adder keeps its carry",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			carry := b.And(x[0], x[1])
			sum := b.And(b.Or(x[0], x[1]), carry.Not())
			return b.Or(b.And(sum, x[2]), b.And(carry, x[3]))
		},
		shape{4, 6, 12},
		shape{3, 5, 10},
		"AND XOR AND AND OR",
	},
	{"thresholds", "AND", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return weighted(b, 4, x, 2, 3, -1)
	}, shape{1, 1, 3}, shape{1, 1, 2}, "AND"},
	{"thresholds", "OR", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return weighted(b, 1, x, 2, 3, 1)
	}, shape{1, 1, 3}, shape{1, 1, 3}, "OR"},
	{"thresholds", "MAJORITY", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return weighted(b, 1, x, 1, -1, 1)
	}, shape{1, 1, 3}, shape{1, 1, 3}, "MAJORITY"},
	{
		"thresholds",
		"a weight that decides alone, and nothing else does",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.And(weighted(b, 5, x, 9, 2, 1), x[3])
		},
		shape{2, 2, 5},
		shape{1, 1, 2},
		"AND",
	},
	{
		"thresholds",
		"an input without influence",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return weighted(b, 4, x, 2, 2, 2, 1)
		},
		shape{1, 1, 4},
		shape{1, 1, 3},
		"MAJORITY",
	},
	{"thresholds", "weights of a majority", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return weighted(b, 6, x, 5, 4, 3)
	}, shape{1, 1, 3}, shape{1, 1, 3}, "MAJORITY"},

	{"moduli", "MOD 2 is XOR", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.ModSum(2, []int64{0}, b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(-1, x[2])))
	}, shape{1, 1, 3}, shape{1, 1, 2}, "XNOR"},
	{
		"moduli",
		"a common factor of weights and modulus",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.ModSum(
				6,
				[]int64{3, 4},
				b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(6, x[1]), circuit.Weigh(4, x[2])),
			)
		},
		shape{1, 1, 3},
		shape{1, 1, 2},
		"MOD",
	},
	{"moduli", "a period of the residues", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.ModSum(
			6,
			[]int64{1, 3, 5},
			b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(3, x[2])),
		)
	}, shape{1, 1, 3}, shape{1, 1, 2}, "XOR"},

	{"takein", "[s ≥ t]∧x", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.And(b.Majority(x[:3]...), x[3], x[4].Not())
	}, shape{2, 2, 6}, shape{1, 1, 5}, "THRESHOLD"},
	{"takein", "¬[s ≥ t]∨x", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Or(b.Majority(x[:3]...).Not(), x[3])
	}, shape{2, 2, 5}, shape{1, 1, 4}, "THRESHOLD"},
	{
		"takein",
		"a literal of the sum itself",
		gates.DepthModel{},
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.And(b.Majority(x[:3]...), x[0].Not())
		},
		shape{2, 2, 5},
		shape{1, 1, 3},
		"THRESHOLD",
	},
	{"takein", "not with two readers", gates.DepthModel{}, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		y := b.Majority(x[:3]...)
		return b.Xor(b.And(y, x[3]), y)
	}, shape{3, 3, 7}, shape{3, 3, 7}, "MAJORITY AND XOR"},
	{
		"takein",
		"not a late literal where AND is free",
		gates.MajorityDepth(),
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			y := b.Majority(x[:3]...)
			return b.And(b.Majority(x[2:]...), b.Xor(y, b.Majority(x[1:4]...)))
		},
		shape{1, 5, 13},
		shape{1, 5, 13},
		"MAJORITY MAJORITY MAJORITY XOR AND",
	},
}

// Each law saves exactly what it says, in the pass that it belongs to.
func TestLaws(t *testing.T) {
	for _, l := range laws {
		t.Run(l.pass+"/"+l.name, func(t *testing.T) {
			b := keeper()
			b.Output("y", l.make(b, b.Inputs("x", 5)))
			c := built(t, b)
			got, report := optimised(t, c, optimise.Config{Model: l.model, Passes: []string{l.pass}})
			for i, want := range []shape{l.before, l.after} {
				n := []optimise.Count{report.Before, report.After}[i]
				if have := (shape{n.Depth, n.Size, int(n.Wires)}); have != want {
					t.Errorf("%s: %+v, want %+v", []string{"before", "after"}[i], have, want)
				}
			}
			var kinds []string
			for g := range circuit.Gate(got.Len()) {
				if k := got.Kind(g); !k.IsSource() {
					kinds = append(kinds, k.String())
				}
			}
			if have := strings.Join(kinds, " "); have != l.kinds {
				t.Errorf("left: %s, want %s", have, l.kinds)
			}
			if l.before == l.after && l.name[:2] == "no" && (got != c || len(report.Savings) > 0) {
				t.Errorf("changed: %+v", report.Savings)
			}
		})
	}
}

// The weights and bounds that are left.
func TestWeights(t *testing.T) {
	for _, test := range []struct {
		bound   int64
		weights []int64
		want    string
	}{
		{7, []int64{3, 6, 6}, "[1 1 1] 2"},              // 3: the factor, 7/3 rounded up; then the first needs another
		{10, []int64{100, 4, 3, 3, 3}, "[4 2 1 1 1] 4"}, // what decides alone
		{9, []int64{7, 1, 1, 1, 1}, "[3 1 1 1 1] 5"},    // what the others cannot do without
		{-2, []int64{-2, -3, 1, 1}, "[-2 -3 1 1] -2"},
		{5, []int64{4, 3, 2}, "[1 1 1] 2"},
		{4, []int64{3, 2, 1, 1}, "[2 1 1 1] 3"},
		{1 << 40, []int64{1 << 39, 1 << 39, 1 << 38, 1 << 38}, "[2 2 1 1] 4"},
	} {
		c := mustCircuit(t, len(test.weights), func(b *circuit.Builder, x []circuit.Lit) []circuit.Lit {
			return []circuit.Lit{weighted(b, test.bound, x, test.weights...)}
		})
		got, _ := optimised(t, c, optimise.Config{Passes: []string{"thresholds"}})
		if have := bounds(got); have != test.want {
			t.Errorf("%v ≥ %d became %s, want %s", test.weights, test.bound, have, test.want)
		}
	}
}

func bounds(c *circuit.Circuit) string {
	var list []string
	for g := range circuit.Gate(c.Len()) {
		if k := c.Kind(g); k == gates.Threshold || k == gates.Majority {
			s, t := c.Bound(g)
			_, weights := c.Flatten(s)
			list = append(list, fmt.Sprint(weights, " ", t))
		}
	}
	return strings.Join(list, " ")
}

// Weights beyond int64 are divided by their common factor, also by −1, which −2^63 does
// not survive as an int64.
func TestBigWeights(t *testing.T) {
	b := keeper()
	x := b.Inputs("x", 4)
	least := circuit.Pow2(63).Neg()
	for i, factor := range []circuit.Int{circuit.NewInt(1), circuit.NewInt(-1), circuit.Pow2(70), circuit.NewInt(-3)} {
		a := b.Linear()
		for k, w := range []circuit.Int{circuit.NewInt(-5), circuit.Pow2(64), least, circuit.NewInt(7)} {
			a.AddLit(w.Mul(factor), x[k])
		}
		y := b.Threshold(a.Sum(), factor.Min(circuit.NewInt(0)))
		b.Output(fmt.Sprint("y", i), b.Xor(y, x[0]))
	}
	got, report := optimised(t, built(t, b), optimise.Config{})
	if report.Before.Size != 8 || report.After.Size != 4 { // v ≥ 0 twice and v ≤ 1 twice
		t.Errorf("%+v\n%s", report.After, bounds(got))
	}
}
