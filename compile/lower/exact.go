package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// The operations that make no gates: their elements are sums of those of the arguments.

// input makes the input ports of a node.
func (l *lowerer) input(n *program.Node, _, _, out tensor) {
	format, bits := circuit.Format{Kind: circuit.Unsigned}, n.Bits
	switch {
	case n.OneHot:
		format.Kind, bits = circuit.OneHot, n.Shape.Last()
	case n.Signed:
		format.Kind = circuit.TwosComplement
	}
	line := l.b.Linear()
	for i, port := range n.Ports(n.Name) {
		for k, x := range l.b.InputPort(port.Name, format, bits) {
			switch {
			case n.OneHot:
				out[i*bits+k].sum = x.Value()
				continue
			case n.Signed && k == bits-1:
				line.AddLit(circuit.Pow2(k).Neg(), x)
			default:
				line.AddLit(circuit.Pow2(k), x)
			}
		}
		if !n.OneHot {
			out[i].sum = line.Sum()
		}
	}
}

func constant(v int64) circuit.Sum { return circuit.Constant(circuit.I(v)) }

func (l *lowerer) constant(n *program.Node, _, _, out tensor) {
	for i := range out {
		out[i].sum = constant(n.Data[i])
	}
}

func (l *lowerer) linear(n *program.Node, x, _, out tensor) {
	line := l.b.Linear()
	l.each(n, func(i int) {
		if n.Bias != nil {
			line.AddConst(circuit.I(n.Bias[i%n.Matrix.Rows]))
		}
		n.Terms(i, func(w int64, from int) { line.Add(circuit.I(w), x[from].sum) })
		out[i].sum = line.Sum()
	})
}

func (l *lowerer) add(n *program.Node, x, y, out tensor) {
	l.each(n, func(i int) { out[i].sum = l.b.Sum(term(1, x[i]), term(1, y[i%len(y)])) })
}

func (l *lowerer) affine(n *program.Node, x, _, out tensor) {
	l.each(n, func(i int) {
		out[i].sum = x[i].sum.Times(circuit.I(n.Scale)).Plus(circuit.I(n.Offset))
		out[i].code = x[i].code.times(n.Scale, n.Offset)
	})
}

func (l *lowerer) reduce(n *program.Node, x, _, out tensor) {
	lines := make([]*circuit.Linear, len(out))
	for i := range lines {
		lines[i] = l.b.Linear()
	}
	n.Summands(func(to, from int) {
		if l.need[n.ID][to] {
			lines[to].Add(circuit.I(1), x[from].sum)
		}
	})
	for i := range out {
		out[i].sum = lines[i].Sum()
	}
}

func (l *lowerer) gather(n *program.Node, x, _, out tensor) {
	for i, j := range n.Index {
		out[i] = x[j]
	}
}

func (l *lowerer) mask(n *program.Node, x, _, out tensor) {
	l.each(n, func(i int) {
		out[i].sum = constant(n.Offset)
		if n.Keep[i] {
			out[i] = x[i]
		}
	})
}

func (l *lowerer) window(n *program.Node, x, _, out tensor) {
	n.Prefixes(func(to, before, last int) { out[to].sum = l.b.Sum(term(1, out[before]), term(1, x[last])) })
}
