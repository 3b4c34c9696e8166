package analysis

import (
	"context"
	"fmt"
	"sync"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
)

// Evaluator computes one circuit on vectors of integers or of bits, as often as is wanted. It is
// not for several goroutines at once.
type Evaluator struct {
	c       *circuit.Circuit
	planned sync.Once
	plan    *eval.Plan      // once it is needed
	single  *circuit.Single // the same
	singles int             // vectors that were computed one by one
	in, out *vector.Codec
}

// NewEvaluator prepares a circuit.
func NewEvaluator(c *circuit.Circuit) *Evaluator {
	return &Evaluator{c: c, in: vector.NewCodec(c.InputPorts()), out: vector.NewCodec(c.OutputPorts())}
}

// Up to so many vectors are computed one by one, while there is no plan, and at a time once there is one. Making the
// plan takes as long as 140 to 900 vectors of compiled networks, and 50 of logic; a tile takes as long as a few.
const (
	fewVectors = 128
	fewPlanned = 4
)

// compiled is the plan of the circuit, which is made once.
func (e *Evaluator) compiled() *eval.Plan {
	e.planned.Do(func() { e.plan = eval.Compile(e.c, eval.Config{}) })
	return e.plan
}

// Bits computes the circuit on all lanes of in, whose rows are the input wires in order, and returns the output wires.
func (e *Evaluator) Bits(ctx context.Context, in *eval.Vectors) (*eval.Vectors, error) {
	count := in.Lanes()
	if count > fewPlanned && (e.plan != nil || e.singles+count > fewVectors) {
		return e.compiled().Run(ctx, in)
	}
	if e.single == nil {
		e.single = e.c.Single()
	}
	out := eval.NewVectors(e.out.Wires, count)
	for lane := range count {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		wires, err := e.single.Eval(in.Lane(lane))
		if err != nil {
			return nil, err
		}
		out.SetLane(lane, wires)
	}
	e.singles += count
	return out, nil
}

// Evaluate computes c on vectors of integers, one for each input port, and returns one integer for
// each output port. It is an error, which names the vector and the port, if a port does not have a
// code for its integer, or if an output is not a code.
func Evaluate(ctx context.Context, c *circuit.Circuit, vectors [][]int64) ([][]int64, error) {
	return NewEvaluator(c).Evaluate(ctx, vectors)
}

// Evaluate is [Evaluate] for the circuit of e.
func (e *Evaluator) Evaluate(ctx context.Context, vectors [][]int64) ([][]int64, error) {
	in := e.in
	for k, v := range vectors {
		if len(v) != len(in.Ports) {
			return nil, fmt.Errorf("vector %d: %d integers for %d ports", k, len(v), len(in.Ports))
		}
		for i, p := range in.Ports {
			lo, hi := p.Format.Range(len(p.Wires))
			if x := circuit.NewInt(v[i]); x.Cmp(lo) < 0 || x.Cmp(hi) > 0 {
				return nil, fmt.Errorf("vector %d: port %s: %d is outside %v..%v", k, p.Name, v[i], lo, hi)
			}
		}
	}
	bits := eval.NewVectors(in.Wires, len(vectors))
	if err := in.Encode(vectors, bits); err != nil {
		return nil, err
	}
	y, err := e.Bits(ctx, bits)
	if err != nil {
		return nil, err
	}
	return e.out.Decode(y)
}
