package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

// printUnrolled prints one model.
func (a *app) printUnrolled(u *unrolled) {
	a.Printf("%s\n%s\n", u.subject.short(), u.subject.its().description)
	of := "Steps"
	header := "#T | #n | depths of steps | #deepest step | #total depth"
	from, to := 0, 0 // the columns that say nothing
	switch {
	case !u.Serial:
		of = "One pass"
		header, from, to = "#n | #depth", 1, 4
	case u.positions == nil:
		header, from, to = "#T | depths of steps | #deepest step | #total depth", 1, 2
	}
	a.Heading("%s (measured)", of)
	t := table.New(header + " | #gates:, | #wires:, | #widest level:, | #work/span:%.1f")
	for _, r := range u.Runs {
		t.Row(slices.Delete([]any{
			r.Count, r.N, stepDepths(r), r.Deepest, r.Depth, r.Size, r.Wires, r.MaxWidth,
			float64(r.Work) / float64(max(1, r.Span)),
		}, from, to)...)
	}
	a.Table(t)
	a.Printf("  Depth in the %s model. Work is gates, the total compute; span is the total depth, the serial one.\n",
		a.model.Name)
	switch {
	case u.Pattern != "" && u.Serial:
		a.Printf("  The total depth is %s at all of them, and the single step has depth %d.\n", u.Pattern, u.Single)
	case u.Pattern != "":
		a.Printf("  The depth is %s at all of them.\n", u.Pattern)
	}
	u.printFormulas(a)
	if len(u.Quality) > 0 {
		a.printQuality(u.drawing, u.Quality)
	}
	if u.Flat != nil {
		a.Heading("Verdict on the steps: %s", u.Flat.Verdict)
		a.Text("claim", u.Flat.Claim)
		a.Text("because", u.Flat.Reason)
		a.Field(u.class, u.classText, u.Flat.Class)
		a.Aside(func() { a.Text("about", u.Flat.Scope) })
	}
	if u.Total != nil {
		a.Heading("Verdict on the depth over %s: %s (measured only)", u.setting(), u.Total.Verdict)
		a.Text("claim", u.Total.Claim)
		a.Text("because", u.Total.Reason)
		a.Aside(func() { a.Text("about", u.Total.Scope) })
	}
	a.Aside(func() { a.printFacts(u.Known) })
}

// setting is what grows.
func (u *unrolled) setting() string {
	if u.Serial {
		return "T = n"
	}
	return "n"
}

// printFormulas prints what the formulas say of the steps.
func (u *unrolled) printFormulas(a *app) {
	f := u.Formulas
	switch {
	case f == nil:
	case f.EveryT:
		a.Printf("  By formula, for every n and every T: single step at most %d, each step at most %d, total at most %s.\n",
			f.Single, f.Deepest, f.Total)
	default:
		every := ", for every n"
		if u.positions == nil {
			every = ""
		}
		a.Printf(
			"  By formula%s: single step at most %d, every step of every T here at most %d, total with T = %d at "+
				"most %d.\n", every, f.Single, f.Deepest, f.Counts[len(f.Counts)-1], f.Depths[len(f.Depths)-1])
		a.Printf("  That is not for every T: %s.\n", f.Why)
	}
}

// printFacts cites what is known of a kind of model.
func (a *app) printFacts(facts []proof.Fact) {
	var texts []string
	for _, f := range facts {
		text := "Cited, not measured: " + f.Statement + " (" + f.Source + ")."
		if f.Hypothesis != "" {
			text += " If: " + f.Hypothesis + "."
		}
		texts = append(texts, text)
	}
	a.Fields("known", texts)
}

// printBeside puts the depths of several models side by side.
func (a *app) printBeside(all []*unrolled) {
	a.Heading("Total depth side by side (measured)")
	t := table.New("#T")
	for _, u := range all {
		t.Number(u.subject.short())
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
		t.Row(row...)
	}
	a.Table(t)
	a.Printf("  Depth in the %s model. Where a model has one pass, T is its n.\n", a.model.Name)
	for _, u := range all {
		var said []string
		if u.Flat != nil {
			said = append(said, fmt.Sprintf("no step is deeper than the single step: %s", u.Flat.Verdict))
		}
		if u.Total != nil {
			said = append(said, fmt.Sprintf("the whole has one depth at every %s: %s (measured only)", u.setting(),
				u.Total.Verdict))
		}
		a.Text(u.subject.short(), strings.Join(said, "; "))
	}
}

// writeStepsPlot draws depth and size over the number of steps. Of a diffusion model the
// depth of a step is drawn, too: that it is the same at every T is the point.
func writeStepsPlot(w io.Writer, format string, all []*unrolled, model string) error {
	if len(all) == 1 && len(all[0].Quality) > 0 {
		return writeQuality(w, format, all[0], model)
	}
	var lines []chart.Series
	equal := true
	for _, u := range all {
		equal = equal && (u.equal || !u.Serial)
		step, total := chart.Series{Name: u.plotName() + ", a step"}, chart.Series{Name: u.plotName()}
		for _, r := range u.Runs {
			p := chart.Point{X: float64(r.Count), Depth: float64(r.Deepest)} // the lower panel has the whole
			step.Points = append(step.Points, p)
			p.Depth, p.Size, p.Wires = float64(r.Depth), float64(r.Size), float64(r.Wires)
			total.Points = append(total.Points, p)
		}
		if u.Flat != nil && (u.family == "diffusion" || u.family == "denoiser") {
			total.Name += ", total"
			lines = append(lines, step)
		}
		lines = append(lines, total)
	}
	axis := "steps T"
	if equal {
		axis = "n, and steps T = n"
	}
	return chart.WriteGrowth(w, format, lines, axis, model, true)
}

// writeQuality draws depth over the number of steps of a trained diffusion model, and below
// it the quality of what it draws.
func writeQuality(w io.Writer, format string, u *unrolled, model string) error {
	var step, total, circuit, float, train chart.Curve
	least, most := math.Inf(1), 0.0
	var counts []int
	goal, known := u.drawing.Config.Frechet["train"]
	for i, r := range u.Runs {
		x, q := float64(r.Count), *u.Quality[i]
		if q.Measure == analysis.FrechetDistance { // 0 has no logarithm
			q.Circuit, q.Float = math.Max(q.Circuit, 1e-6), math.Max(q.Float, 1e-6)
		}
		counts = append(counts, r.Count)
		step.Add(x, float64(r.Deepest))
		total.Add(x, float64(r.Depth))
		circuit.Add(x, q.Circuit)
		float.Add(x, q.Float)
		train.Add(x, goal)
		least, most = min(least, q.Circuit, q.Float), max(most, q.Circuit, q.Float)
	}
	if known {
		least = min(least, goal)
	}
	least = max(least, most/1e4)
	upper, lower := chart.Panel(counts), chart.Panel(counts)
	upper.Y.Label.Text, lower.X.Label.Text = "depth ("+model+")", "steps T"
	upper.LogY()
	distance := u.Quality[0].Measure == analysis.FrechetDistance
	if distance {
		lower.Y.Label.Text = "Fréchet distance²"
		lower.LogY()
	} else {
		lower.Y.Label.Text = "right answers"
		lower.Shares(0.5)
	}
	upper.Line(step, 1, u.plotName()+", a step")
	upper.Line(total, 0, u.plotName()+", total")
	lower.Line(float, 2, "floating point")
	lower.Line(circuit, 3, "circuit")
	if known && goal >= least {
		lower.Guide(train, "images of the training")
	}
	if distance {
		lower.Y.Min = max(lower.Y.Min, least)
	}
	return chart.Write(w, format, chart.Height, upper, lower)
}

// plotName is the name of a model in a legend.
func (u *unrolled) plotName() string {
	names := map[string]string{
		"transformer": "transformer, one pass", "ssm": "state-space model", "cot": "chain of thought",
		"looped": "looped transformer", "rnn": "recurrent network",
	}
	short := u.subject.short()
	return cmp.Or(names[short], short)
}
