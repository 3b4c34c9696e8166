package coq_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// TestCodesOfPositions asserts that the codes of tc0 are in the range that the theorem about a language model asks
// for, which is what a norm of the embedding needs: so the theorem is about the circuits of tc0.
func TestCodesOfPositions(t *testing.T) {
	asked := regexp.MustCompile(`\(forall i k, \((-\d+)\) <= C2 \[i; k\] <= (\d+)\) ->`)
	for _, spec := range []string{"transformer", "transformer:bits=4,seed=3", "transformer:tokens=binary,norm=layer", "cot"} {
		c, s := certificate(t, spec)
		found := asked.FindStringSubmatch(c.Text)
		if found == nil {
			t.Errorf("%s: the theorem asks for no range of codes", spec)
			continue
		}
		low, _ := strconv.ParseInt(found[1], 10, 64)
		high, _ := strconv.ParseInt(found[2], 10, 64)
		for n := 1; n <= 8; n++ {
			codes := codesOf(t, s, n)
			if len(codes) != 4*n {
				t.Errorf("%s, n=%d: %d numbers of codes", spec, n, len(codes))
			}
			for k, v := range codes {
				if v < low || v > high {
					t.Errorf("%s, n=%d: number %d of the codes is %d, not in %d..%d", spec, n, k, v, low, high)
				}
			}
		}
	}
}

// codesOf are the codes of n positions.
func codesOf(t *testing.T, s compile.Spec, n int) []int64 {
	t.Helper()
	p, err := s.Program(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range p.Nodes() {
		if node.Op == program.OpConst && strings.HasSuffix(node.Path(), "embedding") {
			return node.Data
		}
	}
	return nil
}

// TestNoLanguageModel has models whose steps read what was said before, of which there is no textbook theorem.
func TestNoLanguageModel(t *testing.T) {
	for _, spec := range []string{"cot:steps=2", "transformer:d=2,heads=2", "transformer:strategy=balanced"} {
		if c, _ := certificate(t, spec); c.Textbook != "" {
			t.Errorf("%s: a textbook theorem, %q", spec, c.Textbook)
		}
	}
}
