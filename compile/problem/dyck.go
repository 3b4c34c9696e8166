package problem

import (
	"fmt"
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// dyck1 is the language of balanced brackets of one kind.
func dyck1() Problem {
	return Problem{
		Name: "dyck1", Doc: "whether n brackets of one kind are balanced; 1 opens",
		params: []param{size("brackets", 2, 1<<13)},
		Depth:  "2", Size: "n + 1", Best: "2", BestSource: "the circuits here", Class: "TC0, not AC0",
		Source: "threshold gates on all prefixes; not AC0, since majority reduces to it",
		Why:    "all prefixes are counted at once", valid: evenLength, family: heights(),
		build: func(b *circuit.Builder, a compile.Args) {
			var height circuit.Sum
			var right []circuit.Lit
			for _, l := range b.Inputs("x", a.Int("n")) {
				height = plus(b, height, l.Value().Times(whole(2))).Plus(whole(-1))
				right = append(right, atLeast(b, height, 0))
			}
			right = append(right, atLeast(b, height, 1).Not())
			b.Output("balanced", b.And(right...))
		},
		reference: func(_ compile.Args, in []int64) []int64 {
			h := int64(0)
			for _, v := range in {
				if h += 2*v - 1; h < 0 {
					return answer(false)
				}
			}
			return answer(h == 0)
		},
		sample: func(a compile.Args, rng *rand.Rand) []int64 {
			in := brackets(rng, a.Int("n"), 1, a.Int("n"))
			for i, token := range in {
				in[i] = 1 - token
			}
			return in
		},
	}
}

// dyck is the language of balanced brackets of several kinds.
func dyck() Problem {
	return Problem{
		Name: "dyck", Doc: "whether n brackets of k kinds are balanced, and never nested deeper than a bound",
		Codes: "x[i] = t opens a bracket of kind t, and k + t closes one",
		Depth: "3 (2 if k = 1)", Size: "O(n²·depth)",
		params: []param{
			size("brackets", 2, 128), number("k", "kinds of brackets", 2, 1, 8),
			number("depth", "deepest nesting", 3, 1, 64),
		},
		Class: "AC0 for each depth",
		Source: "bounded nesting makes the language star-free: Schützenberger 1965; McNaughton and Papert 1971; " +
			"first-order languages are in AC0: Immerman 1987. Built here with counting gates, and so of TC0's basis",
		Why: "each pair of brackets is compared at once, if they match by height", valid: evenLength,
		build:     bounded,
		reference: boundedReference,
		sample: func(a compile.Args, rng *rand.Rand) []int64 {
			return brackets(rng, a.Int("n"), a.Int("k"), a.Int("depth"))
		},
	}
}

// evenLength refuses words of an odd length, because they are never balanced.
func evenLength(a compile.Args) error {
	if n := a.Int("n"); n%2 == 1 {
		return fmt.Errorf("n=%d is odd, and no word of odd length is balanced", n)
	}
	return nil
}

// bounded decides Dyck-k of bounded depth. It counts to get the heights of prefixes. It also checks
// each pair of brackets where, by their heights, one closes the other: both must be of one kind.
func bounded(b *circuit.Builder, a compile.Args) {
	n, k, most := a.Int("n"), a.Int("k"), a.Int("depth")
	// Token t < k opens kind t, and k + t closes it.
	x := choices(b, "x", n, 2*k)
	height := make([]circuit.Sum, n+1)
	for i := range n {
		up, down := plus(b, x[i][:k]...), plus(b, x[i][k:]...)
		height[i+1] = plus(b, height[i], up, down.Times(whole(-1)))
	}
	reaches := func(i, h int) circuit.Lit { return atLeast(b, height[i], h) }
	var right []circuit.Lit
	for i := 1; i <= n; i++ {
		right = append(right, reaches(i, 0), reaches(i, most+1).Not())
	}
	right = append(right, reaches(n, 1).Not())
	b.Begin("pairs")
	for i := 0; i < n && k > 1; i++ {
		for j := i + 1; j < n; j += 2 { // what is in between is balanced
			for h := 1; h <= min(most, i+1, n-j); h++ {
				if h%2 != (i+1)%2 { // a prefix of that length has no such height
					continue
				}
				// i opens height h, which stays until j closes it.
				same := []circuit.Lit{reaches(i+1, h+1).Not(), reaches(j, h+1).Not()}
				for m := i + 1; m <= j; m++ {
					same = append(same, reaches(m, h))
				}
				// Kinds s and t differ if s − t or t − s is at least 1. If all conditions hold and
				// both brackets stand there, this difference remains of the sum.
				for _, sign := range []int{1, -1} {
					wrong := b.Linear()
					for _, l := range same {
						wrong.AddLit(whole(k), l)
					}
					for t := range k {
						wrong.Add(whole(k+sign*t), x[i][t])
						wrong.Add(whole(k-sign*t), x[j][k+t])
					}
					right = append(right, atLeast(b, wrong.Sum(), k*(len(same)+2)+1).Not())
				}
			}
		}
	}
	b.End()
	b.Output("balanced", b.And(right...))
}

// boundedReference is a parser with a stack.
func boundedReference(a compile.Args, in []int64) []int64 {
	k, most := int64(a.Int("k")), a.Int("depth")
	var stack []int64
	for _, v := range in {
		if v < k {
			if stack = append(stack, v); len(stack) > most {
				return answer(false)
			}
			continue
		}
		if len(stack) == 0 || stack[len(stack)-1] != v-k {
			return answer(false)
		}
		stack = stack[:len(stack)-1]
	}
	return answer(len(stack) == 0)
}

// brackets draws a word that is balanced if its length is even. Then it may change one bracket.
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
