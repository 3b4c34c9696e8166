package check

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/brief"
)

// Error says what is wrong with a proof.
type Error struct {
	Where string // the field, with the row of the derivation that it is in
	What  string
}

func (e *Error) Error() string {
	return "check: " + brief.Sentence(e.Where) + ": " + brief.Sentence(e.What)
}

func errorf(where, format string, args ...any) error {
	return &Error{where, fmt.Sprintf(format, args...)}
}

// Member builds the flat circuit of a family for one n.
type Member = func(ctx context.Context, n int) (*circuit.Circuit, error)

// Report says what of a proof was found anew.
type Report struct {
	Rows     int   // of the derivation, derived from the program
	Circuits []int // the n of those that were built, and counted gate by gate
}

// Proof checks p. Its seal is looked at first. Then each row of its derivation and all sums are derived
// from the open program of the family, and compared. Last the circuits that the proof says were built are
// built again, and those for the other n that are given. They are counted and compared with the formulas. The
// member builds them with the strategy of the proof. The first thing that is wrong is returned as an
// [*Error].
func Proof(ctx context.Context, p *proof.Proof, open *program.Program, member Member, ns ...int) (r Report, err error) {
	if p.Format != proof.Format {
		return r, errorf("format", "%q, want %q", p.Format, proof.Format)
	}
	if !p.Sealed() {
		return r, errorf("digest", "the contents are not those that were sealed")
	}
	strategy, err := lower.ParseStrategy(p.Strategy)
	if err != nil {
		return r, errorf("strategy", "%v", err)
	}
	d, err := derived(open, strategy)
	if err != nil {
		return r, errorf("derivation", "the program has none: %v", err)
	}
	s := &stated{Proof: p, formulas: map[string]polynomial{}}
	begins := func(d *derivation) error { return s.begins(ctx, d, open, member) }
	for _, check := range []func(*derivation) error{
		s.rows, s.sums, s.outputs, s.uniformity, s.logPrecision, begins, s.members, s.values, s.verdict,
	} {
		if err := check(d); err != nil {
			return r, err
		}
	}
	r.Rows = len(d.rows)
	if r.Circuits, err = s.circuits(ctx, member, ns); err != nil {
		return r, err
	}
	return r, cmp.Or(s.met(), s.interpolated())
}

// begins checks whether there is an n, and the least one. It may be greater than the derivation has it, if there
// is no member before.
func (s *stated) begins(ctx context.Context, d *derivation, open *program.Program, member Member) error {
	switch {
	case s.Fixed && open.Open():
		return errorf("fixed", "the program has an open size, so that there is a circuit for each n")
	case s.From < d.from:
		return errorf("from", "%d, and the derivation begins at %d", s.From, d.from)
	case s.From > d.from:
		if _, err := member(ctx, int(s.From)-1); err == nil {
			return errorf("from", "%d, and there is a circuit for n=%d", s.From, s.From-1)
		}
	}
	return nil
}

// circuits builds the circuits and returns their n.
func (s *stated) circuits(ctx context.Context, member Member, ns []int) ([]int, error) {
	said := map[int]proof.Check{}
	checked := []int{}
	for _, k := range s.Checked {
		said[k.N] = k
		checked = append(checked, k.N)
	}
	if !slices.Equal(checked, append([]int{}, s.CheckedN...)) {
		return nil, errorf("checked_n", "%v, but checked has %v", s.CheckedN, checked)
	}
	all := slices.Concat(checked, ns)
	if len(checked) > 0 && int64(checked[0]) > s.From && s.From > 0 && !s.Fixed {
		all = append(all, int(s.From)) // the least that the formulas are about
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, n := range all {
		if int64(n) < s.From {
			return nil, errorf("from", "n=%d is below %d, where the formulas begin", n, s.From)
		}
		c, err := member(ctx, n)
		if err != nil {
			return nil, fmt.Errorf("check: n=%d: %w", n, err)
		}
		counted := count(c, n)
		if k, ok := said[n]; ok && text(k) != text(counted) {
			return nil, errorf(
				"checked",
				"at n=%d the proof says %s, and the circuit has %s",
				n,
				text(k),
				text(counted),
			)
		}
		if err := s.against(counted); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// against compares a circuit with the formulas.
func (s *stated) against(k proof.Check) error {
	depth, size := big.NewInt(int64(k.Depth)), big.NewInt(int64(k.Size))
	for _, f := range []struct {
		name    string
		of      fmt.Stringer
		counted *big.Int
	}{
		{"depth_formula", s.DepthFormula, depth},
		{"size_formula", s.SizeInN, size},
		{"wires_formula", s.WiresInN, big.NewInt(k.Wires)},
		{"weight_in_n", s.WeightInN, k.Weight.Big()},
		{"max_weight_in_n", s.MaxWeightInN, k.MaxWeight.Big()},
	} {
		v, err := s.valueAt(f.name, f.of, k.N)
		if err != nil {
			return err
		}
		if v.Cmp(f.counted) < 0 {
			return errorf(f.name, "the formula %v is %v at n=%d, and the circuit has %v", f.of, v, k.N, f.counted)
		}
	}
	return nil
}
