package basis_test

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// TestAdderDepth asserts depth and size of majorities and of comparisons, and that
// they stay below logarithms.
func TestAdderDepth(t *testing.T) {
	for _, test := range []struct {
		name           string
		make           func(testing.TB, int) *circuit.Circuit
		factor, term   int // depth ≤ factor·log₂ n + term
		n, depth, size []int
	}{
		{
			"majority", func(t testing.TB, n int) *circuit.Circuit { return majorityCircuit(t, n) },
			4, 2,
			[]int{4, 8, 16, 32, 64, 128, 256, 512, 1024},
			[]int{3, 9, 14, 19, 23, 27, 31, 36, 41},
			[]int{7, 26, 65, 144, 303, 622, 1261, 2540, 5099},
		},
		{
			"comparison", func(t testing.TB, n int) *circuit.Circuit { return compareCircuit(t, n) },
			2, 2,
			[]int{2, 4, 8, 16, 32, 64, 128, 256},
			[]int{3, 6, 8, 10, 12, 14, 16, 18},
			[]int{5, 17, 44, 99, 210, 433, 880, 1775},
		},
		{
			"all thresholds", thermometerCircuit, 4, 2,
			[]int{4, 16, 64, 256},
			[]int{3, 14, 23, 31},
			[]int{12, 136, 624, 2582},
		},
		{
			"all prefix majorities", prefixCircuit, 6, 2,
			[]int{4, 16, 64, 256},
			[]int{3, 15, 34, 46},
			[]int{10, 104, 1083, 16713},
		},
	} {
		for i, n := range test.n {
			c := test.make(t, n)
			got := legalised(t, c, basis.NC1)
			if got.Depth() != test.depth[i] || got.Size() != test.size[i] {
				t.Errorf(
					"%s of %d: depth %d and size %d, want %d and %d",
					test.name,
					n,
					got.Depth(),
					got.Size(),
					test.depth[i],
					test.size[i],
				)
			}
			if most := test.factor*log2(n) + test.term; got.Depth() > most {
				t.Errorf("%s of %d: depth %d, more than %d", test.name, n, got.Depth(), most)
			}
			if n <= 64 {
				formattest.SameFunction(t, c, got)
			}
		}
	}
}

// thermometerCircuit has all the thresholds of one sum.
func thermometerCircuit(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	s := b.Count(b.Inputs("x", n)...)
	for i := range n {
		b.Output(fmt.Sprint(i+1), b.Threshold(s, circuit.NewInt(int64(i+1))))
	}
	return formattest.Built(t, b)
}

// prefixCircuit has a chain of sums, each nested in the next.
func prefixCircuit(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	var s circuit.Sum
	for i, x := range b.Inputs("x", n) {
		s = b.Sum(circuit.Term{Weight: circuit.NewInt(1), Of: s}, circuit.Weigh(1, x))
		b.Output(fmt.Sprint(i+1), b.Threshold(s, circuit.NewInt(int64(i/2+1))))
	}
	return formattest.Built(t, b)
}

func TestAdderLogic(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 12)
	late := b.And(x[:8]...) // level 3
	b.Output("or", b.Or(append([]circuit.Lit{late}, x[8:]...)...))
	b.Output("xor", b.Xor(append([]circuit.Lit{late}, x[8:]...)...))
	b.Output("mod 4", b.Mod(4, []int64{1, 2}, x...))
	b.Output("mod 5", b.Mod(5, []int64{0, 3}, x...))
	c := formattest.Built(t, b)
	got := legalised(t, c, basis.NC1)
	formattest.SameFunction(t, c, got)
	levels := []int{4, 4} // the late one is combined last
	for i, want := range levels {
		if n := levelOf(got, got.Outputs()[i]); n != want {
			t.Errorf("output %d is on level %d, want %d", i, n, want)
		}
	}
}

// TestAdderLargeWeights has numbers beyond int64 in two nested sums.
func TestAdderLargeWeights(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 12)
	inner, outer := b.Linear(), b.Linear()
	for i, l := range x {
		w := circuit.Pow2(5 * i).Mul(circuit.NewInt(int64(2*i - 7)))
		inner.AddLit(w, l)
		outer.AddLit(w.Mul(circuit.Pow2(30)).Add(circuit.NewInt(int64(i))), l.NotIf(i%2 == 0))
	}
	s := inner.Sum()
	outer.Add(circuit.Pow2(40).Neg(), s)
	o := outer.Sum()
	for i := range 20 {
		b.Output(fmt.Sprint("inner", i), b.Threshold(s, circuit.Pow2(3*i).Sub(circuit.NewInt(99))))
		b.Output(fmt.Sprint("outer", i), b.Threshold(o, circuit.Pow2(5*i).Neg()))
	}
	c := formattest.Built(t, b)
	formattest.SameFunction(t, c, legalised(t, c, basis.NC1))
}
