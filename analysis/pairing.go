package analysis

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// How the ports of two circuits were matched.
const (
	ByPort  = "port names"
	ByWire  = "wire names"
	ByOrder = "order"
	ByList  = "the given order"
)

// pairing says which wires of two circuits belong together.
type pairing struct {
	inputs  []int // by input wire of b: the input wire of a
	inBy    string
	outputs []outputPair
	outBy   string
	codes   bool // not every combination of bits is an input of a, and b has other ports
}

// outputPair is an output of both circuits. It is compared wire by wire, or as an integer
// if the two have other codes for it.
type outputPair struct {
	name string
	a, b []int // output wires

	integer      bool
	portA, portB int // of an integer
	formats      [2]circuit.Format
}

// portList is the ports of one side of a circuit with the wires that each has.
type portList struct {
	ports []circuit.Port
	first []int // by port: its first wire
	wires int
}

func listPorts(ports []circuit.Port) portList {
	l := portList{ports: ports}
	for _, p := range ports {
		l.first = append(l.first, l.wires)
		l.wires += len(p.Wires)
	}
	return l
}

func (l portList) wiresOf(i int) []int {
	w := make([]int, len(l.ports[i].Wires))
	for k := range w {
		w[k] = l.first[i] + k
	}
	return w
}

// find returns the port of l for each port of other, if they have the same names.
func (l portList) find(other portList) ([]int, bool) {
	if len(l.ports) != len(other.ports) {
		return nil, false
	}
	index := make(map[string]int, len(l.ports))
	for i, p := range l.ports {
		index[p.Name] = i
	}
	at := make([]int, len(other.ports))
	for i, p := range other.ports {
		k, ok := index[p.Name]
		if !ok {
			return nil, false
		}
		at[i] = k
	}
	return at, true
}

// findWires does the same for single wires.
func (l portList) findWires(other portList) ([]int, bool) {
	index := make(map[string]int, l.wires)
	for i, p := range l.ports {
		for k := range p.Wires {
			index[netlist.WireName(&p, k)] = l.first[i] + k
		}
	}
	if len(index) != l.wires {
		return nil, false
	}
	at, used := make([]int, 0, other.wires), make([]bool, l.wires)
	for _, p := range other.ports {
		for k := range p.Wires {
			w, ok := index[netlist.WireName(&p, k)]
			if !ok || used[w] {
				return nil, false
			}
			used[w] = true
			at = append(at, w)
		}
	}
	return at, true
}

func sameFormat(f, g circuit.Format) bool {
	return f.Kind == g.Kind && f.Offset.Cmp(g.Offset) == 0 &&
		slices.EqualFunc(f.Weights, g.Weights, func(x, y circuit.Int) bool { return x.Cmp(y) == 0 })
}

// identity returns 0..n−1.
func identity(n int) []int {
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	return at
}

// permutation checks that list names each of n wires once.
func permutation(side string, list []int, n int) error {
	if len(list) != n {
		return &PortError{"", fmt.Sprintf("the order of %ss names %d wires; there are %d", side, len(list), n)}
	}
	seen := make([]bool, n)
	for _, w := range list {
		switch {
		case w < 0 || w >= n:
			return &PortError{"", fmt.Sprintf("the order of %ss names wire %d; there are wires 0 to %d", side, w, n-1)}
		case seen[w]:
			return &PortError{"", fmt.Sprintf("the order of %ss names wire %d twice", side, w)}
		}
		seen[w] = true
	}
	return nil
}

// pair matches the ports of a and b. The orders, nil if they are not given, name wires of
// b in the order of those of a.
func pair(a, b *circuit.Circuit, inputOrder, outputOrder []int) (*pairing, error) {
	p := &pairing{}
	for _, port := range a.InputPorts() {
		if port.Format.Kind == circuit.OneHot && len(port.Wires) == 0 {
			return nil, &PortError{port.Name, "a one-hot value without wires has no code, and so there is no input to compare on"}
		}
		p.codes = p.codes || port.Format.Kind == circuit.OneHot || port.Format.Kind == circuit.Thermometer
	}
	if err := p.pairInputs(listPorts(a.InputPorts()), listPorts(b.InputPorts()), inputOrder); err != nil {
		return nil, err
	}
	p.codes = p.codes && p.inBy != ByPort // else both have the same codes
	if err := p.pairOutputs(listPorts(a.OutputPorts()), listPorts(b.OutputPorts()), outputOrder); err != nil {
		return nil, err
	}
	return p, nil
}

func (p *pairing) pairInputs(a, b portList, order []int) error {
	if order != nil {
		if err := permutation("input", order, b.wires); err != nil {
			return err
		}
		if a.wires != b.wires {
			return countError("input", a, b)
		}
		p.inBy, p.inputs = ByList, make([]int, b.wires)
		for i, w := range order {
			p.inputs[w] = i
		}
		return nil
	}
	if at, ok := a.find(b); ok {
		same := true
		var inputs []int
		for i, k := range at {
			same = same && len(a.ports[k].Wires) == len(b.ports[i].Wires) && sameFormat(a.ports[k].Format, b.ports[i].Format)
			inputs = append(inputs, a.wiresOf(k)...)
		}
		if same {
			p.inBy, p.inputs = ByPort, inputs
			return nil
		}
	}
	if at, ok := a.findWires(b); ok && a.wires == b.wires {
		p.inBy, p.inputs = ByWire, at
		return nil
	}
	if a.wires != b.wires {
		return countError("input", a, b)
	}
	p.inBy, p.inputs = ByOrder, identity(a.wires)
	return nil
}

func countError(side string, a, b portList) error {
	return &PortError{"", fmt.Sprintf("%d %s wires against %d", a.wires, side, b.wires)}
}

func (p *pairing) pairOutputs(a, b portList, order []int) error {
	if order != nil {
		if err := permutation("output", order, b.wires); err != nil {
			return err
		}
		if a.wires != b.wires {
			return countError("output", a, b)
		}
		p.outBy = ByList
		p.pairWires(a, order)
		return nil
	}
	if at, ok := b.find(a); ok {
		p.outBy = ByPort
		for i, k := range at {
			x, y := &a.ports[i], &b.ports[k]
			same := len(x.Wires) == len(y.Wires) && sameFormat(x.Format, y.Format) && x.Format.Kind != circuit.Weighted
			p.outputs = append(p.outputs, outputPair{
				name: x.Name, a: a.wiresOf(i), b: b.wiresOf(k),
				integer: !same, portA: i, portB: k, formats: [2]circuit.Format{x.Format, y.Format},
			})
		}
		return nil
	}
	if a.wires != b.wires {
		return countError("output", a, b)
	}
	if at, ok := b.findWires(a); ok {
		p.outBy = ByWire
		p.pairWires(a, at)
		return nil
	}
	p.outBy = ByOrder
	p.pairWires(a, identity(a.wires))
	return nil
}

// pairWires pairs the output wires of a one by one with those of b that are listed.
func (p *pairing) pairWires(a portList, of []int) {
	for i := range a.ports {
		wires := a.wiresOf(i)
		other := make([]int, len(wires))
		for k, w := range wires {
			other[k] = of[w]
		}
		p.outputs = append(p.outputs, outputPair{name: a.ports[i].Name, a: wires, b: other})
	}
}

// mostMisplaced is how many misplaced names are told.
const mostMisplaced = 8

// misplaced returns names of wires that a and b both have and that are matched with
// something else, because names are not all the same and the order decided.
func (p *pairing) misplaced(a, b *circuit.Circuit) []string {
	var list []string
	look := func(x, y portList, partner func(wire int) int) {
		index := map[string]int{}
		for i, port := range x.ports {
			for k := range port.Wires {
				index[netlist.WireName(&port, k)] = x.first[i] + k
			}
		}
		for i, port := range y.ports {
			for k := range port.Wires {
				name := netlist.WireName(&port, k)
				if at, ok := index[name]; ok && at != partner(y.first[i]+k) && len(list) < mostMisplaced {
					list = append(list, name)
				}
			}
		}
	}
	same := func(w int) int { return w }
	if p.inBy == ByOrder {
		look(listPorts(a.InputPorts()), listPorts(b.InputPorts()), same)
	}
	if p.outBy == ByOrder {
		look(listPorts(a.OutputPorts()), listPorts(b.OutputPorts()), same)
	}
	return list
}

// comparer returns the circuit that compares outputs: its inputs are all the output wires
// of a and then all those of b, and it is 1 where they differ.
func (p *pairing) comparer(a, b *circuit.Circuit) (*circuit.Circuit, error) {
	builder := circuit.NewBuilder()
	x := builder.InputPort("a", circuit.Format{}, a.OutputCount())
	y := builder.InputPort("b", circuit.Format{}, b.OutputCount())
	var differ []circuit.Lit
	for _, o := range p.outputs {
		if !o.integer {
			for i := range o.a {
				differ = append(differ, builder.Xor(x[o.a[i]], y[o.b[i]]))
			}
			continue
		}
		left := builder.PortSum(o.formats[0], pickLits(x, o.a)...)
		right := builder.PortSum(o.formats[1], pickLits(y, o.b)...)
		one := circuit.I(1)
		difference := builder.Sum(circuit.Term{Weight: one, Of: left}, circuit.Term{Weight: circuit.I(-1), Of: right})
		// They are the same if both are no code, or both are and stand for one integer.
		isCode, alsoCode := builder.IsCode(o.formats[0], pickLits(x, o.a)...), builder.IsCode(o.formats[1], pickLits(y, o.b)...)
		unequal := builder.Or(builder.Threshold(difference, one), builder.Threshold(difference, circuit.I(0)).Not())
		differ = append(differ, builder.Xor(isCode, alsoCode), builder.And(isCode, alsoCode, unequal))
	}
	builder.Output("differ", builder.Or(differ...))
	return builder.Circuit()
}

func pickLits(lits []circuit.Lit, at []int) []circuit.Lit {
	out := make([]circuit.Lit, len(at))
	for i, k := range at {
		out[i] = lits[k]
	}
	return out
}
