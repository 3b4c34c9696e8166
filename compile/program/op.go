package program

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
)

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

var opTable = [numOps]struct {
	name  string
	exact bool
}{
	OpInput:        {"Input", true},
	OpTokens:       {"Tokens", true},
	OpConst:        {"Const", true},
	OpLinear:       {"Linear", true},
	OpAdd:          {"Add", true},
	OpAffine:       {"Affine", true},
	OpReduce:       {"Reduce", true},
	OpGather:       {"Gather", true},
	OpMask:         {"Mask", true},
	OpWindow:       {"Window", true},
	OpStep:         {"Step", false},
	OpLookup:       {"Lookup", false},
	OpContract:     {"Contract", false},
	OpQuotient:     {"Quotient", false},
	OpRootQuotient: {"RootQuotient", false},
	OpMaxStep:      {"MaxStep", false},
	OpArgMax:       {"ArgMax", false},
}

// String returns the name of o.
func (o Op) String() string {
	if o < numOps {
		return opTable[o].name
	}
	return fmt.Sprintf("Op(%d)", uint8(o))
}

// Exact reports whether o costs no depth.
func (o Op) Exact() bool { return opTable[o].exact }

// node is one operation of a program and its value.
type Node struct {
	ID     int
	Op     Op
	Stage  []string // names of the stages it stands in, outermost first
	Args   []int
	Shape  Shape
	Bounds Range
	OneHot bool // along the last axis exactly one element is 1, the others 0

	Name   string      // Input, Tokens
	Bits   int         // Input
	Signed bool        // Input
	Matrix *Matrix     // Linear
	Bias   []int64     // Linear; nil for none
	Scale  int64       // Affine: k
	Offset int64       // Affine: c; Mask: what stands elsewhere
	Axis   int         // Reduce
	Index  []int32     // Gather: element i is element index[i] of the argument
	Layout []Source    // Gather: for each axis of the argument; nil if nothing is known
	Note   string      // Gather: what it does, for listings
	Steps  Staircase   // Step, MaxStep
	Table  *Matrix     // Lookup
	Data   []int64     // Const: the elements; RootQuotient: the offsets along the last axis, nil for none
	Keep   []bool      // Mask, MaxStep, ArgMax: the elements that count; nil for all
	Causal *CausalAxes // Mask, MaxStep, ArgMax: the axes of a causal mask; nil for another one
	Unit   int64       // RootQuotient
	Einsum *Einsum     // Contract

	Kernel [][]int64 // Contract: by feature, the taps of a convolution; nil if it is none

	Count *poly.Poly // Input, Step, MaxStep, quotients: literals of an element, if declared
	Most  *poly.Poly // Linear, Affine of an open program: bound on the absolute numbers
}

// path returns the names of the stages, joined by slashes.
func (n *Node) Path() string { return strings.Join(n.Stage, "/") }

// Matrix is a constant integer matrix, row-major.
type Matrix struct {
	Rows, Columns int
	Data          []int64
}

// NewMatrix returns the matrix with at(i, j) in row i and column j.
func NewMatrix(rows, columns int, at func(i, j int) int64) *Matrix {
	m := &Matrix{rows, columns, make([]int64, 0, rows*columns)}
	for i := range rows {
		for j := range columns {
			m.Data = append(m.Data, at(i, j))
		}
	}
	return m
}

// Row returns row i, in the matrix's own memory.
func (m *Matrix) Row(i int) []int64 { return m.Data[i*m.Columns : (i+1)*m.Columns] }
