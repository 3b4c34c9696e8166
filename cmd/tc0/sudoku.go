package main

import (
	"errors"
	"fmt"
	"io"
	"math/bits"
	"math/rand/v2"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/internal/table"
)

type sudokuCmd struct {
	Line     []string `arg:"" optional:"" help:"Puzzles, each a line of 81 cells, row by row: 1 to 9 is given, 0 or a point is empty; - reads standard input. Unless given, the shipped ones, from easy to hard."`
	In       string   `placeholder:"FILE" help:"Read puzzles from a file, one a line; - is standard input. What follows a # is a comment."`
	Generate *int     `placeholder:"N" help:"Make N puzzles with one solution instead, with --seed."`
	Clues    int      `default:"0" placeholder:"K" help:"Stop taking digits from a generated puzzle at K of them; 0 takes as many as can be."`
	Boards   bool     `help:"Print the board after every round."`
}

func (sudokuCmd) Help() string {
	return `A round of propagation places each digit that is the only candidate of its cell, and each that has
only one cell left in a row, column or box, and strikes what that rules out, everywhere at once. As a circuit it
is two levels of AND gates. How many rounds change anything is the propagation depth of the puzzle; it is that
of this circuit, and no lower bound. Some puzzles stall: then a solver has to search.

The boards are computed by the circuit and compared with a plain solver.

Examples:

  tc0 sudoku
  tc0 sudoku --in puzzles.txt
  tc0 sudoku --generate 5 --seed 3 --json
`
}

// puzzle is the JSON of one puzzle.
type puzzle struct {
	From   string   `json:"from"`
	Line   string   `json:"puzzle"`
	Clues  int      `json:"clues"`
	Rounds int      `json:"rounds"`      // the propagation depth
	Depth  int      `json:"depth"`       // of the circuit of so many rounds
	Size   int      `json:"size"`        // its gates
	Result string   `json:"result"`      // solved, stalls or contradiction
	Open   int      `json:"open"`        // cells that are not known when it stalls
	Found  int      `json:"solutions"`   // by search; 2 stands for more than one, −1 for a search that was given up
	Agrees bool     `json:"agrees"`      // circuit and plain solver
	After  []string `json:"after_round"` // the boards
	board  problem.Board
}

func (cmd *sudokuCmd) Run(a *app) error {
	all, err := cmd.puzzles(a)
	if err != nil {
		return err
	}
	m := a.meter("propagating")
	defer m.end()
	circuits := map[int]*circuit.Circuit{}
	wrong := false
	for i := range all {
		m.set(i, len(all))
		if err := a.ctx.Err(); err != nil {
			return err
		}
		if err := a.propagate(&all[i], circuits); err != nil {
			return err
		}
		wrong = wrong || !all[i].Agrees
	}
	m.end()
	return a.show(propagated{a.model.Name, all}, func() { cmd.print(a, all) }, !wrong)
}

// propagated is the JSON of all puzzles.
type propagated struct {
	DepthModel string   `json:"depth_model"`
	Puzzles    []puzzle `json:"puzzles"`
}

// puzzles collects the puzzles that the flags name.
func (cmd *sudokuCmd) puzzles(a *app) ([]puzzle, error) {
	if len(cmd.Line) == 1 && cmd.Line[0] == "-" && cmd.In == "" {
		cmd.Line, cmd.In = nil, "-"
	}
	switch {
	case cmd.Generate != nil && (*cmd.Generate < 1 || *cmd.Generate > 10_000):
		return nil, errf("--generate=%d is outside 1..10000", *cmd.Generate)
	case cmd.Clues < 0 || cmd.Clues > 81:
		return nil, errf("--clues=%d is outside 0..81", cmd.Clues)
	case cmd.Generate != nil && (cmd.In != "" || len(cmd.Line) > 0), cmd.In != "" && len(cmd.Line) > 0:
		return nil, errors.New("puzzles come from lines, from --in or from --generate, and not from two of them")
	case cmd.Clues > 0 && cmd.Generate == nil:
		return nil, errf("--clues=%d is for --generate", cmd.Clues)
	}
	var all []puzzle
	add := func(from, line string) error {
		board, err := problem.ParseBoard(line)
		if err != nil {
			return errf("%s: %w", from, err)
		}
		all = append(all, puzzle{From: from, board: board})
		return nil
	}
	switch {
	case cmd.Generate != nil:
		rng := rand.New(rand.NewPCG(a.flags.Seed, 0))
		for i := range *cmd.Generate {
			if err := a.ctx.Err(); err != nil {
				return nil, err
			}
			from := fmt.Sprintf("seed %d, %d", a.flags.Seed, i+1)
			all = append(all, puzzle{From: from, board: problem.GenerateBoard(rng, cmd.Clues)})
		}
		return all, nil
	case len(cmd.Line) > 0:
		for i, line := range cmd.Line {
			if err := add(fmt.Sprintf("puzzle %d", i+1), line); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	var r io.Reader = strings.NewReader(tc0.Puzzles())
	name := "shipped"
	switch cmd.In {
	case "":
	case "-":
		r, name = a.stdin, "standard input"
	default:
		f, err := openInput(cmd.In)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		r, name = f, cmd.In
	}
	err := eachLine(name, r, func(line string, k int) error {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			return nil
		}
		return add(fmt.Sprintf("%s:%d", name, k), line)
	})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errf("%s: there is no puzzle in it", name)
	}
	return all, nil
}

// mostBoards bounds the search for solutions.
const mostBoards = 20_000

// propagate fills in what the circuit and the solver say of a puzzle.
func (a *app) propagate(p *puzzle, circuits map[int]*circuit.Circuit) error {
	p.Line = p.board.String()
	p.Clues = 81 - strings.Count(p.Line, ".")
	boards := p.board.Propagate()
	p.Rounds = len(boards)
	p.After = []string{}
	last := p.board
	for _, b := range boards {
		p.After = append(p.After, b.String())
		last = b
	}
	p.Agrees = true
	if p.Rounds > 0 {
		c, ok := circuits[p.Rounds]
		if !ok {
			spec, err := problem.Parse(fmt.Sprintf("sudoku:n=%d", p.Rounds))
			if err != nil {
				return err
			}
			if c, err = spec.Circuit(); err != nil {
				return err
			}
			circuits[p.Rounds] = c
		}
		in := make([]int64, len(p.board))
		for i, v := range p.board {
			in[i] = int64(v)
		}
		out, err := analysis.Evaluate(a.ctx, c, [][]int64{in})
		if err != nil {
			return err
		}
		for i, v := range last {
			p.Agrees = p.Agrees && out[0][i] == int64(v)
		}
		p.Depth, p.Size = c.Levels(a.model).Depth, c.Size()
	}
	if found, complete := p.board.Solve(2, mostBoards); complete || len(found) > 1 {
		p.Found = len(found)
	} else {
		p.Found = -1
	}
	switch {
	case last.Broken():
		p.Result = "contradiction"
	case last.Solved():
		p.Result = "solved"
	default:
		p.Result = "stalls"
	}
	for _, v := range last {
		if bits.OnesCount16(v) > 1 {
			p.Open++
		}
	}
	return nil
}

func (cmd *sudokuCmd) print(a *app, all []puzzle) {
	a.Printf("Sudoku: rounds of propagation, naked and hidden singles\n")
	a.Heading("Propagation depth (measured)")
	t := table.New("puzzle | #clues | #rounds | result | #solutions | #circuit depth | #gates:, | circuit = solver")
	counts := map[string]int{}
	for _, p := range all {
		counts[p.Result]++
		result := p.Result
		if p.Result == "stalls" {
			result = fmt.Sprintf("stalls, %s open: search begins", plural(p.Open, "cell"))
		}
		solutions := fmt.Sprint(p.Found)
		switch {
		case p.Found > 1:
			solutions = "more than 1"
		case p.Found < 0:
			solutions = "not counted"
		}
		agrees := "yes"
		if !p.Agrees {
			agrees = "NO"
		}
		t.Row(p.From, p.Clues, p.Rounds, result, solutions, p.Depth, p.Size, agrees)
	}
	a.Table(t)
	a.Printf(
		"  %s: %d solved by propagation, %d stall, %d contradictory. Depth in the %s model; a round is two levels "+
			"of AND gates.\n", plural(len(all), "puzzle"), counts["solved"], counts["stalls"], counts["contradiction"],
		a.model.Name)
	a.Printf("  The number of rounds is the depth of this propagation, and no lower bound of anything.\n")
	if !cmd.Boards {
		return
	}
	for _, p := range all {
		a.Heading("%s", p.From)
		a.Printf("  %3d  %s\n", 0, p.Line)
		for k, line := range p.After {
			a.Printf("  %3d  %s\n", k+1, line)
		}
	}
}
