package coq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// kind is one of the six operations of the library.
type kind int

const (
	sum      kind = iota // a constant and Σ weight·x over some axes
	add                  // x + y
	step                 // a staircase of x
	contract             // Σ x·y over some axes
	quotient             // ⌊x/y⌋, clipped
	maximum              // a staircase of x less the greatest of its row
)

// operation is one operation of a term. What its bounds do not depend on stands in the text only.
type operation struct {
	kind      kind
	shape     program.Shape // of the result; of steps and quotients that of x
	summed    program.Shape
	left      []*index // of x in each summand
	right     []*index // of y
	args      []int    // numbers of values; 0 is the input
	literals  int      // of a step, a quotient or a maximum
	text      string
	operation string // of the program, for a comment
}

// term is a program as the library has it.
type term struct {
	input      *program.Node
	operations []operation
	result     int
}

// translator writes the operations of an open program.
type translator struct {
	open    *program.Program
	members []*program.Program // some programs for one n
	number  []int              // of each value of the program in the term
	numbers *numbers           // those that are others for each n; nil for none
	term    *term
}

// NotWrittenError says that a program has no term yet, which is a limit of this package.
type NotWrittenError struct{ Program, Operation, Reason string }

func (e *NotWrittenError) Error() string {
	if e.Operation == "" {
		return fmt.Sprintf("coq: %s: %s", e.Program, e.Reason)
	}
	return fmt.Sprintf("coq: %s: %s: %s", e.Program, e.Operation, e.Reason)
}

// termOf returns the term of an open program. The members are the same program for some n. Its numbers that are others
// for each n are written apart.
func termOf(open *program.Program, made *numbers, members ...*program.Program) (*term, error) {
	t := &translator{open: open, members: members, number: make([]int, len(open.Nodes())), numbers: made, term: &term{}}
	refuse := func(format string, args ...any) error {
		return &NotWrittenError{Program: open.Name(), Reason: fmt.Sprintf(format, args...)}
	}
	if open.Err() != nil {
		return nil, open.Err()
	}
	inputs := 0
	for _, n := range open.Nodes() {
		if n.Op == program.OpInput || n.Op == program.OpTokens {
			inputs++
		}
	}
	switch {
	case inputs != 1 || open.Nodes()[0].Op != program.OpInput:
		return nil, refuse("a term has one input, of integers, and this has other ones")
	case len(open.Results()) != 1:
		return nil, refuse("a term has one output, and this has %d", len(open.Results()))
	case len(open.Repeats()) > 0 && open.Repeats()[0].Open:
		return nil, refuse("the library has no recurrence over positions yet")
	}
	for _, m := range members {
		if _, err := m.MemberOf(open); err != nil {
			return nil, err
		}
	}
	t.term.input = &open.Nodes()[0]
	for id := 1; id < len(open.Nodes()); id++ {
		n := &open.Nodes()[id]
		if err := t.write(n); err != nil {
			return nil, &NotWrittenError{Program: open.Name(), Operation: n.String(), Reason: err.Error()}
		}
	}
	t.term.result = t.number[open.Results()[0].Value]
	return t.term, nil
}

// put appends an operation, and returns its number.
func (t *translator) put(n *program.Node, o operation) int {
	o.operation = strings.TrimSpace(n.Path() + " " + n.String())
	t.term.operations = append(t.term.operations, o)
	return len(t.term.operations)
}

// write appends what makes the value of n.
func (t *translator) write(n *program.Node) error {
	r, id := len(n.Shape), n.ID
	var x, y int
	if len(n.Args) > 0 {
		x = t.number[n.Args[0]]
	}
	if len(n.Args) > 1 {
		y = t.number[n.Args[1]]
	}
	all := coordinates(sequence(r)...)
	switch n.Op {
	case program.OpConst:
		return nil // stands in the operations that read it
	case program.OpLinear:
		return t.linear(n, x)
	case program.OpAffine:
		if n.Func {
			return fmt.Errorf("its factor is another one for each n")
		}
		t.number[id] = t.put(n, operation{
			kind: sum, shape: n.Shape, left: all, args: []int{x},
			text: fmt.Sprintf("affine %s %s %s %d", shapeText(n.Shape), intText(n.Scale), intText(n.Offset), x),
		})
	case program.OpReduce:
		over := n.Arg(0).Shape[n.Axis]
		left := slices.Concat(coordinates(sequence(n.Axis)...), coordinates(r), coordinates(sequence(r)[n.Axis:]...))
		t.number[id] = t.put(n, operation{
			kind: sum, shape: n.Shape, summed: program.Shape{over}, left: left, args: []int{x},
			text: fmt.Sprintf("reduce %s %s %d %d", shapeText(n.Shape), sizeText(over), n.Axis, x),
		})
	case program.OpGather:
		left, err := arranged(n, t.twins(n))
		if err != nil {
			return err
		}
		t.number[id] = t.gather(n, n.Shape, left, x)
	case program.OpMask:
		return t.mask(n, x)
	case program.OpAdd:
		return t.add(n, x, y)
	case program.OpStep:
		return t.step(n, x)
	case program.OpContract:
		return t.contract(n, x, y)
	case program.OpQuotient:
		fits := coordinates(sequence(len(n.Arg(1).Shape))...)
		levels := n.Asked.Hi - n.Asked.Lo
		t.number[id] = t.put(n, operation{
			kind: quotient, shape: n.Shape, right: fits, args: []int{x, y}, literals: int(levels),
			text: fmt.Sprintf("OQuo %s %d %s %d %d", intText(n.Asked.Lo), levels, indexText(fits), x, y),
		})
	case program.OpMaxStep, program.OpArgMax:
		return t.maximum(n, x)
	default:
		return fmt.Errorf("the library has no such operation yet")
	}
	return nil
}

func (t *translator) linear(n *program.Node, x int) error {
	r := len(n.Shape)
	if made, ok := t.numbers.of(n.ID); ok {
		t.number[n.ID] = t.put(n, operation{
			kind: sum, shape: n.Shape, summed: n.Arg(0).Shape, left: coordinates(1), args: []int{x},
			text: fmt.Sprintf("%s %d", made, x),
		})
		return nil
	}
	if n.Matrix == nil {
		return fmt.Errorf("its weights are others for each n, and are not written as a function yet")
	}
	columns := n.Arg(0).Shape[r-1]
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: program.Shape{columns}, args: []int{x},
		left: coordinates(append(sequence(r-1), r)...),
		text: fmt.Sprintf("linear %s %s %d %s %s %d", shapeText(n.Shape), sizeText(columns), r-1, matrixText(n.Matrix),
			intsText(n.Bias), x),
	})
	return nil
}

func (t *translator) step(n *program.Node, x int) error {
	if made, ok := t.numbers.of(n.ID); ok {
		t.number[n.ID] = t.put(n, operation{
			kind: step, shape: n.Shape, args: []int{x}, literals: int(n.Asked.Hi - n.Asked.Lo),
			text: fmt.Sprintf("%s %d", made, x),
		})
		return nil
	}
	if n.Even || n.Func && len(n.Steps.At) == 0 {
		return fmt.Errorf("its jumps are others for each n")
	}
	t.number[n.ID] = t.put(n, operation{
		kind: step, shape: n.Shape, args: []int{x}, literals: len(n.Steps.At),
		text: fmt.Sprintf("step %s %s %d", intText(n.Steps.Base), jumpsText(n.Steps, "%s"), x),
	})
	return nil
}

// twins are the same operation in the members.
func (t *translator) twins(n *program.Node) []*program.Node {
	var list []*program.Node
	for _, m := range t.members {
		list = append(list, &m.Nodes()[n.ID])
	}
	return list
}

func (t *translator) gather(n *program.Node, shape program.Shape, left []*index, x int) int {
	return t.put(n, operation{
		kind: sum, shape: shape, left: left, args: []int{x},
		text: fmt.Sprintf("gather %s %s %d", shapeText(shape), indexText(left), x),
	})
}

// mask writes a causal mask. Where its axes are not equally long, the library's begins at their first positions.
func (t *translator) mask(n *program.Node, x int) error {
	if n.Causal == nil {
		return fmt.Errorf("its mask is not written as a condition on indices")
	}
	first, second := n.Shape[n.Causal.First], n.Shape[n.Causal.Second]
	if !n.Causal.Start && (first.Open() != second.Open() || sizeText(first) != sizeText(second)) {
		return fmt.Errorf("its axes are not equally long")
	}
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, left: coordinates(sequence(len(n.Shape))...), args: []int{x},
		text: fmt.Sprintf("causal %s %d %d %s %d", shapeText(n.Shape), n.Causal.First, n.Causal.Second,
			intText(n.Offset), x),
	})
	return nil
}

// add writes a sum. An operand with fewer axes is repeated, and a constant one is the constant of a sum.
func (t *translator) add(n *program.Node, x, y int) error {
	more := len(n.Shape) - len(n.Arg(1).Shape)
	fits := coordinates(sequence(len(n.Shape))[more:]...)
	if c := n.Arg(1); c.Op == program.OpConst {
		weight, err := constantText(c, fits)
		if err != nil {
			return err
		}
		t.number[n.ID] = t.put(n, operation{
			kind: sum, shape: n.Shape, left: coordinates(sequence(len(n.Shape))...), args: []int{x},
			text: fmt.Sprintf("OSum %s [] (CK 1) (%s) %s %d", shapeText(n.Shape), weight,
				indexText(coordinates(sequence(len(n.Shape))...)), x),
		})
		return nil
	}
	if n.Arg(0).Op == program.OpConst {
		return fmt.Errorf("its first operand is a constant")
	}
	if more > 0 {
		y = t.gather(n, n.Shape, fits, y)
	}
	t.number[n.ID] = t.put(n, operation{
		kind: add, shape: n.Shape, args: []int{x, y}, text: fmt.Sprintf("OAdd %d %d", x, y),
	})
	return nil
}

// contract writes a product, or a weighted sum if one operand is constant.
func (t *translator) contract(n *program.Node, x, y int) error {
	e := n.Einsum
	letters, summed := e.Result, program.Shape(nil)
	for k, side := range []string{e.Left, e.Right} {
		for i := range len(side) {
			if strings.IndexByte(letters, side[i]) < 0 {
				letters += side[i : i+1]
				summed = append(summed, n.Arg(k).Shape[i])
			}
		}
	}
	at := func(side string) []*index {
		var list []*index
		for i := range len(side) {
			list = append(list, coordinate(strings.IndexByte(letters, side[i])))
		}
		return list
	}
	left, right := at(e.Left), at(e.Right)
	if !n.Scales() {
		t.number[n.ID] = t.put(n, operation{
			kind: contract, shape: n.Shape, summed: summed, left: left, right: right, args: []int{x, y},
			text: fmt.Sprintf("OCon %s %s %s %s %d %d", shapeText(n.Shape), shapeText(summed), indexText(left),
				indexText(right), x, y),
		})
		return nil
	}
	c := n.Arg(1)
	if n.Arg(0).Op == program.OpConst {
		c, left, right, x = n.Arg(0), right, left, y
	}
	if c.Op == program.OpConst && n.Arg(0).Op == program.OpConst && n.Arg(1).Op == program.OpConst {
		return fmt.Errorf("both of its operands are constants")
	}
	weight, err := constantText(c, right)
	if n.Kernel != nil { // element [t,s,f] of the constant is the tap of lag t − s
		weight, err = fmt.Sprintf("taps %s %d %d %d", listsText(n.Kernel), right[0].c, right[1].c, right[2].c), nil
	}
	if err != nil {
		return err
	}
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: summed, left: left, args: []int{x},
		text: fmt.Sprintf("OSum %s %s (%s) (CK 0) %s %d", shapeText(n.Shape), shapeText(summed), weight,
			indexText(left), x),
	})
	return nil
}

// maximum writes a MaxStep. An ArgMax of integers x asks for the maximum of m·x − i over the m elements of a row: it is
// reached once, at the leftmost greatest x.
func (t *translator) maximum(n *program.Node, x int) error {
	r := len(n.Shape)
	masked := n.Causal != nil
	if n.Keep != nil && !masked || masked && (n.Causal.Second != r-1 || n.Causal.First == r-1) {
		return fmt.Errorf("the library has no maximum under such a mask yet")
	}
	f := n.Steps
	if n.Op == program.OpArgMax {
		f = program.Staircase{At: []int64{0}, Jump: []int64{1}}
		x = t.put(n, operation{
			kind: sum, shape: n.Shape, left: coordinates(sequence(r)...), args: []int{x},
			text: fmt.Sprintf("ranked %s %s %d %d", shapeText(n.Shape), sizeText(n.Shape[r-1]), r-1, x),
		})
	}
	row := program.Shape{n.Shape[r-1]}
	left := coordinates(append(sequence(r-1), r)...)
	if masked { // the elements up to that of the position, some of them again
		left[r-1] = &index{op: "IMin", a: coordinate(r), b: coordinate(n.Causal.First)}
	}
	t.number[n.ID] = t.put(n, operation{
		kind: maximum, shape: n.Shape, summed: row, left: left, args: []int{x}, literals: len(f.At),
		text: fmt.Sprintf("OMax %s %s %s %s %d", intText(f.Base), jumpsText(f, "CK %s"), shapeText(row), indexText(left), x),
	})
	if masked {
		return t.mask(n, t.number[n.ID])
	}
	return nil
}
