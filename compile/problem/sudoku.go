package problem

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// units returns the 27 rows, columns and boxes of a Sudoku, as the numbers of their cells.
func units() [27][9]int {
	var u [27][9]int
	for i := range 9 {
		for k := range 9 {
			u[i][k] = 9*i + k
			u[9+i][k] = 9*k + i
			u[18+i][k] = 9*(i/3*3+k/3) + i%3*3 + k%3
		}
	}
	return u
}

// sudoku is propagation in rounds.
func sudoku() Problem {
	return Problem{
		Name: "sudoku", Doc: "n rounds of Sudoku propagation, naked and hidden singles, on the candidates of 81 cells",
		Codes: "bit d − 1 of a cell says that digit d is possible there: 511 is any digit",
		Depth: "2·n", Size: "at most 3645·n", params: []param{size("rounds", 1, 81)},
		Class:  "one finite function for each n; generalised Sudoku is NP-complete",
		Source: "Yato and Seta 2003; what is shown of a 9 × 9 board is its propagation depth",
		Beyond: "does not apply to a finite function",
		Serial: "does not apply to a finite function; as unrolled here a round waits for the round before", Shape: Deep,
		Why:   "a cell may be found only once the ones before it are",
		Steps: "n", Stage: "round",
		build: func(b *circuit.Builder, a compile.Args) {
			var candidates [81][]circuit.Lit
			for c := range candidates {
				candidates[c] = integer(b, fmt.Sprintf("cell[%d,%d]", c/9, c%9), 9)
			}
			unroll(b, "round", a.Int("n"), func(int) { candidates = sudokuRound(b, candidates) })
			for c, digits := range candidates {
				b.OutputPort(fmt.Sprintf("after[%d,%d]", c/9, c%9), unsigned, digits...)
			}
		},
		reference: func(a compile.Args, in []int64) []int64 {
			board := Board{}
			for c, v := range in {
				board[c] = uint16(v)
			}
			for range a.Int("n") {
				board = board.Round()
			}
			out := make([]int64, 81)
			for c, v := range board {
				out[c] = int64(v)
			}
			return out
		},
		sample: sampleBoards,
	}
}

// sudokuRound is one round in two levels: which digits are placed, and which candidates are
// left.
func sudokuRound(b *circuit.Builder, candidates [81][]circuit.Lit) [81][]circuit.Lit {
	// alone is whether a candidate is there and none of the others.
	alone := func(one circuit.Lit, others []circuit.Lit) circuit.Lit {
		all := []circuit.Lit{one}
		for _, l := range others {
			all = append(all, l.Not())
		}
		return b.And(all...)
	}
	// placed[c][d] are the reasons for which cell c has digit d.
	var placed [81][9][]circuit.Lit
	for c, digits := range candidates {
		for d := range 9 {
			placed[c][d] = append(placed[c][d], alone(digits[d], slices.Concat(digits[:d], digits[d+1:])))
		}
	}
	var peers [81][81]bool
	for _, unit := range units() {
		for _, c := range unit {
			for d := range 9 {
				var others []circuit.Lit
				for _, other := range unit {
					if other != c {
						others = append(others, candidates[other][d])
						peers[c][other] = true
					}
				}
				placed[c][d] = append(placed[c][d], alone(candidates[c][d], others))
			}
		}
	}
	var next [81][]circuit.Lit
	for c := range next {
		for d := range 9 {
			var struck []circuit.Lit
			for e := range 9 {
				if e != d {
					struck = append(struck, placed[c][e]...)
				}
			}
			for other, peer := range peers[c] {
				if peer {
					struck = append(struck, placed[other][d]...)
				}
			}
			next[c] = append(next[c], alone(candidates[c][d], struck))
		}
	}
	return next
}
