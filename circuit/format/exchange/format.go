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
	"github.com/tc0lab/tc0/circuit/format/handwritten"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/format/pla"
	"github.com/tc0lab/tc0/circuit/format/smtlib"
	"github.com/tc0lab/tc0/circuit/format/th"
	"github.com/tc0lab/tc0/circuit/format/verilog"
	"github.com/tc0lab/tc0/circuit/format/yosys"
	"github.com/tc0lab/tc0/gates"
)

// Options have what some formats need in addition to the circuit. The zero value works.
type Options struct {
	// Assert has the literals that are to be 1 in a file that asks a question: CNF, OPB and
	// SMT-LIB. nil: the output, if there is only one, of one bit; otherwise no literal.
	Assert []circuit.Lit
}

// Reading has how to read files of some formats. The zero value works.
type Reading struct {
	Cut     bool          // latches become inputs and outputs; otherwise they are refused
	Library *blif.Library // says what cells compute; nil: they are refused
}

// Format is a file format for circuits.
type Format struct {
	Name       string
	Extensions []string // with the dot; the first is the usual one
	Doc        string   // one line
	Repertoire basis.Repertoire
	Question   bool // the file asks for inputs that make some outputs 1
	Latches    bool // a file may have latches
	Cells      bool // a file may have cells of a library

	read  func(r io.Reader, o Reading) (*netlist.Design, error) // nil: it cannot be read
	write func(w io.Writer, d *netlist.Design, o Options) error
}

// plain writes a format without options.
func plain(write func(io.Writer, *netlist.Design) error) func(io.Writer, *netlist.Design, Options) error {
	return func(w io.Writer, d *netlist.Design, _ Options) error { return write(w, d) }
}

// always reads a format without options.
func always(read func(io.Reader) (*netlist.Design, error)) func(io.Reader, Reading) (*netlist.Design, error) {
	return func(r io.Reader, _ Reading) (*netlist.Design, error) { return read(r) }
}

func readAIGER(r io.Reader, o Reading) (*netlist.Design, error) {
	return aiger.Config{Cut: o.Cut}.Read(r)
}

func readBench(r io.Reader, o Reading) (*netlist.Design, error) {
	return bench.Config{Cut: o.Cut}.Read(r)
}

func readBLIF(r io.Reader, o Reading) (*netlist.Design, error) {
	return blif.Config{Cut: o.Cut, Library: o.Library}.Read(r)
}

// question writes a format that asks about literals.
func question(write func(io.Writer, *netlist.Design, pb.Config) error) func(io.Writer, *netlist.Design, Options) error {
	return func(w io.Writer, d *netlist.Design, o Options) error {
		assert := o.Assert
		if assert == nil {
			assert = Question(d.Circuit)
		}
		return write(w, d, pb.Config{Assert: assert})
	}
}

// everything is the gates of a format that has all of them.
var everything = verilog.Repertoire()

// Formats returns all the formats, tc0's own first.
func Formats() []Format {
	return []Format{
		{
			"tc0",
			[]string{".tc0"},
			"the native format: every gate, shared sums, ports, stages",
			everything, false, false, false, always(readNative), plain(writeNative),
		}, {
			"gates",
			[]string{".gates"},
			"a text that a person can write, a gate a line: y = maj(a, b, c)",
			everything, false, false, false, always(handwritten.Read), plain(handwritten.Write),
		}, {
			"aiger",
			[]string{".aig"},
			"AIGER, binary: AND gates of two inputs and complements",
			aiger.Repertoire(), false, true, false, readAIGER, plain(aiger.WriteBinary),
		}, {
			"aiger-ascii",
			[]string{".aag"},
			"AIGER, ascii",
			aiger.Repertoire(), false, true, false, readAIGER, plain(aiger.WriteASCII),
		}, {
			"blif",
			[]string{".blif"},
			"Berkeley Logic Interchange Format, combinational",
			blif.Repertoire(), false, true, true, readBLIF, plain(blif.Write),
		}, {
			"bench",
			[]string{".bench"},
			"the netlists of the ISCAS benchmarks",
			bench.Repertoire(), false, true, false, readBench, plain(bench.Write),
		}, {
			"th",
			[]string{".th"},
			"threABC: weighted threshold gates",
			th.Repertoire(), false, false, false, always(th.Read), plain(th.Write),
		}, {
			"bristol",
			[]string{".bristol", ".txt"},
			"Bristol Fashion: AND, XOR and INV gates, for secure computation",
			bristol.Repertoire(), false, false, false, always(bristol.Read), plain(bristol.Write),
		}, {
			"pla",
			[]string{".pla"},
			"the tables of Espresso: ORs of ANDs, or up to 16 inputs",
			everything, false, false, false, always(pla.Read), plain(pla.Write),
		}, {
			"verilog",
			[]string{".v"},
			"a Verilog module; thresholds as arithmetic",
			everything, false, false, false, nil, plain(verilog.Write),
		}, {
			"yosys",
			[]string{".yosys.json"},
			"the JSON of Yosys, for DigitalJS and netlistsvg: gates of two inputs",
			yosys.Repertoire(), false, false, false, nil, plain(yosys.Write),
		}, {
			"opb",
			[]string{".opb"},
			"pseudo-Boolean constraints: thresholds as they are",
			opb.Repertoire(), true, false, false, nil, question(opb.Write),
		}, {
			"cnf",
			[]string{".cnf", ".dimacs"},
			"DIMACS clauses",
			cnf.Repertoire(), true, false, false, nil, question(cnf.Write),
		}, {
			"smtlib",
			[]string{".smt2"},
			"SMT-LIB 2, linear integer arithmetic: thresholds as they are",
			smtlib.Repertoire(), true, false, false, nil, question(writeSMTLIB),
		}, {
			"graphml",
			[]string{".graphml"},
			"a graph of gates and sums",
			everything, false, false, false, nil, plain(writeGraphML),
		},
	}
}

func writeSMTLIB(w io.Writer, d *netlist.Design, cfg pb.Config) error {
	return smtlib.Write(w, d, smtlib.Config{Assert: cfg.Assert})
}

func writeGraphML(w io.Writer, d *netlist.Design) error {
	return graphml.Write(w, d.Circuit, graphml.Config{Name: d.Name})
}

func readNative(r io.Reader) (*netlist.Design, error) {
	c, err := circuit.Read(r)
	if err != nil {
		return nil, err
	}
	return netlist.Of(c), nil
}

func writeNative(w io.Writer, d *netlist.Design) error { return d.Circuit.Write(w) }

// Question returns the literals that a file asserts by default: the output of a circuit that has
// one output of one bit.
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
func (f *Format) Read(r io.Reader) (*netlist.Design, error) { return f.ReadAs(r, Reading{}) }

// ReadAs is Read with options, which a format ignores that does not have what they are about.
func (f *Format) ReadAs(r io.Reader, o Reading) (*netlist.Design, error) {
	if f.read == nil {
		return nil, fmt.Errorf("exchange: %s files can be written and not read", f.Name)
	}
	return f.read(r, o)
}

// Write writes a circuit. A gate that is not in the repertoire of the format is refused
// with a [*netlist.UnfitError]; [Express] makes others of it.
func (f *Format) Write(w io.Writer, d *netlist.Design, o Options) error { return f.write(w, d, o) }

// Find returns the format of a file by the extension of its name, in any case. Behind it may be .gz, of a
// file that is compressed by gzip. If there is no such format, the error is a [*gates.UnknownError] about the
// extension.
func Find(path string) (*Format, error) {
	name, zipped := strings.CutSuffix(strings.ToLower(filepath.Base(path)), ".gz")
	for _, f := range Formats() {
		if !slices.ContainsFunc(f.Extensions, func(ext string) bool { return strings.HasSuffix(name, ext) }) {
			continue
		}
		if zipped {
			f.compress()
		}
		return &f, nil
	}
	return nil, &gates.UnknownError{What: "circuit format", Name: filepath.Ext(path), Known: Extensions(false)}
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
