package analysis

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
)

// StepFormulas has the formulas of the steps of a model, for every n, with one reading for each
// number of steps.
type StepFormulas struct {
	Single   int   `json:"single_step"` // depth of the step of the model with one
	Counts   []int `json:"counts"`      // the T that were read
	Depths   []int `json:"depths"`      // total, for each of them
	Deepest  int   `json:"step_depth"`  // of the deepest step of all of them
	Constant bool  `json:"constant"`    // for no T does the depth depend on n
}

// ReadSteps reads the programs that open returns for several numbers of steps, in which n is open;
// the stages of steps have the given name. The depth of a step is the depth of its longest path of
// operations, each counted with the levels that it adds. The circuit of a step is never deeper, at
// any n.
func ReadSteps(
	open func(steps int) (*program.Program, error), name string, counts []int, strategy lower.Strategy,
) (*StepFormulas, error) {
	s := &StepFormulas{Constant: true}
	read := func(t int) (total, deepest int, err error) {
		p, err := open(t)
		if err != nil {
			return 0, 0, err
		}
		f, err := formula.Of(p, strategy)
		if err != nil {
			return 0, 0, err
		}
		s.Constant = s.Constant && f.Constant
		depth, ok := f.Depth.At(nil)
		if !ok {
			return 0, 0, fmt.Errorf("analysis: the depth of %d steps is %s, which depends on n", t, f.Depth)
		}
		inner := map[int]int{} // by operation
		step := map[int]int{}
		for _, o := range f.Operations {
			k := stepOf(o.Stage, name)
			adds, ok := o.Adds.At(nil)
			if !ok {
				return 0, 0, fmt.Errorf("analysis: the levels that %s adds are %s", o.What, o.Adds)
			}
			below := 0
			for _, arg := range o.Args {
				if step[arg] == k {
					below = max(below, inner[arg])
				}
			}
			step[o.ID], inner[o.ID] = k, below+int(adds.Int64())
			if k > 0 {
				deepest = max(deepest, inner[o.ID])
			}
		}
		return int(depth.Int64()), deepest, nil
	}
	var err error
	if _, s.Single, err = read(1); err != nil {
		return nil, err
	}
	for _, t := range counts {
		total, deepest, err := read(t)
		if err != nil {
			return nil, err
		}
		s.Counts, s.Depths, s.Deepest = append(s.Counts, t), append(s.Depths, total), max(s.Deepest, deepest)
	}
	return s, nil
}

// Flat says whether no step is deeper than the single step, of that depth, at any n.
func (s *StepFormulas) Flat(single int) bool { return s.Constant && s.Deepest <= single }

// JudgeConstant judges the claim that with a constant number of steps the depth is constant for
// every n, for the numbers of steps from 1 to most. It is proved like the proof of the family.
func (s *StepFormulas) JudgeConstant(proof Verdict, most int) Verdict {
	levels := 0 // for each step
	for i, t := range s.Counts {
		levels = max(levels, (s.Depths[i]+t-1)/t)
	}
	proof.Claim = fmt.Sprintf("for each T in 1..%d the circuits have depth at most %d·T, whatever n is", most, levels)
	proof.Reason = "by construction: an induction over their operations, in which n is a symbol"
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
// formulas for these numbers of steps also say so.
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
	if formulas != nil && formulas.Flat(single) && containsAll(formulas.Counts, counts) {
		v.Verdict = Proved
		every := "for every n and each"
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
