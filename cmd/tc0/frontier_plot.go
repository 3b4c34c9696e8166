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

	_ "gonum.org/v1/plot/vg/vgimg" // the format png of the plot
)

// writeFrontierPlot draws size, on a logarithmic axis, against depth: the undominated
// strategies joined by a line and named, the others as rings.
func writeFrontierPlot(w io.Writer, format, title, depthModel string, list []*lowered) error {
	p := plot.New()
	p.Title.Text = title + "\nmeasured; one point for each lowering strategy"
	p.Title.Padding = vg.Points(8)
	p.X.Label.Text = fmt.Sprintf("depth (%s model)", depthModel)
	p.Y.Label.Text = "gates"
	for f, size := range map[*font.Font]float64{
		&p.Title.TextStyle.Font: 9, &p.X.Label.TextStyle.Font: 10, &p.Y.Label.TextStyle.Font: 10,
		&p.X.Tick.Label.Font: 9, &p.Y.Tick.Label.Font: 9, &p.Legend.TextStyle.Font: 9,
	} {
		f.Variant, f.Size = "Sans", vg.Points(size)
	}
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.TickerFunc(powersOfTen)
	p.Legend.Top = true
	p.Legend.XOffs, p.Legend.YOffs = vg.Points(-6), vg.Points(-4)
	p.Legend.Padding = vg.Points(3)
	grid := plotter.NewGrid()
	grid.Horizontal.Color, grid.Vertical.Color = color.Gray{225}, color.Gray{225}
	p.Add(grid)

	var best, others plotter.XYs
	var labels []string
	lowest, highest := math.Inf(1), 1.0
	shallowest, deepest := math.Inf(1), math.Inf(-1)
	for _, l := range list {
		if l.counts == nil {
			continue
		}
		// A circuit without gates has no logarithm, and stands at 1.
		at := plotter.XY{X: float64(l.Depth), Y: max(float64(l.Size), 1)}
		lowest, highest = min(lowest, at.Y), max(highest, at.Y)
		shallowest, deepest = min(shallowest, at.X), max(deepest, at.X)
		if l.Undominated {
			best, labels = append(best, at), append(labels, l.Strategy)
		} else {
			others = append(others, at)
		}
	}
	if len(others) > 0 {
		points, err := plotter.NewScatter(others)
		if err != nil {
			return err
		}
		points.Color, points.Shape, points.Radius = color.RGBA{150, 150, 150, 255}, draw.RingGlyph{}, vg.Points(2.5)
		p.Add(points)
		p.Legend.Add("dominated", points)
	}
	line, points, err := plotter.NewLinePoints(best)
	if err != nil {
		return err
	}
	ink := color.RGBA{0, 90, 160, 255}
	line.Color, line.Width = ink, vg.Points(1)
	points.Color, points.Shape, points.Radius = ink, draw.CircleGlyph{}, vg.Points(3)
	p.Add(line, points)
	p.Legend.Add("undominated", line, points)
	names, err := plotter.NewLabels(plotter.XYLabels{XYs: best, Labels: labels})
	if err != nil {
		return err
	}
	names.Offset = vg.Point{X: vg.Points(5), Y: vg.Points(3)}
	for i := range names.TextStyle {
		names.TextStyle[i].Font.Variant, names.TextStyle[i].Font.Size = "Sans", vg.Points(8)
	}
	p.Add(names)

	// Room for the names at the right, and for the legend at the top.
	p.X.Min, p.X.Max = shallowest-0.5, deepest+0.5+max(1, deepest-shallowest)/3
	p.Y.Min, p.Y.Max = math.Pow(10, math.Floor(math.Log10(lowest))), math.Pow(10, 1+math.Floor(math.Log10(highest)))
	if highest > p.Y.Max/3 {
		p.Y.Max *= 10
	}
	p.X.Tick.Marker = depthTicks(int(shallowest), int(deepest))
	to, err := p.WriterTo(14*vg.Centimeter, 10*vg.Centimeter, format)
	if err != nil {
		return err
	}
	_, err = to.WriteTo(w)
	return err
}

// depthTicks marks whole depths, at most about twenty.
func depthTicks(from, to int) plot.ConstantTicks {
	var ticks plot.ConstantTicks
	for d := from; d <= to; d += 1 + (to-from)/20 {
		ticks = append(ticks, plot.Tick{Value: float64(d), Label: fmt.Sprint(d)})
	}
	return ticks
}
