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

// The AND gates of a softmax head multiply bits: those of scores are products of queries and keys.
func TestReasonsSayWhatGatesAreFor(t *testing.T) {
	p, err := compile.Attention{Features: 1, Bits: 2}.Program(2)
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	reasons := origin.Reasons(p)
	for g := range circuit.Gate(c.Len()) {
		if k := c.Kind(g); !k.IsSource() && reasons[c.StagePath(c.StageOf(g))][k.String()] == "" {
			t.Errorf("nothing is said of gate %d, a %v of stage %q", g, k, c.StagePath(c.StageOf(g)))
		}
	}
	for _, want := range [][3]string{
		{"scores", "AND", "the product of a bit of the queries and a bit of the keys; the stage scores sums such products"},
		{"exp", "THRESHOLD", "one jump of a step function of scores: 1 on one side of the jump, 0 on the other"},
	} {
		if got := reasons[want[0]][want[1]]; got != want[2] {
			t.Errorf("%s, %s: %q, want %q", want[0], want[1], got, want[2])
		}
	}
}
