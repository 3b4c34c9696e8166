package formattest

import (
	"context"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// must takes the results of a call that is to have no error: must(call())(t) is the first.
func must[T any](v T, err error) func(rapid.TB) T {
	return func(t rapid.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Built returns the circuit of a builder.
func Built(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	return must(b.Circuit())(t)
}

// Random returns a random circuit.
func Random(t rapid.TB, cfg random.Config) *circuit.Circuit {
	t.Helper()
	return must(random.Circuit(cfg))(t)
}

// Majority returns a majority of n inputs, as one gate and as the disjunction of all the
// conjunctions of half of them and one more.
func Majority(t rapid.TB, n int) (gate, sets *circuit.Circuit) {
	t.Helper()
	built := func(y func(b *circuit.Builder, x []circuit.Lit) circuit.Lit) *circuit.Circuit {
		b := circuit.NewBuilder()
		b.Output("y", y(b, b.Inputs("x", n)))
		return Built(t, b)
	}
	gate = built(func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) })
	sets = built(func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		var terms []circuit.Lit
		for set := range 1 << n {
			var in []circuit.Lit
			for i := range x {
				if set>>i&1 != 0 {
					in = append(in, x[i])
				}
			}
			if len(in) == n/2+1 {
				terms = append(terms, b.And(in...))
			}
		}
		return b.Or(terms...)
	})
	return gate, sets
}

// Adder returns an adder of n bits in two layers of threshold gates, and one of a ripple of
// full adders. If flaw, the second takes no carry into its last sum bit.
func Adder(t rapid.TB, n int, flaw bool) (thresholds, ripple *circuit.Circuit) {
	t.Helper()
	built := func(sum func(b *circuit.Builder, x, y []circuit.Lit) []circuit.Lit) *circuit.Circuit {
		b := circuit.NewBuilder()
		x, y := b.InputPort("x", circuit.Format{}, n), b.InputPort("y", circuit.Format{}, n)
		b.OutputPort("sum", circuit.Format{}, sum(b, x, y)...)
		return Built(t, b)
	}
	// c = [Σ 2^j(x_j + y_j) ≥ 2^(i+1)], s = [x + y + c_in − 2c ≥ 1]
	thresholds = built(func(b *circuit.Builder, x, y []circuit.Lit) (sum []circuit.Lit) {
		low, carry := circuit.Sum{}, circuit.False
		for i := range n {
			both := b.Count(x[i], y[i])
			low = b.Sum(
				circuit.Term{Weight: circuit.NewInt(1), Of: low},
				circuit.Term{Weight: circuit.Pow2(i), Of: both},
			)
			next := b.Threshold(low, circuit.Pow2(i+1))
			bit := b.Sum(
				circuit.Weigh(1, x[i]),
				circuit.Weigh(1, y[i]),
				circuit.Weigh(1, carry),
				circuit.Weigh(-2, next),
			)
			sum = append(sum, b.Threshold(bit, circuit.NewInt(1)))
			carry = next
		}
		return append(sum, carry)
	})
	ripple = built(func(b *circuit.Builder, x, y []circuit.Lit) (sum []circuit.Lit) {
		carry := circuit.False
		for i := range n {
			in := carry
			if flaw && i == n-1 {
				in = circuit.False
			}
			sum = append(sum, b.Xor(x[i], y[i], in))
			carry = b.Or(b.And(x[i], y[i]), b.And(b.Or(x[i], y[i]), carry))
		}
		return append(sum, carry)
	})
	return thresholds, ripple
}

// express returns a circuit in the gates of the format.
func (f Format) express(t rapid.TB, c *circuit.Circuit) *circuit.Circuit {
	t.Helper()
	return must(basis.Express(context.Background(), c, f.Repertoire))(t)
}

// Expressed writes a circuit in the gates of the format.
func (f Format) Expressed(t rapid.TB, c *circuit.Circuit) []byte {
	t.Helper()
	return f.Written(t, netlist.Of(f.express(t, c)))
}
