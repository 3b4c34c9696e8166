package check

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// output is how the numbers of an output are coded, as derived.
type output struct {
	name, code     string
	numbers, wires polynomial // of numbers, and of wires in each, in n alone
}

// output derives the code of an output from its value.
func (d *deriver) output(name string, at int) output {
	v := &d.values[at]
	shape := v.node.Shape
	o := output{name, "weighted sum", number(1), d.inN(literals(v.views))}
	most := above(o.wires, number(1))
	switch {
	case v.node.OneHot:
		last := len(shape) - 1
		o.code, o.wires, shape = "one-hot", d.length(shape[last]), shape[:last]
	case v.node.Bounds == program.Range{Lo: 0, Hi: 1} && most.equal(number(1)):
		o.code = "bit"
	case d.counts(v):
		o.code = "thermometer"
	}
	for _, dim := range shape {
		o.numbers = product(o.numbers, d.length(dim))
	}
	return o
}

// counts reports whether a value is the number of its literals that are 1, and a constant. To rearrange it or to
// mask it changes nothing.
func (d *deriver) counts(v *value) bool {
	for v.node.Op == program.OpGather || v.node.Op == program.OpMask {
		v = &d.values[v.args[0]]
	}
	n, one := v.node, len(v.views) == 1 && len(v.kinds) == 1 // not in binary or in digits
	switch n.Op {
	case program.OpStep, program.OpMaxStep:
		return one && (n.Even || !n.Func && n.Steps.Unit())
	case program.OpQuotient, program.OpRootQuotient:
		return one
	}
	return false
}

// also joins the codes of the same outputs at several n.
func also(a, b []output) []output {
	for k := range min(len(a), len(b)) {
		if b[k].wires = above(a[k].wires, b[k].wires); a[k].code != b[k].code {
			b[k].code = "weighted sum"
		}
	}
	return b
}

// outputs compares the codes of the outputs.
func (s *stated) outputs(d *derivation) error {
	if len(s.Outputs) != len(d.outputs) {
		return errorf("outputs", "%d, and the program has %d", len(s.Outputs), len(d.outputs))
	}
	for k, o := range s.Outputs {
		want, where := d.outputs[k], fmt.Sprintf("outputs[%d]", k)
		if o.Name != want.name || o.Code != want.code {
			return errorf(where, "%s in the code %s, and the program has %s in the code %s", o.Name, o.Code, want.name, want.code)
		}
		if err := s.same(where+".numbers", o.Numbers, want.numbers, "the program"); err != nil {
			return err
		}
		if err := s.same(where+".wires", o.Wires, want.wires, "the program"); err != nil {
			return err
		}
	}
	return nil
}
