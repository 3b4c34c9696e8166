package draw_test

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
)

// drawn returns the gates that are drawn as shapes of their own.
func drawn(text string) (list []circuit.Gate) {
	for _, id := range named(text) {
		if g, err := strconv.Atoi(strings.TrimPrefix(id, "g")); err == nil && id[0] == 'g' {
			list = append(list, circuit.Gate(g))
		}
	}
	slices.Sort(list)
	return list
}

func TestUnfoldedStagesAreDrawnGateByGate(t *testing.T) {
	c := chain(t, 3, 8)
	for _, test := range []struct {
		unfold []string
		in     func(path string) bool
	}{
		{[]string{"step 2"}, func(p string) bool { return strings.HasPrefix(p, "step 2/") }},
		{[]string{"step 2/mix"}, func(p string) bool { return p == "step 2/mix" }},
		{[]string{"mix"}, func(p string) bool { return strings.HasSuffix(p, "/mix") }},
		{[]string{"step 1/act", "step 3"}, func(p string) bool { return p == "step 1/act" || strings.HasPrefix(p, "step 3/") }},
		{[]string{"mix", "act"}, func(string) bool { return true }},
	} {
		var want []circuit.Gate
		for g := range circuit.Gate(c.Len()) {
			if !c.Kind(g).IsSource() && test.in(c.StagePath(c.StageOf(g))) {
				want = append(want, g)
			}
		}
		for _, most := range []int{0, 2} {
			text := dotText(t, c, draw.Config{Unfold: test.unfold, MaxBoxes: most, Bundle: -1})
			if got := drawn(text); !slices.Equal(got, want) {
				t.Errorf("%v: drawn %v, want %v", test.unfold, got, want)
			}
			if n := total(t, text, "gate"); n+len(want) != c.Size() {
				t.Errorf("%v: %d gates in boxes and %d drawn, of %d", test.unfold, n, len(want), c.Size())
			}
			checkXML(t, svgText(t, c, draw.Config{Unfold: test.unfold, MaxBoxes: most, Bundle: -1}))
		}
	}
}

// Whatever is drawn and whatever is folded, as many wires go into a gate as it reads:
// arrows count theirs, and sums pass on what goes into them.
func TestUnfoldedGatesHaveAllTheirWires(t *testing.T) {
	count := func(text string) map[string]int64 {
		ids := named(text)
		into := map[string]int64{}
		pattern := regexp.MustCompile(`(?m)^\s*(n\d+)(?::[^-]*)?->(n\d+)(?::[^\[]*)?\[.*id="e.*\];`)
		for i, line := range pattern.FindAllStringSubmatch(text, -1) {
			from, to, n := ids[line[1]], ids[line[2]], int64(1)
			switch {
			case strings.Contains(line[0], `arrowhead="normal"`):
				v, err := strconv.ParseInt(
					strings.ReplaceAll(
						regexp.MustCompile(`label="([^"]*)"`).FindStringSubmatch(line[0])[1],
						",",
						"",
					),
					10,
					64,
				)
				if err != nil {
					t.Fatal(err)
				}
				n = v
			case from[0] == 's':
				n = into[from]
				if n == 0 {
					t.Fatalf("line %d leaves %s before its terms are drawn", i, from)
				}
			}
			into[to] += n
		}
		return into
	}
	for _, f := range []struct {
		name   string
		c      *circuit.Circuit
		unfold []string
	}{
		{"chain", chain(t, 3, 8), []string{"act"}},
		{"scores", attention(t, 3), []string{"scores"}},
		{"quotient", attention(t, 3), []string{"quotient"}},
		{"exp and values", attention(t, 3), []string{"exp", "values"}},
		{"attention", attention(t, 2), []string{"attention"}},
		{"hidden", mlp(t), []string{"hidden"}},
		{"output", mlp(t), []string{"output"}},
	} {
		shapes := f.c.Shapes()
		text := dotText(t, f.c, draw.Config{Unfold: f.unfold, Bundle: -1})
		into := count(text)
		if len(drawn(text)) == 0 {
			t.Errorf("%s: nothing is drawn", f.name)
		}
		for _, g := range drawn(text) {
			if got, want := into[fmt.Sprintf("g%d", g)], int64(shapes.Of(g).FanIn); got != want {
				t.Errorf("%s: %d wires go into gate %d, which reads %d", f.name, got, g, want)
			}
		}
	}
}

// A sum that many gates read is one shape; a sum nested in others whose wires all come
// from one box is part of the arrow from it.
func TestSumsOfUnfoldedStages(t *testing.T) {
	sums := func(text string) (n int) {
		for _, id := range named(text) {
			if id[0] == 's' && !strings.HasPrefix(id, "stage") {
				n++
			}
		}
		return n
	}
	for _, test := range []struct {
		c      *circuit.Circuit
		unfold string
		sums   int
	}{
		{mlp(t), "hidden", 2},             // of the two units; those of the inputs are not
		{mlp(t), "output", 1},             // three gates on one sum
		{attention(t, 2), "quotient", 0},  // a sum for each gate, of num and den
		{attention(t, 2), "attention", 4}, // num, den and two scores
	} {
		if got := sums(dotText(t, test.c, draw.Config{Unfold: []string{test.unfold}, Bundle: -1})); got != test.sums {
			t.Errorf("%s: %d sums, want %d", test.unfold, got, test.sums)
		}
	}
}

func TestUnfoldedStageSaysWhatItHas(t *testing.T) {
	text := dotText(t, attention(t, 2), draw.Config{Unfold: []string{"exp"}})
	if want := `label="exp: 6 gates, depth 2"`; !strings.Contains(text, want) {
		t.Errorf("no %s in\n%s", want, text)
	}
	for _, want := range []string{"a box is a stage", "numbers on arrows count wires", "≥ t: 1 where"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestNamesOfStagesInBrief(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("hidden 1 [w7 s=0.0184]")
	y := b.And(x...)
	b.End()
	b.Output("y", y)
	c := build(t, b)
	for _, name := range []string{"hidden 1", "hidden 1 [w7 s=0.0184]"} {
		if got := drawn(dotText(t, c, draw.Config{Unfold: []string{name}})); len(got) != 1 {
			t.Errorf("%s: %d gates are drawn", name, len(got))
		}
	}
}

func TestUnknownStage(t *testing.T) {
	for _, test := range []struct {
		c    *circuit.Circuit
		want string
	}{
		{attention(t, 2), `draw: no stage "x"; stages: attention, attention/scores, attention/exp, attention/values, attention/quotient`},
		{majority(t), `draw: no stage "x"; the circuit has no stages`},
		{
			chain(t, 6, 4),
			`draw: no stage "x"; stages: step 1, step 1/mix, step 1/act, step 2, step 2/mix, step 2/act, ` +
				`step 3, step 3/mix, step 3/act, step 4, step 4/mix, step 4/act and 6 more`,
		},
	} {
		err := draw.DOT(&bytes.Buffer{}, test.c, draw.Config{Unfold: []string{"x"}})
		var unknown *draw.UnknownStageError
		if !errors.As(err, &unknown) || unknown.Name != "x" || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}

func TestStagesTooLargeToUnfold(t *testing.T) {
	c := chain(t, 3, 8)
	for _, test := range []struct {
		cfg  draw.Config
		want string
	}{
		{draw.Config{MaxGates: 15}, "draw: step 1: 16 gates; at most 15 are drawn gate by gate"},
		{draw.Config{MaxColumn: 2}, "draw: step 1: 16 gates, 8 of them at one depth; at most 6 are drawn in a row"},
		{draw.Config{MaxWires: 30}, "draw: step 1: 16 gates, and the figure would have 44 lines; at most 30 are drawn"},
	} {
		test.cfg.Unfold = []string{"step 1"}
		err := draw.DOT(&bytes.Buffer{}, c, test.cfg)
		var large *draw.TooLargeError
		if !errors.As(err, &large) || large.Gates != 16 || err.Error() != test.want {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
	dotText(t, c, draw.Config{Unfold: []string{"step 1"}, MaxGates: 16, MaxColumn: 3, MaxWires: 44})
}

func TestEqualStagesInOneBox(t *testing.T) {
	text := dotText(t, chain(t, 100, 8), draw.Config{})
	if !strings.Contains(text, "13 × 16 gates") || !strings.Contains(text, "9 × 16 gates") {
		t.Error("a box of 13 stages of 16 gates does not say so")
	}
}
