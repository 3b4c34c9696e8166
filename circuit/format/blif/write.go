package blif

import (
	"io"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that Write accepts as they stand. It accepts XOR and XNOR
// of up to four inputs, too.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Wide: true, Xor: true, Complements: true}
}

func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, first bool) bool {
			return netlist.IsNameRune(r) && !strings.ContainsRune(`#\=`, r) && !(first && r == '.')
		},
	}
}

// has reports whether a gate can be written.
func has(kind gates.Kind, fanIn int) bool {
	r := Repertoire()
	r.WideXor = fanIn <= mostParity
	return r.Has(kind, fanIn)
}

// Write writes a design as a BLIF file of one model.
//
// Size:  two lines for each gate, 2^(n−1) + 1 for a XOR of n inputs.
// Error: a [*netlist.UnfitError] if a gate cannot be written, or the error of w.
func Write(w io.Writer, d *netlist.Design) error {
	c := d.Circuit
	if err := netlist.Fit("blif", c, has); err != nil {
		return err
	}
	p := &printer{Printer: netlist.NewPrinter(w), c: c, names: netlist.NewNames(d, spelling())}
	p.Comments("# ", d.Remarks(), p.names.PortComments(c))
	p.Model(d.Name, spelling(), p.names, ".inputs", ".outputs")
	p.constant()
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			p.gate(g)
		}
	}
	p.outputs()
	p.Text(".end\n")
	return p.Flush() // its error sticks from the first write on
}

// printer is the state of writing one design.
type printer struct {
	netlist.Printer
	c     *circuit.Circuit
	names *netlist.Names
	text  []byte // of the gate at hand
}

// constant defines the constant 0 if a gate reads a constant: 1 is its complement.
func (p *printer) constant() {
	for g := range circuit.Gate(p.c.Len()) {
		for _, l := range p.c.Fanin(g) {
			if l.IsConst() {
				p.Text(".names ", p.name(0), "\n")
				return
			}
		}
	}
}

func (p *printer) name(g circuit.Gate) string {
	if g == 0 {
		return p.names.Aux("zero", 0)
	}
	return p.names.Gate(g)
}

// gate writes the gate g. A disjunction is one cube, too: the cube where it is 0. A row for each
// input would make the file quadratic in the fan-in.
func (p *printer) gate(g circuit.Gate) {
	kind, in := p.c.Kind(g), p.c.Fanin(g)
	p.text = append(p.text[:0], ".names "...)
	for _, l := range in {
		if l.IsConst() {
			p.text = append(p.text, p.name(0)...)
		} else {
			p.text = p.names.Append(p.text, l.Gate())
		}
		p.text = append(p.text, ' ')
	}
	p.text = append(p.names.Append(p.text, g), '\n')
	switch kind {
	case gates.Xor, gates.Xnor:
		odd := kind == gates.Xor
		for _, l := range in {
			odd = odd != l.IsComplement()
		}
		p.text = parity(p.text, len(in), odd)
	case gates.And, gates.Buf:
		p.cube(in, '1', '1')
	case gates.Nand:
		p.cube(in, '1', '0')
	case gates.Or:
		p.cube(in, '0', '0')
	default: // NOR and NOT
		p.cube(in, '0', '1')
	}
	p.Write(p.text)
}

// cube appends the row of the given value where all the literals have the value sign.
func (p *printer) cube(in []circuit.Lit, sign, value byte) {
	for _, l := range in {
		s := sign
		if l.IsComplement() {
			s ^= '0' ^ '1'
		}
		p.text = append(p.text, s)
	}
	if len(in) > 0 {
		p.text = append(p.text, ' ')
	}
	p.text = append(p.text, value, '\n')
}

// outputs defines those outputs that are not the name of a gate or an input.
func (p *printer) outputs() {
	for i, l := range p.c.Outputs() {
		name := p.names.Outputs[i]
		switch {
		case l == circuit.False:
			p.Text(".names ", name, "\n")
		case l == circuit.True:
			p.Text(".names ", name, "\n1\n")
		case l.IsComplement():
			p.Text(".names ", p.name(l.Gate()), " ", name, "\n0 1\n")
		case p.name(l.Gate()) != name:
			p.Text(".names ", p.name(l.Gate()), " ", name, "\n1 1\n")
		}
	}
}
