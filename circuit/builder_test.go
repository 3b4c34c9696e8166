package circuit_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit"
)

func TestQuick(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 7)
	b.Output("majority", b.Majority(x...))
	b.Output("odd", b.Mod(2, []int64{1}, x...))
	b.Output("or", b.Or(x...), b.And(x[0].Not(), x[1].Not()), b.Or(x[0], x[1]), b.Xor(x[0], x[2].Not(), x[3]))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	if err := c.Prune().Check(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", c.Stats())
	out, err := c.Eval([]bool{true, true, true, true, false, false, false})
	t.Log(out, err)
}
