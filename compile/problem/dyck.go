package problem

import (
	"fmt"
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// dyckProblems are the languages of balanced brackets.
func dyckProblems() []Problem {
	dyck1 := Problem{
		Name: "dyck1", Doc: "whether n brackets of one kind are balanced; 1 opens", Params: []compile.Param{size("brackets")},
		Depth: "2", Size: "n + 1", Best: "2", Class: "TC0, not AC0", Source: "threshold gates on all prefixes; not AC0, since majority reduces to it",
		Beyond: none, Serial: parallel, Shape: Wide, Why: "all prefixes are counted at once", limits: map[string][2]int{"n": {2, 1 << 13}}, valid: evenLength,
		build: func(b *circuit.Builder, a compile.Args) error {
			x := b.Inputs("x", a.Int("n"))
			var height circuit.Sum
			var right []circuit.Lit
			for _, l := range x {
				height = plus(b, height, l.Value().Times(circuit.I(2))).Plus(circuit.I(-1))
				right = append(right, b.Threshold(height, circuit.I(0)))
			}
			right = append(right, b.Threshold(height, circuit.I(1)).Not())
			b.Output("balanced", b.And(right...))
			return nil
		},
		reference: func(compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 {
				h := int64(0)
				for _, v := range in {
					if h += 2*v - 1; h < 0 {
						return []int64{0}
					}
				}
				return []int64{truth(h == 0)}
			}
		},
		sample: func(a compile.Args, rng *rand.Rand) []int64 {
			in := make([]int64, a.Int("n"))
			for i, token := range brackets(rng, len(in), 1, len(in)) {
				in[i] = 1 - token
			}
			return in
		},
	}
	dyck := Problem{
		Name: "dyck", Doc: "whether n brackets of k kinds are balanced, and never nested deeper than a bound", Codes: "x[i] = t opens a bracket of kind t, and k + t closes one",
		Depth: "3 (2 if k = 1)", Size: "O(n²·depth)",
		Params: []compile.Param{size("brackets"), number("k", "kinds of brackets", 2), number("depth", "deepest nesting", 3)},
		limits: map[string][2]int{"n": {2, 128}, "k": {1, 8}, "depth": {1, 64}}, valid: evenLength,
		Class: "AC0 for each depth", Source: "bounded nesting makes the language star-free: Schützenberger 1965; McNaughton and Papert 1971; first-order languages are in AC0: Immerman 1987. Built here with counting gates, and so of TC0's basis",
		Beyond: none, Serial: parallel, Shape: Wide, Why: "each pair of brackets is compared at once, if they match by height",
		build:     bounded,
		reference: boundedReference,
		sample: func(a compile.Args, rng *rand.Rand) []int64 {
			return brackets(rng, a.Int("n"), a.Int("k"), a.Int("depth"))
		},
	}
	return []Problem{dyck1, dyck}
}

// evenLength refuses words of an odd length, which are never balanced.
func evenLength(a compile.Args) error {
	if n := a.Int("n"); n%2 == 1 {
		return fmt.Errorf("n=%d is odd, and no word of odd length is balanced", n)
	}
	return nil
}

// bounded decides Dyck-k of bounded depth: heights of prefixes by counting; and no two
// brackets of different kinds stand where, by their heights, one closes the other.
func bounded(b *circuit.Builder, a compile.Args) error {
	n, k, most := a.Int("n"), a.Int("k"), a.Int("depth")
	// Token t < k opens kind t, and k + t closes it.
	x := choices(b, "x", n, 2*k)
	height := make([]circuit.Sum, n+1)
	for i := range n {
		up := plus(b, x[i][:k]...)
		down := plus(b, x[i][k:]...)
		height[i+1] = plus(b, height[i], up, down.Times(circuit.I(-1)))
	}
	atLeast := func(i, h int) circuit.Lit { return b.Threshold(height[i], circuit.I(int64(h))) }
	var right []circuit.Lit
	for i := 1; i <= n; i++ {
		right = append(right, atLeast(i, 0), atLeast(i, most+1).Not())
	}
	right = append(right, atLeast(n, 1).Not())
	b.Begin("pairs")
	for i := 0; i < n && k > 1; i++ {
		for j := i + 1; j < n; j += 2 { // what is in between is balanced
			for h := 1; h <= min(most, i+1, n-j); h++ {
				if h%2 != (i+1)%2 { // a prefix of that length has no such height
					continue
				}
				// i opens height h, which stays until j closes it.
				same := []circuit.Lit{atLeast(i+1, h+1).Not(), atLeast(j, h+1).Not()}
				for m := i + 1; m <= j; m++ {
					same = append(same, atLeast(m, h))
				}
				// Kinds s and t differ if s − t or t − s is at least 1, which is what is left of
				// the sum if all conditions hold and both brackets stand there.
				for _, sign := range []int{1, -1} {
					wrong := b.Linear()
					for _, l := range same {
						wrong.AddLit(circuit.I(int64(k)), l)
					}
					for t := range k {
						wrong.Add(circuit.I(int64(k+sign*t)), x[i][t])
						wrong.Add(circuit.I(int64(k-sign*t)), x[j][k+t])
					}
					right = append(right, b.Threshold(wrong.Sum(), circuit.I(int64(k*(len(same)+2)+1))).Not())
				}
			}
		}
	}
	b.End()
	b.Output("balanced", b.And(right...))
	return nil
}

// boundedReference is a parser with a stack.
func boundedReference(a compile.Args) func(in []int64) []int64 {
	k, most := int64(a.Int("k")), a.Int("depth")
	return func(in []int64) []int64 {
		var stack []int64
		for _, v := range in {
			if v < k {
				if stack = append(stack, v); len(stack) > most {
					return []int64{0}
				}
				continue
			}
			if len(stack) == 0 || stack[len(stack)-1] != v-k {
				return []int64{0}
			}
			stack = stack[:len(stack)-1]
		}
		return []int64{truth(len(stack) == 0)}
	}
}

// brackets draws a word that is balanced if its length is even, and then changes one
// bracket of it or none.
func brackets(rng *rand.Rand, n, k, depth int) []int64 {
	in := make([]int64, 0, n)
	var stack []int64
	for len(in) < n {
		left := n - len(in)
		switch open := len(stack) < depth && len(stack) < left-1; {
		case open && (len(stack) == 0 || rng.IntN(2) == 0):
			v := rng.Int64N(int64(k))
			stack, in = append(stack, v), append(in, v)
		case len(stack) > 0:
			in, stack = append(in, int64(k)+stack[len(stack)-1]), stack[:len(stack)-1]
		default:
			in = append(in, rng.Int64N(int64(2*k)))
		}
	}
	if rng.IntN(3) == 0 {
		in[rng.IntN(n)] = rng.Int64N(int64(2 * k))
	}
	return in
}
