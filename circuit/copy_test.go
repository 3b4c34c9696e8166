package circuit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// copied copies the gates of c one by one, and makes those without a copy of their sum as they are. It returns how
// many were copied.
func copied(t *testing.T, c *circuit.Circuit) (*circuit.Circuit, *circuit.Levels, int) {
	b := circuit.NewBuilderLike(c)
	b.Keep()
	f, levels := b.Follow(c), b.Levels(gates.NotCounted())
	f.Inputs()
	next, copies := circuit.SumID(0), 0
	for g := range circuit.Gate(c.Len()) {
		if c.Kind(g).IsSource() {
			continue
		}
		f.Enter(c.StageOf(g))
		s, reads := c.ReadsSum(g)
		for ; reads && next <= s; next++ {
			node, fresh := f.CopySum()
			if node == 0 {
				f.Sum(next) // which another one may read
			}
			if node != f.Copied(next) || fresh && node != circuit.SumID(b.Made().SumCount()-1) {
				t.Fatalf("sum %d is copied as %d, %v, and is %d", next, node, fresh, f.Copied(next))
			}
		}
		l, ok := f.Copy(g)
		switch {
		case ok:
			copies++
		case c.Kind(g) == gates.Mod:
			_, m := c.Modulus(g)
			l = b.ModSum(m.M, m.Residues, f.Sum(s))
		default:
			_, bound := c.Bound(g)
			l = b.Threshold(f.Sum(s), bound)
		}
		f.Lits[g] = l
	}
	f.Outputs()
	out, err := b.Unchecked()
	if err != nil {
		t.Fatal(err)
	}
	levels.Finish(out)
	return out, levels, copies
}

// listed writes the gates and sums of a circuit.
func listed(c *circuit.Circuit) string {
	var text strings.Builder
	for s := range circuit.SumID(c.SumCount()) {
		lo, hi := c.Limits(s)
		fmt.Fprint(&text, "s", s, ": ", c.Refs(s), " ", lo, " ", hi)
		for i := range c.Refs(s) {
			fmt.Fprint(&text, " ", c.Weight(s, i))
		}
		fmt.Fprintln(&text)
	}
	for g := range circuit.Gate(c.Len()) {
		fmt.Fprint(&text, g.Lit(), ": ", c.Kind(g), " ", c.StagePath(c.StageOf(g)), c.Fanin(g))
		if c.Kind(g).HasBound() {
			s, t := c.Bound(g)
			fmt.Fprint(&text, s, " ", t)
		} else if c.Kind(g) == gates.Mod {
			s, m := c.Modulus(g)
			fmt.Fprint(&text, s, " ", m)
		}
		fmt.Fprintln(&text)
	}
	return text.String()
}

// A copy of a circuit made of copies of its gates is a copy of the circuit, with its levels.
func TestCopy(t *testing.T) {
	for seed := range uint64(20) {
		c, err := randomMirror(seed, true, 300).finish(false)
		if err != nil {
			t.Fatal(err)
		}
		c = c.Prune()
		first, _, _ := copied(t, c) // whose inputs come first
		second, levels, copies := copied(t, first)
		if err := second.Check(); err != nil {
			t.Fatal(err)
		}
		if a, b := listed(first.Prune()), listed(second.Prune()); a != b {
			t.Errorf("circuit %d: the copy differs:\n%s\n%s", seed, a, b)
		}
		want := second.Levels(gates.NotCounted())
		if levels.Depth != want.Depth || !slices.Equal(levels.Gate, want.Gate) || !slices.Equal(levels.Sum, want.Sum) {
			t.Errorf("circuit %d: depth %d, want %d", seed, levels.Depth, want.Depth)
		}
		if copies == 0 {
			t.Errorf("circuit %d: nothing was copied", seed)
		}
	}
}

// A sum has no copy if one of its gates has become a complement, a constant, or one that another has become as well.
func TestCopySumRefuses(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	b.Output("y", b.AtLeast(2, b.And(x[0], x[1]), b.Or(x[0], x[1]), x[2]))
	c := built(t, b)
	for _, test := range []struct {
		and, or circuit.Lit
		copied  bool
	}{
		{circuit.Gate(3).Lit(), circuit.Gate(4).Lit(), false}, // x[2] has number 3
		{circuit.Gate(4).Lit(), circuit.Gate(5).Lit(), true},
		{circuit.Gate(5).Lit(), circuit.Gate(4).Lit(), false},
		{circuit.Gate(4).Lit(), circuit.Gate(4).Lit(), false},
		{circuit.Gate(4).Lit(), circuit.Gate(5).Lit().Not(), false},
		{circuit.Gate(4).Lit(), circuit.True, false},
		{circuit.False, circuit.Gate(4).Lit(), false},
	} {
		n := circuit.NewBuilder()
		n.Keep()
		f := n.Follow(c)
		f.Inputs()
		n.And(x[0], x[1])
		n.And(x[1], x[2])
		f.Lits[4], f.Lits[5] = test.and, test.or
		f.SkipSum()
		node, fresh := f.CopySum()
		if (node != 0) != test.copied || fresh != test.copied {
			t.Errorf("%v and %v: sum %d, %v", test.and, test.or, node, fresh)
		}
	}
}

// The fan-in and the weight of a flat sum are those that flattening gives.
func TestFlatShape(t *testing.T) {
	for seed := range uint64(10) {
		c, err := randomMirror(seed, seed%2 == 0, 300).finish(true)
		if err != nil {
			t.Fatal(err)
		}
		flat := 0
		for s := range circuit.SumID(c.SumCount()) {
			fanIn, weight, ok := c.FlatShape(s)
			want := c.Shapes().OfSum(s)
			if ok && (fanIn != int64(want.FanIn) || want.Weight.Cmp(circuit.NewInt(weight)) != 0) {
				t.Errorf("circuit %d, sum %d: %d and %d, want %d and %v", seed, s, fanIn, weight, want.FanIn, want.Weight)
			}
			if ok {
				flat++
			}
		}
		if flat == 0 {
			t.Errorf("circuit %d has no flat sum", seed)
		}
	}
}

// The value of a sum is the sum, and that of sum 0 nothing.
func TestSumValue(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	s := b.Count(x...)
	ref, _, _ := s.Parts()
	if got := ref.Sum().Value(); got != s {
		t.Errorf("%v, want %v", got, s)
	}
	if k, constant := circuit.SumID(0).Value().IsConst(); !constant || !k.IsZero() {
		t.Errorf("sum 0 is %v, constant %v", k, constant)
	}
}
