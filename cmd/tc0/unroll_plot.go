package main

import (
	"io"
	"math"

	"gonum.org/v1/plot/vg"

	"github.com/tc0lab/tc0/analysis"
)

// writeStepsPlot draws depth and size over the number of steps. Of a diffusion model the
// depth of a step is drawn, too: that it is the same at every T is the point.
func writeStepsPlot(w io.Writer, format string, all []*unrolled, model string) error {
	if len(all) == 1 && len(all[0].Quality) > 0 {
		return writeQuality(w, format, all[0], model)
	}
	var lines []plotted
	equal := true
	for _, u := range all {
		equal = equal && (u.equal || !u.Serial)
		points := func(depth func(r analysis.Run) int) *analysis.Sweep {
			sweep := &analysis.Sweep{DepthModel: model}
			for _, r := range u.Runs {
				sweep.Points = append(sweep.Points,
					analysis.Point{N: r.Count, Measures: &analysis.Measures{Depth: depth(r), Size: r.Size, Wires: r.Wires}})
			}
			return sweep
		}
		name := u.plotName()
		if u.Flat != nil && (u.family == "diffusion" || u.family == "denoiser") {
			step := points(func(r analysis.Run) int { return r.Deepest })
			for i := range step.Points { // the lower panel has the whole
				step.Points[i].Size, step.Points[i].Wires = 0, 0
			}
			lines = append(lines, plotted{name + ", a step", step})
			name += ", total"
		}
		lines = append(lines, plotted{name, points(func(r analysis.Run) int { return r.Depth })})
	}
	axis := "steps T"
	if equal {
		axis = "n, and steps T = n"
	}
	return writePanels(w, format, lines, axis, true)
}

// writeQuality draws depth over the number of steps of a trained diffusion model, and below
// it the quality of what it draws.
func writeQuality(w io.Writer, format string, u *unrolled, model string) error {
	const height = 11 * vg.Centimeter
	var step, total, circuit, float, train curve
	deepest, least, most := 1, math.Inf(1), 0.0
	var counts []int
	goal, known := u.drawing.Config.Frechet["train"]
	for i, r := range u.Runs {
		x, q := float64(r.Count), *u.Quality[i]
		if q.Measure == analysis.FrechetDistance { // 0 has no logarithm
			q.Circuit, q.Float = math.Max(q.Circuit, 1e-6), math.Max(q.Float, 1e-6)
		}
		counts = append(counts, r.Count)
		step.add(x, float64(r.Deepest))
		total.add(x, float64(r.Depth))
		circuit.add(x, q.Circuit)
		float.add(x, q.Float)
		train.add(x, goal)
		deepest, least, most = max(deepest, r.Depth), min(least, q.Circuit, q.Float), max(most, q.Circuit, q.Float)
	}
	if known {
		least = min(least, goal)
	}
	least = max(least, most/1e4)
	upper, lower := panel(counts), panel(counts)
	upper.Y.Label.Text, lower.X.Label.Text = "depth ("+model+")", "steps T"
	upper.logDepths(float64(deepest), 2, height)
	lower.Y.Label.Text = "right answers"
	lower.shares(0.5)
	if u.Quality[0].Measure == analysis.FrechetDistance {
		lower.Y.Label.Text = "Fréchet distance²"
		lower.logY(oneTwoFive)
		lower.Y.Min, lower.Y.Max = 0.8*least, 1.3*most
		lower.Legend.Left, lower.Legend.XOffs = false, -lower.Legend.XOffs // the distance falls
	}
	upper.line(step, 1, u.plotName()+", a step")
	upper.line(total, 0, u.plotName()+", total")
	lower.line(float, 2, "floating point")
	lower.line(circuit, 0, "circuit")
	if known && goal >= least {
		lower.dotted(train, "images of the training")
	}
	return writeTiles(w, format, height, upper, lower)
}

// plotName is the name of a model in a legend.
func (u *unrolled) plotName() string {
	if f, ok := u.subject.(*familySubject); ok {
		return f.legend()
	}
	return u.subject.short()
}
