package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// formulaValue evaluates a balanced formula, whose connectives are inputs.
func formulaValue() Problem {
	return Problem{
		Name: "formula", Doc: "the value of a balanced AND-OR formula with n leaves; its connectives are inputs, too", Depth: "⌈log₂ n⌉", Size: "n − 1",
		Params: []compile.Param{size("leaves")}, limits: map[string][2]int{"n": {2, 1 << 16}},
		Class: "NC1-complete", Source: "Buss 1987", Beyond: "if TC0 ≠ NC1", Serial: "no: depth O(log n)", Shape: Between,
		Why: "a value waits for the two below it, and the tree is log n high",
		build: func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			level := b.Inputs("leaf", n)
			ops := b.Inputs("or", n-1)
			used := 0
			b.Output("value", reduce(level, true, func(x, y circuit.Lit) circuit.Lit {
				used++
				// x and y if the connective is 0, x or y if it is 1.
				return b.Majority(x, y, ops[used-1])
			}))
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			n := a.Int("n")
			return func(in []int64) []int64 {
				level, ops := in[:n], in[n:]
				for len(level) > 1 {
					var next []int64
					for i := 0; i < len(level); i += 2 {
						if i+1 == len(level) {
							next = append(next, level[i])
							continue
						}
						v := level[i] & level[i+1]
						if ops[0] == 1 {
							v = level[i] | level[i+1]
						}
						next, ops = append(next, v), ops[1:]
					}
					level = next
				}
				return []int64{level[0]}
			}
		},
	}
}

// The kinds of graph.
const (
	directed   = "directed"
	undirected = "undirected"
)

// reachability decides whether there is a path, by squaring.
func reachability() Problem {
	return Problem{
		Name: "reachability", Doc: "whether a path leads from the first of n vertices to the last", Depth: "2·⌈log₂ (n − 1)⌉", Size: "O(n³·log n)",
		Params: []compile.Param{size("vertices"), {Name: "kind", Doc: "kind of graph", Default: directed, Choices: []string{directed, undirected}}},
		limits: map[string][2]int{"n": {2, 128}},
		Class:  "NL-complete (directed), L-complete (undirected)", Source: "Jones 1975; Reingold 2008", Beyond: "if TC0 ≠ NL (directed), if TC0 ≠ L (undirected)", Serial: "no: it is in NC2", Shape: Between,
		Why: "paths of twice the length are found in two levels",
		build: func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			reach := make([][]circuit.Lit, n)
			for i := range reach {
				reach[i] = make([]circuit.Lit, n)
				reach[i][i] = circuit.True
			}
			for i := range n {
				for j := range n {
					if i == j || a["kind"] == undirected && i > j {
						continue
					}
					reach[i][j] = b.Input(fmt.Sprintf("edge[%d,%d]", i, j))
					if a["kind"] == undirected {
						reach[j][i] = reach[i][j]
					}
				}
			}
			for length := 1; length < n-1; length *= 2 {
				b.Begin("squaring")
				next := make([][]circuit.Lit, n)
				for i := range n {
					for j := range n {
						var ways []circuit.Lit
						for k := range n {
							ways = append(ways, b.And(reach[i][k], reach[k][j]))
						}
						next[i] = append(next[i], b.Or(ways...))
					}
				}
				reach = next
				b.End()
			}
			b.Output("reachable", reach[0][n-1])
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			n := a.Int("n")
			return func(in []int64) []int64 { // breadth first
				edge := make([][]bool, n)
				for i := range edge {
					edge[i] = make([]bool, n)
				}
				for i := range n {
					for j := range n {
						if i == j || a["kind"] == undirected && i > j {
							continue
						}
						edge[i][j] = edge[i][j] || in[0] == 1
						if a["kind"] == undirected {
							edge[j][i] = edge[i][j]
						}
						in = in[1:]
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
				return []int64{truth(seen[n-1])}
			}
		},
	}
}

// circuitValue evaluates a circuit of NAND gates that is an input.
func circuitValue() Problem {
	return Problem{
		Name: "cvp", Doc: "the value of a circuit of n NAND gates; which two values each reads is an input, too", Depth: "2·n", Size: "n·(n + 2·inputs) and less",
		Params: []compile.Param{size("gates"), number("inputs", "inputs of the circuit", 3)}, limits: map[string][2]int{"n": {1, 1024}, "inputs": {1, 256}},
		Class: "P-complete", Source: "Ladner 1975", Beyond: "if TC0 ≠ P", Serial: "yes, if NC ≠ P", Shape: Deep,
		Why:   "a gate may read the one before it, which nobody knows how to do without waiting, in general",
		Steps: "n", Stage: "gate",
		build: func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			known := values(b.Inputs("x", a.Int("inputs")))
			for g := range n {
				b.Begin(fmt.Sprintf("gate %d", g+1))
				var read [2]bit
				for side, name := range []string{"left", "right"} {
					select1 := choice(b, fmt.Sprintf("%s[%d]", name, g), len(known))
					var cases []bit
					for i, s := range select1 {
						cases = append(cases, both(b, s, known[i]))
					}
					read[side] = plus(b, cases...)
				}
				known = append(known, not(both(b, read[0], read[1])))
				b.End()
			}
			l, _ := known[len(known)-1].Lit()
			b.Output("value", l)
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			k := a.Int("inputs")
			return func(in []int64) []int64 {
				known := append([]int64{}, in[:k]...)
				for in = in[k:]; len(in) > 0; in = in[2:] {
					known = append(known, 1-known[in[0]]*known[in[1]])
				}
				return known[len(known)-1:]
			}
		},
	}
}
