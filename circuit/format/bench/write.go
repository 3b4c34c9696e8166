package bench

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that Write accepts as they stand and that all tools read.
// Write accepts XOR and XNOR of other fan-ins, too.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Wide: true, Xor: true, Complements: true}
}

// spelling is the form of names that ABC reads, too.
func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, _ bool) bool {
			return r < utf8.RuneSelf && netlist.IsNameRune(r) && !strings.ContainsRune("#(),=", r)
		},
		Reserved: constants[:], // constants to ABC if the file does not define them
		Prefixes: []string{"INPUT", "OUTPU"},
	}
}

// Write writes a design as a .bench file.
//
// Size:  a line for each input, output and gate, for each gate that is read complemented, and
// for each output that is not a gate of its own.
// Error: a [*netlist.UnfitError] if a gate is not in the repertoire, or the error of w.
func Write(w io.Writer, d *netlist.Design) error {
	fits := Repertoire()
	fits.WideXor = true
	c := d.Circuit
	if err := netlist.Fit("bench", c, fits.Has); err != nil {
		return err
	}
	p := &printer{Printer: netlist.NewPrinter(w), c: c, names: netlist.NewNames(d, spelling())}
	p.Comments("# ", d.Remarks(), p.names.PortComments(c))
	for _, name := range p.names.Inputs {
		p.Text("INPUT(", name, ")\n")
	}
	for _, name := range p.names.Outputs {
		p.Text("OUTPUT(", name, ")\n")
	}
	p.findComplements()
	p.constants()
	for g := range circuit.Gate(c.Len()) {
		if g > 0 && c.Kind(g) != gates.Input {
			p.gate(g)
		}
		if g > 0 && p.not[g] != "" && !p.flips(g) {
			p.Text(p.not[g], " = NOT(", p.names.Gate(g), ")\n")
		}
	}
	p.outputs()
	return p.Flush() // its error sticks from the first write on
}

// printer is the state of writing one design.
type printer struct {
	netlist.Printer
	c     *circuit.Circuit
	names *netlist.Names
	not   []string // by gate, the name of its complement, "" if it is not read
	plain []bool   // by gate: something reads it as it is
	zero  bool     // a gate reads the constant 0
	one   bool     // a gate reads the constant 1
	line  []byte   // of the gate at hand
}

// findComplements names the complements that are read. An output that is one gives it
// its own name.
func (p *printer) findComplements() {
	p.not, p.plain = make([]string, p.c.Len()), make([]bool, p.c.Len())
	for i, l := range p.c.Outputs() {
		if g := l.Gate(); l.IsComplement() && !l.IsConst() && p.not[g] == "" {
			p.not[g] = p.names.Outputs[i]
		}
		p.plain[l.Gate()] = p.plain[l.Gate()] || !l.IsComplement()
	}
	for g := range circuit.Gate(p.c.Len()) {
		for _, l := range p.c.Fanin(g) {
			p.plain[l.Gate()] = p.plain[l.Gate()] || !l.IsComplement()
			switch {
			case l == circuit.False:
				p.zero = true
			case l == circuit.True:
				p.one = true
			case l.IsComplement() && p.not[l.Gate()] == "":
				p.not[l.Gate()] = p.names.Aux("not", l.Gate())
			}
		}
	}
}

// flips reports whether only the complement of g is read. It is then written as a gate of
// its own, such as a NAND for an AND, and g itself is not.
func (p *printer) flips(g circuit.Gate) bool {
	_, ok := p.c.Kind(g).Complement()
	return ok && p.not[g] != "" && !p.plain[g]
}

// constants defines the constants that gates read. A file without lines would look like an empty
// one, so a circuit without ports has a constant, too.
func (p *printer) constants() {
	nothing := p.c.Len() == 1 && len(p.names.Outputs) == 0
	if p.zero || nothing {
		p.Text(p.names.Aux("zero", 0), " = gnd\n")
	}
	if p.one {
		p.Text(p.names.Aux("one", 0), " = vdd\n")
	}
}

// literal adds the name of a literal to the line.
func (p *printer) literal(l circuit.Lit) {
	switch {
	case l == circuit.False:
		p.line = append(p.line, p.names.Aux("zero", 0)...)
	case l == circuit.True:
		p.line = append(p.line, p.names.Aux("one", 0)...)
	case l.IsComplement():
		p.line = append(p.line, p.not[l.Gate()]...)
	default:
		p.line = p.names.Append(p.line, l.Gate())
	}
}

func (p *printer) gate(g circuit.Gate) {
	kind, in := p.c.Kind(g), p.c.Fanin(g)
	p.line = p.line[:0]
	if p.flips(g) {
		kind, _ = kind.Complement()
		p.line = append(p.line, p.not[g]...)
	} else {
		p.line = p.names.Append(p.line, g)
	}
	p.line = append(p.line, " = "...)
	if len(in) == 0 {
		one := kind == gates.And || kind == gates.Nor || kind == gates.Xnor
		p.line = append(append(p.line, constants[circuit.False.NotIf(one)]...), '\n')
		p.Write(p.line)
		return
	}
	word := kind.String()
	if kind == gates.Buf {
		word = "BUFF"
	}
	p.line = append(append(p.line, word...), '(')
	for i, l := range in {
		if i > 0 {
			p.line = append(p.line, ", "...)
		}
		p.literal(l)
	}
	p.line = append(p.line, ")\n"...)
	p.Write(p.line)
}

// outputs defines those outputs that are not the name of a gate, an input or a complement.
func (p *printer) outputs() {
	for i, l := range p.c.Outputs() {
		name, plain, not := p.names.Outputs[i], p.names.Gate(l.Gate()), p.not[l.Gate()]
		switch {
		case l.IsConst():
			p.Text(name, " = ", constants[l&1], "\n")
		case !l.IsComplement() && plain == name || l.IsComplement() && not == name:
		case !l.IsComplement():
			p.Text(name, " = BUFF(", plain, ")\n")
		case p.flips(l.Gate()):
			p.Text(name, " = BUFF(", not, ")\n")
		default:
			p.Text(name, " = NOT(", plain, ")\n")
		}
	}
}

// constants are the words for 0 and 1.
var constants = [2]string{"gnd", "vdd"}
