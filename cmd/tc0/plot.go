package main

import (
	"cmp"
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding/charmap"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgpdf" // the formats of the plot
	_ "gonum.org/v1/plot/vg/vgsvg"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/poly"
)

// plotFormats are the formats of plots, by extension.
var plotFormats = []string{".svg", ".png", ".pdf"}

// plotFormat returns the format of a file by its extension; of no file, "", none.
func plotFormat(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	ext := filepath.Ext(path)
	if !slices.Contains(plotFormats, ext) {
		return "", errf("%s: unknown plot format; known: %s", path, strings.Join(plotFormats, " "))
	}
	return ext[1:], nil
}

// plotted is one family of a plot.
type plotted struct {
	name  string
	sweep *analysis.Sweep
}

// marks tell lines apart, in grey too: by shape, dashes and colour. Lengths are in points.
var marks = []struct {
	shape  draw.GlyphDrawer
	dashes []vg.Length
	ink    color.RGBA
}{
	{draw.CircleGlyph{}, nil, color.RGBA{0, 0, 0, 255}},
	{draw.BoxGlyph{}, []vg.Length{5, 3}, color.RGBA{190, 90, 0, 255}},
	{draw.TriangleGlyph{}, []vg.Length{1, 2}, color.RGBA{0, 90, 160, 255}},
	{draw.CrossGlyph{}, []vg.Length{7, 2, 1, 2}, color.RGBA{0, 120, 60, 255}},
	{draw.PlusGlyph{}, []vg.Length{3, 1}, color.RGBA{140, 0, 110, 255}},
	{draw.PyramidGlyph{}, nil, color.RGBA{110, 110, 110, 255}},
	{draw.RingGlyph{}, []vg.Length{2, 4}, color.RGBA{160, 30, 30, 255}},
	{draw.SquareGlyph{}, []vg.Length{9, 3}, color.RGBA{30, 60, 150, 255}},
}

// writePanels draws depth and size over n, one above the other, as wide as a column of a
// paper. Of one family the lower panel has gates and wires, of several their gates; lines
// without gates are in the upper panel only. The axis of n is logarithmic, and so is that of
// sizes. With a logarithmic axis of depth what grows as n is a straight line.
func writePanels(w io.Writer, format string, all []plotted, axis string, logDepth bool) error {
	var ns []int
	for _, f := range all {
		for _, p := range f.sweep.Points {
			ns = append(ns, p.N)
		}
	}
	upper, lower := panel(ns), panel(ns)
	upper.Y.Label.Text = "depth (" + all[0].sweep.DepthModel + ")"
	upper.Y.Min = 0
	lower.X.Label.Text, lower.Y.Label.Text = axis, "gates"
	lower.logY(powersOfTen)
	for i, f := range all {
		var depth, size, wires curve
		for _, p := range f.sweep.Points {
			x := float64(p.N)
			depth.add(x, float64(p.Depth))
			if p.Size > 0 { // a logarithm does not have others
				size.add(x, float64(p.Size))
			}
			if p.Wires > 0 && len(all) == 1 {
				wires.add(x, float64(p.Wires))
			}
		}
		upper.line(depth, i, f.name)
		lower.line(size, i, "gates")
		lower.line(wires, 2, "wires")
	}
	if len(all) == 1 {
		lower.Y.Label.Text = "gates, wires"
	} else {
		lower.Legend = plot.NewLegend() // that of the upper panel names the families
	}
	deepest := max(1, upper.Y.Max)
	upper.Y.Max = deepest * (1.15 + 0.17*float64(len(all))) // room for the legend
	upper.Y.Tick.Marker = wholeTicks{int(deepest)}
	const least = 11 * vg.Centimeter
	height := least + vg.Length(max(0, len(all)-3))*0.3*vg.Centimeter
	if logDepth {
		upper.logDepths(deepest, len(all), height)
	}
	if math.IsInf(lower.Y.Min, 1) {
		lower.Y.Min, lower.Y.Max = 1, 1
	}
	lower.Y.Min, lower.Y.Max = decade(lower.Y.Min), math.Pow(10, math.Ceil(math.Log10(lower.Y.Max)+0.01))
	if len(all) == 1 {
		lower.Y.Max *= 3 // for the legend
	}
	return writeTiles(w, format, height, upper, lower)
}

// decade is the power of ten that is at most v.
func decade(v float64) float64 { return math.Pow(10, math.Floor(math.Log10(v))) }

// newCanvas is draw.NewFormattedCanvas with as many dots as print asks for.
func newCanvas(width, height vg.Length, format string) (vg.CanvasWriterTo, error) {
	if format == "png" {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(300))}, nil
	}
	c, err := draw.NewFormattedCanvas(width, height, format)
	if format == "pdf" && err == nil {
		return latin{c}, nil
	}
	return c, err
}

// columnWidth is that of a column of a paper.
const columnWidth = 8.8 * vg.Centimeter

// writeTiles draws two plots, one above the other, their axes aligned.
func writeTiles(w io.Writer, format string, height vg.Length, upper, lower *chart) error {
	if err := cmp.Or(upper.err, lower.err); err != nil {
		return err
	}
	canvas, err := newCanvas(columnWidth, height, format)
	if err != nil {
		return err
	}
	tiles := draw.Tiles{
		Rows: 2, Cols: 1, PadX: 2, PadY: 6,
		PadTop: 6, PadBottom: 4, PadLeft: 4, PadRight: 8,
	}
	grid := [][]*plot.Plot{{upper.Plot}, {lower.Plot}}
	for i, c := range plot.Align(grid, tiles, draw.New(canvas)) {
		grid[i][0].Draw(c[0])
	}
	_, err = canvas.WriteTo(w)
	return err
}

// curve is a line of a plot.
type curve plotter.XYs

func (c *curve) add(x, y float64) { *c = append(*c, plotter.XY{X: x, Y: y}) }

// chart is a plot, and the first error of its lines.
type chart struct {
	*plot.Plot
	err error
}

// newChart returns an empty plot with a grid, its axes named in letters of one size and the
// rest in those of another.
func newChart(axes, rest float64) *chart {
	p := plot.New()
	for f, size := range map[*font.Font]float64{
		&p.Title.TextStyle.Font: rest, &p.X.Label.TextStyle.Font: axes, &p.Y.Label.TextStyle.Font: axes,
		&p.X.Tick.Label.Font: rest, &p.Y.Tick.Label.Font: rest, &p.Legend.TextStyle.Font: rest,
	} {
		f.Variant, f.Size = "Sans", vg.Points(size)
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)
	return &chart{Plot: p}
}

// panel returns an empty plot over some n, on a logarithmic axis.
func panel(ns []int) *chart {
	p := newChart(8, 7)
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, ticksAt(ns)
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.YOffs = 4, -3
	p.Legend.Padding, p.Legend.ThumbnailWidth = 2, 26
	return p
}

// narrow returns an empty plot for a column of a paper, with plain axes.
func narrow(x, y string) *chart {
	p := panel(nil)
	p.X.Scale, p.X.Tick.Marker = plot.LinearScale{}, plot.DefaultTicks{}
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

// write draws a plot as wide as a column of a paper, and so many centimetres high.
func (p *chart) write(w io.Writer, format string, height vg.Length) error {
	if p.err != nil {
		return p.err
	}
	canvas, err := newCanvas(columnWidth, height*vg.Centimeter, format)
	if err != nil {
		return err
	}
	p.Draw(draw.Crop(draw.New(canvas), 4, -8, 4, -6))
	_, err = canvas.WriteTo(w)
	return err
}

// logY makes the upright axis logarithmic.
func (p *chart) logY(ticks plot.TickerFunc) { p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, ticks }

// logDepths gives a panel, the upper half of a figure of that height, a logarithmic axis
// of depths with room for the rows of the legend.
func (p *chart) logDepths(deepest float64, rows int, height vg.Length) {
	// A row of the legend is so much of the height of the panel.
	legend := 0.31 * float64(rows) / (float64(height/vg.Centimeter)/2 - 0.8)
	p.logY(func(low, _ float64) []plot.Tick { return oneTwoFive(low, 1.5*deepest) })
	p.Y.Min, p.Y.Max = 0.8, 0.8*math.Pow(deepest/0.8*1.2, 1/(1-math.Min(legend, 0.6)))
}

// shares marks parts of 1.
func (p *chart) shares(step float64) {
	var ticks plot.ConstantTicks
	for v := 0.0; v <= 1; v += step {
		ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprint(v)})
	}
	p.Y.Min, p.Y.Max, p.Y.Tick.Marker = 0, 1.35, ticks
}

// line adds a line, if it has points, with the marks of that number, and names it in the
// legend.
func (p *chart) line(xys curve, mark int, name string) {
	if len(xys) == 0 || p.err != nil {
		return
	}
	line, points, err := plotter.NewLinePoints(plotter.XYs(xys))
	if p.err = err; err != nil {
		return
	}
	m := marks[mark%len(marks)]
	line.Color, line.Dashes, line.Width = m.ink, m.dashes, 1
	points.Color, points.Shape, points.Radius = m.ink, m.shape, 2.2
	p.Add(line, points)
	p.Legend.Add(name, line, points)
	if p.X.Min == p.X.Max { // a single n
		p.X.Min, p.X.Max = p.X.Min/2, p.X.Max*2
	}
}

// dotted adds a thin line to compare others with.
func (p *chart) dotted(xys curve, name string) {
	line, err := plotter.NewLine(plotter.XYs(xys))
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	line.Dashes, line.Width = []vg.Length{1, 3}, 0.7
	p.Add(line)
	p.Legend.Add(name, line)
}

// ticksAt marks numbers on a logarithmic axis, and labels those that leave room for it, the
// last one always.
func ticksAt(ns []int) plot.ConstantTicks {
	ns = slices.Compact(slices.Sorted(slices.Values(ns)))
	if len(ns) == 0 {
		return nil
	}
	// The least ratio of two labelled n, so that about a dozen fit.
	apart := math.Max(1.1, math.Pow(float64(ns[len(ns)-1])/float64(ns[0]), 1.0/11))
	ticks := make(plot.ConstantTicks, len(ns))
	last := math.Inf(1)
	for i := len(ticks) - 1; i >= 0; i-- {
		n := float64(ns[i])
		ticks[i].Value = n
		if n*apart <= last*1.0001 {
			ticks[i].Label, last = fmt.Sprint(ns[i]), n
		}
	}
	return ticks
}

// wholeTicks marks whole numbers up to a greatest one, five or so of them.
type wholeTicks struct{ most int }

// Ticks implements plot.Ticker.
func (t wholeTicks) Ticks(_, _ float64) []plot.Tick {
	step := 1
	for t.most/step > 6 {
		if fmt.Sprint(step)[0] == '2' {
			step = step / 2 * 5
		} else {
			step *= 2
		}
	}
	var ticks []plot.Tick
	for v := 0; v <= t.most; v += step {
		ticks = append(ticks, plot.Tick{Value: float64(v), Label: fmt.Sprint(v)})
	}
	return ticks
}

// oneTwoFive marks 1, 2, 5, 10, 20 and so on, and 0.5, 0.2 and so on.
func oneTwoFive(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for p := decade(low); p <= high; p *= 10 {
		for _, k := range []float64{1, 2, 5} {
			if v := k * p; v >= low && v <= high {
				ticks = append(ticks, plot.Tick{Value: v, Label: fmt.Sprintf("%.4g", v)})
			}
		}
	}
	return ticks
}

// powersOfTen marks 1, 10, 100 and so on.
func powersOfTen(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for k := int(math.Round(math.Log10(low))); k <= int(math.Floor(math.Log10(high)+0.001)); k++ {
		label := "1"
		if k > 0 {
			label = "10"
		}
		if k > 1 {
			label += poly.Superscript(k)
		}
		ticks = append(ticks, plot.Tick{Value: math.Pow(10, float64(k)), Label: label})
	}
	return ticks
}

// latin is a canvas of a PDF, whose fonts know the signs of Windows-1252 only, a byte each.
type latin struct{ vg.CanvasWriterTo }

// FillString writes a text in signs that the fonts have.
func (l latin) FillString(f font.Face, at vg.Point, text string) {
	l.CanvasWriterTo.FillString(f, at, windows1252(text))
}

// powers are powers of ten, all of them spelled alike.
var powers = regexp.MustCompile(`10[⁰¹²³⁴⁵⁶⁷⁸⁹]+`)

var plainDigits = strings.NewReplacer(
	"⁰",
	"0",
	"¹",
	"1",
	"²",
	"2",
	"³",
	"3",
	"⁴",
	"4",
	"⁵",
	"5",
	"⁶",
	"6",
	"⁷",
	"7",
	"⁸",
	"8",
	"⁹",
	"9",
)

// spelled are signs that Windows-1252 does not have, in those that it has.
var spelled = strings.NewReplacer(
	"⁰",
	"^0",
	"⁴",
	"^4",
	"⁵",
	"^5",
	"⁶",
	"^6",
	"⁷",
	"^7",
	"⁸",
	"^8",
	"⁹",
	"^9",
	"ρ",
	"rho",
	"≤",
	"<=",
	"≥",
	">=",
	"⌈",
	"ceil(",
	"⌉",
	")",
	"₂",
	"2",
	"Σ",
	"sum",
	"−",
	"-",
)

// windows1252 returns a text as bytes of that code; what it does not have is a question
// mark.
func windows1252(text string) string {
	text = powers.ReplaceAllStringFunc(
		text,
		func(s string) string { return "10^" + plainDigits.Replace(s[len("10"):]) },
	)
	var out []byte
	for _, r := range spelled.Replace(text) {
		b, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			b = '?'
		}
		out = append(out, b)
	}
	return string(out)
}
