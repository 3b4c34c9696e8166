package circuit_test

import (
	"fmt"
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

func TestStages(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 4)
	root := b.And(x[0], x[1])
	b.Begin("attention")
	outer := b.And(root, x[2])
	b.Begin("scores")
	inner := b.And(outer, x[3])
	again := b.And(x[0], x[1]) // made before, outside: stays there
	b.End()
	rest := b.Or(inner, x[0])
	b.End()
	between := b.Or(rest, x[1])
	b.Begin("attention") // continues the first one
	b.Begin("scores")
	more := b.Or(between, x[2])
	b.End()
	b.End()
	b.Begin("scores") // another one: its parent is the root
	other := b.Xor(more, x[3])
	b.End()
	b.Begin("empty")
	b.End()
	last := b.Xor(other, x[0])
	b.Output("y", last)
	c := built(t, b)

	if again != root {
		t.Errorf("%v was made again as %v", root, again)
	}
	for _, test := range []struct {
		lit  circuit.Lit
		want string
	}{
		{circuit.False, ""},
		{x[0], ""},
		{root, ""},
		{outer, "attention"},
		{inner, "attention/scores"},
		{rest, "attention"},
		{between, ""},
		{more, "attention/scores"},
		{other, "scores"},
		{last, ""},
	} {
		if got := c.StagePath(c.StageOf(test.lit.Gate())); got != test.want {
			t.Errorf("%v belongs to %q, want %q", test.lit, got, test.want)
		}
	}
	if c.StageCount() != 5 { // the root, attention, attention/scores, scores, empty
		t.Errorf("%d stages, want 5", c.StageCount())
	}
	if s := c.Stage(2); s.Name != "scores" || c.Stage(s.Parent).Name != "attention" {
		t.Errorf("stage 2 is %+v", s)
	}
}

// TestStageOfAfterPrune asserts that the gates that stay keep their stage, and that
// a stage whose gates are all gone stays a stage.
func TestStageOfAfterPrune(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 8)
	acc := x[0]
	for i := 1; i < 8; i++ {
		b.Begin(fmt.Sprint("step ", i))
		b.Or(acc, x[i]) // dead
		if i != 4 {
			acc = b.And(acc, x[i])
		}
		b.And(acc, x[0].Not(), x[i]) // dead
		b.End()
	}
	b.Output("y", acc)
	c := built(t, b)
	p := c.Prune()
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if p.Size() != 6 || p.StageCount() != c.StageCount() {
		t.Errorf("%d gates in %d stages, want 6 in %d", p.Size(), p.StageCount(), c.StageCount())
	}
	want := []int{1, 2, 3, 5, 6, 7}
	for i, step := range want {
		g := circuit.Gate(9 + i)
		if got := p.StagePath(p.StageOf(g)); got != fmt.Sprint("step ", step) {
			t.Errorf("gate %d belongs to %q, want step %d", g, got, step)
		}
	}
	if p.StageOf(3) != 0 {
		t.Errorf("an input belongs to stage %d", p.StageOf(3))
	}
}
