package vector_test

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
)

func portsOf(t *testing.T, widths ...circuit.PortShape) *circuit.Circuit {
	b := circuit.NewBuilder()
	for _, s := range widths {
		b.InputPort(s.Name, s.Format, s.Wires)
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// randomInputs returns tile number t of the random inputs.
func randomInputs(c *circuit.Circuit, t int, seed uint64) *eval.Vectors {
	codec := vector.NewCodec(c.InputPorts())
	in := eval.NewVectors(codec.Wires, eval.TileLanes)
	codec.Random(in, t*eval.TileLanes, seed)
	return in
}

// Counting goes through every code of every port once.
func TestAllInputs(t *testing.T) {
	hot, level := circuit.Format{Kind: circuit.OneHot}, circuit.Format{Kind: circuit.Thermometer}
	for _, c := range []*circuit.Circuit{
		portsOf(t, circuit.PortShape{Name: "x", Wires: 9}),
		portsOf(t, circuit.PortShape{Name: "x", Wires: 2}, circuit.PortShape{Name: "h", Format: hot, Wires: 5},
			circuit.PortShape{Name: "t", Format: level, Wires: 3}),
		portsOf(t),
	} {
		want := 1
		for _, p := range c.InputPorts() {
			switch p.Format.Kind {
			case circuit.OneHot:
				want *= len(p.Wires)
			case circuit.Thermometer:
				want *= len(p.Wires) + 1
			default:
				want <<= len(p.Wires)
			}
		}
		codec := vector.NewCodec(c.InputPorts())
		n, _ := codec.Count(1 << 20)
		in := eval.NewVectors(codec.Wires, n)
		codec.Counted(in, 0)
		seen := map[string]bool{}
		for lane := range in.Lanes() {
			seen[fmt.Sprint(in.Lane(lane))] = true
			checkCodes(t, c, in.Lane(lane))
		}
		if in.Lanes() != want || len(seen) != want {
			t.Errorf("%d inputs, %d of them different, want %d", in.Lanes(), len(seen), want)
		}
	}
	wide := portsOf(t, circuit.PortShape{Name: "x", Wires: 70})
	if _, few := vector.NewCodec(wide.InputPorts()).Count(1 << 20); few {
		t.Error("2^70 inputs are said to be few")
	}
}

func checkCodes(t *testing.T, c *circuit.Circuit, bits []bool) {
	t.Helper()
	for _, p := range c.InputPorts() {
		if _, err := p.Format.Decode(bits[:len(p.Wires)]); err != nil {
			t.Fatal(err)
		}
		bits = bits[len(p.Wires):]
	}
}

// Random inputs are codes, the same in every run, and go to the corners.
func TestRandomInputs(t *testing.T) {
	c := portsOf(
		t,
		circuit.PortShape{
			Name:  "x",
			Wires: 100,
		},
		circuit.PortShape{Name: "h", Format: circuit.Format{Kind: circuit.OneHot}, Wires: 70},
		circuit.PortShape{
			Name:   "t",
			Format: circuit.Format{Kind: circuit.Thermometer},
			Wires:  9,
		},
		circuit.PortShape{Name: "z", Format: circuit.Format{Kind: circuit.TwosComplement}, Wires: 1},
	)
	for tile := range 40 {
		in, again := randomInputs(c, tile, 7), randomInputs(c, tile, 7)
		for lane := range in.Lanes() {
			checkCodes(t, c, in.Lane(lane))
		}
		for i := range in.Wires() {
			if fmt.Sprint(in.Row(i)) != fmt.Sprint(again.Row(i)) {
				t.Fatalf("tile %d is not the same twice", tile)
			}
		}
	}
	plain := portsOf(t, circuit.PortShape{Name: "x", Wires: 40})
	first := randomInputs(plain, 0, 1)
	for lane := range 2 + 2*40 {
		ones := 0
		for _, bit := range first.Lane(lane) {
			if bit {
				ones++
			}
		}
		if want := []int{0, 40, 1, 39}[min(lane, 2+lane%2)]; ones != want {
			t.Errorf("corner %d has %d ones, want %d", lane, ones, want)
		}
	}
	// Every number of ones occurs, and half the inputs are fair.
	count := make([]int, 41)
	for tile := range 1 << 16 / eval.TileLanes {
		in := randomInputs(plain, tile, 1)
		for lane := range in.Lanes() {
			ones := 0
			for _, bit := range in.Lane(lane) {
				if bit {
					ones++
				}
			}
			count[ones]++
		}
	}
	for w, n := range count {
		if n < 50 {
			t.Errorf("%d inputs with %d ones", n, w)
		}
	}
	if fair := count[18] + count[19] + count[20] + count[21] + count[22]; fair < 1<<16/4 {
		t.Errorf("%d inputs with about as many ones as zeros", fair)
	}
}
