package verilog

import (
	"cmp"
	"io"

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

// Write writes the circuit of d as a module of the name of d, or "circuit".
func Write(w io.Writer, d *netlist.Design) error {
	out := &writer{Printer: netlist.NewPrinter(w), c: d.Circuit, names: newNames(d)}
	out.head(d)
	for g := circuit.Gate(1); int(g) < out.c.Len(); g++ {
		out.gate(g)
	}
	for i, p := range out.c.OutputPorts() {
		for j, l := range p.Wires {
			out.Text("assign ", bit(&p, out.names.outputs[i], j), " = ", out.lit(l), ";\n")
		}
	}
	out.Text("endmodule\n")
	return out.Flush() // an error of the underlying writer has stayed until now
}

// writer is the state of writing one design.
type writer struct {
	netlist.Printer
	c     *circuit.Circuit
	names *names

	made     []bool // by sum: it is declared
	residues map[residue]bool
}

// head writes the comments and the ports.
func (w *writer) head(d *netlist.Design) {
	// The colon keeps a comment from being a directive of a tool.
	w.Comments("// : ", netlist.PortComments(d.Circuit), d.Remarks())
	name := cmp.Or(d.Name, "circuit")
	w.Text("module ", escaped(netlist.NewNameSet(spelling()).Take(name)), " (")
	separator := "\n\t"
	for side, ports := range [][]circuit.Port{w.c.InputPorts(), w.c.OutputPorts()} {
		for i, p := range ports {
			if len(p.Wires) == 0 {
				continue
			}
			w.Text(separator, [2]string{"input ", "output "}[side])
			separator = ",\n\t"
			if p.Format.Kind == circuit.TwosComplement {
				w.Text("signed ")
			}
			if isVector(&p) {
				w.Text("[", len(p.Wires)-1, ":0] ")
			}
			w.Text([2][]string{w.names.inputs, w.names.outputs}[side][i])
		}
	}
	w.Text("\n);\n")
}

func (w *writer) gate(g circuit.Gate) {
	kind := w.c.Kind(g)
	if kind.IsSource() {
		return
	}
	s, readsSum := w.c.ReadsSum(g)
	if kind == gates.Mod {
		if _, m := w.c.Modulus(g); !isTrivial(m) {
			w.residue(residue{s, m.M})
		}
	} else if readsSum {
		w.sum(s)
	}
	w.Text("wire ", w.names.gate(g), " = ")
	switch {
	case kind == gates.Mod:
		w.mod(g)
	case readsSum:
		_, t := w.c.Bound(g)
		w.Text(w.names.sum(s), " >= ", constant(t, max(w.width(s), bitsOf(t))))
	default:
		w.logic(kind, w.c.Fanin(g))
	}
	w.Text(";\n")
}

// operators are the infix operators, which are reductions in front of a vector.
var operators = [gates.NumKinds]string{
	gates.And: "&", gates.Nand: "&", gates.Or: "|", gates.Nor: "|", gates.Xor: "^", gates.Xnor: "^",
}

// mostInfix is how many operands are written one after another. More are reduced from a
// vector, lest the expression is nested as deep as it is long.
const mostInfix = 8

func (w *writer) logic(kind gates.Kind, in []circuit.Lit) {
	complement := kind == gates.Nand || kind == gates.Nor || kind == gates.Xnor || kind == gates.Not
	switch {
	case len(in) == 0:
		w.Text(value((kind == gates.And || kind == gates.Nand) != complement))
	case len(in) == 1:
		w.Text(w.lit(in[0].NotIf(complement)))
	default:
		end := ""
		if complement {
			w.Text("~(")
			end = ")"
		}
		w.reduce(operators[kind], len(in), func(i int) { w.Text(w.lit(in[i])) })
		w.Text(end)
	}
}

// value returns a constant.
func value(v bool) string {
	if v {
		return "1'b1"
	}
	return "1'b0"
}

// reduce writes n operands of one bit with an operator between them.
func (w *writer) reduce(operator string, n int, operand func(i int)) {
	separator, end := " "+operator+" ", ""
	if n > mostInfix {
		w.Text(operator, "{")
		separator, end = ", ", "}"
	}
	w.List(separator, n, operand)
	w.Text(end)
}

// lit returns the expression of a literal.
func (w *writer) lit(l circuit.Lit) string {
	switch {
	case l.IsConst():
		return value(l == circuit.True)
	case l.IsComplement():
		return "~" + w.names.gate(l.Gate())
	}
	return w.names.gate(l.Gate())
}
