package cnf_test

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/cnf"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func written(t testing.TB, d *netlist.Design, cfg cnf.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return cnf.Write(w, d, cfg) })
}

// all is a circuit of every kind of gate, with hostile names.
func all(t testing.TB) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y\n1 2 0")
	and := b.And(x[0], x[1].Not(), x[2], x[0])
	xor := b.Xor(and, y.Not())
	not := b.Not(xor)
	nor := b.Nor(not, x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Or(nor, x[0]), b.Nand(x...), nor.Not())
	b.Output("odd", b.Xnor(and, nor), b.Xor(y, y.Not()), b.And(), b.Or(), b.And(y, y.Not(), x[0]))
	c := formattest.Built(t, b)
	signals := make([]string, c.Len())
	signals[and.Gate()] = "a\x00nd\r\n"
	return &netlist.Design{
		Circuit:  c,
		Name:     "all\nkinds",
		Comments: []string{"two\nlines", "p cnf 1 1"},
		Signals:  signals,
	}
}

func TestGolden(t *testing.T) {
	got := written(
		t,
		all(t),
		cnf.Config{Assert: all(t).Circuit.Outputs()[:1], OneSided: true},
	) + written(
		t,
		all(t),
		cnf.Config{},
	)
	formattest.Golden(t, "all.golden", got)
}

func TestErrors(t *testing.T) {
	write := func(w io.Writer, d *netlist.Design) error { return cnf.Write(w, d, cnf.Config{}) }
	formattest.RefuseGate(
		t,
		write,
		"CNF has no words for gate 6, a MAJORITY gate",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) },
	)
	formattest.FullDisk(t, func(w io.Writer) error { return write(w, all(t)) })
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	y := b.Xor(x...)
	b.Output("odd", y)
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := cnf.Write(os.Stdout, netlist.Of(c), cnf.Config{Assert: []circuit.Lit{y}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// c : input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;
	// c : gates A..B C..D: gates A to B of the circuit are variables C to D
	// c : input "x[0]" 1
	// c : input "x[1]" 2
	// c : output "odd" 3
	// c : gates 3..3 3..3
	// p cnf 3 5
	// 1 2 -3 0
	// -1 -2 -3 0
	// -1 2 3 0
	// 1 -2 3 0
	// 3 0
}
