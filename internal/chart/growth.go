package chart

import (
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// Series is one family of circuits, measured.
type Series struct {
	Name   string
	Points []Point
}

// Point is one circuit: its n, depth, gates and wires.
type Point struct{ X, Depth, Size, Wires float64 }

// Height is that of a plot of two panels, in centimetres, with legends of few lines.
const Height = 11

// WriteGrowth draws depth and size over n, one above the other. Of one series the lower
// panel has gates and wires, of several their gates; points without gates are in the upper
// panel only. The axis of n is logarithmic, and so is that of sizes. With a logarithmic axis
// of depth what grows as n is a straight line.
func WriteGrowth(w io.Writer, format string, all []Series, axis, depthModel string, logDepth bool) error {
	var ns []int
	for _, f := range all {
		for _, p := range f.Points {
			ns = append(ns, int(p.X))
		}
	}
	upper, lower := Panel(ns), Panel(ns)
	upper.Y.Label.Text = "depth (" + depthModel + ")"
	upper.Y.Min = 0
	lower.X.Label.Text, lower.Y.Label.Text = axis, "gates"
	lower.LogY(PowersOfTen)
	for i, f := range all {
		var depth, size, wires Curve
		for _, p := range f.Points {
			depth.Add(p.X, p.Depth)
			if p.Size > 0 { // a logarithm does not have others
				size.Add(p.X, p.Size)
			}
			if p.Wires > 0 && len(all) == 1 {
				wires.Add(p.X, p.Wires)
			}
		}
		upper.Line(depth, i, f.Name)
		lower.Line(size, i, "gates")
		lower.Line(wires, 2, "wires")
	}
	if len(all) == 1 {
		lower.Y.Label.Text = "gates, wires"
	} else {
		lower.Legend = plot.NewLegend() // that of the upper panel names the families
	}
	deepest := max(1, upper.Y.Max)
	upper.Y.Max = deepest * (1.15 + 0.17*float64(len(all))) // room for the legend
	upper.Y.Tick.Marker = Whole(int(deepest))
	height := Height + vg.Length(max(0, len(all)-3))*0.3
	if logDepth {
		upper.LogDepths(deepest, len(all), height)
	}
	if math.IsInf(lower.Y.Min, 1) {
		lower.Y.Min, lower.Y.Max = 1, 1
	}
	lower.Y.Min, lower.Y.Max = Decade(lower.Y.Min), math.Pow(10, math.Ceil(math.Log10(lower.Y.Max)+0.01))
	if len(all) == 1 {
		lower.Y.Max *= 3 // for the legend
	}
	return WriteTiles(w, format, height, upper, lower)
}

// LogDepths gives a panel, the upper half of a figure of a height in centimetres, a
// logarithmic axis of depths with room for the rows of the legend.
func (p *Chart) LogDepths(deepest float64, rows int, height vg.Length) {
	// A row of the legend is so much of the height of the panel.
	legend := 0.31 * float64(rows) / (float64(height)/2 - 0.8)
	p.LogY(plot.TickerFunc(func(low, _ float64) []plot.Tick { return OneTwoFive(low, 1.5*deepest) }))
	p.Y.Min, p.Y.Max = 0.8, 0.8*math.Pow(deepest/0.8*1.2, 1/(1-math.Min(legend, 0.6)))
}
