package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// code is a number that is a function of few variables, as a constant and a weighted
// sum of Boolean functions of those.
type code struct {
	tables   []table
	weights  []circuit.Int
	constant circuit.Int
}

// encode writes the values, one for each assignment of the variables, with as few
// functions as it can: as the binary digits of the distance from the least value,
// in units of the common factor of those; or, if there are fewer values than that
// takes, as the jumps from each to the next.
func encode(values []circuit.Int, variables int) code {
	distinct := slices.Clone(values)
	slices.SortFunc(distinct, circuit.Int.Cmp)
	distinct = slices.CompactFunc(distinct, equal)
	least := distinct[0]
	out := code{constant: least, weights: digitWeights(distinct)}
	if len(out.weights) == len(distinct)-1 {
		for _, v := range distinct[1:] {
			out.tables = append(out.tables, tableOf(variables, func(a int) bool { return values[a].Cmp(v) >= 0 }))
		}
		return out
	}
	unit := out.weights[0]
	steps := make([]circuit.Int, len(values))
	for a, v := range values {
		steps[a] = v.Sub(least).FloorDiv(unit)
	}
	for j := range out.weights {
		out.tables = append(out.tables, tableOf(variables, func(a int) bool { return steps[a].Bit(j) == 1 }))
	}
	return out
}

// digitWeights returns the weights of the functions that write a number that has the given values,
// in order: if there is one for each value but the least, these are jumps, otherwise binary digits.
func digitWeights(distinct []circuit.Int) []circuit.Int {
	least := distinct[0]
	var unit circuit.Int
	for _, v := range distinct {
		unit = unit.GCD(v.Sub(least))
	}
	if len(distinct) == 1 {
		return nil
	}
	digits := distinct[len(distinct)-1].Sub(least).FloorDiv(unit).BitLen()
	var weights []circuit.Int
	if len(distinct)-1 > digits {
		return binaryWeights(unit, digits)
	}
	for i, v := range distinct[1:] {
		weights = append(weights, v.Sub(distinct[i]))
	}
	return weights
}

// binaryWeights returns the weights of binary digits.
func binaryWeights(unit circuit.Int, digits int) []circuit.Int {
	weights := make([]circuit.Int, digits)
	for j := range weights {
		weights[j] = circuit.Pow2(j).Mul(unit)
	}
	return weights
}

func equal(x, y circuit.Int) bool { return x.Cmp(y) == 0 }

// reduceModulo replaces values by their residues; a modulus of 0 leaves them.
func reduceModulo(values []circuit.Int, m int64) {
	if m == 0 {
		return
	}
	for i, v := range values {
		values[i] = v.Mod(circuit.NewInt(m))
	}
}

// linearValues returns Σ weight·variable for each assignment, where the variables
// are the literals of the terms.
func linearValues(terms []term) []circuit.Int {
	values := make([]circuit.Int, 1<<len(terms))
	for j, t := range terms {
		for i := range 1 << j {
			values[1<<j|i] = values[i].Add(t.weight)
		}
	}
	return values
}
