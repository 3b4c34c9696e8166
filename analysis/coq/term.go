package coq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/lower"
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
	args      []int    // numbers of values
	literals  int      // of a step, a quotient or a maximum
	sizes     coefficients
	text      string
	operation string // of the program, for a comment
}

// term is a program as the library has it.
type term struct {
	open       *program.Program
	inputs     []port      // values 0, 1 and so on
	operations []operation // the values after them
	results    []int
	parameters []parameter
	coded      bool     // some values are in binary
	tables     []string // matrices that have names, since several operations have them
}

// port is an input of a term.
type port struct {
	shape    program.Shape
	literals int // of an element
	text     string
	node     *program.Node // nil of a state
}

// portOf is the port of an input of a program. A token has single bits.
func portOf(n *program.Node) port {
	switch {
	case n.Op == program.OpTokens:
		return port{n.Shape, 1, "booleans " + shapeText(n.Shape), n}
	case n.Signed:
		return port{n.Shape, n.Bits, fmt.Sprintf("integers %s %d", shapeText(n.Shape), n.Bits), n}
	}
	return port{n.Shape, n.Bits, fmt.Sprintf("naturals %s %d", shapeText(n.Shape), n.Bits), n}
}

// translator writes the operations of an open program.
type translator struct {
	open *program.Program
	// twins are the same operation in some members, programs for one n.
	twins   func(n *program.Node) []*program.Node
	number  []int         // of each value of the program in the term
	plan    *lower.Plan   // says which values are in binary
	numbers *numbers      // those that are others for each n, as functions; nil for none
	made    map[aside]int // squares and signs of values, which several operations may need
	term    *term

	copied, shift int // from this operation on, names have numbers that are less by the shift
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
func termOf(open *program.Program, s lower.Strategy, made *numbers, members ...*program.Program) (*term, error) {
	if open.Err() != nil {
		return nil, open.Err()
	}
	t := &translator{
		open: open, number: make([]int, len(open.Nodes())), numbers: made, made: map[aside]int{},
		plan: lower.PlanOf(open, s), term: &term{open: open},
	}
	t.twins = func(n *program.Node) (list []*program.Node) {
		for _, m := range members {
			list = append(list, &m.Nodes()[n.ID])
		}
		return list
	}
	refuse := func(format string, args ...any) error {
		return &NotWrittenError{Program: open.Name(), Reason: fmt.Sprintf(format, args...)}
	}
	if len(open.Repeats()) > 0 && open.Repeats()[0].Open {
		return nil, refuse("the library has no recurrence over positions yet")
	}
	for _, m := range members {
		if _, err := m.MemberOf(open); err != nil {
			return nil, err
		}
	}
	for id := range open.Nodes() {
		if n := &open.Nodes()[id]; n.Op == program.OpInput || n.Op == program.OpTokens {
			t.number[id] = len(t.term.inputs)
			t.term.inputs = append(t.term.inputs, portOf(n))
		}
	}
	for id := range open.Nodes() {
		n := &open.Nodes()[id]
		if err := t.write(n); err != nil {
			return nil, &NotWrittenError{Program: open.Name(), Operation: n.String(), Reason: err.Error()}
		}
	}
	for _, r := range open.Results() {
		if open.Nodes()[r.Value].Op == program.OpConst {
			return nil, refuse("its output %q is a constant", r.Name)
		}
		t.term.results = append(t.term.results, t.number[r.Value])
	}
	return t.term, nil
}

// put appends an operation, and returns its number.
func (t *translator) put(n *program.Node, o operation) int {
	o.operation = strings.TrimSpace(n.Path() + " " + n.String())
	t.term.operations = append(t.term.operations, o)
	return len(t.term.inputs) + len(t.term.operations) - 1
}

// table is the text of a matrix: a name for one that several operations have.
func (t *translator) table(m *program.Matrix) string {
	text, uses := matrixText(m), 0
	for id := range t.open.Nodes() {
		if w := t.open.Nodes()[id].Matrix; w == m || w != nil && w.Rows == m.Rows && slices.Equal(w.Data, m.Data) {
			uses++
		}
	}
	if uses < 2 || len(text) < 100 {
		return text
	}
	k := slices.Index(t.term.tables, text)
	if k < 0 {
		k = len(t.term.tables)
		t.term.tables = append(t.term.tables, text)
	}
	return fmt.Sprintf("M%d", k+1)
}
