package problem_test

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/problem"
)

var update = flag.Bool("update", false, "make the puzzles anew")

const puzzleFile = "../../testdata/sudoku/puzzles.txt"

// graded makes puzzles of all kinds, in the order of how hard they are.
func graded() string {
	type one struct {
		line          string
		rounds, clues int
		solved        bool
	}
	var all []one
	rng := rand.New(rand.NewPCG(2024, 81))
	solved, stalled := 0, 0
	for k := 0; solved < 45 || stalled < 15; k++ {
		b := problem.GenerateBoard(rng, []int{0, 25, 30, 36, 45}[k%5])
		boards := b.Propagate()
		p := one{b.String(), len(boards), 81 - strings.Count(b.String(), "."), boards[len(boards)-1].Solved()}
		switch {
		case p.solved && solved < 45:
			solved++
		case !p.solved && stalled < 15:
			stalled++
		default:
			continue
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(x, y one) int {
		if x.solved != y.solved {
			if x.solved {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.rounds, y.rounds), cmp.Compare(x.line, y.line))
	})
	var text strings.Builder
	for _, p := range all {
		result := "solved"
		if !p.solved {
			result = "stalls"
		}
		fmt.Fprintf(&text, "%s # %d clues, %d rounds, %s\n", p.line, p.clues, p.rounds, result)
	}
	return text.String()
}

// TestPuzzles propagates every shipped puzzle by the circuit, round by round, and compares
// it with a solver that knows nothing of rounds.
func TestPuzzles(t *testing.T) {
	if *update {
		if err := os.WriteFile(puzzleFile, []byte(graded()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(puzzleFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) < 50 {
		t.Fatalf("%d puzzles", len(lines))
	}
	one := roundCircuit(t)
	for k, line := range lines {
		puzzle, comment, _ := strings.Cut(line, " # ")
		b, err := problem.ParseBoard(puzzle)
		if err != nil {
			t.Fatalf("line %d: %v", k+1, err)
		}
		var clues, rounds int
		var result string
		if _, err := fmt.Sscanf(comment, "%d clues, %d rounds, %s", &clues, &rounds, &result); err != nil {
			t.Fatal(err)
		}
		solutions := bruteForce(puzzle, 2)
		if len(solutions) != 1 {
			t.Fatalf("line %d: %d solutions", k+1, len(solutions))
		}
		now, done := b, 0
		for {
			next := through(t, one, now)
			if next == now {
				break
			}
			now = next
			done++
		}
		if done != rounds || now.Solved() != (result == "solved") {
			t.Errorf("line %d: %d rounds, solved %v; want %s", k+1, done, now.Solved(), comment)
		}
		for c, r := range now.String() { // what is found is right
			if r != '.' && byte(r) != solutions[0][c] {
				t.Errorf("line %d: cell %d is %c, and %c in the solution", k+1, c, r, solutions[0][c])
			}
		}
		if found, complete := b.Solve(2, 100_000); !complete || len(found) != 1 || found[0].String() != solutions[0] {
			t.Errorf("line %d: Solve finds %v", k+1, found)
		}
	}
}

func roundCircuit(t *testing.T) *circuit.Circuit {
	t.Helper()
	s, err := problem.Parse("sudoku:n=1")
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// through sends a board through a circuit.
func through(t *testing.T, c *circuit.Circuit, b problem.Board) problem.Board {
	t.Helper()
	in := make([]int64, 81)
	for i, v := range b {
		in[i] = int64(v)
	}
	out, err := analysis.Evaluate(t.Context(), c, [][]int64{in})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range out[0] {
		b[i] = uint16(v)
	}
	return b
}

// bruteForce fills the first empty cell with each digit that may stand there, and so on.
func bruteForce(line string, most int) []string {
	at := strings.IndexByte(line, '.')
	if at < 0 {
		return []string{line}
	}
	// The cell with the fewest digits, or the search takes hours.
	best, fewest := at, 10
	free := func(c int) []byte {
		var digits []byte
		for d := byte('1'); d <= '9'; d++ {
			ok := true
			for k := range 9 {
				ok = ok && line[c/9*9+k] != d && line[k*9+c%9] != d && line[c/27*27+k/3*9+c%9/3*3+k%3] != d
			}
			if ok {
				digits = append(digits, d)
			}
		}
		return digits
	}
	for c := range 81 {
		if line[c] == '.' {
			if k := len(free(c)); k < fewest {
				best, fewest = c, k
			}
		}
	}
	var found []string
	for _, d := range free(best) {
		if len(found) < most {
			found = append(found, bruteForce(line[:best]+string(d)+line[best+1:], most-len(found))...)
		}
	}
	return found
}

func TestParseBoardRefuses(t *testing.T) {
	empty := strings.Repeat(".", 81)
	for _, test := range []struct{ line, want string }{
		{"123", "a board has 81 cells, and the line has 3"},
		{empty + ".", "a board has 81 cells, and the line has 82"},
		{"x" + empty[1:], `column 1: 'x' is neither a digit nor a point`},
		{"7..7" + empty[4:], "column 4: the digit 7 is in row 1 already, in column 1 of the line"},
		{"7" + empty[1:9] + "7" + empty[10:], "column 10: the digit 7 is in column 1 already, in column 1 of the line"},
		{"..3" + empty[3:10] + "3" + empty[11:], "column 11: the digit 3 is in box 1 already, in column 3 of the line"},
	} {
		_, err := problem.ParseBoard(test.line)
		var bad *problem.BoardError
		if !errors.As(err, &bad) || err.Error() != "sudoku: "+test.want {
			t.Errorf("%q: %v, want %s", test.line, err, test.want)
		}
	}
	if b, err := problem.ParseBoard(strings.Repeat("0", 81)); err != nil || len(b.Propagate()) != 0 {
		t.Errorf("an empty board: %v", err)
	}
}
