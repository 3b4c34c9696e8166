package circuit_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// halves has two outputs that share a sum, and one more that reads other inputs.
func halves(t *testing.T) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x, y := b.InputPort("x", circuit.Format{}, 3), b.InputPort("y", circuit.Format{}, 2)
	b.Begin("count")
	s := b.Count(x...)
	low := b.Threshold(s, circuit.NewInt(1))
	high := b.Threshold(s, circuit.NewInt(2))
	b.End()
	b.OutputPort("a", circuit.Format{Kind: circuit.Thermometer}, low, high)
	b.OutputPort("b.1", circuit.Format{}, b.Xor(y...))
	b.OutputPort("b", circuit.Format{}, b.And(y[0], x[0]).Not(), circuit.True)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestConeComputesItsOutputs(t *testing.T) {
	c := halves(t)
	for _, test := range []struct {
		names  []string
		inputs string
		size   int
		wires  []int
	}{
		{[]string{"a"}, "x", 2, []int{0, 1}},
		{[]string{"a.1"}, "x", 1, []int{1}},
		{[]string{"b.1"}, "y", 1, []int{2}}, // a port of that name goes before a wire
		{[]string{"b"}, "x y", 1, []int{3, 4}},
		{[]string{"b.0", "a.0", "b.0"}, "x y", 2, []int{3, 0}},
		{nil, "", 0, nil},
	} {
		cone, err := c.Cone(test.names...)
		if err != nil {
			t.Fatal(err)
		}
		if err := cone.Check(); err != nil {
			t.Fatalf("%v: %v", test.names, err)
		}
		var inputs []string
		for _, p := range cone.InputPorts() {
			inputs = append(inputs, p.Name)
		}
		if got := strings.Join(inputs, " "); got != test.inputs || cone.Size() != test.size ||
			cone.OutputCount() != len(test.wires) {
			t.Errorf("%v: inputs %q, %d gates, %d outputs; want %q, %d, %d",
				test.names, got, cone.Size(), cone.OutputCount(), test.inputs, test.size, len(test.wires))
			continue
		}
		for v := range 1 << 5 {
			bit := func(i int) bool { return v>>i&1 != 0 }
			in := []bool{bit(0), bit(1), bit(2), bit(3), bit(4)}
			want, err := c.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			part := in[:0:0]
			if strings.Contains(test.inputs, "x") {
				part = append(part, in[:3]...)
			}
			if strings.Contains(test.inputs, "y") {
				part = append(part, in[3:]...)
			}
			got, err := cone.Eval(part)
			if err != nil {
				t.Fatal(err)
			}
			for i, w := range test.wires {
				if got[i] != want[w] {
					t.Errorf("%v: wire %d is %v on %v, want %v", test.names, i, got[i], in, want[w])
				}
			}
		}
	}
}

func TestConeOfUnknownOutput(t *testing.T) {
	c := halves(t)
	for _, name := range []string{"c", "a.2", "a.-1", "a.01", "a.", ".0", ""} {
		_, err := c.Cone("a", name)
		var unknown *circuit.UnknownOutputError
		if !errors.As(err, &unknown) || unknown.Name != name || unknown.Count != 3 ||
			!strings.Contains(err.Error(), "outputs: a b.1 b (") {
			t.Errorf("%q: %v", name, err)
		}
	}
	b := circuit.NewBuilder()
	x := b.Input("x")
	b.Output("a b\n"+strings.Repeat("é", 50), x)
	for i := range 20 {
		b.Output(fmt.Sprintf("y%d", i), x)
	}
	many, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := many.Cone("z"); err == nil || !strings.Contains(err.Error(), "y10 and 9 more") ||
		strings.Contains(err.Error(), "y11") ||
		!strings.Contains(err.Error(), `"a b\n`+strings.Repeat("é", 36)+`…" y0`) {
		t.Errorf("got %v", err)
	}
}

func ExampleCircuit_Cone() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 8)
	b.Output("all", b.And(x...))
	b.Output("first", b.Or(x[:2]...), b.Xor(x[:2]...))
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	cone, err := c.Cone("first[1]")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.Size(), "gates,", len(c.Inputs()), "inputs")
	fmt.Println(cone.Size(), "gate,", len(cone.Inputs()), "inputs")
	// Output:
	// 3 gates, 8 inputs
	// 1 gate, 2 inputs
}
