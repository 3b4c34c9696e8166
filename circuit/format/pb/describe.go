package pb

import (
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Describe calls line with the comments of a file about d, the design whose circuit is
// encoded: its name, its ports and comments, and what the variables stand for. No line
// has a line end in it. The variables are described so:
//
//	input NAME LITERAL...     the wires of an input port, in order
//	output NAME LITERAL...    the wires of an output port
//	gates G..H V..W           gates G to H are variables V to W
//	gate G LITERAL            gate G is another's variable, or its complement
//	signal G NAME             gate G bears a name
//
// NAME is quoted as in Go. A wire without a literal, since no root depends on it, is "-".
func (e *Encoding) Describe(d *netlist.Design, line func(text string)) {
	var text []byte
	send := func() {
		line(string(text))
		text = text[:0]
	}
	if d.Name != "" {
		line("model " + strconv.QuoteToASCII(d.Name))
	}
	for _, port := range netlist.PortComments(d.Circuit) {
		line(port)
	}
	for _, comment := range d.Comments {
		line(netlist.Remark(comment))
	}
	line("input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;")
	line("gates A..B C..D: gates A to B of the circuit are variables C to D")
	for side, ports := range [][]circuit.Port{d.Circuit.InputPorts(), d.Circuit.OutputPorts()} {
		for _, p := range ports {
			text = append(text, [2]string{"input ", "output "}[side]...)
			text = strconv.AppendQuoteToASCII(text, p.Name)
			for _, l := range p.Wires {
				if e.Lit(l) == 0 {
					text = append(text, " -"...)
					continue
				}
				text = strconv.AppendInt(append(text, ' '), int64(e.Lit(l)), 10)
			}
			send()
		}
	}
	c := d.Circuit
	for g := circuit.Gate(0); int(g) < c.Len(); g++ {
		k := c.Kind(g)
		if e.literal[g] == 0 || k == gates.Input {
			continue
		}
		if k == gates.Buf || k == gates.Not {
			text = strconv.AppendInt(append(text, "gate "...), int64(g), 10)
			text = strconv.AppendInt(append(text, ' '), int64(e.literal[g]), 10)
			send()
			continue
		}
		last := g
		for int(last)+1 < c.Len() && e.literal[last+1] == e.literal[last]+1 && c.Kind(last+1) != gates.Input && c.Kind(last+1) != gates.Buf {
			last++
		}
		text = append(appendRange(append(text, "gates "...), int64(g), int64(last)), ' ')
		text = appendRange(text, int64(e.literal[g]), int64(e.literal[last]))
		send()
		g = last
	}
	if len(d.Signals) != c.Len() {
		return
	}
	for g, name := range d.Signals {
		if name != "" && e.literal[g] != 0 {
			text = strconv.AppendInt(append(text, "signal "...), int64(g), 10)
			text = strconv.AppendQuoteToASCII(append(text, ' '), name)
			send()
		}
	}
}

func appendRange(text []byte, from, to int64) []byte {
	return strconv.AppendInt(append(strconv.AppendInt(text, from, 10), ".."...), to, 10)
}
