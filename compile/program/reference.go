package program

import (
	"fmt"
	"slices"
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
// for each output port; see [Program.Inputs].
func (p *Program) Reference(in []int64) ([]int64, error) {
	values, err := p.run(in)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, o := range p.outputs {
		v := values[o.Value]
		if n := &p.nodes[o.Value]; n.OneHot {
			for m := n.Shape.Last(); len(v) > 0; v = v[m:] {
				out = append(out, int64(slices.Index(v[:m], 1)))
			}
			continue
		}
		out = append(out, v...)
	}
	return out, nil
}

// run computes the value of every operation.
func (p *Program) run(in []int64) ([][]int64, error) {
	if p.err != nil {
		return nil, p.err
	}
	if err := p.checkInput(in); err != nil {
		return nil, err
	}
	values := make([][]int64, len(p.nodes))
	for id := range p.nodes {
		n := &p.nodes[id]
		v := make([]int64, n.Shape.Len())
		var x, y []int64
		if len(n.Args) > 0 {
			x = values[n.Args[0]]
		}
		if len(n.Args) > 1 {
			y = values[n.Args[1]]
		}
		switch n.Op {
		case OpInput:
			in = in[copy(v, in):]
		case OpTokens:
			m := n.Shape.Last()
			for i := range len(v) / m {
				v[i*m+int(in[i])] = 1
			}
			in = in[len(v)/m:]
		case OpLinear:
			runLinear(v, x, n)
		case OpAdd:
			for i := range v {
				v[i] = x[i] + y[i%len(y)]
			}
		case OpAffine:
			for i := range v {
				v[i] = n.Scale*x[i] + n.Offset
			}
		case OpReduce:
			EachReduced(p.nodes[n.Args[0]].Shape, n.Axis, func(to, from int) { v[to] += x[from] })
		case OpGather:
			for i, j := range n.Index {
				v[i] = x[j]
			}
		case OpStep:
			table := n.Steps.table()
			for i := range v {
				v[i] = table[n.Steps.Jumps(x[i])]
			}
		case OpContract:
			at := 0
			n.Einsum.Each(func(i int) bool { at = i; return true }, func(i, j int) { v[at] += x[i] * y[j] })
		case OpQuotient:
			each := len(v) / len(y)
			for i := range v {
				v[i] = min(max(floorDiv(x[i], y[i/each]), n.Bounds.Lo), n.Bounds.Hi)
			}
		case OpConst:
			copy(v, n.Data)
		case OpMask:
			for i := range v {
				v[i] = n.Offset
				if n.Keep[i] {
					v[i] = x[i]
				}
			}
		case OpWindow:
			runWindow(v, x, n)
		case OpLookup:
			for i, at := range x {
				copy(v[i*n.Table.Columns:], n.Table.Row(n.Table.Clip(at)))
			}
		case OpRootQuotient:
			runRootQuotient(v, x, y, n)
		case OpMaxStep:
			runMaxStep(v, x, n)
		case OpArgMax:
			runArgMax(v, x, n)
		}
		values[id] = v
	}
	return values, nil
}

func runLinear(v, x []int64, n *Node) {
	for i := range v {
		row, out := i/n.Matrix.Rows, i%n.Matrix.Rows
		if n.Bias != nil {
			v[i] = n.Bias[out]
		}
		for k, w := range n.Matrix.Row(out) {
			v[i] += w * x[row*n.Matrix.Columns+k]
		}
	}
}

// reduce calls f for each element of a tensor with the place it is added to when
// the given axis is summed away.
func EachReduced(shape Shape, axis int, f func(to, from int)) {
	inner := shape[axis+1:].Len()
	size := shape[axis].Size()
	for i := range shape.Len() {
		f(i/(inner*size)*inner+i%inner, i)
	}
}

// checkInput compares the integers with the ranges of the input ports. It makes no
// names unless one is wrong, since the reference runs many times.
func (p *Program) checkInput(in []int64) error {
	at := 0
	for _, id := range p.inputs {
		n := &p.nodes[id]
		count, r := n.Shape.Len(), n.Bounds
		if n.OneHot {
			count, r = count/n.Shape.Last(), Range{0, int64(n.Shape.Last() - 1)}
		}
		for i := range count {
			if at+i < len(in) && !r.Contains(in[at+i]) {
				return &InputError{p.Ports(n.Name, id)[i].Name, fmt.Sprintf("%d is outside %v", in[at+i], r)}
			}
		}
		at += count
	}
	if len(in) != at {
		return &InputError{"", fmt.Sprintf("%d integers for %d ports", len(in), at)}
	}
	return nil
}
