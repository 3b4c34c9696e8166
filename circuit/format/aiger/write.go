package aiger

import (
	"encoding/binary"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that AIGER has: AND of two inputs, with complements.
func Repertoire() basis.Repertoire { return basis.Repertoire{} }

// WriteASCII writes a design in the ASCII form.
//
// Size:  a line for each input, output and gate; symbols and comments.
// Error: [*netlist.UnfitError] for a gate that is not in [Repertoire]; or the error of w.
func WriteASCII(w io.Writer, d *netlist.Design) error {
	return write(w, d, "aag", func(o *writer) {
		for _, g := range d.Circuit.Inputs() {
			o.numbers(o.lit(g.Lit()))
		}
		o.outputs()
		for g := range circuit.Gate(d.Circuit.Len()) {
			if in := d.Circuit.Fanin(g); len(in) == 2 {
				o.numbers(o.lit(g.Lit()), o.lit(in[0]), o.lit(in[1]))
			}
		}
	})
}

// WriteBinary writes a design in the binary form. The inputs of a gate stand in the order
// of their numbers.
//
// Size:  2 to 10 bytes for each gate, a line for each output; symbols and comments.
// Error: [*netlist.UnfitError] for a gate that is not in [Repertoire]; or the error of w.
func WriteBinary(w io.Writer, d *netlist.Design) error {
	return write(w, d, "aig", func(o *writer) {
		o.outputs()
		for g := range circuit.Gate(d.Circuit.Len()) {
			if in := d.Circuit.Fanin(g); len(in) == 2 {
				lhs, x, y := o.lit(g.Lit()), o.lit(in[0]), o.lit(in[1])
				if x < y {
					x, y = y, x
				}
				o.deltas(lhs-x, x-y)
			}
		}
	})
}

// writer is the state of writing a file.
type writer struct {
	netlist.Printer
	c        *circuit.Circuit
	variable []uint32 // by gate; nil if gates and variables have the same numbers
}

func write(w io.Writer, d *netlist.Design, kind string, body func(*writer)) error {
	c := d.Circuit
	if err := netlist.Fit("AIGER", c, Repertoire().Has); err != nil {
		return err
	}
	o := &writer{Printer: netlist.NewPrinter(w), c: c}
	o.number()
	inputs := len(c.Inputs())
	last := c.Len() - 1 // gate 0 is the constant
	o.Text(kind, " ", last, " ", inputs, " 0 ", c.OutputCount(), " ", last-inputs, "\n")
	body(o)
	n := netlist.NewNames(d, netlist.Spelling{Legal: isLegal, Apart: true})
	o.symbols(n)
	o.comments(n.PortComments(c), d.Comments)
	return o.Flush() // its error sticks from the first write on
}

// number gives the inputs the variables from 1 on and the gates those behind. Most
// circuits are in that order.
func (o *writer) number() {
	inputs := o.c.Inputs()
	if n := len(inputs); n == 0 || int(inputs[n-1]) == n {
		return
	}
	o.variable = make([]uint32, o.c.Len())
	for i, g := range inputs {
		o.variable[g] = uint32(1 + i)
	}
	next := uint32(1 + len(inputs))
	for g := 1; g < o.c.Len(); g++ {
		if o.c.Kind(circuit.Gate(g)) != gates.Input {
			o.variable[g] = next
			next++
		}
	}
}

// lit returns a literal of the file.
func (o *writer) lit(l circuit.Lit) uint32 {
	if o.variable == nil {
		return uint32(l)
	}
	return o.variable[l.Gate()]<<1 | uint32(l&1)
}

func (o *writer) outputs() {
	for _, l := range o.c.Outputs() {
		o.numbers(o.lit(l))
	}
}

// numbers writes a line of numbers.
func (o *writer) numbers(list ...uint32) {
	o.List(" ", len(list), func(i int) { o.Text(list[i]) })
	o.Text("\n")
}

// deltas writes the two numbers of a gate of the binary form.
func (o *writer) deltas(d0, d1 uint32) {
	o.Write(binary.AppendUvarint(binary.AppendUvarint(o.AvailableBuffer(), uint64(d0)), uint64(d1)))
}

// symbols writes the names, except those that a reader gives by default.
func (o *writer) symbols(n *netlist.Names) {
	for _, side := range [...]struct {
		field int
		names []string
	}{{inputField, n.Inputs}, {outputField, n.Outputs}} {
		for i, name := range side.names {
			if key := (symbol{field: side.field, position: uint32(i)}).key().Text; name != string(key) {
				o.Text(string(key), " ", name, "\n")
			}
		}
	}
}

// isLegal reports whether a name can have a rune: a name is the rest of a line, and should be
// readable.
func isLegal(r rune, _ bool) bool {
	return r == ' ' || r != utf8.RuneError && unicode.IsPrint(r)
}

func (o *writer) comments(ports, comments []string) {
	if len(ports)+len(comments) == 0 {
		return
	}
	o.Text("c\n")
	for _, line := range ports {
		o.Text(line, "\n")
	}
	for _, text := range comments {
		for line := range strings.SplitSeq(text, "\n") {
			line = strings.TrimRight(line, "\r")
			if netlist.DescribesPort(line) {
				line = netlist.Remark(line)
			}
			o.Text(line, "\n") // any other byte may stand in a comment, and comes back
		}
	}
}
