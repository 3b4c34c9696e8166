package main

import (
	"errors"
	"testing"

	"github.com/tc0lab/tc0/analysis"
)

// A claim that a measurement refutes ends the command like a mismatch.
func TestJudged(t *testing.T) {
	if err := judged(analysis.Verdict{Verdict: analysis.Refuted}); !errors.Is(err, errFalse) {
		t.Errorf("refuted: %v", err)
	}
	if err := judged(analysis.Verdict{Verdict: analysis.Consistent}); err != nil {
		t.Errorf("consistent: %v", err)
	}
	if err := (&verified{Mismatches: 1}).result(); !errors.Is(err, errFalse) {
		t.Errorf("a mismatch: %v", err)
	}
	if err := (&verified{}).result(); err != nil {
		t.Errorf("no mismatch: %v", err)
	}
}

func TestPlain(t *testing.T) {
	if got := plain(errors.New("compile: lowering x: circuit: too large")); got != "lowering x: too large" {
		t.Errorf("%q", got)
	}
}
