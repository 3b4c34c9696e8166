package check

import (
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// output is how the numbers of one output are coded.
type output struct {
	name, code string
	numbers    polynomial // how many there are, in n alone
	wires      polynomial // bounds the wires of each, in n alone
	unbounded  bool       // no bound on them holds for every n
}

// output says how a result is coded: as a weighted sum, if no code says more.
func (d *deriver) output(name string, at int) output {
	v := &d.values[at]
	n, shape := v.node, v.node.Shape
	out := output{name: name, code: "weighted sum", numbers: number(1), wires: d.inN(literals(v.views))}
	out.unbounded = !n.OneHot && !n.Bounds.Bounded()
	switch {
	case n.OneHot:
		last := len(shape) - 1
		out.code, out.wires, shape = "one-hot", d.length(shape[last]), shape[:last]
	case n.Bounds == program.Range{Lo: 0, Hi: 1} && above(out.wires, number(1)).equal(number(1)):
		out.code = "bit"
	case d.counts(v):
		out.code = "thermometer"
	}
	for _, dim := range shape {
		out.numbers = product(out.numbers, d.length(dim))
	}
	return out
}

// counts reports whether a value is how many of its literals are 1, and a constant. It may be rearranged.
func (d *deriver) counts(v *value) bool {
	for v.node.Op == program.OpGather || v.node.Op == program.OpMask {
		v = &d.values[v.args[0]]
	}
	switch n := v.node; n.Op {
	case program.OpStep, program.OpMaxStep:
		return v.unary && (n.Even || !n.Func && n.Steps.Unit())
	case program.OpQuotient, program.OpRootQuotient:
		return v.unary
	}
	return false
}

// common returns the codes of outputs that are now one and now the other.
func common(a, b []output) []output {
	if a == nil {
		return b
	}
	out := slices.Clone(a)
	for k := range out {
		if out[k].code != b[k].code {
			out[k].code = "weighted sum"
		}
		out[k].wires = above(out[k].wires, b[k].wires)
		out[k].unbounded = out[k].unbounded || b[k].unbounded
	}
	return out
}
