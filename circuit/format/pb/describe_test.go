package pb_test

import (
	"slices"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/format/pb"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func TestDescribe(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x\n", circuit.Format{Kind: circuit.TwosComplement}, 2)
	first := b.And(x...)
	y := b.Input("y")
	or := b.Or(first, y)
	b.Output("unused", b.Or(x...))
	not := b.Not(or)
	xor := b.Xor(not, y)
	b.OutputPort("z", circuit.Format{}, xor, not)
	d := &netlist.Design{
		Circuit:  formattest.Built(t, b),
		Name:     "a \"b\"\n",
		Comments: []string{"c\r\nd", "tc0 input 9 signed x"},
	}
	d.Signals = make([]string, d.Circuit.Len())
	d.Signals[or.Gate()], d.Signals[not.Gate()], d.Signals[0] = "or\x00", "é", "zero"
	lines := must(pb.New(d.Circuit, pb.Config{Assert: []circuit.Lit{xor}})).Describe(d)
	want := []string{
		`model "a \"b\"\n"`,
		`tc0 input 2 signed "x\n"`,
		`tc0 input 1 unsigned y`,
		`tc0 output 1 unsigned unused`,
		`tc0 output 2 unsigned z`,
		`c d`,
		`tc0: input 9 signed x`,
		"input and output: the variables of a port's wires, wire 0 first, - for one that is not asked about;",
		"gates A..B C..D: gates A to B of the circuit are variables C to D",
		`input "x\n" 1 2`,
		`input "y" 3`,
		`output "unused" -`,
		`output "z" 6 -5`,
		`gates 3..3 4..4`,
		`gates 5..5 5..5`,
		`gate 7 -5`,
		`gates 8..8 6..6`,
		`signal 5 "or\x00"`,
		`signal 7 "\u00e9"`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%q\nwant\n%q", lines, want)
	}
}
