package cnf

import (
	"io"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
)

// Config chooses what a file says. The zero value defines all gates that an output depends on,
// without an assertion. OneSided leaves out the clauses of a gate that the asserted literals do not
// need (Plaisted and Greenbaum 1986), so that a gate's variable may differ from the gate's value.
type Config = pb.Config

// Repertoire returns the gates that can be written: AND, OR and their complements of any
// fan-in, XOR and XNOR of two inputs.
func Repertoire() basis.Repertoire {
	return basis.Repertoire{Or: true, Wide: true, Xor: true, Complements: true}
}

// Write writes the circuit of d. It fails with a [*netlist.UnfitError] for a gate that is
// needed and not in the [Repertoire], and with a [*pb.AssertError].
func Write(w io.Writer, d *netlist.Design, cfg Config) error {
	e, err := pb.New(d.Circuit, cfg)
	if err != nil {
		return err
	}
	if err := e.Fit("CNF", Repertoire()); err != nil {
		return err
	}
	count := 0
	clauses(d.Circuit, e, func([]int) { count++ })

	out := netlist.NewPrinter(w)
	out.Comments("c : ", e.Describe(d))
	out.Text("p cnf ", e.Variables(), " ", count, "\n")
	clauses(d.Circuit, e, func(lits []int) {
		for _, l := range lits {
			out.Text(l, " ")
		}
		out.Text("0\n")
	})
	return out.Flush() // an error of w has stayed until now
}
