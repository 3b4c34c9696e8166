package cnf

import (
	"bufio"
	"io"
	"strconv"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
)

// Config chooses what a file says. The zero value says what all gates are that an output
// depends on, and asserts nothing. OneSided leaves out the clauses of a gate that the
// asserted literals do not need (Plaisted and Greenbaum 1986), so that a gate's variable
// need not have the gate's value.
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

	out := bufio.NewWriterSize(w, 1<<16)
	e.Describe(d, func(text string) {
		out.WriteString("c : ")
		out.WriteString(text)
		out.WriteByte('\n')
	})
	out.WriteString("p cnf " + strconv.Itoa(e.Variables()) + " " + strconv.Itoa(count) + "\n")
	var line []byte
	clauses(d.Circuit, e, func(lits []int) {
		line = line[:0]
		for _, l := range lits {
			line = append(strconv.AppendInt(line, int64(l), 10), ' ')
		}
		out.Write(append(line, "0\n"...)) // an error stays until Flush
	})
	return out.Flush()
}
