package analysis

import (
	"errors"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Difference is an input on which two circuits differ.
type Difference struct {
	Inputs  []PortValue        `json:"input"`
	A       []PortValue        `json:"a"` // the outputs that differ
	B       []PortValue        `json:"b"`
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
func (e *equivalence) witness(in []bool) (bool, error) {
	other := make([]bool, len(e.pairing.inputs))
	for i, w := range e.pairing.inputs {
		other[i] = in[w]
	}
	x, err := e.a.EvalAll(in)
	if err != nil {
		return false, err
	}
	y, err := e.b.EvalAll(other)
	if err != nil {
		return false, err
	}
	left, right := portValues(e.a.OutputPorts(), x), portValues(e.b.OutputPorts(), y)
	var wires []WireDifference
	wrongA, wrongB := make([]bool, len(left)), make([]bool, len(right))
	outsA, outsB := wireValues(e.a, x), wireValues(e.b, y)
	portA, portB := portOfWires(e.a.OutputPorts()), portOfWires(e.b.OutputPorts())
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
			wrongA[portA[i]], wrongB[portB[j]] = true, true
			// Where ports are the same, their integers say it all.
			if e.pairing.outBy != ByPort && len(wires) < mostSignals {
				wires = append(wires, WireDifference{e.outputName(e.a, i), e.outputName(e.b, j), bit(outsA[i]), bit(outsB[j])})
			}
		}
	}
	d := &Difference{Inputs: portValues(e.a.InputPorts(), x), Bits: in, Wires: wires}
	for i, v := range left {
		if wrongA[i] {
			d.A = append(d.A, v)
		}
	}
	for i, v := range right {
		if wrongB[i] {
			d.B = append(d.B, v)
		}
	}
	if len(d.A) == 0 {
		return false, nil
	}
	d.Signals = e.signals(x, y)
	e.found.Difference = d
	return true, nil
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// outputName returns the name of an output wire.
func (e *equivalence) outputName(c *circuit.Circuit, wire int) string {
	for _, p := range c.OutputPorts() {
		if wire < len(p.Wires) {
			return netlist.WireName(&p, wire)
		}
		wire -= len(p.Wires)
	}
	return ""
}

// errEvaluators is a fault of this program.
var errEvaluators = errors.New("analysis: two evaluators disagree about an input on which circuits differ")

func sameValue(a, b PortValue) bool {
	return (a.Invalid == "") == (b.Invalid == "") && a.Value.Cmp(b.Value.Int) == 0
}

// wireValues returns the output wires of c, from the values of its gates.
func wireValues(c *circuit.Circuit, value []bool) []bool {
	wires := make([]bool, 0, c.OutputCount())
	for _, l := range c.Outputs() {
		wires = append(wires, value[l.Gate()] != l.IsComplement())
	}
	return wires
}

// portOfWires returns the port of each wire.
func portOfWires(ports []circuit.Port) []int {
	var at []int
	for i, p := range ports {
		for range p.Wires {
			at = append(at, i)
		}
	}
	return at
}

// portValues reads the integers on ports from the values of the gates.
func portValues(ports []circuit.Port, value []bool) []PortValue {
	list := make([]PortValue, len(ports))
	for i, p := range ports {
		wires := make([]bool, len(p.Wires))
		for k, l := range p.Wires {
			wires[k] = value[l.Gate()] != l.IsComplement()
		}
		v, err := p.Format.Decode(wires)
		list[i] = PortValue{Port: p.Name, Value: Number{v}}
		if err != nil {
			list[i] = PortValue{Port: p.Name, Invalid: err.Error()}
		}
	}
	return list
}

// signals returns the first gates, in the order of a, that have the same name in both
// circuits and other values.
func (e *equivalence) signals(x, y []bool) []SignalDifference {
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
