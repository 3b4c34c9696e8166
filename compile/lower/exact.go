package lower

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// This file has the operations that make no gates. Their elements are sums of elements of the
// arguments.

// input makes the input ports of a node.
func (l *lowerer) input(n *program.Node, _, _, out tensor) {
	format, bits := circuit.Format{Kind: circuit.Unsigned}, n.Bits
	switch {
	case n.OneHot:
		format.Kind, bits = circuit.OneHot, n.Shape.Last()
	case n.Signed:
		format.Kind = circuit.TwosComplement
	}
	for i, port := range n.Ports(n.Name) {
		for k, x := range l.b.InputPort(port.Name, format, bits) {
			switch {
			case n.OneHot:
				out[i*bits+k].sum = x.Value()
				continue
			case n.Signed && k == bits-1:
				l.line.AddLit(circuit.Pow2(k).Neg(), x)
			default:
				l.line.AddLit(circuit.Pow2(k), x)
			}
		}
		if !n.OneHot {
			out[i].sum = l.line.Sum()
		}
	}
}

// sum makes the sum of its terms for each element of a node.
func (l *lowerer) sum(n *program.Node, x, y, out tensor) {
	args := [2]tensor{x, y}
	l.each(n, func(i int) {
		l.line.AddConst(
			circuit.NewInt(
				n.Terms(i, func(arg, from int, w int64) { l.line.Add(circuit.NewInt(w), args[arg][from].sum) }),
			),
		)
		out[i].sum = l.line.Sum()
	})
}

func (l *lowerer) affine(n *program.Node, x, y, out tensor) {
	l.sum(n, x, y, out)
	for i := range out {
		out[i].code = x[i].code.times(n.Scale, n.Offset)
	}
}

func (l *lowerer) gather(n *program.Node, x, _, out tensor) {
	for i, j := range n.Index {
		out[i] = x[j]
	}
}

func (l *lowerer) mask(n *program.Node, x, _, out tensor) {
	l.each(n, func(i int) {
		out[i].sum = circuit.Constant(circuit.NewInt(n.Offset))
		if n.Keep[i] {
			out[i] = x[i]
		}
	})
}

func (l *lowerer) window(n *program.Node, x, _, out tensor) {
	n.Prefixes(func(to, before, last int) { out[to].sum = l.b.Sum(term1(1, out[before]), term1(1, x[last])) })
}
