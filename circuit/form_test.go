package circuit

import (
	"bytes"
	"slices"
	"testing"
)

// TestFormsAreShared makes sums of few forms: each form is stored once, in the order in which sums are of it.
func TestFormsAreShared(t *testing.T) {
	b := NewBuilder()
	x := b.Inputs("x", 40)
	var lits []Lit
	for i := range 36 {
		s := b.Sum(Weigh(2, x[i]), Weigh(int64(3+2*(i%3)), x[i+1]), Weigh(-5, x[i+2]))
		lits = append(lits, b.Threshold(s, NewInt(1)), b.Threshold(s.Times(NewInt(-1)), NewInt(2)))
	}
	b.Output("y", lits...)
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.forms) - 1; got != 3 || c.weights.len() != 9 || c.SumCount() != 37 {
		t.Errorf("%d forms of %d weights for %d sums, want 3 of 9 for 36", got, c.weights.len(), c.SumCount()-1)
	}
	gate, sum := c.Live()
	for s := 1; s < 4; s += 2 { // the first and the third form go and come back
		sum[s] = false
	}
	for g, k := range c.kind {
		if s, ok := c.ReadsSum(Gate(g)); ok && k.HasBound() && !sum[s] {
			gate[g] = false
		}
	}
	c.outs = c.outs[len(c.outs)-2:]
	less := c.Only(gate, sum)
	if err := less.Check(); err != nil {
		t.Fatal(err)
	}
	if w, _ := less.SmallWeights(1); len(less.forms) != 4 || w[1] != 5 || less.sumForm[1] != 1 {
		t.Errorf("%d forms are left, the first is %v", len(less.forms)-1, w)
	}
}

// TestManyForms makes more forms than are remembered, and asks for the sums again: they are found, whether their forms
// are remembered or not. A file of the circuit makes it again.
func TestManyForms(t *testing.T) {
	const n = 3*mostForms + 100
	b := NewBuilder()
	b.Keep()
	x := b.Inputs("x", 3)
	ask := func(i int) SumID {
		s, add, ok := b.SmallSum(x, []int64{int64(i) + 1, -2, int64(i%7) + 3})
		if !ok || add != 0 {
			t.Fatalf("sum %d is not made", i)
		}
		return s
	}
	var sums []SumID
	for i := range n {
		sums = append(sums, ask(i))
	}
	forms := len(b.c.forms)
	for i, s := range sums {
		if got := ask(i); got != s || s != SumID(i+1) {
			t.Fatalf("sum %d is node %d, and then %d", i, s, got)
		}
	}
	if len(b.c.forms) != forms || forms != n+1 {
		t.Errorf("%d forms, and %d when all are asked for again; want %d", forms-1, len(b.c.forms)-1, n)
	}
	// The same weights of other gates: after many forms without a second sum, some are made twice.
	y := b.Inputs("y", 3)
	for i := range n {
		if _, _, ok := b.SmallSum(y, []int64{int64(i) + 1, -2, int64(i%7) + 3}); !ok {
			t.Fatal("no sum")
		}
	}
	b.OutputSum("s", sums[5].Value())
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.forms) - 1; got > 2*n || c.SumCount() != 2*n+1 {
		t.Errorf("%d forms of %d sums", got, c.SumCount()-1)
	}
	var file bytes.Buffer
	if err := c.Write(&file); err != nil {
		t.Fatal(err)
	}
	again, err := Read(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for s := range SumID(c.SumCount()) {
		v, _ := c.SmallWeights(s)
		w, _ := again.SmallWeights(s)
		lo, hi := c.Limits(s)
		if l, h := again.Limits(s); !slices.Equal(v, w) || l != lo || h != hi {
			t.Fatalf("sum %d has weights %v, and %v in the file", s, v, w)
		}
	}
}
