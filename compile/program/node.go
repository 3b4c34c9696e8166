package program

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/room"
)

// Node is one operation of a program and its value, as readers of a program see it. It belongs to
// the program. A reader must not change it or anything that it points to.
type Node struct {
	ID     int
	Op     Op
	Stage  []string // names of the stages it stands in, outermost first
	Args   []int    // numbers of its operands, all less than ID
	Shape  Shape
	Bounds Range // all elements of the value are in it; an end beyond 64 bits is cut, see Ends
	OneHot bool  // along the last axis exactly one element is 1, the others 0
	Given  bool  // Bounds and OneHot hold by what the caller knows, not by the arguments
	Func   bool  // the numbers of the operation may depend on an open size

	Name   string       // Input, Tokens
	Bits   int          // Input
	Signed bool         // Input
	Matrix *Matrix      // Linear
	Bias   []int64      // Linear; nil for none
	Scale  int64        // Affine: k
	Offset int64        // Affine: c; Mask: the number elsewhere
	Axis   int          // Reduce
	Index  []int32      // Gather: element i is element Index[i] of the argument
	Layout []AxisSource // Gather: for each axis of the argument; nil if nothing is known
	Note   string       // Gather: what it does, for listings
	Least  int          // Gather: the least open size that has the elements; 0 if every size has
	Steps  Staircase    // Step, MaxStep
	Table  *Matrix      // Lookup
	Data   []int64      // Const: the elements; RootQuotient: the offsets along the last axis, nil for none
	Keep   []bool       // Mask, MaxStep, ArgMax: the elements that count; nil for all
	Causal *CausalAxes  // Mask, MaxStep, ArgMax: the axes of a causal mask; nil for another one
	Unit   int64        // RootQuotient
	Asked  Range        // Step of a function of the size, quotients: the range that was asked for
	Even   bool         // Step of a function of the size: its jumps are 1, and evenly spaced
	Einsum *Einsum      // Contract

	Kernel [][]int64 // Contract: by feature, the taps of a convolution; nil for other contractions

	Count *poly.Poly // Input, Step, MaxStep, quotients: literals of an element, if declared
	Most  *poly.Poly // if Func: bound on the absolute numbers; of an even Step, on the distance of its jumps

	wide  *span      // the range, if it does not fit Bounds
	Total *poly.Poly // Step of a function of the size: bound on the sum of its absolute jumps, if declared

	p *Program
}

// Path returns the names of the stages, joined by slashes.
func (n *Node) Path() string { return strings.Join(n.Stage, "/") }

// Arg returns the operation that makes operand k.
func (n *Node) Arg(k int) *Node { return &n.p.nodes[n.Args[k]] }

// Operands picks the arguments of n from a list that a reader keeps, by number, for all
// operations. If n lacks an argument, its place has the zero value.
func Operands[T any](n *Node, kept []T) (x, y T) {
	if len(n.Args) > 0 {
		x = kept[n.Args[0]]
	}
	if len(n.Args) > 1 {
		y = kept[n.Args[1]]
	}
	return x, y
}

// Literals returns how many gates or wires code one element. It is 0 for operations that make no
// codes.
func (n *Node) Literals() int { return n.Sums(0, 0) }

// Sums bounds the number of literals in the sum of one element, if an element of the first
// argument has x literals and an element of the second has y.
func (n *Node) Sums(x, y int) int {
	if f := operations[n.Op].literals; f != nil {
		return f(n, x, y)
	}
	return x + y
}

// TermFunc gets an element of an argument: element from of operand arg, with its weight in a sum.
type TermFunc func(arg, from int, weight int64)

// Terms calls f for each element of an argument on which element i of the value depends. The
// weight has a meaning only if the operation sums up such elements. Then Terms also returns the
// constant of the sum.
func (n *Node) Terms(i int, f TermFunc) (constant int64) {
	return operations[n.Op].terms(n, i, f)
}

// Matrix is a constant integer matrix, row-major.
type Matrix struct {
	Rows, Columns int
	Data          []int64
	// Most bounds the absolute entries of each row, in the mean, of a matrix without Data, and all entries of one that
	// reads one-hot rows. Such a matrix is for open programs, which are counted.
	Most int64
}

// NewMatrix returns the matrix with at(i, j) in row i and column j. If there is no room for it in
// memory, NewMatrix panics with a [*room.Error], which everything that makes a program returns.
func NewMatrix(rows, columns int, at func(i, j int) int64) *Matrix {
	room.Must(fmt.Sprintf("compile: a matrix of %d×%d numbers", rows, columns), room.Product(rows, columns, 8))
	m := &Matrix{Rows: rows, Columns: columns, Data: make([]int64, 0, rows*columns)}
	for i := range rows {
		for j := range columns {
			m.Data = append(m.Data, at(i, j))
		}
	}
	return m
}

// Row returns row i, in the matrix's own memory.
func (m *Matrix) Row(i int) []int64 { return m.Data[i*m.Columns : (i+1)*m.Columns] }

// Clip returns the row for an index of any size. An index below 0 counts as 0. An index beyond
// the matrix counts as the last row.
func (m *Matrix) Clip(at int64) int { return int(min(max(at, 0), int64(m.Rows-1))) }

// complete reports whether m has all its numbers, and at least one.
func (m *Matrix) complete() bool {
	return m.Rows > 0 && m.Columns > 0 && len(m.Data) == m.Rows*m.Columns
}

// Elements returns the number of elements of all values.
func (p *Program) Elements() (count int64) {
	for id := range p.nodes {
		count = room.Sum(count, int64(p.nodes[id].Shape.Len()))
	}
	return count
}

// Demand marks the elements of each operation's value that an output depends on. Lowering makes no
// gates for the others. Examples are elements under a causal mask, positions that nothing reads,
// and most of the last layer of a model that answers at one position. An element with the constant
// factor 0 does not count.
func (p *Program) Demand() [][]bool {
	room.Must("compile: "+p.name, p.Elements())
	need := make([][]bool, len(p.nodes))
	for id := range p.nodes {
		need[id] = make([]bool, p.nodes[id].Shape.Len())
	}
	for _, o := range p.outputs {
		for i := range need[o.Value] {
			need[o.Value][i] = true
		}
	}
	for id := len(p.nodes) - 1; id >= 0; id-- {
		n := &p.nodes[id]
		mark := func(arg, from int, _ int64) { need[n.Args[arg]][from] = true }
		for i, wanted := range need[id] {
			if wanted && len(n.Args) > 0 {
				n.Terms(i, mark)
			}
		}
	}
	return need
}
