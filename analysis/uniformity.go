package analysis

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/formula"
)

// weightGrowth says how the weights of a gate grow with n, and what follows for gates without
// weights.
func weightGrowth(p *Proof) string {
	each := p.MaxWeightInN
	if each.Degree("n") == 0 {
		return "the weights of a gate add up to a number that does not depend on n: the same circuit with unweighted gates has the same depth and polynomial size"
	}
	return fmt.Sprintf("polynomial: the weights of a gate add up to O(%s), so that the same circuit with unweighted gates has the same depth and polynomial size (TC0 with small weights)", powerOfN(each.Degree("n")))
}

func powerOfN(k int) string {
	if k == 1 {
		return "n"
	}
	return fmt.Sprintf("n^%d", k)
}

// uniformity describes the generator that the formulas are read from.
func uniformity(f *formula.Costs, c Claim) Uniformity {
	u := Uniformity{
		Operations: len(f.Operations), Notion: "FO = DLOGTIME uniformity (Barrington, Immerman and Straubing 1990); evidence, not a proof",
		Advice: "0 bits: the weights are given by formula",
	}
	if c.Trained {
		u.Advice = "0 bits: the trained weights are the same for every n"
	}
	if c.Advice != "" {
		u.Advice = c.Advice
	}
	for _, o := range f.Operations {
		u.Indices = max(u.Indices, o.Indices)
	}
	u.GateName = fmt.Sprintf("%s⌈log₂ n⌉ + O(1) bits: its operation and at most %d positions", times(u.Indices), u.Indices)
	u.LiveState = fmt.Sprintf("a counter for each of %d positions, O(log n) bits; the wires of a gate are listed by one more loop over the positions it sums over", u.Indices)
	return u
}

func times(k int) string {
	switch k {
	case 0:
		return "0·"
	case 1:
		return ""
	}
	return fmt.Sprintf("%d·", k)
}
