package opb

import (
	"bufio"
	"io"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
)

// Config chooses what a file says. The zero value says what all gates are that an output
// depends on, and asserts nothing.
type Config = pb.Config

// Repertoire returns the gates that can be written: all but MOD, and XOR of two inputs
// only.
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
	out := bufio.NewWriterSize(w, 1<<16)
	out.WriteString("* #variable= " + strconv.Itoa(e.Variables()) + " #constraint= " + strconv.Itoa(count) + "\n")
	e.Describe(d, func(text string) {
		out.WriteString("* : ")
		out.WriteString(text)
		out.WriteByte('\n')
	})
	var line []byte
	err = e.Constraints(func(c pb.Constraint) error {
		line = appendConstraint(line[:0], c)
		_, err := out.Write(line)
		return err
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// appendConstraint writes a constraint with variables only: w·¬x is w − w·x.
func appendConstraint(line []byte, c pb.Constraint) []byte {
	bound, one := c.Bound, circuit.I(1)
	for i, l := range c.Lits {
		w := one
		if c.Weights != nil {
			w = c.Weights[i]
		}
		if l > 0 {
			line = append(line, '+')
		} else {
			bound = bound.Sub(w)
			line = append(line, '-')
			l = -l
		}
		line = append(appendInt(line, w), " x"...)
		line = append(strconv.AppendInt(line, int64(l), 10), ' ')
	}
	return append(appendInt(append(line, ">= "...), bound), " ;\n"...)
}

func appendInt(line []byte, v circuit.Int) []byte {
	if small, ok := v.Int64(); ok {
		return strconv.AppendInt(line, small, 10)
	}
	return v.Big().Append(line, 10)
}
