package smtlib

import (
	"io"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/gates"
)

// Config chooses what a file says. The zero value defines all gates that an output depends on, in
// the language of the standard, without an assertion.
type Config struct {
	// Assert are literals that have to be 1. Only gates that they depend on are written. If there
	// are none, the gates are those that the outputs depend on.
	Assert []circuit.Lit

	// Pseudo writes a threshold gate as one pseudo-Boolean atom, (_ pbge t w ...), with its sum
	// flattened, in the logic QF_FD, or ALL if there are other sums, too. These are not part of the
	// standard: only Z3 knows them. It adds them up in 32 bits and does not report an overflow
	// (4.8.12). So a sum that spans 2^30 or more is still written as in the standard.
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
	r := pb.Repertoire()
	r.WideXor, r.Mod = true, true
	return r
}

// Write writes the circuit of d. It fails with a [*pb.AssertError].
func Write(w io.Writer, d *netlist.Design, cfg Config) error {
	e, err := pb.New(d.Circuit, pb.Config{Assert: cfg.Assert})
	if err != nil {
		return err
	}
	out := &writer{
		Printer: netlist.NewPrinter(w), cfg: cfg,
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
	netlist.Printer
	cfg      Config
	c        *circuit.Circuit
	encoding *pb.Encoding
	names    *netlist.Names
	made     []bool // by sum: it is defined
}

func (w *writer) comments(d *netlist.Design) {
	if d.Name != "" {
		w.Text("; model ", strconv.QuoteToASCII(d.Name), "\n")
	}
	w.Comments("; ", w.names.PortComments(d.Circuit), d.Remarks())
}

// head sets the logic and declares the inputs.
func (w *writer) head() {
	w.Text("(set-option :produce-models true)\n(set-logic ", w.logicName(), ")\n")
	for _, name := range w.names.Inputs {
		w.Text("(declare-const ", symbol(name), " Bool)\n")
	}
}

// logicName returns the least logic that has everything in the file. QF_FD is Z3's own, of finite
// domains.
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

// define declares a constant and says what it is. A definition, which define-fun makes, is put in
// place of the name at each use, which is slow if gates are deep: the package comment has
// measurements.
func (w *writer) define(name, sort string, body func()) {
	name = symbol(name)
	w.Text("(declare-const ", name, " ", sort, ")\n(assert (= ", name, " ")
	body()
	w.Text("))\n")
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
			w.Text("(>= ", w.sumName(s), " ", numeral(t), ")")
		default:
			w.logic(kind, w.c.Fanin(g))
		}
	})
}

func (w *writer) logic(kind gates.Kind, in []circuit.Lit) {
	end := ""
	if kind == gates.Nand || kind == gates.Nor || kind == gates.Xnor || kind == gates.Not {
		w.Text("(not ")
		end = ")"
	}
	switch len(in) {
	case 0:
		w.Text(strconv.FormatBool(kind == gates.And || kind == gates.Nand))
	case 1:
		w.Text(w.lit(in[0]))
	default:
		w.Text("(", operators[kind])
		for _, l := range in {
			w.Text(" ", w.lit(l))
		}
		w.Text(")")
	}
	w.Text(end)
}

// lit returns the term of a literal.
func (w *writer) lit(l circuit.Lit) string {
	switch {
	case l.IsConst():
		return strconv.FormatBool(l == circuit.True)
	case l.IsComplement():
		return "(not " + symbol(w.names.Gate(l.Gate())) + ")"
	}
	return symbol(w.names.Gate(l.Gate()))
}

func (w *writer) outputs() {
	for i, l := range w.c.Outputs() {
		if w.encoding.Lit(l) != 0 && w.names.Outputs[i] != w.names.Gate(l.Gate()) {
			w.define(w.names.Outputs[i], "Bool", func() { w.Text(w.lit(l)) })
		}
	}
}

func (w *writer) question() {
	if len(w.cfg.Assert) == 0 {
		return
	}
	for _, l := range w.cfg.Assert {
		w.Text("(assert ", w.lit(l), ")\n")
	}
	w.Text("(check-sat)\n")
	if len(w.names.Inputs) == 0 {
		return // a get-value needs a term
	}
	w.Text("(get-value (")
	w.List(" ", len(w.names.Inputs), func(i int) { w.Text(symbol(w.names.Inputs[i])) })
	w.Text("))\n")
}
