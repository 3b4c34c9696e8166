package equiv

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/vector"
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

	insA, insB, outsA, outsB *side
}

// outputPair is outputs of both circuits. They are compared wire by wire, or as an integer
// if the two have other codes for it.
type outputPair struct {
	a, b []int // output wires

	integer      bool
	portA, portB int // of an integer
	formats      [2]circuit.Format
}

// side is the ports of one side of a circuit, with their wires counted over all of them.
type side struct {
	ports     []circuit.Port
	first     []int    // by port: its first wire
	names     []string // by wire
	portNames []string
	owner     []int // by wire: its port
	wires     []int // all of them: 0, 1, 2, ...
}

func newSide(ports []circuit.Port) *side {
	s := &side{ports: ports}
	for i := range ports {
		s.first, s.portNames = append(s.first, len(s.names)), append(s.portNames, ports[i].Name)
		for k := range ports[i].Wires {
			s.names = append(s.names, netlist.WireName(&ports[i], k))
			s.owner = append(s.owner, i)
			s.wires = append(s.wires, len(s.wires))
		}
	}
	return s
}

func (s *side) wiresOf(i int) []int { return s.wires[s.first[i]:][:len(s.ports[i].Wires)] }

func places(names []string) map[string]int {
	at := make(map[string]int, len(names))
	for i, name := range names {
		at[name] = i
	}
	return at
}

// find returns the place in names of each wanted name, if names has each of them once.
func find(names, wanted []string) ([]int, bool) {
	if len(names) != len(wanted) {
		return nil, false
	}
	index := places(names)
	at := make([]int, len(wanted))
	for i, name := range wanted {
		k, ok := index[name]
		if !ok {
			return nil, false
		}
		delete(index, name)
		at[i] = k
	}
	return at, true
}

// sameFormat reports whether two ports have the same codes on as many wires.
func sameFormat(x, y *circuit.Port) bool {
	f, g := x.Format, y.Format
	return len(x.Wires) == len(y.Wires) && f.Kind == g.Kind && f.Offset.Cmp(g.Offset) == 0 &&
		slices.EqualFunc(f.Weights, g.Weights, func(x, y circuit.Int) bool { return x.Cmp(y) == 0 })
}

func portError(format string, args ...any) error {
	return &vector.PortError{What: fmt.Sprintf(format, args...)}
}

// permutation checks that list names each of n wires once.
func permutation(what string, list []int, n int) error {
	if len(list) != n {
		return portError("the order of %ss names %d wires; there are %d", what, len(list), n)
	}
	seen := make([]bool, n)
	for _, w := range list {
		switch {
		case w < 0 || w >= n:
			return portError("the order of %ss names wire %d; there are wires 0 to %d", what, w, n-1)
		case seen[w]:
			return portError("the order of %ss names wire %d twice", what, w)
		}
		seen[w] = true
	}
	return nil
}

// pair matches the ports of a and b, in the orders of cfg if they are given.
func pair(a, b *circuit.Circuit, cfg *Config) (*pairing, error) {
	p := &pairing{
		insA: newSide(a.InputPorts()), insB: newSide(b.InputPorts()),
		outsA: newSide(a.OutputPorts()), outsB: newSide(b.OutputPorts()),
	}
	for _, port := range a.InputPorts() {
		if port.Format.Kind == circuit.OneHot && len(port.Wires) == 0 {
			return nil, &vector.PortError{
				Port: port.Name, What: "a one-hot value without wires has no code, and so there is no input to " +
					"compare on",
			}
		}
		p.codes = p.codes || port.Format.Kind == circuit.OneHot || port.Format.Kind == circuit.Thermometer
	}
	if err := p.pairInputs(cfg.InputOrder); err != nil {
		return nil, err
	}
	p.codes = p.codes && p.inBy != ByPort // otherwise both have the same codes
	return p, p.pairOutputs(cfg.OutputOrder)
}

// pairWires returns the wire of b for each wire of a, and how that was found.
func pairWires(what string, a, b *side, order []int) ([]int, string, error) {
	if order != nil {
		if err := permutation(what, order, len(b.names)); err != nil {
			return nil, "", err
		}
	}
	if len(a.names) != len(b.names) {
		return nil, "", portError("%d %s wires against %d", len(a.names), what, len(b.names))
	}
	if order != nil {
		return order, ByList, nil
	}
	if at, ok := find(b.names, a.names); ok {
		return at, ByWire, nil
	}
	return a.wires, ByOrder, nil
}

func (p *pairing) pairInputs(order []int) error {
	if at, ok := find(p.insA.portNames, p.insB.portNames); ok && order == nil {
		same := true
		var inputs []int
		for i, k := range at {
			same = same && sameFormat(&p.insA.ports[k], &p.insB.ports[i])
			inputs = append(inputs, p.insA.wiresOf(k)...)
		}
		if same {
			p.inBy, p.inputs = ByPort, inputs
			return nil
		}
	}
	of, by, err := pairWires("input", p.insA, p.insB, order)
	p.inBy, p.inputs = by, make([]int, len(of))
	for i, w := range of {
		p.inputs[w] = i
	}
	return err
}

func (p *pairing) pairOutputs(order []int) error {
	if at, ok := find(p.outsB.portNames, p.outsA.portNames); ok && order == nil {
		p.outBy = ByPort
		for i, k := range at {
			x, y := &p.outsA.ports[i], &p.outsB.ports[k]
			p.outputs = append(p.outputs, outputPair{
				a: p.outsA.wiresOf(i), b: p.outsB.wiresOf(k),
				integer: !sameFormat(x, y) || x.Format.Kind == circuit.Weighted,
				portA:   i, portB: k, formats: [2]circuit.Format{x.Format, y.Format},
			})
		}
		return nil
	}
	of, by, err := pairWires("output", p.outsA, p.outsB, order)
	p.outBy = by
	if len(of) > 0 {
		p.outputs = []outputPair{{a: p.outsA.wires, b: of}}
	}
	return err
}

// mostMisplaced is how many misplaced names are told.
const mostMisplaced = 8

// misplaced returns names of wires that a and b both have and that are matched with another wire,
// because the names are not all the same and so the order decided.
func (p *pairing) misplaced() []string {
	var list []string
	look := func(by string, a, b *side) {
		index := places(a.names)
		for i, name := range b.names {
			if at, ok := index[name]; by == ByOrder && ok && at != i && len(list) < mostMisplaced {
				list = append(list, name)
			}
		}
	}
	look(p.inBy, p.insA, p.insB)
	look(p.outBy, p.outsA, p.outsB)
	return list
}

// comparer returns the circuit that compares outputs: its inputs are all the output wires
// of a and then all those of b, and it is 1 where they differ.
func (p *pairing) comparer() (*circuit.Circuit, error) {
	builder := circuit.NewBuilder()
	x := builder.InputPort("a", circuit.Format{}, len(p.outsA.names))
	y := builder.InputPort("b", circuit.Format{}, len(p.outsB.names))
	var differ []circuit.Lit
	for _, o := range p.outputs {
		if !o.integer {
			for i := range o.a {
				differ = append(differ, builder.Xor(x[o.a[i]], y[o.b[i]]))
			}
			continue
		}
		one, left, right := circuit.NewInt(1), pick(x, o.a), pick(y, o.b)
		difference := builder.Sum(
			circuit.Term{Weight: one, Of: builder.PortSum(o.formats[0], left...)},
			circuit.Term{Weight: circuit.NewInt(-1), Of: builder.PortSum(o.formats[1], right...)},
		)
		// They are the same if both are invalid, or if both are codes of one integer.
		isCode, alsoCode := builder.IsCode(o.formats[0], left...), builder.IsCode(o.formats[1], right...)
		unequal := builder.Or(
			builder.Threshold(difference, one),
			builder.Threshold(difference, circuit.NewInt(0)).Not(),
		)
		differ = append(differ, builder.Xor(isCode, alsoCode), builder.And(isCode, alsoCode, unequal))
	}
	builder.Output("differ", builder.Or(differ...))
	return builder.Circuit()
}

func pick[T any](all []T, at []int) []T {
	out := make([]T, len(at))
	for i, k := range at {
		out[i] = all[k]
	}
	return out
}
