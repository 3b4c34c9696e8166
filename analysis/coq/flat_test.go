package coq_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
)

// TestBuilt asserts that the certificates of small families have the circuit that is built, with its own numbers.
func TestBuilt(t *testing.T) {
	for spec, n := range map[string]int{
		"attention:d=2,bits=2": 2, "mlp": 2, "s4": 2, "glu": 2, "rmsnorm": 2, "attention:kind=unique-hard,d=2,bits=2": 2,
	} {
		c, s := certificate(t, spec)
		p, err := s.Program(n)
		if err != nil {
			t.Fatal(err)
		}
		strategy, _ := s.Strategy()
		made, err := lower.Program(p, strategy)
		if err != nil {
			t.Fatal(err)
		}
		st := made.Stats()
		want := fmt.Sprintf("depth built = %d%%nat /\\ size built = %d%%nat /\\ wires built = %d%%nat", st.Depth, st.Size, st.Wires)
		if !strings.Contains(c.Text, want) || strings.Count(c.Text, "Example built_") != 10 {
			t.Errorf("%s: no %q with ten values", spec, want)
		}
		gates := strings.Count(c.Text, "\n  FThr ") + strings.Count(c.Text, "\n  FAnd ") + strings.Count(c.Text, "\n  FOr ")
		if gates != st.Size {
			t.Errorf("%s: %d gates are written of %d", spec, gates, st.Size)
		}
	}
}
