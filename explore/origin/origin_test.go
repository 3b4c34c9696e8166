package origin_test

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/explore/origin"
)

// Every stage that has gates has operations, under the very path of the circuit.
func TestEveryStageHasAnOrigin(t *testing.T) {
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	origins := origin.Of(p)
	for g := 1; g < c.Len(); g++ {
		s := c.StageOf(circuit.Gate(g))
		if text := origins[c.StagePath(s)]; s != 0 && !strings.Contains(text, " = ") {
			t.Fatalf("gate %d: stage %q has origin %q", g, c.StagePath(s), text)
		}
	}
	if got := origins["exp"]; !strings.Contains(got, "Step") && !strings.Contains(got, "Lookup") {
		t.Errorf("stage exp comes from %q", got)
	}
}
