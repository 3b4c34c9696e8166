package circuit

import "testing"

// A comparison of a chain is the same function as a threshold gate of its own.
func TestChainIsItsThresholds(t *testing.T) {
	for _, weights := range [][]int64{{1, 1, 1}, {3, 1, 2}, {-1, -2, -1}, {2, -1, 2}, {5, -7, 1}} {
		b := NewBuilder()
		x := b.Inputs("x", 5)
		base := b.Linear()
		for i, l := range x {
			base.AddLit(NewInt(int64(i+1)), l)
		}
		s := base.Sum()
		line := b.Linear()
		line.AddConst(NewInt(-1))
		for i, w := range weights {
			line.AddLit(NewInt(w), b.Threshold(s, NewInt(int64(3+4*i))))
		}
		sum := line.Sum()
		ch, ok := b.Chain(sum)
		if !ok {
			t.Fatalf("%v: not a chain", weights)
		}
		made := 0
		for at := int64(-12); at <= 12; at++ {
			got, ok := ch.AtLeast(NewInt(at))
			if !ok {
				continue
			}
			made++
			b.Output("same", b.Xor(got, b.Threshold(sum, NewInt(at))))
			b.outNames = map[string]bool{}
		}
		if made < 15 {
			t.Errorf("%v: only %d comparisons are literals", weights, made)
		}
		c := &b.c
		for v := range 32 {
			in := make([]bool, 5)
			for i := range in {
				in[i] = v>>i&1 == 1
			}
			all, err := c.Eval(in)
			if err != nil {
				t.Fatal(err)
			}
			for i, differs := range all {
				if differs {
					t.Errorf("%v: comparison %d differs on %v", weights, i, in)
				}
			}
		}
	}
}

func TestChainRefusesOtherSums(t *testing.T) {
	b := NewBuilder()
	x := b.Inputs("x", 6)
	s, u := b.Count(x[:5]...), b.Count(x[1:]...)
	one, two := b.Threshold(s, NewInt(2)), b.Threshold(u, NewInt(2))
	for _, sum := range []Sum{b.Count(one, two), b.Count(x...), b.Count(one, x[0]), {}} {
		if _, ok := b.Chain(sum); ok {
			t.Errorf("%v passes for a chain", sum)
		}
	}
	if _, ok := b.Chain(b.Count(one, b.Threshold(s, NewInt(4)))); !ok {
		t.Error("two bounds of one sum are no chain")
	}
}
