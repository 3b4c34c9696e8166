package handwritten

import (
	"io"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that can be written, which are all.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{
		Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true,
	}
}

// Write writes a design as a text.
//
// Size: a line for each gate, and for each sum that several gates or another sum read.
// Error: that of w.
func Write(w io.Writer, d *netlist.Design) error {
	c := d.Circuit
	p := &printer{
		Printer: netlist.NewPrinter(w), c: c, names: netlist.NewNames(d, netlist.AnyName()),
		named: make([]bool, c.SumCount()), made: make([]bool, c.SumCount()),
	}
	p.Comments("# ", d.Remarks())
	if d.Name != "" {
		p.Text("model ", spelled(d.Name), "\n")
	}
	p.findSums()
	p.inputs()
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			p.gate(g)
		}
	}
	p.enter(0)
	p.outputs()
	if len(c.InputPorts())+len(c.OutputPorts()) == 0 && c.Len() == 1 {
		p.Text("stage\n") // a file has a line
	}
	return p.Flush() // its error sticks from the first write on
}

// printer is the state of writing one design.
type printer struct {
	netlist.Printer
	c     *circuit.Circuit
	names *netlist.Names
	stage circuit.StageID
	named []bool // by sum: it has a line of its own
	made  []bool // by sum: that line is written
}

// findSums finds the sums that have a line: those that a sum or several gates read.
func (p *printer) findSums() {
	read := make([]bool, p.c.SumCount())
	for s := range circuit.SumID(p.c.SumCount()) {
		for _, r := range p.c.Refs(s) {
			if r.IsSum() {
				p.named[r.Sum()] = true
			}
		}
	}
	for g := range circuit.Gate(p.c.Len()) {
		if s, ok := p.c.ReadsSum(g); ok && p.c.Kind(g) != gates.Majority {
			p.named[s] = p.named[s] || read[s]
			read[s] = true
		}
	}
}

// enter writes the stage that what follows belongs to.
func (p *printer) enter(id circuit.StageID) {
	if id == p.stage {
		return
	}
	p.stage = id
	var path []string
	for ; id != 0; id = p.c.Stage(id).Parent {
		path = append(path, spelled(p.c.Stage(id).Name))
	}
	slices.Reverse(path)
	p.Text(strings.TrimSpace("stage "+strings.Join(path, " / ")), "\n")
}

// isBit reports whether a port is written by its name alone.
func isBit(port *circuit.Port) bool {
	return len(port.Wires) == 1 && port.Format.Kind == circuit.Unsigned
}

// shape returns the words for the wires and the format of a port.
func shape(port *circuit.Port) string {
	if isBit(port) {
		return ""
	}
	f := port.Format
	parts := []string{" :", itoa(len(port.Wires)), "bits"}
	if len(port.Wires) == 1 {
		parts[2] = "bit"
	}
	if f.Kind != circuit.Unsigned {
		parts = append(parts, words[f.Kind])
	}
	if f.Kind > circuit.TwosComplement && !f.Offset.IsZero() {
		parts = append(parts, f.Offset.String())
	}
	if f.Kind == circuit.Weighted {
		var weights []string
		for _, w := range f.Weights {
			weights = append(weights, w.String())
		}
		parts = append(parts, "("+strings.Join(weights, ", ")+")")
	}
	return strings.Join(parts, " ")
}

func itoa(n int) string { return circuit.NewInt(int64(n)).String() }

// inputs writes the input ports, with the names of their wires where they are others, or where the
// file so far is too short for so many.
func (p *printer) inputs() {
	at, size := 0, int64(0)
	for _, port := range p.c.InputPorts() {
		if len(port.Wires) > 0 {
			p.enter(p.c.StageOf(port.Wires[0].Gate()))
		}
		own := p.names.Inputs[at : at+len(port.Wires)]
		at += len(port.Wires)
		text := "input " + spelled(port.Name) + shape(&port)
		size += int64(len(text))
		plain := netlist.Affords(at, size)
		for i := range port.Wires {
			plain = plain && own[i] == netlist.WireName(&port, i)
		}
		if !plain && len(own) > 0 {
			var list []string
			for _, name := range own {
				list = append(list, spelled(name))
			}
			wires := " = " + strings.Join(list, ", ")
			text += wires
			size += int64(len(wires))
		}
		p.Text(text, "\n")
	}
}

// outputs writes the output ports, with what they read where it has other names.
func (p *printer) outputs() {
	for _, port := range p.c.OutputPorts() {
		plain := len(port.Wires) < 1<<12 // which any file can ask for
		for i, l := range port.Wires {
			plain = plain && !l.IsComplement() && !l.IsConst() && p.names.Gate(l.Gate()) == netlist.WireName(&port, i)
		}
		p.Text("output ", spelled(port.Name), shape(&port))
		if !plain && len(port.Wires) > 0 {
			p.Text(" = ")
			p.List(", ", len(port.Wires), func(i int) { p.Text(p.literal(port.Wires[i])) })
		}
		p.Text("\n")
	}
}

func (p *printer) literal(l circuit.Lit) string {
	switch {
	case l == circuit.False:
		return "0"
	case l == circuit.True:
		return "1"
	case l.IsComplement():
		return "not " + spelled(p.names.Gate(l.Gate()))
	}
	return spelled(p.names.Gate(l.Gate()))
}

// gate writes the line of a gate, behind those of the sums that it needs.
func (p *printer) gate(g circuit.Gate) {
	kind := p.c.Kind(g)
	s, readsSum := p.c.ReadsSum(g)
	if kind == gates.Majority {
		readsSum = false
	}
	if readsSum {
		for _, t := range p.c.Unmarked(s, p.made) {
			if p.named[t] {
				p.Text("sum ", p.sumName(t), " = ")
				p.terms(t)
				p.Text("\n")
			}
		}
	}
	p.enter(p.c.StageOf(g))
	p.Text(spelled(p.names.Gate(g)), " = ")
	switch {
	case kind == gates.Majority:
		p.Text("maj(")
		refs := p.c.Refs(s)
		p.List(", ", len(refs), func(i int) {
			p.Text(p.literal(refs[i].Gate().Lit().NotIf(p.c.Weight(s, i).Sign() < 0)))
		})
		p.Text(")")
	case kind == gates.Mod:
		s, m := p.c.Modulus(g)
		p.Text("mod ", m.M, " (")
		p.sum(s)
		p.Text(") in {")
		p.List(", ", len(m.Residues), func(i int) { p.Text(m.Residues[i]) })
		p.Text("}")
	case readsSum:
		s, t := p.c.Bound(g)
		p.Text("[")
		p.sum(s)
		p.Text(" >= ", t, "]")
	default:
		in := p.c.Fanin(g)
		p.Text(strings.ToLower(kind.String()), "(")
		p.List(", ", len(in), func(i int) { p.Text(p.literal(in[i])) })
		p.Text(")")
	}
	p.Text("\n")
}

// sum writes a sum that a gate reads, or the name of one that has a line.
func (p *printer) sum(s circuit.SumID) {
	if p.named[s] {
		p.Text(p.sumName(s))
	} else {
		p.terms(s)
	}
}

// sumName returns the name of a sum, which no gate has.
func (p *printer) sumName(s circuit.SumID) string { return p.names.Aux("s", circuit.Gate(s)) }

// terms writes the terms of a sum.
func (p *printer) terms(s circuit.SumID) {
	refs := p.c.Refs(s)
	if len(refs) == 0 {
		p.Text("0")
	}
	for i, r := range refs {
		w := p.c.Weight(s, i)
		switch {
		case w.Sign() < 0 && i == 0:
			p.Text("-")
		case w.Sign() < 0:
			p.Text(" - ")
		case i > 0:
			p.Text(" + ")
		}
		if w = w.Abs(); w.Cmp(circuit.NewInt(1)) != 0 {
			p.Text(w)
		}
		if r.IsSum() {
			p.Text(p.sumName(r.Sum()))
		} else {
			p.Text(p.literal(r.Gate().Lit()))
		}
	}
}
