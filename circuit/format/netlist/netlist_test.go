package netlist

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

// read makes a netlist of lines "in a", "out a" and "a = b c", whose gates are NANDs.
func read(text string) (*Design, error) {
	s := NewScanner(strings.NewReader(text), Lexis{Signs: "="})
	n := New()
	for {
		line, ok := s.Next()
		if !ok {
			break
		}
		var err error
		switch {
		case line[0].Is("in"):
			err = n.Input(line[1])
		case line[0].Is("out"):
			n.Output(line[1])
		default:
			err = n.Define(line[0], line[2:], 0)
		}
		if err != nil {
			return nil, err
		}
	}
	return n.Build(func(b *circuit.Builder, _ int, in []circuit.Lit) circuit.Lit { return b.Nand(in...) })
}

func TestNetlistAnyOrder(t *testing.T) {
	d, err := read("out z\nz = x y\ny = a\nx = a b\nin a\nin b\nout a\n")
	if err != nil {
		t.Fatal(err)
	}
	if d.Wires != 5 || d.Circuit.Size() != 3 {
		t.Errorf("%d wires, %d gates; want 5 and 3", d.Wires, d.Circuit.Size())
	}
	if got := fmt.Sprintf("%q", d.Signals); got != `["" "a" "b" "x" "y" "z"]` {
		t.Errorf("signals %s", got)
	}
	for in := range 4 {
		a, b := in&1 != 0, in&2 != 0
		out, err := d.Circuit.Eval([]bool{a, b})
		if err != nil {
			t.Fatal(err)
		}
		x, y := !(a && b), !a
		if out[0] != !(x && y) || out[1] != a {
			t.Errorf("a=%v b=%v: %v", a, b, out)
		}
	}
}

func TestNetlistErrors(t *testing.T) {
	for text, want := range map[string]string{
		"in a\nin a":                    `line 2:4: "a": is defined already: it is an input, line 1`,
		"in a\na = a":                   `line 2:1: "a": is defined already: it is an input, line 1`,
		"x = a\nx = b":                  `line 2:1: "x": is defined already, in line 1`,
		"in a\nx = a\n x = a":           `line 3:2: "x": is defined already, in line 2`,
		"x = a b\nin a":                 `line 1:7: "b": is read and never defined`,
		"out q":                         `line 1:5: "q": is an output and never defined`,
		"x = x":                         `line 1:1: "x": depends on itself`,
		"in a\nx = y a\ny = z\nz = a x": `line 2:1: "x": depends on itself: the gates x (2:1) -> z (4:1) -> y (3:1) -> x form a loop`,
	} {
		_, err := read(text)
		var e *Error
		if !errors.As(err, &e) || err.Error() != want {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

// A chain that stands in the file back to front is as deep as the file is long.
func TestNetlistLongChain(t *testing.T) {
	const n = 300_000
	var b strings.Builder
	fmt.Fprintf(&b, "out x%d\n", n)
	for i := n; i > 0; i-- {
		fmt.Fprintf(&b, "x%d = x%d\n", i, i-1)
	}
	b.WriteString("in x0\n")
	d, err := read(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Circuit.Depth(); got != n {
		t.Errorf("depth %d, want %d", got, n)
	}
}
