package depthtest

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/gates"
)

// Exactly asserts that c has the given depth, in the standard model.
func Exactly(t testing.TB, c *circuit.Circuit, want int) bool {
	t.Helper()
	return depth(t, c, c.Depth() == want, fmt.Sprint(want))
}

// AtMost asserts that c is not deeper than most, in the standard model.
func AtMost(t testing.TB, c *circuit.Circuit, most int) bool {
	t.Helper()
	return depth(t, c, c.Depth() <= most, fmt.Sprint("at most ", most))
}

func depth(t testing.TB, c *circuit.Circuit, holds bool, want string) bool {
	t.Helper()
	if !holds {
		t.Errorf("the depth is %d, want %s%s", c.Depth(), want, longestPath(c))
	}
	return holds
}

// Basis asserts that c has only gates of a class, such as [gates.AC0]. A failure names the first
// gate of another class.
func Basis(t testing.TB, c *circuit.Circuit, class gates.Class) bool {
	t.Helper()
	if v := analysis.JudgeBasis(c, class); v.Verdict != analysis.Consistent {
		t.Errorf("the circuit is not one of class %v: %s", class, v.Reason)
		return false
	}
	return true
}

// Computes asserts that c computes a function: for the integers on its input ports, in
// order, the reference returns those on its output ports. It tries all inputs of up to 20
// bits, and beyond that 10 000 extreme and random ones, the same each time.
func Computes(t testing.TB, c *circuit.Circuit, reference func(in []int64) []int64) bool {
	t.Helper()
	found, err := analysis.VerifyFunction(t.Context(), c, reference, analysis.VerifyConfig{Seed: 1})
	var mismatch *vector.MismatchError
	switch {
	case errors.As(err, &mismatch):
		t.Errorf("the circuit computes another function: %v", mismatch)
	case err != nil:
		t.Errorf("the circuit cannot be compared with the reference: %v", err)
	case found.Inputs == 0:
		t.Errorf("no input was tried")
	default:
		return true
	}
	return false
}

// stageName is how failures name a stage.
func stageName(stage string) string { return cmp.Or(stage, "(no stage)") }

// mostSteps is how much of a path is printed.
const mostSteps = 60

// longestPath writes one longest path of c: each stage, and the gates of it on the path.
func longestPath(c *circuit.Circuit) string {
	path := analysis.CriticalPath(c, gates.Standard())
	if len(path) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\nthe longest path:")
	stage := "\x00"
	for i, s := range path {
		if i == mostSteps {
			fmt.Fprintf(&b, "\n    … %d more gates", len(path)-i)
			break
		}
		if s.Stage != stage {
			stage = s.Stage
			fmt.Fprintf(&b, "\n  %s", stageName(stage))
		}
		fmt.Fprintf(&b, "\n    level %d: %s %d", s.Level, s.Kind, s.Gate)
		if s.Port != "" {
			fmt.Fprintf(&b, " (%s)", s.Port)
		}
	}
	return b.String()
}
