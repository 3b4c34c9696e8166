package main

import (
	"fmt"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/tc0lab/tc0/analysis"
)

// narrow returns an empty plot for a column of a paper, with plain axes.
func narrow(x, y string) *plot.Plot {
	p := panel([]plotted{{sweep: &analysis.Sweep{}}})
	p.X.Scale, p.X.Tick.Marker = plot.LinearScale{}, plot.DefaultTicks{}
	p.X.Label.Text, p.Y.Label.Text = x, y
	return p
}

// writeColumn draws a plot as wide as a column of a paper.
func writeColumn(w io.Writer, format string, p *plot.Plot) error {
	canvas, err := newCanvas(columnWidth, 6.5*vg.Centimeter, format)
	if err != nil {
		return err
	}
	p.Draw(draw.Crop(draw.New(canvas), vg.Points(4), -vg.Points(8), vg.Points(4), -vg.Points(6)))
	_, err = canvas.WriteTo(w)
	return err
}

// writeWeights draws the Fourier weight by level as bars.
func writeWeights(w io.Writer, format, title string, f *analysis.Boolean) error {
	p := narrow("level", "Fourier weight")
	values := make(plotter.Values, len(f.Weights))
	most := 0.0
	for k, v := range f.Weights {
		values[k] = max(0, v)
		most = max(most, v)
	}
	bars, err := plotter.NewBarChart(values, vg.Length(170/float64(len(values)+1)))
	if err != nil {
		return err
	}
	bars.Color, bars.LineStyle.Width = marks[2].ink, 0
	p.Add(bars)
	p.Legend.Add(fmt.Sprintf("%s, %s", title, f.Output), bars)
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = -0.7, float64(len(values))-0.3, 0, max(0.01, most*1.25)
	p.X.Tick.Marker = wholeTicks{len(values) - 1}
	return writeColumn(w, format, p)
}

// writeRestrictions draws the share of gates and of free inputs that are left.
func writeRestrictions(w io.Writer, format, title string, all []analysis.Restriction) error {
	p := narrow("fraction ρ of inputs that stay free", "share that is left")
	var size, live plotter.XYs
	for _, r := range all {
		size = append(size, plotter.XY{X: r.Free, Y: r.Share})
		if r.Inputs > 0 {
			live = append(live, plotter.XY{X: r.Free, Y: r.Live / r.Inputs})
		}
	}
	for i, line := range []struct {
		name string
		xys  plotter.XYs
	}{{"gates of " + title, size}, {"free inputs that matter", live}} {
		if len(line.xys) == 0 {
			continue
		}
		if err := addMarked(p, line.xys, i, line.name); err != nil {
			return err
		}
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1.35
	p.Y.Tick.Marker = plot.ConstantTicks{{Value: 0, Label: "0"}, {Value: 0.25, Label: "0.25"}, {Value: 0.5, Label: "0.5"}, {Value: 0.75, Label: "0.75"}, {Value: 1, Label: "1"}}
	return writeColumn(w, format, p)
}
