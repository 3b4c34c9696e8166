package program

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
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

// WriteKey writes bytes that are the same for equal programs only: all that a reader of the program sees, with all
// numbers. They are no file format, and may differ between versions of this package.
func (p *Program) WriteKey(w io.Writer) error {
	b := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(b, "%q %d %d %t %t %v %v %v\n", p.name, len(p.nodes), p.n, p.open, p.left, p.inputs, p.outputs, p.repeats)
	fmt.Fprintf(b, "%v %v\n", p.lets, p.stands) // fmt sorts maps
	for id := range p.nodes {
		p.nodes[id].writeKey(b)
	}
	return b.Flush()
}

// writeKey writes one operation. What its fields point to is written, and not where that is.
func (n *Node) writeKey(b *bufio.Writer) {
	fmt.Fprintf(b, "%v %q %v %v %v\n", n.Op, n.Stage, n.Args, n.rangeText(), n.Bounds)
	for _, d := range n.Shape {
		fmt.Fprintf(b, "%q %d %d\n", d.Name, d.size, d.n)
	}
	fmt.Fprintf(b, "%t %t %t %q %d %t %d %d %d %d %d %t %q\n", n.OneHot, n.Given, n.Func, n.Name, n.Bits, n.Signed, n.Scale,
		n.Offset, n.Axis, n.Least, n.Unit, n.Even, n.Note)
	fmt.Fprintf(b, "%v %v %t %v %v %v\n", n.Layout, n.Asked, n.Steps.cut, n.Count, n.Most, n.Total)
	for _, m := range []*Matrix{n.Matrix, n.Table} {
		if fmt.Fprintf(b, "%t\n", m != nil); m != nil {
			fmt.Fprintf(b, "%d %d %d\n", m.Rows, m.Columns, m.Most)
			numbers(b, m.Data)
		}
	}
	numbers(b, n.Bias)
	numbers(b, []int64{n.Steps.Base})
	numbers(b, n.Steps.At)
	numbers(b, n.Steps.Jump)
	numbers(b, n.Data)
	numbers(b, n.Index)
	fmt.Fprintln(b, n.Keep == nil, len(n.Keep))
	for _, kept := range n.Keep {
		fmt.Fprintf(b, "%t", kept)
	}
	if n.Causal != nil {
		fmt.Fprintf(b, "%v", *n.Causal)
	}
	if n.Einsum != nil {
		fmt.Fprintf(b, "%v", *n.Einsum)
	}
	fmt.Fprintln(b, len(n.Kernel))
	for _, taps := range n.Kernel {
		numbers(b, taps)
	}
}

// numbers writes a list, and whether there is one.
func numbers[T int32 | int64](b *bufio.Writer, list []T) {
	fmt.Fprintln(b, list == nil, len(list))
	buffer := make([]byte, 0, 8)
	for _, v := range list {
		b.Write(binary.LittleEndian.AppendUint64(buffer, uint64(v)))
	}
}
