package yosys

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that Write accepts: AND, OR and XOR of two inputs, and their complements.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Xor: true, Complements: true}
}

// spelling is what Yosys takes as a name and viewers show as it is.
func spelling() netlist.Spelling {
	return netlist.Spelling{
		Legal: func(r rune, first bool) bool {
			return r > ' ' && r <= '~' && !strings.ContainsRune("\"\\<>&", r) && !(first && r == '$')
		},
	}
}

// Write writes a design as a module.
//
// Size: a cell for each gate except BUF, one more for NAND and NOR, and one for each gate or input whose
// complement is read.
// Error: a [*netlist.UnfitError] if a gate is not in the repertoire, or the error of w.
func Write(w io.Writer, d *netlist.Design) error {
	c := d.Circuit
	if err := netlist.Fit("yosys", c, Repertoire().Has); err != nil {
		return err
	}
	p := &printer{
		Printer: netlist.NewPrinter(w), c: c, names: netlist.NewNameSet(spelling()), root: make([]circuit.Lit, c.Len()),
	}
	for g := range circuit.Gate(c.Len()) {
		p.root[g] = g.Lit()
		if c.Kind(g) == gates.Buf {
			p.root[g] = p.literal(c.Fanin(g)[0])
		}
	}
	module := netlist.NewNameSet(spelling()).Take(cmp.Or(d.Name, "circuit"))
	p.Text("{\n  \"creator\": \"tc0\",\n  \"modules\": {\n    \"", module, "\": {\n      \"attributes\": {\"top\": 1},\n")
	nets := p.ports(d)
	p.cells()
	p.nets(nets)
	p.Text("\n    }\n  }\n}\n")
	return p.Flush() // its error sticks from the first write on
}

// printer is the state of writing one design.
type printer struct {
	netlist.Printer
	c     *circuit.Circuit
	names *netlist.NameSet
	root  []circuit.Lit // by gate: the literal that a BUF is
	count int           // members of the object at hand
}

// literal looks through BUF gates.
func (p *printer) literal(l circuit.Lit) circuit.Lit { return p.root[l.Gate()].NotIf(l.IsComplement()) }

// net is a name of bits.
type net struct {
	name  string
	wires []circuit.Lit
}

// open begins an object of an object.
func (p *printer) open(name string) {
	p.Text("      \"", name, "\": {")
	p.count = 0
}

// member begins a member of the object that is open.
func (p *printer) member(name string) {
	if p.count++; p.count > 1 {
		p.Text(",")
	}
	p.Text("\n        \"", name, "\": {")
}

// ports writes the ports, and returns all that has a name.
func (p *printer) ports(d *netlist.Design) (nets []net) {
	p.open("ports")
	for side, ports := range [][]circuit.Port{p.c.InputPorts(), p.c.OutputPorts()} {
		for _, port := range ports {
			if len(port.Wires) == 0 {
				continue
			}
			name := p.names.Take(port.Name)
			nets = append(nets, net{name, port.Wires})
			p.member(name)
			p.Text("\"direction\": \"", [2]string{"input", "output"}[side], "\", ")
			if port.Format.Kind == circuit.TwosComplement {
				p.Text("\"signed\": 1, ")
			}
			p.bits(port.Wires)
			p.Text("}")
		}
	}
	p.Text("\n      },\n")
	if len(d.Signals) == p.c.Len() {
		for g, name := range d.Signals {
			if l := circuit.Gate(g).Lit(); name != "" && p.c.Kind(l.Gate()) != gates.Input && !l.IsConst() {
				nets = append(nets, net{p.names.Take(name), []circuit.Lit{l}})
			}
		}
	}
	return nets
}

// bits writes what the wires of a name are.
func (p *printer) bits(wires []circuit.Lit) {
	p.Text("\"bits\": [")
	p.List(", ", len(wires), func(i int) { p.Text(p.bit(wires[i])) })
	p.Text("]")
}

// bit returns a literal as a bit: the numbers 0 and 1 mean constants, in quotes.
func (p *printer) bit(l circuit.Lit) string {
	switch l = p.literal(l); {
	case l == circuit.False:
		return `"0"`
	case l == circuit.True:
		return `"1"`
	case l.IsComplement():
		return strconv.Itoa(p.c.Len() + int(l.Gate()) + 1)
	}
	return strconv.Itoa(int(l.Gate()) + 1)
}

// cells writes the gates, and the complements that are read.
func (p *printer) cells() {
	p.open("cells")
	prefix := p.names.Prefix()
	complemented := make([]bool, p.c.Len())
	read := func(lits []circuit.Lit) {
		for _, l := range lits {
			l = p.literal(l)
			complemented[l.Gate()] = complemented[l.Gate()] || l.IsComplement() && !l.IsConst()
		}
	}
	for g := range circuit.Gate(p.c.Len()) {
		if p.root[g] == g.Lit() {
			read(p.c.Fanin(g))
		}
	}
	read(p.c.Outputs())
	for g := range circuit.Gate(p.c.Len()) {
		kind := p.c.Kind(g)
		name, not := prefix+strconv.Itoa(int(g)), prefix+"_not"+strconv.Itoa(int(g))
		switch plain, complement := kind.Plain(); {
		case kind.IsSource() || kind == gates.Buf:
		case complement && types[kind] == "": // NAND and NOR, of which there is the complement
			p.cell(name, types[plain], p.c.Fanin(g), g.Lit().Not())
			p.cell(not, types[gates.Not], []circuit.Lit{g.Lit().Not()}, g.Lit())
			continue
		default:
			p.cell(name, types[kind], p.c.Fanin(g), g.Lit())
		}
		if complemented[g] {
			p.cell(not, types[gates.Not], []circuit.Lit{g.Lit()}, g.Lit().Not())
		}
	}
	p.Text("\n      },\n")
}

// types are the types of cells that Yosys, DigitalJS and netlistsvg have in common.
var types = [gates.NumKinds]string{
	gates.And: "$and", gates.Or: "$or", gates.Xor: "$xor", gates.Xnor: "$xnor", gates.Not: "$not",
}

// cell writes a cell.
func (p *printer) cell(name, kind string, in []circuit.Lit, out circuit.Lit) {
	p.member(name)
	p.Text("\"hide_name\": 1, \"type\": \"", kind, "\", \"attributes\": {},\n          \"parameters\": {")
	for _, pin := range pins[:len(in)] {
		p.Text("\"", pin, "_SIGNED\": 0, \"", pin, "_WIDTH\": 1, ")
	}
	p.Text("\"Y_WIDTH\": 1},\n          \"port_directions\": {")
	for _, pin := range pins[:len(in)] {
		p.Text("\"", pin, "\": \"input\", ")
	}
	p.Text("\"Y\": \"output\"}, \"connections\": {")
	for i, l := range in {
		p.Text("\"", pins[i], "\": [", p.bit(l), "], ")
	}
	p.Text("\"Y\": [", p.bit(out), "]}}")
}

// pins are the inputs of a cell.
var pins = [2]string{"A", "B"}

// nets writes the names of bits.
func (p *printer) nets(nets []net) {
	p.open("netnames")
	for _, n := range nets {
		p.member(n.name)
		p.Text("\"hide_name\": 0, ")
		p.bits(n.wires)
		p.Text(", \"attributes\": {}}")
	}
	p.Text("\n      }")
}
