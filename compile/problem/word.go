package problem

import (
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// permutations returns all permutations of 0..4 in lexicographic order: index i stands
// for the i-th of them.
func permutations() [][5]int {
	var all [][5]int
	var extend func(p [5]int, k int, used [5]bool)
	extend = func(p [5]int, k int, used [5]bool) {
		if k == 5 {
			all = append(all, p)
			return
		}
		for v := range 5 {
			if !used[v] {
				next := used
				next[v], p[k] = true, v
				extend(p, k+1, next)
			}
		}
	}
	extend([5]int{}, 0, [5]bool{})
	return all
}

// The ways to multiply n things.
const (
	unrolledKind = "unrolled"
	treeKind     = "tree"
)

// wordProblem is the product of n permutations of five things.
func wordProblem() Problem {
	return Problem{
		Name: "s5", Doc: "whether the product of n permutations of five things is the identity", Codes: "g[i] = k is the k-th permutation of 0..4 in lexicographic order, 0 the identity; g[0] is applied first",
		Depth: "⌈log₂ n⌉ + 1 (tree), n (unrolled)", Size: "125·(n − 2) + 26",
		Params: []compile.Param{size("permutations"), {Name: "kind", Doc: "one product after another, or a balanced tree", Default: treeKind, Choices: []string{treeKind, unrolledKind}}},
		limits: map[string][2]int{"n": {2, 4096}},
		Class:  "NC1-complete", Source: "Barrington 1989", Best: "O(log n/log log n): Chandra, Stockmeyer and Vishkin 1984, for all of NC1", Beyond: "if TC0 ≠ NC1", Serial: "no: depth O(log n)", Shape: Between,
		Why: "a product is associative: as a tree it has depth log n, one after another n",
		build: func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			all := permutations()
			x := choices(b, "g", n, len(all))
			// m[i][j] says that i goes to j.
			var factors [][5][5]bit
			for _, code := range x {
				var m [5][5]bit
				for i := range 5 {
					for j := range 5 {
						s := b.Linear()
						for k, p := range all {
							if p[i] == j {
								s.Add(circuit.I(1), code[k])
							}
						}
						m[i][j] = s.Sum()
					}
				}
				factors = append(factors, m)
			}
			product := reduce(factors, a["kind"] == treeKind, func(p, q [5][5]bit) [5][5]bit {
				b.Begin("product")
				defer b.End()
				var m [5][5]bit
				for i := range 5 {
					for j := range 5 {
						var cases []bit
						for k := range 5 {
							cases = append(cases, both(b, p[i][k], q[k][j]))
						}
						m[i][j] = plus(b, cases...)
					}
				}
				return m
			})
			b.Begin("identity")
			defer b.End()
			var fixed []bit
			for i := range 5 {
				fixed = append(fixed, product[i][i])
			}
			b.Output("identity", single(b, both(b, fixed...)))
			return nil
		},
		reference: func(compile.Args) func(in []int64) []int64 {
			all := permutations()
			return func(in []int64) []int64 {
				at := [5]int{0, 1, 2, 3, 4}
				for _, g := range in {
					for i, v := range at {
						at[i] = all[g][v]
					}
				}
				return []int64{truth(at == [5]int{0, 1, 2, 3, 4})}
			}
		},
		sample: func(a compile.Args, rng *rand.Rand) []int64 {
			all := permutations()
			in := make([]int64, a.Int("n"))
			at := [5]int{0, 1, 2, 3, 4}
			for k := range in {
				in[k] = rng.Int64N(int64(len(all)))
				if k == len(in)-1 && rng.IntN(2) == 0 { // the inverse of all before
					for g, p := range all {
						if p[at[0]] == 0 && p[at[1]] == 1 && p[at[2]] == 2 && p[at[3]] == 3 {
							in[k] = int64(g)
						}
					}
				}
				for i, v := range at {
					at[i] = all[in[k]][v]
				}
			}
			return in
		},
	}
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
		for i := 0; i+1 < len(values); i += 2 {
			next = append(next, times(values[i], values[i+1]))
		}
		if len(values)%2 == 1 {
			next = append(next, values[len(values)-1])
		}
		values = next
	}
	return values[0]
}
