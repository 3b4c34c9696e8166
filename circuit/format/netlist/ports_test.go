package netlist

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// singles returns the circuit with a port for every wire.
func singles(c *circuit.Circuit) (*circuit.Circuit, error) {
	var in, out []circuit.PortShape
	for i := range c.Inputs() {
		in = append(in, circuit.PortShape{Name: fmt.Sprint("i", i), Wires: 1})
	}
	for i := range c.Outputs() {
		out = append(out, circuit.PortShape{Name: fmt.Sprint("o", i), Wires: 1})
	}
	return c.Regroup(in, out)
}

func portTexts(c *circuit.Circuit) (all []string) {
	for _, ports := range [][]circuit.Port{c.InputPorts(), c.OutputPorts()} {
		for _, p := range ports {
			all = append(
				all,
				fmt.Sprintf("%q %v %v %v %v", p.Name, p.Format.Kind, p.Format.Offset, p.Format.Weights, p.Wires),
			)
		}
		all = append(all, "-")
	}
	return all
}

// Comments give a circuit of bits its ports back, whatever they are called.
func TestPortCommentsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := circuit.NewBuilder()
		names := rapid.SliceOfNDistinct(rapid.String(), 1, 6, rapid.ID).Draw(t, "names")
		number := func() circuit.Int {
			v := circuit.NewInt(rapid.Int64().Draw(t, "number"))
			return v.Mul(v)
		}
		var lits []circuit.Lit
		for i, name := range names {
			wires := rapid.IntRange(0, 3).Draw(t, "wires")
			f := circuit.Format{Kind: circuit.FormatKind(rapid.IntRange(0, 3).Draw(t, "kind"))}
			if f.Kind == circuit.Thermometer || f.Kind == circuit.OneHot {
				f.Offset = number()
			}
			lits = append(lits, b.InputPort(name, f, wires)...)
			if rapid.Bool().Draw(t, "weighted") {
				f = circuit.Format{Kind: circuit.Weighted, Offset: number()}
				for range len(lits) {
					f.Weights = append(f.Weights, number().Neg())
				}
				b.OutputPort(names[len(names)-1-i], f, lits...)
			} else {
				b.OutputPort(names[len(names)-1-i], f, lits...)
			}
		}
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		comments := PortComments(c)
		for _, line := range comments {
			if strings.ContainsAny(line, "\n\r") || strings.TrimSpace(line) != line {
				t.Fatalf("%q is no line of a comment", line)
			}
		}
		flat, err := singles(c)
		if err != nil {
			t.Fatal(err)
		}
		d := &Design{Circuit: flat, Comments: append([]string{"mine", "tc0 rocks"}, comments...)}
		if err := d.TakePorts(nil); err != nil {
			t.Fatal(err)
		}
		if comments == nil { // single bits with plain names need none
			return
		}
		if diff := cmp.Diff(portTexts(c), portTexts(d.Circuit)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff([]string{"mine", "tc0 rocks"}, d.Comments); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestPortCommentsOfBits(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.And(b.Inputs("x", 2)...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if got := PortComments(c); got != nil {
		t.Errorf("comments %q for a circuit of single bits", got)
	}
}

func TestTakePortsErrors(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.And(b.Inputs("x", 2)...))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	for comment, want := range map[string]string{
		"tc0 input 2 unsigned x":           "1 output wires in ports of 0 wires",
		"tc0 input 3 unsigned x":           "2 input wires in ports of 3 wires",
		"tc0 input x unsigned 3":           `"x" wires`,
		"tc0 input -1 unsigned x":          `"-1" wires`,
		"tc0 input 99999999999 unsigned x": `"99999999999" wires`,
		"tc0 input 2":                      "it has 1 parts instead of 3",
		"tc0 output 1 binary y":            `"binary" is no format of a port`,
		"tc0 output 1 unsigned+3 y":        `"unsigned+3" is no format of a port`,
		"tc0 output 1 one-hot y":           `"one-hot" is no format of a port`,
		"tc0 output 1 one-hot+3:1 y":       `"one-hot+3:1" is no format of a port`,
		"tc0 output 1 weighted+3 y":        `"weighted+3" is no format of a port`,
		"tc0 output 1 weighted+3:1,x y":    `"x" is not an integer`,
		"tc0 output 1 weighted+a:1 y":      `"a" is not an integer`,
		`tc0 output 1 unsigned "y`:         `"\"y" is no name`,
	} {
		d := &Design{Circuit: c, Comments: []string{"one", comment}}
		err := d.TakePorts([]int{4, 9})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "line 9: ") {
			t.Errorf("%q: error %v, want line 9 and %s", comment, err, want)
		}
		if d.Circuit != c {
			t.Errorf("%q: the circuit has changed", comment)
		}
	}
}
