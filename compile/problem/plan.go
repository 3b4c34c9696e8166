package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// straightLine is a chain of arithmetic steps, each on the result of the one before, as
// in a word problem.
func straightLine() Problem {
	// combine is the value after a step: operation 0 adds, 1 subtracts, 2 multiplies.
	combine := func(operation, value, operand, m int) int {
		switch operation {
		case 0:
			return (value + operand) % m
		case 1:
			return (value - operand + m) % m
		}
		return value * operand % m
	}
	return Problem{
		Name: "arithmetic", Doc: "n steps of arithmetic modulo m, each on the result before: add, subtract or multiply", Codes: "operation[i] = o·m + v adds v if o = 0, subtracts it if o = 1, multiplies by it if o = 2",
		Depth: "n + 1", Size: "3·m²·n + m",
		Params: []compile.Param{size("steps"), number("m", "modulus", 7)}, limits: map[string][2]int{"n": {1, 4096}, "m": {2, 32}},
		Class: "ACC0, not AC0, for each m", Source: "the maps x ↦ ax + b generate a solvable monoid: Barrington and Thérien 1988; not AC0, since counting modulo m reduces to it", Beyond: none, Serial: "no: it is in TC0, and by re-association it has depth O(log n)", Shape: Deep,
		Why:   "each step waits for the result before it, as unrolled here, although other circuits need not: the maps of the steps can be composed",
		Steps: "n", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) error {
			n, m := a.Int("n"), a.Int("m")
			value := choice(b, "start", m)
			for t := range n {
				operation := choice(b, fmt.Sprintf("operation[%d]", t), 3*m) // operation·m + operand
				stepStage(b, t)
				cases := make([][]bit, m)
				for v := range m {
					for o := range 3 * m {
						to := combine(o/m, v, o%m, m)
						cases[to] = append(cases[to], both(b, value[v], operation[o]))
					}
				}
				value = make([]bit, m)
				for v := range m {
					value[v] = plus(b, cases[v]...)
				}
				b.End()
			}
			outputChoice(b, "result", value)
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			m := int64(a.Int("m"))
			return func(in []int64) []int64 {
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
			}
		},
	}
}

// gridWorld is a plan that is carried out move by move.
func gridWorld() Problem {
	return Problem{
		Name: "gridworld", Doc: "where n moves lead in a grid with walls, from the upper left cell", Codes: "move[i] = 0, 1, 2, 3 goes north, east, south, west; cells are numbered row by row; a move into a wall or out of the grid leads nowhere",
		Depth: "n + 1", Size: "at most 8·rows·columns·n",
		Params: []compile.Param{size("moves"), number("rows", "rows", 4), number("columns", "columns", 4)}, limits: map[string][2]int{"n": {1, 1024}, "rows": {2, 32}, "columns": {2, 32}},
		Class: "in L", Source: "the position is a number of O(log n) bits", Beyond: "not claimed here: the walls are inputs", Serial: "no: it is in L, and so in NC2", Shape: Deep,
		Why:   "whether a wall stops a move depends on all moves before, as unrolled here; the maps of the moves can be composed as a tree instead",
		Steps: "n", Stage: "step",
		build: func(b *circuit.Builder, a compile.Args) error {
			rows, columns := a.Int("rows"), a.Int("columns")
			cells := rows * columns
			wall := make([]bit, cells)
			for i := range wall {
				wall[i] = b.Input(fmt.Sprintf("wall[%d,%d]", i/columns, i%columns)).Value()
			}
			at := make([]bit, cells)
			at[0] = circuit.True.Value()
			for t := range a.Int("n") {
				move := choice(b, fmt.Sprintf("move[%d]", t), len(headings))
				stepStage(b, t)
				cases := make([][]bit, cells)
				for i := range cells {
					for d := range headings {
						j, inside := neighbour(i, d, rows, columns)
						if !inside {
							cases[i] = append(cases[i], both(b, at[i], move[d]))
							continue
						}
						cases[j] = append(cases[j], both(b, at[i], move[d], not(wall[j])))
						cases[i] = append(cases[i], both(b, at[i], move[d], wall[j]))
					}
				}
				for i := range cells {
					at[i] = plus(b, cases[i]...)
				}
				b.End()
			}
			outputChoice(b, "cell", at)
			return nil
		},
		reference: func(a compile.Args) func(in []int64) []int64 {
			rows, columns := a.Int("rows"), a.Int("columns")
			return func(in []int64) []int64 {
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
			}
		},
	}
}

// neighbour returns the cell in a direction, if it is in the grid.
func neighbour(i, heading, rows, columns int) (int, bool) {
	r, c := moved(i/columns, i%columns, heading)
	return r*columns + c, r >= 0 && r < rows && c >= 0 && c < columns
}
