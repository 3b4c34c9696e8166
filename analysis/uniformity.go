package analysis

import (
	"cmp"
	"fmt"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
)

// numbered is a family that says what its numbers take.
type numbered interface{ Numbers() compile.Numbers }

// The notions of uniformity of which a proof has evidence.
const (
	dlogtime = "FO = DLOGTIME uniformity (Barrington, Immerman and Straubing 1990); evidence, not a proof"
	logspace = "L-uniformity: the generator keeps O(log n) bits; evidence, not a proof, and none of FO = DLOGTIME " +
		"uniformity"
	unnotioned = "no notion of uniformity is claimed: "
)

// generators say how the numbers in the gates are made, what is kept meanwhile, and of which notion of
// uniformity that is evidence.
var generators = map[compile.Numbers]struct{ numbers, state, notion string }{
	compile.SameNumbers: {"weights are made of hashes of their indices in 64-bit words, and no number depends on n", "", dlogtime},
	compile.HashedPositions: {
		"the code of a position is a hash of the digits of its number, and thresholds are made for the greatest of " +
			"the sums that n positions reach",
		"; besides, the digits of a position and a greatest sum", logspace,
	},
	compile.RowSums: {
		"a weight is a hash of its indices in 64-bit words, but the units that thresholds count in, and some biases, " +
			"are made of sums of n hashed weights, one for each row, and of the least or the greatest of them: of " +
			"the order of n² additions for the unit of a layer with as many rows",
		"; besides, a sum of a row and the least or the greatest so far", logspace,
	},
	compile.Sines: {
		"sines and cosines of the positions are computed in 64-bit floating point, and for every n they would " +
			"have to be computed to more and more digits",
		"", unnotioned + "how sines are computed for every n is not described",
	},
	compile.TableNumbers: {
		"the codes of the positions are a table that ends",
		"", unnotioned + "beyond the table there are no numbers",
	},
}

// uniformity describes the generator that the formulas are read from, and claims no more than
// what it takes.
func uniformity(f *formula.Costs, c Claim) proof.Uniformity {
	u := proof.Uniformity{Operations: len(f.Operations), Advice: c.Advice}
	for _, o := range f.Operations {
		u.Indices = max(u.Indices, o.Indices+o.Copies.Degree("n")) // a copy has a number, too
	}
	const wires = "O(log n) bits; the wires of a gate are listed by one more loop over the positions it sums over"
	switch u.Indices {
	case 0:
		u.GateName = "O(1) bits: its operation"
		u.LiveState = "one counter, " + wires
	case 1:
		u.GateName = "⌈log₂ n⌉ + O(1) bits: its operation and at most one position"
		u.LiveState = "a counter for the position, " + wires
	default:
		u.GateName = fmt.Sprintf("%d·⌈log₂ n⌉ + O(1) bits: its operation and at most %[1]d positions", u.Indices)
		u.LiveState = fmt.Sprintf("a counter for each of %d positions, %s", u.Indices, wires)
	}
	if c.Fixed {
		u.GateName, u.LiveState = "O(1) bits", "nothing that could grow"
		u.Advice, u.Notion = "the trained weights", unnotioned+"one network is no family"
		return u
	}
	family, ok := c.Family.(numbered)
	if !ok {
		u.Advice = cmp.Or(u.Advice, "not known: what the numbers of this family take for each n was not described")
		u.Notion = unnotioned + "the numbers are not described"
		return u
	}
	g := generators[family.Numbers()]
	u.LiveState += g.state
	u.Notion = g.notion
	switch {
	case c.Trained && family.Numbers() == compile.SameNumbers:
		u.Advice = "0 bits: the trained weights are the same for every n"
	case c.Trained:
		u.Advice = cmp.Or(u.Advice, "0 bits: the trained weights are the same for every n") + "; " + g.numbers
	default:
		u.Advice = cmp.Or(u.Advice, "0 bits: the weights are given by formula: "+g.numbers)
	}
	return u
}
