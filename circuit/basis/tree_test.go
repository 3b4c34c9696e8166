package basis_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// wide makes an associative gate on literals.
var wide = map[string]func(b *circuit.Builder, x []circuit.Lit) circuit.Lit{
	"XOR": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) },
	"AND": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.And(x...) },
	"OR":  func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Or(x...) },
	"MOD 2": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
		return b.Mod(2, []int64{1}, x...)
	},
	"THRESHOLD of 1": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(1, x...) },
	"THRESHOLD of n": func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(len(x), x...) },
}

// A gate of n inputs that come at once has depth ⌈log₂ n⌉ and n − 1 gates.
func TestTreeDepth(t *testing.T) {
	for name, gate := range wide {
		for _, keep := range []bool{false, true} {
			for n := 2; n <= 200; n++ {
				b := circuit.NewBuilder()
				if keep {
					b.Keep()
				}
				b.Output("y", gate(b, b.Inputs("x", n)))
				c := formattest.Built(t, b)
				got := legalised(t, c, basis.NC1)
				if got.Depth() != log2(n) || got.Size() != n-1 {
					t.Errorf("%s of %d: depth %d and size %d, want %d and %d",
						name, n, got.Depth(), got.Size(), log2(n), n-1)
				}
				if n%50 == 0 || n < 12 {
					formattest.SameFunction(t, c, got)
				}
			}
		}
	}
}

// Inputs that come at levels aᵢ are combined by the least level D for which Σ 2^aᵢ ≤ 2^D: no tree
// of gates with two inputs is lower (Kraft 1949; Golumbic 1976).
func TestTreeOfArrivals(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for name, gate := range wide {
		for range 60 {
			b := circuit.NewBuilder()
			var in []circuit.Lit
			var weight circuit.Int
			for i := range 2 + r.IntN(40) {
				level := r.IntN(9)
				x := b.Inputs(fmt.Sprint("x", i, "."), level+1)
				l := x[0]
				for j, y := range x[1:] { // no two neighbours are one gate when they are combined
					if j%2 == 0 {
						l = b.And(l, y)
					} else {
						l = b.Or(l, y)
					}
				}
				in = append(in, l)
				weight = weight.Add(circuit.Pow2(level))
			}
			b.Output("y", gate(b, in))
			c := formattest.Built(t, b)
			got := legalised(t, c, basis.NC1)
			want := weight.Sub(circuit.NewInt(1)).BitLen()
			if got.Depth() != want {
				t.Errorf("%s of %d literals: depth %d, want %d", name, len(in), got.Depth(), want)
			}
			formattest.SameFunction(t, c, got)
		}
	}
}
