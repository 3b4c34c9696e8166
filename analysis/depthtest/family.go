package depthtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/gates"
)

// Members returns the circuits of a family of programs, lowered by a strategy.
func Members(f analysis.Family, s lower.Strategy) analysis.Member {
	return func(ctx context.Context, n int) (*circuit.Circuit, error) {
		p, err := f.Program(n)
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, p, s, nil)
	}
}

// measure builds and counts the members for the given n, of which there must be at least least. If
// it fails, it reports why and returns nil.
func measure(
	t testing.TB, m analysis.Member, ns []int, least int, what string,
) (*analysis.Sweep, map[int]*circuit.Circuit) {
	t.Helper()
	built := map[int]*circuit.Circuit{}
	s, err := analysis.MeasureFamily(t.Context(), func(ctx context.Context, n int) (*circuit.Circuit, error) {
		c, err := m(ctx, n)
		built[n] = c
		return c, err
	}, ns, gates.Standard(), nil)
	switch {
	case err != nil:
		t.Errorf("the family cannot be built: %v", err)
	case len(s.Points) < least:
		t.Errorf("%s over %d values of n; at least %d are needed", what, len(s.Points), least)
	default:
		return s, built
	}
	return nil, nil
}

// Constant asserts that the members for the given n, at least two of them, have one depth. It is
// measured, and is not about other n.
func Constant(t testing.TB, m analysis.Member, ns ...int) bool {
	t.Helper()
	s, built := measure(t, m, ns, 2, "constant depth")
	if s == nil {
		return false
	}
	for i, p := range s.Points[1:] {
		if last := s.Points[i]; p.Depth != last.Depth {
			t.Errorf("the depth is not constant: %s\nfrom n=%d to n=%d:%s%s",
				s.Verdict.Reason, last.N, p.N, grown(last.Measures, p.Measures), longestPath(built[p.N]))
			return false
		}
	}
	return true
}

// Grows asserts that the depth is greater at some of the given n than at one before: that
// there is at least one growth step. The claim that a depth is not constant rests on that.
func Grows(t testing.TB, m analysis.Member, ns ...int) bool {
	t.Helper()
	s, _ := measure(t, m, ns, 0, "growing depth")
	if s == nil {
		return false
	}
	for i, p := range s.Points {
		if i > 0 && p.Depth > s.Points[i-1].Depth {
			return true
		}
	}
	t.Errorf("the depth never grows: %s", s.Verdict.Reason)
	return false
}

// GrowsAtMost asserts that a quantity of the members grows no faster than n^degree between the
// two greatest of the given n; see [analysis.JudgeGrowth]. It is measured.
func GrowsAtMost(t testing.TB, m analysis.Member, q analysis.Quantity, degree int, ns ...int) bool {
	t.Helper()
	s, _ := measure(t, m, ns, 2, "growth")
	if s == nil {
		return false
	}
	if v := analysis.JudgeGrowth(s.Points, q, degree); v.Verdict != analysis.Consistent {
		t.Errorf("the %s grows faster than n^%d: %s", q, degree, v.Reason)
		return false
	}
	return true
}

// Proved asserts that the depth of a family is want for every n: a formula proves that it is not
// more, and at least four circuits are measured that have exactly this depth. The strategy is
// min-depth.
func Proved(t testing.TB, f analysis.Family, want int) bool {
	t.Helper()
	return ProvedWith(t, f, lower.MinDepth, want)
}

// ProvedWith is Proved under another strategy.
func ProvedWith(t testing.TB, f analysis.Family, s lower.Strategy, want int) bool {
	t.Helper()
	p := prove(t, f, s)
	switch {
	case p == nil:
	case p.DepthFormula.String() != fmt.Sprint(want):
		t.Errorf("the depth is at most %s for every n, want %d%s", p.DepthFormula.Pretty(), want, derivation(p))
	case len(p.Checked) < 4 || len(p.DepthMet) < len(p.Checked):
		t.Errorf("the depth is at most %d for every n, but not just that on the circuits that were built: %s",
			want, checkedDepths(p))
	default:
		return true
	}
	return false
}

// prove proves the cost of a family. If it fails, it reports why and returns nil.
func prove(t testing.TB, f analysis.Family, s lower.Strategy) *analysis.Proof {
	t.Helper()
	p, err := analysis.Prove(t.Context(), analysis.Claim{Family: f, Strategy: s})
	switch {
	case err != nil:
		t.Errorf("nothing is proved: %v", err)
	case p.Verdict.Verdict != analysis.Proved:
		t.Errorf("the formulas are refuted: %s", p.Reason)
	default:
		return p
	}
	return nil
}

// PolynomialSize asserts that the number of gates of a family is at most a polynomial in n of
// the given degree, for every n, by formula. The strategy is min-depth.
func PolynomialSize(t testing.TB, f analysis.Family, degree int) bool {
	t.Helper()
	p := prove(t, f, lower.MinDepth)
	if p == nil {
		return false
	}
	found := p.SizeInN.Degree("n")
	if found > degree {
		t.Errorf("the size is at most %s, of degree %d, want at most %d%s",
			p.SizeInN.Pretty(), found, degree, derivation(p))
	}
	return found <= degree
}

// derivation lists the operations of a proof that add levels or gates.
func derivation(p *analysis.Proof) string {
	var b strings.Builder
	b.WriteString("\nthe derivation:")
	for _, s := range p.Derivation {
		if s.Adds.IsZero() && s.Gates.IsZero() {
			continue
		}
		fmt.Fprintf(&b, "\n  %s: %s adds %s, depth %s, gates %s",
			s.Stage, s.Name(), s.Adds.Pretty(), s.Depth.Pretty(), s.Gates.Pretty())
	}
	return b.String()
}

func checkedDepths(p *analysis.Proof) string {
	var parts []string
	for _, k := range p.Checked {
		parts = append(parts, fmt.Sprintf("%d at n=%d", k.Depth, k.N))
	}
	if len(parts) == 0 {
		return p.Unchecked
	}
	return strings.Join(parts, ", ")
}

// grown names the stages of a circuit that are deeper or larger than in another circuit.
func grown(before, after *analysis.Measures) string {
	var b strings.Builder
	for _, row := range after.Ledger {
		name, old := stageName(row.Stage), rowOf(before, row.Stage)
		switch {
		case old == nil:
			fmt.Fprintf(&b, "\n  %s is new: depth %d, %d gates", name, row.Depth, row.Size)
		case old.Depth != row.Depth || old.To != row.To:
			fmt.Fprintf(&b, "\n  %s: depth %d → %d, up to level %d → %d, gates %d → %d",
				name, old.Depth, row.Depth, old.To, row.To, old.Size, row.Size)
		case old.Size != row.Size:
			fmt.Fprintf(&b, "\n  %s: gates %d → %d", name, old.Size, row.Size)
		}
	}
	for _, row := range before.Ledger {
		if rowOf(after, row.Stage) == nil {
			fmt.Fprintf(&b, "\n  %s is gone", row.Stage)
		}
	}
	return b.String()
}

// rowOf returns the row of a stage; nil if there is none.
func rowOf(m *analysis.Measures, stage string) *analysis.StageCost {
	for i := range m.Ledger {
		if m.Ledger[i].Stage == stage {
			return &m.Ledger[i]
		}
	}
	return nil
}
