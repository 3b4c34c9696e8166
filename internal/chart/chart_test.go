package chart

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestTicks(t *testing.T) {
	labels := func(ticks []plot.Tick) string {
		var b []string
		for _, at := range ticks {
			b = append(b, at.Label)
		}
		return strings.Join(b, " ")
	}
	for got, want := range map[string]string{
		labels(Whole(5)):                         "0 1 2 3 4 5",
		labels(Whole(8)):                         "0  2  4  6  8",
		labels(Whole(15)):                        "0     5     10     15",
		labels(Every(0, 1, 0.25)):                "0     0.25     0.5     0.75     1",
		labels(Even(0, 0.7)):                     "0  0.2  0.4  0.6 ",
		labels(Even(0.2, 1.1)):                   "0.2  0.4  0.6  0.8  1 ",
		labels(Even(-7, 12)):                     "-5     0     5     10  ",
		labels(At([]int{8, 2, 4, 2})):            "2 4 8",
		labels(At([]int{1, 2, 100, 101, 10000})): " 2  101 10000",
		labels(Decades(0.8, 12)):                 "  1 2   5     10",
		labels(Decades(0.9, 120)):                " 1         10         100",
		labels(Decades(1.5, 11000)):              "         10         10²         10³         10⁴",
		labels(Decades(1e-7, 1e9)):               "10⁻⁷   10⁻⁴   10⁻¹   10²   10⁵   10⁸",
		labels(Decades(60, 75)):                  "60 70",
		labels(Decades(250, 1200)):               "300 400 500  700   1000",
		labels(Every(4, 8, 1)):                   "4 5 6 7 8",
		labels(Every(3, 9, 3)):                   "3   6   9",
	} {
		if strings.TrimSpace(got) != strings.TrimSpace(want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Log axes end where the data do, not at the next power of ten.
func TestNoEmptyDecades(t *testing.T) {
	p := New("x", "y")
	p.LogY()
	p.Line(Curve{{X: 1, Y: 20}, {X: 2, Y: 2000}}, 0, "a")
	if err := p.settle(); err != nil {
		t.Fatal(err)
	}
	if low, high := math.Log10(p.Y.Min), math.Log10(p.Y.Max); low < 1.1 || low > 1.31 || high < 3.3 || high > 3.5 {
		t.Errorf("an axis from 10^%.2f to 10^%.2f for 20 to 2000", low, high)
	}
}

// all are series of which one is a single point.
var all = []Series{{"parity", []Point{{2, 2, 3, 8}, {4, 2, 5, 24}}}, {"one", []Point{{1, 1, 0, 0}}}}

// A chart is written in each of its formats, the same each time.
func TestWriteGrowth(t *testing.T) {
	for _, format := range Formats {
		var b, again bytes.Buffer
		for _, to := range []*bytes.Buffer{&b, &again} {
			if err := WriteGrowth(to, format[1:], all, "n", "standard", true); err != nil || to.Len() == 0 {
				t.Errorf("%s: %d bytes, error %v", format, to.Len(), err)
			}
		}
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: two files differ", format)
		}
		dates := regexp.MustCompile(`Date \(D:(\d+)`).FindAllStringSubmatch(b.String(), -1)
		for _, date := range dates { // else a plot would be another one each time
			if date[1] != "19700101000000" {
				t.Errorf("%s: date %s", format, date[1])
			}
		}
		if (len(dates) > 0) != (format == ".pdf") {
			t.Errorf("%s: dates %v", format, dates)
		}
	}
	if err := WriteGrowth(&bytes.Buffer{}, "gif", all, "n", "standard", false); err == nil {
		t.Error("a format that there is not was written")
	}
	bad := New("x", "y")
	bad.Line(Curve{{X: math.NaN(), Y: 1}}, 0, "a")
	for _, format := range Formats {
		if err := Write(&bytes.Buffer{}, format[1:], 5, bad); err == nil {
			t.Errorf("%s: a point that is no number was written", format)
		}
	}
}

// Without points, or with one, there are axes all the same; a logarithm of 0 is an error.
func TestBounds(t *testing.T) {
	for _, format := range Formats {
		empty, single, log := New("x", "y"), New("x", "y"), Panel(nil)
		single.Line(Curve{{X: 0, Y: 0}}, 0, "a")
		log.LogY()
		for _, p := range []*Chart{empty, single, log} {
			if err := Write(&bytes.Buffer{}, format[1:], 5, p); err != nil {
				t.Errorf("%s: %v", format, err)
			}
		}
		for _, zero := range []*Chart{New("x", "y"), Panel([]int{1, 2})} {
			zero.LogY()
			zero.Line(Curve{{X: 1, Y: 0}, {X: 2, Y: 3}}, 0, "a")
			const want = "the logarithmic axis"
			if err := Write(&bytes.Buffer{}, format[1:], 5, zero); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %s", format, err, want)
			}
		}
	}
	for _, bad := range [][2]float64{{-1, 1}, {0, 1}, {1, 1}, {2, 1}, {1, math.Inf(1)}, {math.NaN(), 1}} {
		if ticks := Decades(bad[0], bad[1]); ticks != nil {
			t.Errorf("%v: %v", bad, ticks)
		}
	}
	if ticks := Even(3, 3); ticks != nil {
		t.Error(ticks)
	}
}

// sample has a line, a theorem, names that need care, and an exponent.
func sample() *Chart {
	p := New("fraction ρ", "share ≤ 10⁴")
	p.LogY()
	p.Line(Curve{{X: 0, Y: 1e-5}, {X: 0.5, Y: 2e4}}, 1, "gates, 50 % of a_b")
	p.Theory(Curve{{X: 0, Y: 2}, {X: 0.5, Y: 1}}, 1, "a bound that has a long name which takes more than one line of all of the column", "the bound")
	p.Guide(Curve{{X: 0, Y: 3}, {X: 0.5, Y: 3}}, "a level")
	p.Rings(Curve{{X: 0.1, Y: 5}}, "others")
	p.Named(Curve{{X: 0.2, Y: 6}}, []string{"min-size"}, "named")
	return p
}

var svgText = regexp.MustCompile(`(?s)<text x="([-\d.]+)" y="([-\d.]+)"[^>]*?font-size:([\d.]+)px">([^<]*)<`)

// In a column of 8 cm text has 6 points at least and lies inside; the legend is below the axis.
func TestReadable(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, "svg", 5, sample()); err != nil {
		t.Fatal(err)
	}
	size := regexp.MustCompile(`viewBox="0 0 ([\d.]+) ([\d.]+)"`).FindStringSubmatch(b.String())
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	width, height := number(size[1]), number(size[2])
	if math.Abs(width-8/2.54*72) > 0.1 || math.Abs(height-5/2.54*72-4*rowHeight) > 0.1 {
		t.Errorf("%v wide and %v high", width, height)
	}
	at := map[string]float64{}
	for _, m := range svgText.FindAllStringSubmatch(b.String(), -1) {
		if number(m[3]) < 6 {
			t.Errorf("%s: %s points", m[4], m[3])
		}
		at[m[4]] = number(m[2]) // upwards is less, as the text is turned around
	}
	for _, name := range []string{"gates, 50 % of a_b", "a level", "others", "named"} {
		y, ok := at[name]
		if !ok || !(y > at["fraction ρ"]) || y > 0 {
			t.Errorf("%s: at %v of %v, the axis at %v", name, y, ok, at["fraction ρ"])
		}
	}
	if _, ok := at["4"]; !ok || strings.Contains(b.String(), "⁴") {
		t.Error("an exponent is not a small 4")
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, "csv", 5, sample()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range rows {
		got = append(got, strings.Join(row[1:], "|"))
	}
	const long = "theory: a bound that has a long name which takes more than one line of all of the column"
	want := []string{
		"series|kind|x|y|label", "gates, 50 % of a_b|line|0|1e-05|", "gates, 50 % of a_b|line|0.5|20000|",
		long + "|theory|0|2|the bound", long + "|theory|0.5|1|the bound", "a level|guide|0|3|", "a level|guide|0.5|3|",
		"others|points|0.1|5|", "named|line|0.2|6|min-size",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestGrowthCaption(t *testing.T) {
	for want, of := range map[string][]Series{
		`\caption{Depth (standard model), gates and wires of parity over $n$, measured.}\label{fig:growth}`:  all[:1],
		`\caption{Depth (standard model) and gates of parity and one over $n$, measured.}\label{fig:growth}`: all,
	} {
		if got := GrowthCaption(of, "n", "standard"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestTeX(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b, "tex", 5, sample()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`\usepackage{pgfplots}`, `ymode=log, `, `xlabel={fraction \ensuremath{\rho}}`,
		`ylabel={share \ensuremath{\leq} 10\raisebox{0.8ex}{\fontsize{6}{6}\selectfont 4}}`,
		`10\raisebox{0.8ex}{\fontsize{6}{6}\selectfont \ensuremath{-}5}`,
		`coordinates {(0,1e-05) (0.5,20000) };`, `\addlegendentry{gates, 50 \% of a\_b}`,
		`\addlegendimage{color=tcz1, line width=0.7pt, dash pattern=on 4pt off 2pt, mark=none}`,
		`\node[anchor=south west, inner sep=2pt] at (axis cs:0.2,6) {min-{}size};`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, &b)
		}
	}
	if exec.CommandContext(t.Context(), "kpsewhich", "pgfplots.sty").Run() != nil {
		t.Skip("pgfplots is not installed")
	}
	compiler := exec.CommandContext(t.Context(), "pdflatex", "-interaction=nonstopmode", "-halt-on-error", "plot.tex")
	compiler.Dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(compiler.Dir, "plot.tex"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	if out, err := compiler.CombinedOutput(); err != nil || bytes.Contains(out, []byte("Font Warning")) {
		t.Errorf("pdflatex: %v\n%s", err, out)
	}
	size, err := exec.CommandContext(t.Context(), "pdfinfo", filepath.Join(compiler.Dir, "plot.pdf")).Output()
	if err != nil {
		return // it is not installed
	}
	m := regexp.MustCompile(`Page size: +([\d.]+) x`).FindSubmatch(size)
	if m == nil {
		t.Fatalf("no size in %s", size)
	}
	if wide, err := strconv.ParseFloat(string(m[1]), 64); err != nil || wide < 190 || wide > 8/2.54*72 {
		t.Errorf("the page is %v points wide, error %v", wide, err)
	}
}
