package netlist

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
)

// plain is a spelling of letters, digits and underscores, no digit first.
func plain(r rune, first bool) bool {
	return r == '_' || r >= 'a' && r <= 'z' || !first && r >= '0' && r <= '9'
}

func named(t *testing.T, signals map[string]string, sp Spelling) *Names {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	y := b.InputPort("x[0", circuit.Format{Kind: circuit.TwosComplement}, 2)
	z := b.Input("g7")
	g := b.And(x[0], y[1])
	h := b.Or(g, z)
	b.Output("sum", g)
	b.Output("again", g)
	b.Output("not", h.Not())
	b.Output("one", circuit.True)
	b.Output("x[1]", x[1])
	b.Output("g9", x[0])
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	d := Of(c)
	if signals != nil {
		d.Signals = make([]string, c.Len())
		for name, at := range signals {
			d.Signals[map[string]circuit.Gate{"g": g.Gate(), "h": h.Gate()}[at]] = name
		}
	}
	return NewNames(d, sp)
}

func TestNames(t *testing.T) {
	n := named(t, map[string]string{"inner": "g", "h(1)": "h"}, Spelling{Legal: plain, Reserved: []string{"sum"}})
	if got, want := fmt.Sprint(n.Inputs), "[x_0_ x_1_ x_0_0 x_0_1 g7]"; got != want {
		t.Errorf("inputs %s, want %s", got, want)
	}
	// The AND drives the outputs sum, which is a reserved word, and again: it bears the
	// first name. x[1] is an input of that name.
	if got, want := fmt.Sprint(n.Outputs), "[sum_1 again not one x_1_ g9]"; got != want {
		t.Errorf("outputs %s, want %s", got, want)
	}
	if got := n.Gate(6); got != "sum_1" {
		t.Errorf("the AND is %s", got)
	}
	if got := n.Gate(7); got != "h_1_" {
		t.Errorf("the OR is %s", got)
	}
	// g7 and g9 are taken, so that gates without a name begin with something else.
	n = named(t, nil, Spelling{Legal: plain})
	if got := n.Gate(7); got != "g_7" {
		t.Errorf("the OR is %s", got)
	}
	if got := n.Aux("not", 7); got != "g__not7" {
		t.Errorf("its complement is %s", got)
	}
	// Where outputs have names of their own, they may be called like inputs.
	n = named(t, nil, Spelling{Legal: plain, Apart: true})
	if got, want := fmt.Sprint(n.Outputs), "[sum again not one x_1_ g9]"; got != want {
		t.Errorf("outputs apart %s, want %s", got, want)
	}
}

// No two signals have one name, and all names are legal, whatever ports are called.
func TestNamesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := circuit.NewBuilder()
		name := rapid.StringOfN(rapid.RuneFrom([]rune("ag_.1[\n\x00é")), 0, 4, -1)
		var lits []circuit.Lit
		seen := map[string]bool{}
		for range rapid.IntRange(1, 5).Draw(t, "inputs") {
			if text := name.Draw(t, "name"); !seen[text] {
				seen[text] = true
				lits = append(lits, b.InputPort(text, circuit.Format{}, rapid.IntRange(1, 3).Draw(t, "wires"))...)
			}
		}
		for i, n := 1, len(lits); i < n; i++ {
			lits = append(lits, b.And(lits[i-1], lits[i].Not()))
		}
		clear(seen)
		for range rapid.IntRange(0, 4).Draw(t, "outputs") {
			if text := name.Draw(t, "name"); !seen[text] {
				seen[text] = true
				b.OutputPort(text, circuit.Format{}, lits[rapid.IntRange(0, len(lits)-1).Draw(t, "lit")])
			}
		}
		c, err := b.Circuit()
		if err != nil {
			t.Fatal(err)
		}
		d := Of(c)
		d.Signals = make([]string, c.Len())
		for g := range d.Signals {
			d.Signals[g] = name.Draw(t, "signal")
		}
		n := NewNames(d, Spelling{Legal: plain, Reserved: []string{"a"}})
		owner := map[string]circuit.Gate{}
		claim := func(text string, g circuit.Gate) {
			if text == "" || text == "a" || strings.ContainsFunc(text, func(r rune) bool { return !plain(r, false) }) ||
				!plain(rune(text[0]), true) {
				t.Fatalf("%q is not legal", text)
			}
			if other, ok := owner[text]; ok && other != g {
				t.Fatalf("%q is the name of gates %d and %d", text, other, g)
			}
			owner[text] = g
		}
		for g := circuit.Gate(1); int(g) < c.Len(); g++ {
			claim(n.Gate(g), g)
			claim(n.Aux("not", g), circuit.Gate(c.Len())+g)
		}
		outputs := map[string]bool{}
		for i, l := range c.Outputs() {
			text := n.Outputs[i]
			if outputs[text] {
				t.Fatalf("two outputs are called %q", text)
			}
			outputs[text] = true
			if g, ok := owner[text]; ok && l != g.Lit() {
				t.Fatalf("output %q is %v, and gate %d has its name", text, l, g)
			}
		}
	})
}
