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
		fmt.Fprintf(&b, "  %%%d %v in %v = %s", id, n.Shape, n.rangeText(), n.String())
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

// rangeText returns the range, with all digits of an end beyond 64 bits.
func (n *Node) rangeText() string {
	if n.wide != nil {
		return n.wide.String()
	}
	return n.Bounds.String()
}

// String returns the operation with its operands, its name and its details, for example
// "Affine(%2, ·3-1)".
func (n *Node) String() string {
	var parts []string
	for _, a := range n.Args {
		parts = append(parts, fmt.Sprintf("%%%d", a))
	}
	if n.Op == OpInput || n.Op == OpTokens {
		parts = append(parts, fmt.Sprintf("%q", n.Name))
	}
	if detail := n.Detail(); detail != "" {
		parts = append(parts, detail)
	}
	return fmt.Sprintf("%v(%s)", n.Op, strings.Join(parts, ", "))
}

// Detail returns what the listing says beside operands and name.
func (n *Node) Detail() string {
	if detail := operations[n.Op].detail; detail != nil {
		return detail(n)
	}
	return ""
}
