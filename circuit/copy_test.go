package circuit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// madeOn makes a gate again that reads a sum.
func madeOn(b *circuit.Builder, c *circuit.Circuit, g circuit.Gate, s circuit.Sum) circuit.Lit {
	if c.Kind(g) == gates.Mod {
		_, m := c.Modulus(g)
		return b.ModSum(m.M, m.Residues, s)
	}
	_, bound := c.Bound(g)
	return b.Threshold(s, bound)
}

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
		default:
			l = madeOn(b, c, g, f.Sum(s))
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

// remade makes c again with some gates replaced by literals of gates before them: gate by gate, or with what CopyPlain
// copies. It returns how many gates that were.
func remade(
	t *testing.T, c *circuit.Circuit, instead map[circuit.Gate]circuit.Lit, plainly bool,
) (*circuit.Circuit, int) {
	t.Helper()
	b := circuit.NewBuilderLike(c)
	b.Keep()
	f := b.Follow(c)
	f.Inputs()
	p := circuit.Plain{
		Other: make([]bool, c.Len()), Moved: make([]bool, c.Len()), OtherSum: make([]bool, c.SumCount()),
		Distinct: true, Gate: func(g circuit.Gate) bool { return instead[g] == 0 },
	}
	f.Plain(p)
	copies := 0
	for g := circuit.Gate(0); int(g) < c.Len(); g++ {
		if plainly {
			next := f.CopyPlain(g, circuit.Gate(c.Len()))
			copies += int(next - g)
			if g = next; int(g) == c.Len() {
				break
			}
		}
		if c.Kind(g).IsSource() {
			continue
		}
		f.Enter(c.StageOf(g))
		s, reads := c.ReadsSum(g)
		for reads && !(plainly && f.CopyPlainSums(s)) && f.CopiedSums() <= int(s) {
			next := circuit.SumID(f.CopiedSums())
			node, fresh := f.CopySum()
			if p.OtherSum[next] = !fresh; node == 0 {
				f.Sum(next) // which another one may read
			}
		}
		p.Other[g] = reads && p.OtherSum[s]
		for _, x := range c.Fanin(g) {
			p.Other[g] = p.Other[g] || p.Other[x.Gate()]
		}
		l, ok := f.Copy(g)
		switch {
		case instead[g] != 0:
			l = f.Of(instead[g])
			p.Other[g], p.Moved[g] = true, true
		case ok:
		default:
			l = madeOn(b, c, g, f.Sum(s))
		}
		f.Lits[g] = l
	}
	f.Outputs()
	return built(t, b), copies
}

// What CopyPlain copies is what Copy and CopySum would have made, also where some gates have become others.
func TestCopyPlain(t *testing.T) {
	all := 0
	for seed := range uint64(60) {
		c, err := randomMirror(seed, true, 300).finish(false)
		if err != nil {
			t.Fatal(err)
		}
		c, _, _ = copied(t, c.Prune())
		c = c.Prune() // whose inputs come first, and whose sums differ
		instead := map[circuit.Gate]circuit.Lit{}
		for g := range circuit.Gate(c.Len()) {
			if n := uint64(g) * 2654435761 >> 7; seed > 5 && !c.Kind(g).IsSource() && n%(2+seed) == 0 {
				instead[g] = circuit.Gate(n % uint64(g)).Lit().NotIf(n%3 == 0)
			}
		}
		slow, _ := remade(t, c, instead, false)
		quick, copies := remade(t, c, instead, true)
		if a, b := listed(slow), listed(quick); a != b {
			t.Errorf("circuit %d differs:\n%s\n%s", seed, a, b)
		}
		if seed <= 5 && copies == 0 {
			t.Errorf("circuit %d: nothing was copied", seed)
		}
		all += copies
	}
	if all < 1000 {
		t.Errorf("%d gates were copied in all", all)
	}
}

// A sum is divided by its factor and sign while it is copied, and a complement changes weight and constant.
func TestCopyReduced(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	nested := b.Count(x...)
	for _, s := range []circuit.Sum{
		b.Sum(circuit.Weigh(-4, x[0]), circuit.Weigh(6, x[1]), circuit.Weigh(2, x[2])),
		b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(5, x[2])),
		b.Sum(circuit.Term{Weight: circuit.NewInt(2), Of: nested}, circuit.Weigh(2, x[0])),
		b.Sum(circuit.Term{Weight: circuit.Pow2(70), Of: x[0].Value()}, circuit.Weigh(2, x[1])),
	} {
		b.Output(fmt.Sprint("y", b.Len()), b.Threshold(s, circuit.NewInt(1)))
	}
	c := built(t, b)
	for _, test := range []struct {
		s           circuit.SumID
		lits        [3]circuit.Lit // of x
		factor, add int64
		ok          bool
		terms       string
	}{
		{2, [3]circuit.Lit{2, 4, 6}, -2, 0, true, "[g1 g2 g3] 2 -3 -1 -4..2"},
		{2, [3]circuit.Lit{3, 4, 6}, 2, -4, true, "[g1 g2 g3] 2 3 1 0..6"},
		{2, [3]circuit.Lit{2, 5, 7}, -2, 8, true, "[g1 g2 g3] 2 3 1 0..6"},
		{3, [3]circuit.Lit{2, 4, 6}, 1, 0, true, "[g1 g3] 3 5 0..8"},
		{3, [3]circuit.Lit{3, 4, 7}, -1, 8, true, "[g1 g3] 3 5 0..8"},
		{3, [3]circuit.Lit{6, 4, 2}, 0, 0, false, ""}, // in another order
		{3, [3]circuit.Lit{2, 4, 2}, 0, 0, false, ""}, // one gate twice
		{3, [3]circuit.Lit{2, 4, 1}, 0, 0, false, ""}, // a constant
		{4, [3]circuit.Lit{2, 4, 6}, 0, 0, false, ""}, // reads a sum
		{5, [3]circuit.Lit{2, 4, 6}, 0, 0, false, ""}, // a great weight
	} {
		n := circuit.NewBuilder()
		n.Keep()
		f := n.Follow(c)
		f.Inputs()
		copy(f.Lits[1:4], test.lits[:])
		node, factor, add, ok := f.CopyReduced(test.s)
		again, _, _, _ := f.CopyReduced(test.s)
		terms, made := "", n.Made()
		if ok {
			lo, hi := made.Limits(node)
			terms = fmt.Sprint(made.Refs(node))
			for i := range made.Refs(node) {
				terms += fmt.Sprint(" ", made.Weight(node, i))
			}
			terms += fmt.Sprint(" ", lo, "..", hi)
		}
		if factor != test.factor || add != test.add || ok != test.ok || terms != test.terms || again != node {
			t.Errorf("sum %d on %v: %d, %d, %v, %s, then %d after %d; want %d, %d, %v, %s",
				test.s, test.lits, factor, add, ok, terms, again, node, test.factor, test.add, test.ok, test.terms)
		}
	}
}

// SmallSum makes the node that Linear makes, and KeptBound the gate that Threshold makes.
func TestSmallSum(t *testing.T) {
	for seed := range uint64(200) {
		b := circuit.NewBuilder()
		b.Keep()
		x := b.Inputs("x", 6)
		var lits []circuit.Lit
		var weights []int64
		var terms []circuit.Term
		for i := range seed % 5 {
			n := seed*2654435761>>9 + i*40503*seed
			lits, weights = append(lits, x[n%6].NotIf(n%7 < 3)), append(weights, int64(n%11)-5)
			if seed%40 == 39 {
				weights[i] = 1 << 60
			}
			if seed%40 == 38 {
				lits[i] = circuit.True
			}
			terms = append(terms, circuit.Weigh(weights[i], lits[i]))
		}
		node, add, ok := b.SmallSum(lits, weights)
		ref, mul, k := b.Sum(terms...).Parts()
		twice := map[circuit.Gate]bool{}
		want := len(lits) > 0 && seed%40 < 38
		for _, l := range lits {
			want = want && !twice[l.Gate()]
			twice[l.Gate()] = true
		}
		want = want && !slices.Contains(weights, 0) // which Linear leaves out
		same := ref.Sum() == node && mul.Cmp(circuit.NewInt(1)) == 0 && k.Cmp(circuit.NewInt(add)) == 0
		if ok != want || ok && !same {
			t.Errorf("%v, %v: node %d + %d, %v; want %v·%v + %v, %v", lits, weights, node, add, ok, mul, ref, k, want)
		}
		if ok {
			one := b.KeptBound(gates.Threshold, node, circuit.NewInt(2-add))
			two := b.Threshold(b.Sum(terms...), circuit.NewInt(2))
			s, u := b.Made().Bound(one.Gate())
			r, v := b.Made().Bound(two.Gate())
			if s != r || u.Cmp(v) != 0 || b.Made().Kind(one.Gate()) != b.Made().Kind(two.Gate()) {
				t.Errorf("%v, %v: bound %v on %d, want %v on %d", lits, weights, u, s, v, r)
			}
		}
	}
}
