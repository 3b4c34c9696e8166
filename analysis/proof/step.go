package proof

import (
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
)

// Step is one operation of the derivation: one line of the table.
type Step struct {
	ID     int       `json:"id"`   // number of the value in the program
	Args   []int     `json:"args"` // numbers of its operands
	Stage  string    `json:"stage"`
	What   string    `json:"operation"` // with its operands
	Shape  string    `json:"shape"`     // of its value
	Adds   poly.Poly `json:"adds"`      // levels between its operands and its value
	Depth  poly.Poly `json:"depth"`     // level of its value: of the deepest literal that codes it
	Gates  poly.Poly `json:"gates"`     // of one copy, in the symbols
	Wires  poly.Poly `json:"wires"`
	Weight poly.Poly `json:"weight"` // in n alone

	MostWeight poly.Poly `json:"max_weight"` // a bound on Σ|w| of each of its gates, in n alone
	FanIn      poly.Poly `json:"fan_in"`     // a bound on the fan-in of each of its gates, in n alone
	Counting   poly.Poly `json:"counting"`   // the same for those that are not AND or OR gates
	Copies     poly.Poly `json:"copies"`     // in n: how often it stands in the program: 1 outside a Scan
	// Shares are the operations that made gates which this one needs, too. Such gates are counted there.
	Shares []int  `json:"shares,omitempty"`
	Why    string `json:"why,omitempty"` // what makes the number of gates so

	Source string `json:"source,omitempty"` // of its construction, in the literature
}

// Name returns the operation without its operands.
func (s *Step) Name() string {
	name, _, _ := strings.Cut(s.What, "(")
	return name
}
