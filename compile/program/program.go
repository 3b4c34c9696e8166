package program

import (
	"fmt"
	"slices"
	"strings"
)

// Program is a list of tensor operations on integers. Make one with [New] and its methods. The
// program keeps its first error; [Program.Err] and every reader of the program return it.
type Program struct {
	name    string
	nodes   []Node
	stage   []string
	inputs  []Result
	outputs []Result
	dims    map[string]int
	lets    map[string]int64 // values of symbols that are not dimensions
	open    bool             // a dimension is open, or numbers are
	left    bool             // numbers are left open
	n       int              // the n of the family, for a member; 0 if it is not known
	repeats []Repeated
	stands  []Stand
	err     error
}

// Value is the result of an operation of one program.
type Value struct {
	p  *Program
	id int
}

// New returns an empty program.
func New(name string) *Program {
	return &Program{name: name, dims: map[string]int{}, lets: map[string]int64{}}
}

// Name returns the name the program was given.
func (p *Program) Name() string { return p.name }

// Err returns the first error made while building the program.
func (p *Program) Err() error { return p.err }

// Fail makes err the error of p, unless it has one; nil does nothing.
func (p *Program) Fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// Failf fails the program at an operation, with the stage that is open.
func (p *Program) Failf(op Op, format string, args ...any) {
	p.Fail(fmt.Errorf("compile: %s: %s", p.at(op), fmt.Sprintf(format, args...)))
}

// failRange fails the program at an operation with a [*RangeError].
func (p *Program) failRange(op Op, format string, args ...any) {
	p.Fail(&RangeError{p.at(op), fmt.Sprintf(format, args...)})
}

// at names an operation in the stage that is open.
func (p *Program) at(op Op) string {
	return fmt.Sprintf("%v in stage %q", op, strings.Join(p.stage, "/"))
}

// Nodes returns the operations in order, by number. They belong to the program, and so does
// everything that they point to. Readers must not change them.
func (p *Program) Nodes() []Node { return p.nodes }

// Begin opens a stage. The operations until the matching End belong to it, and so do their gates.
func (p *Program) Begin(name string) { p.stage = append(slices.Clip(p.stage), name) }

// End closes the stage opened last.
func (p *Program) End() {
	if len(p.stage) == 0 {
		panic("compile: End without Begin")
	}
	p.stage = p.stage[:len(p.stage)-1]
}

// Op returns the operation that makes v.
func (v Value) Op() Op { return v.p.nodes[v.id].Op }

// Shape returns the shape of v.
func (v Value) Shape() Shape { return v.p.nodes[v.id].Shape }

// Bounds returns the range of v. All elements of v are always in it. An end beyond 64 bits is cut
// to the 64-bit integer next to it; [Value.Ends] returns it as it is.
func (v Value) Bounds() Range {
	v.p.peek(v.id)
	return v.p.nodes[v.id].Bounds
}

// peek fails an open program that asks for a range without a bound. What it makes of that range depends on n, and is
// not what its members make of theirs. See [Program.Domain] for a range that a function is computed on.
func (p *Program) peek(id int) {
	if n := &p.nodes[id]; p.open {
		if _, _, bounded := n.Ends(); !bounded {
			p.Failf(n.Op, "its range depends on n, so that nothing may be made from it")
		}
	}
}

// node returns the operation that makes v.
func (p *Program) node(v Value) *Node {
	if v.p != p {
		panic("compile: a value of another program")
	}
	return &p.nodes[v.id]
}

// MostElements is the greatest number of elements of a tensor. The circuit or the reference of a
// larger one would not fit into memory.
const MostElements = 1 << 28

// mostBits is the greatest number of bits of an end of a range, as of a weight of a circuit.
const mostBits = 1 << 16

// push appends an operation on the given values, with the range that follows from them. After an
// error it still keeps the shape, so that the caller can go on; the program keeps the error.
func (p *Program) push(n Node, args ...Value) Value {
	n.ID, n.p, n.Stage, n.Shape = len(p.nodes), p, slices.Clone(p.stage), slices.Clone(n.Shape)
	for _, v := range args {
		n.Args = append(n.Args, v.id)
	}
	if !n.Given {
		r := operations[n.Op].derive(&n)
		if bits := max(r.lo.n.BitLen(), r.hi.n.BitLen()); bits > mostBits {
			p.failRange(n.Op, "its range has %d bits; the limit is %d", bits, mostBits)
			r = point(0)
		}
		n.keep(r)
	}
	if p.falls(n.Most) || p.falls(n.Total) || p.falls(n.Count) {
		p.Failf(n.Op, "the declared bound on its numbers may fall as n grows, or is not whole")
	}
	elements := 1
	for i, d := range n.Shape {
		if size, ok := p.dims[d.Name]; ok && size != d.size {
			p.Failf(n.Op, "dimension %s has size %s here and %s elsewhere", d.Name, sizeText(d.size), sizeText(size))
		}
		p.dims[d.Name] = d.size
		p.n = max(p.n, d.n)
		if d.Open() {
			p.open = true
			continue
		}
		if d.size < 1 {
			p.Failf(n.Op, "dimension %s has size %d", d.Name, d.size)
			n.Shape[i].size = 1
		}
		if elements > MostElements/n.Shape[i].size {
			p.Failf(n.Op, "shape %v has more than %d elements", n.Shape, MostElements)
			n.Shape[i].size = 1
		}
		elements *= n.Shape[i].size
	}
	p.nodes = append(p.nodes, n)
	return Value{p, n.ID}
}
