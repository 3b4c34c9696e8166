package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/internal/table"
)

type buildCmd struct {
	target
	Output string   `short:"o" required:"" placeholder:"FILE" help:"The file to write; its extension names the format: ${formats}."`
	Assert []string `placeholder:"WIRE" sep:"none" help:"For .opb, .cnf and .smt2: an output wire that is to be 1 (may be given again). The only output wire unless given."`
}

func (buildCmd) Help() string {
	return `The file is written whole or not at all. Formats other than .tc0 may have no words for some
gates: see tc0 convert --help.

Examples:

  tc0 build attention:n=8,d=4,bits=3 -o head.tc0
  tc0 build digits -o digits.tc0
  tc0 build majority:n=9 -o majority.th
`
}

func (cmd *buildCmd) Run(a *app) error {
	return (&convertCmd{cmd.target, cmd.Output, cmd.Assert}).Run(a)
}

type convertCmd struct {
	target
	Output string   `arg:"" name:"file" help:"The file to write; its extension names the format: ${formats}."`
	Assert []string `placeholder:"WIRE" sep:"none" help:"For .opb, .cnf and .smt2: an output wire that is to be 1 (may be given again). The only output wire unless given."`
}

func (convertCmd) Help() string {
	return `A format that has no threshold gates (.aig .aag .blif .bench .bristol .cnf .yosys.json)
gets adder trees for them, and what that costs in depth is printed; .gates, .th, .opb,
.smt2, .v and .graphml have them as they are. Ports of several bits become bits, but for
.gates, .v and .yosys.json. In .aig, .aag, .blif, .bench, .th and .pla a comment keeps what
they mean, so that reading the file gives the same ports back; .bristol has no comments and
no names, only the widths of ports. A .pla file has circuits of two levels, and others of up
to 16 inputs by their truth tables. Behind any extension may be .gz, of a compressed file.
A .gates file is a text that a person can write: tc0 list .gates tells how.

Examples:

  tc0 convert voter.aig voter.blif
  tc0 convert majority:n=9 majority.th
  tc0 convert mlp:n=3,bits=2 net.gates
  tc0 convert attention:n=2,d=1,bits=2 head.v
  tc0 convert parity:n=16 parity.cnf
`
}

func (cmd *convertCmd) Run(a *app) error {
	format, err := circuitFormat(cmd.Output)
	if err != nil {
		return err
	}
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	e, err := a.export(cmd.Output, format, designOf(s), m, cmd.Assert)
	if err != nil {
		return err
	}
	return a.show(e, func() {
		a.printExport(s.short(), e)
		a.printBasis(s)
	}, true)
}

// exported is the JSON of a circuit written in a format.
type exported struct {
	writtenFile
	Legalised bool          `json:"legalised"` // gates that the format has no words for became others
	Written   *exportedCost `json:"written"`   // what the file has
	Asserted  []string      `json:"asserted,omitempty"`

	question bool // the format asks one
}

type exportedCost struct {
	Depth int   `json:"depth"`
	Size  int   `json:"size"`
	Wires int64 `json:"wires"`
}

// export writes the circuit of s in the format, and measures what it had to make of it.
func (a *app) export(
	path string,
	format *exchange.Format,
	from *netlist.Design,
	m *measured,
	assert []string,
) (*exported, error) {
	defer a.meter("writing " + path).end()
	d, legalised, err := exchange.Express(a.ctx, from, format)
	if err != nil {
		return nil, errf("%s: %w", path, err)
	}
	e := &exported{Legalised: legalised, question: format.Question}
	var options exchange.Options
	if format.Question {
		if options.Assert, e.Asserted, err = asserted(d.Circuit, assert); err != nil {
			return nil, err
		}
	} else if len(assert) > 0 {
		return nil, errf("--assert=%s has no meaning for %s, which asks no question; files that do: .opb .cnf .smt2",
			assert[0], path)
	}
	n, err := a.writeFile(path, func(w io.Writer) error { return format.Write(w, d, options) })
	if err != nil {
		return nil, err
	}
	e.writtenFile = writtenFile{path, format.Name, n, m}
	// What counts is what a reader of the file gets: a complement, say, can be a gate there.
	if format.Readable() && format.Name != nativeFormat && isRegular(path) {
		if d, err = a.readDesign(path, format); err != nil {
			return nil, errf("%s was written and cannot be read: %w", path, err)
		}
	}
	c := d.Circuit
	if format.Question && len(options.Assert) > 0 { // the file has what these depend on
		if c, err = c.Cone(e.Asserted...); err != nil {
			return nil, err
		}
	}
	st := c.Stats()
	e.Written = &exportedCost{c.Levels(a.model).Depth, st.Size, st.Wires}
	return e, nil
}

// nativeFormat is the name of the format that has everything.
const nativeFormat = "tc0"

// isRegular reports whether a file is one that can be read again, unlike a pipe.
func isRegular(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// asserted returns the output wires that a file asks to be 1: those of the given names, or
// the only one; and their names.
func asserted(c *circuit.Circuit, names []string) ([]circuit.Lit, []string, error) {
	var lits []circuit.Lit
	var known, chosen []string
	for _, p := range c.OutputPorts() {
		for i, l := range p.Wires {
			name := netlist.WireName(&p, i)
			known = append(known, name)
			if slices.Contains(names, name) || len(names) == 0 && c.OutputCount() == 1 {
				lits = append(lits, l)
				chosen = append(chosen, name)
			}
		}
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, nil, errf("--assert=%s: no output wire has this name; there are: %s", name,
				strings.Join(firstFew(known, fewNames), " "))
		}
	}
	return lits, chosen, nil
}

// printExport prints what became of a circuit in a format.
func (a *app) printExport(name string, e *exported) {
	m := e.measured
	a.Printf("%s: %s, %s, %s\ndepth %s\n", e.File, plural(e.Written.Size, "gate"), plural(e.Written.Wires, "wire"),
		plural(e.Bytes, "byte"), m.depthAs(e.Written.Depth))
	if e.Written.Size != m.Size || e.Written.Depth != m.Depth || e.Written.Wires != m.Wires {
		switch {
		case e.Legalised:
			a.Printf("Gates that %s has no words for became others:\n", e.Format)
		case len(e.Asserted) > 0:
			a.Printf("The file has the gates that its question depends on:\n")
		default:
			a.Printf(
				"A wire that is no gate, such as an output that is an input or a complement, is a gate in the file:\n")
		}
		t := table.New(" | #depth | #gates:, | #wires:,")
		t.Row(name, m.Depth, m.Size, m.Wires)
		t.Row(e.File, e.Written.Depth, e.Written.Size, e.Written.Wires)
		t.Row("change", change(e.Written.Depth-m.Depth), change(e.Written.Size-m.Size), change(e.Written.Wires-m.Wires))
		a.Table(t)
	}
	switch {
	case len(e.Asserted) > 0:
		a.Printf("The file asks for an input on which %s %s 1.\n", commas(e.Asserted),
			map[bool]string{false: "is", true: "are"}[len(e.Asserted) > 1])
	case e.question:
		a.Printf(
			"The file describes the gates and asserts no output; tc0 convert --assert names those that are to be 1.\n")
	}
}

// change writes a difference with its sign.
func change[T int | int64](d T) string {
	switch {
	case d > 0:
		return "+" + count(d)
	case d < 0:
		return "−" + count(-d)
	}
	return "0"
}

// fewNames is how many names a message has at most.
const fewNames = 12

// firstFew cuts a list of names that would make a message too long.
func firstFew(names []string, most int) []string {
	if len(names) > most {
		return append(names[:most:most], "…")
	}
	return names
}
