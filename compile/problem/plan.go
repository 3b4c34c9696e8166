package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// steps appends n steps. Each gets an input of its own: a one-hot choice of one in count.
func steps(b *circuit.Builder, a compile.Args, input string, count int, step func(chosen []bit)) {
	for t := range a.Int("n") {
		chosen := choice(b, fmt.Sprintf("%s[%d]", input, t), count) // outside of the stage
		b.Begin(fmt.Sprintf("step %d", t+1))
		step(chosen)
		b.End()
	}
}

// straightLine is a chain of arithmetic steps, as in a word problem. Each step works on the result before it.
func straightLine() Problem {
	return Problem{
		Name: "arithmetic", Doc: "n steps of arithmetic modulo m, each on the result before: add, subtract or multiply",
		Codes: "operation[i] = o·m + v adds v if o = 0, subtracts it if o = 1, multiplies by it if o = 2",
		Depth: "n + 1", Size: "3·m²·n + m",
		params: []param{size("steps", 1, 4096), number("m", "modulus", 7, 2, 32)},
		Class:  "ACC0, not AC0, for each m",
		Source: "the maps x ↦ ax + b generate a solvable monoid: Barrington and Thérien 1988; " +
			"not AC0, since counting modulo m reduces to it",
		Beyond: none, Serial: "no: it is in TC0, and by re-association it has depth O(log n)", Shape: Shortcut,
		Why: "each step waits for the result before it, as unrolled here, although other circuits need not: " +
			"the maps of the steps can be composed",
		Steps: "n", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) {
			m := a.Int("m")
			value := choice(b, "start", m)
			steps(b, a, "operation", 3*m, func(operation []bit) {
				cases := make([][]bit, m)
				for v, now := range value {
					for o, chosen := range operation {
						to := []int{v + o, v - o%m + m, v * (o % m)}[o/m] % m
						cases[to] = append(cases[to], both(b, now, chosen))
					}
				}
				value = merged(b, cases)
			})
			outputChoice(b, "result", value)
		},
		reference: func(a compile.Args, in []int64) []int64 {
			m := int64(a.Int("m"))
			v := in[0]
			for _, o := range in[1:] {
				switch k := o % m; o / m {
				case 0:
					v = (v + k) % m
				case 1:
					v = (v + m - k) % m
				default:
					v = v * k % m
				}
			}
			return []int64{v}
		},
	}
}

// gridWorld is a plan that is carried out move by move.
func gridWorld() Problem {
	return Problem{
		Name: "gridworld", Doc: "where n moves lead in a grid with walls, from the upper left cell",
		Codes: "move[i] = 0, 1, 2, 3 goes north, east, south, west; cells are numbered row by row; " +
			"a move into a wall or out of the grid leads nowhere",
		Depth: "n + 1", Size: "at most 8·rows·columns·n",
		params: []param{
			size("moves", 1, 1024), number("rows", "rows", 4, 2, 32), number("columns", "columns", 4, 2, 32),
		},
		Class: "in L", Source: "the position is a number of O(log n) bits",
		Beyond: "not claimed here: the walls are inputs", Serial: "no: it is in L, and so in NC2", Shape: Shortcut,
		Why: "whether a wall stops a move depends on all moves before, as unrolled here; " +
			"the maps of the moves can be composed as a tree instead",
		Steps: "n", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) {
			rows, columns := a.Int("rows"), a.Int("columns")
			wall, at := make([]bit, rows*columns), make([]bit, rows*columns)
			for i := range wall {
				wall[i] = b.Input(fmt.Sprintf("wall[%d,%d]", i/columns, i%columns)).Value()
			}
			at[0] = circuit.True.Value()
			steps(b, a, "move", len(headings), func(moves []bit) {
				cases := make([][]bit, len(at))
				for i, here := range at {
					for d, move := range moves {
						r, c := i/columns+headings[d].down, i%columns+headings[d].right
						if r < 0 || r >= rows || c < 0 || c >= columns {
							cases[i] = append(cases[i], both(b, here, move))
							continue
						}
						to := r*columns + c
						cases[to] = append(cases[to], both(b, here, move, not(wall[to])))
						cases[i] = append(cases[i], both(b, here, move, wall[to]))
					}
				}
				at = merged(b, cases)
			})
			outputChoice(b, "cell", at)
		},
		reference: func(a compile.Args, in []int64) []int64 {
			rows, columns := a.Int("rows"), a.Int("columns")
			wall, moves := in[:rows*columns], in[rows*columns:]
			r, c := 0, 0
			for _, m := range moves {
				y, x := r, c
				switch m {
				case 0:
					y--
				case 1:
					x++
				case 2:
					y++
				case 3:
					x--
				}
				if y >= 0 && y < rows && x >= 0 && x < columns && wall[y*columns+x] == 0 {
					r, c = y, x
				}
			}
			return []int64{int64(r*columns + c)}
		},
	}
}
