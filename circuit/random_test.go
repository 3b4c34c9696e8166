package circuit_test

import (
	"bytes"
	"fmt"
	"math/big"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// TestRandomCircuits builds circuits of every kind of gate and of sum by arbitrary
// choices and compares them, also pruned and read back, with plain arithmetic.
func TestRandomCircuits(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprintf("keep=%v", keep), rapid.MakeCheck(func(t *rapid.T) {
			choice := rapid.IntRange(0, 1<<20)
			m := newMirror(func(n int) int { return choice.Draw(t, "choice") % n }, keep)
			for range rapid.IntRange(0, 60).Draw(t, "steps") {
				m.step()
			}
			verifyAll(t, m, rapid.Bool().Draw(t, "all"))
		}))
	}
}

// TestRandomBigCircuits is the same on fewer and greater circuits.
func TestRandomBigCircuits(t *testing.T) {
	for seed := range uint64(6) {
		verifyAll(t, randomMirror(seed, seed%2 == 1, 700), seed < 4)
	}
}

func verifyAll(t rapid.TB, m *mirror, all bool) {
	t.Helper()
	c, err := m.finish(all)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if err := m.verify(c); err != nil {
		t.Fatal(err)
	}
	checkLimits(t, c, m.vectors)

	p := c.Prune()
	if err := p.Check(); err != nil {
		t.Fatalf("pruned: %v", err)
	}
	if err := m.verify(p); err != nil {
		t.Fatalf("pruned: %v", err)
	}
	for _, model := range gates.DepthModels() {
		if got, want := p.Levels(model).Depth, c.Levels(model).Depth; got != want {
			t.Fatalf("pruned: %s depth %d, before %d", model.Name, got, want)
		}
	}
	if again := p.Prune(); circuitDiff(p, again) != "" {
		t.Fatalf("pruning twice is not pruning once:\n%s", circuitDiff(p, again))
	}

	for _, c := range []*circuit.Circuit{c, p} {
		var file bytes.Buffer
		if err := c.Write(&file); err != nil {
			t.Fatal(err)
		}
		back, err := circuit.Read(bytes.NewReader(file.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if diff := circuitDiff(c, back); diff != "" {
			t.Fatalf("read back, it differs:\n%s", diff)
		}
	}
}

// checkLimits asserts that each sum stays within its limits, and that Flatten and
// the terms give the same value.
func checkLimits(t rapid.TB, c *circuit.Circuit, vectors [][]bool) {
	t.Helper()
	shapes, all := c.Shapes(), c.AllShapes()
	for _, in := range vectors[:2] {
		gate, err := c.EvalAll(in)
		if err != nil {
			t.Fatal(err)
		}
		value := make([]*big.Int, c.SumCount())
		for s := range value {
			id := circuit.SumID(s)
			v := new(big.Int)
			for i, r := range c.Refs(id) {
				w := c.Weight(id, i).Big()
				if r.IsSum() {
					v.Add(v, w.Mul(w, value[r.Sum()]))
				} else if gate[r.Gate()] {
					v.Add(v, w)
				}
			}
			value[s] = v
			if lo, hi := c.Limits(id); v.Cmp(lo.Big()) < 0 || v.Cmp(hi.Big()) > 0 {
				t.Fatalf("sum %d is %v, outside its limits %v..%v", s, v, lo, hi)
			}
			flat := new(big.Int)
			from, weights := c.Flatten(id)
			for i, g := range from {
				if gate[g] {
					flat.Add(flat, weights[i].Big())
				}
				if weights[i].IsZero() || i > 0 && from[i-1] >= g {
					t.Fatalf("sum %d flattens to gates %v with weights %v", s, from, weights)
				}
			}
			if flat.Cmp(v) != 0 {
				t.Fatalf("sum %d is %v, and flattened %v", s, v, flat)
			}
			var weight, greatest circuit.Int
			for _, w := range weights {
				weight, greatest = weight.Add(w.Abs()), greatest.Max(w.Abs())
			}
			if shape := shapes.OfSum(id); shape.FanIn != len(from) || shape.Weight.Cmp(weight) != 0 ||
				shape.MaxWeight.Cmp(greatest) != 0 {
				t.Fatalf("sum %d has the shape %+v and weights %v", s, shape, weights)
			} else if got := all.OfSum(id); got.FanIn != shape.FanIn || got.Weight.Cmp(weight) != 0 ||
				got.MaxWeight.Cmp(greatest) != 0 {
				t.Fatalf("sum %d has the shape %+v, and %+v when all are found together", s, shape, got)
			}
		}
	}
}

// circuitDiff compares all the fields of two circuits.
func circuitDiff(a, b *circuit.Circuit) string {
	return cmp.Diff(a, b,
		cmp.Exporter(func(reflect.Type) bool { return true }),
		cmp.Comparer(func(x, y *big.Int) bool {
			if x == nil || y == nil {
				return x == y
			}
			return x.Cmp(y) == 0
		}),
		cmpopts.EquateEmpty())
}
