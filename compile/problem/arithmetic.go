package problem

import (
	"fmt"
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// unsigned is the format of binary numbers.
var unsigned = circuit.Format{Kind: circuit.Unsigned}

func arithmeticProblems() []Problem {
	twoNumbers := func(p Problem, least, most int, build func(b *circuit.Builder, x, y []circuit.Lit)) Problem {
		p.Params = []compile.Param{size("bits of a number")}
		p.limits = map[string][2]int{"n": {least, most}}
		p.Beyond, p.Serial, p.Shape = none, parallel, Wide
		p.build = func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			build(b, integer(b, "a", n), integer(b, "b", n))
			return nil
		}
		return p
	}
	compare := twoNumbers(Problem{
		Name: "comparison", Doc: "whether a ≥ b, of two numbers of n bits", Depth: "1", Size: "1", Best: "1 with weights of any size, 2 with small ones",
		Class: "AC0", Source: "AC0: carry look-ahead, Chandra, Stockmeyer and Vishkin 1984; threshold gate with weights 2^i; small weights in depth 2: Alon and Bruck 1994", Why: "one gate weighs all bits at once",
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 { return []int64{truth(in[0] >= in[1])} }
		},
		sample: func(a compile.Args, rng *rand.Rand) []int64 { // nearly equal numbers
			n := min(a.Int("n"), 62)
			x := rng.Int64N(1 << n)
			y := x
			if rng.IntN(3) > 0 {
				y ^= 1 << rng.IntN(n)
			}
			return []int64{x, y}
		},
	}, 1, 4096, func(b *circuit.Builder, x, y []circuit.Lit) {
		b.Output("y", b.Threshold(difference(b, x, y), circuit.I(0)))
	})
	add := twoNumbers(Problem{
		Name: "addition", Doc: "a + b, of two numbers of n bits", Depth: "2", Size: "2·n", Best: "2",
		Class: "AC0", Source: "AC0: carry look-ahead, Chandra, Stockmeyer and Vishkin 1984; depth 2: Alon and Bruck 1994; the construction: all carries at once, c_i = [Σ_{j<i} 2^j(a_j + b_j) ≥ 2^i]", Why: "each carry is one gate over all lower bits, and none waits for another",
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 { return []int64{in[0] + in[1]} }
		},
	}, 1, 4096, func(b *circuit.Builder, x, y []circuit.Lit) {
		b.OutputPort("sum", unsigned, adder(b, x, y)...)
	})
	multiply := twoNumbers(Problem{
		Name: "multiplication", Doc: "a·b, of two numbers of n bits", Depth: "3", Size: "O(n²)", Best: "3",
		Class: "TC0, not AC0", Source: "Siu and Roychowdhury 1994; not AC0, since parity reduces to it: Furst, Saxe and Sipser 1984", Why: "all partial products at once, and their sum in two levels",
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 { return []int64{in[0] * in[1]} }
		},
	}, 2, 128, multiplier)
	many := Problem{
		Name: "iterated-addition", Doc: "the sum of n numbers", Depth: "2", Size: "O(n·(bits + log n))", Best: "2",
		Params: []compile.Param{size("numbers"), number("bits", "bits of a number", 4)}, limits: map[string][2]int{"n": {2, 1024}, "bits": {1, 62}},
		Class: "TC0, not AC0", Source: "Siu and Roychowdhury 1994; not AC0, since parity reduces to it", Beyond: none, Serial: parallel, Shape: Wide,
		Why: "each bit of the sum asks in which interval one weighted sum is",
		build: func(b *circuit.Builder, a compile.Args) error {
			n, bits := a.Int("n"), a.Int("bits")
			var terms []weighted
			for i := range n {
				for k, l := range integer(b, fmt.Sprintf("a[%d]", i), bits) {
					terms = append(terms, weighted{circuit.Pow2(k), l})
				}
			}
			b.OutputPort("sum", unsigned, sumBits(b, terms, bits+width(n), n)...)
			return nil
		},
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 {
				total := int64(0)
				for _, v := range in {
					total += v
				}
				return []int64{total}
			}
		},
	}
	return []Problem{compare, add, multiply, many}
}

// width is the number of bits by which a sum of n numbers is longer than one of them.
func width(n int) int {
	k := 0
	for 1<<k < n {
		k++
	}
	return k
}

func difference(b *circuit.Builder, x, y []circuit.Lit) circuit.Sum {
	s := b.Linear()
	for i := range x {
		s.AddLit(circuit.Pow2(i), x[i])
		s.AddLit(circuit.Pow2(i).Neg(), y[i])
	}
	return s.Sum()
}

// adder returns the n + 1 bits of x + y: n carries, of which the last is the top bit, and
// s_i = [x_i + y_i + c_i − 2·c_{i+1} ≥ 1].
func adder(b *circuit.Builder, x, y []circuit.Lit) []circuit.Lit {
	var out []circuit.Lit
	var low circuit.Sum // of the bits so far
	carry := circuit.False
	for i := range x {
		l := b.Linear()
		l.Add(circuit.I(1), low)
		l.AddLit(circuit.Pow2(i), x[i])
		l.AddLit(circuit.Pow2(i), y[i])
		low = l.Sum()
		next := b.Threshold(low, circuit.Pow2(i+1))
		digit := b.Linear()
		for _, l := range []circuit.Lit{x[i], y[i], carry} {
			digit.AddLit(circuit.I(1), l)
		}
		digit.AddLit(circuit.I(-2), next)
		out = append(out, b.Threshold(digit.Sum(), circuit.I(1)))
		carry = next
	}
	return append(out, carry)
}

// weighted is a term of a sum that is to be written in binary.
type weighted struct {
	weight circuit.Int // a power of two
	lit    circuit.Lit
}

// sumBits returns the low bits of a sum whose weights are powers of two, each at most
// count times, in two levels.
func sumBits(b *circuit.Builder, terms []weighted, bits, count int) []circuit.Lit {
	return weightedBits(b, 0, bits, count, func(modulus circuit.Int) circuit.Sum {
		s := b.Linear()
		for _, t := range terms {
			if t.weight.Cmp(modulus) < 0 {
				s.AddLit(t.weight, t.lit)
			}
		}
		return s.Sum()
	}, circuit.False)
}

// multiplier is the sum of all products of bits.
func multiplier(b *circuit.Builder, x, y []circuit.Lit) {
	var terms []weighted
	b.Begin("products")
	for i := range x {
		for j := range y {
			terms = append(terms, weighted{circuit.Pow2(i + j), b.And(x[i], y[j])})
		}
	}
	b.End()
	b.Begin("sum")
	defer b.End()
	b.OutputPort("product", unsigned, sumBits(b, terms, 2*len(x), len(x))...)
}

// sorting puts n numbers in order.
func sorting() Problem {
	return Problem{
		Name: "sorting", Doc: "n numbers in increasing order", Depth: "3", Size: "O(n²·bits)", Best: "3",
		Params: []compile.Param{size("numbers"), number("bits", "bits of a number", 3)}, limits: map[string][2]int{"n": {2, 128}, "bits": {1, 62}},
		Class: "TC0, not AC0", Source: "Siu, Bruck, Kailath and Hofmeister 1993; not AC0, since majority reduces to it", Beyond: none, Serial: parallel, Shape: Wide,
		Why: "all pairs are compared at once, the rank of a number is a count, and each place takes the number of its rank",
		build: func(b *circuit.Builder, a compile.Args) error {
			n, bits := a.Int("n"), a.Int("bits")
			x := make([][]circuit.Lit, n)
			for i := range x {
				x[i] = integer(b, fmt.Sprintf("x[%d]", i), bits)
			}
			rank := make([]circuit.Sum, n) // how many come before
			b.Begin("compare")
			before := func(j, i int) circuit.Lit { // x_j < x_i, or equal and j < i
				return b.Threshold(difference(b, x[i], x[j]), circuit.I(truth(i < j)))
			}
			for i := range x {
				s := b.Linear()
				for j := range x {
					if i != j {
						s.AddLit(circuit.I(1), before(j, i))
					}
				}
				rank[i] = s.Sum()
			}
			b.End()
			b.Begin("place")
			defer b.End()
			for r := range n {
				out := make([]circuit.Lit, bits)
				for k := range out {
					s := b.Linear()
					for i := range x {
						// [rank ≥ r]∧x − [rank ≥ r + 1]∧x, the conjunctions by a weight that decides.
						for d := range 2 {
							at := b.Linear()
							at.Add(circuit.I(1), rank[i])
							at.AddLit(circuit.I(int64(n)), x[i][k])
							s.AddLit(circuit.I(int64(1-2*d)), b.Threshold(at.Sum(), circuit.I(int64(n+r+d))))
						}
					}
					out[k] = b.Threshold(s.Sum(), circuit.I(1))
				}
				b.OutputPort(fmt.Sprintf("y[%d]", r), unsigned, out...)
			}
			return nil
		},
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 { // insertion sort
				var out []int64
				for _, v := range in {
					at := len(out)
					for at > 0 && out[at-1] > v {
						at--
					}
					out = append(out, 0)
					copy(out[at+1:], out[at:])
					out[at] = v
				}
				return out
			}
		},
	}
}
