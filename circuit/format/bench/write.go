package bench

import (
	"bufio"
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

// spelling is what ABC reads as a name, too.
func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, _ bool) bool {
			return r < utf8.RuneSelf && netlist.IsNameRune(r) && !strings.ContainsRune("#(),=", r)
		},
		Reserved: []string{"gnd", "vdd"}, // constants to ABC where nothing drives them
		Prefixes: []string{"INPUT", "OUTPU"},
	}
}

// Write writes a design as a .bench file.
//
// Size: a line for each input, output and gate, for each gate that is read complemented,
// and for each output that is no gate of its own.
// Error: a [*netlist.UnfitError] if a gate is not in the repertoire, or that of w.
func Write(w io.Writer, d *netlist.Design) error {
	fits := Repertoire()
	fits.WideXor = true
	c := d.Circuit
	if err := netlist.Fit("bench", c, fits); err != nil {
		return err
	}
	p := &printer{w: bufio.NewWriterSize(w, 1<<16), c: c, names: netlist.NewNames(d, spelling())}
	for _, line := range d.Comments {
		p.text(strings.TrimSpace("# "+netlist.Remark(line)), "\n")
	}
	for _, line := range p.names.PortComments(c) {
		p.text("# ", line, "\n")
	}
	for _, name := range p.names.Inputs {
		p.text("INPUT(", name, ")\n")
	}
	for _, name := range p.names.Outputs {
		p.text("OUTPUT(", name, ")\n")
	}
	p.findComplements()
	p.constants()
	for g := range circuit.Gate(c.Len()) {
		if g > 0 && c.Kind(g) != gates.Input {
			p.gate(g)
		}
		if g > 0 && p.not[g] != "" && !p.flips(g) {
			p.text(p.not[g], " = NOT(", p.names.Gate(g), ")\n")
		}
	}
	p.outputs()
	return p.w.Flush() // its error sticks from the first write on
}

// printer is the state of writing one design.
type printer struct {
	w     *bufio.Writer
	c     *circuit.Circuit
	names *netlist.Names
	not   []string // by gate, the name of its complement, "" if nothing reads it
	plain []bool   // by gate: something reads it as it is
	zero  bool     // a gate reads the constant 0
	one   bool     // a gate reads the constant 1
}

func (p *printer) text(parts ...string) {
	for _, s := range parts {
		p.w.WriteString(s)
	}
}

// findComplements names the complements that are read. An output that is one gives it
// its own name.
func (p *printer) findComplements() {
	p.not, p.plain = make([]string, p.c.Len()), make([]bool, p.c.Len())
	at := 0
	for _, port := range p.c.OutputPorts() {
		for _, l := range port.Wires {
			if g := l.Gate(); l.IsComplement() && !l.IsConst() && p.not[g] == "" {
				p.not[g] = p.names.Outputs[at]
			}
			p.plain[l.Gate()] = p.plain[l.Gate()] || !l.IsComplement()
			at++
		}
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

// constants defines the constants that gates read. A file of no line at all could not be
// told from an empty one, so that a circuit of nothing has a constant, too.
func (p *printer) constants() {
	nothing := p.c.Len() == 1 && len(p.names.Outputs) == 0
	if p.zero || nothing {
		p.text(p.names.Aux("zero", 0), " = gnd\n")
	}
	if p.one {
		p.text(p.names.Aux("one", 0), " = vdd\n")
	}
}

func (p *printer) literal(l circuit.Lit) string {
	switch {
	case l == circuit.False:
		return p.names.Aux("zero", 0)
	case l == circuit.True:
		return p.names.Aux("one", 0)
	case l.IsComplement():
		return p.not[l.Gate()]
	}
	return p.names.Gate(l.Gate())
}

func (p *printer) gate(g circuit.Gate) {
	kind, in, name := p.c.Kind(g), p.c.Fanin(g), p.names.Gate(g)
	if p.flips(g) {
		kind, _ = kind.Complement()
		name = p.not[g]
	}
	p.text(name, " = ")
	if len(in) == 0 {
		p.text(nullary(kind), "\n")
		return
	}
	if kind == gates.Buf {
		p.text("BUFF(")
	} else {
		p.text(kind.String(), "(")
	}
	for i, l := range in {
		if i > 0 {
			p.text(", ")
		}
		p.text(p.literal(l))
	}
	p.text(")\n")
}

// nullary returns the constant that a gate without inputs is.
func nullary(k gates.Kind) string {
	switch k {
	case gates.And, gates.Nor, gates.Xnor:
		return "vdd"
	}
	return "gnd"
}

// outputs defines those outputs that are not the name of a gate, an input or a complement.
func (p *printer) outputs() {
	at := 0
	for _, port := range p.c.OutputPorts() {
		for _, l := range port.Wires {
			name := p.names.Outputs[at]
			at++
			switch {
			case l == circuit.False:
				p.text(name, " = gnd\n")
			case l == circuit.True:
				p.text(name, " = vdd\n")
			case l.IsComplement() && p.not[l.Gate()] == name:
			case l.IsComplement() && p.flips(l.Gate()):
				p.text(name, " = BUFF(", p.not[l.Gate()], ")\n")
			case l.IsComplement():
				p.text(name, " = NOT(", p.names.Gate(l.Gate()), ")\n")
			case !l.IsComplement() && p.names.Gate(l.Gate()) != name:
				p.text(name, " = BUFF(", p.names.Gate(l.Gate()), ")\n")
			}
		}
	}
}
