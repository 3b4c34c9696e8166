package lower

import (
	"context"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// Account is a circuit whose gates know the operations that asked for them.
type Account struct {
	// Circuit has all gates that were made. Alive marks those that an output depends on.
	Circuit *circuit.Circuit
	Alive   []bool
	// Owners has, for each gate, the operations that asked for it as it is, in order.
	Owners [][]int32
}

// Accounted lowers a program and notes which operation asked for which gate. It is for comparing an operation
// with what is derived of it. An operation that gets a literal of its operands in place of a gate did
// not ask for that gate. The function progress is that of [ProgramContext].
func Accounted(
	ctx context.Context, p *program.Program, s Strategy, progress func(done, all, gates int),
) (*Account, error) {
	a := &Account{}
	c, err := lowered(ctx, p, s, progress, a)
	if err != nil {
		return nil, err
	}
	a.Circuit, a.Alive = c, make([]bool, c.Len())
	for len(a.Owners) < c.Len() {
		a.Owners = append(a.Owners, nil)
	}
	alive(c, a.Alive)
	return a, nil
}

// note records that an operation asked for the gate of a literal.
func (a *Account) note(op int, z literal) {
	if a == nil || !z.made {
		return
	}
	g := int(z.lit.Gate())
	for len(a.Owners) <= g {
		a.Owners = append(a.Owners, nil)
	}
	if n := len(a.Owners[g]); n == 0 || a.Owners[g][n-1] != int32(op) {
		a.Owners[g] = append(a.Owners[g], int32(op))
	}
}

// alive marks the gates that an output depends on, inputs and constants apart.
func alive(c *circuit.Circuit, marks []bool) {
	sums := make([]bool, c.SumCount())
	var gates []circuit.Gate
	reach := func(g circuit.Gate) {
		if !marks[g] && !c.Kind(g).IsSource() {
			marks[g] = true
			gates = append(gates, g)
		}
	}
	for _, l := range c.Outputs() {
		reach(l.Gate())
	}
	for len(gates) > 0 {
		g := gates[len(gates)-1]
		gates = gates[:len(gates)-1]
		for _, l := range c.Fanin(g) {
			reach(l.Gate())
		}
		if s, ok := c.ReadsSum(g); ok {
			for _, t := range c.Unmarked(s, sums) {
				for _, r := range c.Refs(t) {
					if !r.IsSum() {
						reach(r.Gate())
					}
				}
			}
		}
	}
}
