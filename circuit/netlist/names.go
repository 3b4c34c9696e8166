package netlist

import (
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Spelling says what a format accepts as a name.
type Spelling struct {
	Legal    func(r rune, first bool) bool
	Reserved []string // words that mean something else
	Prefixes []string // no name begins with one of these
	// Apart says that an output has a name of its own, so that it may be called like an
	// input or a gate. Otherwise an output is a signal, and the gate behind it can bear
	// its name.
	Apart bool
}

// Names has a name for every wire of a circuit that is an input, an output or a gate.
// No two signals have the same.
type Names struct {
	Inputs  []string // by input wire
	Outputs []string // by output wire
	gates   []string // by gate, "" where the name is made from the number
	prefix  string
}

// NewNames names the wires of a design: wire i of a port x of several wires x.i, gates
// by the names that the design has for them, the outputs that they drive, or g and their
// number. Signs that are not legal become underscores, and a name that is taken gets a
// number behind it.
func NewNames(d *Design, sp Spelling) *Names {
	c := d.Circuit
	taken := newNameSet(sp)
	n := &Names{gates: make([]string, c.Len())}
	isOutput := map[string]bool{} // inputs that are outputs as they are
	for _, p := range c.InputPorts() {
		for i, l := range p.Wires {
			name := taken.take(WireName(&p, i))
			n.Inputs = append(n.Inputs, name)
			n.gates[l.Gate()] = name
		}
	}
	outTaken := taken
	if sp.Apart {
		outTaken = newNameSet(sp)
	}
	for _, p := range c.OutputPorts() {
		for i, l := range p.Wires {
			name := WireName(&p, i)
			// An output that is an input of the same name is that signal.
			if legal := sp.legal(name); !sp.Apart && c.Kind(l.Gate()) == gates.Input && !l.IsComplement() && n.gates[l.Gate()] == legal && !isOutput[legal] {
				isOutput[legal] = true
				n.Outputs = append(n.Outputs, legal)
				continue
			}
			name = outTaken.take(name)
			n.Outputs = append(n.Outputs, name)
			if !sp.Apart && !l.IsConst() && !l.IsComplement() && n.gates[l.Gate()] == "" {
				n.gates[l.Gate()] = name
			}
		}
	}
	if len(d.Signals) == c.Len() {
		for g, name := range d.Signals {
			if name != "" && n.gates[g] == "" {
				n.gates[g] = taken.take(name)
			}
		}
	}
	// No name begins with g, more underscores than any has there, and a digit or another
	// underscore.
	longest := -1
	for name := range taken.used {
		rest, ok := strings.CutPrefix(name, "g")
		end := strings.TrimLeft(rest, "_")
		lines := len(rest) - len(end)
		switch {
		case !ok || rest == "":
		case end != "" && end[0] >= '0' && end[0] <= '9':
			longest = max(longest, lines)
		default:
			longest = max(longest, lines-1)
		}
	}
	n.prefix = "g" + strings.Repeat("_", longest+1)
	return n
}

// nameSet makes names that are legal and different.
type nameSet struct {
	sp   Spelling
	used map[string]bool
	last map[string]int // number behind a name, lest a file of like names take quadratic time
}

func newNameSet(sp Spelling) *nameSet {
	s := &nameSet{sp: sp, used: map[string]bool{"": true}, last: map[string]int{}}
	for _, w := range sp.Reserved {
		s.used[w] = true
	}
	return s
}

func (s *nameSet) take(name string) string {
	name = s.sp.legal(name)
	for base := name; s.used[name]; {
		s.last[base]++
		name = base + "_" + strconv.Itoa(s.last[base])
	}
	s.used[name] = true
	return name
}

// WireName returns the name of wire i of a port: x for the one bit of a port x, x.i where
// it is of several wires or no plain bit.
func WireName(p *circuit.Port, i int) string {
	if len(p.Wires) == 1 && p.Format.Kind == circuit.Unsigned {
		return p.Name
	}
	return p.Name + "." + strconv.Itoa(i)
}

func (sp Spelling) legal(name string) string {
	if name == "" {
		return "_"
	}
	var b strings.Builder
	for i, r := range name {
		if !sp.Legal(r, i == 0) {
			if i == 0 && sp.Legal(r, false) {
				b.WriteByte('_')
			} else {
				r = '_'
			}
		}
		b.WriteRune(r)
	}
	for _, p := range sp.Prefixes {
		if strings.HasPrefix(b.String(), p) {
			return "_" + b.String()
		}
	}
	return b.String()
}

// Gate returns the name of an input or gate.
func (n *Names) Gate(g circuit.Gate) string {
	if name := n.gates[g]; name != "" {
		return name
	}
	return n.prefix + strconv.Itoa(int(g))
}

// Aux returns a name for a signal that is no gate of the circuit, such as the complement
// of a gate. The tag is of letters; no gate has such a name.
func (n *Names) Aux(tag string, g circuit.Gate) string {
	return n.prefix + "_" + tag + strconv.Itoa(int(g))
}
