package chart

import (
	"cmp"
	"image/color"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of letters, in points. Raised ones are as small as print allows.
const (
	axisSize   = 8
	restSize   = 7.5
	raisedSize = 0.8
)

// marks tell lines apart, in grey too: by shape, dashes and ink. Lengths are in points.
var marks = []struct {
	ink    color.RGBA
	shape  draw.GlyphDrawer
	tikz   string // the shape in pgfplots
	dashes []vg.Length
}{
	{color.RGBA{0, 0, 0, 255}, draw.CircleGlyph{}, "*", nil},
	{color.RGBA{190, 90, 0, 255}, draw.BoxGlyph{}, "square*", []vg.Length{5, 3}},
	{color.RGBA{0, 90, 160, 255}, draw.TriangleGlyph{}, "triangle", []vg.Length{1, 2}},
	{color.RGBA{0, 120, 60, 255}, draw.CrossGlyph{}, "x", []vg.Length{7, 2, 1, 2}},
	{color.RGBA{140, 0, 110, 255}, draw.PlusGlyph{}, "+", []vg.Length{3, 1}},
	{color.RGBA{110, 110, 110, 255}, draw.PyramidGlyph{}, "triangle*", nil},
	{color.RGBA{160, 30, 30, 255}, draw.RingGlyph{}, "o", []vg.Length{2, 4}},
	{color.RGBA{30, 60, 150, 255}, draw.SquareGlyph{}, "square", []vg.Length{9, 3}},
}

// ringGrey is the ink of points beside a line, guideGrey that of lines to compare others with.
var (
	ringGrey  = color.RGBA{130, 130, 130, 255}
	guideGrey = color.RGBA{90, 90, 90, 255}
)

// theoryDashes and guideDashes are those of lines that were not measured.
var (
	theoryDashes = []vg.Length{4, 2}
	guideDashes  = []vg.Length{1, 3}
)

// Curve is a line of a chart.
type Curve plotter.XYs

// Add adds a point.
func (c *Curve) Add(x, y float64) { *c = append(*c, plotter.XY{X: x, Y: y}) }

// Chart is a plot, what is drawn in it, and the first error of that. The legend is below the axes.
type Chart struct {
	*plot.Plot
	series []series
	err    error
}

// kind says what a series is; the words are those of the CSV.
type kind string

const (
	line   kind = "line"
	points kind = "points"
	bars   kind = "bars"
	theory kind = "theory"
	guide  kind = "guide"
)

// series is what one entry of the legend stands for.
type series struct {
	name   string
	kind   kind
	mark   int
	xys    Curve
	labels []string // of points
	detail string   // what the line is in a CSV, where several share a name
	thumbs []plot.Thumbnailer
}

// New returns an empty plot for a column of a paper, with plain axes of these names.
func New(x, y string) *Chart {
	p := plot.New()
	p.TextHandler = script{text.Plain{Fonts: font.DefaultCache}}
	for style, size := range map[*text.Style]float64{
		&p.Title.TextStyle: restSize, &p.X.Label.TextStyle: axisSize, &p.Y.Label.TextStyle: axisSize,
		&p.X.Tick.Label: restSize, &p.Y.Tick.Label: restSize, &p.Legend.TextStyle: restSize,
	} {
		style.Font.Variant, style.Font.Size, style.Handler = "Sans", vg.Points(size), p.TextHandler
	}
	p.X.Label.Text, p.Y.Label.Text, p.Title.Padding = x, y, 6
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Tick.Length, axis.Tick.Marker, axis.Padding = 5, Even, 3
	}
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)
	return &Chart{Plot: p}
}

// Panel returns an empty plot over some n, on a logarithmic axis.
func Panel(ns []int) *Chart {
	p := New("", "")
	p.LogX(At(ns))
	return p
}

// LogX makes the axis at the bottom logarithmic.
func (p *Chart) LogX(ticks plot.Ticker) { p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, ticks }

// LogY makes the upright axis logarithmic.
func (p *Chart) LogY() { p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, Decades }

// Shares marks parts of 1 on the upright axis.
func (p *Chart) Shares(step float64) { p.Y.Min, p.Y.Max, p.Y.Tick.Marker = 0, 1, Every(0, 1, step) }

// Line adds a line, if it has points, with the marks of that number. The legend has each name once.
func (p *Chart) Line(xys Curve, mark int, name string) { p.joined(xys, mark, name, nil) }

// Named adds a line whose points have names, one each.
func (p *Chart) Named(xys Curve, names []string, name string) {
	p.joined(xys, 0, name, names)
	labels, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs(xys), Labels: names})
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	labels.Offset = vg.Point{X: 4, Y: 2}
	for i := range labels.TextStyle {
		labels.TextStyle[i].Font, labels.TextStyle[i].Handler = p.Legend.TextStyle.Font, p.TextHandler
	}
	p.Plot.Add(labels)
}

func (p *Chart) joined(xys Curve, mark int, name string, labels []string) {
	if len(xys) == 0 || p.err != nil {
		return
	}
	drawn, at, err := plotter.NewLinePoints(plotter.XYs(xys))
	if p.err = err; err != nil {
		return
	}
	m := marks[mark%len(marks)]
	drawn.Color, drawn.Dashes, drawn.Width = m.ink, m.dashes, 1
	at.Color, at.Shape, at.Radius = m.ink, m.shape, 2.2
	p.Plot.Add(drawn, at)
	p.series = append(p.series, series{name, line, mark, xys, labels, "", []plot.Thumbnailer{drawn, at}})
}

// Theory adds a dashed line that was not measured but follows from a theorem, in the ink of the
// marks of that number. In a CSV the detail tells it from others of that name.
func (p *Chart) Theory(xys Curve, mark int, name, detail string) {
	s := series{name: "theory: " + name, kind: theory, mark: mark, xys: xys, detail: detail}
	p.bare(s, marks[mark%len(marks)].ink, theoryDashes)
}

// Guide adds a thin dotted line to compare others with.
func (p *Chart) Guide(xys Curve, name string) {
	p.bare(series{name: name, kind: guide, xys: xys}, guideGrey, guideDashes)
}

// bare adds a line without marks.
func (p *Chart) bare(s series, ink color.Color, dashes []vg.Length) {
	drawn, err := plotter.NewLine(plotter.XYs(s.xys))
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	drawn.Color, drawn.Dashes, drawn.Width = ink, dashes, 0.7
	p.Plot.Add(drawn)
	s.thumbs = []plot.Thumbnailer{drawn}
	p.series = append(p.series, s)
}

// Rings adds points without a line, if there are any.
func (p *Chart) Rings(xys Curve, name string) {
	at, err := plotter.NewScatter(plotter.XYs(xys))
	if p.err = cmp.Or(p.err, err); err != nil || len(xys) == 0 {
		return
	}
	at.Color, at.Shape, at.Radius = ringGrey, draw.RingGlyph{}, 2.2
	p.Plot.Add(at)
	p.series = append(p.series, series{name, points, 0, xys, nil, "", []plot.Thumbnailer{at}})
}

// barRoom is what all bars take together with the room between them, in points.
const barRoom = 150

// Bars adds a bar for each number, at 0, 1, 2 and so on.
func (p *Chart) Bars(values []float64, name string) {
	drawn, err := plotter.NewBarChart(plotter.Values(values), barWidth(len(values)))
	if p.err = cmp.Or(p.err, err); err != nil {
		return
	}
	drawn.Color, drawn.LineStyle.Width = marks[2].ink, 0
	p.Plot.Add(drawn)
	var xys Curve
	for k, v := range values {
		xys.Add(float64(k), v)
	}
	p.series = append(p.series, series{name, bars, 2, xys, nil, "", []plot.Thumbnailer{drawn}})
	p.X.Min, p.X.Max = -0.7, float64(len(values))-0.3
	p.X.Tick.Marker = Whole(len(values) - 1)
}

func barWidth(n int) vg.Length { return vg.Length(barRoom / float64(n+1)) }

// number writes a number shortly, without the digits that only rounding has made.
func number(v float64) string {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 10, 64), 64)
	if err != nil {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(short, 'g', -1, 64)
}
