package random

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/gates"
)

// ErrLarge says that a circuit has more gates than were allowed.
var ErrLarge = errors.New("the circuit is too large to be compared")

// Comparison is what a comparison of a proof with one circuit found.
type Comparison struct {
	N      int
	Gates  int
	Wires  int64
	Broken []string // the numbers of the proof that the circuit breaks

	// GatesRatio and WiresRatio are the bound over the number; 0 if the circuit has none.
	GatesRatio, WiresRatio float64
}

// Compare builds the circuit of the member for n, and compares it with every number that the proof
// prints: depth, gates, wires, weight and the weight of one gate, as bounds and where the proof
// says "=". Further comparisons may be given.
//
// A member that does not exist breaks a proof about every n. The error is [ErrLarge] if the circuit
// has more gates than most; 0 means any number.
func Compare(
	p *analysis.Proof, f analysis.Family, s lower.Strategy, n, most int,
) (*Comparison, error) {
	found := &Comparison{N: n}
	if p.Verdict.Verdict != analysis.Proved {
		found.add("%s %s", p.Verdict.Verdict, p.Verdict.Reason)
		return found, nil
	}
	if int64(n) < p.From {
		return found, nil
	}
	member, err := f.Program(n)
	if err != nil {
		found.add("there is no member, and the proof begins at n=%d: %v", p.From, err)
		return found, nil
	}
	ctx, stop := context.WithCancelCause(context.Background())
	defer stop(nil)
	a, err := lower.Accounted(ctx, member, s, func(_, _, gates int) {
		if most > 0 && gates > most {
			stop(ErrLarge)
		}
	})
	switch {
	case context.Cause(ctx) == ErrLarge:
		return nil, ErrLarge
	case err != nil:
		found.add("there is no circuit: %v", err)
		return found, nil
	}
	flat := a.Circuit.Prune()
	found.bounds(p, flat)
	if what := analysis.Codes(p, n, flat); what != "" {
		found.add("%s", what)
	}
	open, err := f.OpenProgram()
	if err != nil {
		return nil, err
	}
	of, err := member.MemberOf(open)
	if err != nil {
		found.add("%v", err)
	} else if what := analysis.Rows(p, n, a, of); what != "" {
		found.add("%s", what)
	}
	return found, nil
}

func (f *Comparison) add(format string, args ...any) {
	f.Broken = append(f.Broken, fmt.Sprintf("n=%d: ", f.N)+fmt.Sprintf(format, args...))
}

// bounds compares the formulas.
func (f *Comparison) bounds(p *analysis.Proof, c *circuit.Circuit) {
	st := c.Stats()
	f.Gates, f.Wires = st.Size, st.Wires
	for _, m := range []struct {
		what    string
		formula poly.Poly
		counted *big.Int
		ratio   *float64
	}{
		{"depth", p.DepthFormula, big.NewInt(int64(st.Depth)), nil},
		{"gates", p.SizeInN, big.NewInt(int64(st.Size)), &f.GatesRatio},
		{"wires", p.WiresInN, big.NewInt(st.Wires), &f.WiresRatio},
		{"weight", p.WeightInN, st.Weight.Big(), nil},
		{"weight of a gate", p.MaxWeightInN, analysis.Measure(c, gates.Standard()).Heaviest.Big(), nil},
	} {
		v, ok := m.formula.AtN(big.NewInt(int64(f.N)))
		switch {
		case !ok:
			f.add("%s has no whole value by formula %v", m.what, m.formula)
			continue
		case v.Cmp(m.counted) < 0:
			f.add("%s at most %v = %v, and %v in the circuit", m.what, m.formula, v, m.counted)
		}
		if m.ratio != nil && m.counted.Sign() > 0 {
			*m.ratio, _ = new(big.Rat).SetFrac(v, m.counted).Float64()
		}
	}
}
