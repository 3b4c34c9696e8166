package problem

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// formulaValue evaluates a balanced formula. Its connectives are inputs.
func formulaValue() Problem {
	return Problem{
		Name: "formula", Doc: "the value of a balanced AND-OR formula with n leaves; its connectives are inputs, too",
		Codes: "or[i] = 0 is AND, 1 is OR, pair by pair from the leaves up; a value without a partner goes up as it is",
		Depth: "⌈log₂ n⌉", Size: "n − 1", params: []param{size("leaves", 2, 1<<16)},
		Class: "NC1-complete", Best: logTime, BestSource: logTimeSource,
		Source: "Buss 1987; a balanced formula whose connectives are inputs is as hard: pad it",
		Beyond: "if TC0 ≠ NC1", Serial: "no: depth O(log n)", Shape: Between,
		Why: "a value waits for the two below it, and the tree is log n high",
		build: func(b *circuit.Builder, a compile.Args) {
			n := a.Int("n")
			level := b.Inputs("leaf", n)
			ops := b.Inputs("or", n-1)
			b.Output("value", reduce(level, true, func(x, y circuit.Lit) circuit.Lit {
				op := ops[0]
				ops = ops[1:]
				// x and y if the connective is 0, x or y if it is 1.
				return b.Majority(x, y, op)
			}))
		},
		reference: func(a compile.Args, in []int64) []int64 {
			n := a.Int("n")
			level, ops := in[:n], in[n:]
			for len(level) > 1 {
				var next []int64
				for pair := range slices.Chunk(level, 2) {
					v := pair[0]
					switch {
					case len(pair) == 1:
						next = append(next, v)
						continue
					case ops[0] == 1:
						v |= pair[1]
					default:
						v &= pair[1]
					}
					next, ops = append(next, v), ops[1:]
				}
				level = next
			}
			return level
		},
	}
}

// logTime is what is known of all of NC1.
const (
	logTime       = "O(log n/log log n)"
	logTimeSource = "Chandra, Stockmeyer and Vishkin 1984, for all of NC1"
)

// The kinds of graph.
const (
	directed   = "directed"
	undirected = "undirected"
)

// pairs returns the pairs of vertices that have an input, which says whether an edge joins them.
func pairs(a compile.Args) [][2]int {
	var all [][2]int
	n := a.Int("n")
	for i := range n {
		for j := range n {
			if i < j || i > j && a["kind"] == directed {
				all = append(all, [2]int{i, j})
			}
		}
	}
	return all
}

// square returns an n × n matrix of zeros.
func square[T any](n int) [][]T {
	m := make([][]T, n)
	for i := range m {
		m[i] = make([]T, n)
	}
	return m
}

// reachability decides whether there is a path, by squaring.
func reachability() Problem {
	return Problem{
		Name: "reachability", Doc: "whether a path leads from the first of n vertices to the last",
		Depth: "2·⌈log₂ (n − 1)⌉", Size: "O(n³·log n)",
		params: []param{size("vertices", 2, 128), oneOf("kind", "kind of graph", directed, undirected)},
		Class:  "NL-complete (directed), L-complete (undirected)",
		Source: "Jones 1975 (directed); Reingold 2008 and Cook and McKenzie 1987 (undirected)",
		Beyond: "if TC0 ≠ NL (directed), if TC0 ≠ L (undirected)", Serial: "no: it is in NC2", Shape: Between,
		sample: sampleGraph,
		Why:    "paths of twice the length are found in two levels",
		build: func(b *circuit.Builder, a compile.Args) {
			n := a.Int("n")
			reach := square[circuit.Lit](n)
			for i := range n {
				reach[i][i] = circuit.True
			}
			for _, e := range pairs(a) {
				i, j := e[0], e[1]
				reach[i][j] = b.Input(fmt.Sprintf("edge[%d,%d]", i, j))
				if a["kind"] == undirected {
					reach[j][i] = reach[i][j]
				}
			}
			for length := 1; length < n-1; length *= 2 {
				b.Begin("squaring")
				next := square[circuit.Lit](n)
				for i := range n {
					for j := range n {
						ways := make([]circuit.Lit, n)
						for k := range n {
							ways[k] = b.And(reach[i][k], reach[k][j])
						}
						next[i][j] = b.Or(ways...)
					}
				}
				reach = next
				b.End()
			}
			b.Output("reachable", reach[0][n-1])
		},
		reference: func(a compile.Args, in []int64) []int64 { // breadth first
			n := a.Int("n")
			edge := square[bool](n)
			for k, e := range pairs(a) {
				edge[e[0]][e[1]] = in[k] == 1
				if a["kind"] == undirected {
					edge[e[1]][e[0]] = in[k] == 1
				}
			}
			seen, queue := make([]bool, n), []int{0}
			seen[0] = true
			for ; len(queue) > 0; queue = queue[1:] {
				for j, e := range edge[queue[0]] {
					if e && !seen[j] {
						seen[j], queue = true, append(queue, j)
					}
				}
			}
			return answer(seen[n-1])
		},
	}
}

// The ways to build one gate of a circuit that is an input.
const (
	selectKind = "select"
	pairsKind  = "pairs"
)

// circuitValue evaluates a circuit of NAND gates that is an input.
func circuitValue() Problem {
	return Problem{
		Name: "cvp", Doc: "the value of a circuit of n NAND gates; which two values each reads is an input, too",
		Codes: "left[g] = k and right[g] = k read input k, or the gate k − inputs",
		Depth: "2·n (select), n + 1 (pairs)", Size: "n² + 2·n·inputs (select), O(n·(n + inputs)²) (pairs)",
		params: []param{
			size("gates", 1, 1024), number("inputs", "inputs of the circuit", 3, 2, 256),
			oneOf("kind", "what a gate reads is selected first, or all pairs that it may read are tried at once",
				selectKind, pairsKind),
		},
		valid: func(a compile.Args) error {
			if n, inputs := a.Int("n"), a.Int("inputs"); a["kind"] == pairsKind && n+inputs > mostPairs {
				return fmt.Errorf("kind=%s: n + inputs = %d is more than %d", pairsKind, n+inputs, mostPairs)
			}
			return nil
		},
		Class: "P-complete", Source: "Ladner 1975", Beyond: "if TC0 ≠ P", Serial: "yes, if NC ≠ P", Shape: Deep,
		Why:   "a gate may read the one before it, and no way is known, in general, not to wait for that",
		Steps: "n", Stage: "gate",
		build: func(b *circuit.Builder, a compile.Args) {
			known := values(b.Inputs("x", a.Int("inputs")))
			nand := nandOfSelected
			if a["kind"] == pairsKind {
				nand = nandOfPairs
			}
			unroll(b, "gate", a.Int("n"), func(g int) {
				left := choice(b, fmt.Sprintf("left[%d]", g), len(known))
				right := choice(b, fmt.Sprintf("right[%d]", g), len(known))
				known = append(known, nand(b, left, right, known))
			})
			b.Output("value", single(b, known[len(known)-1]))
		},
		reference: func(a compile.Args, in []int64) []int64 {
			k := a.Int("inputs")
			known := slices.Clone(in[:k])
			for gate := range slices.Chunk(in[k:], 2) {
				known = append(known, 1-known[gate[0]]*known[gate[1]])
			}
			return known[len(known)-1:]
		},
	}
}

// mostPairs bounds the number of values if all their pairs are tried.
const mostPairs = 80

// selected is the value that a one-hot code names.
func selected(b *circuit.Builder, code, known []bit) bit {
	var cases []bit
	for i, s := range code {
		cases = append(cases, both(b, s, known[i]))
	}
	return plus(b, cases...)
}

// nandOfSelected is the NAND of two values named by one-hot codes, which are selected first.
func nandOfSelected(b *circuit.Builder, left, right, known []bit) bit {
	return not(both(b, selected(b, left, known), selected(b, right, known)))
}

// nandOfPairs is the NAND of two values named by one-hot codes: 1 minus the gate of the named pair,
// all on one level.
func nandOfPairs(b *circuit.Builder, left, right, known []bit) bit {
	var cases []bit
	for i, l := range left {
		for j, r := range right {
			cases = append(cases, both(b, l, r, known[i], known[j]))
		}
	}
	return not(plus(b, cases...))
}

// sampleGraph draws a graph with few edges. A long path leads from the first vertex to the last,
// but one edge of it may be missing.
func sampleGraph(a compile.Args, rng *rand.Rand) []int64 {
	n := a.Int("n")
	order := rng.Perm(n)
	swap := func(v, to int) {
		i := slices.Index(order, v)
		order[i], order[to] = order[to], order[i]
	}
	swap(0, 0) // the path begins with 0 and ends with n − 1
	swap(n-1, n-1)
	length := 1 + rng.IntN(n-1)
	path := append(order[:length:length], n-1)
	edge := map[[2]int]bool{}
	for i := range len(path) - 1 {
		edge[[2]int{path[i], path[i+1]}] = true
	}
	for range rng.IntN(n) {
		edge[[2]int{rng.IntN(n), rng.IntN(n)}] = true
	}
	if cut := rng.IntN(2 * length); cut < length {
		delete(edge, [2]int{path[cut], path[cut+1]})
	}
	var in []int64
	for _, e := range pairs(a) {
		in = append(in, truth(edge[e] || a["kind"] == undirected && edge[[2]int{e[1], e[0]}]))
	}
	return in
}
