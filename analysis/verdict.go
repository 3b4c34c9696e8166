package analysis

import (
	"cmp"
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
// doubling of n, and the class is NC1; if it is a power, it rises by more and more. For one member it
// is the verdict of the sweep.
func (s *Sweep) Logarithmic() Verdict {
	points, v := s.Points, s.Verdict
	if len(points) < 2 {
		return v
	}
	// From the least n to one twice as great, and to the greatest n from one half as great.
	first, end := points[0], points[len(points)-1]
	doubled := slices.IndexFunc(points, func(p Point) bool { return p.N >= 2*first.N })
	if doubled < 0 {
		v.Verdict, v.Claim = Consistent, "the depth of the circuits of this family rises as a logarithm does"
		v.Reason = fmt.Sprintf("measured at %s only, none twice another, which says nothing of growth", NSet(v.CheckedN))
		return v
	}
	half := len(points) - 1
	for 2*points[half].N > end.N {
		half--
	}
	rise := func(p, q Point) float64 { return float64(q.Depth-p.Depth) / math.Log2(float64(q.N)/float64(p.N)) }
	const slack = 2 // levels; depths are whole numbers, and so do not rise evenly
	most := 2*max(rise(first, points[doubled]), 0) + slack
	last := rise(points[half], end)
	v.Claim = fmt.Sprintf("the depth of the circuits of this family rises by at most %.4g at each doubling of n, "+
		"as a logarithm does: twice what it rises by from n=%d to n=%d, and %d more",
		most, first.N, points[doubled].N, slack)
	var depths []string
	for _, p := range points {
		depths = append(depths, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
	}
	if len(depths) > 8 {
		depths = slices.Concat(depths[:4], []string{"…"}, depths[len(depths)-3:])
	}
	all := strings.Join(depths, ", ")
	v.Verdict, v.Reason, v.Class = Consistent, "measured only: depth "+all, gates.NC1.String()
	if last > most {
		v.Verdict, v.Reason = Refuted, fmt.Sprintf("measured: depth %s; by %.4g a doubling at last", all, last)
		v.Class = "none: depth not logarithmic"
	}
	s.judgeSize(&v, gates.NC1.String())
	return v
}

// OneCircuit stands in place of a class where there is one circuit only: a class is of a family.
const OneCircuit = "none: one circuit"

// bounded stands in place of a class where no fan-in grows with n.
const bounded = "NC0"

// classOfPoints returns the class of the gates at the n that were measured: the greatest class with a
// gate whose fan-in grows. Gates of few inputs are in every class, as at n = 2 where a majority is an
// AND. If no fan-in grows it is NC0, with what the fan-in is.
func classOfPoints(points []Point) (class string, fanIn int) {
	if len(points) < 2 {
		return OneCircuit, 0
	}
	for c := gates.TC0; ; c-- {
		if !settled(points, func(p Point) int { return p.FanIns[c] }) {
			return c.String(), 0
		}
		if c == gates.AC0 {
			for _, k := range points[len(points)-1].FanIns {
				fanIn = max(fanIn, k)
			}
			return bounded, fanIn
		}
	}
}

// settled reports whether a number is the same from some n up to four times that n, at three n or
// more, and at the greatest.
func settled(points []Point, of func(Point) int) bool {
	first := tail(points, of)
	last := points[len(points)-1]
	return !slices.ContainsFunc(points, func(p Point) bool { return of(p) != 0 }) ||
		len(points)-first >= 3 && last.N >= 4*points[first].N
}

// tail returns from which point on a number is what it is at the last.
func tail(points []Point, of func(Point) int) int {
	first := len(points) - 1
	for first > 0 && of(points[first-1]) == of(points[first]) {
		first--
	}
	return first
}

// judgeDepth judges the claim that the depth is the same at every n, or that it stays from some n on.
func judgeDepth(points []Point) Verdict {
	v := consistent("this family of circuits, at the n that were measured; " +
		"nothing of the function they compute, which other circuits may compute in less depth")
	if len(points) == 0 {
		v.Claim, v.Reason = "the depth does not depend on n", "nothing was measured"
		return v
	}
	class, fanIn := classOfPoints(points)
	v.Class = class
	var changes []string
	greatest := 0
	for i, p := range points {
		v.CheckedN = append(v.CheckedN, p.N)
		greatest = max(greatest, p.Depth)
		if i > 0 && p.Depth != points[i-1].Depth {
			changes = append(changes, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
		}
	}
	first, last := points[0], points[len(points)-1]
	from := points[tail(points, func(p Point) int { return p.Depth })]
	pattern, found := depthPattern(points, func(p Point) (int, int) { return p.N, p.Depth })
	measured := fmt.Sprintf("depth %d at n=%d, then %s", first.Depth, first.N, shorten(changes, 8))
	if found {
		measured += "; at all of them it is " + pattern.Formula
	}
	switch {
	case len(points) == 1:
		v.Claim = fmt.Sprintf("the circuit of this family at n=%d has depth %d", first.N, first.Depth)
		v.Reason = fmt.Sprintf("measured at one n only, n=%d, which says nothing of growth", first.N)
		return v
	case len(changes) == 0:
		v.Claim = fmt.Sprintf("the circuits of this family have depth %d at every n", first.Depth)
		v.Reason = fmt.Sprintf("measured only: depth %d at each of %s", first.Depth, NSet(v.CheckedN))
	case found && pattern.Kind == residuePattern && pattern.Degree == 0:
		v.Claim = fmt.Sprintf("the circuits of this family have depth at most %d at every n", greatest)
		v.Reason = "measured only: " + measured
	// A depth that grows as ⌈log₂ n⌉ rises again before n has doubled. After several rises more is asked.
	case last.N >= 2*from.N && (len(changes) == 1 || last.N >= 4*from.N):
		v.Claim = fmt.Sprintf("the circuits of this family have depth at most %d at every n, and %d from n=%d on",
			greatest, last.Depth, from.N)
		v.Reason = "measured only: " + measured
	default:
		v.Verdict = Refuted
		v.Claim = "the circuits of this family have the same depth at every n"
		v.Reason = "measured: " + measured
		v.Class = "none: depth not constant"
		if found {
			v.Class = growingClass(class, pattern)
		}
	}
	if fanIn > 0 {
		v.Reason += fmt.Sprintf("; the fan-in stays %d at the n measured", fanIn)
	}
	return v
}

// judgeSize takes the class of the gates from a verdict on the depth if the size is not polynomial: all
// classes ask for that.
func (s *Sweep) judgeSize(v *Verdict, class string) {
	const steep = 3 // a slope at which low powers no longer explain that it rises
	size, growth := s.Patterns[string(Size)], s.Growth[string(Size)]
	switch {
	case len(s.Points) < 2:
		return
	case size.Kind == exponentialPattern:
		v.Reason += fmt.Sprintf("; the size is %s at all of them, which is exponential", size.Formula)
	case growth.Rises && growth.Last >= steep && growth.Last >= 1.5*growth.First:
		v.Reason += fmt.Sprintf("; the size grows %v", growth)
	default:
		return
	}
	v.Reason += fmt.Sprintf(": not %s as built, since a class asks for polynomial size", class)
	v.Class = "none: size not polynomial"
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

// growingClass names the class that circuits with depths of a pattern would be in, of gates of a
// class: NC^i where the fan-in is bounded, AC^i with AND and OR, TC^i with threshold gates.
func growingClass(class string, p Pattern) string {
	letters := map[string]string{bounded: "NC", gates.AC0.String(): "AC"}
	switch {
	case p.Degree == 1 && (p.Kind == polynomialPattern || p.Kind == residuePattern):
		return linearDepth
	case p.Kind != logarithmicPattern:
		return "depth " + p.Formula
	}
	return fmt.Sprintf("%s%d", cmp.Or(letters[class], "TC"), p.Degree)
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
	if m.Constants == m.Outputs {
		judged.Claim += "; its outputs are constants"
	}
	judged.Reason = fmt.Sprintf("measured only: the two agree on all of the %d inputs tried", v.Inputs)
	judged.Class = OneCircuit
	switch {
	case v.Mismatches > 0:
		judged.Verdict = Refuted
		judged.Reason = fmt.Sprintf("measured: the two differ on %d of the %d inputs tried", v.Mismatches, v.Inputs)
	case v.Exhaustive:
		judged.Reason = "measured: every valid input was tried, and the two agree on all of them"
	}
	return judged
}
