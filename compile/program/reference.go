package program

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// InputError says that an input vector does not fit a program.
type InputError struct {
	Port string // the offending port, or ""
	What string
}

func (e *InputError) Error() string {
	if e.Port == "" {
		return "compile: input: " + e.What
	}
	return "compile: input " + e.Port + ": " + e.What
}

// Reference computes the program in plain integers: the function that its circuit
// must equal, bit for bit. It takes one integer for each input port and returns one
// for each output port; see [Program.Inputs]. Values in between may be of any size.
func (p *Program) Reference(in []int64) ([]int64, error) {
	if p.err != nil {
		return nil, p.err
	}
	if err := p.checkInput(in); err != nil {
		return nil, err
	}
	values := p.run(in, func(n *Node) bool { return n.wide != nil })
	var out []int64
	for _, o := range p.outputs {
		v := values[o.Value]
		if n := &p.nodes[o.Value]; n.OneHot {
			for row := range slices.Chunk(v, n.Shape.Last()) {
				out = append(out, int64(slices.Index(row, 1)))
			}
			continue
		}
		out = append(out, v...)
	}
	return out, nil
}

// run computes the value of every operation. In 64 bits, sums and products may overflow on the way.
// Modulo 2^64 the value is right, and it fits. A wide value is computed in numbers of any size, and so
// are the values that depend on it directly. Its place in the result is nil.
func (p *Program) run(in []int64, wide func(n *Node) bool) [][]int64 {
	values, large := make([][]int64, len(p.nodes)), make([][]circuit.Int, len(p.nodes))
	for id := range p.nodes {
		n := &p.nodes[id]
		x, y := Operands(n, values)
		if n.Op == OpInput || n.Op == OpTokens {
			shape, _ := n.portShape()
			x, in = in[:shape.Len()], in[shape.Len():]
		}
		if len(n.Args) > 0 && (wide(n) || slices.ContainsFunc(n.Args, func(a int) bool { return values[a] == nil })) {
			for _, a := range n.Args {
				if large[a] == nil {
					large[a] = enlarged(values[a])
				}
			}
			a, b := Operands(n, large)
			large[id] = n.exact(a, b)
			if !wide(n) {
				values[id] = reduced(large[id])
			}
			continue
		}
		v := make([]int64, n.Shape.Len())
		if run := operations[n.Op].run; run != nil {
			run(n, v, x, y)
		} else {
			args, total := [2][]int64{x, y}, int64(0)
			add := func(arg, from int, weight int64) { total += weight * args[arg][from] }
			for i := range v {
				total = 0
				constant := n.Terms(i, add)
				v[i] = total + constant
			}
		}
		values[id] = v
	}
	return values
}

// exact returns the value of n, from the values of its arguments, in numbers of any size. Sums follow
// the terms of the operation; the others that can leave 64 bits have code of their own here.
func (n *Node) exact(x, y []circuit.Int) []circuit.Int {
	v, small := make([]circuit.Int, n.Shape.Len()), make([]int64, n.Shape.Len())
	same := func(x circuit.Int) circuit.Int { return x }
	switch n.Op {
	case OpWindow:
		n.Prefixes(func(to, before, last int) { v[to] = v[before].Add(x[last]) })
		return v
	case OpContract:
		for i := range v {
			n.Einsum.Each(i, func(j, k int) { v[i] = v[i].Add(x[j].Mul(y[k])) })
		}
		return v
	case OpStep:
		table := n.Steps.table()
		for i := range v {
			small[i] = table[n.Steps.jumps(x[i])]
		}
	case OpLookup:
		runLookup(n, small, reduced(x), nil)
	case OpQuotient:
		divide(n, small, x, y, same, n.quotient)
	case OpRootQuotient:
		divide(n, small, x, y, same, n.rootQuotient)
	case OpMaxStep:
		maxStep(n, small, x, same)
	case OpArgMax:
		argMax(n, small, x, same)
	default:
		args := [2][]circuit.Int{x, y}
		for i := range v {
			constant := n.Terms(i, func(arg, from int, weight int64) {
				v[i] = v[i].Add(circuit.NewInt(weight).Mul(args[arg][from]))
			})
			v[i] = v[i].Add(circuit.NewInt(constant))
		}
		return v
	}
	return enlarged(small)
}

func enlarged(v []int64) []circuit.Int {
	large := make([]circuit.Int, len(v))
	for i, x := range v {
		large[i] = circuit.NewInt(x)
	}
	return large
}

// reduced returns the 64-bit integers next to v.
func reduced(v []circuit.Int) []int64 {
	small := make([]int64, len(v))
	for i, x := range v {
		small[i] = everything.clip(x)
	}
	return small
}

// checkInput compares the integers with the ranges of the input ports. It makes no
// names unless one is wrong, since the reference runs many times.
func (p *Program) checkInput(in []int64) error {
	at := 0
	for _, r := range p.inputs {
		n := &p.nodes[r.Value]
		shape, bounds := n.portShape()
		for i := range shape.Len() {
			if at < len(in) && !bounds.Contains(in[at]) {
				return &InputError{r.Name + shape.index(i), fmt.Sprintf("%d is outside %v", in[at], bounds)}
			}
			at++
		}
	}
	if len(in) != at {
		return &InputError{"", fmt.Sprintf("%d integers for %d ports", len(in), at)}
	}
	return nil
}
