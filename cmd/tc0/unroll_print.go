package main

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/model"
)

// printUnrolled prints one model.
func (a *app) printUnrolled(u *unrolled) {
	a.printf("%s\n%s\n", u.s.short(), u.s.description)
	title, head := "Steps (measured)", "#T"
	if !u.Serial {
		title, head = "One pass (measured)", "#n"
	}
	a.heading("%s", title)
	var rows [][]string
	for _, r := range u.Runs {
		rows = append(rows, []string{
			fmt.Sprint(r.Count), fmt.Sprint(r.N), stepDepths(r), fmt.Sprint(r.Deepest), fmt.Sprint(r.Depth), count(r.Size), count(r.Wires),
			count(r.MaxWidth), fmt.Sprintf("%.1f", float64(r.Work)/float64(max(1, r.Span))),
		})
	}
	columns := []string{head, "#n", "depths of steps", "#deepest step", "#total depth", "#gates", "#wires", "#widest level", "#work/span"}
	from, to := 0, 0 // the columns that say nothing
	switch {
	case !u.Serial:
		columns[4] = "#depth"
		from, to = 1, 4
	case u.s.kind == isSampler: // it has no n
		from, to = 1, 2
	}
	for i := range rows {
		rows[i] = slices.Delete(rows[i], from, to)
	}
	a.table(cols(slices.Delete(columns, from, to)...), rows, nil)
	a.printf("  Depth in the %s model. Work is gates, the total compute; span is the total depth, the serial one.\n", a.model.Name)
	switch {
	case u.Pattern != "" && u.Serial:
		a.printf("  The total depth is %s at all of them, and the single step has depth %d.\n", u.Pattern, u.Single)
	case u.Pattern != "":
		a.printf("  The depth is %s at all of them.\n", u.Pattern)
	}
	if f := u.Formulas; f != nil && f.Constant {
		every := "By formula, for every n"
		if u.s.kind == isSampler {
			every = "By formula"
		}
		a.printf("  "+every+": single step at most %d, every step of every T here at most %d, total with T = %d at most %d.\n",
			f.Single, f.Deepest, f.Counts[len(f.Counts)-1], f.Depths[len(f.Depths)-1])
	}
	if len(u.Quality) > 0 {
		a.printQuality(u.s.sampler, u.Quality)
	}
	if u.Flat != nil {
		a.heading("Verdict on the steps: %s", u.Flat.Verdict)
		a.field("claim", "%s", u.Flat.Claim)
		a.field("because", "%s", u.Flat.Reason)
		switch u.s.kind {
		case isSampler:
			a.field("gates", "those of %s; a network of one size is in no class", u.Flat.Class)
		case isProblem:
			a.field("basis", "%s (class of the basis of gates)", u.Flat.Class)
		default:
			a.field("class", "%s with T constant, of this family of circuits", u.Flat.Class)
		}
		a.field("about", "%s", u.Flat.Scope)
	}
	if u.Total != nil {
		setting := "T = n"
		if !u.Serial {
			setting = "n"
		}
		a.heading("Verdict on the depth over %s: %s (measured only)", setting, u.Total.Verdict)
		a.field("claim", "%s", u.Total.Claim)
		a.field("because", "%s", u.Total.Reason)
		a.field("about", "%s", u.Total.Scope)
	}
	a.printFacts(u.Known)
}

// printQuality prints what a trained diffusion model draws.
func (a *app) printQuality(s *model.Sampler, all []*analysis.Quality) {
	a.heading("What the circuit draws (measured, seed %d)", a.flags.Seed)
	var rows [][]string
	samples := all[0].Samples
	config := &s.Config
	if all[0].Measure == analysis.FrechetDistance {
		for _, q := range all {
			rows = append(rows, []string{fmt.Sprint(q.Steps), fmt.Sprintf("%.2f", q.Circuit), fmt.Sprintf("%.2f", q.Float), fmt.Sprintf("%s of %s", count(q.Mismatches), count(q.Samples))})
		}
		a.table(cols("#T", "#circuit", "#floating point", "#mismatches"), rows, nil)
		text := fmt.Sprintf("Squared Fréchet distance between %s drawn images and %s held-out ones, each set as its mean and covariance; less is better.", count(samples), count(len(s.Test)))
		if v, ok := config.Frechet["train"]; ok {
			text += fmt.Sprintf(" The images of the training are at %.2f.", v)
		}
		a.printf("%s\n", indented(text))
	} else {
		for _, q := range all {
			rows = append(rows, []string{fmt.Sprint(q.Steps), fmt.Sprintf("%.3f", q.Circuit), fmt.Sprintf("%.3f", *q.Worst), fmt.Sprintf("%.3f", q.Float), fmt.Sprintf("%s of %s", count(q.Mismatches), count(q.Samples))})
		}
		a.table(cols("#T", "#circuit", "#at the hardest question", "#floating point", "#mismatches"), rows, nil)
		a.printf("%s\n", indented(fmt.Sprintf("Share of %s draws, over all %s questions of %s, that answer right.", count(samples), count(1<<config.Context), config.Problem)))
	}
	a.printf("%s\n", indented("A mismatch is a draw that differs from that of the network in integers. Where circuit and floating point differ, it is by the rounding of the network to integers: many small steps may be lost in it."))
}

// printFacts cites what is known of a kind of model.
func (a *app) printFacts(facts []analysis.Fact) {
	for i, f := range facts {
		name := "known"
		if i > 0 {
			name = ""
		}
		text := "Cited, not measured: " + f.Statement + " (" + f.Source + ")."
		if f.Hypothesis != "" {
			text += " If: " + f.Hypothesis + "."
		}
		a.field(name, "%s", text)
	}
}

// printBeside puts the depths of several models side by side.
func (a *app) printBeside(all []*unrolled) {
	a.heading("Total depth side by side (measured)")
	head := []string{"#T"}
	for _, u := range all {
		head = append(head, "#"+u.s.short())
	}
	var rows [][]string
	for i, r := range all[0].Runs {
		row := []string{fmt.Sprint(r.Count)}
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
		rows = append(rows, row)
	}
	a.table(cols(head...), rows, nil)
	a.printf("  Where a model has one pass, T is its n.\n")
}
