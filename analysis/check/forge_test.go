package check_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/check"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// TestForgedSize takes a proof about attention and says that there are 1000·n gates. All its sums are right, the
// circuits that it names keep to it, and it is sealed anew.
func TestForgedSize(t *testing.T) {
	text, of := proofOf(t, "attention", 2, 3)
	p, err := analysis.ReadProof(text)
	if err != nil {
		t.Fatal(err)
	}
	linear := poly.Symbol("n").Times(poly.Int(1000))
	for i := range p.Derivation {
		p.Derivation[i].Gates = poly.Int(0)
	}
	p.Derivation[len(p.Derivation)-1].Gates = linear
	p.SizeFormula, p.SizeInN = linear, linear
	for i := range p.Values {
		v, _ := linear.AtN(p.Values[i].N.Big())
		p.Values[i].Size = circuit.BigInt(v)
	}
	p.Verdict.Claim = "for every n ≥ 1 the circuit of this family has depth at most 3 and at most 1000·n gates"
	var wrong *check.Error
	if err := resealed(t, p, of); !errors.As(err, &wrong) ||
		wrong.Where != `derivation[8] Contract(%2, %7, ihe,jhe->hij) in stage "scores": gates` {
		t.Errorf("error %v", err)
	}
}

// resealed seals a proof anew and checks it.
func resealed(t *testing.T, p *proof.Proof, of subject, ns ...int) error {
	t.Helper()
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	_, err := check.Proof(t.Context(), p, of.open, of.member, ns...)
	return err
}

// TestErrorNamesTheRow changes one number of one row.
func TestErrorNamesTheRow(t *testing.T) {
	text, of := proofOf(t, "attention", []int{}...)
	p, err := analysis.ReadProof(text)
	if err != nil {
		t.Fatal(err)
	}
	p.Derivation[10].Gates = p.Derivation[10].Gates.Plus(poly.Symbol("n"))
	const want = `check: derivation[10] Step(%8, 2^p - 1 jumps) in stage "exp": gates: n^2·2^p - n^2 + n, ` +
		"and its program gives n^2·2^p - n^2"
	if err := resealed(t, p, of); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestLogPrecision changes the formulas for numbers of 2·log₂ n bits.
func TestLogPrecision(t *testing.T) {
	s, err := compile.ParseSpec("attention")
	if err != nil {
		t.Fatal(err)
	}
	_, of := proofOf(t, "attention", []int{}...)
	p, err := analysis.Prove(t.Context(), analysis.Claim{
		Name: "attention", Family: s, Strategy: lower.MinDepth, N: []int{}, LogBits: 2, Precisions: map[int]analysis.Family{3: s},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := resealed(t, p, of); err != nil {
		t.Fatal(err)
	}
	right := *p.LogPrecision
	for _, test := range []struct {
		change func(l *proof.LogPrecision)
		where  string
	}{
		{func(l *proof.LogPrecision) { l.C = 3 }, "log_precision.size"},
		{func(l *proof.LogPrecision) { l.C = 0 }, "log_precision.c"},
		{func(l *proof.LogPrecision) { l.Size = l.Size.Plus(poly.Symbol("L")) }, "log_precision.size"},
		{func(l *proof.LogPrecision) { l.Wires = l.Wires.Minus(poly.Int(1)) }, "log_precision.wires"},
	} {
		wrong := right
		test.change(&wrong)
		p.LogPrecision = &wrong
		var told *check.Error
		if err := resealed(t, p, of); !errors.As(err, &told) || told.Where != test.where {
			t.Errorf("error %v, want one about %s", err, test.where)
		}
	}
}

// TestForgedClass says that the circuits for attention are in a smaller class, and that their weights do not grow.
func TestForgedClass(t *testing.T) {
	for _, test := range []struct {
		forge func(p *proof.Proof)
		where string
	}{
		{func(*proof.Proof) {}, ""},
		{func(p *proof.Proof) { p.Class = "AC0" }, "class"},
		{func(p *proof.Proof) { p.Class = "NC0" }, "class"},
		{func(p *proof.Proof) { p.WeightGrowth = "the weights of a gate do not grow" }, "weight_growth"},
		{func(p *proof.Proof) {
			p.WeightGrowth = "the weights of a gate add up to a number that does not depend on n"
		}, "weight_growth"},
	} {
		text, of := proofOf(t, "attention", 2, 3)
		p, err := analysis.ReadProof(text)
		if err != nil {
			t.Fatal(err)
		}
		test.forge(p)
		var wrong *check.Error
		err = resealed(t, p, of)
		if errors.As(err, &wrong) != (test.where != "") || wrong != nil && wrong.Where != test.where {
			t.Errorf("%s, %s: error %v, want it in %q", p.Class, p.WeightGrowth, err, test.where)
		}
	}
}

// TestForgedMembers says that there is a circuit for every n, of a program whose outputs leave 64 bits.
func TestForgedMembers(t *testing.T) {
	sums := compile.FamilyFunc(func(n program.Dim) (*program.Program, error) {
		p := program.New("sums")
		x := p.Input("x", program.Shape{n, program.NewDim("d", 1)}, 60, false)
		p.Output("y", p.Reduce(x, n.Name))
		return p, p.Err()
	})
	p, err := analysis.Prove(t.Context(), analysis.Claim{Name: "sums", Family: sums, N: []int{2}})
	if err != nil {
		t.Fatal(err)
	}
	open, err := sums.OpenProgram()
	if err != nil {
		t.Fatal(err)
	}
	member := func(ctx context.Context, n int) (*circuit.Circuit, error) {
		one, err := sums.Program(n)
		if err != nil {
			return nil, err
		}
		return lower.ProgramContext(ctx, one, lower.Strategy{}, nil)
	}
	if err := resealed(t, p, subject{open: open, member: member}); err != nil {
		t.Error(err)
	}
	cut := func(text string) string { return strings.Replace(text, " at which the outputs fit 64 bits", "", 1) }
	p.Members, p.Claim = cut(p.Members), cut(p.Claim)
	var wrong *check.Error
	if err := resealed(t, p, subject{open: open, member: member}); !errors.As(err, &wrong) || wrong.Where != "members" {
		t.Errorf("%q: error %v", p.Members, err)
	}
}
