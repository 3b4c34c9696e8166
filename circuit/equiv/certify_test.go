package equiv_test

import (
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/internal/longtest"
)

// TestCertify asserts that equivalent circuits are proved so by a proof that was checked.
func TestCertify(t *testing.T) {
	for _, name := range []string{"majority:n=9", "parity:n=20", "addition:n=16", "multiplication:n=4", "sorting:n=6,bits=1"} {
		a := ourCircuit(t, name)
		b, err := basis.Express(t.Context(), a, basis.Repertoire{})
		if err != nil {
			t.Fatal(err)
		}
		for _, solvers := range [][]string{nil, {"gophersat"}} {
			r, err := equiv.Check(t.Context(), a, b, equiv.Config{ProofFolder: t.TempDir(), Solvers: solvers})
			if err != nil || r.Verdict != equiv.Proved || r.Certificate == nil {
				t.Errorf("%s: %+v, %v", name, r, err)
				continue
			}
			t.Logf("%s: %s, %+v", name, r.How, r.Certificate.Checked)
		}
	}
}

// TestCertifyExchange asserts the same of circuits that others made.
func TestCertifyExchange(t *testing.T) {
	a, b := design(t, "iscas85/c499.bench", bench.Read), design(t, "iscas85/c1355.bench", bench.Read)
	r, err := equiv.Check(t.Context(), a.Circuit, b.Circuit, equiv.Config{ProofFolder: t.TempDir()})
	if err != nil || r.Verdict != equiv.Proved || r.Certificate == nil || r.Certificate.Checked.Clauses < 1000 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestSymmetric asserts that symmetric circuits are compared for each number of ones, and that others
// are not taken for symmetric.
func TestSymmetric(t *testing.T) {
	check := func(a, b *circuit.Circuit) *equiv.Result {
		t.Helper()
		r, err := equiv.Check(t.Context(), a, b, equiv.Config{Method: equiv.Symmetric, Inputs: 1})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, name := range []string{"majority:n=25", "parity:n=32"} {
		a := ourCircuit(t, name)
		b, err := basis.Express(t.Context(), a, basis.Repertoire{})
		if err != nil {
			t.Fatal(err)
		}
		if r := check(a, b); r.Verdict != equiv.Proved || !strings.Contains(r.How, "both are symmetric") {
			t.Errorf("%s: %+v", name, r)
		}
	}
	// One that is no more symmetric than an AND of its first input.
	b := circuit.NewBuilder()
	in := b.Inputs("x", 30)
	b.Output("y", b.And(in[0], b.Majority(in...)))
	skew, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	r := check(skew, skew)
	if r.Verdict != equiv.Consistent || !strings.Contains(r.How, "can be swapped: the circuit changes") {
		t.Errorf("a circuit that is not symmetric: %+v", r)
	}
	// Symmetric ones that differ for one number of ones only.
	two := func(t int) *circuit.Circuit {
		b := circuit.NewBuilder()
		b.Output("y", b.AtLeast(t, b.Inputs("x", 30)...))
		c, _ := b.Circuit()
		return c
	}
	if r := check(two(29), two(30)); r.Verdict != equiv.Refuted || r.Difference == nil {
		t.Errorf("thresholds of 29 and 30: %+v", r)
	}
}

// TestLongVoter proves that a circuit of 13,758 AND gates is one majority gate.
func TestLongVoter(t *testing.T) {
	longtest.Need(t)
	a, b := design(t, "epfl/voter.aig", aiger.Read), ourCircuit(t, "majority:n=1001")
	r, err := equiv.Check(t.Context(), a.Circuit, b, equiv.Config{Method: equiv.Symmetric, Timeout: time.Hour})
	if err != nil || r.Verdict != equiv.Proved {
		t.Errorf("%+v, %v", r, err)
	}
}
