package equiv

import (
	"errors"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/gates"
)

// Difference is an input on which two circuits differ.
type Difference struct {
	Inputs  []vector.PortValue `json:"input"`
	A       []vector.PortValue `json:"a"` // the outputs that differ
	B       []vector.PortValue `json:"b"`
	Wires   []WireDifference   `json:"wires,omitempty"`   // the first wires that differ, where wires are compared
	Signals []SignalDifference `json:"signals,omitempty"` // the first gates of the same name that differ
	Bits    []bool             `json:"-"`                 // the input wires of the first circuit
}

// WireDifference is an output wire that has two values.
type WireDifference struct {
	NameA string `json:"name_a"`
	NameB string `json:"name_b"`
	A     int    `json:"a"`
	B     int    `json:"b"`
}

// SignalDifference is a gate of one name in two circuits that has two values.
type SignalDifference struct {
	Name  string `json:"name"`
	Level uint32 `json:"level"` // in the first circuit, standard depth model
	A     int    `json:"a"`
	B     int    `json:"b"`
}

// mostSignals is how many gates a difference names.
const mostSignals = 8

// witness records an input on which the circuits differ. They are evaluated once more, by
// the simple evaluator. It reports false if they agree there after all.
func (e *comparison) witness(in []bool) (bool, error) {
	x, err := e.a.EvalAll(in)
	if err != nil {
		return false, err
	}
	y, err := e.b.EvalAll(pick(in, e.pairing.inputs))
	if err != nil {
		return false, err
	}
	sideA, sideB := e.pairing.outsA, e.pairing.outsB
	outsA, outsB := e.a.OutputBits(x), e.b.OutputBits(y)
	left, right := vector.Values(sideA.ports, outsA), vector.Values(sideB.ports, outsB)
	wrongA, wrongB := make([]bool, len(left)), make([]bool, len(right))
	d := &Difference{Inputs: vector.Values(e.a.InputPorts(), in), Bits: in}
	for _, o := range e.pairing.outputs {
		if o.integer {
			if !sameValue(left[o.portA], right[o.portB]) {
				wrongA[o.portA], wrongB[o.portB] = true, true
			}
			continue
		}
		for k, i := range o.a {
			j := o.b[k]
			if outsA[i] == outsB[j] {
				continue
			}
			wrongA[sideA.owner[i]], wrongB[sideB.owner[j]] = true, true
			// Where ports are the same, their integers say it all.
			if e.pairing.outBy != ByPort && len(d.Wires) < mostSignals {
				d.Wires = append(d.Wires, WireDifference{sideA.names[i], sideB.names[j], bit(outsA[i]), bit(outsB[j])})
			}
		}
	}
	d.A, d.B = only(left, wrongA), only(right, wrongB)
	if len(d.A) == 0 {
		return false, nil
	}
	d.Signals = e.signals(x, y)
	e.found.Difference = d
	return true, nil
}

func only(values []vector.PortValue, wrong []bool) []vector.PortValue {
	var list []vector.PortValue
	for i, v := range values {
		if wrong[i] {
			list = append(list, v)
		}
	}
	return list
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// errEvaluators is a fault of this program.
var errEvaluators = errors.New("equiv: two evaluators disagree about an input on which circuits differ")

func sameValue(a, b vector.PortValue) bool {
	return (a.Invalid == "") == (b.Invalid == "") && a.Value.Cmp(b.Value) == 0
}

// signals returns the first gates, in the order of a, that have the same name in both
// circuits and other values.
func (e *comparison) signals(x, y []bool) []SignalDifference {
	names := e.cfg.Signals
	if len(names[0]) != len(x) || len(names[1]) != len(y) {
		return nil
	}
	index := make(map[string]circuit.Gate)
	for g, name := range names[1] {
		if name != "" {
			index[name] = circuit.Gate(g)
		}
	}
	var list []SignalDifference
	levels := e.a.Levels(gates.Standard())
	for g, name := range names[0] {
		h, ok := index[name]
		if !ok || name == "" || x[g] == y[h] || e.a.Kind(circuit.Gate(g)).IsSource() {
			continue
		}
		list = append(list, SignalDifference{name, levels.Gate[g], bit(x[g]), bit(y[h])})
		if len(list) == mostSignals {
			break
		}
	}
	return list
}
