package smtlib

import (
	"bufio"
	"io"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/gates"
)

// Config chooses what a file says. The zero value defines all gates that an output
// depends on, in the language of the standard, and asserts nothing.
type Config struct {
	// Assert are literals that have to be 1. Only gates that they depend on are written.
	// None: nothing is asserted, and the gates are those that the outputs depend on.
	Assert []circuit.Lit

	// Pseudo writes a threshold gate as one pseudo-Boolean atom, (_ pbge t w ...), with
	// its sum flattened, in the logic QF_FD, or ALL if there are other sums, too. These
	// are no part of the standard: only Z3 knows them. It adds them up in 32 bits and does
	// not tell when that is too few (4.8.12), so that a sum that spans 2^30 or more is
	// written as in the standard even so.
	Pseudo bool
}

// pseudoBits is the length of the numbers from which on pbge is not to be trusted.
const pseudoBits = 31

// isPseudo reports whether gate g is written as a pseudo-Boolean atom.
func (w *writer) isPseudo(g circuit.Gate) bool {
	if k := w.c.Kind(g); !w.cfg.Pseudo || !k.ReadsSum() || k == gates.Mod {
		return false
	}
	s, t := w.c.Bound(g)
	lo, hi := w.c.Limits(s)
	return hi.Sub(lo).BitLen() < pseudoBits && t.Sub(lo).BitLen() < pseudoBits
}

// Repertoire returns the gates that can be written, which are all.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true}
}

// Write writes the circuit of d. It fails with a [*pb.AssertError].
func Write(w io.Writer, d *netlist.Design, cfg Config) error {
	e, err := pb.New(d.Circuit, pb.Config{Assert: cfg.Assert})
	if err != nil {
		return err
	}
	out := &writer{
		Writer: bufio.NewWriterSize(w, 1<<16), cfg: cfg,
		c: d.Circuit, encoding: e, names: netlist.NewNames(d, spelling()),
	}
	out.comments(d)
	out.head()
	for g := circuit.Gate(1); int(g) < out.c.Len(); g++ {
		if e.Need(g) != 0 && !out.c.Kind(g).IsSource() {
			out.gate(g)
		}
	}
	out.outputs()
	out.question()
	return out.Flush() // an error of the underlying writer has stayed until now
}

// writer writes the parts of a file.
type writer struct {
	*bufio.Writer
	cfg      Config
	c        *circuit.Circuit
	encoding *pb.Encoding
	names    *netlist.Names
	made     []bool // by sum: it is defined
}

func (w *writer) comments(d *netlist.Design) {
	if d.Name != "" {
		w.text("; model ", strconv.QuoteToASCII(d.Name), "\n")
	}
	for _, port := range w.names.PortComments(d.Circuit) {
		w.text("; ", port, "\n")
	}
	for _, comment := range d.Comments {
		w.text("; ", netlist.Remark(comment), "\n")
	}
}

// head sets the logic and declares the inputs.
func (w *writer) head() {
	w.text("(set-option :produce-models true)\n(set-logic ", w.logicName(), ")\n")
	for _, name := range w.names.Inputs {
		w.text("(declare-const ", symbol(name), " Bool)\n")
	}
}

// logicName returns the least logic that has all that is written. QF_FD is Z3's own, of
// finite domains.
func (w *writer) logicName() string {
	hasSum, hasPseudo := false, false
	for g := range circuit.Gate(w.c.Len()) {
		if w.encoding.Need(g) != 0 && w.c.Kind(g).ReadsSum() {
			hasPseudo = hasPseudo || w.isPseudo(g)
			hasSum = hasSum || !w.isPseudo(g)
		}
	}
	switch {
	case hasPseudo && hasSum:
		return "ALL"
	case hasSum:
		return "QF_LIA"
	case w.cfg.Pseudo:
		return "QF_FD"
	}
	return "QF_UF"
}

func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

// define declares a constant and says what it is. A definition, which define-fun makes,
// is put in place of the name wherever it stands, which is slow where gates are deep: see
// the package comment for what was measured.
func (w *writer) define(name, sort string, body func()) {
	name = symbol(name)
	w.text("(declare-const ", name, " ", sort, ")\n(assert (= ", name, " ")
	body()
	w.text("))\n")
}

// operators are the functions of the kinds of gate that have two inputs or more.
var operators = [gates.NumKinds]string{
	gates.And: "and", gates.Nand: "and", gates.Or: "or", gates.Nor: "or", gates.Xor: "xor", gates.Xnor: "xor",
}

func (w *writer) gate(g circuit.Gate) {
	kind := w.c.Kind(g)
	s, readsSum := w.c.ReadsSum(g)
	pseudo := w.isPseudo(g)
	if readsSum && !pseudo {
		w.sum(s)
	}
	w.define(w.names.Gate(g), "Bool", func() {
		switch {
		case pseudo:
			w.pseudo(g)
		case kind == gates.Mod:
			w.mod(g)
		case readsSum:
			_, t := w.c.Bound(g)
			w.text("(>= ", w.sumName(s), " ")
			w.number(t)
			w.text(")")
		default:
			w.logic(kind, w.c.Fanin(g))
		}
	})
}

func (w *writer) logic(kind gates.Kind, in []circuit.Lit) {
	complement := kind == gates.Nand || kind == gates.Nor || kind == gates.Xnor || kind == gates.Not
	if complement {
		w.text("(not ")
	}
	switch len(in) {
	case 0:
		w.text(strconv.FormatBool(kind == gates.And || kind == gates.Nand))
	case 1:
		w.lit(in[0])
	default:
		w.text("(", operators[kind])
		for _, l := range in {
			w.text(" ")
			w.lit(l)
		}
		w.text(")")
	}
	if complement {
		w.text(")")
	}
}

func (w *writer) lit(l circuit.Lit) {
	switch {
	case l.IsConst():
		w.text(strconv.FormatBool(l == circuit.True))
	case l.IsComplement():
		w.text("(not ", symbol(w.names.Gate(l.Gate())), ")")
	default:
		w.text(symbol(w.names.Gate(l.Gate())))
	}
}

func (w *writer) outputs() {
	i := -1
	for _, p := range w.c.OutputPorts() {
		for _, l := range p.Wires {
			i++
			if w.encoding.Lit(l) == 0 || w.names.Outputs[i] == w.names.Gate(l.Gate()) {
				continue
			}
			w.define(w.names.Outputs[i], "Bool", func() { w.lit(l) })
		}
	}
}

func (w *writer) question() {
	if len(w.cfg.Assert) == 0 {
		return
	}
	for _, l := range w.cfg.Assert {
		w.text("(assert ")
		w.lit(l)
		w.text(")\n")
	}
	w.text("(check-sat)\n")
	if len(w.names.Inputs) == 0 {
		return // a get-value needs a term
	}
	w.text("(get-value (")
	for i, name := range w.names.Inputs {
		if i > 0 {
			w.text(" ")
		}
		w.text(symbol(name))
	}
	w.text("))\n")
}
