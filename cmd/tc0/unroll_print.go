package main

import (
	"fmt"
	"slices"

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
		a.printf("  By formula%s: single step at most %d, every step of every T here at most %d, total with T = %d at most %d.\n",
			every, f.Single, f.Deepest, f.Counts[len(f.Counts)-1], f.Depths[len(f.Depths)-1])
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
