package exchange

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/graphml"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/format/smtlib"
	"github.com/tc0lab/tc0/circuit/format/th"
	"github.com/tc0lab/tc0/circuit/format/verilog"
)

// Options are what some formats want to know besides the circuit. The zero value works.
type Options struct {
	// Assert has the literals that are to be 1 in a file that asks a question: CNF, OPB
	// and SMT-LIB. nil: the output, if there is only one of one bit, else none.
	Assert []circuit.Lit
}

// Format is a file format for circuits.
type Format struct {
	Name       string
	Extensions []string // with the dot; the first is the usual one
	Doc        string   // one line
	Repertoire basis.Repertoire
	Question   bool // the file asks for inputs that make some outputs 1

	read  func(r io.Reader) (*netlist.Design, error) // nil: it cannot be read
	write func(w io.Writer, d *netlist.Design, o Options) error
}

// everything is the repertoire of a format that has all gates.
var everything = basis.Repertoire{Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true}

// Formats returns all the formats, tc0's own first.
func Formats() []Format {
	plain := func(write func(io.Writer, *netlist.Design) error) func(io.Writer, *netlist.Design, Options) error {
		return func(w io.Writer, d *netlist.Design, _ Options) error { return write(w, d) }
	}
	return []Format{
		{Name: "tc0", Extensions: []string{".tc0"}, Doc: "the native format: every gate, shared sums, ports, stages", Repertoire: everything, read: readNative, write: plain(writeNative)},
		{Name: "aiger", Extensions: []string{".aig"}, Doc: "AIGER, binary: AND gates of two inputs and complements", Repertoire: aiger.Repertoire(), read: aiger.Read, write: plain(aiger.WriteBinary)},
		{Name: "aiger-ascii", Extensions: []string{".aag"}, Doc: "AIGER, ascii", Repertoire: aiger.Repertoire(), read: aiger.Read, write: plain(aiger.WriteASCII)},
		{Name: "blif", Extensions: []string{".blif"}, Doc: "Berkeley Logic Interchange Format, combinational", Repertoire: blif.Repertoire(), read: blif.Read, write: plain(blif.Write)},
		{Name: "bench", Extensions: []string{".bench"}, Doc: "the netlists of the ISCAS benchmarks", Repertoire: bench.Repertoire(), read: bench.Read, write: plain(bench.Write)},
		{Name: "th", Extensions: []string{".th"}, Doc: "threABC: weighted threshold gates", Repertoire: th.Repertoire(), read: th.Read, write: plain(th.Write)},
		{Name: "bristol", Extensions: []string{".bristol", ".txt"}, Doc: "Bristol Fashion: AND, XOR and INV gates, for secure computation", Repertoire: bristol.Repertoire(), read: bristol.Read, write: plain(bristol.Write)},
		{Name: "verilog", Extensions: []string{".v"}, Doc: "a Verilog module; thresholds as arithmetic", Repertoire: verilog.Repertoire(), write: plain(verilog.Write)},
		{Name: "opb", Extensions: []string{".opb"}, Doc: "pseudo-Boolean constraints: thresholds as they are", Repertoire: opb.Repertoire(), Question: true, write: func(w io.Writer, d *netlist.Design, o Options) error {
			return opb.Write(w, d, opb.Config{Assert: o.asserted(d)})
		}},
		{Name: "cnf", Extensions: []string{".cnf", ".dimacs"}, Doc: "DIMACS clauses", Repertoire: cnf.Repertoire(), Question: true, write: func(w io.Writer, d *netlist.Design, o Options) error {
			return cnf.Write(w, d, cnf.Config{Assert: o.asserted(d)})
		}},
		{Name: "smtlib", Extensions: []string{".smt2"}, Doc: "SMT-LIB 2, linear integer arithmetic: thresholds as they are", Repertoire: smtlib.Repertoire(), Question: true, write: func(w io.Writer, d *netlist.Design, o Options) error {
			return smtlib.Write(w, d, smtlib.Config{Assert: o.asserted(d)})
		}},
		{Name: "graphml", Extensions: []string{".graphml"}, Doc: "a graph of gates and sums", Repertoire: everything, write: func(w io.Writer, d *netlist.Design, _ Options) error {
			return graphml.Write(w, d.Circuit, graphml.Config{Name: d.Name})
		}},
	}
}

func readNative(r io.Reader) (*netlist.Design, error) {
	c, err := circuit.Read(r)
	if err != nil {
		return nil, err
	}
	return netlist.Of(c), nil
}

func writeNative(w io.Writer, d *netlist.Design) error { return d.Circuit.Write(w) }

// asserted returns the literals that a question is about.
func (o Options) asserted(d *netlist.Design) []circuit.Lit {
	if o.Assert != nil {
		return o.Assert
	}
	return Question(d.Circuit)
}

// Question returns the literals that a file asserts unless something else is asked for:
// the output of a circuit that has one output of one bit.
func Question(c *circuit.Circuit) []circuit.Lit {
	if outs := c.Outputs(); len(outs) == 1 {
		return outs
	}
	return nil
}

// Readable reports whether the format can be read.
func (f *Format) Readable() bool { return f.read != nil }

// Read reads a circuit. The error for a faulty file is a [*netlist.Error], or a
// [*circuit.FormatError] of the native format.
func (f *Format) Read(r io.Reader) (*netlist.Design, error) {
	if f.read == nil {
		return nil, fmt.Errorf("exchange: %s files can be written and not read", f.Name)
	}
	return f.read(r)
}

// Write writes a circuit. A gate that is not in the repertoire of the format is refused
// with a [*netlist.UnfitError]; [Express] makes others of it.
func (f *Format) Write(w io.Writer, d *netlist.Design, o Options) error { return f.write(w, d, o) }

// UnknownError says that no format goes by an extension.
type UnknownError struct {
	Path  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("%s: unknown format %q; known: %s", e.Path, filepath.Ext(e.Path), strings.Join(e.Known, " "))
}

// Find returns the format of a file by the extension of its name, in any case. If there
// is none the error is an [*UnknownError].
func Find(path string) (*Format, error) {
	ext := strings.ToLower(filepath.Ext(path))
	for _, f := range Formats() {
		if slices.Contains(f.Extensions, ext) {
			return &f, nil
		}
	}
	return nil, &UnknownError{path, Extensions(false)}
}

// Extensions returns the usual extension of every format, or of those that can be read.
func Extensions(readable bool) []string {
	var list []string
	for _, f := range Formats() {
		if !readable || f.Readable() {
			list = append(list, f.Extensions[0])
		}
	}
	return list
}
