package compile

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
		fmt.Fprintf(&b, "  %%%d %v in %v = %s", id, n.shape, n.bounds, n.describe())
		if len(n.stage) > 0 {
			fmt.Fprintf(&b, "  # %s", n.path())
		}
		b.WriteByte('\n')
	}
	for _, o := range p.outputs {
		fmt.Fprintf(&b, "  output %s = %%%d\n", o.name, o.value)
	}
	return b.String()
}

// describe writes the operation and its operands.
func (n *node) describe() string {
	args := make([]string, len(n.args))
	for i, a := range n.args {
		args[i] = fmt.Sprintf("%%%d", a)
	}
	switch n.op {
	case OpInput:
		kind := "unsigned"
		if n.signed {
			kind = "two's complement"
		}
		args = append(args, fmt.Sprintf("%q", n.name), fmt.Sprintf("%d bits %s", n.bits, kind))
	case OpTokens:
		args = append(args, fmt.Sprintf("%q", n.name))
	case OpLinear:
		if n.matrix == nil {
			args = append(args, "matrix for every size")
		} else {
			args = append(args, fmt.Sprintf("%d×%d matrix", n.matrix.Rows, n.matrix.Columns))
		}
		if n.bias != nil {
			args = append(args, "bias")
		}
	case OpAffine:
		args = append(args, fmt.Sprintf("·%d%+d", n.scale, n.offset))
	case OpReduce:
		args = append(args, fmt.Sprintf("axis %d", n.axis))
	case OpGather:
		args = append(args, n.note)
	case OpStep:
		if n.count != nil {
			args = append(args, fmt.Sprintf("%v jumps", n.count))
		} else {
			args = append(args, fmt.Sprintf("%d jumps", len(n.steps.At)))
		}
	case OpContract:
		args = append(args, n.einsum.spec)
	case OpQuotient:
		args = append(args, "clipped")
	}
	return fmt.Sprintf("%v(%s)", n.op, strings.Join(args, ", "))
}
