package verilog

import (
	"bufio"
	"io"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Repertoire returns the gates that can be written, which are all.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true}
}

// Write writes the circuit of d as a module of the name of d, or "circuit".
func Write(w io.Writer, d *netlist.Design) error {
	out := &writer{out: bufio.NewWriterSize(w, 1<<16), c: d.Circuit, names: newNames(d)}
	out.head(d)
	for g := circuit.Gate(1); int(g) < out.c.Len(); g++ {
		out.gate(g)
		out.flush()
	}
	out.outputs()
	out.add("endmodule\n")
	out.flush()
	return out.out.Flush() // an error of the underlying writer has stayed until now
}

// writer collects some text at a time.
type writer struct {
	out   *bufio.Writer
	text  []byte
	c     *circuit.Circuit
	names *names

	made     []bool // by sum: it is declared
	residues map[residue]bool
}

func (w *writer) add(parts ...string) {
	for _, p := range parts {
		w.text = append(w.text, p...)
	}
}

func (w *writer) addInt(v int) { w.text = strconv.AppendInt(w.text, int64(v), 10) }

func (w *writer) flush() {
	w.out.Write(w.text)
	w.text = w.text[:0]
}

// head writes the comments and the ports.
func (w *writer) head(d *netlist.Design) {
	// The colon keeps a comment from being a directive of a tool.
	for _, port := range netlist.PortComments(d.Circuit) {
		w.add("// : ", port, "\n")
	}
	for _, comment := range d.Comments {
		w.add("// : ", netlist.Remark(comment), "\n")
	}
	name := d.Name
	if name == "" {
		name = "circuit"
	}
	w.add("module ", escaped(netlist.NewNameSet(spelling()).Take(name)), " (")
	separator := "\n\t"
	for side, ports := range [][]circuit.Port{w.c.InputPorts(), w.c.OutputPorts()} {
		for i, p := range ports {
			if len(p.Wires) == 0 {
				continue
			}
			w.add(separator, [2]string{"input ", "output "}[side])
			separator = ",\n\t"
			if p.Format.Kind == circuit.TwosComplement {
				w.add("signed ")
			}
			if isVector(&p) {
				w.add("[", strconv.Itoa(len(p.Wires)-1), ":0] ")
			}
			w.add([2][]string{w.names.inputs, w.names.outputs}[side][i])
		}
	}
	w.add("\n);\n")
	w.flush()
}

func (w *writer) outputs() {
	for i, p := range w.c.OutputPorts() {
		for j, l := range p.Wires {
			w.add("assign ", bit(&p, w.names.outputs[i], j), " = ")
			w.lit(l)
			w.add(";\n")
			w.flush()
		}
	}
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
	w.add("wire ")
	w.text = w.names.appendGate(w.text, g)
	w.add(" = ")
	switch {
	case kind == gates.Mod:
		w.mod(g)
	case readsSum:
		_, t := w.c.Bound(g)
		w.add(w.names.sum(s), " >= ")
		w.constant(t, max(w.width(s), bitsOf(t)))
	default:
		w.logic(kind, w.c.Fanin(g))
	}
	w.add(";\n")
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
		w.bit((kind == gates.And || kind == gates.Nand) != complement)
	case len(in) == 1:
		w.lit(in[0].NotIf(complement))
	default:
		if complement {
			w.add("~(")
		}
		w.reduce(operators[kind], len(in), func(i int) { w.lit(in[i]) })
		if complement {
			w.add(")")
		}
	}
}

// bit writes a constant.
func (w *writer) bit(v bool) {
	if v {
		w.add("1'b1")
	} else {
		w.add("1'b0")
	}
}

// reduce writes n operands of one bit with an operator between them.
func (w *writer) reduce(operator string, n int, operand func(i int)) {
	separator, end := " "+operator+" ", ""
	if n > mostInfix {
		w.add(operator, "{")
		separator, end = ", ", "}"
	}
	for i := range n {
		if i > 0 {
			w.add(separator)
		}
		operand(i)
	}
	w.add(end)
}

func (w *writer) lit(l circuit.Lit) {
	if l.IsConst() {
		w.bit(l == circuit.True)
		return
	}
	if l.IsComplement() {
		w.add("~")
	}
	w.text = w.names.appendGate(w.text, l.Gate())
}
