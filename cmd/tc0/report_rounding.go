package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/tune"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

// printStageErrors prints the table of the roundings, each alone.
func (r *report) printStageErrors(a *app) {
	if len(r.StageErrors) == 0 {
		return
	}
	a.Detail("What each rounding does alone to the network in floating point (measured)")
	columns, logits := "rounded | kind | #error of a logit:%.3g | #of its size:%.2f %%", "logits"
	numbers := r.StageErrors[0].Answers == 0 // of a regression, whose answers are no labels
	if numbers {
		columns, logits = "rounded | kind | #error of a number:%.3g | #of its size:%.2f %%", "numbers"
	} else {
		columns += " | #answers changed"
	}
	t := table.New(columns)
	for _, e := range r.StageErrors {
		if numbers {
			t.Row(e.Tensor, e.Kind, e.RMS, 100*e.Relative)
			continue
		}
		t.Row(e.Tensor, e.Kind, e.RMS, 100*e.Relative, count(e.Changed)+" of "+count(e.Answers))
	}
	a.Table(t)
	a.Printf("  Errors and sizes are root mean squares over all %s.\n", logits)
}

// costliest returns the rounding that alone changes most answers, or else moves the logits most.
func (r *report) costliest() *model.StageError {
	var most *model.StageError
	for i := range max(len(r.StageErrors)-1, 0) { // the last is all together
		e := &r.StageErrors[i]
		if most == nil || cmp.Or(e.Changed-most.Changed, cmp.Compare(e.RMS, most.RMS)) > 0 {
			most = e
		}
	}
	return most
}

// printFiner prints what each knob of the quantisation mends.
func (r *report) printFiner(a *app) {
	if len(r.Finer) == 0 {
		return
	}
	a.Detail("The network in integers with one knob a step finer (measured)")
	numbers := !slices.ContainsFunc(r.Finer, func(s *tune.Step) bool { return s.Error.Answers > 0 || s.Failed != "" })
	columns := "knob | #from | #to | #error of a logit:%.3g"
	if numbers {
		columns = "knob | #from | #to | #error of a number:%.3g"
	}
	if !numbers {
		columns += " | #answers changed"
	}
	t := table.New(columns)
	best := r.Finer[0]
	for _, s := range r.Finer {
		knob, from, to := cmp.Or(s.Knob, "none"), fmt.Sprint(s.From), fmt.Sprint(s.To)
		if s.Knob == "" {
			from, to = "", ""
		}
		changed := ""
		if s.Error.Answers > 0 {
			changed = count(s.Error.Changed) + " of " + count(s.Error.Answers)
		}
		var off any = s.Error.RMS
		if s.Failed != "" {
			off, changed = "", "refused"
		}
		t.Row(knob, from, to, off, changed)
		if s.Better(best) {
			best = s
		}
	}
	a.Table(t)
	if e := r.costliest(); e != nil {
		a.Printf("  Costs most: %s (%s).\n", e.Tensor, e.Kind)
	}
	if best.Knob == "" {
		a.Printf("  No knob alone mends it.\n")
		return
	}
	a.Printf("  Mended most by %s %v in place of %v. tc0 quantise tries several knobs together.\n", best.Knob, best.To, best.From)
}

// printSpreads prints how scores lie, or all activations of a model that is refused.
func (r *report) printSpreads(a *app) {
	if len(r.Spreads) == 0 {
		return
	}
	what := "Activations"
	if r.Spreads[0].Scores {
		what = "Scores of the attention"
	}
	a.Detail("%s in floating point (measured on %s)", what, r.sample)
	t := table.New("activation | #least:%.4g | #median:%.4g | #greatest:%.4g")
	for _, s := range r.Spreads {
		t.Row(s.Name, s.Least, s.Median, s.Most)
	}
	a.Table(t)
}

// reportRefused prints the page of a model that has no circuit, as far as it goes, and returns why it has none.
func (a *app) reportRefused(cmd *reportCmd, s subject, why error) error {
	r := &report{
		Refused: plain(why), Processors: []speedPoint{}, Known: []proof.Fact{}, Figures: []string{},
	}
	var m *model.Model
	var q *model.Quantised
	var refused *refusal
	if opened, ok := s.(*modelSubject); ok {
		q = opened.quantised
		m, r.Quantisation = q.Model, q.Choices
	} else if !errors.As(why, &refused) {
		return why
	} else {
		m = refused.model
	}
	if err := r.round(a, m, q); err != nil || r.sample == "" {
		return why // without inputs or a setting there is nothing to show
	}
	if err := os.MkdirAll(cmd.Out, 0o777); err != nil {
		return errf("--out=%s: the folder cannot be made: %w", cmd.Out, errors.Unwrap(err))
	}
	stem := filepath.Base(filepath.Clean(cmd.Subject))
	if err := r.drawScores(a, stem, cmd.Out); err != nil {
		return err
	}
	a.partial = true // what there is is printed, and the status is that of an error
	if err := a.show(r, func() {
		a.Printf("%s\nRefused: %s\n", cmd.Subject, r.Refused)
		r.printStageErrors(a)
		r.printFiner(a)
		r.printSpreads(a)
		if len(r.Figures) > 0 {
			a.Heading("Figure")
			a.Printf("  %s\n", strings.Join(r.Figures, "\n  "))
		}
	}, true); err != nil {
		return err
	}
	return why
}

// drawScores draws a histogram of the scores of each layer, if there are any.
func (r *report) drawScores(a *app, stem, dir string) error {
	if len(r.Spreads) == 0 || !r.Spreads[0].Scores {
		return nil
	}
	p := chart.New("score, before the exponential", "percent of the scores in a bar")
	p.Title.Text = stem + ": scores of the attention"
	const most = 8 // lines that can be told apart
	for i, s := range r.Spreads[:min(most, len(r.Spreads))] {
		var line chart.Curve
		width := (s.Most - s.Least) / float64(max(len(s.Shares), 1))
		for k, share := range s.Shares {
			line.Add(s.Least+(float64(k)+0.5)*width, 100*share)
		}
		p.Line(line, i, strings.TrimSuffix(s.Name, "/scores"))
	}
	p.Y.Min, p.Y.Max = 0, 1.05*p.Y.Max
	path := filepath.Join(dir, stem+"-scores.svg")
	a.save(path, func(w io.Writer) error { return chart.Write(w, "svg", 5.5, p) })
	r.Figures = append(r.Figures, path)
	return a.unsaved
}

// growthN chooses the n of a small sweep: doublings that should take a few seconds, if members
// have about n² wires and the reported one has the given number.
func growthN(n int, wires int64) []int {
	const most, budget = 32, 20e6
	list := []int{n}
	for k := 2; k <= most; k *= 2 {
		if ratio := float64(k) / float64(n); k <= n || float64(wires)*ratio*ratio <= budget {
			list = append(list, k)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
