package analysis

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/gates"
)

// The types and constants of package proof that results of this package name most.
type (
	Proof      = proof.Proof
	ProofCheck = proof.Check
	Verdict    = proof.Verdict
	Judgement  = proof.Judgement
)

// What a [Verdict] says of a claim, and a formula of the circuits.
const (
	Proved     = proof.Proved
	Consistent = proof.Consistent
	Refuted    = proof.Refuted
	Equal      = proof.Equal
	AtMost     = proof.AtMost
)

// ReadProof reads a proof from JSON, as [proof.Read] does. It does not check it.
func ReadProof(text []byte) (*Proof, error) { return proof.Read(text) }

// commonAssumptions are the assumptions of every claim about networks.
var commonAssumptions = []string{
	"depth is counted as the depth model says; an integer sum is a bundle of wires and costs none",
	"weights and thresholds are integers of any size, written into the gates",
	quantised,
}

// consistent returns a verdict of what was measured, about a scope.
func consistent(scope string) Verdict {
	return Verdict{Verdict: Consistent, Assumptions: slices.Clone(commonAssumptions), Scope: scope, CheckedN: []int{}}
}

// otherDepths is the scope of claims about every n.
const otherDepths = "this family of circuits; nothing of the functions they compute, which other circuits may " +
	"compute in less depth"

// linearDepth stands in place of a class where the depth is linear in n.
const linearDepth = "depth linear"

// quantised is an assumption of claims about networks, but not of claims about problems.
const quantised = "the network is the quantised one, in integers, with exact accumulation inside each sum"

// OfProblem returns the verdict on the depth of circuits for a problem that is not a network. If
// its depth is not said to be constant, this is the verdict of [Sweep.Growing].
func (s *Sweep) OfProblem(constant bool) Verdict {
	v := s.Verdict
	if !constant {
		v = s.Growing()
	}
	v.Assumptions = slices.Clone(v.Assumptions)
	forProblem(&v)
	return v
}

// forProblem drops what is assumed of networks from the assumptions, and adds others.
func forProblem(v *Verdict, more ...string) {
	v.Assumptions = slices.DeleteFunc(v.Assumptions, func(a string) bool { return a == quantised })
	v.Assumptions = append(v.Assumptions, more...)
}

// exponentialWeights says how weights grow that no polynomial bounds, and what follows.
const exponentialWeights = "exponential: the weights of a gate add up to at most %s, and so does the bound on the same " +
	"circuit with unweighted gates; other circuits, of polynomial size and with polynomial weights, have one level " +
	"more (Goldmann and Karpinski 1993)"

// Growing returns the verdict on a family whose depth is not claimed to be constant: if it was not,
// the claim is that it goes on as it was measured.
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

// Logarithmic returns the verdict on a family of gates of few inputs. With such gates the depth
// cannot stay the same. If the depth is a logarithm, it rises by about the same number at each
// doubling of n; if it is a power, it rises by more and more. For one member it is the verdict of
// the sweep.
func (s *Sweep) Logarithmic() Verdict {
	points, v := s.Points, s.Verdict
	if len(points) < 2 {
		return v
	}
	rise := func(p, q Point) float64 { return float64(q.Depth-p.Depth) / math.Log2(float64(q.N)/float64(p.N)) }
	const slack = 2 // levels; depths are whole numbers, and so do not rise evenly
	most := 2*max(rise(points[0], points[1]), 0) + slack
	last := rise(points[len(points)-2], points[len(points)-1])
	v.Claim = fmt.Sprintf("the depth of the circuits of this family rises by at most %.4g at each doubling of n, "+
		"as a logarithm does: twice what it rises by from n=%d to n=%d, and %d more",
		most, points[0].N, points[1].N, slack)
	var depths []string
	for _, p := range points {
		depths = append(depths, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
	}
	if len(depths) > 8 {
		depths = slices.Concat(depths[:4], []string{"…"}, depths[len(depths)-3:])
	}
	all := strings.Join(depths, ", ")
	v.Verdict, v.Reason = Consistent, "measured only: depth "+all
	if last > most {
		v.Verdict, v.Reason = Refuted, fmt.Sprintf("measured: depth %s; by %.4g a doubling at last", all, last)
	}
	return v
}

// classOfPoints returns the greatest class of the basis of some circuits; "" if there are none.
func classOfPoints(points []Point) string {
	if len(points) == 0 {
		return ""
	}
	class := gates.AC0
	for _, p := range points {
		class = max(class, p.Class)
	}
	return class.String()
}

// judgeDepth judges the claim that the depth is the same at every n.
func judgeDepth(points []Point) Verdict {
	v := consistent("this family of circuits, at the n that were measured; " +
		"nothing of the function they compute, which other circuits may compute in less depth")
	if len(points) == 0 {
		v.Claim, v.Reason = "the depth does not depend on n", "nothing was measured"
		return v
	}
	v.Class = classOfPoints(points)
	var changes []string
	for i, p := range points {
		v.CheckedN = append(v.CheckedN, p.N)
		if i > 0 && p.Depth != points[i-1].Depth {
			changes = append(changes, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
		}
	}
	first := points[0]
	switch {
	case len(changes) > 0:
		v.Verdict = Refuted
		v.Claim = "the circuits of this family have the same depth at every n"
		v.Reason = fmt.Sprintf("measured: depth %d at n=%d, then %s", first.Depth, first.N, shorten(changes, 8))
		if pattern, ok := depthPattern(points, func(p Point) (int, int) { return p.N, p.Depth }); ok {
			v.Reason += "; at all of them it is " + pattern.Formula
			v.Class = growingClass(points, pattern)
		}
	case len(points) == 1:
		v.Claim = fmt.Sprintf("the circuit of this family at n=%d has depth %d", first.N, first.Depth)
		v.Reason = fmt.Sprintf("measured at one n only, n=%d, which says nothing of growth", first.N)
	default:
		v.Claim = fmt.Sprintf("the circuits of this family have depth %d at every n", first.Depth)
		v.Reason = fmt.Sprintf("measured only: depth %d at each of %s", first.Depth, NSet(v.CheckedN))
	}
	return v
}

// depthPattern is the formula of the measured depths, if there is one.
func depthPattern[T any](measured []T, at func(T) (n, depth int)) (Pattern, bool) {
	var ns []int
	var y []*big.Int
	for _, m := range measured {
		n, depth := at(m)
		ns, y = append(ns, n), append(y, big.NewInt(int64(depth)))
	}
	return FindPattern(ns, y)
}

// growingClass names the class that circuits with depths of a pattern would be in, of the
// gates that they have: NC^i with two inputs a gate, AC^i with AND and OR, TC^i with
// threshold gates.
func growingClass(points []Point, p Pattern) string {
	switch {
	case p.Kind == "polynomial" && p.Degree == 1:
		return linearDepth
	case p.Kind != "logarithmic":
		return "depth " + p.Formula
	}
	letter := "TC"
	switch {
	case !slices.ContainsFunc(points, func(p Point) bool { return p.MaxFanIn > 2 }):
		letter = "NC"
	case classOfPoints(points) == gates.AC0.String():
		letter = "AC"
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
	run := len(n) > 2
	for i, v := range n {
		run = run && v == n[0]+i
	}
	if run {
		return fmt.Sprintf("n in %d..%d", n[0], n[len(n)-1])
	}
	return "n in {" + strings.ReplaceAll(strings.Trim(fmt.Sprint(n), "[]"), " ", ", ") + "}"
}

// JudgeCircuit judges the claim that one circuit computes one network in integers. There is no
// family, so the verdict is not about growth.
func JudgeCircuit(m *Measures, v *Verification) Verdict {
	judged := consistent("this one circuit; a finite circuit is in no class, nothing is said of growth, " +
		"and other circuits may compute the same function in less depth")
	judged.Claim = fmt.Sprintf("this circuit of depth %d gives the answer of the network in integers on every "+
		"valid input", m.Depth)
	judged.Reason = fmt.Sprintf("measured only: the two agree on all of the %d inputs tried", v.Inputs)
	judged.Class = m.Class.String()
	switch {
	case v.Mismatches > 0:
		judged.Verdict = Refuted
		judged.Reason = fmt.Sprintf("measured: the two differ on %d of the %d inputs tried", v.Mismatches, v.Inputs)
	case v.Exhaustive:
		judged.Reason = "measured: every valid input was tried, and the two agree on all of them"
	}
	return judged
}
