package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgpdf" // the formats of the plot
	_ "gonum.org/v1/plot/vg/vgsvg"

	"github.com/tc0lab/tc0/analysis"
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

// marks tell lines apart, in grey too: by shape, dashes and colour.
var marks = []struct {
	shape  draw.GlyphDrawer
	dashes []vg.Length
	ink    color.RGBA
}{
	{draw.CircleGlyph{}, nil, color.RGBA{0, 0, 0, 255}},
	{draw.BoxGlyph{}, []vg.Length{vg.Points(5), vg.Points(3)}, color.RGBA{190, 90, 0, 255}},
	{draw.TriangleGlyph{}, []vg.Length{vg.Points(1), vg.Points(2)}, color.RGBA{0, 90, 160, 255}},
	{draw.CrossGlyph{}, []vg.Length{vg.Points(7), vg.Points(2), vg.Points(1), vg.Points(2)}, color.RGBA{0, 120, 60, 255}},
	{draw.PlusGlyph{}, []vg.Length{vg.Points(3), vg.Points(1)}, color.RGBA{140, 0, 110, 255}},
	{draw.PyramidGlyph{}, nil, color.RGBA{110, 110, 110, 255}},
	{draw.RingGlyph{}, []vg.Length{vg.Points(2), vg.Points(4)}, color.RGBA{160, 30, 30, 255}},
	{draw.SquareGlyph{}, []vg.Length{vg.Points(9), vg.Points(3)}, color.RGBA{30, 60, 150, 255}},
}

// writePanels draws depth and size over n, one above the other, as wide as a column of a
// paper. Of one family the lower panel has gates and wires, of several their gates; lines
// without gates are in the upper panel only. The axis of n is logarithmic, and so is that of
// sizes. With a logarithmic axis of depth what grows as n is a straight line.
func writePanels(w io.Writer, format string, all []plotted, axis string, logDepth bool) error {
	upper, lower := panel(all), panel(all)
	upper.Y.Label.Text = "depth (" + all[0].sweep.DepthModel + ")"
	upper.Y.Min = 0
	lower.X.Label.Text, lower.Y.Label.Text = axis, "gates"
	lower.Y.Scale, lower.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powersOfTen)
	lowest, highest, deepest := math.Inf(1), 1.0, 1.0
	size := func(p analysis.Point) float64 { return float64(p.Size) }
	depth := func(p analysis.Point) float64 { return float64(p.Depth) }
	for i, f := range all {
		if err := addLine(upper, f, i, f.name, depth); err != nil {
			return err
		}
		if err := addLine(lower, f, i, "gates", size); err != nil {
			return err
		}
		for _, p := range f.sweep.Points {
			deepest = max(deepest, depth(p))
			for _, y := range []float64{size(p), float64(p.Wires)} {
				if y > 0 && (len(all) == 1 || y == size(p)) {
					lowest, highest = min(lowest, y), max(highest, y)
				}
			}
		}
	}
	if len(all) == 1 {
		lower.Y.Label.Text = "gates, wires"
		if err := addLine(lower, all[0], 2, "wires", func(p analysis.Point) float64 { return float64(p.Wires) }); err != nil {
			return err
		}
	} else {
		lower.Legend = plot.NewLegend() // that of the upper panel names the families
	}
	upper.Y.Max = deepest * (1.15 + 0.17*float64(len(all))) // room for the legend
	upper.Y.Tick.Marker = wholeTicks{int(deepest)}
	const least = 11 * vg.Centimeter
	height := least + vg.Length(max(0, len(all)-3))*0.3*vg.Centimeter
	if logDepth {
		logDepths(upper, deepest, len(all), height)
	}
	if math.IsInf(lowest, 1) {
		lowest = 1
	}
	lower.Y.Min, lower.Y.Max = math.Pow(10, math.Floor(math.Log10(lowest))), math.Pow(10, math.Ceil(math.Log10(highest)+0.01))
	if len(all) == 1 {
		lower.Y.Max *= 3 // for the legend
	}
	return writeTiles(w, format, height, upper, lower)
}

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
func writeTiles(w io.Writer, format string, height vg.Length, upper, lower *plot.Plot) error {
	canvas, err := newCanvas(columnWidth, height, format)
	if err != nil {
		return err
	}
	tiles := draw.Tiles{
		Rows: 2, Cols: 1, PadX: vg.Points(2), PadY: vg.Points(6),
		PadTop: vg.Points(6), PadBottom: vg.Points(4), PadLeft: vg.Points(4), PadRight: vg.Points(8),
	}
	grid := [][]*plot.Plot{{upper}, {lower}}
	for i, c := range plot.Align(grid, tiles, draw.New(canvas)) {
		grid[i][0].Draw(c[0])
	}
	_, err = canvas.WriteTo(w)
	return err
}

// narrow returns an empty plot for a column of a paper, with plain axes.
func narrow(x, y string) *plot.Plot {
	p := panel([]plotted{{sweep: &analysis.Sweep{}}})
	p.X.Scale, p.X.Tick.Marker = plot.LinearScale{}, plot.DefaultTicks{}
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

// writeColumn draws a plot as wide as a column of a paper.
func writeColumn(w io.Writer, format string, height vg.Length, p *plot.Plot) error {
	canvas, err := newCanvas(columnWidth, height*vg.Centimeter, format)
	if err != nil {
		return err
	}
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(4), -vg.Points(8), vg.Points(4), -vg.Points(6)))
	_, err = canvas.WriteTo(w)
	return err
}

// logDepths gives a panel, the upper half of a figure of that height, a logarithmic axis
// of depths with room for the rows of the legend.
func logDepths(p *plot.Plot, deepest float64, rows int, height vg.Length) {
	// A row of the legend is so much of the height of the panel.
	legend := 0.31 * float64(rows) / (float64(height/vg.Centimeter)/2 - 0.8)
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(func(low, _ float64) []plot.Tick { return oneTwoFive(low, 1.5*deepest) })
	p.Y.Min, p.Y.Max = 0.8, 0.8*math.Pow(deepest/0.8*1.2, 1/(1-math.Min(legend, 0.6)))
}

// panel returns an empty plot over the n of all families.
func panel(all []plotted) *plot.Plot {
	p := newPlot(8, 7)
	var ns []int
	for _, f := range all {
		for _, p := range f.sweep.Points {
			ns = append(ns, p.N)
		}
	}
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, ticksAt(ns)
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(4), vg.Points(-3)
	p.Legend.Padding, p.Legend.ThumbnailWidth = vg.Points(2), vg.Points(26)
	return p
}

// newPlot returns an empty plot with a grid, its axes named in letters of one size and the
// rest in those of another.
func newPlot(axes, rest float64) *plot.Plot {
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
	return p
}

// addLine adds one line to a panel; points that a logarithm does not have are left out.
func addLine(p *plot.Plot, f plotted, mark int, name string, of func(p analysis.Point) float64) error {
	var xys plotter.XYs
	for _, point := range f.sweep.Points {
		if y := of(point); y > 0 || name == f.name {
			xys = append(xys, plotter.XY{X: float64(point.N), Y: y})
		}
	}
	if len(xys) == 0 {
		return nil
	}
	return addMarked(p, xys, mark, name)
}

// addMarked adds a line with the marks of that number, and names it in the legend.
func addMarked(p *plot.Plot, xys plotter.XYs, mark int, name string) error {
	line, points, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	m := marks[mark%len(marks)]
	line.Color, line.Dashes, line.Width = m.ink, m.dashes, vg.Points(1)
	points.Color, points.Shape, points.Radius = m.ink, m.shape, vg.Points(2.2)
	p.Add(line, points)
	p.Legend.Add(name, line, points)
	if p.X.Min == p.X.Max { // a single n
		p.X.Min, p.X.Max = p.X.Min/2, p.X.Max*2
	}
	return nil
}

// addDotted adds a thin line to compare others with.
func addDotted(p *plot.Plot, xys plotter.XYs, name string) error {
	line, err := plotter.NewLine(xys)
	if err != nil {
		return err
	}
	line.Dashes, line.Width = []vg.Length{vg.Points(1), vg.Points(3)}, vg.Points(0.7)
	p.Add(line)
	p.Legend.Add(name, line)
	return nil
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
		switch {
		case step%10 == 1 || step == 1:
			step *= 2
		case fmt.Sprint(step)[0] == '2':
			step = step / 2 * 5
		default:
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
	for p := math.Pow(10, math.Floor(math.Log10(low))); p <= high; p *= 10 {
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
			for _, digit := range fmt.Sprint(k) {
				label += string([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[digit-'0'])
			}
		}
		ticks = append(ticks, plot.Tick{Value: math.Pow(10, float64(k)), Label: label})
	}
	return ticks
}
