package bristol

import (
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that [Write] has words for: AND and XOR of two inputs,
// their complements, NOT and BUF.
func Repertoire() basis.Repertoire { return basis.Repertoire{Xor: true, Complements: true} }

// Write writes a design in Bristol Fashion. Names, formats of ports and comments are
// lost.
//
// Size:  a line for each gate and for each gate whose complement is read; one for each output
// wire that is a constant, an input or an output already.
// Error: [*netlist.UnfitError] for a gate that is not in [Repertoire]; [circuit.ErrTooLarge]
// for more than 2^32 wires; or the error of w.
func Write(w io.Writer, d *netlist.Design) error {
	if err := netlist.Fit("Bristol Fashion", d.Circuit, Repertoire().Has); err != nil {
		return err
	}
	if 2*uint64(d.Circuit.Len())+uint64(d.Circuit.OutputCount()) >= claimed {
		return circuit.ErrTooLarge
	}
	o := &writer{Printer: netlist.NewPrinter(w), layout: newLayout(d.Circuit)}
	o.Text(o.lines, " ", o.wires, "\n")
	o.widths(o.c.InputPorts())
	o.widths(o.c.OutputPorts())
	o.Text("\n")
	o.sources()
	for g := range circuit.Gate(o.c.Len()) {
		if !o.c.Kind(g).IsSource() {
			o.gate(g)
		}
	}
	o.copies()
	return o.Flush() // its error sticks from the first write on
}

// writer is the state of writing a file.
type writer struct {
	netlist.Printer
	*layout
}

// widths writes the widths of ports, behind their number.
func (o *writer) widths(ports []circuit.Port) {
	o.Text(len(ports))
	for i := range ports {
		o.Text(" ", len(ports[i].Wires))
	}
	o.Text("\n")
}

// sources writes the constants and the complements of inputs.
func (o *writer) sources() {
	for bit := range 2 {
		if wire := o.of[bit][0]; wire != unread {
			o.one("EQ", uint32(bit), wire)
		}
	}
	for _, g := range o.c.Inputs() {
		o.invert(g)
	}
}

// gate writes gate g, and its complement if something reads it.
func (o *writer) gate(g circuit.Gate) {
	in := o.c.Fanin(g)
	out := o.of[0][g]
	switch o.c.Kind(g) {
	case gates.And, gates.Nand:
		o.two("AND", o.wire(in[0]), o.wire(in[1]), out)
	case gates.Xor, gates.Xnor:
		o.two("XOR", o.wire(in[0]), o.wire(in[1]), out)
	case gates.Not:
		o.one("INV", o.wire(in[0]), out)
	default:
		o.one("EQW", o.wire(in[0]), out)
	}
	o.invert(g)
}

func (o *writer) invert(g circuit.Gate) {
	if wire := o.of[1][g]; wire != unread {
		o.one("INV", o.of[0][g], wire)
	}
}

// copies writes the drivers of the outputs that no gate drives.
func (o *writer) copies() {
	for i, l := range o.c.Outputs() {
		out := o.wires - o.outputs + uint32(i)
		switch {
		case o.wire(l) == out:
		case l.IsConst():
			o.one("EQ", uint32(l), out)
		default:
			o.one("EQW", o.wire(l), out)
		}
	}
}

// one writes the line of a gate of one input, two the line of a gate of two inputs.
func (o *writer) one(op string, in, out uint32) { o.Text("1 1 ", in, " ", out, " ", op, "\n") }

func (o *writer) two(op string, x, y, out uint32) { o.Text("2 1 ", x, " ", y, " ", out, " ", op, "\n") }
