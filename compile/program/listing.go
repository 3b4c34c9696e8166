package program

import (
	"fmt"
	"strings"
)

// String lists the operations of p, one a line: the value's number, its shape and
// range, what makes it, and the stage.
func (p *Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "program %s\n", p.name)
	for id := range p.nodes {
		n := &p.nodes[id]
		fmt.Fprintf(&b, "  %%%d %v in %v = %s", id, n.Shape, n.Bounds, n.String())
		if len(n.Stage) > 0 {
			fmt.Fprintf(&b, "  # %s", n.Path())
		}
		b.WriteByte('\n')
	}
	for _, o := range p.outputs {
		fmt.Fprintf(&b, "  output %s = %%%d\n", o.Name, o.Value)
	}
	return b.String()
}

// describe writes the operation and its operands.
func (n *Node) String() string {
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = fmt.Sprintf("%%%d", a)
	}
	switch n.Op {
	case OpInput:
		kind := "unsigned"
		if n.Signed {
			kind = "two's complement"
		}
		args = append(args, fmt.Sprintf("%q", n.Name), fmt.Sprintf("%d bits %s", n.Bits, kind))
	case OpTokens:
		args = append(args, fmt.Sprintf("%q", n.Name))
	case OpLinear:
		if n.Matrix == nil {
			args = append(args, "matrix for every size")
		} else {
			args = append(args, fmt.Sprintf("%d×%d matrix", n.Matrix.Rows, n.Matrix.Columns))
		}
		if n.Bias != nil {
			args = append(args, "bias")
		}
	case OpAffine:
		args = append(args, fmt.Sprintf("·%d%+d", n.Scale, n.Offset))
	case OpReduce:
		args = append(args, fmt.Sprintf("axis %d", n.Axis))
	case OpGather:
		args = append(args, n.Note)
	case OpStep:
		if n.Count != nil {
			args = append(args, fmt.Sprintf("%v jumps", n.Count))
		} else {
			args = append(args, fmt.Sprintf("%d jumps", len(n.Steps.At)))
		}
	case OpContract:
		args = append(args, n.Einsum.Spec)
	case OpQuotient:
		args = append(args, "clipped")
	}
	return fmt.Sprintf("%v(%s)", n.Op, strings.Join(args, ", "))
}
