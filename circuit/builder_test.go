package circuit_test

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

func TestBuilderErrors(t *testing.T) {
	for _, test := range []struct {
		name  string
		build func(b *circuit.Builder)
		want  string
	}{
		{"two inputs of a name", func(b *circuit.Builder) {
			b.Input("x")
			b.InputPort("x", circuit.Format{}, 3)
		}, `two input ports are named "x"`},
		{"two outputs of a name", func(b *circuit.Builder) {
			b.Output("y", circuit.True)
			b.Output("y", circuit.False)
		}, `two output ports are named "y"`},
		{"a stage left open", func(b *circuit.Builder) {
			b.Begin("outer")
			b.Begin("inner")
			b.End()
			b.Begin("second")
		}, `stage "outer/second" was begun and not ended`},
		{"a weighted input", func(b *circuit.Builder) {
			b.InputPort("x", circuit.Format{Kind: circuit.Weighted}, 2)
		}, `input port "x": a weighted format has no unique code`},
		{"weights that do not fit", func(b *circuit.Builder) {
			b.OutputPort("y", circuit.Format{Kind: circuit.Weighted, Weights: make([]circuit.Int, 2)}, circuit.True)
		}, `output port "y" has 2 weights for 1 wires`},
		{"literal of another builder", func(b *circuit.Builder) {
			other := circuit.NewBuilder()
			b.And(b.Input("x"), other.Inputs("y", 9)[8])
		}, "gate 2 (AND): reads gate 9"},
		{
			"unknown format", func(b *circuit.Builder) { b.InputPort("x", circuit.Format{Kind: 99}, 2) },
			"FormatKind(99) is no format",
		},
		{"too long a number", func(b *circuit.Builder) {
			x := b.Inputs("x", 2)
			b.Threshold(b.Sum(circuit.Term{Weight: circuit.Pow2(1 << 17), Of: x[0].Value()}, circuit.Weigh(1, x[1])),
				circuit.NewInt(1))
		}, "131073 bits"},
		{"modulus 0", func(b *circuit.Builder) { b.Mod(0, nil, b.Input("x")) }, "modulus 0, outside 1..65536"},
		{"negative modulus", func(b *circuit.Builder) { b.Mod(-2, nil, b.Input("x")) }, "modulus -2"},
		{"great modulus", func(b *circuit.Builder) { b.Mod(1<<16+1, nil, b.Input("x")) }, "modulus 65537"},
		{"the first of two errors", func(b *circuit.Builder) {
			b.Mod(0, nil)
			b.Input("x")
			b.Input("x")
		}, "modulus 0"},
	} {
		b := circuit.NewBuilder()
		test.build(b)
		c, err := b.Circuit()
		if c != nil || err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

func TestBuilderBuildsOnce(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.Input("x"))
	built(t, b)
	if c, err := b.Circuit(); c != nil || err == nil || !strings.Contains(err.Error(), "already built") {
		t.Errorf("a second circuit: %v, %v", c, err)
	}
}

func TestEndWithoutBegin(t *testing.T) {
	b := circuit.NewBuilder()
	b.Begin("a")
	b.End()
	defer func() {
		if got := recover(); got != "circuit: End without Begin" {
			t.Errorf("panic %v", got)
		}
	}()
	b.End()
}

// TestSameNameInAndOut asserts that an input and an output may share a name.
func TestSameNameInAndOut(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("x", b.Input("x"))
	built(t, b)
}

// TestBuilderSize asserts that the room a builder is given makes no difference to
// the circuit.
func TestBuilderSize(t *testing.T) {
	build := func(b *circuit.Builder) *circuit.Circuit {
		x := b.Inputs("x", 30)
		acc := x[0]
		for i := range 5000 {
			acc = b.And(b.Xor(acc, x[i%30]), x[i*7%30].Not()).Not()
		}
		b.Output("y", acc)
		return built(t, b)
	}
	want := build(circuit.NewBuilder())
	for _, size := range []int{1, 1000, 100_000} {
		if diff := circuitDiff(want, build(circuit.NewBuilderSize(size))); diff != "" {
			t.Errorf("with room for %d gates:\n%s", size, diff)
		}
	}
}
