package opb_test

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/opb"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func written(t testing.TB, d *netlist.Design, cfg opb.Config) string {
	t.Helper()
	return formattest.Text(t, func(w io.Writer) error { return opb.Write(w, d, cfg) })
}

// all is a circuit of every kind of gate, with hostile names.
func all(t testing.TB) *netlist.Design {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 3)
	y := b.Input("y\n1 x1 >= 2 ;")
	s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(5, y))
	and := b.And(x...)
	xor := b.Xor(and, y.Not())
	not := b.Not(xor)
	nor := b.Nor(not, x[1], circuit.False)
	b.OutputPort("out", circuit.Format{}, b.Threshold(s, circuit.NewInt(4)), b.Majority(x...), nor.Not())
	b.Output("big", b.Threshold(s.Times(circuit.Pow2(70)).Plus(circuit.NewInt(1)), circuit.Pow2(70)))
	c := formattest.Built(t, b)
	signals := make([]string, c.Len())
	signals[and.Gate()] = "a\x00nd\r\n"
	return &netlist.Design{
		Circuit:  c,
		Name:     "all\nkinds",
		Comments: []string{"two\nlines", "* #variable= 1"},
		Signals:  signals,
	}
}

func TestGolden(t *testing.T) {
	got := written(t, all(t), opb.Config{Assert: all(t).Circuit.Outputs()[:1]}) + written(t, all(t), opb.Config{})
	formattest.Golden(t, "all.golden", got)
}

func TestErrors(t *testing.T) {
	write := func(w io.Writer, d *netlist.Design) error { return opb.Write(w, d, opb.Config{}) }
	formattest.RefuseGate(
		t,
		write,
		"OPB has no words for gate 6, a MOD gate",
		func(b *circuit.Builder, x []circuit.Lit) circuit.Lit {
			return b.Mod(3, []int64{1}, x...)
		},
	)
	formattest.FullDisk(t, func(w io.Writer) error { return write(w, all(t)) })
}

func ExampleWrite() {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := b.Majority(x...)
	b.Output("majority", y)
	c, err := b.Circuit()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := opb.Write(os.Stdout, netlist.Of(c), opb.Config{Assert: []circuit.Lit{y}}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// * #variable= 4 #constraint= 3
	// * : input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;
	// * : gates A..B C..D: gates A to B of the circuit are variables C to D
	// * : input "x[0]" 1
	// * : input "x[1]" 2
	// * : input "x[2]" 3
	// * : output "majority" 4
	// * : gates 4..4 4..4
	// -2 x4 +1 x1 +1 x2 +1 x3 >= 0 ;
	// +2 x4 -1 x1 -1 x2 -1 x3 >= -1 ;
	// +1 x4 >= 1 ;
}
