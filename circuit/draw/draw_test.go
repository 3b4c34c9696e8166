package draw_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/tooltest"
)

func build(t testing.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	return c
}

func dotText(t testing.TB, c *circuit.Circuit, cfg draw.Config) string {
	t.Helper()
	var w bytes.Buffer
	if err := draw.DOT(&w, c, cfg); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

func majority(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Output("majority", b.Majority(b.Inputs("x", 5)...))
	return build(t, b)
}

// fullAdder is two threshold gates on one shared sum, the second with the first.
func fullAdder(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x, y, z := b.Input("x"), b.Input("y"), b.Input("carry in")
	s := b.Count(x, y, z)
	carry := b.Threshold(s, circuit.NewInt(2))
	b.Output("carry out", carry)
	rest := b.Sum(circuit.Term{Weight: circuit.NewInt(1), Of: s}, circuit.Weigh(-2, carry))
	b.Output("sum", b.Threshold(rest, circuit.NewInt(1)))
	return build(t, b)
}

// signs has a gate of every form, a big weight, and constant outputs.
func signs(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	b.Output("odd", b.Mod(2, []int64{1}, x...))
	b.Output("some residues", b.Mod(3, []int64{0, 2}, x...))
	b.Output("xor", b.Xor(x[0], x[1].Not(), x[2]))
	b.Output("or", b.Or(b.And(x[0], x[1].Not()), b.And(x[2].Not(), x[3])).Not())
	b.Output("one", circuit.True)
	b.Output("most", b.Majority(x[0], x[1].Not(), x[2]))
	b.OutputPort(
		"y",
		circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-1)},
		circuit.True,
		x[2],
		circuit.False,
	)
	b.Output("big", b.Threshold(b.Sum(
		circuit.Term{
			Weight: circuit.Pow2(70),
			Of:     x[0].Value(),
		},
		circuit.Weigh(3, x[1]),
		circuit.Weigh(-31000000217, x[2]),
	), circuit.Pow2(40)))
	return build(t, b)
}

// mlp is a network of 3 inputs, 2 hidden units and 1 output, all thermometers.
func mlp(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	var in [3]circuit.Sum
	for i := range in {
		p := b.InputPort(fmt.Sprintf("x[%d]", i), circuit.Format{Kind: circuit.TwosComplement}, 2)
		in[i] = b.Sum(circuit.Weigh(1, p[0]), circuit.Weigh(-2, p[1]))
	}
	acc := b.Linear()
	quantise := func(s circuit.Sum, bounds ...int64) (lits []circuit.Lit) {
		for _, t := range bounds {
			lits = append(lits, b.Threshold(s, circuit.NewInt(t)))
		}
		return lits
	}
	b.Begin("hidden")
	var hidden [2][]circuit.Lit
	for j, weights := range [2][3]int64{{1, -2, 1}, {3, 1, -1}} {
		for i, w := range weights {
			acc.Add(circuit.NewInt(w), in[i])
		}
		hidden[j] = quantise(acc.Sum(), 1, 2, 3)
	}
	b.End()
	b.Begin("output")
	for j, w := range [2]int64{2, -1} {
		for _, h := range hidden[j] {
			acc.AddLit(circuit.NewInt(w), h)
		}
	}
	s := acc.Sum()
	y := quantise(s, -1, 1, 3)
	b.End()
	b.OutputPort("y", circuit.Format{Kind: circuit.Thermometer}, y...)
	b.OutputSum("raw", s.Plus(circuit.NewInt(4)))
	return build(t, b)
}

// attention is one query over n keys and values of 2 bits, with nested sums.
func attention(t testing.TB, n int) *circuit.Circuit {
	b := circuit.NewBuilder()
	unsigned := circuit.Format{Kind: circuit.Unsigned}
	q := b.InputPort("q", unsigned, 2)
	var k, v [][]circuit.Lit
	for j := range n {
		k = append(k, b.InputPort(fmt.Sprintf("k[%d]", j), unsigned, 2))
		v = append(v, b.InputPort(fmt.Sprintf("v[%d]", j), unsigned, 2))
	}
	b.Begin("attention")
	acc, num, den := b.Linear(), b.Linear(), b.Linear()
	var scores []circuit.Sum
	b.Begin("scores")
	for j := range n {
		for i := range q {
			for m, x := range k[j] {
				acc.AddLit(circuit.Pow2(i+m), b.And(q[i], x))
			}
		}
		scores = append(scores, acc.Sum())
	}
	b.End()
	b.Begin("exp")
	exp := make([][]circuit.Lit, n)
	for j, s := range scores {
		for _, t := range []int64{2, 4, 9} {
			exp[j] = append(exp[j], b.Threshold(s, circuit.NewInt(t)))
		}
	}
	b.End()
	b.Begin("values")
	for j := range n {
		den.AddConst(circuit.NewInt(1))
		for i, e := range exp[j] {
			den.AddLit(circuit.Pow2(i), e)
			for m, x := range v[j] {
				num.AddLit(circuit.Pow2(i+m), b.And(e, x))
			}
		}
	}
	b.End()
	b.Begin("quotient")
	numerator, denominator := num.Sum(), den.Sum()
	var y []circuit.Lit
	for t := range int64(3) {
		acc.Add(circuit.NewInt(1), numerator)
		acc.Add(circuit.NewInt(-t-1), denominator)
		y = append(y, b.Threshold(acc.Sum(), circuit.NewInt(0)))
	}
	b.End()
	b.End()
	b.OutputPort("y", circuit.Format{Kind: circuit.Thermometer}, y...)
	return build(t, b)
}

// kept is a circuit as a file gives it: NOT and BUF gates, constants as arguments.
func kept(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	b.Keep()
	x, y := b.Input("x"), b.Input("y")
	not := b.Not(x)
	b.Output("z", b.Nand(b.Buf(not), y, circuit.True), b.Majority(x, y, not))
	return build(t, b)
}

type figure struct {
	name string
	c    *circuit.Circuit
	cfg  draw.Config
}

func figures(t testing.TB) []figure {
	return []figure{
		{"majority", majority(t), draw.Config{Title: "Majority of five"}},
		{
			"full_adder",
			fullAdder(t),
			draw.Config{Title: "A full adder of two threshold gates", Direction: draw.BottomTop},
		},
		{"signs", signs(t), draw.Config{}},
		{"mlp", mlp(t), draw.Config{Title: "MLP 3–2–1"}},
		{
			"mlp_bare",
			mlp(t),
			draw.Config{NoCaption: true, NoRuler: true, Palette: draw.Grey(), Direction: draw.TopBottom},
		},
		{"attention", attention(t, 2), draw.Config{Title: "Attention, n = 2", Bundle: -1}},
		{"attention_folded", attention(t, 2), draw.Config{Title: "Attention, n = 2", Fold: true}},
		{"kept", kept(t), draw.Config{DepthModel: gates.NotCounted()}},
		{"attention_unfolded", attention(t, 2), draw.Config{Fold: true, Unfold: []string{"exp", "attention/quotient"}}},
		{"full_adder_path", fullAdder(t), draw.Config{Path: []circuit.Gate{1, 4, 5}}},
	}
}

// bundled is the figures that have bundles.
func bundled(t testing.TB) []figure {
	return []figure{
		{"attention_bundled", attention(t, 2), draw.Config{Bundle: 20}},
		{"exp_bundled", attention(t, 3), draw.Config{Unfold: []string{"exp", "values"}, Bundle: 8}},
	}
}

func TestGolden(t *testing.T) {
	for _, f := range append(figures(t), bundled(t)...) {
		t.Run(f.name, func(t *testing.T) {
			formattest.Golden(t, f.name+".dot", dotText(t, f.c, f.cfg))
		})
	}
}

func TestSameTextEveryTime(t *testing.T) {
	for _, f := range figures(t) {
		first := dotText(t, f.c, f.cfg)
		for range 20 {
			if again := dotText(t, f.c, f.cfg); again != first {
				t.Fatalf("%s: two drawings differ", f.name)
			}
		}
	}
}

func TestGraphvizAcceptsTheText(t *testing.T) {
	program, err := exec.LookPath("dot")
	if err != nil {
		t.Skip("Graphviz's dot is not installed: the text is only checked by the layout built in")
	}
	for _, f := range figures(t) {
		warnings, err := tooltest.Output(t, "", dotText(t, f.c, f.cfg), program, "-Tplain", "-o", os.DevNull)
		if err != nil || warnings != "" {
			t.Errorf("%s: %v\n%s", f.name, err, warnings)
		}
	}
}

func TestEveryGateIsDrawnOnce(t *testing.T) {
	for _, f := range figures(t) {
		if f.cfg.Fold {
			continue
		}
		text := dotText(t, f.c, f.cfg)
		for g := range circuit.Gate(f.c.Len()) {
			want := 1
			if f.c.Kind(g).IsSource() {
				want = 0
			}
			if n := strings.Count(text, fmt.Sprintf("id=%q", fmt.Sprintf("g%d", g))); n != want {
				t.Errorf("%s: gate %d of kind %v is drawn %d times, want %d", f.name, g, f.c.Kind(g), n, want)
			}
		}
	}
}

// rankOf reads from the text in which column each shape with an id stands.
func rankOf(t *testing.T, text string) map[string]int {
	t.Helper()
	ids := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\s*(n\d+)\[.*\bid="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		ids[m[1]] = m[2]
	}
	rank := map[string]int{}
	for i, m := range regexp.MustCompile(`\{rank=same; ([^}]*)\}`).FindAllStringSubmatch(text, -1) {
		for _, n := range strings.Split(strings.TrimSuffix(m[1], ";"), ";") {
			if id, ok := ids[n]; ok {
				if _, twice := rank[id]; twice {
					t.Errorf("%s stands in two columns", id)
				}
				rank[id] = i
			}
		}
	}
	return rank
}

func TestColumnsAreLevels(t *testing.T) {
	for _, model := range gates.DepthModels() {
		for _, f := range figures(t) {
			if f.cfg.Fold {
				continue
			}
			c := f.c
			rank := rankOf(t, dotText(t, c, draw.Config{DepthModel: model, Bundle: -1}))
			levels := c.Levels(model)
			at := func(g circuit.Gate) int {
				r, ok := rank[fmt.Sprintf("g%d", g)]
				if !ok {
					t.Fatalf("%s: gate %d stands in no column", f.name, g)
				}
				return r
			}
			var made []circuit.Gate
			for g := range circuit.Gate(c.Len()) {
				if !c.Kind(g).IsSource() {
					made = append(made, g)
				}
			}
			for _, g := range made {
				for _, h := range made {
					lg, lh := levels.Gate[g], levels.Gate[h]
					costs := c.Cost(model, g) > 0 && c.Cost(model, h) > 0
					if lg < lh && at(g) >= at(h) || lg == lh && costs && at(g) != at(h) {
						t.Errorf("%s, %s: gates %d and %d of levels %d and %d stand in columns %d and %d",
							f.name, model.Name, g, h, lg, lh, at(g), at(h))
					}
				}
				for _, x := range c.Fanin(g) {
					if h := x.Gate(); !c.Kind(h).IsSource() && at(h) >= at(g) {
						t.Errorf("%s, %s: the wire from gate %d to gate %d goes back", f.name, model.Name, h, g)
					}
				}
				if s, ok := c.ReadsSum(g); ok {
					if r, drawn := rank[fmt.Sprintf("s%d", s)]; drawn && r >= at(g) {
						t.Errorf("%s, %s: sum %d does not stand before gate %d", f.name, model.Name, s, g)
					}
				}
			}
		}
	}
}

func TestNamesAreEscaped(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.InputPort(`a"b\N<&>`, circuit.Format{Kind: circuit.Unsigned}, 2)
	y := b.Input("\x00\xff\nend")
	b.Begin(`</table> "st&ge"`)
	z := b.And(x[0], x[1], y)
	b.End()
	b.OutputPort(`}; digraph "x" {`, circuit.Format{Kind: circuit.OneHot}, z, z.Not())
	c := build(t, b)
	for _, cfg := range []draw.Config{{Title: `<b>"T"</b> & \n`}, {Title: `<b>"T"</b> & \n`, Fold: true}} {
		checkXML(t, svgText(t, c, cfg))
	}
	texts := checkXML(t, svgText(t, c, draw.Config{Title: `<b>"T"</b> & \n`}))
	for _, want := range []string{
		`a"b\N<&>`, "\ufffd\ufffd\ufffdend", `</table> "st&ge"`, `}; digraph "x" {`, `<b>"T"</b> & \n`,
	} {
		if !texts[want] {
			t.Errorf("no text %q among %v", want, texts)
		}
	}
}

// The gates that a circuit calls MAJORITY are drawn as such: what has the weight −1 in
// the sum is complemented, and no weight is written.
func TestMajorityHasComplements(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Output("most", b.Majority(x[0], x[1].Not(), x[2], x[3].Not(), x[4]))
	text := dotText(t, build(t, b), draw.Config{})
	if n := strings.Count(text, `arrowhead="odot"`); n != 2 || !strings.Contains(text, `label="MAJ"`) {
		t.Errorf("%d complements, want 2, in\n%s", n, text)
	}
	for _, bad := range []string{"dashed", "Σ", "≥"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s is in\n%s", bad, text)
		}
	}
}

func TestUnknownDirection(t *testing.T) {
	err := draw.DOT(&bytes.Buffer{}, majority(t), draw.Config{Direction: "up"})
	if err == nil || !strings.Contains(err.Error(), `"up"`) {
		t.Errorf("got %v", err)
	}
}
