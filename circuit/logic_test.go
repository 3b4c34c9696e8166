package circuit_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// logicKinds are the kinds with a builder method on literals.
var logicKinds = []gates.Kind{
	gates.Buf, gates.Not, gates.And, gates.Or, gates.Nand, gates.Nor, gates.Xor, gates.Xnor, gates.Majority,
}

// TestLogicExhaustive makes a gate of each kind on every list of up to 4 literals
// over two inputs and the constants, and on all sign patterns of up to 6 distinct
// inputs, and compares all their values with gates.Gate.Truth.
func TestLogicExhaustive(t *testing.T) {
	for _, keep := range []bool{false, true} {
		for _, k := range logicKinds {
			lists := 0
			b := circuit.NewBuilder()
			if keep {
				b.Keep()
			}
			x := b.Inputs("x", 6)
			var want [][]circuit.Lit
			try := func(lits ...circuit.Lit) {
				if n := k.FanIn(); n >= 0 && len(lits) != n {
					return
				}
				lists++
				want = append(want, lits)
				b.Output(fmt.Sprint(lists), makeLogic(b, k, lits))
			}
			choice := []circuit.Lit{circuit.False, circuit.True, x[0], x[0].Not(), x[1], x[1].Not()}
			for n := range 5 {
				for code := range power(len(choice), n) {
					lits := make([]circuit.Lit, n)
					for i := range lits {
						lits[i] = choice[code%len(choice)]
						code /= len(choice)
					}
					try(lits...)
				}
			}
			for n := 1; n <= 6; n++ {
				for signs := range 1 << n {
					lits := make([]circuit.Lit, n)
					for i := range lits {
						lits[i] = x[n-1-i].NotIf(signs>>i&1 == 1)
					}
					try(lits...)
				}
			}
			c := built(t, b)
			in := make([]bool, 6)
			for v := range 1 << 6 {
				out := evalBits(t, c, v)
				for i, lits := range want {
					in = in[:0]
					for _, l := range lits {
						value := !l.IsConst() && v>>(l.Gate()-1)&1 == 1
						in = append(in, value != l.IsComplement())
					}
					bit, err := gates.Gate{Kind: k}.Truth(in)
					if err != nil {
						t.Fatal(err)
					}
					if out[i] != bit {
						t.Fatalf("keep %v: %v of %v on inputs %06b is %v", keep, k, lits, v, out[i])
					}
				}
			}
		}
	}
}

func power(base, n int) int {
	p := 1
	for range n {
		p *= base
	}
	return p
}

// TestSameGateSameLiteral lists expressions that must be one gate, and how many
// gates the list may make in all.
func TestSameGateSameLiteral(t *testing.T) {
	type lit = circuit.Lit
	for _, test := range []struct {
		name  string
		exprs func(b *circuit.Builder, x []lit) []lit
		gates int
	}{
		{"and in any order", func(b *circuit.Builder, x []lit) []lit {
			return []lit{b.And(x[0], x[1], x[2]), b.And(x[2], x[0], x[1], x[0]), b.And(circuit.True, x[1], x[2], x[0])}
		}, 1},
		{"or is the complement of and", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.Or(x[0], x[1]), b.And(x[0].Not(), x[1].Not()).Not(), b.Nor(x[1], x[0]).Not(),
				b.Nand(x[0].Not(), x[1].Not()),
			}
		}, 1},
		{"and is the complement of or", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.And(x[0], x[1].Not(), x[2]), b.Or(x[0].Not(), x[1], x[2].Not()).Not(),
				b.Nor(x[1], x[0].Not(), x[2].Not()),
			}
		}, 1},
		{"xor with complements and pairs", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.Xor(x[0], x[1]), b.Xor(x[1].Not(), x[0].Not()), b.Xnor(x[0].Not(), x[1]),
				b.Xor(x[2], x[0], x[1], x[2]), b.Xor(circuit.True, x[1], x[0].Not()),
			}
		}, 1},
		{"one literal", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				x[0], b.And(x[0]), b.Or(x[0], x[0]), b.Xor(x[0]), b.Majority(x[0]), b.Not(x[0].Not()),
				b.Buf(x[0]), b.Threshold(x[0].Value(), circuit.NewInt(1)), b.Mod(2, []int64{1}, x[0]),
				b.Mux(x[0], circuit.True, circuit.False),
			}
		}, 0},
		{"constants", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				circuit.True, b.And(), b.Nor(), b.Xnor(), b.Or(x[0], x[0].Not()), b.Xor(x[0], x[0].Not()),
				b.Nand(x[0], circuit.False, x[1]), b.AtLeast(0, x...), b.AtLeast(5, x...).Not(), b.Majority().Not(),
				b.Mod(3, []int64{0, 1, -1}, x...), b.Mod(3, nil, x...).Not(), b.Mod(4, []int64{0, 1}, x[0]),
			}
		}, 0},
		{"thresholds up to an affine change", func(b *circuit.Builder, x []lit) []lit {
			two := circuit.NewInt(2)
			return []lit{
				b.Threshold(b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(1, x[1]), circuit.Weigh(1, x[2])), two),
				b.Threshold(b.Sum(circuit.Weigh(2, x[2]), circuit.Weigh(2, x[1]), circuit.Weigh(2, x[0]),
					circuit.Term{Weight: circuit.NewInt(4), Of: circuit.Constant(circuit.NewInt(1))}),
					circuit.NewInt(7)),
				b.Threshold(b.Count(x[0], x[1], x[2]).Times(circuit.NewInt(-3)), circuit.NewInt(-4)).Not(),
				b.AtLeast(2, x[0].Not(), x[1].Not(), x[2].Not()).Not(),
				b.Majority(x[0], x[1], x[2]),
				b.Threshold(b.Sum(circuit.Weigh(1, x[0].Not()), circuit.Weigh(1, x[1].Not()), circuit.Weigh(-1, x[2])),
					circuit.NewInt(1)).Not(),
			}
		}, 1},
		{"a threshold that is an and", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.And(x[0], x[1], x[2].Not()), b.AtLeast(3, x[0], x[1], x[2].Not()),
				b.Threshold(b.Sum(circuit.Weigh(5, x[0]), circuit.Weigh(3, x[1]), circuit.Weigh(-4, x[2])),
					circuit.NewInt(6)),
			}
		}, 1},
		{"a threshold that is an or", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.Or(x[0], x[1]), b.AtLeast(1, x[0], x[1]),
				b.Threshold(b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(3, x[1])), circuit.NewInt(1)),
			}
		}, 1},
		{"[2x+2y+4 ≥ 5] is [x+y ≥ 1]", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.AtLeast(1, x[0], x[1]),
				b.Threshold(b.Sum(circuit.Weigh(2, x[0]), circuit.Weigh(2, x[1])).Plus(circuit.NewInt(4)),
					circuit.NewInt(5)),
			}
		}, 1},
		{"mod", func(b *circuit.Builder, x []lit) []lit {
			return []lit{
				b.Mod(3, []int64{1}, x...),
				b.Mod(3, []int64{4, -2}, x...),
				b.Mod(3, []int64{0, 2}, x...).Not(),
				b.ModSum(3, []int64{2}, b.Count(x...).Plus(circuit.NewInt(1))),
				b.ModSum(3, []int64{2}, b.Count(x...).Times(circuit.NewInt(-1))),
				b.ModSum(3, []int64{1}, b.Sum(circuit.Weigh(4, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(1, x[2]),
					circuit.Weigh(301, x[3]))),
			}
		}, 1},
	} {
		b := circuit.NewBuilder()
		x := b.Inputs("x", 4)
		before := b.Len()
		for i, got := range test.exprs(b, x) {
			if want := test.exprs(b, x)[0]; got != want {
				t.Errorf("%s: expression %d is %v, expression 0 is %v", test.name, i, got, want)
			}
		}
		if made := b.Len() - before; made != test.gates {
			t.Errorf("%s: %d gates were made, want %d", test.name, made, test.gates)
		}
		built(t, b)
	}
}

// TestDifferentGatesDiffer asserts that gates which are nearly alike are told apart.
func TestDifferentGatesDiffer(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	lits := []circuit.Lit{
		b.And(x[0], x[1]), b.Or(x[0], x[1]), b.Xor(x[0], x[1]), b.And(x[0], x[1].Not()), b.And(x[0], x[2]),
		b.And(x...), b.Or(x...), b.Xor(x...), b.AtLeast(2, x...), b.AtLeast(3, x...),
		b.Mod(2, []int64{1}, x...), b.Mod(3, []int64{1}, x...), b.Mod(3, []int64{2}, x...),
		b.Threshold(b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(3, x[2])), circuit.NewInt(3)),
		b.Threshold(b.Sum(circuit.Weigh(1, x[0]), circuit.Weigh(2, x[1]), circuit.Weigh(-3, x[2])), circuit.NewInt(0)),
	}
	seen := map[circuit.Gate]int{}
	for i, l := range lits {
		if j, ok := seen[l.Gate()]; ok {
			t.Errorf("expressions %d and %d are one gate", j, i)
		}
		seen[l.Gate()] = i
	}
}

// TestManyGatesHash fills the hash table far beyond its first size with gates of
// two and of three inputs, and makes them all again.
func TestManyGatesHash(t *testing.T) {
	const n = 60
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	var first []circuit.Lit
	for round := range 2 {
		at := 0
		for i := range n {
			for j := range i {
				made := []circuit.Lit{b.And(x[i], x[j]), b.Or(x[i], x[j]), b.Xor(x[i], x[j])}
				for k := range j {
					made = append(made, b.And(x[k], x[j].Not(), x[i]))
				}
				for _, l := range made {
					if round == 0 {
						first = append(first, l)
					} else if first[at] != l {
						t.Fatalf("the gate over inputs %d and %d is %v and then %v", i, j, first[at], l)
					}
					at++
				}
			}
		}
	}
	pairs, triples := n*(n-1)/2, n*(n-1)*(n-2)/6
	if want := 1 + n + 3*pairs + triples; b.Len() != want {
		t.Errorf("%d nodes, want %d", b.Len(), want)
	}
}

func TestMux(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Output("y", b.Mux(x[0], x[1], x[2]))
	c := built(t, b)
	for v := range 8 {
		want := v>>2&1 == 1
		if v&1 == 1 {
			want = v>>1&1 == 1
		}
		if out := evalBits(t, c, v); out[0] != want {
			t.Errorf("inputs %03b: %v", v, out[0])
		}
	}
}

// TestLogicKinds asserts that a kind that reads a sum is no logic, and that a builder that
// keeps gates makes just the kind that was asked for.
func TestLogicKinds(t *testing.T) {
	for _, k := range gates.Kinds() {
		b := circuit.NewBuilder()
		b.Keep()
		x := b.Inputs("x", 3)
		func() {
			defer func() {
				if p := recover(); (p == nil) != k.IsLogic() {
					t.Errorf("%v: panic %v", k, p)
				}
			}()
			in := x
			if k.FanIn() == 1 {
				in = x[:1]
			}
			l := b.Logic(k, in...)
			if got := b.Made().Kind(l.Gate()); got != k || l.IsComplement() {
				t.Errorf("%v has become %v of a %v", k, l, got)
			}
		}()
	}
}

// Pairs makes the gates that calls of Logic make, with room for all of them and without.
func TestPairs(t *testing.T) {
	for _, size := range []int{0, 100} {
		made, want := circuit.NewBuilderSize(size), circuit.NewBuilder()
		x, pairs := []circuit.Lit(nil), [][2]circuit.Lit(nil)
		for _, b := range []*circuit.Builder{made, want} {
			b.Keep()
			x = b.Inputs("x", 3)
			b.Begin("pairs")
		}
		for i := range 40 {
			next := circuit.Gate(4 + i).Lit()
			pairs = append(pairs, [2]circuit.Lit{x[len(x)-1].NotIf(i%3 == 0), x[i%3]})
			x = append(x, next)
		}
		made.Pairs(gates.Nand, pairs)
		for i, p := range pairs {
			if got := want.Logic(gates.Nand, p[:]...); got != x[3+i] {
				t.Fatalf("gate %d is %v, want %v", i, got, x[3+i])
			}
		}
		for _, b := range []*circuit.Builder{made, want} {
			b.End()
			b.Output("y", x[len(x)-1])
		}
		if got, want := fileOf(t, built(t, made)), fileOf(t, built(t, want)); !bytes.Equal(got, want) {
			t.Errorf("with room for %d gates, Pairs makes another circuit than Logic", size)
		}
	}
}
