package analysis

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// StepFormulas has what formulas say of the steps of a model, for every n.
type StepFormulas struct {
	Single  int   `json:"single_step"` // depth of the step of the model with one
	Counts  []int `json:"counts"`      // the T that were asked for
	Depths  []int `json:"depths"`      // total, for each of them
	Deepest int   `json:"step_depth"`  // of the deepest step
	// Total is the total depth as a formula in T, and EveryT says that it holds for every T from 1 on, and
	// Deepest as well. Otherwise both are known for the counts only, for the reason Why.
	Total  *poly.Poly `json:"depth_formula,omitempty"`
	EveryT bool       `json:"every_t"`
	Why    string     `json:"not_every_t,omitempty"`
	From   int64      `json:"n_from"` // the least n of which this is said
}

// ReadSteps reads programs in steps, in which n is open: of one step, and that of every number of steps, which
// every returns. If there is no such program, it reads the program of each number that is asked for.
// The stages of steps have the given name. What the formulas say are bounds for the circuits, see
// [formula.StepsOf].
func ReadSteps(
	open func(steps int) (*program.Program, error), every func() (*program.Program, error), name string, counts []int,
	strategy lower.Strategy,
) (*StepFormulas, error) {
	step := func(n *program.Node) int { return stepOf(n.Path(), name) }
	read := func(t int) (total, deepest int, from int64, err error) {
		p, err := open(t)
		if err != nil {
			return 0, 0, 0, err
		}
		f, err := formula.StepsOf(p, strategy, step)
		if err != nil {
			return 0, 0, 0, err
		}
		depth, ok := f.Depth.At(nil)
		if !ok {
			return 0, 0, 0, fmt.Errorf("analysis: the depth of %d steps is %s", t, f.Depth)
		}
		return int(depth.Int64()), f.Deepest, f.From, nil
	}
	single, deepest, from, err := read(1)
	if err != nil {
		return nil, err
	}
	s := &StepFormulas{Single: single, Counts: counts, Deepest: deepest, From: from}
	p, err := every()
	if err == nil {
		err = s.readEvery(p, read, strategy, step)
	}
	if err == nil {
		return s, nil
	}
	s.Why, s.Depths = err.Error(), nil
	for _, t := range counts {
		total, deepest, from, err := read(t)
		if err != nil {
			return nil, err
		}
		s.Depths, s.Deepest, s.From = append(s.Depths, total), max(s.Deepest, deepest), max(s.From, from)
	}
	return s, nil
}

// readEvery reads the program of every number of steps.
func (s *StepFormulas) readEvery(
	p *program.Program, read func(t int) (total, deepest int, from int64, err error), strategy lower.Strategy,
	step func(n *program.Node) int,
) error {
	f, err := formula.StepsOf(p, strategy, step)
	if err != nil {
		return err
	}
	at := func(t int) (int, bool) {
		depth, ok := f.Depth.At(map[string]*big.Int{"T": big.NewInt(int64(t))})
		if !ok {
			return 0, false
		}
		return int(depth.Int64()), true
	}
	// The program of one step was read by itself: what comes before its step may be coded in another way,
	// since no other step reads it. And some first steps may not be alike.
	for t := 1; t < max(f.Least, 2); t++ {
		depth, deepest, from, err := read(t)
		if err != nil {
			return err
		}
		if bound, ok := at(t); !ok || bound < depth {
			return fmt.Errorf("analysis: the depth of %d steps is %d, beyond %s", t, depth, f.Depth)
		}
		s.Deepest, s.From = max(s.Deepest, deepest), max(s.From, from)
	}
	for _, t := range s.Counts {
		depth, _ := at(t)
		s.Depths = append(s.Depths, depth)
	}
	s.Total, s.EveryT = &f.Depth, true
	s.Deepest, s.From = max(s.Deepest, f.Deepest), max(s.From, f.From)
	return nil
}

// Flat says whether no step is deeper than the single step, of that depth, at any n.
func (s *StepFormulas) Flat(single int) bool { return s.Deepest <= single }

// JudgeConstant judges the claim that with a constant number of steps the depth is constant for
// every n: for every number of steps, or for those from 1 to most if only these were read. It is proved like
// the proof of the family.
func (s *StepFormulas) JudgeConstant(proof Verdict, most int) Verdict {
	whatever := "whatever n is"
	if s.From > 1 {
		whatever = fmt.Sprintf("for every n ≥ %d", s.From)
	}
	if s.EveryT {
		proof.Claim = fmt.Sprintf("for every T ≥ 1 the circuits have depth at most %s, %s", s.Total, whatever)
		proof.Reason = "by construction: an induction over their operations and their steps, in which n and T are symbols"
	} else {
		levels := 0 // for each step
		for i, t := range s.Counts {
			levels = max(levels, (s.Depths[i]+t-1)/t)
		}
		proof.Claim = fmt.Sprintf("for each T in 1..%d the circuits have depth at most %d·T, %s", most, levels, whatever)
		proof.Reason = "by construction: an induction over their operations, in which n is a symbol"
	}
	proof.Scope = "these families of circuits, one for each T; nothing of the function"
	return proof
}

// StepsArePositions is the verdict on the same claim for models that go one step a position,
// so that T constant is n constant.
func StepsArePositions() Verdict {
	return Verdict{
		Verdict: Proved, Assumptions: []string{}, CheckedN: []int{},
		Claim:  "for each constant number of steps T = n the depth is constant",
		Reason: "trivially: the positions are the steps, so that for each T there is one circuit left",
		Scope:  "this family of circuits, of which one member is left for each T",
	}
}

// OnePass is the verdict on the same claim, and on T = n, for models that read all positions
// at once: it is that of their proof, since they have one step at every n.
func OnePass(proof Verdict) Verdict {
	proof.Reason = "all n positions are read in one pass, so that T is 1 at every n; " + proof.Reason
	return proof
}

// SingleStep is the step that others are compared with: the step of a model that takes only one.
const SingleStep = "the single step"

// JudgeFlat judges the claim that no step of an unrolled model is deeper than a depth, which is the
// depth of what, such as [SingleStep]. It is measured on the runs. It is proved for every n if the
// formulas say so: for every number of steps, or for these numbers.
func JudgeFlat(what string, single int, runs []Run, formulas *StepFormulas) Verdict {
	v := consistent("this unrolled family of circuits; nothing of the functions they compute, which other " +
		"circuits may compute in less depth")
	v.Claim = fmt.Sprintf("no step of the unrolled model is deeper than %s, which has depth %d", what, single)
	var counts []int
	class := gates.AC0
	for i := range runs {
		r := &runs[i]
		counts = append(counts, r.Count)
		if r.N > 0 {
			v.CheckedN = append(v.CheckedN, r.N)
		}
		class = max(class, r.GateClass)
		v.Class = class.String()
		if !r.Flat(single) {
			v.Verdict = Refuted
			v.Reason = fmt.Sprintf("measured: with T = %d a step has depth %d", r.Count, r.Deepest)
			return v
		}
	}
	slices.Sort(v.CheckedN)
	v.CheckedN = slices.Compact(v.CheckedN)
	v.Reason = fmt.Sprintf("measured only: on the flat circuits for T in %s", numbers(counts))
	switch {
	case formulas == nil || !formulas.Flat(single):
	case formulas.EveryT:
		v.Verdict = Proved
		v.Reason = fmt.Sprintf("by construction: for every T ≥ 1 and every n ≥ %d no step is deeper than %d, and T steps "+
			"have depth at most %s; measured on the flat circuits, too, for T in %s", formulas.From, formulas.Deepest,
			formulas.Total, numbers(counts))
	case containsAll(formulas.Counts, counts):
		v.Verdict = Proved
		every := fmt.Sprintf("for every n ≥ %d and each", max(1, formulas.From))
		if len(v.CheckedN) == 0 { // a network of one size
			every = "for each"
		}
		v.Reason = fmt.Sprintf("by construction, %s T in %s; measured on the flat circuits, too",
			every, numbers(counts))
	}
	return v
}

func containsAll(all, some []int) bool {
	return !slices.ContainsFunc(some, func(t int) bool { return !slices.Contains(all, t) })
}

// numbers writes a set of numbers.
func numbers(n []int) string { return NSet(n)[len("n in "):] }

// TotalPattern is the formula in T that the total depth of the runs meets exactly, if
// there is one.
func TotalPattern(runs []Run) (Pattern, bool) {
	return depthPattern(runs, func(r Run) (int, int) { return r.Count, r.Depth })
}

// JudgeGrowing judges the claim that the depth of an unrolled family does not depend on n
// when it takes T = n steps, on circuits for some n.
func JudgeGrowing(runs []Run) Verdict {
	var points []Point
	for _, r := range runs {
		points = append(points, Point{N: r.Count, Measures: &Measures{Depth: r.Depth, FanIns: r.FanIns}})
	}
	return judgeDepth(points)
}
