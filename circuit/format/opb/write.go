package opb

import (
	"io"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
)

// Config chooses what a file says. The zero value defines all gates that an output depends on,
// without an assertion.
type Config = pb.Config

// Repertoire returns the gates that can be written: all except MOD, and XOR of two inputs only.
func Repertoire() basis.Repertoire { return pb.Repertoire() }

// Write writes the circuit of d. It fails with a [*netlist.UnfitError] for a gate that is
// needed and not in the [Repertoire], and with a [*pb.AssertError].
func Write(w io.Writer, d *netlist.Design, cfg Config) error {
	e, err := pb.New(d.Circuit, cfg)
	if err != nil {
		return err
	}
	if err := e.Fit("OPB", Repertoire()); err != nil {
		return err
	}
	count, err := e.Count()
	if err != nil {
		return err
	}
	out := netlist.NewPrinter(w)
	out.Text("* #variable= ", e.Variables(), " #constraint= ", count, "\n")
	out.Comments("* : ", e.Describe(d))
	err = e.Constraints(func(c pb.Constraint) error {
		constraint(out, c)
		return nil
	})
	if err != nil {
		return err
	}
	return out.Flush() // an error of w has stayed until now
}

// constraint writes a constraint with variables only: w·¬x is w − w·x.
func constraint(out netlist.Printer, c pb.Constraint) {
	bound, weight := c.Bound, circuit.NewInt(1)
	for i, l := range c.Lits {
		if c.Weights != nil {
			weight = c.Weights[i]
		}
		sign := "+"
		if l < 0 {
			bound = bound.Sub(weight)
			sign, l = "-", -l
		}
		out.Text(sign, weight, " x", l, " ")
	}
	out.Text(">= ", bound, " ;\n")
}
