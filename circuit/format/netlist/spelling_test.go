package netlist_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

func TestTokenName(t *testing.T) {
	for name, ok := range map[string]bool{
		"a": true, "x[0].1": true, "日": true, "#": true,
		"": true, "a\x00": false, "\x7f": false, "\xff": false, "a\ufffd": false, "a\u200b": false, "\u00a0": false,
	} {
		err := netlist.Token{Text: []byte(name), Pos: netlist.Pos{Line: 2, Col: 3}}.Name()
		if (err == nil) != ok {
			t.Errorf("%q: error %v", name, err)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "line 2:3: ") {
			t.Errorf("%q: error %v", name, err)
		}
	}
}

func TestRemark(t *testing.T) {
	for comment, want := range map[string]string{
		"c17":                        "c17",
		"two\r\nlines\nor three\x00": "two lines or three ",
		"tc0 inputs":                 "tc0 inputs",
		"tc0 input 1 unsigned x":     "tc0: input 1 unsigned x",
		" tc0\noutput 1 unsigned y":  "tc0: output 1 unsigned y",
	} {
		if got := netlist.Remark(comment); got != want {
			t.Errorf("%q becomes %q, want %q", comment, got, want)
		}
	}
}

func letters(r rune, _ bool) bool { return r >= 'a' && r <= 'z' || r == '_' }

// TestNamesOfOneSpelling asserts the names of ports that become the same, and that there is
// a comment for each then.
func TestNamesOfOneSpelling(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Input("a b")
	b.Input("a-b")
	b.Input("inner")
	b.Output("a b", x)
	b.Output("a_b", x)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	n := netlist.NewNames(netlist.Of(c), netlist.Spelling{Legal: letters, Prefixes: []string{"in"}})
	if want := []string{"a_b", "a_b_1", "_inner"}; !slices.Equal(n.Inputs, want) {
		t.Errorf("inputs %q, want %q", n.Inputs, want)
	}
	if want := []string{"a_b", "a_b_2"}; !slices.Equal(n.Outputs, want) {
		t.Errorf("outputs %q, want %q", n.Outputs, want)
	}
	want := []string{
		"tc0 input 1 unsigned a b", "tc0 input 1 unsigned a-b", "tc0 input 1 unsigned inner",
		"tc0 output 1 unsigned a b", "tc0 output 1 unsigned a_b",
	}
	if got := n.PortComments(c); !slices.Equal(got, want) {
		t.Errorf("comments %q, want %q", got, want)
	}
}

// TestNamesThatNeedNoComment asserts that ports of one bit with names that the format has
// are not described.
func TestNamesThatNeedNoComment(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.And(b.Input("a"), b.Input("b")))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if got := netlist.NewNames(netlist.Of(c), netlist.Spelling{Legal: letters}).PortComments(c); got != nil {
		t.Errorf("comments %q", got)
	}
}

// TestManyLikeNames would take hours if each name were looked for from the first on.
func TestManyLikeNames(t *testing.T) {
	const n = 200_000
	b := circuit.NewBuilder()
	for i := range n {
		b.Input(string([]rune{'a', rune(0x10000 + i)}))
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	names := netlist.NewNames(netlist.Of(c), netlist.Spelling{Legal: func(r rune, _ bool) bool { return r < 0x80 }})
	if first, last := names.Inputs[0], names.Inputs[n-1]; first != "a_" || last != "a__199999" {
		t.Errorf("named from %q to %q", first, last)
	}
}

func TestPrefix(t *testing.T) {
	for _, test := range []struct {
		names []string
		want  string
	}{
		{nil, "g"},
		{[]string{"g", "gx", "x1", "G1"}, "g"},
		{[]string{"g1"}, "g_"},
		{[]string{"g_"}, "g_"},
		{[]string{"g_x"}, "g_"},
		{[]string{"g_1"}, "g__"},
		{[]string{"g___x", "g1"}, "g___"},
		{[]string{"g" + strings.Repeat("_", 1000) + "7"}, "g" + strings.Repeat("_", 1001)},
	} {
		s := netlist.NewNameSet(netlist.Spelling{Legal: func(rune, bool) bool { return true }})
		for _, name := range test.names {
			if got := s.Take(name); got != name {
				t.Errorf("name %q becomes %q", name, got)
			}
		}
		if got := s.Prefix(); got != test.want {
			t.Errorf("beside %q the prefix is %q, want %q", test.names, got, test.want)
		}
	}
}
