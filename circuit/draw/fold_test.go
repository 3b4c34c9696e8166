package draw_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	gonum "gonum.org/v1/gonum/graph"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/circuit/graph"
)

// total adds up what the boxes of a folded figure say of the given noun.
func total(t *testing.T, text, noun string) int {
	t.Helper()
	n := 0
	pattern := regexp.MustCompile(`[>](?:(\d+) × )?([0-9,]+) ` + noun + `s?<`)
	for _, m := range pattern.FindAllStringSubmatch(boxes(text), -1) {
		v, err := strconv.Atoi(strings.ReplaceAll(m[2], ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		if m[1] != "" {
			times, err := strconv.Atoi(m[1])
			if err != nil {
				t.Fatal(err)
			}
			v *= times
		}
		n += v
	}
	return n
}

// boxes returns the lines of the text that make boxes.
func boxes(text string) string {
	var found []string
	for line := range strings.Lines(text) {
		if strings.Contains(line, `id="box`) {
			found = append(found, line)
		}
	}
	return strings.Join(found, "")
}

// chain is a circuit of nested stages: steps, each of two halves.
func chain(t testing.TB, steps, width int) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", width)
	for i := range steps {
		b.Begin(fmt.Sprintf("step %d", i+1))
		for _, half := range []string{"mix", "act"} {
			b.Begin(half)
			y := make([]circuit.Lit, width)
			for j := range x {
				y[j] = b.AtLeast(2, x[j], x[(j+1)%width], x[(j+3)%width].Not())
			}
			x = y
			b.End()
		}
		b.End()
	}
	b.Output("y", x...)
	return build(t, b)
}

func TestFoldingCountsEverything(t *testing.T) {
	circuits := figures(t)
	circuits = append(circuits,
		figure{name: "attention of 40", c: attention(t, 40)},
		figure{name: "3 steps", c: chain(t, 3, 8)},
		figure{name: "100 steps", c: chain(t, 100, 8)},
	)
	for _, f := range circuits {
		for _, most := range []int{0, 1, 2, 3, 1000} {
			text := dotText(t, f.c, draw.Config{Fold: true, MaxBoxes: most})
			st := f.c.Stats()
			if n := total(t, text, "gate"); n != st.Size {
				t.Errorf("%s: the boxes have %d gates, the circuit %d", f.name, n, st.Size)
			}
			if n := total(t, text, "wire"); int64(n) != st.Wires {
				t.Errorf("%s: the boxes have %d wires, the circuit %d", f.name, n, st.Wires)
			}
			if n := strings.Count(text, `id="box`); most > 0 && n > most {
				t.Errorf("%s: %d boxes, at most %d were wanted", f.name, n, most)
			}
		}
	}
}

func TestArrowsCountWires(t *testing.T) {
	text := dotText(t, attention(t, 2), draw.Config{Fold: true})
	var got []string
	for _, m := range regexp.MustCompile(`(n\d+)->(n\d+)\[.*label="(\d+)"`).FindAllStringSubmatch(text, -1) {
		name := func(n string) string {
			m := regexp.MustCompile(`(?m)^\s*` + n + `\[.*label=(?:<<b>|")(\w+)`).FindStringSubmatch(text)
			return m[1]
		}
		got = append(got, name(m[1])+" "+name(m[2])+" "+m[3])
	}
	// A quotient gate reads the 12 ANDs of values and the 6 gates of exp; there are 3.
	want := []string{
		"q scores 8", "k scores 8", "v values 12", "scores exp 24",
		"exp values 12", "exp quotient 18", "values quotient 36", "quotient y 3",
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("arrows %q, want %q", got, want)
	}
}

func TestLargeCircuitsAreFolded(t *testing.T) {
	small := attention(t, 2)
	for _, test := range []struct {
		name string
		c    *circuit.Circuit
		cfg  draw.Config
		want bool
	}{
		{"small", small, draw.Config{}, false},
		{"asked for", small, draw.Config{Fold: true}, true},
		{"gates", small, draw.Config{MaxGates: small.Size() - 1}, true},
		{"gates at the limit", small, draw.Config{MaxGates: small.Size()}, false},
		{"wires", small, draw.Config{MaxWires: 20}, true},
		{"column", small, draw.Config{MaxColumn: 11, Bundle: -1}, true},
		{"column at the limit", small, draw.Config{MaxColumn: 12, Bundle: -1}, false},
		{"large", chain(t, 100, 8), draw.Config{}, true},
		{"no limit", chain(t, 100, 8), draw.Config{MaxGates: -1, MaxWires: -1, MaxColumn: -1}, false},
	} {
		if got := boxes(dotText(t, test.c, test.cfg)) != ""; got != test.want {
			t.Errorf("%s: folded is %v, want %v", test.name, got, test.want)
		}
	}
}

func TestManyPortNamesAreOneGroup(t *testing.T) {
	b := circuit.NewBuilder()
	var x []circuit.Lit
	for i := range 100 {
		x = append(x, b.Input(fmt.Sprintf("N%dgat", i)))
	}
	b.Output("y", b.Or(x...))
	text := dotText(t, build(t, b), draw.Config{})
	if !strings.Contains(text, `label="inputs\n100 bits"`) || !strings.Contains(text, `label="100"`) {
		t.Errorf("100 inputs are drawn as\n%s", text)
	}
}

func TestSharedBoxesAreNamedByTheirEnds(t *testing.T) {
	text := dotText(t, chain(t, 100, 8), draw.Config{})
	for _, want := range []string{"<b>step 1 … step 13</b>", "<b>step 92 … step 100</b>"} {
		if !strings.Contains(text, want) {
			t.Errorf("no box %s", want)
		}
	}
}

// BenchmarkDOT draws a circuit of about 10⁵ gates, folded.
func BenchmarkDOT(b *testing.B) {
	c := chain(b, 200, 256)
	for b.Loop() {
		dotText(b, c, draw.Config{})
	}
}

// TestFoldedFigureIsTheStageGraph compares the arrows between the boxes of a folded figure with
// the graph of the stages.
func TestFoldedFigureIsTheStageGraph(t *testing.T) {
	arrow := regexp.MustCompile(`(n\d+)->(n\d+)\[.*label="([0-9,]+)"`)
	box := regexp.MustCompile(`(n\d+)\[.*id="box`)
	for _, f := range []figure{
		{name: "attention", c: attention(t, 4)},
		{name: "3 steps", c: chain(t, 3, 8)},
		{name: "10 steps", c: chain(t, 10, 8)},
	} {
		text := dotText(t, f.c, draw.Config{Fold: true, MaxBoxes: 24})
		isBox := map[string]bool{}
		for _, m := range box.FindAllStringSubmatch(text, -1) {
			isBox[m[1]] = true
		}
		var got, want []string
		for _, m := range arrow.FindAllStringSubmatch(text, -1) {
			if isBox[m[1]] && isBox[m[2]] {
				got = append(got, strings.ReplaceAll(m[3], ",", ""))
			}
		}
		s := graph.NewStages(f.c, 2)
		for _, e := range gonum.WeightedEdgesOf(s.WeightedEdges()) {
			if e.From().ID() != 0 { // the inputs are no box
				want = append(want, fmt.Sprint(e.Weight()))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: the arrows stand for %v wires, want %v", f.name, got, want)
		}
	}
}
