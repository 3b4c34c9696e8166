package sketch_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/sketch"
	"github.com/tc0lab/tc0/internal/press"
	"github.com/tc0lab/tc0/internal/tooltest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// attention is a session on the circuit of attention:n=2,d=1,bits=2.
func attention(t testing.TB) *explore.Session {
	t.Helper()
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	return open(t, "attention:n=2,d=1,bits=2", c)
}

// mixed is a session on a circuit of all shapes, with names that are not plain and weights of any size.
func mixed(t testing.TB) *explore.Session {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.InputPort("x & <é>", circuit.Format{}, 4)
	b.Begin("a stage of a very long name/and a longer one [7]")
	s := b.Linear()
	for i, l := range x {
		s.AddLit(circuit.NewInt(int64(1-3*(i%2))), l)
	}
	sum := s.Sum()
	low, high := b.Threshold(sum, circuit.NewInt(-1)), b.Threshold(sum, circuit.NewInt(1))
	b.Begin("inner")
	large := b.Linear()
	large.AddLit(circuit.Pow2(70), x[0])
	large.AddLit(circuit.NewInt(123456), x[1])
	tall := b.Threshold(large.Sum(), circuit.NewInt(123456))
	b.End()
	b.End()
	parity := b.Xor(x[0].Not(), low, high, tall)
	b.OutputPort("y", circuit.Format{}, b.And(parity, x[3].Not()), tall.Not())
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return open(t, "a circuit & its 50% of <signs>", c)
}

func open(t testing.TB, name string, c *circuit.Circuit) *explore.Session {
	t.Helper()
	s, err := explore.Open(c, explore.Options{Name: name, Wires: c.Stats().Wires})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// views are those of the golden files: hashes as in the address of the page.
var views = []struct {
	name    string
	session func(testing.TB) *explore.Session
	hash    string
}{
	{"attention", attention, "open=in0,out0,q0,s2,s5&bits=4.6"},
	{"mixed", mixed, "open=in0,out0,p0,q0,s1,s2&select=g5&bits=4.b&level=1"},
}

func written(t testing.TB, s *explore.Session, hash, format string, cfg sketch.Config) string {
	t.Helper()
	state, err := explore.ParseHash(hash)
	if err != nil {
		t.Fatal(err)
	}
	text, err := sketch.Write(s, state, format, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The figures are those in the golden files, which were looked at.
func TestGolden(t *testing.T) {
	for _, v := range views {
		for _, format := range []string{"svg", "tex"} {
			got := written(t, v.session(t), v.hash, format, sketch.Config{})
			path := filepath.Join("testdata", v.name+"."+format)
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is not the figure of %s; see it, and go test ./explore/sketch -update", path, v.hash)
			}
		}
	}
}

// What stands in the picture of attention, whatever its form.
func TestWhatAFigureTells(t *testing.T) {
	s := attention(t)
	text := written(t, s, views[0].hash, "svg", sketch.Config{})
	for _, want := range []string{
		">scores<", ">quotient<", ">level 3<", ">≥2545<", ">×17<", ">= −2<",
		"<desc>view " + strings.ReplaceAll(views[0].hash, "&", "&amp;"),
		"45 gates, 268 wires; input x[0,0] = −2, x[1,0] = 1; output y[0,0] = 0, y[1,0] = −1",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the SVG lacks %s", want)
		}
	}
	folded := written(t, s, "", "svg", sketch.Config{})
	if strings.Contains(folded, "input x") || strings.Contains(folded, "are 1") {
		t.Error("a view without an input has values")
	}
	bare := written(t, s, views[0].hash, "svg", sketch.Config{NoCaption: true, Palette: press.Grey()})
	if strings.Contains(bare, "45 gates") || strings.Contains(bare, "#9fe0c8") {
		t.Error("a grey figure without caption has a caption or colours")
	}
	tex := written(t, s, "", "tex", sketch.Config{Width: 8})
	const small = "to 8.00 cm. Its smallest text has 2.6 points.\n% That is less than 5 points: it takes 15.1 cm"
	if !strings.Contains(tex, small) {
		t.Errorf("the TikZ does not state its smallest text: %.900s", tex)
	}
}

// SVG is XML, of a circuit of any names.
func TestSVGIsXML(t *testing.T) {
	for _, v := range views {
		d := xml.NewDecoder(strings.NewReader(written(t, v.session(t), v.hash, "svg", sketch.Config{})))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", v.name, err)
			}
		}
	}
}

// A session answers "draw" with the bytes that Write writes, and other methods as before.
func TestSession(t *testing.T) {
	inner := attention(t)
	s := sketch.Session{Session: inner}
	state, err := explore.ParseHash(views[0].hash)
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"svg", "tex"} {
		args, err := json.Marshal(map[string]any{"state": state, "format": format})
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.Do("draw", args)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Text string }
		if err := json.Unmarshal(answer, &got); err != nil {
			t.Fatal(err)
		}
		if got.Text != written(t, attention(t), views[0].hash, format, sketch.Config{}) {
			t.Errorf("the session draws another %s", format)
		}
	}
	gate := json.RawMessage(`{"gate":49}`)
	if got, want := s.Answer("gate", gate), inner.Answer("gate", gate); !bytes.Equal(got, want) {
		t.Errorf("gate: %s, want %s", got, want)
	}
	for args, want := range map[string]string{
		`{"state":{},"format":"gif"}`:                 `sketch: unknown format "gif" of a view; known: svg tex`,
		`{"state":{"open":["s99"]},"format":"svg"}`:   `explore: no item "s99" in this circuit`,
		`{"state":{"bits":"01"},"format":"svg"}`:      `explore: 2 input bits for 4 inputs`,
		`{"state":{},"format":"svg","colour":"blue"}`: `sketch: arguments: json: unknown field "colour"`,
		`{"state":{},"format":"svg"} {}`:              `sketch: arguments: there is more than one JSON object`,
	} {
		if _, err := s.Do("draw", json.RawMessage(args)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", args, err, want)
		}
	}
	if _, err := sketch.Write(inner, explore.State{}, "tex", sketch.Config{Width: -2}); err == nil ||
		err.Error() != "sketch: a width of -2 cm is outside 1 to 500" {
		t.Errorf("width −2: %v", err)
	}
}

// A fork draws as the session does that it is of, and has an input of its own.
func TestForkDraws(t *testing.T) {
	first := sketch.Session{Session: attention(t)}
	other, err := first.Fork()
	if err != nil {
		t.Fatal(err)
	}
	draw := func(s sketch.Session, bits string) string {
		t.Helper()
		answer, err := s.Do("draw", json.RawMessage(`{"state":{"bits":"`+bits+`"},"format":"svg"}`))
		if err != nil {
			t.Fatal(err)
		}
		return string(answer)
	}
	if _, err := first.Do("set", json.RawMessage(`{"bits":"1001"}`)); err != nil {
		t.Fatal(err)
	}
	if draw(other, "0110") != draw(sketch.Session{Session: attention(t)}, "0110") {
		t.Error("a fork draws another figure")
	}
	answer, err := first.Do("toggle", json.RawMessage(`{"input":0}`))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(answer), `"bits":"0001"`) {
		t.Errorf("after the fork was drawn, a toggle gives %s, want the bits 0001", answer)
	}
}

// pdflatex makes one page of each figure.
func TestTikZCompiles(t *testing.T) {
	program, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed: TikZ is only checked as text")
	}
	if find, err := exec.LookPath("kpsewhich"); err != nil || exec.Command(find, "tikz.sty").Run() != nil {
		t.Skip("TikZ is not installed: it is only checked as text")
	}
	dir := t.TempDir()
	for _, v := range views {
		text := written(t, v.session(t), v.hash, "tex", sketch.Config{})
		if err := os.WriteFile(filepath.Join(dir, v.name+".tex"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		said, err := tooltest.Output(t, dir, "", program, "-interaction=nonstopmode", "-halt-on-error", v.name+".tex")
		if err != nil || !strings.Contains(said, "(1 page") {
			t.Fatalf("%s: %v\n%s", v.name, err, said)
		}
		for _, bad := range []string{"Missing character", "Overfull", "Font Warning", "pgf Error"} {
			if i := strings.Index(said, bad); i >= 0 {
				t.Errorf("%s: %.200s", v.name, said[i:])
			}
		}
	}
}

// TeX has no length of 16384 points: the picture of a wider view has smaller units.
func TestWideViewIsInTheReachOfTeX(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	last := x[0]
	for i := range 50 { // each gate is a level
		last = b.AtLeast(2, last, x[1], x[2], b.Xor(last, x[1+i%2]))
	}
	b.Output("y", last)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	text := written(t, open(t, "wide", c), "", "tex", sketch.Config{})
	if !strings.Contains(text, ",scale=0.") {
		t.Error("the texts are not scaled")
	}
	_, picture, _ := strings.Cut(text, "useasboundingbox")
	for _, number := range regexp.MustCompile(`-?\d+(\.\d+)?`).FindAllString(picture, -1) {
		if v, err := strconv.ParseFloat(number, 64); err != nil || math.Abs(v) > 16000 {
			t.Fatalf("a length of %s points: %v", number, err)
		}
	}
}

// Every colour and every dash of a figure is in its legend.
func TestLegendHasWhatIsDrawn(t *testing.T) {
	p := press.Paper()
	type look struct{ fill, stroke, dash string }
	element := regexp.MustCompile(`<(rect|path|circle) fill="([^"]*)" stroke="([^"]*)" stroke-width="[^"]*"(?: stroke-dasharray="([^"]*)")?`)
	says := func(kind string, l look) string { // the words that the legend has to have
		switch {
		case kind == "circle" || strings.Contains(l.fill, "none") && l.stroke == p.Wire && l.dash == "":
			return ""
		case l.dash == "4 2" && l.stroke == p.Negative:
			return "dashed line: negative weight"
		case l.dash == "4 2" && l.stroke == "#00664b":
			return "negative weight, green where it carries a 1"
		case l.fill == "none" && l.stroke == "#00664b" || l.fill == "#9fe0c8":
			return "green and heavy: 1"
		case l.stroke == p.Path:
			return "heavy: on a longest path"
		case l.stroke == "#0072b2" && l.fill != p.Logic.Fill:
			return "heaviest: selected"
		case l.dash == "4 3" && l.fill == p.Stage.Fill:
			return "dashed frame: unfolded"
		case l.dash == "4 3" && l.fill == p.Inner.Fill:
			return "darker frame: inside another"
		case l.dash == "4 3" && l.fill == "#ffffff":
			return "dashed box: no value yet"
		case l.fill == p.Logic.Fill:
			return "round: AND, OR, NOT"
		case l.fill == p.Parity.Fill:
			return "hexagon: XOR, MOD"
		case l.fill == p.Threshold.Fill:
			return "square corners: THRESHOLD, MAJORITY"
		case l.fill == p.Stage.Fill && kind == "rect":
			return "a box that counts gates or bits is folded"
		case l.stroke == p.Port.Line || l.stroke == p.Constant.Line || l.stroke == p.Sum.Line:
			return ""
		}
		t.Errorf("nobody knows what %s %+v is", kind, l)
		return ""
	}
	seen := map[string]bool{}
	for _, v := range []struct {
		session func(testing.TB) *explore.Session
		hash    string
	}{
		{attention, "open=in0,p0,p1,out0,q0,s2,s3&bits=4.6&level=2"},
		{attention, "open=in0,s2&filter=path.0.0"},
		{attention, "open=in0,p0,p1,s2,s3&bits=4.f&select=g16"},
		{mixed, "open=in0,out0,p0,q0,s1,s2&select=g5&bits=4.b&level=1"},
		{mixed, "open=in0,out0,p0,q0,s1,s2&bits=4.b"},
		{mixed, "open=in0,out0,p0,q0,s1,s2"},
	} {
		svg := written(t, v.session(t), v.hash, "svg", sketch.Config{})
		text := regexp.MustCompile(`\s+`).ReplaceAllString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(svg, " "), " ")
		for _, m := range element.FindAllStringSubmatch(svg, -1) {
			want := says(m[1], look{m[2], m[3], m[4]})
			seen[want] = true
			if !strings.Contains(text, want) {
				t.Errorf("%s: it has a %s, and the legend lacks %q: %s", v.hash, m[0], want, text[max(0, len(text)-700):])
			}
		}
	}
	if len(seen) < 13 {
		t.Errorf("the figures have %d looks, want 13 and what needs no word: %v", len(seen), seen)
	}
}

// The figure of a view of a language model tells how many tokens are the text.
func TestTokensOfAView(t *testing.T) {
	s := attention(t)
	state, err := explore.ParseHash("bits=4.0&tokens=2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sketch.Write(s, state, "svg", sketch.Config{}); err == nil {
		t.Error("a circuit that is no language model has tokens")
	}
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	text := &explore.Text{Input: "x", Output: "y", Labels: []string{"a", "b"}, End: -1}
	if s, err = explore.Open(c, explore.Options{Name: "a text", Text: text}); err != nil {
		t.Fatal(err)
	}
	svg, err := sketch.Write(s, state, "svg", sketch.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<desc>view bits=4.0&amp;tokens=2</desc>", "text: the first 2 tokens"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the figure lacks %q", want)
		}
	}
}
