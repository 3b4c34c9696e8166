package main

import (
	"slices"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/internal/table"
)

// settings are the two verdicts on a model that is iterated.
type settings struct {
	Constant analysis.Verdict  `json:"t_constant"` // T does not grow with n
	Equal    analysis.Verdict  `json:"t_equal_n"`  // T = n
	Flat     *analysis.Verdict `json:"steps_flat,omitempty"`
	Runs     []analysis.Run    `json:"runs,omitempty"`
	Formula  string            `json:"total_formula,omitempty"`
	Tree     []treeRun         `json:"re_associated,omitempty"` // of a recurrent network: its steps as a tree of maps
	NoTree   string            `json:"not_re_associated,omitempty"`
	unit     string
	single   bool   // the model has one pass
	note     string // on a model of one pass
}

// treeRun is the depth of the steps of a recurrent network as a tree.
type treeRun struct {
	N     int `json:"n"`
	Depth int `json:"depth"`
	Size  int `json:"size"`
}

// reassociate measures the same network as a tree of maps between its states.
func (set *settings) reassociate(a *app, s *familySubject, counts []int) error {
	if s.spec.Args["order"] != compile.SerialOrder {
		return nil
	}
	m := a.meter("re-associating " + s.spec.Short())
	defer m.end()
	for i, n := range counts {
		m.set(i, len(counts))
		instance, err := s.spec.With("n", n).Set("order", compile.TreeOrder).Instance()
		if err != nil { // too many states
			set.NoTree = err.Error()
			return nil
		}
		c, err := s.lower(a.ctx, instance.Program, nil)
		if err != nil {
			return err
		}
		set.Tree = append(set.Tree, treeRun{n, c.Levels(a.model).Depth, c.Size()})
	}
	return nil
}

// constantSteps is the subject without n and with another number of steps.
func (s *familySubject) constantSteps(steps string) string {
	spec := s.spec.Set("steps", steps)
	delete(spec.Args, "n")
	return spec.Short()
}

// reportSteps bounds how far a report unrolls a model with T = n.
const reportSteps = 6

// iterate judges a model that is iterated, with T constant and with T = n.
func (r *report) iterate(a *app, s *familySubject) error {
	parameter, stage := s.spec.Steps()
	if s.basis != basis.TC0 || a.model.Name != "standard" {
		if parameter != "" {
			r.notes = append(r.notes,
				"T constant and T = n are judged in basis TC0 and the standard depth model only; tc0 unroll "+
					"measures the steps in others.")
		}
		return nil
	}
	if parameter == "" {
		r.onePass(s)
		return nil
	}
	whole := *s
	whole.spec = s.spec.With(parameter, 1)
	delete(whole.spec.Args, "n")
	u := &unrolled{subject: &whole, Serial: true, equal: true}
	u.unrollFamily(&whole)
	var counts []int
	for t := range reportSteps {
		counts = append(counts, t+1)
	}
	if err := a.unroll(u, counts); err != nil {
		return err
	}
	r.Settings = &settings{Equal: *u.Total, Flat: u.Flat, Runs: u.Runs, Formula: u.Pattern, unit: stage}
	if r.Settings.Equal.Verdict == analysis.Refuted {
		r.Settings.Equal.Scope = "this unrolled family of circuits; it says nothing of the function"
	}
	if err := r.Settings.reassociate(a, s, counts); err != nil {
		return err
	}
	if parameter == "n" {
		r.Settings.Constant = analysis.StepsArePositions()
		return nil
	}
	f := u.Formulas
	if r.proof == nil || f == nil {
		return errf("%s: there are no formulas for its steps", s.name())
	}
	r.Settings.Constant = f.JudgeConstant(r.proof.Verdict, reportSteps)
	if !f.EveryT {
		r.Settings.Constant.Reason += "; for another T, tc0 prove " + s.constantSteps("T")
	}
	return nil
}

// onePassed are the families that read all n positions at once and are compared with those
// that go step by step.
var onePassed = []string{"attention", "layer", "transformer", "s4", "ssm", "mamba"}

// onePass judges a model that reads all positions at once: it has a single step at every n.
func (r *report) onePass(s *familySubject) {
	if r.proof == nil || !slices.Contains(onePassed, s.spec.Family.Name) {
		return
	}
	v := analysis.OnePass(r.proof.Verdict)
	r.Settings = &settings{Constant: v, Equal: v, single: true}
	if s.spec.Family.Name == "ssm" {
		r.Settings.note = "the step-by-step recurrence is a different function, in integers: tc0 report " +
			"ssm:kind=" + string(compile.Recurrence)
	}
}

// printSettings prints the two verdicts and what is known.
func (r *report) printSettings(a *app) {
	set := r.Settings
	if set == nil {
		return
	}
	a.Detail("Steps: T constant and T = n")
	if set.single {
		a.printConstant(set.Constant)
		a.Field("T = n", "%s, too: with one pass there are no steps that grow in number with n", set.Equal.Verdict)
		if set.note != "" {
			a.Text("", set.note)
		}
		return
	}
	header := "#T = n | depths of steps | #total depth | #gates:,"
	if len(set.Tree) > 0 {
		header += " | #depth as a tree | #gates as a tree:,"
	}
	t := table.New(header)
	for i, run := range set.Runs {
		row := []any{run.Count, stepDepths(run), run.Depth, run.Size}
		if i < len(set.Tree) {
			row = append(row, set.Tree[i].Depth, set.Tree[i].Size)
		}
		t.Row(row...)
	}
	a.Table(t)
	if len(set.Tree) > 0 {
		a.Indented("As a tree it is the same network, in integers: a step on its input is a map between the finitely " +
			"many states, and maps compose in any order.")
	}
	if set.NoTree != "" {
		a.Indented("Not built as a tree: " + set.NoTree + ".")
	}
	a.printConstant(set.Constant)
	a.Field("T = n", "%s: %s", set.Equal.Verdict, set.Equal.Claim)
	a.Field("", "because %s", set.Equal.Reason)
	if set.Equal.Verdict == analysis.Refuted {
		a.Field("",
			"If T grows with n, this unrolled family is not of constant depth: that is so by construction, and says "+
				"nothing of the function.")
	}
	if f := set.Flat; f != nil {
		a.Field("a "+set.unit, "%s: %s", f.Verdict, f.Claim)
		a.Field("", "because %s", f.Reason)
	}
}

// printConstant prints the verdict with T constant.
func (a *app) printConstant(v analysis.Verdict) {
	a.Field("T constant", "%s: %s", v.Verdict, v.Claim)
	class := ""
	if v.Class != "" {
		class = "; class " + v.Class
	}
	a.Field("", "because %s%s", v.Reason, class)
}
