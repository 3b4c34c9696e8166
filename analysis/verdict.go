package analysis

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Judgement is what is known of a claim: of a family, for every n; of two circuits, for
// every input ([Equivalence]).
type Judgement string

// The judgements. Measurements alone never make anything Proved: see [Prove].
const (
	Proved     Judgement = "proved"     // by construction, for every n
	Consistent Judgement = "consistent" // measured only, on the n that are named
	Refuted    Judgement = "refuted"    // a measurement violates it
)

// Verdict is a judgement of a claim about a family of circuits. It is never about
// the function that the circuits compute, which others may compute in less depth.
type Verdict struct {
	Verdict     Judgement `json:"verdict"`
	Claim       string    `json:"claim"`
	Reason      string    `json:"reason"`
	Class       string    `json:"class"`       // of the basis of gates
	Assumptions []string  `json:"assumptions"` // what the claim takes for granted
	Scope       string    `json:"scope"`       // what the claim is about, and what not
	CheckedN    []int     `json:"checked_n"`
}

// commonAssumptions are those of every claim about networks.
var commonAssumptions = []string{
	"depth is counted as the depth model says; an integer sum is a bundle of wires and costs none",
	"weights and thresholds are integers of any size, written into the gates",
	quantised,
}

// quantised is what claims about networks take for granted, and those about problems do not.
const quantised = "the network is the quantised one, in integers, with exact accumulation inside each sum"

// OfProblem returns the verdict on the depth of circuits for a problem that is no network;
// if it is not said to have constant depth, that of [Sweep.Growing].
func (s *Sweep) OfProblem(constant bool) Verdict {
	v := s.Verdict
	if !constant {
		v = s.Growing()
	}
	v.Assumptions = slices.DeleteFunc(slices.Clone(v.Assumptions), func(a string) bool { return a == quantised })
	return v
}

// Growing returns the verdict on a family of which nobody claims that its depth is constant:
// if it was not, the claim is that it goes on as it was measured.
func (s *Sweep) Growing() Verdict {
	v := s.Verdict
	if v.Verdict != Refuted {
		return v
	}
	v.Verdict = Consistent
	v.Claim = "the depth of the circuits of this family grows with n"
	if p, ok := s.Patterns["depth"]; ok {
		v.Claim = fmt.Sprintf("the circuits of this family have depth %s at every n", p.Formula)
		v.Reason = fmt.Sprintf("measured only: so it is at each of %s", NSet(v.CheckedN))
	}
	return v
}

// judgeDepth judges the claim that the depth is the same at every n.
func judgeDepth(points []Point) Verdict {
	v := Verdict{
		Verdict: Consistent, Assumptions: slices.Clone(commonAssumptions), CheckedN: []int{},
		Scope: "this family of circuits, at the n that were measured; nothing of the function they compute, which other circuits may compute in less depth",
	}
	if len(points) == 0 {
		v.Claim, v.Reason = "the depth does not depend on n", "nothing was measured"
		return v
	}
	var changes []string
	for i, p := range points {
		v.CheckedN = append(v.CheckedN, p.N)
		v.Class = max(v.Class, p.Class) // "AC0" < "ACC0" < "TC0" as text, too
		if i > 0 && p.Depth != points[i-1].Depth {
			changes = append(changes, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
		}
	}
	first := points[0]
	pattern, found := depthPattern(points)
	v.Claim = fmt.Sprintf("the circuits of this family have depth %d at every n", first.Depth)
	if len(changes) > 0 {
		v.Verdict = Refuted
		v.Claim = "the circuits of this family have the same depth at every n"
		v.Reason = fmt.Sprintf("measured: depth %d at n=%d, then %s", first.Depth, first.N, shorten(changes, 8))
		if found {
			v.Reason += fmt.Sprintf("; at all of them it is %s", pattern.Formula)
			v.Class = growingClass(points, pattern)
		}
		return v
	}
	if len(points) == 1 {
		v.Claim = fmt.Sprintf("the circuit of this family at n=%d has depth %d", first.N, first.Depth)
		v.Reason = fmt.Sprintf("measured at one n only, n=%d, which says nothing of growth", first.N)
		return v
	}
	v.Reason = fmt.Sprintf("measured only: depth %d at each of %s", first.Depth, NSet(v.CheckedN))
	return v
}

// depthPattern is the formula of the measured depths, if there is one.
func depthPattern(points []Point) (Pattern, bool) {
	var n []int
	var y []*big.Int
	for _, p := range points {
		n, y = append(n, p.N), append(y, big.NewInt(int64(p.Depth)))
	}
	return FindPattern(n, y)
}

// growingClass names the class that circuits with depths of a pattern would be in, of the
// gates that they have: NC^i with two inputs a gate, AC^i with AND and OR, TC^i with
// threshold gates.
func growingClass(points []Point, p Pattern) string {
	switch {
	case p.Kind == "polynomial" && p.Degree == 1:
		return "depth linear"
	case p.Kind != "logarithmic":
		return "depth " + p.Formula
	}
	letter, fanIn := "AC", 0
	for _, point := range points {
		if point.Class != "AC0" {
			letter = "TC"
		}
		fanIn = max(fanIn, point.MaxFanIn)
	}
	if fanIn <= 2 {
		letter = "NC"
	}
	return fmt.Sprintf("%s%d", letter, p.Degree)
}

func shorten(parts []string, most int) string {
	if len(parts) > most {
		parts = append(slices.Clone(parts[:most]), fmt.Sprintf("… (%d more changes)", len(parts)-most))
	}
	return strings.Join(parts, ", ")
}

// NSet writes a list of n as a set, such as "n in {2, 4, 8}" or "n in 2..64".
func NSet(n []int) string {
	if len(n) > 2 {
		run := true
		for i := 1; i < len(n); i++ {
			run = run && n[i] == n[i-1]+1
		}
		if run {
			return fmt.Sprintf("n in %d..%d", n[0], n[len(n)-1])
		}
	}
	parts := make([]string, len(n))
	for i, v := range n {
		parts[i] = fmt.Sprint(v)
	}
	return "n in {" + strings.Join(parts, ", ") + "}"
}

// JudgeCircuit judges the claim that one circuit computes one network in integers.
// There is no family and so no growth.
func JudgeCircuit(m *Measures, v *Verification) Verdict {
	judged := Verdict{
		Verdict: Consistent,
		Claim:   fmt.Sprintf("this circuit of depth %d gives the answer of the network in integers on every valid input", m.Depth),
		Reason:  fmt.Sprintf("measured only: the two agree on all of the %d inputs tried", v.Inputs),
		Class:   m.Class,
		Scope:   "this one circuit; a finite circuit is in no class, nothing is said of growth, and other circuits may compute the same function in less depth",

		Assumptions: slices.Clone(commonAssumptions),
		CheckedN:    []int{},
	}
	switch {
	case v.Mismatches > 0:
		judged.Verdict = Refuted
		judged.Reason = fmt.Sprintf("measured: the two differ on %d of the %d inputs tried", v.Mismatches, v.Inputs)
	case v.Exhaustive:
		judged.Reason = "measured: every valid input was tried, and the two agree on all of them"
	}
	return judged
}
