package main

import (
	"fmt"
	"image/color"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	_ "gonum.org/v1/plot/vg/vgsvg" // the format of the plot

	"github.com/tc0lab/tc0/analysis"
)

// series is one line of the plot. The lines differ in shape, too, so that they can
// be told apart in grey.
type series struct {
	name   string
	of     func(p analysis.Point) float64
	shape  draw.GlyphDrawer
	dashes []vg.Length
	ink    color.RGBA
}

var plotted = []series{
	{"wires", func(p analysis.Point) float64 { return float64(p.Wires) }, draw.TriangleGlyph{}, []vg.Length{vg.Points(1), vg.Points(2)}, color.RGBA{0, 90, 160, 255}},
	{"gates", func(p analysis.Point) float64 { return float64(p.Size) }, draw.BoxGlyph{}, []vg.Length{vg.Points(5), vg.Points(3)}, color.RGBA{190, 90, 0, 255}},
	{"depth", func(p analysis.Point) float64 { return float64(p.Depth) }, draw.CircleGlyph{}, nil, color.RGBA{0, 0, 0, 255}},
}

// writePlot draws depth, gates and wires over n, both axes logarithmic, as SVG.
func writePlot(w io.Writer, title string, sweep *analysis.Sweep) error {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("%s\nmeasured; depth in the %s model", title, sweep.DepthModel)
	p.Title.Padding = vg.Points(8)
	p.X.Label.Text = "n"
	for f, size := range map[*font.Font]float64{
		&p.Title.TextStyle.Font: 9, &p.X.Label.TextStyle.Font: 10, &p.X.Tick.Label.Font: 9, &p.Y.Tick.Label.Font: 9, &p.Legend.TextStyle.Font: 9,
	} {
		f.Variant, f.Size = "Sans", vg.Points(size)
	}
	p.X.Scale, p.Y.Scale = plot.LogScale{}, plot.LogScale{}
	p.X.Tick.Marker, p.Y.Tick.Marker = nTicks(sweep), plot.TickerFunc(powersOfTen)
	p.Legend.Top, p.Legend.Left = true, true
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(6), vg.Points(-4)
	p.Legend.Padding = vg.Points(3)
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)
	lowest, highest := math.Inf(1), 1.0
	for _, s := range plotted {
		var xys plotter.XYs
		for _, point := range sweep.Points {
			y := s.of(point)
			if y <= 0 { // 0 has no logarithm
				continue
			}
			lowest, highest = min(lowest, y), max(highest, y)
			xys = append(xys, plotter.XY{X: float64(point.N), Y: y})
		}
		if len(xys) == 0 {
			continue
		}
		line, points, err := plotter.NewLinePoints(xys)
		if err != nil {
			return err
		}
		line.Color, line.Dashes, line.Width = s.ink, s.dashes, vg.Points(1)
		points.Color, points.Shape, points.Radius = s.ink, s.shape, vg.Points(2.5)
		p.Add(line, points)
		p.Legend.Add(s.name, line, points)
	}
	if math.IsInf(lowest, 1) {
		lowest = 1
	}
	// From a whole power of ten to another, one more for the legend, and room for a
	// single n.
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(lowest))), math.Pow(10, 1+math.Ceil(math.Log10(highest)))
	if p.X.Min == p.X.Max {
		p.X.Min, p.X.Max = p.X.Min/2, p.X.Max*2
	}
	to, err := p.WriterTo(14*vg.Centimeter, 10*vg.Centimeter, "svg")
	if err != nil {
		return err
	}
	_, err = to.WriteTo(w)
	return err
}

// nTicks marks the n that were measured, and labels those that leave room for it, the
// last one always.
func nTicks(sweep *analysis.Sweep) plot.ConstantTicks {
	const apart = 1.2 // the least ratio of two labelled n
	ticks := make(plot.ConstantTicks, len(sweep.Points))
	last := math.Inf(1)
	for i := len(ticks) - 1; i >= 0; i-- {
		n := float64(sweep.Points[i].N)
		ticks[i].Value = n
		if n*apart <= last {
			ticks[i].Label, last = fmt.Sprint(sweep.Points[i].N), n
		}
	}
	return ticks
}

// powersOfTen marks 1, 10, 100 and so on.
func powersOfTen(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for k := int(math.Round(math.Log10(low))); k <= int(math.Round(math.Log10(high))); k++ {
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
