package analysis_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
)

// proveProblem returns the proof about a problem.
func proveProblem(t *testing.T, text string, ns ...int) *analysis.Proof {
	t.Helper()
	s, err := problem.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Family()
	if err != nil {
		t.Fatal(err)
	}
	p, err := analysis.Prove(t.Context(), analysis.Claim{
		Name: text, Family: f, Strategy: lower.MinDepth, LeastN: f.Least, MostN: f.Most, Members: f.Members, N: ns,
	})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p
}

// TestProblemsAreProved asserts the formulas of the problems, and what is said of their weights and members.
func TestProblemsAreProved(t *testing.T) {
	for _, test := range []struct {
		spec        string
		ns          []int
		depth, size string
		members     string
		weights     string
	}{
		{"and", nil, "1", "1", "every n ≥ 2; those up to n = 1048576", "polynomial: the weights of a gate add up to O(n)"},
		{"or", nil, "1", "1", "every n ≥ 2", "polynomial: the weights of a gate add up to O(n)"},
		{"majority", nil, "1", "1", "every n ≥ 2", "polynomial: the weights of a gate add up to O(n)"},
		{"parity", nil, "2", "⌊n/2⌋ + 1", "every n ≥ 2", "polynomial: the weights of a gate add up to O(n)"},
		{"comparison", nil, "1", "1", "every n ≥ 1; those up to n = 62", "exponential: the weights of a gate add up to at most n·2^n,"},
		{"addition", nil, "2", "2·n", "every n ≥ 1; those up to n = 61", "exponential: the weights of a gate add up to at most "},
		{"iterated-addition", nil, "2", "5·n + 1", "every n ≥ 2", "polynomial: the weights of a gate add up to O(n)"},
		{"dyck1", []int{2, 4, 6, 30}, "2", "n + 1", "every even n ≥ 2", "polynomial: the weights of a gate add up to O(n)"},
	} {
		p := proveProblem(t, test.spec, test.ns...)
		if p.Verdict.Verdict != analysis.Proved || len(p.Checked) < 4 {
			t.Errorf("%s: %s, %d circuits", test.spec, p.Verdict.Verdict, len(p.Checked))
		}
		if got := p.DepthFormula.String(); got != test.depth {
			t.Errorf("%s: depth %s, want %s", test.spec, got, test.depth)
		}
		if got := p.SizeInN.String(); got != test.size {
			t.Errorf("%s: size %s, want %s", test.spec, got, test.size)
		}
		if !strings.HasPrefix(p.WeightGrowth, test.weights) {
			t.Errorf("%s: weights %q, want %q", test.spec, p.WeightGrowth, test.weights)
		}
		if !slices.ContainsFunc(p.Assumptions, func(a string) bool {
			return strings.HasPrefix(a, "there is a circuit for "+test.members)
		}) {
			t.Errorf("%s: no word on members in %q", test.spec, p.Assumptions)
		}
		if text := strings.Join(p.Assumptions, "\n"); strings.Contains(text, "network") || strings.Contains(text, "trained") {
			t.Errorf("%s assumes something of networks: %q", test.spec, p.Assumptions)
		}
	}
}
