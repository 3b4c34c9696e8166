package analysis

import (
	"fmt"
	"math"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// JudgeBasis judges the claim that a circuit has only gates of a class: AND and OR for
// AC0, MOD gates too for ACC0, threshold gates too for TC0. If not, the verdict is Refuted
// and names the first gate that is none of them.
//
// It is about the gates that are there: the function may have a circuit of other gates.
func JudgeBasis(c *circuit.Circuit, class gates.Class) Verdict {
	v := Verdict{
		Verdict: Consistent, Class: class.String(), Assumptions: slices.Clone(commonAssumptions), CheckedN: []int{},
		Claim:  fmt.Sprintf("every gate of the circuit is one of class %v", class),
		Reason: "measured: every gate was looked at",
		Scope:  "the gates of this one circuit; a finite circuit is in no class, and the function may have circuits of other gates",
	}
	shapes := c.Shapes()
	for g := range circuit.Gate(c.Len()) {
		k := c.Kind(g)
		if k.IsSource() {
			continue
		}
		if shape := shapes.Of(g); k.Class(shape.FanIn) > class {
			where := ""
			if stage := c.StagePath(c.StageOf(g)); stage != "" {
				where = fmt.Sprintf(" in stage %q", stage)
			}
			v.Verdict = Refuted
			v.Reason = fmt.Sprintf("gate %d%s is a %v of %d inputs, which is a gate of class %v", g, where, k, shape.FanIn, k.Class(shape.FanIn))
			v.Class = k.Class(shape.FanIn).String()
			return v
		}
	}
	return v
}

// Quantity is a number that is measured of a circuit.
type Quantity string

// The quantities whose growth is judged.
const (
	Size      Quantity = "size"
	Wires     Quantity = "wires"
	Weight    Quantity = "weight"
	MaxWeight Quantity = "max_weight"
)

// of returns the quantity of a point, as log₂, which any weight has.
func (q Quantity) of(p Point) float64 {
	v := circuit.I(int64(p.Size))
	switch q {
	case Wires:
		v = circuit.I(p.Wires)
	case Weight:
		v = p.Weight.Int
	case MaxWeight:
		v = p.MaxWeight.Int
	}
	b := v.Big()
	if b.Sign() <= 0 {
		return 0
	}
	// 2^shift·f with f that a float64 holds.
	shift := max(0, b.BitLen()-60)
	f, _ := b.Rsh(b, uint(shift)).Float64()
	return math.Log2(f) + float64(shift)
}

// JudgeGrowth judges the claim that between the two greatest n that were measured a quantity
// grows no faster than n^degree. The exponent may be a tenth greater and 0.1 more, since
// lower powers of n may be subtracted. It says nothing of other n.
func JudgeGrowth(points []Point, q Quantity, degree int) Verdict {
	v := Verdict{
		Verdict: Consistent, Assumptions: slices.Clone(commonAssumptions), CheckedN: []int{},
		Claim: fmt.Sprintf("the %s of this family grows no faster than n^%d, give or take a tenth, between the two greatest n", q, degree),
		Scope: "this family of circuits, at the n that were measured",
	}
	for _, p := range points {
		v.CheckedN = append(v.CheckedN, p.N)
		v.Class = max(v.Class, p.Class)
	}
	if len(points) < 2 {
		v.Reason = "fewer than two n were measured, which says nothing of growth"
		return v
	}
	last, p := points[len(points)-2], points[len(points)-1]
	exponent := (q.of(p) - q.of(last)) / math.Log2(float64(p.N)/float64(last.N))
	v.Reason = fmt.Sprintf("measured: from n=%d to n=%d it grows as n^%.2f", last.N, p.N, exponent)
	if exponent > 1.1*float64(degree)+0.1 {
		v.Verdict = Refuted
	}
	return v
}
