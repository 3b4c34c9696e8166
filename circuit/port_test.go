package circuit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// TestFormatsByHand pins the codes of all the formats down.
func TestFormatsByHand(t *testing.T) {
	weights := []circuit.Int{circuit.NewInt(5), circuit.NewInt(-2), circuit.Pow2(70)}
	for _, test := range []struct {
		format circuit.Format
		wires  string // wire 0 first
		want   string // a number, or part of an error
	}{
		{circuit.Format{}, "", "0"},
		{circuit.Format{}, "1101", "11"},
		{circuit.Format{}, strings.Repeat("1", 70), circuit.Pow2(70).Sub(circuit.NewInt(1)).String()},
		{circuit.Format{Offset: circuit.NewInt(9)}, "1", "1"}, // an offset means nothing to it
		{circuit.Format{Kind: circuit.TwosComplement}, "", "0"},
		{circuit.Format{Kind: circuit.TwosComplement}, "1", "-1"},
		{circuit.Format{Kind: circuit.TwosComplement}, "1101", "-5"},
		{circuit.Format{Kind: circuit.TwosComplement}, "1110", "7"},
		{circuit.Format{Kind: circuit.TwosComplement}, strings.Repeat("0", 70) + "1", circuit.Pow2(70).Neg().String()},
		{circuit.Format{Kind: circuit.Thermometer}, "", "0"},
		{circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-2)}, "000", "-2"},
		{circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-2)}, "110", "0"},
		{
			circuit.Format{Kind: circuit.Thermometer, Offset: circuit.Pow2(80)},
			"1",
			circuit.Pow2(80).Add(circuit.NewInt(1)).String(),
		},
		{circuit.Format{Kind: circuit.Thermometer}, "010", "1 above a 0"},
		{circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(10)}, "0010", "12"},
		{circuit.Format{Kind: circuit.OneHot}, "0000", "0 of the 4 wires"},
		{circuit.Format{Kind: circuit.OneHot}, "1010", "2 of the 4 wires"},
		{circuit.Format{Kind: circuit.Weighted, Weights: weights, Offset: circuit.NewInt(1)}, "110", "4"},
		{
			circuit.Format{Kind: circuit.Weighted, Weights: weights, Offset: circuit.NewInt(1)},
			"011",
			circuit.Pow2(70).Sub(circuit.NewInt(1)).String(),
		},
		{circuit.Format{Kind: circuit.Weighted, Weights: weights}, "11", "2 bits for 3 weights"},
	} {
		bits := make([]bool, len(test.wires))
		for i := range bits {
			bits[i] = test.wires[i] == '1'
		}
		got, err := test.format.Decode(bits)
		if err != nil && !strings.Contains(err.Error(), test.want) || err == nil && got.String() != test.want {
			t.Errorf("%v of %q is %v, %v; want %s", test.format.Kind, test.wires, got, err, test.want)
		}
	}
}

// TestFormatsRoundTrip encodes and decodes every value of every range, and one to
// either side of it, in all the formats that have codes, at up to 7 wires.
func TestFormatsRoundTrip(t *testing.T) {
	for _, offset := range []circuit.Int{{}, circuit.NewInt(-300), circuit.Pow2(100)} {
		for kind := circuit.Unsigned; kind <= circuit.OneHot; kind++ {
			f := circuit.Format{Kind: kind, Offset: offset}
			for n := range 8 {
				lo, hi := f.Range(n)
				bits := make([]bool, n)
				seen := map[string]bool{}
				for v := lo; v.Cmp(hi) <= 0; v = v.Add(circuit.NewInt(1)) {
					if err := f.Encode(v, bits); err != nil {
						t.Fatal(err)
					}
					got, err := f.Decode(bits)
					if err != nil || got.Cmp(v) != 0 {
						t.Fatalf(
							"%v on %d wires: %v is encoded as %v and decoded as %v, %v",
							kind,
							n,
							v,
							bits,
							got,
							err,
						)
					}
					seen[fmt.Sprint(bits)] = true
				}
				want := map[circuit.FormatKind]int{
					circuit.Unsigned: 1 << n, circuit.TwosComplement: 1 << n,
					circuit.Thermometer: n + 1, circuit.OneHot: n,
				}[kind]
				if len(seen) != want {
					t.Errorf("%v on %d wires has %d codes, want %d", kind, n, len(seen), want)
				}
				for _, v := range []circuit.Int{
					lo.Sub(circuit.NewInt(1)), hi.Add(circuit.NewInt(1)),
					circuit.Pow2(200),
				} {
					if err := f.Encode(v, bits); err == nil {
						t.Errorf("%v on %d wires: %v, outside %v..%v, is encoded", kind, n, v, lo, hi)
					}
				}
			}
		}
	}
	weighted := circuit.Format{
		Kind:    circuit.Weighted,
		Offset:  circuit.NewInt(1),
		Weights: []circuit.Int{circuit.NewInt(3), circuit.NewInt(-4), circuit.NewInt(6)},
	}
	if lo, hi := weighted.Range(3); lo.Cmp(circuit.NewInt(-3)) != 0 || hi.Cmp(circuit.NewInt(10)) != 0 {
		t.Errorf("the range of %v is %v..%v", weighted, lo, hi)
	}
	if err := weighted.Encode(circuit.NewInt(4), make([]bool, 3)); err == nil {
		t.Error("a weighted value is encoded, though codes are not unique")
	}
}

func TestFormatNames(t *testing.T) {
	seen := map[string]bool{}
	for kind := circuit.Unsigned; kind <= circuit.Weighted; kind++ {
		seen[kind.String()] = true
	}
	if len(seen) != 5 || circuit.FormatKind(77).String() != "FormatKind(77)" {
		t.Errorf("names %v and %v", seen, circuit.FormatKind(77))
	}
}

// TestOutputs asserts the names and the order of ports and wires.
func TestOutputs(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	y := b.InputPort("y", circuit.Format{}, 3)
	b.Output("one", x[0])
	b.Output("two", x[1], y[0].Not())
	b.OutputPort("none", circuit.Format{Kind: circuit.OneHot})
	b.OutputPort("three", circuit.Format{}, y...)
	b.OutputSum("sum", b.Sum(circuit.Weigh(2, y[2]), circuit.Weigh(-3, x[0])).Plus(circuit.NewInt(4)))
	c := built(t, b)
	names := ""
	for _, p := range c.InputPorts() {
		names += fmt.Sprint(p.Name, len(p.Wires), " ")
	}
	for _, p := range c.OutputPorts() {
		names += fmt.Sprint(p.Name, len(p.Wires), " ")
	}
	if want := "x[0]1 x[1]1 y3 one1 two[0]1 two[1]1 none0 three3 sum2 "; names != want {
		t.Errorf("ports %q, want %q", names, want)
	}
	want := []circuit.Lit{x[0], x[1], y[0].Not(), y[0], y[1], y[2], x[0], y[2]}
	if got := c.Outputs(); fmt.Sprint(got) != fmt.Sprint(want) || c.OutputCount() != len(want) {
		t.Errorf("outputs %v, want %v", got, want)
	}
	if f := c.OutputPorts()[5].Format; fmt.Sprint(f.Weights, f.Offset) != "[-3 2] 4" {
		t.Errorf("the sum's port has weights %v and offset %v", f.Weights, f.Offset)
	}
	if got := fmt.Sprint(c.Inputs()); got != "[1 2 3 4 5]" {
		t.Errorf("inputs %s", got)
	}
}

// TestWireName asserts that a wire that is alone in its port has the name of the port.
func TestWireName(t *testing.T) {
	one, two := circuit.Port{
		Name:  "x",
		Wires: make([]circuit.Lit, 1),
	}, circuit.Port{
		Name:  "y[2,3]",
		Wires: make([]circuit.Lit, 2),
	}
	if got := [3]string{one.WireName(0), two.WireName(0), two.WireName(1)}; got != [3]string{
		"x",
		"y[2,3].0",
		"y[2,3].1",
	} {
		t.Errorf("names %q", got)
	}
}
