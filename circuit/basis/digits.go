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
	var unit circuit.Int
	for _, v := range distinct {
		unit = unit.GCD(v.Sub(least))
	}
	out := code{constant: least}
	if len(distinct) == 1 {
		return out
	}
	digits := distinct[len(distinct)-1].Sub(least).FloorDiv(unit).BitLen()
	if len(distinct)-1 < digits {
		for i, v := range distinct[1:] {
			out.tables = append(out.tables, tableOf(variables, func(a int) bool { return values[a].Cmp(v) >= 0 }))
			out.weights = append(out.weights, v.Sub(distinct[i]))
		}
		return out
	}
	steps := make([]circuit.Int, len(values))
	for a, v := range values {
		steps[a] = v.Sub(least).FloorDiv(unit)
	}
	for j := range digits {
		out.tables = append(out.tables, tableOf(variables, func(a int) bool { return steps[a].Bit(j) == 1 }))
		out.weights = append(out.weights, circuit.Pow2(j).Mul(unit))
	}
	return out
}

// digitsOf returns how many digits the blocks of the terms come to.
func digitsOf(terms []term, m int64) int {
	n := 0
	for part := range slices.Chunk(terms, maxLeaves) {
		values := linearValues(part)
		reduceModulo(values, m)
		n += len(encode(values, len(part)).weights)
	}
	return n
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
