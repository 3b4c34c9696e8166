package draw

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

func TestNumbersInTheWayOfOthers(t *testing.T) {
	var d desk
	for _, p := range []struct {
		x, y, length float64
		characters   int
	}{
		0: {0, 0, 100, 2},    // 12 × 9 around the origin
		1: {11.9, 0, 100, 2}, // overlaps
		2: {12.1, 0, 100, 2}, // beside
		3: {0, 8.9, 100, 2},  // overlaps
		4: {0, 9.1, 100, 2},  // above
		5: {50, 50, 17.9, 2}, // on a line shorter than one and a half times 12
		6: {50, 50, 18.1, 2}, // there is room still
		7: {90, 50, 13.4, 1}, // 9 high
		8: {90, 50, 13.6, 1},
	} {
		d.put(newPlate(len(d.plates)+len(d.unreadable), [2]float64{p.x, p.y}, p.characters), p.length)
	}
	if want := []int{1, 3, 5, 7}; !slices.Equal(d.unreadable, want) {
		t.Errorf("unreadable %v, want %v", d.unreadable, want)
	}
}

// weighted is a gate on n inputs, of weights 2, 3 and so on.
func weighted(t *testing.T, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	acc := b.Linear()
	for i, x := range b.Inputs("x", n) {
		acc.AddLit(circuit.NewInt(int64(i+2)), x)
	}
	b.Output("y", b.Threshold(acc.Sum(), circuit.NewInt(int64(n))))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func weightsOf(s *scene) (n int) {
	for i := range s.edges {
		if s.edges[i].label != "" {
			n++
		}
	}
	return n
}

func TestWeightsOfManyLinesAreLeftOut(t *testing.T) {
	for _, test := range []struct {
		inputs, weights int
		legend          string
	}{
		{299, 299, "no number: weight ±1"}, // and one line to the output
		{300, 0, "weights are not written"},
	} {
		s, err := newScene(weighted(t, test.inputs), Config{MaxColumn: -1})
		if err != nil {
			t.Fatal(err)
		}
		if legend := strings.Join(s.legend, " "); weightsOf(s) != test.weights ||
			!strings.Contains(legend, test.legend) {
			t.Errorf("%d inputs: %d weights, want %d; legend %q, want %q",
				test.inputs, weightsOf(s), test.weights, legend, test.legend)
		}
	}
}

// Weights that are in each other's way are left out of the SVG, and the legend says so.
func TestUnreadableWeightsAreLeftOut(t *testing.T) {
	s, err := newScene(weighted(t, 4), Config{})
	if err != nil {
		t.Fatal(err)
	}
	if weightsOf(s) != 4 {
		t.Fatalf("%d weights, want 4", weightsOf(s))
	}
	s.leaveOut([]int{1, 2})
	svg, err := s.svg()
	if err != nil {
		t.Fatal(err)
	}
	for weight, want := range map[string]bool{
		">2</text>": true, ">3</text>": false, ">4</text>": false, ">5</text>": true,
		"there is no room": true, "no number": false,
	} {
		if got := strings.Contains(string(svg), weight); got != want {
			t.Errorf("%s is in the figure: %v, want %v", weight, got, want)
		}
	}
}

func TestPolishReportsUnreadableWeights(t *testing.T) {
	s := &scene{cfg: Config{Direction: LeftRight}, edges: []edge{{label: "12"}, {label: "34"}, {count: 5}}}
	line := func(id, text string) string {
		return `<g id="` + id + `" class="edge">` + "\n" + `<path fill="none" stroke="black" d="M0,0C10,0 20,0 30,0"/>` + "\n" +
			`<text text-anchor="middle" x="15" y="3.2" font-size="9">` + text + "</text>\n</g>\n"
	}
	svg := "<svg>\n" + line("e0", "12") + line("e1", "34") + line("e2", "5") + "</g>\n</svg>\n"
	if _, unreadable := s.polish([]byte(svg)); !slices.Equal(unreadable, []int{1}) {
		t.Errorf("unreadable %v, want [1]: the count of e2 stays", unreadable)
	}
}
