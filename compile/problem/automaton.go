package problem

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// sameSteps says what remains of a P-complete problem if the number of steps is fixed.
const sameSteps = "With a number of steps that does not grow, each cell depends on a number of cells that does not " +
	"grow, and the circuits are in NC0: the class is that of the problem in which t, in unary, is a part of the input"

// elementary is an elementary cellular automaton on a ring.
func elementary() Problem {
	return Problem{
		Name: "rule110", Doc: "t steps of an elementary cellular automaton, such as Rule 110, on a ring of n cells",
		Codes: "the left neighbour of cell i is i − 1, and is the high bit of a case of the rule",
		Depth: "steps + 1 (Rule 110 and most others)", Size: "3·n·steps + n (Rule 110)",
		facts: func(a compile.Args, p *Problem) {
			ruleFacts(a.Int("rule"), p)
			if n, t := a.Int("n"), a.Int("steps"); p.Class == predicting && a["n"] != "" && n <= 2*t {
				p.Why += fmt.Sprintf(". This ring of %d cells is smaller than 2·t + 1 = %d", n, 2*t+1)
			}
		},
		params: []param{
			size("cells", 3, 1<<14), number("steps", "steps", 1, 1, 1<<12),
			number("rule", "Wolfram's number of the rule", 110, 0, 255),
		},
		Class: "by the rule; of Rule 110 " + predicting, Source: universal,
		Beyond: "if TC0 ≠ P, for Rule 110", Serial: "yes, if NC ≠ P, for Rule 110", Shape: Deep,
		Why:   rowByRow + ". Other rules have shortcuts: Rule 90 is linear over GF(2)",
		Steps: "steps", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) {
			n, rule := a.Int("n"), a.Int("rule")
			row := values(b.Inputs("cell", n))
			unroll(b, "step", a.Int("steps"), func(int) {
				next := make([]bit, n)
				for i := range next {
					// Bit 2 of the case is the left neighbour.
					near := []bit{row[(i+1)%n], row[i], row[(i+n-1)%n]}
					next[i] = function(b, near, func(m int) bool { return rule>>m&1 == 1 })
				}
				row = next
			})
			outputBits(b, func(i int) string { return fmt.Sprintf("after[%d]", i) }, row)
		},
		reference: func(a compile.Args, in []int64) []int64 {
			n, rule := len(in), a.Int("rule")
			for range a.Int("steps") {
				next := make([]int64, n)
				for i := range next {
					left, right := in[(i+n-1)%n], in[(i+1)%n]
					next[i] = int64(rule >> (4*left + 2*in[i] + right) & 1)
				}
				in = next
			}
			return in
		},
	}
}

// torus are the parameters of automata on a torus.
func torus() []param {
	return []param{size("rows and columns", 2, 128), number("steps", "steps", 1, 1, 1<<12)}
}

// board reads n·n bits.
func board(b *circuit.Builder, name string, n int) []bit {
	var cells []bit
	for i := range n * n {
		cells = append(cells, b.Input(fmt.Sprintf("%s[%d,%d]", name, i/n, i%n)).Value())
	}
	return cells
}

// collisions maps the blocks of the billiard-ball automaton that change to their next states. Bit 0 is upper
// left, 1 upper right, 2 lower left, 3 lower right. A single ball crosses the block. Two balls that meet on a
// diagonal leave on the other diagonal.
var collisions = map[int]int{1: 8, 8: 1, 2: 4, 4: 2, 9: 6, 6: 9}

// billiard is the billiard-ball cellular automaton of Margolus.
func billiard() Problem {
	return Problem{
		Name: "billiard", Doc: "t steps of the billiard-ball cellular automaton on an n × n torus, n even",
		Codes: "blocks of 2 × 2 cells begin at even rows and columns in the first step, at odd ones in the second, " +
			"and so on",
		Depth: "steps + 1", Size: "O(n²·steps)", params: torus(),
		valid: func(a compile.Args) error {
			if n := a.Int("n"); n%2 == 1 {
				return fmt.Errorf("n=%d is odd: blocks have two rows and two columns", n)
			}
			return nil
		},
		Class:  "P-complete (predicting t steps, t in unary a part of the input), since it simulates circuits",
		Source: "balls that collide compute: Fredkin and Toffoli 1982; the automaton: Margolus 1984",
		Beyond: "if TC0 ≠ P", Serial: "yes, if NC ≠ P", Shape: Deep,
		Why:   "whether two balls meet is known only after what they met before. " + sameSteps,
		Steps: "steps", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) {
			n := a.Int("n")
			cells := board(b, "ball", n)
			unroll(b, "step", a.Int("steps"), func(t int) {
				for r := t % 2; r < n; r += 2 {
					for c := t % 2; c < n; c += 2 {
						collide(b, cells, []int{r*n + c, r*n + (c+1)%n, (r+1)%n*n + c, (r+1)%n*n + (c+1)%n})
					}
				}
			})
			outputBits(b, func(i int) string { return fmt.Sprintf("after[%d,%d]", i/n, i%n) }, cells)
		},
		// The reference moves balls, and looks at each block as a whole.
		reference: func(a compile.Args, in []int64) []int64 {
			n := a.Int("n")
			now := slices.Clone(in)
			for t := range a.Int("steps") {
				for r := t % 2; r < n; r += 2 {
					for c := t % 2; c < n; c += 2 {
						down, right := (r+1)%n, (c+1)%n
						ul, ur, ll, lr := &now[r*n+c], &now[r*n+right], &now[down*n+c], &now[down*n+right]
						switch *ul + *ur + *ll + *lr {
						case 1:
							*ul, *ur, *ll, *lr = *lr, *ll, *ur, *ul
						case 2:
							if *ul == *lr {
								*ul, *ur, *ll, *lr = *ur, *ul, *lr, *ll
							}
						}
					}
				}
			}
			return now
		},
	}
}

// collide replaces the cells of one block. The other blocks of the step do not have these cells.
func collide(b *circuit.Builder, cells []bit, at []int) {
	var block []bit
	for _, i := range at {
		block = append(block, cells[i])
	}
	for k, i := range at {
		cells[i] = function(b, block, func(m int) bool {
			if to, ok := collisions[m]; ok {
				m = to
			}
			return m>>k&1 == 1
		})
	}
}
