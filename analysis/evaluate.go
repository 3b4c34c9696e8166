package analysis

import (
	"context"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// Evaluate computes c on vectors of integers, one for each input port, and returns
// one integer for each output port. An integer that its port has no code for, or an
// output that is no code, is an error that names the vector and the port.
func Evaluate(ctx context.Context, c *circuit.Circuit, vectors [][]int64) ([][]int64, error) {
	in, out := newCodec(c.InputPorts()), newCodec(c.OutputPorts())
	for k, v := range vectors {
		if len(v) != len(in.ports) {
			return nil, fmt.Errorf("vector %d: %d integers for %d ports", k, len(v), len(in.ports))
		}
		for i, p := range in.ports {
			lo, hi := p.Format.Range(len(p.Wires))
			if x := circuit.I(v[i]); x.Cmp(lo) < 0 || x.Cmp(hi) > 0 {
				return nil, fmt.Errorf("vector %d: port %s: %d is outside %v..%v", k, p.Name, v[i], lo, hi)
			}
		}
	}
	bits := eval.NewVectors(in.wires, len(vectors))
	if err := in.encode(vectors, bits); err != nil {
		return nil, err
	}
	y, err := eval.Compile(c, eval.Config{}).Run(ctx, bits)
	if err != nil {
		return nil, err
	}
	results := make([][]int64, len(vectors))
	for k := range results {
		results[k] = make([]int64, len(out.ports))
		first := 0
		for i, p := range out.ports {
			value := out.decode(y, i, first, k)
			x, fits := value.Value.Int64()
			if value.Invalid != "" || !fits {
				return nil, fmt.Errorf("vector %d: %v", k, value)
			}
			results[k][i] = x
			first += len(p.Wires)
		}
	}
	return results, nil
}
