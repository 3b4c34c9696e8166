package netlist

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// describe writes ports with their widths.
func describe(ports []circuit.Port) string {
	var list []string
	for _, p := range ports {
		list = append(list, fmt.Sprintf("%s:%d", p.Name, len(p.Wires)))
	}
	return strings.Join(list, " ")
}

func TestGroup(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"a[0] a[1] a[2]", "a:3"},
		{"a[2] a[1] a[0]", "a:3"},
		{"b a[1] b[0] a[0] c", "b:1 a:2 b[0]:1 c:1"}, // b is taken
		{"a[0] a[2]", "a[0]:1 a[2]:1"},
		{"a[1] a[2]", "a[1]:1 a[2]:1"},
		{"a[00] a[+1] a[-1] a[x] [0] a[] a0]", "a[00]:1 a[+1]:1 a[-1]:1 a[x]:1 [0]:1 a[]:1 a0]:1"},
		{"m[0][0] m[0][1] m[1][0]", "m[0]:2 m[1]:1"},
		{"x[99999999999999999999] x[0]", "x[99999999999999999999]:1 x:1"},
	} {
		var file strings.Builder
		names := strings.Fields(test.in)
		for _, name := range names {
			fmt.Fprintf(&file, "in %s\n", name)
		}
		fmt.Fprintf(&file, "y[1] = %s %s\ny[0] = %s\nout y[1]\nout y[0]\n", names[0], names[1], names[0])
		d, err := read(file.String())
		if err != nil {
			t.Fatal(err)
		}
		g, err := d.Group()
		if err != nil {
			t.Fatal(err)
		}
		if got := describe(g.Circuit.InputPorts()); got != test.want {
			t.Errorf("%s becomes %s, want %s", test.in, got, test.want)
		}
		if got := describe(g.Circuit.OutputPorts()); got != "y:2" {
			t.Errorf("%s: outputs %s", test.in, got)
		}
	}
}

// TestGroupComputes asserts that bit k of a port is the wire with the number k, in whatever order the
// file has them, and that signals keep their names.
func TestGroupComputes(t *testing.T) {
	d, err := read("in a[2]\nin b\nin a[0]\nin a[1]\nout y[1]\nout z\nout y[0]\ny[1] = a[2] a[1]\nz = b\ny[0] = a[0] b\n")
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.Group()
	if err != nil {
		t.Fatal(err)
	}
	if in, out := describe(g.Circuit.InputPorts()), describe(g.Circuit.OutputPorts()); in != "a:3 b:1" || out != "y:2 z:1" {
		t.Errorf("inputs %s, outputs %s", in, out)
	}
	nand := func(x, y int) int { return 1 - x&y }
	for v := range 16 {
		a, b := v&7, v>>3
		bits := []bool{a&1 != 0, a&2 != 0, a&4 != 0, b != 0}
		got, err := g.Circuit.Eval(bits)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []int{nand(a&1, b), nand(a>>2&1, a>>1&1), 1 - b} {
			if got[i] != (want == 1) {
				t.Errorf("bit %d of the outputs for a = %d, b = %d is %v", i, a, b, got[i])
			}
		}
	}
	for gate, name := range g.Signals {
		if name != "" && g.Circuit.Kind(circuit.Gate(gate)).IsSource() != (name == "b" || name[0] == 'a') {
			t.Errorf("gate %d has the name %s", gate, name)
		}
	}
	if len(d.Circuit.InputPorts()) != 4 {
		t.Error("the design is not as it was")
	}
}
