package proof

import "github.com/tc0lab/tc0/compile/poly"

// Output is how the numbers of one output are coded. Circuits of one depth with other codes are not the same
// thing: a code may leave work to its reader.
type Output struct {
	Name string `json:"name"`
	// Code is "bit", "thermometer" (as many wires are 1 as the number says, and a constant), "one-hot" (the place
	// of the wire that is 1) or "weighted sum" (wires with integer weights).
	Code    string    `json:"code"`
	Numbers poly.Poly `json:"numbers"` // how many there are, in n
	Wires   poly.Poly `json:"wires"`   // bounds the wires of each that are no constants, in n
}

// WeightAt is a bound on the weights of a gate, in a family that is read for one number of bits.
type WeightAt struct {
	Bits      int       `json:"bits"`
	MaxWeight poly.Poly `json:"max_weight"` // bounds Σ|w| of each gate, in n
}
