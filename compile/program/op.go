package program

import "fmt"

// Op names an operation of a program.
type Op uint8

// The operations. "Exact" ones cost no depth: their value is an integer sum.
const (
	OpInput        Op = iota // integers from input bits
	OpTokens                 // one-hot tokens from input bits
	OpConst                  // constant integers
	OpLinear                 // W·x + bias along the last axis, W and bias constant
	OpAdd                    // x + y, y broadcast along missing leading axes
	OpAffine                 // k·x + c
	OpReduce                 // sum along one axis
	OpGather                 // any rearrangement or selection of elements
	OpMask                   // x where a constant mask is set, a constant elsewhere
	OpWindow                 // Σ x_r over s < r ≤ t, for all t and s
	OpStep                   // f(x) for a Staircase f
	OpLookup                 // row x of a constant table
	OpContract               // Σ x·y over shared indices (einsum)
	OpQuotient               // ⌊x/y⌋ clipped to a range, y > 0
	OpRootQuotient           // ⌊(x/√y + offset)/unit⌋ clipped to a range, y > 0
	OpMaxStep                // f(x − max x) along the last axis, f not decreasing
	OpArgMax                 // one-hot of the leftmost maximum along the last axis
	numOps
)

// operation is everything that the package knows of an Op. In its functions n is the operation, v
// is its value, and x and y are the values of its arguments.
type operation struct {
	name  string
	arity int
	exact bool

	// derive returns the range of n, and sets whether it is one-hot, from its arguments.
	derive func(n *Node) span
	// terms calls f for each element of an argument on which element i depends. If element i is
	// a sum of them, terms gives their weights and returns the constant. It is nil for an
	// operation without arguments, or if the value is read from ports.
	terms func(n *Node, i int, f TermFunc) (constant int64)
	// run computes v; nil for the sum of the terms. For an input, x is the integers at its
	// ports.
	run func(n *Node, v, x, y []int64)
	// literals bounds the number of literals in one element, from the numbers in its arguments.
	// It is nil if the bound is their sum.
	literals func(n *Node, x, y int) int
	// detail is what the listing says in addition to operands and name; it may be nil.
	detail func(n *Node) string
}

var operations = [numOps]operation{
	OpInput:  {"Input", 0, true, deriveInput, nil, runInput, bitsOf, detailInput},
	OpTokens: {"Tokens", 0, true, deriveOneHot, nil, runTokens, one, nil},
	OpConst:  {"Const", 0, true, deriveConst, termsOfConst, runConst, nil, nil},
	OpLinear: {"Linear", 1, true, deriveLinear, termsOfLinear, runLinear, literalsOfLinear, detailLinear},
	OpAdd:    {"Add", 2, true, deriveAdd, termsOfAdd, runAdd, nil, nil},
	OpAffine: {"Affine", 1, true, deriveAffine, termsOfAffine, runAffine, nil, detailAffine},
	OpReduce: {"Reduce", 1, true, deriveReduce, termsOfReduce, runReduce, literalsOfReduce, detailReduce},
	OpGather: {"Gather", 1, true, deriveGather, termsOfGather, runGather, nil, detailGather},
	OpMask:   {"Mask", 1, true, deriveMask, termsOfMask, nil, nil, nil},
	OpWindow: {"Window", 1, true, deriveWindow, termsOfWindow, runWindow, literalsOfWindow, nil},

	OpStep:         {"Step", 1, false, deriveStep, termsOfAffine, runStep, jumpsOf, detailStep},
	OpLookup:       {"Lookup", 1, false, deriveLookup, termsOfLookup, runLookup, rowsOf, nil},
	OpContract:     {"Contract", 2, false, deriveContract, termsOfContract, runContract, literalsOfContract, spec},
	OpQuotient:     {"Quotient", 2, false, deriveQuotient, termsOfQuotient, runQuotient, levelsOf, detailQuotient},
	OpRootQuotient: {"RootQuotient", 2, false, deriveNothing, termsOfQuotient, runRootQuotient, levelsOf, nil},
	OpMaxStep:      {"MaxStep", 1, false, deriveMaxStep, termsOfRow, runMaxStep, jumpsOf, nil},
	OpArgMax:       {"ArgMax", 1, false, deriveOneHot, termsOfRow, runArgMax, one, nil},
}

// String returns the name of o.
func (o Op) String() string {
	if o < numOps {
		return operations[o].name
	}
	return fmt.Sprintf("Op(%d)", uint8(o))
}

// Exact reports whether o costs no depth.
func (o Op) Exact() bool { return operations[o].exact }

// The numbers of literals of several operations.

func one(*Node, int, int) int        { return 1 }
func bitsOf(n *Node, _, _ int) int   { return n.Bits }
func jumpsOf(n *Node, _, _ int) int  { return len(n.Steps.At) }
func rowsOf(n *Node, _, _ int) int   { return n.Table.Rows - 1 }
func levelsOf(n *Node, _, _ int) int { return int(n.Bounds.Hi - n.Bounds.Lo) }

// deriveNothing is for an operation with a chosen range.
func deriveNothing(n *Node) span { return n.span() }

// deriveOneHot is for an operation that makes one-hot rows.
func deriveOneHot(n *Node) span {
	n.OneHot = true
	return Range{0, 1}.span()
}
