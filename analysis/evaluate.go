package analysis

import (
	"context"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
)

// Evaluator computes one circuit on vectors of integers, as often as is wanted. It is
// not for several goroutines at once.
type Evaluator struct {
	c       *circuit.Circuit
	plan    *eval.Plan // once it is needed
	in, out *codec
}

// NewEvaluator prepares a circuit.
func NewEvaluator(c *circuit.Circuit) *Evaluator {
	return &Evaluator{c, nil, newCodec(c.InputPorts()), newCodec(c.OutputPorts())}
}

// fewVectors is up to how many vectors are computed one by one. Bit by bit and 512 at a
// time a large sum costs more than that many sums of integers, and the plan has to be
// made first.
const fewVectors = 8

func (e *Evaluator) run(ctx context.Context, in *eval.Vectors, count int) (*eval.Vectors, error) {
	if count > fewVectors {
		if e.plan == nil {
			e.plan = eval.Compile(e.c, eval.Config{})
		}
		return e.plan.Run(ctx, in)
	}
	out := eval.NewVectors(e.out.wires, count)
	bits := make([]bool, e.in.wires)
	for lane := range count {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range bits {
			bits[i] = in.Bit(i, lane)
		}
		wires, err := e.c.Eval(bits)
		if err != nil {
			return nil, err
		}
		for i, b := range wires {
			if b {
				out.Row(i)[lane/64] |= 1 << uint(lane%64)
			}
		}
	}
	return out, nil
}

// Evaluate computes c on vectors of integers, one for each input port, and returns
// one integer for each output port. An integer that its port has no code for, or an
// output that is no code, is an error that names the vector and the port.
func Evaluate(ctx context.Context, c *circuit.Circuit, vectors [][]int64) ([][]int64, error) {
	return NewEvaluator(c).Evaluate(ctx, vectors)
}

// Evaluate is [Evaluate] for the circuit of e.
func (e *Evaluator) Evaluate(ctx context.Context, vectors [][]int64) ([][]int64, error) {
	in, out := e.in, e.out
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
	y, err := e.run(ctx, bits, len(vectors))
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
