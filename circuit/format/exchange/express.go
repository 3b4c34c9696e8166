package exchange

import (
	"context"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

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
