package diagram

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/poly"
)

var update = flag.Bool("update", false, "write the golden files anew")

func program(t testing.TB, text string) *compile.Program {
	t.Helper()
	s, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	if !s.HasN() {
		p, err := s.OpenProgram()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	i, err := s.Instance()
	if err != nil {
		t.Fatal(err)
	}
	return i.Program
}

func drawn(t testing.TB, p *compile.Program, cfg Config) string {
	t.Helper()
	var b strings.Builder
	if err := DOT(&b, p, cfg); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, f := range map[string]struct {
		spec string
		cfg  Config
	}{
		"mlp":        {"mlp:n=2,hidden=2,out=1", Config{Title: "A small network", Strategy: compile.MinDepth}},
		"attention":  {"attention", Config{Strategy: compile.MinDepth}},
		"rnn":        {"rnn:n=3", Config{Strategy: compile.MinDepth, Palette: draw.Grey()}},
		"rnn_unroll": {"rnn:n=2", Config{Unroll: true, NoCaption: true, Direction: draw.LeftRight}},
		"looped":     {"looped:n=2,steps=3", Config{Strategy: compile.MinDepth, Fold: true}},
	} {
		got := drawn(t, program(t, f.spec), f.cfg)
		path := filepath.Join("testdata", name+".dot")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs from what is drawn now; go test -update rewrites it:\n%s", path, diff)
		}
	}
}

var (
	nodePattern  = regexp.MustCompile(`(?m)^\s*(n\d+)\[.*?\bid="([a-z]+\d+)"`)
	arrowPattern = regexp.MustCompile(`(?m)^\s*(n\d+)->(n\d+)\[.*?label="((?:[^"\\]|\\.)*)"`)
)

// read returns the ids of the boxes of a figure, in order, and its arrows by ids with
// their labels.
func read(t testing.TB, text string) (ids []string, arrows []string) {
	t.Helper()
	name := map[string]string{}
	for _, m := range nodePattern.FindAllStringSubmatch(text, -1) {
		name[m[1]] = m[2]
		ids = append(ids, m[2])
	}
	for _, m := range arrowPattern.FindAllStringSubmatch(text, -1) {
		from, to := name[m[1]], name[m[2]]
		if from == "" || to == "" {
			t.Fatalf("an arrow from %q to %q", m[1], m[2])
		}
		arrows = append(arrows, from+" → "+to+":"+strings.ReplaceAll(m[3], `\n`, " "))
	}
	if n := strings.Count(text, "->n"); n != len(arrows) {
		t.Fatalf("%d arrows, of which %d can be read", n, len(arrows))
	}
	slices.Sort(ids)
	slices.Sort(arrows)
	return ids, arrows
}

// specs are all families, at small n and with n open, some of them in several forms.
func specs() []string {
	list := []string{
		"attention:n=3,kind=unique-hard", "attention:n=3,kind=stable,heads=2", "attention:n=2,causal=1",
		"looped:n=2,steps=4", "cot:n=2,steps=3", "diffusion:n=2,steps=3", "mamba:n=3,kind=block", "layer:n=2,norm=layer,place=post",
	}
	for _, f := range compile.Families() {
		list = append(list, f.Name+":n=3", f.Name)
	}
	return list
}

// Unrolled, each operation is a box, and each use an arrow with the shape of the value.
func TestEveryOperationAndUse(t *testing.T) {
	if len(compile.Families()) < 10 {
		t.Fatalf("%d families", len(compile.Families()))
	}
	for _, spec := range specs() {
		p := program(t, spec)
		if p.Open() && strings.Contains(p.String(), "step t") {
			continue // a Scan: its copies stand for as many as n says, and are never drawn
		}
		outline, err := p.Outline()
		if err != nil {
			t.Fatal(err)
		}
		var ids, arrows []string
		for id, op := range outline.Operations {
			ids = append(ids, fmt.Sprintf("op%d", id))
			for k, a := range op.Args {
				label := " "
				if name := operandName(op.Op, k); name != "" {
					label += name + "  "
				}
				arrows = append(arrows, fmt.Sprintf("op%d → op%d:%s%s", a, id, label, shapeText(outline.Operations[a].Shape)))
			}
		}
		for i, o := range outline.Outputs {
			ids = append(ids, fmt.Sprintf("output%d", i))
			arrows = append(arrows, fmt.Sprintf("op%d → output%d: %s", o.Value, i, shapeText(outline.Operations[o.Value].Shape)))
		}
		slices.Sort(ids)
		slices.Sort(arrows)
		gotIDs, gotArrows := read(t, drawn(t, p, Config{Strategy: compile.MinDepth, Unroll: true, MaxOperations: 1 << 20}))
		if diff := cmp.Diff(ids, gotIDs); diff != "" {
			t.Errorf("%s: boxes:\n%s", spec, diff)
		}
		if diff := cmp.Diff(arrows, gotArrows); diff != "" {
			t.Errorf("%s: arrows:\n%s", spec, diff)
		}
	}
}

// With repeated bodies drawn once, each operation is one box or a copy of one, and each
// box has an arrow for each operand.
func TestEveryOperationOnce(t *testing.T) {
	for _, spec := range specs() {
		p := program(t, spec)
		outline, err := p.Outline()
		if err != nil {
			t.Fatal(err)
		}
		text := drawn(t, p, Config{Strategy: compile.MinDepth, MaxOperations: 1 << 20})
		ids, arrows := read(t, text)
		boxes := map[string]bool{}
		for _, id := range ids {
			if boxes[id] {
				t.Errorf("%s: %s is there twice", spec, id)
			}
			boxes[id] = true
		}
		into := map[string]int{}
		for _, a := range arrows {
			_, to, _ := strings.Cut(a, " → ")
			to, _, _ = strings.Cut(to, ":")
			into[to]++
		}
		c := findCopies(outline, false)
		for id, op := range outline.Operations {
			shown := fmt.Sprintf("op%d", c.shown(id))
			if !boxes[shown] || boxes[fmt.Sprintf("op%d", id)] != c.drawn(id) {
				t.Errorf("%s: operation %d is drawn as %s: %v", spec, id, shown, boxes[shown])
			}
			if into[shown] < len(op.Args) {
				t.Errorf("%s: %d arrows lead to %s, which has %d operands", spec, into[shown], shown, len(op.Args))
			}
			if first := outline.Operations[c.shown(id)]; first.Op != op.Op || !first.Shape.Equal(op.Shape) {
				t.Errorf("%s: operation %d is drawn as another one", spec, id)
			}
		}
	}
}

// Folded, the boxes count all operations, and the layers and gates of the whole are
// those of the formulas.
func TestFold(t *testing.T) {
	operations := regexp.MustCompile(`>(\d+) operations?<`)
	for _, spec := range specs() {
		p := program(t, spec)
		outline, err := p.Outline()
		if err != nil {
			t.Fatal(err)
		}
		c := findCopies(outline, false)
		want := 0
		for id := range outline.Operations {
			if c.drawn(id) {
				want++
			}
		}
		for _, most := range []int{0, 1} {
			text := drawn(t, p, Config{Fold: true, MaxBoxes: most})
			got := 0
			ids, _ := read(t, text)
			for _, id := range ids {
				if strings.HasPrefix(id, "op") {
					got++
				}
			}
			for _, m := range operations.FindAllStringSubmatch(text, -1) {
				n, err := strconv.Atoi(m[1])
				if err != nil {
					t.Fatal(err)
				}
				got += n
			}
			if got != want {
				t.Errorf("%s: %d operations are counted, want %d", spec, got, want)
			}
			if most == 1 && strings.Contains(text, "subgraph cluster") {
				t.Errorf("%s: a stage is left that is not folded", spec)
			}
		}
	}
}

// The depth and the gates in the caption are those of circuits, or bounds on them.
func TestCaption(t *testing.T) {
	numbers := regexp.MustCompile(`depth (at most )?(\d+) \(standard depth model\), (at most )?([0-9\x{202f}]+) gates?, strategy ([a-z-]+)<`)
	for _, f := range compile.Families() {
		for _, strategy := range []compile.Strategy{{}, compile.MinDepth, compile.Balanced} {
			p := program(t, f.Name+":n=3")
			c, err := compile.Lower(p, strategy)
			if err != nil {
				t.Fatal(err)
			}
			for _, cfg := range []Config{{Strategy: strategy}, {Strategy: strategy, Circuit: c}} {
				m := numbers.FindStringSubmatch(drawn(t, p, cfg))
				if m == nil {
					t.Fatalf("%s: no caption", f.Name)
				}
				depth, err1 := strconv.Atoi(m[2])
				size, err2 := strconv.Atoi(strings.ReplaceAll(m[4], "\u202f", ""))
				bound := cfg.Circuit == nil
				if (m[1] != "") != bound || (m[3] != "") != bound || m[5] != strategy.String() || err1 != nil || err2 != nil {
					t.Errorf("%s, %v: %q", f.Name, strategy, m[0])
				}
				if depth < c.Depth() || size < c.Size() || !bound && (depth != c.Depth() || size != c.Size()) {
					t.Errorf("%s, %v: %q, and the circuit has depth %d and %d gates", f.Name, strategy, m[0], c.Depth(), c.Size())
				}
				if bound && strategy == compile.MinDepth && depth != c.Depth() {
					t.Errorf("%s: the bound on the depth is %d, and the depth %d", f.Name, depth, c.Depth())
				}
			}
		}
	}
}

// The gates of stages are those of the circuit, and never more than the bounds.
func TestMeasured(t *testing.T) {
	for _, spec := range specs() {
		p := program(t, spec)
		if p.Open() {
			continue
		}
		c, err := compile.Lower(p, compile.MinDepth)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := Config{Strategy: compile.MinDepth, Circuit: c}.complete()
		if err != nil {
			t.Fatal(err)
		}
		s, err := newScene(p, &cfg)
		if err != nil {
			t.Fatal(err)
		}
		top, exact := int64(0), true
		for i := range s.frames {
			fr := &s.frames[i]
			if most, ok := fr.cost.gates.At(nil); !ok || fr.cost.exact && most.Cmp(big.NewInt(fr.cost.counted)) < 0 {
				t.Errorf("%s: stage %s has %d gates, bound %v", spec, fr.name, fr.cost.counted, fr.cost.gates)
			}
			if fr.depth == 1 {
				top += fr.cost.counted
				exact = exact && fr.cost.exact
			}
		}
		outside := int64(0)
		for g := range circuit.Gate(c.Len()) {
			if c.StageOf(g) == 0 && !c.Kind(g).IsSource() {
				outside++
			}
		}
		if exact && top+outside != int64(c.Size()) {
			t.Errorf("%s: stages have %d gates and the circuit %d, %d of them outside", spec, top, c.Size(), outside)
		}
	}
	p := program(t, "attention:n=4")
	c, err := compile.Lower(p, compile.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	text := drawn(t, p, Config{Strategy: compile.MinDepth, Circuit: c})
	n := 0
	for g := range circuit.Gate(c.Len()) {
		if c.StagePath(c.StageOf(g)) == "exp" {
			n++
		}
	}
	if want := fmt.Sprintf("<b>exp</b>  <font point-size=\"9\" color=\"#6b6b6b\">+1 layer, %d gates<", n); n == 0 || !strings.Contains(text, want) {
		t.Errorf("%q is not in the figure", want)
	}
	for _, other := range []string{"attention:n=3", "attention", "mlp:n=4"} {
		var wrong *CircuitError
		if err := DOT(io.Discard, program(t, other), Config{Circuit: c}); !errors.As(err, &wrong) || wrong.Program != program(t, other).Name() {
			t.Errorf("the circuit of another program: %v", err)
		}
	}
}

// The gates of the frames and boxes add up to those of the caption.
func TestGatesAddUp(t *testing.T) {
	for _, spec := range specs() {
		p := program(t, spec)
		cfg, err := Config{Strategy: compile.MinDepth}.complete()
		if err != nil {
			t.Fatal(err)
		}
		s, err := newScene(p, &cfg)
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.Formulas(cfg.Strategy)
		if err != nil {
			t.Fatal(err)
		}
		var all poly.Poly
		for i := range s.frames {
			if s.frames[i].depth == 1 {
				all = all.Plus(s.frames[i].cost.gates)
			}
		}
		for id := range s.outline.Operations {
			if s.copies.drawn(id) && s.home[id] == 0 {
				all = all.Plus(s.costs.all[id])
			}
		}
		for _, n := range []int64{3, 10} {
			at := map[string]*big.Int{"n": big.NewInt(n)}
			got, ok1 := all.At(at)
			want, ok2 := s.costs.at(f.Gates).At(at)
			if !ok1 || !ok2 || got.Cmp(want) != 0 {
				t.Errorf("%s: the frames have %v gates, and the whole %v", spec, all, s.costs.at(f.Gates))
			}
		}
	}
}

func TestRepeats(t *testing.T) {
	text := drawn(t, program(t, "lstm:n=5"), Config{Strategy: compile.MinDepth})
	for _, want := range []string{"<b>step × 5</b>", "+4 layers each", "<b>state 1</b>", "<b>next state 2</b>", `label=" d at first"`, "element of the step", "depth ≤ 4 … 20"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure", want)
		}
	}
	open := drawn(t, program(t, "lstm"), Config{Strategy: compile.MinDepth})
	for _, want := range []string{"<b>step × n</b>", "depth ≤ 4 … 4·n<", "for every n ≥ 1", "depth at most 4·n (standard depth model)"} {
		if !strings.Contains(open, want) {
			t.Errorf("%q is not in the figure for every n", want)
		}
	}
	// The last step of a diffusion model has no noise, so that its steps differ.
	text = drawn(t, program(t, "diffusion:n=2,steps=3"), Config{})
	for _, want := range []string{"<b>step 1</b>", "<b>step 3</b>", "<b>noise2</b>"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure", want)
		}
	}
}

// wide is a program of one stage that is too large to be drawn.
func wide(t testing.TB, stage string, operations int) *compile.Program {
	t.Helper()
	p := compile.NewProgram("wide")
	x := p.Input("x", compile.Shape{compile.NewDim("n", 2)}, 2, true)
	for i := range operations {
		if stage != "" {
			p.Begin(fmt.Sprint(stage, i/10))
		}
		x = p.Affine(1, x, int64(i%3-1))
		if stage != "" {
			p.End()
		}
	}
	p.Output("y", x)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLargePrograms(t *testing.T) {
	for _, c := range []struct {
		stage      string
		operations int
		want       int
	}{
		{"part ", 119, 120}, {"part ", 120, 13}, {"part ", 200, 21}, {"part ", 2000, 34}, {"", 200, 34}, // neighbours, six at a time
	} {
		ids, _ := read(t, drawn(t, wide(t, c.stage, c.operations), Config{}))
		if got := len(ids) - 1; got != c.want {
			t.Errorf("%d operations in stages %q: %d boxes, want %d", c.operations, c.stage, got, c.want)
		}
	}
}

// Names hold anything.
func TestNames(t *testing.T) {
	const name = "<b>&\"\\N\x00\n∑\xff"
	p := compile.NewProgram(name)
	p.Begin(name)
	x := p.Input(name, compile.Shape{compile.NewDim(name, 2)}, 2, true)
	p.End()
	y := p.Gather(x, x.Shape(), name, func(i int) int { return 1 - i })
	p.Output(name, y)
	var b bytes.Buffer
	if err := SVG(&b, p, Config{}); err != nil {
		t.Fatal(err)
	}
	texts := wellFormed(t, b.Bytes())
	const want = "<b>&\"\\N\ufffd\ufffd∑\ufffd"
	if n := strings.Count(texts, want); n < 6 { // title, frame, ports, detail, arrows, sizes
		t.Errorf("%q is there %d times in\n%s", want, n, texts)
	}
}

// wellFormed returns the texts of an SVG, one a line.
func wellFormed(t testing.TB, svg []byte) string {
	t.Helper()
	var texts strings.Builder
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			texts.WriteString(string(text) + "\n")
		}
	}
}

func TestSVG(t *testing.T) {
	p := program(t, "layer:n=2")
	var a, b bytes.Buffer
	for _, w := range []io.Writer{&a, &b} {
		if err := SVG(w, p, Config{Strategy: compile.MinDepth}); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("drawn twice, it differs")
	}
	texts := wellFormed(t, a.Bytes())
	for _, want := range []string{"depth at most 9 (standard depth model)", "attention", "RootQuotient", "n×h×e", "numerator"} {
		if !strings.Contains(texts, want) {
			t.Errorf("%q is not in the figure", want)
		}
	}
	// Labels of arrows and frames come after all lines.
	svg := a.String()
	if at := strings.Index(svg, `<g class="labels"`); at < 0 || at < strings.LastIndex(svg, "<path") || !strings.Contains(svg[at:], "numerator</text>") {
		t.Error("labels do not come last")
	}
	if strings.Count(svg, "<g") != strings.Count(svg, "</g>") {
		t.Error("groups are not closed")
	}
}

func TestDOTIsTheSame(t *testing.T) {
	for _, spec := range specs() {
		for _, cfg := range []Config{{}, {Fold: true}} {
			p := program(t, spec)
			if drawn(t, p, cfg) != drawn(t, program(t, spec), cfg) {
				t.Errorf("%s: drawn twice, it differs", spec)
			}
		}
	}
}

// Kinds of box can be told apart in print without colour.
func TestGreys(t *testing.T) {
	for _, p := range []draw.Palette{draw.Paper(), draw.Grey()} {
		luminance := func(r role) float64 {
			colours, _ := ink(&p, r)
			var red, green, blue int
			if _, err := fmt.Sscanf(colours.Fill, "#%02x%02x%02x", &red, &green, &blue); err != nil {
				t.Fatal(err)
			}
			return 0.2126*float64(red) + 0.7152*float64(green) + 0.0722*float64(blue)
		}
		width := func(r role) float64 { _, w := ink(&p, r); return w }
		if dark, tint := luminance(roleLayers), luminance(roleGates); dark > tint-20 || width(roleLayers) <= width(roleGates) {
			t.Errorf("boxes with layers have grey %.0f and those with gates %.0f", dark, tint)
		}
		if luminance(roleGates) > luminance(roleExact) || width(roleGates) <= width(roleExact) {
			t.Error("boxes with gates are no darker than those without")
		}
	}
}

func TestErrors(t *testing.T) {
	p := program(t, "mlp:n=2")
	if err := DOT(io.Discard, p, Config{Direction: "up"}); err == nil || err.Error() != `diagram: unknown direction "up"; known: LR BT TB` {
		t.Errorf("direction: %v", err)
	}
	if err := Write(context.Background(), io.Discard, p, "gif", Config{}); err == nil || err.Error() != `diagram: unknown format "gif"; known: dot svg png pdf` {
		t.Errorf("format: %v", err)
	}
	bad := compile.NewProgram("bad")
	bad.Input("x", nil, 99, false)
	for _, f := range Formats() {
		if err := Write(context.Background(), io.Discard, bad, f, Config{}); err == nil || err != bad.Err() {
			t.Errorf("%s of a bad program: %v", f, err)
		}
	}
}

func TestFormats(t *testing.T) {
	p := program(t, "mlp:n=2")
	for _, f := range []struct{ name, start string }{{"dot", "digraph"}, {"svg", "<svg"}, {"png", "\x89PNG"}, {"pdf", "%PDF"}} {
		t.Run(f.name, func(t *testing.T) {
			var b bytes.Buffer
			err := Write(context.Background(), &b, p, f.name, Config{})
			var none *draw.NoRasteriserError
			switch {
			case errors.As(err, &none):
				t.Skip(err)
			case err != nil:
				t.Error(err)
			case !bytes.Contains(b.Bytes()[:min(b.Len(), 200)], []byte(f.start)):
				t.Errorf("the file begins with %q", b.String()[:min(b.Len(), 200)])
			}
		})
	}
	if names := Formats(); !slices.Equal(names, []string{"dot", "svg", "png", "pdf"}) {
		t.Errorf("formats %v", names)
	}
	var wide bytes.Buffer
	switch err := Write(context.Background(), &wide, p, "png", Config{Pixels: 300}); {
	case errors.As(err, new(*draw.NoRasteriserError)):
	case err != nil:
		t.Error(err)
	default:
		if c, err := png.DecodeConfig(&wide); err != nil || c.Width != 300 {
			t.Errorf("the PNG is %d pixels wide, want 300: %v", c.Width, err)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		lo, hi int64
		want   string
	}{
		{0, 0, "= 0"},
		{0, 1, "0 … 1 (1 bit)"},
		{-1, 0, "−1 … 0 (1 bit)"},
		{-4, 3, "−4 … 3 (3 bits)"},
		{-4, 4, "−4 … 4 (4 bits)"},
		{-5, 3, "−5 … 3 (4 bits)"},
		{0, 255, "0 … 255 (8 bits)"},
		{-12345, 0, "−12\u202f345 … 0 (15 bits)"},
		{1, 123456789, "1 … ≈ 1.2·10⁸ (27 bits)"},
		{-1 << 62, 0, "≈ −4.6·10¹⁸ … 0 (63 bits)"},
		{-1 << 63, 3, ""},
	} {
		if got := rangeText(compile.Range{Lo: c.lo, Hi: c.hi}, true); got != c.want {
			t.Errorf("%d..%d is written %q, want %q", c.lo, c.hi, got, c.want)
		}
	}
}
