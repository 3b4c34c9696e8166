package lower

import (
	"cmp"
	"context"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// Lower makes the circuit of a program. Its ports are those of the program, in the
// same order and with the same names.
func Program(p *program.Program, s Strategy) (*circuit.Circuit, error) {
	return ProgramContext(context.Background(), p, s, nil)
}

// LowerContext is Lower for long work: it stops when ctx is done, and calls
// progress, unless it is nil, after each operation with the number of operations
// done and in all, and the number of gates so far.
func ProgramContext(ctx context.Context, p *program.Program, s Strategy, progress func(done, all, gates int)) (*circuit.Circuit, error) {
	if p.Err() != nil {
		return nil, p.Err()
	}
	l := &lowerer{ctx: ctx, p: p, b: circuit.NewBuilder(), strategy: s, values: make([]tensor, len(p.Nodes())), need: p.Demand(), multiplied: Multiplied(p)}
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		for _, name := range n.Stage {
			l.b.Begin(name)
		}
		l.values[id] = l.lower(n)
		for range n.Stage {
			l.b.End()
		}
		if l.stopped() {
			return nil, cmp.Or(ctx.Err(), l.err)
		}
		if progress != nil {
			progress(id+1, len(p.Nodes()), l.b.Len())
		}
	}
	for _, o := range p.Results() {
		l.output(o)
	}
	c, err := l.b.Circuit()
	if err != nil {
		return nil, fmt.Errorf("compile: lowering %s: %w", p.Name(), err)
	}
	return c.Prune(), nil
}

// mostGates is where lowering gives up: such a circuit takes more memory than a
// usual machine has, and running out of that could not be reported.
const mostGates = 1 << 26

// stopped reports whether to lower no further.
func (l *lowerer) stopped() bool {
	if l.b.Len() > mostGates && l.err == nil {
		l.err = fmt.Errorf("compile: lowering %s: the circuit has more than %d gates; fewer positions, features or bits, or another strategy, make it smaller", l.p.Name(), mostGates)
	}
	return l.err != nil || l.ctx.Err() != nil
}

// lowerer holds the circuit under construction and the lowered values.
type lowerer struct {
	ctx        context.Context
	p          *program.Program
	b          *circuit.Builder
	strategy   Strategy
	values     []tensor
	need       [][]bool // by node: the elements that an output depends on
	multiplied []bool   // by node: the literals of an element meet others in products
	err        error
}

// tensor is a lowered value: one element for each of the tensor's.
type tensor []element

// element is the integer of one tensor element as a sum over gates.
type element struct {
	sum circuit.Sum
	// If the value is a thermometer code, it is base plus the number of ones.
	thermometer []circuit.Lit
	base        int64
	code        *code // nil if it is none
}

func (l *lowerer) lower(n *program.Node) tensor {
	out := make(tensor, n.Shape.Len())
	var x, y tensor
	if len(n.Args) > 0 {
		x = l.values[n.Args[0]]
	}
	if len(n.Args) > 1 {
		y = l.values[n.Args[1]]
	}
	switch n.Op {
	case program.OpInput, program.OpTokens:
		l.input(n, out)
	case program.OpLinear:
		l.linear(n, x, out)
	case program.OpAdd:
		l.each(n, func(i int) { out[i].sum = l.b.Sum(term(1, x[i]), term(1, y[i%len(y)])) })
	case program.OpAffine:
		l.each(n, func(i int) {
			out[i].sum = x[i].sum.Times(circuit.I(n.Scale)).Plus(circuit.I(n.Offset))
			out[i].code = x[i].code.times(n.Scale, n.Offset)
		})
	case program.OpReduce:
		lines := make([]*circuit.Linear, len(out))
		for i := range lines {
			lines[i] = l.b.Linear()
		}
		program.EachReduced(l.p.Nodes()[n.Args[0]].Shape, n.Axis, func(to, from int) {
			if l.need[n.ID][to] {
				lines[to].Add(circuit.I(1), x[from].sum)
			}
		})
		for i := range out {
			out[i].sum = lines[i].Sum()
		}
	case program.OpGather:
		for i, j := range n.Index {
			out[i] = x[j]
		}
	case program.OpConst:
		for i := range out {
			out[i].sum = constant(n.Data[i])
		}
	case program.OpMask:
		l.each(n, func(i int) {
			out[i].sum = constant(n.Offset)
			if n.Keep[i] {
				out[i] = x[i]
			}
		})
	case program.OpWindow:
		program.EachWindow(n, func(to, before, last int) { out[to].sum = l.b.Sum(term(1, out[before]), term(1, x[last])) })
	case program.OpStep:
		l.step(n, x, out)
	case program.OpLookup:
		l.lookup(n, x, out)
	case program.OpContract:
		l.contract(n, x, y, out)
	case program.OpQuotient:
		l.quotient(n, x, y, out)
	case program.OpRootQuotient:
		l.rootQuotient(n, x, y, out)
	case program.OpMaxStep:
		l.maxStep(n, x, out)
	case program.OpArgMax:
		l.argMax(n, x, out)
	}
	return out
}

// each calls f for the elements of n that an output depends on, until lowering is to
// stop.
func (l *lowerer) each(n *program.Node, f func(i int)) {
	for i, wanted := range l.need[n.ID] {
		if !wanted {
			continue
		}
		if l.stopped() {
			return
		}
		f(i)
	}
}

// constant returns the sum with no terms but a constant.
func constant(v int64) circuit.Sum { return circuit.Sum{}.Plus(circuit.I(v)) }

func term(w int64, e element) circuit.Term { return circuit.Term{Weight: circuit.I(w), Of: e.sum} }

// input makes the input ports of a node.
func (l *lowerer) input(n *program.Node, out tensor) {
	ports := l.p.Ports(n.Name, n.ID)
	if n.Op == program.OpTokens {
		m := n.Shape.Last()
		for i, port := range ports {
			for k, x := range l.b.InputPort(port.Name, circuit.Format{Kind: circuit.OneHot}, m) {
				out[i*m+k].sum = x.Value()
			}
		}
		return
	}
	format := circuit.Format{Kind: circuit.Unsigned}
	if n.Signed {
		format.Kind = circuit.TwosComplement
	}
	line := l.b.Linear()
	for i, port := range ports {
		for k, x := range l.b.InputPort(port.Name, format, n.Bits) {
			w := circuit.Pow2(k)
			if n.Signed && k == n.Bits-1 {
				w = w.Neg()
			}
			line.AddLit(w, x)
		}
		out[i].sum = line.Sum()
	}
}

func (l *lowerer) linear(n *program.Node, x, out tensor) {
	line := l.b.Linear()
	l.each(n, func(i int) {
		row, o := i/n.Matrix.Rows, i%n.Matrix.Rows
		if n.Bias != nil {
			line.AddConst(circuit.I(n.Bias[o]))
		}
		for k, w := range n.Matrix.Row(o) {
			if w != 0 {
				line.Add(circuit.I(w), x[row*n.Matrix.Columns+k].sum)
			}
		}
		out[i].sum = line.Sum()
	})
}

// quotient makes the thresholds [num − t·den ≥ 0], a thermometer code of the
// quotient since den > 0.
func (l *lowerer) quotient(n *program.Node, num, den, out tensor) {
	each := len(out) / len(den)
	lits := make([]circuit.Lit, 0, n.Bounds.Hi-n.Bounds.Lo)
	l.each(n, func(i int) {
		lits = lits[:0]
		for k := range n.Bounds.Hi - n.Bounds.Lo {
			t := n.Bounds.Lo + 1 + k
			s := l.b.Sum(term(1, num[i]), term(-t, den[i/each]))
			lits = append(lits, l.b.Threshold(s, circuit.I(0)))
		}
		out[i] = l.quantised(n, lits)
	})
}

// output makes the output ports of a result: one-hot groups, thermometer codes, or
// weighted wires where the value is a sum.
func (l *lowerer) output(o program.Output) {
	n := &l.p.Nodes()[o.Value]
	v := l.values[o.Value]
	ports := l.p.Ports(o.Name, o.Value)
	for i, port := range ports {
		switch {
		case n.OneHot:
			m := n.Shape.Last()
			wires := make([]circuit.Lit, m)
			for k := range wires {
				wires[k], _ = v[i*m+k].sum.Lit()
			}
			l.b.OutputPort(port.Name, circuit.Format{Kind: circuit.OneHot}, wires...)
		case v[i].thermometer != nil:
			l.b.OutputPort(port.Name, circuit.Format{Kind: circuit.Thermometer, Offset: circuit.I(v[i].base)}, v[i].thermometer...)
		default:
			l.b.OutputSum(port.Name, v[i].sum)
		}
	}
}
