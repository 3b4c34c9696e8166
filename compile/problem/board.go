package problem

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/tc0lab/tc0/compile"
)

// Board is a Sudoku as the candidates of its 81 cells, row by row: bit d−1 of a cell says
// that digit d is possible there.
type Board [81]uint16

// every is a cell in which all digits are possible.
const every = 1<<9 - 1

// BoardError says why a line is not a Sudoku.
type BoardError struct {
	Column int // of the line, from 1; 0 if the whole line is meant
	What   string
}

func (e *BoardError) Error() string {
	if e.Column == 0 {
		return "sudoku: " + e.What
	}
	return fmt.Sprintf("sudoku: column %d: %s", e.Column, e.What)
}

// ParseBoard reads the usual line of 81 characters, row by row. A digit from 1 to 9 is given. 0 or a point is
// an empty cell.
//
// Errors: a [*BoardError] if the line has another length or other characters, or if a row, a column
// or a box has a digit twice.
func ParseBoard(line string) (Board, error) {
	var b Board
	cells := []rune(line)
	if len(cells) != 81 {
		return b, &BoardError{0, fmt.Sprintf("a board has 81 cells, and the line has %d", len(cells))}
	}
	for c, r := range cells {
		switch {
		case r == '.' || r == '0':
			b[c] = every
		case r >= '1' && r <= '9':
			b[c] = 1 << (r - '1')
		default:
			return b, &BoardError{c + 1, fmt.Sprintf("%q is neither a digit nor a point", r)}
		}
	}
	names := []string{"row", "column", "box"}
	for k, unit := range units() {
		seen := map[uint16]int{}
		for _, c := range unit {
			if bits.OnesCount16(b[c]) != 1 {
				continue
			}
			if before, ok := seen[b[c]]; ok {
				return b, &BoardError{c + 1, fmt.Sprintf("the digit %d is in %s %d already, in column %d of the line",
					bits.TrailingZeros16(b[c])+1, names[k/9], k%9+1, before+1)}
			}
			seen[b[c]] = c
		}
	}
	return b, nil
}

// String writes the board as a line of 81 characters. A point is a cell with several candidates,
// and ! is a cell without candidates.
func (b Board) String() string {
	var s strings.Builder
	for _, v := range b {
		switch bits.OnesCount16(v) {
		case 0:
			s.WriteByte('!')
		case 1:
			s.WriteByte(byte('1' + bits.TrailingZeros16(v)))
		default:
			s.WriteByte('.')
		}
	}
	return s.String()
}

// Solved says whether every cell has one candidate.
func (b Board) Solved() bool { return !strings.ContainsAny(b.String(), ".!") }

// Broken says whether some cell has no candidates. Then the puzzle has no solution.
func (b Board) Broken() bool { return strings.Contains(b.String(), "!") }

// Round does one round of propagation. It places a digit in a cell if the cell has no other
// candidate. It also places a digit if a row, a column or a box has only one cell for it. Then it
// strikes the other candidates of the cell, and the digit from its row, column and box. All of this
// looks at the board before the round.
func (b Board) Round() Board {
	next := b
	place := func(c, d int) {
		next[c] &= 1 << d
		for other := range 81 {
			if other != c && (other/9 == c/9 || other%9 == c%9 || other/27 == c/27 && other%9/3 == c%9/3) {
				next[other] &^= 1 << d
			}
		}
	}
	for c, v := range b {
		if bits.OnesCount16(v) == 1 {
			place(c, bits.TrailingZeros16(v))
		}
	}
	// The cells of a row, a column or a box, by arithmetic: the circuit has a table of them.
	unit := []func(i, k int) int{
		func(i, k int) int { return 9*i + k },
		func(i, k int) int { return i + 9*k },
		func(i, k int) int { return 27*(i/3) + 3*(i%3) + 9*(k/3) + k%3 },
	}
	for _, cell := range unit {
		for i := range 9 {
			for d := range 9 {
				where, count := 0, 0
				for k := range 9 {
					if c := cell(i, k); b[c]>>d&1 == 1 {
						where, count = c, count+1
					}
				}
				if count == 1 {
					place(where, d)
				}
			}
		}
	}
	return next
}

// Propagate does rounds until the board stops changing, and returns the board after each round. The number of
// boards is the propagation depth of the puzzle.
func (b Board) Propagate() []Board {
	var boards []Board
	for {
		next := b.Round()
		if next == b {
			return boards
		}
		boards = append(boards, next)
		b = next
	}
}

// Solve returns up to most solutions, by propagation and search. If the search tries more than the given number
// of boards, it gives up, and complete is false.
func (b Board) Solve(most, boards int) (found []Board, complete bool) {
	found = b.search(most, nil, &boards)
	return found, boards >= 0
}

// search solves a board. It tries digits in the order of rng, or from 1 on without rng. It stops when boards is
// below 0.
func (b Board) search(most int, rng *rand.Rand, boards *int) []Board {
	if *boards--; *boards < 0 {
		return nil
	}
	if all := b.Propagate(); len(all) > 0 {
		b = all[len(all)-1]
	}
	if b.Broken() || !b.legal() {
		return nil
	}
	if b.Solved() {
		return []Board{b}
	}
	fewest := -1
	for c, v := range b {
		if k := bits.OnesCount16(v); k > 1 && (fewest < 0 || k < bits.OnesCount16(b[fewest])) {
			fewest = c
		}
	}
	order := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}
	if rng != nil {
		rng.Shuffle(9, func(i, j int) { order[i], order[j] = order[j], order[i] })
	}
	var found []Board
	for _, d := range order {
		if b[fewest]>>d&1 == 1 && len(found) < most && *boards >= 0 {
			try := b
			try[fewest] = 1 << d
			found = append(found, try.search(most-len(found), rng, boards)...)
		}
	}
	return found
}

// legal says that the single candidates of a unit differ from each other.
func (b Board) legal() bool {
	for _, unit := range units() {
		seen := uint16(0)
		for _, c := range unit {
			if bits.OnesCount16(b[c]) == 1 {
				if seen&b[c] != 0 {
					return false
				}
				seen |= b[c]
			}
		}
	}
	return true
}

// GenerateBoard makes a puzzle with one solution. It begins with a random full board, and takes
// away digits in random order. It keeps a digit if the puzzle would have several solutions without
// it. It stops at the given number of clues.
func GenerateBoard(rng *rand.Rand, clues int) Board {
	puzzle := filled(rng)
	left := 81
	for _, c := range rng.Perm(81) {
		if left <= clues {
			break
		}
		kept := puzzle[c]
		if puzzle[c] = every; !puzzle.single() {
			puzzle[c] = kept
			continue
		}
		left--
	}
	return puzzle
}

// unbounded is a number of boards that a search never reaches.
const unbounded = 1 << 40

// single says whether there is just one solution.
func (b Board) single() bool {
	found, _ := b.Solve(2, unbounded)
	return len(found) == 1
}

// filled returns a solved board, by a search in the order of rng.
func filled(rng *rand.Rand) Board {
	var empty Board
	for c := range empty {
		empty[c] = every
	}
	boards := unbounded
	return empty.search(1, rng, &boards)[0]
}

// fullBoard is some solved board, from which others are made by renaming.
var fullBoard = sync.OnceValue(func() Board { return filled(nil) })

// renamed returns a solved board with digits, bands and rows of bands exchanged at random.
func renamed(b Board, rng *rand.Rand) Board {
	digits, bands := rng.Perm(9), rng.Perm(3)
	rows := [3][]int{rng.Perm(3), rng.Perm(3), rng.Perm(3)}
	var out Board
	for c, v := range b {
		r := c / 9
		r = 3*bands[r/3] + rows[r/3][r%3]
		at := 9*r + c%9
		out[at] = 1 << digits[bits.TrailingZeros16(v)]
	}
	if rng.IntN(2) == 0 {
		var turned Board
		for c, v := range out {
			turned[c%9*9+c/9] = v
		}
		out = turned
	}
	return out
}

// sampleBoards draws candidates as they occur during propagation: some digits of a random full
// board are given, and a few candidates of the other cells are struck.
func sampleBoards(_ compile.Args, rng *rand.Rand) []int64 {
	full := renamed(fullBoard(), rng)
	in := make([]int64, 81)
	given := rng.IntN(60)
	for c := range in {
		in[c] = every
		if rng.IntN(81) < given {
			in[c] = int64(full[c])
		} else if rng.IntN(2) == 0 {
			in[c] &= rng.Int64N(1<<9) | int64(full[c])
		}
	}
	if rng.IntN(20) == 0 {
		in[rng.IntN(81)] = rng.Int64N(1 << 9) // perhaps wrong
	}
	return in
}
