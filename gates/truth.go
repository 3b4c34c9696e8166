package gates

import (
	"fmt"
	"math/big"
	"slices"
)

// Gate is one gate written out in full, for use as an oracle.
type Gate struct {
	Kind     Kind
	Weights  []*big.Int // Mod and Threshold: one an input; nil means all 1
	Bound    *big.Int   // Threshold: the t of [Σ w·x ≥ t]
	Modulus  int64      // Mod: the m of [Σ w·x ≡ r (mod m)]
	Residues []int64    // Mod: the accepted residues, each in 0..m-1
}

// Truth computes the gate on the given inputs, only by its definition.
//
// The error says what is wrong with the gate: a fan-in its kind does not allow, a
// weight vector of another length, a missing bound or modulus.
func (g Gate) Truth(inputs []bool) (bool, error) {
	if !g.Kind.Valid() {
		return false, fmt.Errorf("gates: %v is no kind of gate", g.Kind)
	}
	if want := g.Kind.FanIn(); want >= 0 && len(inputs) != want {
		return false, fmt.Errorf("gates: %v takes %d inputs, got %d", g.Kind, want, len(inputs))
	}
	ones := 0
	for _, x := range inputs {
		if x {
			ones++
		}
	}
	plain, complement := g.Kind.Plain()
	switch plain {
	case Const:
		return false, nil
	case Input:
		return false, fmt.Errorf("gates: an input has no truth of its own")
	case Buf:
		return inputs[0] != complement, nil
	case And:
		return (ones == len(inputs)) != complement, nil
	case Or:
		return (ones > 0) != complement, nil
	case Xor:
		return (ones%2 == 1) != complement, nil
	case Majority:
		return 2*ones > len(inputs), nil
	}

	sum, err := g.weightedSum(inputs)
	if err != nil {
		return false, err
	}
	if g.Kind == Threshold {
		if g.Bound == nil {
			return false, fmt.Errorf("gates: THRESHOLD without a bound")
		}
		return sum.Cmp(g.Bound) >= 0, nil
	}
	if g.Modulus < 1 {
		return false, fmt.Errorf("gates: MOD with modulus %d", g.Modulus)
	}
	residue := new(big.Int).Mod(sum, big.NewInt(g.Modulus)).Int64() // Euclidean: never negative
	return slices.Contains(g.Residues, residue), nil
}

func (g Gate) weightedSum(inputs []bool) (*big.Int, error) {
	if g.Weights != nil && len(g.Weights) != len(inputs) {
		return nil, fmt.Errorf("gates: %v has %d weights for %d inputs", g.Kind, len(g.Weights), len(inputs))
	}
	sum := new(big.Int)
	one := big.NewInt(1)
	for i, x := range inputs {
		switch {
		case !x:
		case g.Weights == nil:
			sum.Add(sum, one)
		default:
			sum.Add(sum, g.Weights[i])
		}
	}
	return sum, nil
}
