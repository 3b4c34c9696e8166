package lower

import (
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// TestMet enters more conjunctions than are remembered. What is found must be what was entered for the same two
// literals in the same classes, and right after it was entered it must be found, unless the places have become more.
func TestMet(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	any := func() literal {
		return literal{
			lit:   circuit.Lit(r.Uint32N(3000)),
			class: Class{Level: r.IntN(3), And: r.IntN(2) == 0},
			made:  r.IntN(2) == 0,
		}
	}
	var m met
	entered := map[[2]literal]literal{}
	found := 0
	for i := range 3 * mostMet {
		x, y := any(), any()
		e, how := m.at(x, y, 2*mostMet)
		if e.is(x, y, how) {
			found++
			if z := entered[[2]literal{x, y}]; e.z != z.lit || e.made() != z.made {
				t.Fatalf("%+v and %+v meet in %d, made %t; entered was %+v", x, y, e.z, e.made(), z)
			}
			continue
		}
		size := len(m.known)
		z := literal{lit: circuit.Lit(i), made: r.IntN(2) == 0}
		m.enter(e, x, y, how, z)
		entered[[2]literal{x, y}] = z
		e, how = m.at(x, y, 2*mostMet)
		if len(m.known) == size && (!e.is(x, y, how) || e.z != z.lit || e.made() != z.made) {
			t.Fatalf("%+v and %+v are not found right after they were entered", x, y)
		}
	}
	if len(m.known) != mostMet || found == 0 {
		t.Errorf("%d places, %d found; want %d, and some", len(m.known), found, mostMet)
	}
	deep := literal{lit: 8, class: Class{Level: 1 << 13}}
	if e, how := m.at(deep, deep, 0); e.is(deep, deep, how) {
		t.Error("a literal of a level that does not fit is found")
	}
	m.enter(nil, deep, deep, 0, deep)
}
