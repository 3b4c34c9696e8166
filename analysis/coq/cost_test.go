package coq_test

import (
	"fmt"
	"math/big"

	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/poly"
)

// beyond compares a circuit with bounds on its wires and gates.
func beyond(c *circuit.Circuit, bounds *coq.Costs, n int64) (broken []string) {
	stats, shapes := c.Stats(), c.Shapes()
	heaviest, fan := circuit.NewInt(0), 0
	for k := range c.Len() {
		g := circuit.Gate(k)
		if !c.Kind(g).HasBound() {
			continue
		}
		if s := shapes.Of(g); s.Weight.Cmp(heaviest) > 0 {
			heaviest = s.Weight
		}
		fan = max(fan, shapes.Of(g).FanIn)
	}
	for _, test := range []struct {
		what  string
		built *big.Int
		bound poly.Poly
	}{
		{"wires", big.NewInt(stats.Wires), bounds.Wires},
		{"wires into a gate", big.NewInt(int64(stats.MaxFanIn)), bounds.FanIn},
		{"wires into a threshold gate", big.NewInt(int64(fan)), bounds.Threshold},
		{"Σ|w| of a gate", heaviest.Big(), bounds.Weight},
	} {
		most, _ := test.bound.AtN(big.NewInt(n))
		if test.built.Cmp(most) > 0 {
			broken = append(broken, fmt.Sprintf("%v %s, beyond %v", test.built, test.what, most))
		}
	}
	return broken
}
