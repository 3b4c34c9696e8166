package chart

import (
	"bytes"
	"cmp"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	_ "gonum.org/v1/plot/vg/vgpdf" // the formats of the plot
	_ "gonum.org/v1/plot/vg/vgsvg"

	"github.com/tc0lab/tc0/internal/figure"
)

// Formats are those of charts, as extensions of files.
var Formats = []string{".svg", ".png", ".pdf"}

// inks are the colours of lines.
var inks = []color.RGBA{
	{0, 0, 0, 255},
	{190, 90, 0, 255},
	{0, 90, 160, 255},
	{0, 120, 60, 255},
	{140, 0, 110, 255},
	{110, 110, 110, 255},
	{160, 30, 30, 255},
	{30, 60, 150, 255},
}

// marks tell lines apart, in grey too: by shape, dashes and the ink of the same number.
// Lengths are in points.
var marks = []struct {
	shape  draw.GlyphDrawer
	dashes []vg.Length
}{
	{draw.CircleGlyph{}, nil},
	{draw.BoxGlyph{}, []vg.Length{5, 3}},
	{draw.TriangleGlyph{}, []vg.Length{1, 2}},
	{draw.CrossGlyph{}, []vg.Length{7, 2, 1, 2}},
	{draw.PlusGlyph{}, []vg.Length{3, 1}},
	{draw.PyramidGlyph{}, nil},
	{draw.RingGlyph{}, []vg.Length{2, 4}},
	{draw.SquareGlyph{}, []vg.Length{9, 3}},
}

// Curve is a line of a chart.
type Curve plotter.XYs

// Add adds a point.
func (c *Curve) Add(x, y float64) { *c = append(*c, plotter.XY{X: x, Y: y}) }

// Chart is a plot, and the first error of its lines.
type Chart struct {
	*plot.Plot
	err error
}

// New returns an empty plot with a grid, its axes named in letters of one size, in points,
// and the rest in those of another.
func New(axes, rest float64) *Chart {
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
	p.Legend.Top = true
	return &Chart{Plot: p}
}

// Panel returns an empty plot over some n, on a logarithmic axis.
func Panel(ns []int) *Chart {
	p := Narrow("", "")
	p.LogX(At(ns))
	return p
}

// Narrow returns an empty plot for a column of a paper, with plain axes.
func Narrow(x, y string) *Chart {
	p := New(8, 7)
	p.Legend.Left = true
	p.Legend.XOffs, p.Legend.YOffs = 4, -3
	p.Legend.Padding, p.Legend.ThumbnailWidth = 2, 26
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

// LogX makes the axis at the bottom logarithmic.
func (p *Chart) LogX(ticks plot.Ticker) { p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, ticks }

// LogY makes the upright axis logarithmic.
func (p *Chart) LogY(ticks plot.Ticker) { p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, ticks }

// Shares marks parts of 1 on the upright axis.
func (p *Chart) Shares(step float64) { p.Y.Min, p.Y.Max, p.Y.Tick.Marker = 0, 1.35, Every(0, 1, step) }

// Line adds a line, if it has points, with the marks of that number, and names it in the
// legend.
func (p *Chart) Line(xys Curve, mark int, name string) {
	m := marks[mark%len(marks)]
	p.marked(xys, name, inks[mark%len(inks)], m.shape, 2.2, m.dashes)
	if p.X.Min == p.X.Max { // a single n
		p.X.Min, p.X.Max = p.X.Min/2, p.X.Max*2
	}
}

func (p *Chart) marked(
	xys Curve, name string, ink color.Color, shape draw.GlyphDrawer, radius vg.Length, dashes []vg.Length,
) {
	if len(xys) == 0 || p.err != nil {
		return
	}
	line, points, err := plotter.NewLinePoints(plotter.XYs(xys))
	if p.err = err; err != nil {
		return
	}
	line.Color, line.Dashes, line.Width = ink, dashes, 1
	points.Color, points.Shape, points.Radius = ink, shape, radius
	p.Add(line, points)
	p.Legend.Add(name, line, points)
}

// Dotted adds a thin line to compare others with.
func (p *Chart) Dotted(xys Curve, name string) {
	line, err := plotter.NewLine(plotter.XYs(xys))
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	line.Dashes, line.Width = []vg.Length{1, 3}, 0.7
	p.Add(line)
	p.Legend.Add(name, line)
}

// Rings adds points without a line, if there are any.
func (p *Chart) Rings(xys Curve, name string) {
	points, err := plotter.NewScatter(plotter.XYs(xys))
	if p.err = cmp.Or(p.err, err); err != nil || len(xys) == 0 {
		return
	}
	points.Color, points.Shape, points.Radius = color.RGBA{150, 150, 150, 255}, draw.RingGlyph{}, 2.5
	p.Add(points)
	p.Legend.Add(name, points)
}

// Named adds a line whose points have names, one each.
func (p *Chart) Named(xys Curve, points []string, name string) {
	p.marked(xys, name, inks[2], draw.CircleGlyph{}, 3, nil)
	names, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs(xys), Labels: points})
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	names.Offset = vg.Point{X: 5, Y: 3}
	for i := range names.TextStyle {
		f := &names.TextStyle[i].Font
		f.Variant, f.Size = "Sans", 8
	}
	p.Add(names)
}

// Bars adds a bar for each number, at 0, 1, 2 and so on.
func (p *Chart) Bars(values []float64, name string) {
	bars, err := plotter.NewBarChart(plotter.Values(values), vg.Length(170/float64(len(values)+1)))
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	bars.Color, bars.LineStyle.Width = inks[2], 0
	p.Add(bars)
	p.Legend.Add(name, bars)
	p.X.Min, p.X.Max = -0.7, float64(len(values))-0.3
	p.X.Tick.Marker = Whole(len(values) - 1)
}

// columnWidth is that of a column of a paper.
const columnWidth = 8.8 * vg.Centimeter

// newCanvas is draw.NewFormattedCanvas with as many dots as print asks for.
func newCanvas(height vg.Length, format string) (vg.CanvasWriterTo, error) {
	if format == "png" {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(columnWidth, height), vgimg.UseDPI(300))}, nil
	}
	c, err := draw.NewFormattedCanvas(columnWidth, height, format)
	if format == "pdf" && err == nil {
		return latin{c}, nil
	}
	return c, err
}

// Write draws a chart as wide as a column of a paper, and so many centimetres high.
func (p *Chart) Write(w io.Writer, format string, height vg.Length) error {
	return p.onCanvas(w, format, height, func(c draw.Canvas) { p.Draw(draw.Crop(c, 4, -8, 4, -6)) })
}

// WriteTiles draws two charts, one above the other, their axes aligned. Both together are
// so many centimetres high.
func WriteTiles(w io.Writer, format string, height vg.Length, upper, lower *Chart) error {
	upper.err = cmp.Or(upper.err, lower.err)
	return upper.onCanvas(w, format, height, func(c draw.Canvas) {
		tiles := draw.Tiles{Rows: 2, Cols: 1, PadX: 2, PadY: 6, PadTop: 6, PadBottom: 4, PadLeft: 4, PadRight: 8}
		grid := [][]*plot.Plot{{upper.Plot}, {lower.Plot}}
		for i, c := range plot.Align(grid, tiles, c) {
			grid[i][0].Draw(c[0])
		}
	})
}

// onCanvas writes what is drawn, unless the chart has an error.
func (p *Chart) onCanvas(w io.Writer, format string, height vg.Length, drawOn func(c draw.Canvas)) error {
	canvas, err := newCanvas(height*vg.Centimeter, format)
	if err = cmp.Or(p.err, err); err != nil {
		return err
	}
	drawOn(draw.New(canvas))
	return write(w, format, canvas)
}

// write writes what is on a canvas, which is the same whenever it is written.
func write(w io.Writer, format string, from io.WriterTo) error {
	var b bytes.Buffer
	if _, err := from.WriteTo(&b); err != nil {
		return err
	}
	text := b.Bytes()
	if format == "pdf" {
		text = figure.Undated(text)
	}
	_, err := w.Write(text)
	return err
}

// WriteAlone draws a chart for a page of its own, of a size in centimetres.
func (p *Chart) WriteAlone(w io.Writer, format string, width, height vg.Length) error {
	to, err := p.WriterTo(width*vg.Centimeter, height*vg.Centimeter, format)
	if err = cmp.Or(p.err, err); err != nil {
		return err
	}
	return write(w, format, to)
}
