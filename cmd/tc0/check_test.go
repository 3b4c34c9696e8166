package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/poly"
)

// TestCheckOfProblems changes the proof of a problem in ways that its seal does not show.
func TestCheckOfProblems(t *testing.T) {
	file := filepath.Join(t.TempDir(), "parity.json")
	if status, _, notes := try(t, "prove", "parity", "-o", file); status != 0 {
		t.Fatal(notes)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	half := poly.HalfOfN()
	for _, test := range []struct {
		change func(p *analysis.Proof)
		status int
		want   string
	}{
		{func(*analysis.Proof) {}, 0, "the proof about parity holds"},
		{func(p *analysis.Proof) { p.Strategy = "balanced" }, 1, `strategy: "balanced", and the circuits are built by min-depth`},
		{func(p *analysis.Proof) { p.SizeInN = half }, 1, "size_in_n"},
		{func(p *analysis.Proof) { // one gate less than there are, in all sums
			p.SizeInN, p.SizeFormula = half, half
			for i := range p.Derivation {
				if p.Derivation[i].Gates.Equal(poly.Int(1)) {
					p.Derivation[i].Gates = poly.Int(0)
				}
			}
			p.Values = nil
		}, 1, `in stage "remainder": gates: 0, and its program gives 1`},
		{func(p *analysis.Proof) { p.Subject = "majority" }, 1, "derivation: "},
		{func(p *analysis.Proof) { p.Class = "AC0" }, 1, `class: "AC0", and the derivation gives "TC0"`},
		// What the checker does not derive is what tc0 prove says.
		{func(p *analysis.Proof) { p.NotProved = p.NotProved[:1] }, 1, "not_proved: "},
		{func(p *analysis.Proof) { p.Assumptions = p.Assumptions[1:] }, 1, "assumptions: "},
		{func(p *analysis.Proof) { p.Uniformity.GateName = "O(1) bits" }, 1, "uniformity: "},
		{func(p *analysis.Proof) { p.Derivation[0].Source = "Euclid" }, 1, `derivation[0]: source: "Euclid"`},
	} {
		p, err := analysis.ReadProof(text)
		if err != nil {
			t.Fatal(err)
		}
		test.change(p)
		if err := p.Seal(); err != nil {
			t.Fatal(err)
		}
		changed, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, changed, 0o666); err != nil {
			t.Fatal(err)
		}
		status, said, notes := try(t, "check", file)
		if status != test.status || !strings.Contains(said+notes, test.want) {
			t.Errorf("status %d, want %d; %q, want %q", status, test.status, said+notes, test.want)
		}
	}
}

// A bound at bits that the subject does not have is compared with that of tc0 prove.
func TestCheckOfBits(t *testing.T) {
	file := filepath.Join(t.TempDir(), "attention.json")
	if status, _, notes := try(t, "prove", "attention:d=1", "--log-bits", "1", "--check", "none", "-o", file); status != 0 {
		t.Fatal(notes)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for most, want := range map[int64]int{0: 0, 1: 1} {
		p, err := analysis.ReadProof(text)
		if err != nil {
			t.Fatal(err)
		}
		last := &p.LogPrecision.Weights[len(p.LogPrecision.Weights)-1]
		last.MaxWeight = last.MaxWeight.Plus(poly.Int(most))
		if err := p.Seal(); err != nil {
			t.Fatal(err)
		}
		changed, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, changed, 0o666); err != nil {
			t.Fatal(err)
		}
		if status, said, notes := try(t, "check", file); status != want {
			t.Errorf("%d more: status %d, want %d: %s", most, status, want, said+notes)
		}
	}
}
