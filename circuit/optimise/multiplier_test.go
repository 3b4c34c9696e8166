package optimise_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/optimise"
)

// norMultiplier makes an array multiplier of NOR and AND gates, as c6288 is one: nine
// NORs for each full adder, five NORs and NOTs for each half-adder.
func norMultiplier(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilderSize(11 * n * n)
	b.Keep()
	x, y := b.InputPort("x", circuit.Format{}, n), b.InputPort("y", circuit.Format{}, n)
	half := func(p, q circuit.Lit) (sum, carry circuit.Lit) {
		carry = b.Nor(b.Not(p), b.Not(q))
		return b.Nor(b.Nor(p, q), carry), carry
	}
	full := func(p, q, r circuit.Lit) (sum, carry circuit.Lit) {
		n1 := b.Nor(p, q)
		n4 := b.Nor(b.Nor(p, n1), b.Nor(q, n1)) // p ⊙ q
		n5 := b.Nor(n4, r)
		return b.Nor(b.Nor(n4, n5), b.Nor(r, n5)), b.Nor(n1, n5)
	}
	row := make([]circuit.Lit, n) // of the partial sum, above the bits that are done
	for j := range row {
		row[j] = b.And(x[j], y[0])
	}
	product := []circuit.Lit{row[0]}
	top := circuit.False
	for i := 1; i < n; i++ {
		next := make([]circuit.Lit, n)
		carry := circuit.False
		for j := range n {
			above := top
			if j < n-1 {
				above = row[j+1]
			}
			p := b.And(x[j], y[i])
			switch {
			case above == circuit.False && carry == circuit.False:
				next[j] = p
			case carry == circuit.False:
				next[j], carry = half(above, p)
			case above == circuit.False:
				next[j], carry = half(carry, p)
			default:
				next[j], carry = full(above, p, carry)
			}
		}
		row, top = next, carry
		product = append(product, row[0])
	}
	b.OutputPort("product", circuit.Format{}, append(append(product, row[1:]...), top)...)
	return built(t, b)
}

// A full adder of nine NORs becomes two XORs and the gates of its carry.
func TestMultiplier(t *testing.T) {
	c := norMultiplier(t, 6)
	for _, v := range []int{0, 1, 63 | 63<<6, 37 | 51<<6, 62 | 33<<6} {
		in := make([]bool, 12)
		for i := range in {
			in[i] = v>>i&1 == 1
		}
		out, err := c.Eval(in)
		if err != nil {
			t.Fatal(err)
		}
		got, err := c.OutputPorts()[0].Format.Decode(out)
		if want := int64(v&63) * int64(v>>6); err != nil || got.Cmp(circuit.NewInt(want)) != 0 {
			t.Fatalf("%d·%d is %v, %v", v&63, v>>6, got, err)
		}
	}
	_, r := optimised(t, c, optimise.Config{})
	if r.Before.Size != 270 || r.After.Size != 168 {
		t.Errorf("%+v became %+v", r.Before, r.After)
	}
}
