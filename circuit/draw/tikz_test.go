package draw_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/tooltest"
)

func tikzText(t testing.TB, c *circuit.Circuit, cfg draw.Config) string {
	t.Helper()
	var w bytes.Buffer
	if err := draw.TikZ(&w, c, cfg); err != nil {
		t.Fatal(err)
	}
	return w.String()
}

// nasty has names that TeX would choke on.
func nasty(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.InputPort(`50% & \x_1^2 {$#~}`, circuit.Format{Kind: circuit.Unsigned}, 2)
	y := b.Input("\\end{tikzpicture}")
	z := b.Input("%")
	b.Begin("é 中 Σ≥∧∨⊕¬⊼⊽⊙−…×²⁷ [w7] 😀 \x00")
	g := b.And(x[0], x[1], y.Not())
	h := b.Threshold(b.Sum(circuit.Weigh(-7, x[0]), circuit.Weigh(5, z)), circuit.NewInt(-2))
	b.End()
	b.OutputPort("}{", circuit.Format{Kind: circuit.OneHot}, g, h)
	b.OutputPort("--``''!`?`", circuit.Format{Kind: circuit.Unsigned}, b.Mod(3, []int64{0, 2}, x[0], y, g))
	return build(t, b)
}

func TestTikZShapes(t *testing.T) {
	for _, f := range figures(t) {
		text := tikzText(t, f.c, f.cfg)
		if f.cfg.Fold {
			continue
		}
		want := map[string]int{}
		for g := range circuit.Gate(f.c.Len()) {
			switch f.c.Kind(g) {
			case gates.Const, gates.Input:
			case gates.Threshold, gates.Majority:
				want[`\node[tc threshold`]++
			case gates.Xor, gates.Xnor, gates.Mod:
				want[`\path[tc parity`]++
			default:
				want[`\node[tc logic`]++
			}
		}
		for _, shape := range []string{`\node[tc threshold`, `\path[tc parity`, `\node[tc logic`} {
			if got := strings.Count(text, shape); got != want[shape] {
				t.Errorf("%s: %d shapes %s, want %d", f.name, got, shape, want[shape])
			}
		}
		pattern := regexp.MustCompile(
			`(?m)^\\(?:node|path)\[tc (?:threshold|parity|logic|sum|constant)[^\]]*\](?: at)? (\S+)`,
		)
		places := pattern.FindAllStringSubmatch(text, -1)
		seen := map[string]bool{}
		for _, m := range places {
			if seen[m[1]] {
				t.Errorf("%s: two shapes at %s", f.name, m[1])
			}
			seen[m[1]] = true
		}
		dot := dotText(t, f.c, f.cfg)
		if lines, want := strings.Count(text, `\draw[tc wire`), strings.Count(dot, `id="e`); lines != want {
			t.Errorf("%s: %d lines, want %d", f.name, lines, want)
		}
		if got, want := strings.Count(text, `\draw[tc dot`), strings.Count(dot, "odot"); got != want {
			t.Errorf("%s: %d complements, want %d", f.name, got, want)
		}
	}
}

func TestTikZSigns(t *testing.T) {
	text := tikzText(t, signs(t), draw.Config{Width: 17})
	for _, want := range []string{
		`{$\wedge$}`, `{$\vee$}`, `{$\oplus$}`, `{$\mathsf{MAJ}$}`, `{$\Sigma \geq 2^{40}$}`, `{$\in \{0,2\}$}`,
		`{$\mathsf{mod}\ 3$}`, `{$2^{70}$}`, `a: \ensuremath{-}31,000,000,217`, `\draw[tc wire,tc negative]`,
		`\draw[tc wire,tc integer]`, `{depth 2}`, `depth: every AND, OR, XOR, MOD, MAJORITY and THRESHOLD gate costs 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	text = tikzText(t, mlp(t), draw.Config{Title: "A_B"})
	for _, want := range []string{`{hidden}`, `{$\geq 3$}`, `\bfseries A\_B`, `\path[tc stage]`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	text = tikzText(t, attention(t, 2), draw.Config{Fold: true})
	for _, want := range []string{`{\bfseries quotient}`, `{$36$}`, `\filldraw[tcwire,`, `\path[tc box,tc rounded]`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s", want)
		}
	}
	text = tikzText(t, fullAdder(t), draw.Config{Path: []circuit.Gate{1, 4, 5}})
	if got := strings.Count(text, "tc on path,"); got < 3 {
		t.Errorf("%d shapes are on the path", got)
	}
	if got := strings.Count(text, "draw=tcpath,line width=2.3bp") +
		strings.Count(text, "draw=tcpath,line width=3.1bp"); got != 4 {
		t.Errorf("%d lines are on the path, want 4", got)
	}
}

func TestTikZIsTheSameEveryTime(t *testing.T) {
	for _, f := range figures(t) {
		first := tikzText(t, f.c, f.cfg)
		if again := tikzText(t, f.c, f.cfg); again != first {
			t.Errorf("%s: two drawings differ", f.name)
		}
	}
}

// scaleOf reads by how much a picture is scaled, and how wide it is before.
func scaleOf(t *testing.T, text string) (scale, wide float64) {
	t.Helper()
	m := regexp.MustCompile(`(?m)^\\scalebox\{([0-9.]+)\}`).FindStringSubmatch(text)
	b := regexp.MustCompile(`\\useasboundingbox \(([-0-9.]+),[-0-9.]+\) rectangle \(([-0-9.]+),`).
		FindStringSubmatch(text)
	if m == nil || b == nil {
		t.Fatalf("no scale or no box in\n%s", text)
	}
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return number(m[1]), number(b[2]) - number(b[1])
}

func TestTikZFitsTheColumn(t *testing.T) {
	const less = "less than 6 points"
	for _, test := range []struct {
		c     *circuit.Circuit
		width float64
		small bool // text is too small to be read
		whole bool // nothing has to be scaled
	}{
		{majority(t), 0, false, true},
		{mlp(t), 0, false, false},
		{mlp(t), 4, true, false},
		{mlp(t), 30, false, true},
		{attention(t, 2), 17.5, false, false},
	} {
		text := tikzText(t, test.c, draw.Config{Width: test.width})
		scale, wide := scaleOf(t, text)
		width := test.width
		if width == 0 {
			width = draw.DefaultWidth
		}
		if scale*wide > width*72/2.54+0.1 {
			t.Errorf("%v cm: the picture has %.1f points", width, scale*wide)
		}
		if !strings.Contains(text, fmt.Sprintf(`\tczbegin\parbox{%.2fcm}`, width)) {
			t.Errorf("%v cm: the column is of another width", width)
		}
		if got := strings.Contains(text, less); got != test.small || got && 10*scale > 6 {
			t.Errorf("%v cm: scaled by %v, the comment says that text is small: %v", width, scale, got)
		}
		if (scale == 1) != test.whole {
			t.Errorf("%v cm: scaled by %v", width, scale)
		}
	}
	for _, width := range []float64{-1, 0.5, 501} {
		if err := draw.TikZ(&bytes.Buffer{}, majority(t), draw.Config{Width: width}); err == nil ||
			!strings.Contains(err.Error(), "cm is outside 1 to 500") {
			t.Errorf("%v cm: %v", width, err)
		}
	}
}

func TestTikZDirection(t *testing.T) {
	for d, right := range map[draw.Direction]bool{draw.LeftRight: true, draw.BottomTop: false} {
		text := tikzText(t, fullAdder(t), draw.Config{Direction: d})
		pattern := regexp.MustCompile(`\\node\[tc threshold[^\]]*\] at \(([-0-9.]+),([-0-9.]+)\)`)
		places := pattern.FindAllStringSubmatch(text, -1)
		if len(places) != 2 {
			t.Fatalf("%d gates", len(places))
		}
		if same := places[0][2] == places[1][2]; d == draw.LeftRight && places[0][1] == places[1][1] || !right && same {
			t.Errorf("%s: gates of depth 1 and 2 at %v", d, places)
		}
	}
}

// latexProgram returns pdflatex, if it has TikZ.
func latexProgram(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed: TikZ is only checked as text")
	}
	find, err := exec.LookPath("kpsewhich")
	if err != nil || exec.Command(find, "tikz.sty").Run() != nil {
		t.Skip("TikZ is not installed: it is only checked as text")
	}
	return program
}

// compile runs pdflatex on a file and returns what it says.
func compile(t *testing.T, program, dir, name, text string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name+".tex"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	said, err := tooltest.Output(t, dir, "", program, "-interaction=nonstopmode", "-halt-on-error", name+".tex")
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, said)
	}
	log, err := os.ReadFile(filepath.Join(dir, name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"Missing character", "Overfull", "Font Warning", "pgf Error"} {
		if i := bytes.Index(log, []byte(bad)); i >= 0 {
			t.Errorf("%s: %.200s", name, log[i:])
		}
	}
	return said
}

func TestTikZCompiles(t *testing.T) {
	program := latexProgram(t)
	dir := t.TempDir()
	long := strings.Repeat(`A title & its 50% of \{words} `, 8)
	said := compile(t, program, dir, "alone", tikzText(t, nasty(t), draw.Config{Title: long}))
	if !strings.Contains(said, "(1 page") {
		t.Errorf("the document has another number of pages:\n%s", said)
	}
	if info, err := exec.LookPath("pdfinfo"); err == nil {
		out, err := tooltest.Output(t, dir, "", info, "alone.pdf")
		if err != nil || !regexp.MustCompile(`Page size: +226\.7\d* x`).MatchString(out) { // 8 cm
			t.Errorf("the page has another size: %v\n%s", err, out)
		}
	}

	// A paper takes all figures in, one after another.
	paper := []string{`\documentclass{article}`, `\usepackage{tikz}`, `\begin{document}`, `Text before.`}
	list := append(figures(t), bundled(t)...)
	list = append(
		list,
		figure{name: "nasty", c: nasty(t)},
		figure{name: "large", c: attention(t, 2), cfg: draw.Config{Width: 12}},
	)
	for _, f := range list {
		if err := os.WriteFile(filepath.Join(dir, f.name+".tex"), []byte(tikzText(t, f.c, f.cfg)), 0o644); err != nil {
			t.Fatal(err)
		}
		paper = append(
			paper,
			`\begin{figure}[p]\centering\input{`+f.name+`}\caption{`+strings.ReplaceAll(
				f.name,
				"_",
				" ",
			)+`}\end{figure}\clearpage`,
		)
	}
	paper = append(paper, `Text after.`, `\end{document}`)
	said = compile(t, program, dir, "paper", strings.Join(paper, "\n"))
	if want := fmt.Sprintf("(%d pages", len(list)+2); !strings.Contains(said, want) {
		t.Errorf("not %s:\n%s", want, said)
	}
}

// Between the marks stands a picture that needs nothing but the package tikz.
func TestPictureCanBeCutOut(t *testing.T) {
	program := latexProgram(t)
	text := tikzText(t, mlp(t), draw.Config{})
	parts := strings.Split(text, "%%% ")
	if len(parts) != 3 || !strings.HasPrefix(parts[1], "picture\n") ||
		!strings.HasPrefix(parts[2], "end of picture\n") {
		t.Fatalf("the marks are not in\n%s", text)
	}
	picture := strings.TrimPrefix(parts[1], "picture\n")
	doc := []string{`\documentclass{article}\usepackage{tikz}\begin{document}`, picture, `\end{document}`}
	if said := compile(t, program, t.TempDir(), "cut", strings.Join(doc, "\n")); !strings.Contains(said, "(1 page") {
		t.Errorf("%s", said)
	}
	if slices.ContainsFunc([]byte(text), func(b byte) bool { return b > '~' }) {
		t.Error("the text of a circuit of plain names is not ASCII")
	}
}
