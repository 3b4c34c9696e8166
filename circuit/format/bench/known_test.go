package bench

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// TestKnownCircuits asserts the published counts of ISCAS-85 circuits, and that they come
// back as they were.
func TestKnownCircuits(t *testing.T) {
	for name, want := range formattest.Expected(t, "iscas85/") {
		t.Run(name, func(t *testing.T) {
			d := format().Parsed(t, formattest.Known(t, name))
			got := formattest.CountsOf(d.Circuit)
			formattest.Agree(t, name, want, got.Columns(d.Wires))
			if got.Wires != d.Wires {
				t.Errorf("%d wires in the circuit, %d in the file", got.Wires, d.Wires)
			}
			back := format().ExactTrip(t, d)
			if back.Wires != d.Wires {
				t.Errorf("%d wires written, want %d", back.Wires, d.Wires)
			}
		})
	}
}

// TestKnownMultiplier asserts the function of c6288, a multiplier of 16 bits whose last
// two outputs are swapped.
func TestKnownMultiplier(t *testing.T) {
	d := format().Parsed(t, formattest.Known(t, "iscas85/c6288.bench"))
	in := formattest.Vectors(32)
	out := formattest.Run(t, d.Circuit, in)
	for lane := range in.Lanes() {
		bits := out.Lane(lane)
		bits[30], bits[31] = bits[31], bits[30]
		x := in.Lane(lane)
		if a, b, p := number(x[:16]), number(x[16:]), number(bits); a*b != p {
			t.Fatalf("%d·%d is %d", a, b, p)
		}
	}
}

func number(bits []bool) uint64 {
	var v uint64
	for i, b := range bits {
		if b {
			v |= 1 << i
		}
	}
	return v
}

// TestKnownEqualCircuits asserts that c499 and c1355 compute the same.
func TestKnownEqualCircuits(t *testing.T) {
	a := format().Parsed(t, formattest.Known(t, "iscas85/c499.bench"))
	b := format().Parsed(t, formattest.Known(t, "iscas85/c1355.bench"))
	formattest.SameFunction(t, a.Circuit, b.Circuit)
}
