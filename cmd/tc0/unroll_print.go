package main

import (
	"fmt"

	"github.com/tc0lab/tc0/analysis"
)

// printUnrolled prints one model.
func (a *app) printUnrolled(u *unrolled) {
	a.printf("%s\n%s\n", u.s.spec.Short(), u.s.spec.Family.Doc)
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
	columns := cols(head, "#n", "depths of steps", "#deepest step", "#total depth", "#gates", "#wires", "#widest level", "#work/span")
	if u.Serial {
		a.table(columns, rows, nil)
	} else {
		for i := range rows {
			rows[i] = append(rows[i][:1], rows[i][4:]...)
		}
		a.table(cols(head, "#depth", "#gates", "#wires", "#widest level", "#work/span"), rows, nil)
	}
	a.printf("  Depth in the %s model. Work is gates, the total compute; span is the total depth, the serial one.\n", a.model.Name)
	switch {
	case u.Pattern != "" && u.Serial:
		a.printf("  The total depth is %s at all of them, and the single step has depth %d.\n", u.Pattern, u.Single)
	case u.Pattern != "":
		a.printf("  The depth is %s at all of them.\n", u.Pattern)
	}
	if f := u.Formulas; f != nil && f.Constant {
		a.printf("  By formula, for every n: single step at most %d, every step of every T here at most %d, total with T = %d at most %d.\n",
			f.Single, f.Deepest, f.Counts[len(f.Counts)-1], f.Depths[len(f.Depths)-1])
	}
	if u.Flat != nil {
		a.heading("Verdict on the steps: %s", u.Flat.Verdict)
		a.field("claim", "%s", u.Flat.Claim)
		a.field("because", "%s", u.Flat.Reason)
		a.field("class", "%s with T constant, of this family of circuits", u.Flat.Class)
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
		head = append(head, "#"+u.s.spec.Short())
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
