package main

import (
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"github.com/tc0lab/tc0/analysis"
)

// printUnrolled prints one model.
func (a *app) printUnrolled(u *unrolled) {
	a.printf("%s\n%s\n", u.subject.short(), u.subject.its().description)
	setting, of := "T = n", "Steps"
	header := "#T | #n | depths of steps | #deepest step | #total depth"
	from, to := 0, 0 // the columns that say nothing
	switch {
	case !u.Serial:
		setting, of = "n", "One pass"
		header, from, to = "#n | #depth", 1, 4
	case u.positions == nil:
		header, from, to = "#T | depths of steps | #deepest step | #total depth", 1, 2
	}
	a.heading("%s (measured)", of)
	t := newTable(header + " | #gates:, | #wires:, | #widest level:, | #work/span:%.1f")
	for _, r := range u.Runs {
		t.row(slices.Delete([]any{
			r.Count, r.N, stepDepths(r), r.Deepest, r.Depth, r.Size, r.Wires, r.MaxWidth, float64(r.Work) / float64(max(1, r.Span)),
		}, from, to)...)
	}
	a.table(t)
	a.printf("  Depth in the %s model. Work is gates, the total compute; span is the total depth, the serial one.\n",
		a.model.Name)
	switch {
	case u.Pattern != "" && u.Serial:
		a.printf("  The total depth is %s at all of them, and the single step has depth %d.\n", u.Pattern, u.Single)
	case u.Pattern != "":
		a.printf("  The depth is %s at all of them.\n", u.Pattern)
	}
	if f := u.Formulas; f != nil && f.Constant {
		every := ", for every n"
		if u.positions == nil {
			every = ""
		}
		a.printf(
			"  By formula%s: single step at most %d, every step of every T here at most %d, total with T = %d at most %d.\n",
			every,
			f.Single,
			f.Deepest,
			f.Counts[len(f.Counts)-1],
			f.Depths[len(f.Depths)-1],
		)
	}
	if len(u.Quality) > 0 {
		a.printQuality(u.drawing, u.Quality)
	}
	if u.Flat != nil {
		a.heading("Verdict on the steps: %s", u.Flat.Verdict)
		a.text("claim", u.Flat.Claim)
		a.text("because", u.Flat.Reason)
		a.field(u.class, u.classText, u.Flat.Class)
		a.text("about", u.Flat.Scope)
	}
	if u.Total != nil {
		a.heading("Verdict on the depth over %s: %s (measured only)", setting, u.Total.Verdict)
		a.text("claim", u.Total.Claim)
		a.text("because", u.Total.Reason)
		a.text("about", u.Total.Scope)
	}
	a.printFacts(u.Known)
}

// printFacts cites what is known of a kind of model.
func (a *app) printFacts(facts []analysis.Fact) {
	var texts []string
	for _, f := range facts {
		text := "Cited, not measured: " + f.Statement + " (" + f.Source + ")."
		if f.Hypothesis != "" {
			text += " If: " + f.Hypothesis + "."
		}
		texts = append(texts, text)
	}
	a.fields("known", texts)
}

// printBeside puts the depths of several models side by side.
func (a *app) printBeside(all []*unrolled) {
	a.heading("Total depth side by side (measured)")
	t := newTable("#T")
	for _, u := range all {
		t.columns = append(t.columns, column{title: u.subject.short(), number: true})
	}
	for i, r := range all[0].Runs {
		row := []any{r.Count}
		for _, u := range all {
			text := ""
			if i < len(u.Runs) {
				text = fmt.Sprint(u.Runs[i].Depth)
				if u.Serial && u.Runs[i].Count > 1 {
					text = fmt.Sprintf("%d (%d a step)", u.Runs[i].Depth, u.Runs[i].Deepest)
				}
			}
			row = append(row, text)
		}
		t.row(row...)
	}
	a.table(t)
	a.printf("  Where a model has one pass, T is its n.\n")
}

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
				sweep.Points = append(
					sweep.Points,
					analysis.Point{
						N:        r.Count,
						Measures: &analysis.Measures{Depth: depth(r), Counts: r.Counts},
					},
				)
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
