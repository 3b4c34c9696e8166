package problem

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// siuRoychowdhury have circuits of little depth for sums, products and quotients.
const siuRoychowdhury = "Siu and Roychowdhury 1994"

// unsigned is the format of binary numbers.
var unsigned = circuit.Format{Kind: circuit.Unsigned}

// twoNumbers completes a problem of two numbers "a" and "b" of n bits.
func twoNumbers(p Problem, least, most int, build func(b *circuit.Builder, x, y []circuit.Lit)) Problem {
	p.params = []param{size("bits of a number", least, most)}
	p.build = func(b *circuit.Builder, a compile.Args) {
		n := a.Int("n")
		build(b, integer(b, "a", n), integer(b, "b", n))
	}
	return p
}

func comparison() Problem {
	return twoNumbers(Problem{
		Name: "comparison", Doc: "whether a ≥ b, of two numbers of n bits",
		Depth: "1", Size: "1", Best: "1 with weights of any size, 2 with small ones",
		BestSource: "a threshold gate with weights 2^i; small weights: Alon and Bruck 1994", Class: "AC0",
		Source:    "carry look-ahead, Chandra, Stockmeyer and Vishkin 1984",
		Why:       "one gate weighs all bits at once",
		family:    weighing(),
		reference: func(_ compile.Args, in []int64) []int64 { return answer(in[0] >= in[1]) },
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
		b.Output("y", atLeast(b, difference(b, x, y), 0))
	})
}

func addition() Problem {
	return twoNumbers(Problem{
		Name: "addition", Doc: "a + b, of two numbers of n bits", Depth: "2", Size: "2·n", Best: "2",
		BestSource: "Alon and Bruck 1994", Class: "AC0",
		Source: "carry look-ahead, Chandra, Stockmeyer and Vishkin 1984; " +
			"the construction here: all carries at once, c_i = [Σ_{j<i} 2^j(a_j + b_j) ≥ 2^i]",
		Why:       "each carry is one gate over all lower bits, and none waits for another",
		family:    carries(),
		reference: func(_ compile.Args, in []int64) []int64 { return []int64{in[0] + in[1]} },
	}, 1, 4096, func(b *circuit.Builder, x, y []circuit.Lit) {
		b.OutputPort("sum", unsigned, adder(b, x, y)...)
	})
}

func multiplication() Problem {
	return twoNumbers(Problem{
		Name: "multiplication", Doc: "a·b, of two numbers of n bits", Depth: "3", Size: "O(n²)", Best: "3",
		BestSource: siuRoychowdhury, Class: "TC0, not AC0",
		Source:    "by the circuits of depth 3; not AC0, since parity reduces to it: Furst, Saxe and Sipser 1984",
		Why:       "all partial products at once, and their sum in two levels",
		reference: func(_ compile.Args, in []int64) []int64 { return []int64{in[0] * in[1]} },
	}, 2, 128, multiplier)
}

func iteratedAddition() Problem {
	return Problem{
		Name: "iterated-addition", Doc: "the sum of n numbers", Depth: "2", Size: "at most (bits + 1)·n + 1", Best: "2",
		params:     []param{size("numbers", 2, 1024), number("bits", "bits of a number", 4, 1, 62)},
		BestSource: siuRoychowdhury,
		Class:      "TC0, not AC0", Source: "by the circuits of depth 2; not AC0, since parity reduces to it",
		Why: "each bit of the sum asks in which interval one weighted sum is", family: intervals(),
		build: func(b *circuit.Builder, a compile.Args) {
			n, width := a.Int("n"), a.Int("bits")
			var terms []weighted
			total := b.Linear()
			for i := range n {
				for k, l := range integer(b, fmt.Sprintf("a[%d]", i), width) {
					terms = append(terms, weighted{circuit.Pow2(k), l})
					total.AddLit(circuit.Pow2(k), l)
				}
			}
			low, sum := sumBits(b, terms, width, n), total.Sum()
			b.OutputPort("sum", unsigned, append(low, highBits(b, sum, width, n)...)...)
		},
		reference: func(_ compile.Args, in []int64) []int64 {
			total := int64(0)
			for _, v := range in {
				total += v
			}
			return []int64{total}
		},
	}
}

// difference returns x − y.
func difference(b *circuit.Builder, x, y []circuit.Lit) circuit.Sum {
	s := b.Linear()
	for i := range x {
		s.AddLit(circuit.Pow2(i), x[i])
		s.AddLit(circuit.Pow2(i).Neg(), y[i])
	}
	return s.Sum()
}

// adder returns the n + 1 bits of x + y. It makes n carries; the last carry is the top bit. The other bits
// are s_i = [x_i + y_i + c_i − 2·c_{i+1} ≥ 1].
func adder(b *circuit.Builder, x, y []circuit.Lit) []circuit.Lit {
	var out []circuit.Lit
	var low circuit.Sum // of the bits so far
	carry := circuit.False
	for i := range x {
		weight := circuit.Pow2(i)
		low = plus(b, low, x[i].Value().Times(weight), y[i].Value().Times(weight))
		next := b.Threshold(low, circuit.Pow2(i+1))
		digit := plus(b, x[i].Value(), y[i].Value(), carry.Value(), next.Value().Times(whole(-2)))
		out = append(out, atLeast(b, digit, 1))
		carry = next
	}
	return append(out, carry)
}

// weighted is a term of a sum that will be written in binary.
type weighted struct {
	weight circuit.Int // a power of two
	lit    circuit.Lit
}

// sumBits returns the low bits of a sum, in two levels. The weights of the sum are powers of two, and each
// occurs at most count times.
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

// highBits returns the bits from the given one on of a sum below count·2^from. They are those of the number of
// the gates [S ≥ m·2^from] that are 1, m = 1, 2, ...: bit k changes at the multiples of 2^k.
func highBits(b *circuit.Builder, sum circuit.Sum, from, count int) []circuit.Lit {
	var out []circuit.Lit
	for k := range bits.Len(uint(count - 1)) {
		s := b.Linear()
		for m := 1 << k; m < count; m += 1 << k {
			s.AddLit(whole(2*(m>>k&1)-1), b.Threshold(sum, circuit.Pow2(from).Mul(whole(m))))
		}
		out = append(out, atLeast(b, s.Sum(), 1))
	}
	return out
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
		Name: "sorting", Doc: "n numbers in increasing order", Depth: "3 (1 if bits = 1)", Size: "O(n²·bits)",
		Best:       "3 for n numbers of n bits, 1 for bits",
		params:     []param{size("numbers", 2, 128), number("bits", "bits of a number", 3, 1, 62)},
		Class:      "TC0, not AC0",
		BestSource: "Siu, Bruck, Kailath and Hofmeister 1993; of bits, a count for each place",
		Source:     "by these circuits; not AC0, since majority reduces to it",
		Why: "all pairs are compared at once, the rank of a number is a count, " +
			"and each place takes the number of its rank",
		facts: func(a compile.Args, p *Problem) {
			if a.Int("bits") != 1 {
				p.Depth, p.Best = "3", "3 for n numbers of n bits"
				return
			}
			p.Depth, p.Size, p.Best, p.BestSource = "1", "n", "1 for bits", "the circuits here"
			p.Why = "each place compares the number of ones with a constant"
		},
		build: sorter,
		reference: func(_ compile.Args, in []int64) []int64 { // insertion sort
			var out []int64
			for _, v := range in {
				at := len(out)
				for at > 0 && out[at-1] > v {
					at--
				}
				out = slices.Insert(out, at, v)
			}
			return out
		},
	}
}

func sorter(b *circuit.Builder, a compile.Args) {
	n, bits := a.Int("n"), a.Int("bits")
	x := make([][]circuit.Lit, n)
	for i := range x {
		x[i] = integer(b, fmt.Sprintf("x[%d]", i), bits)
	}
	if bits == 1 {
		count := b.Count(slices.Concat(x...)...)
		for r := range n { // the last places are the ones
			b.OutputPort(fmt.Sprintf("y[%d]", r), unsigned, atLeast(b, count, n-r))
		}
		return
	}
	rank := make([]circuit.Sum, n) // how many come before
	b.Begin("compare")
	for i := range x {
		s := b.Linear()
		for j := range x {
			if i != j { // x_j < x_i, or equal and j < i
				s.AddLit(whole(1), atLeast(b, difference(b, x[i], x[j]), truth(i < j)))
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
				at := plus(b, rank[i], x[i][k].Value().Times(whole(n)))
				s.AddLit(whole(1), atLeast(b, at, n+r))
				s.AddLit(whole(-1), atLeast(b, at, n+r+1))
			}
			out[k] = atLeast(b, s.Sum(), 1)
		}
		b.OutputPort(fmt.Sprintf("y[%d]", r), unsigned, out...)
	}
}
