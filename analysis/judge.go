package analysis

import (
	"fmt"
	"math"
	"math/big"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// JudgeBasis judges the claim that a circuit has only gates of a class: AND and OR for AC0, MOD
// gates too for ACC0, threshold gates too for TC0. If not, the verdict is Refuted and names the
// first gate that is not of the class.
//
// It is about the gates that are there: the function may have a circuit of other gates.
func JudgeBasis(c *circuit.Circuit, class gates.Class) Verdict {
	v := consistent("the gates of this one circuit; a finite circuit is in no class, and the function may have " +
		"circuits of other gates")
	v.Class, v.Claim = OneCircuit, fmt.Sprintf("every gate of the circuit is one of class %v", class)
	v.Reason = "measured: every gate was looked at"
	shapes := c.Shapes()
	for g := range circuit.Gate(c.Len()) {
		k := c.Kind(g)
		if k.IsSource() {
			continue
		}
		fanIn := shapes.Of(g).FanIn
		if found := k.Class(fanIn); found > class {
			where := ""
			if stage := c.StagePath(c.StageOf(g)); stage != "" {
				where = fmt.Sprintf(" in stage %q", stage)
			}
			v.Verdict = Refuted
			v.Reason = fmt.Sprintf("gate %d%s is a %v of %d inputs, which is a gate of class %v",
				g, where, k, fanIn, found)
			return v
		}
	}
	return v
}

// Quantity is a number that is measured of a circuit.
type Quantity string

// The quantities. The growth of all but the depth is judged.
const (
	depth     Quantity = "depth"
	Size      Quantity = "size"
	Wires     Quantity = "wires"
	Weight    Quantity = "weight"
	MaxWeight Quantity = "max_weight"
)

// of returns the quantity of a circuit.
func (q Quantity) of(k ProofCheck) *big.Int {
	switch q {
	case depth:
		return big.NewInt(int64(k.Depth))
	case Wires:
		return big.NewInt(k.Wires)
	case Weight:
		return k.Weight.Big()
	case MaxWeight:
		return k.MaxWeight.Big()
	}
	return big.NewInt(int64(k.Size))
}

// log2 returns the logarithm of a number of any size; 0 if the number is not positive.
func log2(v *big.Int) float64 {
	if v.Sign() <= 0 {
		return 0
	}
	x := new(big.Float).SetInt(v)
	exponent := x.MantExp(x)
	mantissa, _ := x.Float64()
	return math.Log2(mantissa) + float64(exponent)
}

// JudgeGrowth judges the claim that between the two greatest n that were measured a quantity grows
// no faster than n^degree. The exponent may be a tenth greater and 0.1 more, since lower powers of
// n may be subtracted. It does not judge other n.
func JudgeGrowth(points []Point, q Quantity, degree int) Verdict {
	v := consistent("this family of circuits, at the n that were measured")
	v.Claim = fmt.Sprintf(
		"the %s of this family grows no faster than n^%d, give or take a tenth, between the two greatest n", q, degree)
	v.Class, _ = classOfPoints(points)
	for _, p := range points {
		v.CheckedN = append(v.CheckedN, p.N)
	}
	if len(points) < 2 {
		v.Reason = "fewer than two n were measured, which says nothing of growth"
		return v
	}
	last, p := points[len(points)-2], points[len(points)-1]
	exponent := (log2(q.of(p.counts(p.N))) - log2(q.of(last.counts(last.N)))) / math.Log2(float64(p.N)/float64(last.N))
	v.Reason = fmt.Sprintf("measured: from n=%d to n=%d it grows as n^%.2f", last.N, p.N, exponent)
	if exponent > 1.1*float64(degree)+0.1 {
		v.Verdict = Refuted
	}
	return v
}
