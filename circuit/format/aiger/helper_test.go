package aiger_test

import (
	"io"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// forms are the two forms of the format.
var forms = []struct {
	kind  string
	write func(io.Writer, *netlist.Design) error
}{{"aag", aiger.WriteASCII}, {"aig", aiger.WriteBinary}}

func format(write func(io.Writer, *netlist.Design) error) formattest.Format {
	return formattest.Format{Read: aiger.Read, Write: write, Repertoire: aiger.Repertoire()}
}

func read(t rapid.TB, file string) *netlist.Design {
	t.Helper()
	return format(nil).Parsed(t, []byte(file))
}

func written(t rapid.TB, d *netlist.Design, write func(io.Writer, *netlist.Design) error) string {
	t.Helper()
	return string(format(write).Written(t, d))
}
