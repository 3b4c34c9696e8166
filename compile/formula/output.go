package formula

import (
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// The codes of outputs. Each is a sum of wires with weights, and the others say more.
const (
	Bit         = "bit"          // the number is 0 or 1: one wire, or its complement
	Thermometer = "thermometer"  // the number is the count of wires that are 1, and a constant
	OneHot      = "one-hot"      // the number is the place of the one wire that is 1
	WeightedSum = "weighted sum" // the number is a sum of wires with integer weights
)

// Output is how the numbers of one output are coded.
type Output struct {
	Name    string
	Code    string
	Numbers poly.Poly // how many numbers there are, in n alone
	Wires   poly.Poly // bounds the wires of each that are no constants, in n alone
	// Unbounded says that the numbers have no bound that holds for every n. Ports hold 64 bits, so that
	// some n may have no member.
	Unbounded bool
}

// output says how a result is coded, of which the reading is value at.
func (r *reader) output(name string, at int) Output {
	v := &r.values[at]
	o := Output{Name: name, Code: WeightedSum, Numbers: poly.Int(1), Unbounded: !v.n.Bounds.Bounded()}
	shape := v.n.Shape
	o.Wires = r.inN(literals(v.parts))
	switch {
	case v.n.OneHot:
		last := len(shape) - 1
		o.Code, o.Wires, o.Unbounded, shape = OneHot, r.lengthOf(shape[last]), false, shape[:last]
	case v.n.Bounds.Lo == 0 && v.n.Bounds.Hi == 1 && poly.Max(o.Wires, poly.Int(1)).Equal(poly.Int(1)):
		o.Code = Bit
	case r.thermometer(at):
		o.Code = Thermometer
	}
	for _, d := range shape {
		o.Numbers = o.Numbers.Times(r.lengthOf(d))
	}
	return o
}

// thermometer reports whether lowering makes a thermometer port of a value: a code whose jumps are 1, possibly
// rearranged.
func (r *reader) thermometer(at int) bool {
	v := &r.values[at]
	for v.n.Op == program.OpGather || v.n.Op == program.OpMask {
		v = &r.values[v.args[0]]
	}
	switch v.n.Op {
	case program.OpStep, program.OpMaxStep:
		unit := v.n.Steps.Unit()
		if v.n.Func {
			unit = v.n.Even
		}
		return v.facts.Code == lower.Thermometer && unit
	case program.OpQuotient, program.OpRootQuotient:
		return v.facts.Code == lower.Thermometer
	}
	return false
}

// either returns the code of an output that is now one and now the other: what both have in common.
func either(a, b []Output) []Output {
	if a == nil {
		return b
	}
	out := slices.Clone(a)
	for k := range out {
		if out[k].Code != b[k].Code {
			out[k].Code = WeightedSum
		}
		out[k].Wires = poly.Max(out[k].Wires, b[k].Wires)
		out[k].Unbounded = out[k].Unbounded || b[k].Unbounded
	}
	return out
}
