package main

import (
	"io"

	"github.com/tc0lab/tc0/analysis"
)

// writeStepsPlot draws depth and size over the number of steps. Of a diffusion model the
// depth of a step is drawn, too: that it is the same at every T is the point.
func writeStepsPlot(w io.Writer, format string, all []*unrolled, model string) error {
	var lines []plotted
	equal := true
	for _, u := range all {
		equal = equal && (u.equal || !u.Serial)
		points := func(depth func(r analysis.Run) int) *analysis.Sweep {
			sweep := &analysis.Sweep{DepthModel: model}
			for _, r := range u.Runs {
				sweep.Points = append(sweep.Points, analysis.Point{N: r.Count, Measures: &analysis.Measures{Depth: depth(r), Size: r.Size, Wires: r.Wires}})
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

// plotName is the name of a model in a legend.
func (u *unrolled) plotName() string {
	spec := u.s.spec
	if spec.HasN() {
		return spec.Short()
	}
	names := map[string]string{
		"transformer": "transformer, one pass", "ssm": "state-space model", "cot": "chain of thought", "looped": "looped transformer", "rnn": "recurrent network",
	}
	if name, ok := names[spec.Short()]; ok {
		return name
	}
	return spec.Short()
}
