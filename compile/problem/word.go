package problem

import (
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// permutations returns all permutations of 0..4 in lexicographic order: index i stands
// for the i-th of them.
var permutations = sync.OnceValue(func() (all [][5]int) {
	var extend func(p [5]int, k int)
	extend = func(p [5]int, k int) {
		if k == 5 {
			all = append(all, p)
			return
		}
		for v := range 5 {
			if !slices.Contains(p[:k], v) {
				p[k] = v
				extend(p, k+1)
			}
		}
	}
	extend([5]int{}, 0)
	return all
})

// The ways to multiply n things.
const (
	unrolledKind = "unrolled"
	treeKind     = "tree"
)

// wordProblem is the product of n permutations of five things.
func wordProblem() Problem {
	return Problem{
		Name: "s5", Doc: "whether the product of n permutations of five things is the identity",
		Codes: "g[i] = k is the k-th permutation of 0..4 in lexicographic order, 0 the identity; g[0] is applied first",
		Depth: "⌈log₂ n⌉ + 1 (tree), n (unrolled)", Size: "125·(n − 2) + 26",
		params: []param{
			size("permutations", 2, 4096),
			oneOf("kind", "one product after another, or a balanced tree", treeKind, unrolledKind),
		},
		Class: "NC1-complete", Source: "Barrington 1989", Best: logTime, BestSource: logTimeSource,
		Beyond: "if TC0 ≠ NC1", Serial: "no: depth O(log n)", Shape: Between,
		Why: "a product is associative: as a tree it has depth log n, one after another n",
		build: func(b *circuit.Builder, a compile.Args) {
			var factors [][5][5]bit
			for _, code := range choices(b, "g", a.Int("n"), len(permutations())) {
				factors = append(factors, permutationMatrix(b, code))
			}
			times := func(p, q [5][5]bit) [5][5]bit { return composed(b, p, q) }
			product := reduce(factors, a["kind"] == treeKind, times)
			b.Begin("identity")
			defer b.End()
			var fixed []bit
			for i := range 5 {
				fixed = append(fixed, product[i][i])
			}
			b.Output("identity", single(b, both(b, fixed...)))
		},
		reference: func(_ compile.Args, in []int64) []int64 {
			at := identity
			for _, g := range in {
				at = after(at, g)
			}
			return answer(at == identity)
		},
		sample: func(a compile.Args, rng *rand.Rand) []int64 {
			in := make([]int64, a.Int("n"))
			at := identity
			for k := range in {
				in[k] = rng.Int64N(int64(len(permutations())))
				if k == len(in)-1 && rng.IntN(2) == 0 { // the inverse of all before
					for g := range permutations() {
						if after(at, int64(g)) == identity {
							in[k] = int64(g)
						}
					}
				}
				at = after(at, in[k])
			}
			return in
		},
	}
}

// identity is the permutation that moves nothing.
var identity = [5]int{0, 1, 2, 3, 4}

// after returns where things at the given places are after permutation g.
func after(at [5]int, g int64) [5]int {
	for i, v := range at {
		at[i] = permutations()[g][v]
	}
	return at
}

// permutationMatrix returns whether i goes to j, of the permutation of a one-hot code.
func permutationMatrix(b *circuit.Builder, code []bit) (m [5][5]bit) {
	for i := range 5 {
		var cases [5][]bit
		for k, p := range permutations() {
			cases[p[i]] = append(cases[p[i]], code[k])
		}
		for j := range 5 {
			m[i][j] = plus(b, cases[j]...)
		}
	}
	return m
}

// composed is the product of two matrices of permutations, in one level.
func composed(b *circuit.Builder, p, q [5][5]bit) (m [5][5]bit) {
	b.Begin("product")
	defer b.End()
	for i := range 5 {
		for j := range 5 {
			var cases [5]bit
			for k := range 5 {
				cases[k] = both(b, p[i][k], q[k][j])
			}
			m[i][j] = plus(b, cases[:]...)
		}
	}
	return m
}

// reduce multiplies values, one after another or as a balanced tree.
func reduce[T any](values []T, tree bool, times func(x, y T) T) T {
	if !tree {
		x := values[0]
		for _, y := range values[1:] {
			x = times(x, y)
		}
		return x
	}
	for len(values) > 1 {
		var next []T
		for pair := range slices.Chunk(values, 2) {
			if len(pair) == 2 {
				pair[0] = times(pair[0], pair[1])
			}
			next = append(next, pair[0])
		}
		values = next
	}
	return values[0]
}
