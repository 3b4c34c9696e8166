package problem

import (
	"fmt"
	"math/bits"
)

// What is known of Rule 110, and of those that are Rule 110 in a mirror or with 0 and 1 exchanged.
const (
	predicting = "P-complete: one cell after t steps, t in unary a part of the input, on a ring of at least 2·t + 1 cells"
	universal  = "Neary and Woods 2006; that it computes: Cook 2004"
	rowByRow   = "each row is made from the one before; the cells of one row are independent. " + sameSteps
)

// ruleFacts writes what is known of t steps of one of the 256 rules. Bit m of the rule is the cell that follows
// case m, and bit 2 of a case is the left neighbour.
func ruleFacts(rule int, p *Problem) {
	used, gates := ruleGates(rule)
	switch {
	case gates == 0:
		p.Depth, p.Size = "0", "0"
	case gates == 1:
		p.Depth, p.Size = "steps", "n·steps"
	default:
		p.Depth, p.Size = "steps + 1", fmt.Sprintf("%d·n·steps + n", gates)
	}
	// A cell that depends on the row before in a simple way depends on the first row in a simple way.
	shortcut := func(best, bestSource, class, source, why string) {
		p.Shape, p.Beyond, p.Serial, p.Why = Shortcut, none, parallel, why
		p.Best, p.BestSource, p.Class, p.Source = best, bestSource, class, source
	}
	affine := true
	for m := range 8 {
		affine = affine && rule>>m&1 == (rule+bits.OnesCount(uint(m&used)))&1
	}
	switch {
	case gates == 0:
		shortcut("0", "the circuits here", "NC0 for each t; AC0 if t, in unary, is a part of the input", "by definition",
			"a cell after t steps is constant, or one cell of the first row or its complement, whatever t is")
		p.Shape = Wide
	case affine:
		shortcut("2", symmetric, "ACC0, not AC0 if t grows", "t steps are a linear map over GF(2), up to a constant: "+
			"Martin, Odlyzko and Wolfram 1984; parity reduces to it at t = 2^k − 1; "+notAC0Source,
			"each step waits for the one before, as unrolled here, although a cell after t steps is the parity of some "+
				"cells of the first row, up to a constant, and which ones is known at once")
	case oneKind(rule, used):
		shortcut("1", "one gate", "AC0", "by definition",
			"each step waits for the one before, as unrolled here, although a cell after t steps is one AND or OR of "+
				"the cells of the first row that it can see")
	case rule == 110 || rule == 124 || rule == 137 || rule == 193:
		p.Class, p.Beyond, p.Serial, p.Why = predicting, "if TC0 ≠ P", "yes, if NC ≠ P", rowByRow
		if rule != 110 {
			p.Source += "; this is Rule 110 in a mirror, or with 0 and 1 exchanged, or both"
		}
	default:
		p.Class, p.Source = "in P", "step by step; nothing more is cited of this rule"
		p.Beyond, p.Serial, p.Why = unclaimed, unclaimed, rowByRow
	}
}

// unclaimed is for what is open, or not cited.
const unclaimed = "not claimed here"

// ruleGates returns the set of the cells that a rule looks at, as bits of a case, and how many gates
// [function] makes for a cell.
func ruleGates(rule int) (used, gates int) {
	for m := range 8 {
		for i := range 3 {
			if rule>>m&1 != rule>>(m^1<<i)&1 {
				used |= 1 << i
			}
		}
	}
	if bits.OnesCount(uint(used)) < 2 {
		return used, 0
	}
	ones := 0
	for m := range 8 {
		if m&^used == 0 {
			ones += rule >> m & 1
		}
	}
	return used, min(ones, 1<<bits.OnesCount(uint(used))-ones)
}

// oneKind reports whether a rule is the OR, or the AND, of the cells that it looks at.
func oneKind(rule, used int) bool {
	or, and := true, true
	for m := range 8 {
		or = or && (rule>>m&1 == 1) == (m&used != 0)
		and = and && (rule>>m&1 == 1) == (m&used == used)
	}
	return or || and
}
