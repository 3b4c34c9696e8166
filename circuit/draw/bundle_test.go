package draw

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/press"
)

func ints(list ...int64) (out []circuit.Int) {
	for _, v := range list {
		out = append(out, circuit.NewInt(v))
	}
	return out
}

func TestValues(t *testing.T) {
	var aside table
	for _, test := range []struct {
		list []circuit.Int
		want string
	}{
		{ints(3), "3"},
		{ints(3, 1, 3), "1, 3"},
		{ints(4, 2, 3, 5), "2…5"},
		{ints(1, 2, 4, 8, 16), "1, 2…16"},
		{ints(-8, -1, -2, -4), "−8…−2, −1"},
		{ints(63, 91, 132), "a"},
		{ints(132, 63, 91), "a"},
		{ints(123456789), "123,456,789"},
		{[]circuit.Int{circuit.NewInt(31000000217)}, "b"},
		{nil, ""},
	} {
		if got := aside.values(test.list); got != test.want {
			t.Errorf("%v: %q, want %q", test.list, got, test.want)
		}
	}
	want := []string{"a: 63, 91, 132", "b: 31,000,000,217"}
	if !slices.Equal(aside.entries, want) {
		t.Errorf("the table is %q, want %q", aside.entries, want)
	}
}

func TestLetters(t *testing.T) {
	var aside table
	for i := range 2*len(letters) + 1 {
		aside.letter(fmt.Sprint(i))
	}
	last := aside.entries[len(aside.entries)-1]
	if want := fmt.Sprintf("a2: %d", 2*len(letters)); last != want {
		t.Errorf("the last entry is %q, want %q", last, want)
	}
}

// products is n thresholds of one sum of the products of two numbers of k bits.
func products(t *testing.T, k, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	unsigned := circuit.Format{Kind: circuit.Unsigned}
	x, y := b.InputPort("x[0]", unsigned, k), b.InputPort("x[1]", unsigned, k)
	acc := b.Linear()
	for i := range x {
		for j := range y {
			acc.AddLit(circuit.Pow2(i+j), b.And(x[i], y[j]))
		}
	}
	s := acc.Sum()
	for i := range n {
		b.Output(fmt.Sprintf("z[%d]", i), b.Threshold(s, circuit.NewInt(int64(3*i+2))))
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// gatesIn lists the gates that shapes stand for, in order.
func gatesIn(s *scene) (ids []string) {
	for i := range s.nodes {
		if n := &s.nodes[i]; n.isGate() {
			ids = append(append(ids, n.id), n.more...)
		}
	}
	slices.Sort(ids)
	return ids
}

func TestBundles(t *testing.T) {
	c := products(t, 3, 4)
	for _, test := range []struct {
		cfg    Config
		shapes []string // labels of gates, sums and ports
		lines  []string // weights of lines that have some, in order
	}{
		{Config{Bundle: 4}, []string{"x[0]", "x[1]", "∧ ×9", "Σ ≥ a\n×4", "z[0]", "z[1]", "z[2]", "z[3]"}, []string{"1, 2…16"}},
		{Config{Bundle: 4, coarse: true}, []string{"x[0…1]\n×2", "∧ ×9", "Σ ≥ a\n×4", "z[0…3]\n×4"}, []string{"1, 2…16"}},
		{Config{Bundle: 13}, nil, nil},
		{Config{Bundle: -1}, nil, nil},
	} {
		s, err := newScene(c, test.cfg)
		if err != nil {
			t.Fatal(err)
		}
		var labels, lines []string
		for i := range s.nodes {
			labels = append(labels, s.nodes[i].label)
		}
		for i := range s.edges {
			if text := s.edges[i].label; text != "" {
				lines = append(lines, text)
			}
		}
		slices.Sort(labels)
		slices.Sort(test.shapes)
		if test.shapes == nil {
			if len(labels) != 2+13+1+4 {
				t.Errorf("%d shapes, want each gate: %q", len(labels), labels)
			}
		} else if !slices.Equal(labels, test.shapes) || !slices.Equal(lines, test.lines) ||
			!slices.Equal(s.aside.entries, []string{"a: 2, 5, 8, 11"}) {
			t.Errorf("%+v: shapes %q, want %q; lines %q, want %q; aside %q",
				test.cfg, labels, test.shapes, lines, test.lines, s.aside.entries)
		}
		if ids := gatesIn(s); len(ids) != 13 || len(slices.Compact(ids)) != 13 {
			t.Errorf("%+v: the shapes stand for %d gates, want each of 13 once: %v", test.cfg, len(ids), ids)
		}
	}
}

// A sum with one line into it passes the weights on, each times that of its reader.
func TestDissolve(t *testing.T) {
	s := &scene{
		nodes: []node{
			{id: "g1", role: roleLogic, more: []string{"g2"}},
			{id: "s1", role: roleSum},
			{id: "g3", role: roleThreshold, label: "Σ ≥ "},
			{id: "g4", role: roleThreshold, label: "≥ "},
		},
		edges: []edge{
			{from: 0, to: 1, fromCell: -1, toCell: -1, weights: ints(3, 5)},
			{from: 1, to: 2, fromCell: -1, toCell: -1, weights: ints(-2), integer: true, negative: true},
			{from: 1, to: 3, fromCell: -1, toCell: -1, integer: true},
		},
	}
	s.ends = func(circuit.Gate) (terminal, bool) { return terminal{2, -1}, true }
	s.dissolve()
	var got []string
	for _, e := range s.edges {
		got = append(got, fmt.Sprint(s.nodes[e.from].id, " ", s.nodes[e.to].id, " ", e.weights, " ", e.negative, " ", e.integer))
	}
	want := []string{"g1 g3 [-6 -10] true false", "g1 g4 [3 5] false false"}
	bundle := &scene{
		nodes: []node{{id: "g1", role: roleLogic}, {id: "s1", role: roleSum, more: []string{"s2"}}, {id: "s3", role: roleSum}},
		edges: []edge{{from: 0, to: 1, weights: ints(3, 5)}, {from: 1, to: 2, weights: ints(2, 4)}},
	}
	if n := bundle.single(); n != -1 {
		t.Errorf("sum %d is to be left out, though s1 and s2 may have other weights", n)
	}
	if bundle.edges[1].weights = ints(4, 4); bundle.single() != 1 {
		t.Error("sums whose readers all have the weight 4 stay")
	}
	if !slices.Equal(got, want) {
		t.Errorf("lines %q, want %q", got, want)
	}
	if s.nodes[1].label != "Σ ≥ " || s.nodes[2].label != "Σ ≥ " {
		t.Errorf("gates with lines of their own are called %q and %q", s.nodes[1].label, s.nodes[2].label)
	}
	if at, _ := s.ends(0); at.node != 1 {
		t.Errorf("a gate ends in shape %d, want 1", at.node)
	}
}

func TestIndexRange(t *testing.T) {
	for _, test := range []struct {
		names []string
		want  string
	}{
		{[]string{"x[0,0]", "x[1,0]"}, "x[0…1,0]"},
		{[]string{"x[2]", "x[0]", "x[5]"}, "x[0…5]"},
		{[]string{"x[a]", "x[0]"}, "x"},
		{[]string{"x[0]", "x[0,1]"}, "x"},
	} {
		if got := indexRange(test.names); got != test.want {
			t.Errorf("%q: %q, want %q", test.names, got, test.want)
		}
	}
}

// Weights that have no room on short lines go to the table, each of them, and the reader has its letter.
func TestWeightsWithoutRoom(t *testing.T) {
	b := circuit.NewBuilder()
	acc := b.Linear()
	const n = 30
	for i, x := range b.Inputs("x", n) {
		acc.AddLit(circuit.NewInt(int64(1000+7*i)), x)
	}
	b.Output("y", b.Threshold(acc.Sum(), circuit.NewInt(5000)))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSheet(c, Config{Direction: BottomTop, space: tight})
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(s.aside.entries, " ")
	for i := range n {
		if w := press.Count(int64(1000 + 7*i)); !strings.Contains(all, w) && !strings.Contains(string(s.svg()), ">"+w+"<") {
			t.Errorf("the weight %s is nowhere", w)
		}
	}
	if len(s.aside.entries) != 1 || !strings.HasPrefix(s.aside.entries[0], "a: Σ(1,000, 1,007, ") ||
		!strings.Contains(string(s.svg()), ">a ≥ 5,000<") || len(s.numbers) != 0 {
		t.Errorf("aside %q, %d numbers", s.aside.entries, len(s.numbers))
	}
}

// Text in a picture is on no other text, on no shape and, but for names of stages without a place, on no line
// but its own.
func TestTextHasAPlace(t *testing.T) {
	for _, c := range []*circuit.Circuit{products(t, 2, 3), products(t, 3, 9)} {
		for _, cfg := range []Config{{}, {Bundle: -1}, {Bundle: -1, Direction: BottomTop, Width: 17}} {
			s, err := bestSheet(c, cfg)
			if err != nil {
				t.Fatal(err)
			}
			all := slices.Concat(s.numbers, s.names)
			for i, p := range all {
				for _, q := range all[:i] {
					if p.overlaps(q.frame) {
						t.Errorf("%q is on %q", p.text, q.text)
					}
				}
				for k := range s.geometry.nodes {
					if s.geometry.nodes[k].outline().overlaps(p.frame) {
						t.Errorf("%q is on the shape %q", p.text, s.scene.nodes[k].label)
					}
				}
			}
			for _, p := range s.numbers {
				for i := range s.geometry.edges {
					on := slices.ContainsFunc(sample(s.geometry.edges[i].points), func(at point) bool {
						return p.x0 < at[0] && at[0] < p.x1 && p.y0 < at[1] && at[1] < p.y1
					})
					if on != (i == p.owner) {
						t.Errorf("%q of line %d is on line %d: %v", p.text, p.owner, i, on)
					}
				}
			}
		}
	}
}

// The ANDs of a product stand by the sum of the places of their bits.
func TestProductsStandInOrder(t *testing.T) {
	for _, d := range []Direction{LeftRight, BottomTop} {
		s, err := newSheet(products(t, 3, 1), Config{Direction: d, Bundle: -1, Width: 17})
		if err != nil {
			t.Fatal(err)
		}
		type and struct {
			at     float64
			weight circuit.Int
		}
		var ands []and
		for i := range s.scene.edges {
			if e := &s.scene.edges[i]; s.scene.nodes[e.from].label == "∧" && len(e.weights) == 1 {
				at := s.geometry.nodes[e.from].at
				across := at[0]
				if d == LeftRight {
					across = -at[1]
				}
				ands = append(ands, and{across, e.weights[0]})
			}
		}
		slices.SortFunc(ands, func(a, b and) int { return cmp.Compare(a.at, b.at) })
		if len(ands) != 9 || !slices.IsSortedFunc(ands, func(a, b and) int { return a.weight.Cmp(b.weight) }) {
			t.Errorf("%s: %v", d, ands)
		}
	}
}
