package pb

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Describe returns the comments of a file about d, the design whose circuit is encoded: its name,
// its ports and comments, and what the variables stand for. The lines do not contain line ends. The
// variables are described so:
//
//	input NAME LITERAL...     the wires of an input port, in order
//	output NAME LITERAL...    the wires of an output port
//	gates G..H V..W           gates G to H are variables V to W
//	gate G LITERAL            gate G is another's variable, or its complement
//	signal G NAME             gate G bears a name
//
// NAME is quoted as in Go. A wire without a literal, since no root depends on it, is "-".
func (e *Encoding) Describe(d *netlist.Design) []string {
	var lines []string
	line := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	if d.Name != "" {
		line("model %+q", d.Name)
	}
	lines = append(lines, slices.Concat(netlist.PortComments(d.Circuit), d.Remarks())...)
	line("input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;")
	line("gates A..B C..D: gates A to B of the circuit are variables C to D")
	for side, ports := range [][]circuit.Port{d.Circuit.InputPorts(), d.Circuit.OutputPorts()} {
		for _, p := range ports {
			text := fmt.Appendf(nil, "%s %+q", [2]string{"input", "output"}[side], p.Name)
			for _, l := range p.Wires {
				if e.Lit(l) == 0 {
					text = append(text, " -"...)
				} else {
					text = fmt.Append(text, " ", e.Lit(l))
				}
			}
			line("%s", text)
		}
	}
	c := d.Circuit
	for g := circuit.Gate(0); int(g) < c.Len(); g++ {
		k := c.Kind(g)
		if e.literal[g] == 0 || k == gates.Input {
			continue
		}
		if k == gates.Buf || k == gates.Not {
			line("gate %d %d", g, e.literal[g])
			continue
		}
		last := g
		for next := g + 1; int(next) < c.Len() && e.literal[next] == e.literal[last]+1; next++ {
			if k := c.Kind(next); k == gates.Input || k == gates.Buf {
				break
			}
			last = next
		}
		line("gates %d..%d %d..%d", g, last, e.literal[g], e.literal[last])
		g = last
	}
	if len(d.Signals) == c.Len() {
		for g, name := range d.Signals {
			if name != "" && e.literal[g] != 0 {
				line("signal %d %+q", g, name)
			}
		}
	}
	return lines
}
