package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// stepStage opens the stage of step t, from 0.
func stepStage(b *circuit.Builder, t int) { b.Begin(fmt.Sprintf("step %d", t+1)) }

// outputBits adds output ports for values that may be sums of gates: these take one more
// gate each.
func outputBits(b *circuit.Builder, name func(i int) string, bits []bit) {
	b.Begin("output")
	defer b.End()
	for i, v := range bits {
		b.Output(name(i), single(b, v))
	}
}

// outputChoice adds an output that is one of several, one-hot.
func outputChoice(b *circuit.Builder, name string, bits []bit) {
	b.Begin("output")
	defer b.End()
	var lits []circuit.Lit
	for _, v := range bits {
		lits = append(lits, single(b, v))
	}
	b.OutputPort(name, circuit.Format{Kind: circuit.OneHot}, lits...)
}

// single returns a bit as one literal.
func single(b *circuit.Builder, v bit) circuit.Lit {
	if l, ok := v.Lit(); ok {
		return l
	}
	return b.Threshold(v, circuit.I(1))
}

// elementary is an elementary cellular automaton on a ring.
func elementary() Problem {
	return Problem{
		Name: "rule110", Doc: "t steps of an elementary cellular automaton, such as Rule 110, on a ring of n cells", Codes: "the left neighbour of cell i is i − 1, and is the high bit of a case of the rule",
		Depth: "steps + 1 (Rule 110 and most others)", Size: "3·n·steps + n (Rule 110)",
		Params: []compile.Param{size("cells"), number("steps", "steps", 1), number("rule", "Wolfram's number of the rule", 110)},
		limits: map[string][2]int{"n": {3, 1 << 14}, "steps": {1, 1 << 12}, "rule": {0, 255}},
		Class:  "P-complete (Rule 110, predicting t steps)", Source: "Cook 2004; Neary and Woods 2006", Beyond: "if TC0 ≠ P, for Rule 110", Serial: "yes, if NC ≠ P, for Rule 110", Shape: Deep,
		Why:   "each row is made from the one before; the cells of one row are independent. With a number of steps that does not grow the depth is constant, and the class is that of the problem in which it is a part of the input. Other rules have shortcuts: Rule 90 is linear over GF(2)",
		Steps: "steps", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) error {
			n, rule := a.Int("n"), a.Int("rule")
			row := values(b.Inputs("cell", n))
			for t := range a.Int("steps") {
				stepStage(b, t)
				next := make([]bit, n)
				for i := range next {
					// Bit 2 of the case is the left neighbour.
					near := []bit{row[(i+1)%n], row[i], row[(i+n-1)%n]}
					next[i] = table(b, near, func(m int) bool { return rule>>m&1 == 1 })
				}
				row = next
				b.End()
			}
			outputBits(b, func(i int) string { return fmt.Sprintf("after[%d]", i) }, row)
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			n, rule := a.Int("n"), a.Int("rule")
			return func(in []int64) []int64 {
				for range a.Int("steps") {
					next := make([]int64, n)
					for i := range next {
						left, right := in[(i+n-1)%n], in[(i+1)%n]
						next[i] = int64(rule >> (4*left + 2*in[i] + right) & 1)
					}
					in = next
				}
				return in
			}
		},
	}
}

// gridParams are the parameters of automata on a torus.
func gridParams() []compile.Param {
	return []compile.Param{size("rows and columns"), number("steps", "steps", 1)}
}

// board reads n·n bits.
func board(b *circuit.Builder, name string, n int) []bit {
	var cells []bit
	for i := range n * n {
		cells = append(cells, b.Input(fmt.Sprintf("%s[%d,%d]", name, i/n, i%n)).Value())
	}
	return cells
}

// billiard is the billiard-ball cellular automaton of Margolus.
func billiard() Problem {
	// collide is what becomes of a block of cells: bit 0 upper left, 1 upper right, 2 lower
	// left, 3 lower right. A single ball crosses, two that meet on a diagonal leave on the
	// other, and everything else stays.
	collide := func(m int) int {
		switch m {
		case 1:
			return 8
		case 8:
			return 1
		case 2:
			return 4
		case 4:
			return 2
		case 9:
			return 6
		case 6:
			return 9
		}
		return m
	}
	return Problem{
		Name: "billiard", Doc: "t steps of the billiard-ball cellular automaton on an n × n torus, n even", Codes: "blocks of 2 × 2 cells begin at even rows and columns in the first step, at odd ones in the second, and so on",
		Depth: "steps + 1", Size: "O(n²·steps)",
		Params: gridParams(), limits: map[string][2]int{"n": {2, 128}, "steps": {1, 1 << 12}},
		valid: func(a compile.Args) error {
			if n := a.Int("n"); n%2 == 1 {
				return fmt.Errorf("n=%d is odd: blocks have two rows and two columns", n)
			}
			return nil
		},
		Class: "P-complete (predicting t steps), since it simulates circuits", Source: "balls that collide compute: Fredkin and Toffoli 1982; the automaton: Margolus 1984", Beyond: "if TC0 ≠ P", Serial: "yes, if NC ≠ P", Shape: Deep,
		Why:   "whether two balls meet is known only after what they met before. With a number of steps that does not grow the depth is constant, and the class is that of the problem in which it is a part of the input",
		Steps: "steps", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) error {
			n := a.Int("n")
			cells := board(b, "ball", n)
			for t := range a.Int("steps") {
				stepStage(b, t)
				next := make([]bit, n*n)
				for r := t % 2; r < n; r += 2 {
					for c := t % 2; c < n; c += 2 {
						var at [4]int
						var block []bit
						for k := range at {
							at[k] = (r+k/2)%n*n + (c+k%2)%n
							block = append(block, cells[at[k]])
						}
						for k := range at {
							next[at[k]] = table(b, block, func(m int) bool { return collide(m)>>k&1 == 1 })
						}
					}
				}
				cells = next
				b.End()
			}
			outputBits(b, func(i int) string { return fmt.Sprintf("after[%d,%d]", i/n, i%n) }, cells)
			return nil
		},
		// The reference moves balls, and looks at each block as a whole.
		reference: func(a compile.Args) func(in []int64) []int64 {
			n := a.Int("n")
			return func(in []int64) []int64 {
				now := append([]int64{}, in...)
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
			}
		},
	}
}
