package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// isCircuitFile reports whether a name is that of a circuit file.
func isCircuitFile(name string) bool {
	_, err := exchange.Find(name)
	return err == nil
}

// circuitFormat finds the format of a circuit file.
func circuitFormat(path string) (*exchange.Format, error) {
	f, err := exchange.Find(path)
	var unknown *gates.UnknownError
	if errors.As(err, &unknown) {
		return nil, fmt.Errorf("%s: unknown circuit format %q; known: %s", path, unknown.Name, strings.Join(unknown.Known, " "))
	}
	return f, err
}

// readFormat finds the format of a circuit file that is to be read.
func readFormat(path string) (*exchange.Format, error) {
	f, err := circuitFormat(path)
	if err == nil && !f.Readable() {
		return nil, fmt.Errorf("%s: %s files can be written and not read; those that can: %s", path, f.Name, strings.Join(exchange.Extensions(true), " "))
	}
	return f, err
}

// readDesign reads a circuit file.
func (a *app) readDesign(path string, format *exchange.Format) (*netlist.Design, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m := a.meter("reading " + path)
	defer m.end()
	d, err := format.Read(bufio.NewReaderSize(f, 1<<20))
	var faulty *netlist.Error
	switch {
	case errors.As(err, &faulty):
		faulty.File = path
		return nil, faulty
	case err != nil:
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
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

// asDesign returns the circuit of s with what its file says, if it comes from one.
func (s *subject) asDesign() *netlist.Design {
	if s.design != nil && s.design.Circuit == s.circuit {
		return s.design
	}
	return &netlist.Design{Circuit: s.circuit, Name: s.short()}
}

// export writes the circuit of s in the format, and measures what it had to make of it.
func (a *app) export(path string, format *exchange.Format, s *subject, m *measured, assert []string) (*exported, error) {
	meter := a.meter("writing " + path)
	defer meter.end()
	d, legalised, err := exchange.Express(a.ctx, s.asDesign(), format)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	e := &exported{Legalised: legalised, question: format.Question}
	var options exchange.Options
	if format.Question {
		if options.Assert, e.Asserted, err = asserted(d.Circuit, assert); err != nil {
			return nil, err
		}
	} else if len(assert) > 0 {
		return nil, fmt.Errorf("--assert=%s has no meaning for %s, which asks no question; files that do: .opb .cnf .smt2", assert[0], path)
	}
	n, err := a.writeFile(path, func(w io.Writer) error { return format.Write(w, d, options) })
	if err != nil {
		return nil, err
	}
	e.writtenFile = writtenFile{path, format.Name, n, m}
	// What counts is what a reader of the file gets: a complement, say, can be a gate there.
	if format.Readable() && format.Name != nativeFormat && isRegular(path) {
		if d, err = a.readDesign(path, format); err != nil {
			return nil, fmt.Errorf("%s was written and cannot be read: %w", path, err)
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
			const most = 12
			if len(known) > most {
				known = append(known[:most], "…")
			}
			return nil, nil, fmt.Errorf("--assert=%s: no output wire has this name; there are: %s", name, strings.Join(known, " "))
		}
	}
	return lits, chosen, nil
}

// printExport prints what became of a circuit in a format.
func (a *app) printExport(name string, e *exported) {
	m := e.measured
	a.printf("%s: %s, %s, %s\ndepth %s\n", e.File, plural(e.Written.Size, "gate"), plural(e.Written.Wires, "wire"), plural(e.Bytes, "byte"),
		depthText(e.Written.Depth, m))
	if e.Written.Size != m.Size || e.Written.Depth != m.Depth || e.Written.Wires != m.Wires {
		switch {
		case e.Legalised:
			a.printf("Gates that %s has no words for became others:\n", e.Format)
		case len(e.Asserted) > 0:
			a.printf("The file has the gates that its question depends on:\n")
		default:
			a.printf("A wire that is no gate, such as an output that is an input or a complement, is a gate in the file:\n")
		}
		a.table(cols("", "#depth", "#gates", "#wires"), [][]string{
			{name, fmt.Sprint(m.Depth), count(m.Size), count(m.Wires)},
			{e.File, fmt.Sprint(e.Written.Depth), count(e.Written.Size), count(e.Written.Wires)},
			{"change", change(e.Written.Depth - m.Depth), change(e.Written.Size - m.Size), change(e.Written.Wires - m.Wires)},
		}, nil)
	}
	switch {
	case len(e.Asserted) > 0:
		a.printf("The file asks for an input on which %s %s 1.\n", strings.Join(e.Asserted, ", "), map[bool]string{false: "is", true: "are"}[len(e.Asserted) > 1])
	case e.question:
		a.printf("The file describes the gates and asserts no output; tc0 convert --assert names those that are to be 1.\n")
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

// printable makes a name from a file one line that a terminal can show.
func printable(name string) string {
	const most = 60
	var b strings.Builder
	for i, r := range []rune(name) {
		if i == most {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}
