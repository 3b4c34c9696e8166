package proof

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/poly"
)

// Counts are how much there is of a circuit or of a part of it.
type Counts struct {
	Size   int         `json:"size"`   // gates
	Wires  int64       `json:"wires"`  // Σ fan-in, flattened
	Weight circuit.Int `json:"weight"` // Σ|w|: the wires of the circuit of unweighted gates
}

// Add adds another part.
func (c *Counts) Add(part Counts) {
	c.Size += part.Size
	c.Wires += part.Wires
	c.Weight = c.Weight.Add(part.Weight)
}

// Value has the values of the formulas at one n.
type Value struct {
	N      circuit.Int `json:"n"`
	Depth  circuit.Int `json:"depth"`
	Size   circuit.Int `json:"size"`
	Wires  circuit.Int `json:"wires"`
	Weight circuit.Int `json:"weight"`
}

// Check is one flat circuit that was built and counted.
type Check struct {
	N     int `json:"n"`
	Depth int `json:"depth"`
	Counts
	MaxWeight circuit.Int `json:"max_weight"` // greatest Σ|w| of a gate
}

// Interpolation is polynomials in n through the numbers of gates and wires and the weights of circuits that were
// built. It is not a part of the verdict: circuits for other n may have other counts.
type Interpolation struct {
	Size    poly.Poly `json:"size"`
	Wires   poly.Poly `json:"wires"`
	Weight  poly.Poly `json:"weight"`
	FixedBy []int     `json:"fixed_by"` // the n of the circuits that fix them
	Agree   []int     `json:"agree"`    // the n of other circuits, which agree
	Reason  string    `json:"reason"`   // why polynomials are to be expected
}

// LogPrecision are the formulas of a family whose numbers have p = c·log₂ n bits, so that
// 2^p is n^c.
type LogPrecision struct {
	C      int       `json:"c"`
	Size   poly.Poly `json:"size"`    // in n and L = log₂ n
	Wires  poly.Poly `json:"wires"`   // likewise
	SameAt []int     `json:"same_at"` // bits at which the family was read: the formulas are the same
	// Weights are the bounds on the weights at these bits. There is no formula in p for them.
	Weights []WeightAt `json:"weights"`
}
