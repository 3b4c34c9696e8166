package problem

import (
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/compile"
)

// table lists the problems. To add a problem, write a function that returns its [Problem], in a
// file that is named by its noun, and call the function here. The helpers of build are in bit.go.
// The tests TestProblemsAreDescribed and TestDepthAndSizeFormulas say what a new problem lacks.
// TestProblems has a line for each circuit that is compared with its reference.
func table() []Problem {
	return slices.Concat(
		inTC0(
			// Functions of the number of ones, and numbers.
			and(), or(), majority(), parity(), modular(),
			comparison(), addition(), multiplication(), iteratedAddition(), division(), sorting(),
			// Languages and motion.
			dyck1(), dyck(), particle(),
		),
		[]Problem{
			// As a tree of depth log n.
			wordProblem(), formulaValue(), reachability(),
			// Step by step.
			circuitValue(), elementary(), billiard(), particles(), straightLine(), gridWorld(), sudoku(),
		},
	)
}

// These texts are for problems in TC0 that have circuits of constant depth.
const (
	none     = "no: it is in TC0"
	parallel = "no"
)

// inTC0 says of problems that they are in TC0, by circuits of constant depth.
func inTC0(problems ...Problem) []Problem {
	for i := range problems {
		p := &problems[i]
		p.Beyond, p.Serial, p.Shape = none, parallel, Wide
	}
	return problems
}

// param is a parameter with the limits of a whole number.
type param struct {
	compile.Param
	least, most int
}

// size is the parameter n.
func size(doc string, least, most int) param {
	return param{compile.Param{Name: "n", Doc: doc}, least, most}
}

// number is a parameter with a default.
func number(name, doc string, value, least, most int) param {
	return param{compile.Param{Name: name, Doc: doc, Default: strconv.Itoa(value)}, least, most}
}

// oneOf is a parameter that is one of some words, the first unless it is given.
func oneOf(name, doc string, choices ...string) param {
	return param{Param: compile.Param{Name: name, Doc: doc, Default: choices[0], Choices: choices}}
}

// answer is the output of a reference that decides something.
func answer(v bool) []int64 { return []int64{truth(v)} }

func truth(v bool) int64 {
	if v {
		return 1
	}
	return 0
}
