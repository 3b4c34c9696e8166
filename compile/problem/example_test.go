package problem_test

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/problem"
)

// The circuit of a problem, and the function that it is compared with.
func ExampleParse() {
	s, err := problem.Parse("division:n=6,depth=4")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := s.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	reference, err := s.Reference()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("depth", c.Depth(), "of", s.Problem.Best, "at best;", s.Problem.Class)
	fmt.Println("50/7 =", reference([]int64{50, 7}))
	// Output:
	// depth 4 of 3 at best; TC0 (uniform), not AC0
	// 50/7 = [7]
}

// How many rounds of naked and hidden singles a Sudoku takes.
func ExampleBoard_Propagate() {
	b, err := problem.ParseBoard("53..7....6..195....98....6.8...6...34..8.3..17...2...6.6....28....419..5....8..79")
	if err != nil {
		fmt.Println(err)
		return
	}
	rounds := b.Propagate()
	fmt.Println(len(rounds), "rounds, solved:", rounds[len(rounds)-1].Solved())
	// Output:
	// 5 rounds, solved: true
}
