package chart

import (
	"fmt"
	"io"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// Series is one family of circuits, measured.
type Series struct {
	Name   string
	Points []Point
}

// Point is one circuit: its n, depth, gates and wires.
type Point struct{ X, Depth, Size, Wires float64 }

// Height is that of a plot of two panels, in centimetres, without the legend.
const Height = 9

// WriteGrowth draws depth and size over n, one above the other. Of one series the lower
// panel has gates and wires, of several their gates; points without gates are in the upper
// panel only. The axis of n is logarithmic, and so is that of sizes. With a logarithmic axis
// of depth, which takes depths above 0 only, what grows as n is a straight line.
func WriteGrowth(w io.Writer, format string, all []Series, axis, depthModel string, logDepth bool) error {
	var ns []int
	for _, f := range all {
		for _, p := range f.Points {
			ns = append(ns, int(p.X))
		}
	}
	upper, lower := Panel(ns), Panel(ns)
	upper.Y.Label.Text = "depth (" + depthModel + ")"
	lower.X.Label.Text, lower.Y.Label.Text = axis, "gates"
	lower.LogY()
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
		if len(all) == 1 {
			upper.Line(depth, 0, "depth of "+f.Name)
			lower.Line(size, 1, "its gates")
			lower.Line(wires, 2, "its wires")
			lower.Y.Label.Text = "gates, wires"
			continue
		}
		upper.Line(depth, i, f.Name)
		lower.Line(size, i, f.Name)
	}
	if logDepth && upper.Y.Min > 0 {
		upper.LogY()
	} else {
		deepest := max(1, upper.Y.Max)
		upper.Y.Min, upper.Y.Max, upper.Y.Tick.Marker = 0, 1.05*deepest, Whole(int(deepest))
	}
	lower.X.Min, lower.X.Max = upper.X.Min, upper.X.Max // which has all n
	return Write(w, format, Height, upper, lower)
}

// GrowthCaption returns the text of a \caption for what [WriteGrowth] draws. An axis that is a letter is mathematics.
func GrowthCaption(all []Series, axis, depthModel string) string {
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = press.LaTeX(f.Name)
	}
	numbers, last := " and gates", len(names)-1
	if last == 0 {
		numbers = ", gates and wires"
	}
	of := names[last]
	if last > 0 {
		of = strings.Join(names[:last], ", ") + " and " + of
	}
	over := press.LaTeX(axis)
	if len(axis) == 1 {
		over = "$" + over + "$"
	}
	return fmt.Sprintf(`\caption{Depth (%s model)%s of %s over %s, measured.}\label{fig:growth}`,
		press.LaTeX(depthModel), numbers, of, over)
}
