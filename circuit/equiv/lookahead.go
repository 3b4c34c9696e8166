package equiv

import (
	"context"
	"errors"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// Bounds on the choice of an input to split on.
const (
	lookInputs = 24      // most inputs that are tried
	lookWires  = 1 << 22 // most wires that are gone through for one choice, about
)

// errNoInput says that there is nothing left to split on.
var errNoInput = errors.New("the circuits depend on no input")

// fixedBy returns the values of n inputs within a cube, for [circuit.Circuit.Restrict].
func fixedBy(cube []int, n int) []circuit.Lit {
	if len(cube) == 0 {
		return nil
	}
	fixed := make([]circuit.Lit, n)
	for i := range fixed {
		fixed[i] = circuit.True + 1 // free
	}
	for _, l := range cube {
		fixed[max(l, -l)-1] = circuit.True.NotIf(l < 0)
	}
	return fixed
}

// within restricts a miter to a cube.
func within(miter *circuit.Circuit, cube []int) (*circuit.Circuit, error) {
	if len(cube) == 0 {
		return miter, nil
	}
	return miter.Restrict(fixedBy(cube, len(miter.Inputs())))
}

// lookAhead chooses the input wire of a pruned miter to split on: that whose two restrictions have the fewest
// wires together. Among many inputs, those are tried that most gates and sums read. The harder literal is
// that of the greater restriction, which is returned, too.
//
// Source: Heule, Kullmann, Wieringa and Biere, Cube and conquer, HVC 2011, for splitting by look-ahead.
func lookAhead(ctx context.Context, miter *circuit.Circuit) (harder int, left *circuit.Circuit, err error) {
	readers := readersOf(miter)
	var order []int
	for i, n := range readers {
		if n > 0 {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return 0, nil, errNoInput
	}
	slices.SortStableFunc(order, func(i, j int) int { return readers[j] - readers[i] })
	try := min(lookInputs, max(2, lookWires/int(min(lookWires, 2*miter.Stats().Wires+1))))
	best := int64(-1)
	for _, i := range order[:min(try, len(order))] {
		var sizes [2]int64
		var halves [2]*circuit.Circuit
		literals := [2]int{i + 1, -i - 1}
		for k, l := range literals {
			if err := ctx.Err(); err != nil {
				return 0, nil, err
			}
			if halves[k], err = within(miter, []int{l}); err != nil {
				return 0, nil, err
			}
			sizes[k] = halves[k].Stats().Wires
		}
		if all := sizes[0] + sizes[1]; best < 0 || all < best {
			best = all
			k := 0
			if sizes[1] > sizes[0] {
				k = 1
			}
			harder, left = literals[k], halves[k]
		}
	}
	return harder, left, nil
}

// readersOf counts the gates and sums of a pruned circuit, and its outputs, that read each input.
func readersOf(c *circuit.Circuit) []int {
	count := make([]int, c.Len())
	for s := range circuit.SumID(c.SumCount()) {
		for _, r := range c.Refs(s) {
			if !r.IsSum() {
				count[r.Gate()]++
			}
		}
	}
	for g := range circuit.Gate(c.Len()) {
		for _, l := range c.Fanin(g) {
			count[l.Gate()]++
		}
	}
	for _, l := range c.Outputs() {
		count[l.Gate()]++
	}
	readers := make([]int, len(c.Inputs()))
	for i, g := range c.Inputs() {
		readers[i] = count[g]
	}
	return readers
}
