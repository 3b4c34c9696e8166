package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// fileSubject is a circuit that was read from a file, or that is to be written to one.
type fileSubject struct{ common }

func newFile(path, description string, c *circuit.Circuit) *fileSubject {
	return &fileSubject{common{
		kind: "file", path: path, caption: filepath.Base(path), description: description,
		fixed: "a file is one circuit, built already", circuit: c,
	}}
}

// openFile reads a circuit from a file, in the format that its name tells.
func (a *app) openFile(t target) (*fileSubject, error) {
	format, err := readFormat(t.Subject)
	if err != nil {
		return nil, err
	}
	if t.Strategy != "" {
		return nil, errf("--strategy=%s has no meaning for the circuit in the file %s, which is built already",
			t.Strategy, t.Subject)
	}
	s := newFile(t.Subject, "circuit in a file", nil)
	if err := s.setBasis(t.Basis); err != nil {
		return nil, err
	}
	if s.design, err = a.readDesign(t.Subject, format); err != nil {
		return nil, err
	}
	if s.design.Name != "" {
		s.description = fmt.Sprintf("circuit %s in a file", printable(s.design.Name))
	}
	if s.basis != basis.TC0 {
		defer a.meter(fmt.Sprintf("rewriting %s in basis %v", s.path, s.basis)).end()
		c, err := basis.Legalise(a.ctx, s.design.Circuit, s.basis)
		if err != nil {
			return nil, errf("%s: %w", t.Subject, err)
		}
		s.design = &netlist.Design{Circuit: c, Name: s.design.Name, Comments: s.design.Comments}
	}
	s.circuit = s.design.Circuit
	return s, nil
}

func (s *fileSubject) claim() (c analysis.Claim, err error) {
	return c, errf("%s is one circuit; what is proved here is of families and of networks; tc0 stat measures a circuit",
		s.path)
}

// designOf returns the circuit of s with what its file says, if it comes from one.
func designOf(s subject) *netlist.Design {
	if d := s.its().design; d != nil {
		return d
	}
	return &netlist.Design{Circuit: s.its().circuit, Name: s.short()}
}

// plainFileName makes a name of a file from one with parameters.
func plainFileName(name string) string {
	return strings.NewReplacer(":", "-", ",", "-", "=", "").Replace(filepath.Base(name))
}

// isCircuitFile reports whether a name is that of a circuit file.
func isCircuitFile(name string) bool {
	_, err := exchange.Find(name)
	return err == nil
}

// circuitFormat finds the format of a circuit file; of no file, "", none.
func circuitFormat(path string) (*exchange.Format, error) {
	if path == "" {
		return nil, nil
	}
	f, err := exchange.Find(path)
	var none *gates.UnknownError
	if errors.As(err, &none) {
		return nil, errf("%s: unknown circuit format %q; known: %s", path, filepath.Ext(path),
			strings.Join(none.Known, " "))
	}
	return f, err
}

// readFormat finds the format of a circuit file that is to be read.
func readFormat(path string) (*exchange.Format, error) {
	f, err := circuitFormat(path)
	if err == nil && !f.Readable() {
		return nil, errf("%s: %s files can be written and not read; those that can: %s", path, f.Name,
			strings.Join(exchange.Extensions(true), " "))
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
	defer a.meter("reading " + path).end()
	d, err := format.Read(bufio.NewReaderSize(f, 1<<20))
	var faulty *netlist.Error
	switch {
	case errors.As(err, &faulty):
		faulty.File = path
		return nil, &ownError{faulty}
	case err != nil:
		return nil, errf("%s: %w", path, err)
	}
	return d, nil
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
