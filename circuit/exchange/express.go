package exchange

import (
	"context"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/netlist"
)

// Cost is what a format makes of a circuit.
type Cost struct {
	Depth int // standard depth model
	Size  int
	Wires int64
}

// CostOf measures a circuit.
func CostOf(c *circuit.Circuit) Cost {
	st := c.Stats()
	return Cost{st.Depth, st.Size, st.Wires}
}

// Express returns the design in gates that the format has, by [basis.Express], and
// whether it had to be changed for that. Names of gates are lost with the gates.
func Express(ctx context.Context, d *netlist.Design, f *Format) (*netlist.Design, bool, error) {
	c, err := basis.Express(ctx, d.Circuit, f.Repertoire)
	if err != nil {
		return nil, false, err
	}
	if c == d.Circuit {
		return d, false, nil
	}
	return &netlist.Design{Circuit: c, Name: d.Name, Comments: d.Comments}, true, nil
}
