package netlist

import (
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Group returns d with the ports a[0], a[1], ... of one bit each, in any order and place, as one port
// a, an unsigned integer with a[0] as its low bit. It stands where the first of them stood. Numbers
// with a gap, and names that are taken, stay as they are. The gates and their names stay the same;
// where inputs are in another order, the gates have other numbers.
func (d *Design) Group() (*Design, error) {
	in, inOrder := grouped(d.Circuit.InputPorts())
	out, outOrder := grouped(d.Circuit.OutputPorts())
	b := circuit.NewBuilderSize(d.Circuit.Len())
	b.Keep()
	f := b.Follow(d.Circuit)
	wires := d.Circuit.Inputs()
	at := 0
	for _, s := range in {
		for _, l := range b.InputPort(s.Name, s.Format, s.Wires) {
			f.Lits[wires[inOrder[at]]] = l
			at++
		}
	}
	f.Gates()
	outputs := d.Circuit.Outputs()
	at = 0
	for _, s := range out {
		lits := make([]circuit.Lit, s.Wires)
		for i := range lits {
			lits[i] = f.Of(outputs[outOrder[at]])
			at++
		}
		b.OutputPort(s.Name, s.Format, lits...)
	}
	c, err := b.Circuit()
	if err != nil {
		return nil, err
	}
	g := *d
	g.Circuit = c
	if d.Signals != nil {
		g.Signals = make([]string, c.Len())
		for gate, name := range d.Signals {
			if l := f.Lits[gate]; d.Circuit.Kind(circuit.Gate(gate)) != gates.Const && !l.IsConst() {
				g.Signals[l.Gate()] = name
			}
		}
	}
	return &g, nil
}

// grouped returns the shapes of the ports after grouping, and for each wire of theirs its place among
// the wires of the ports before.
func grouped(ports []circuit.Port) (shapes []circuit.PortShape, order []int) {
	taken := map[string]bool{}
	members := map[string]map[int]int{} // by name in front of the bracket and number: the place of the wire
	at, places := 0, make([]int, len(ports))
	for i, p := range ports {
		taken[p.Name] = true
		places[i] = at
		at += len(p.Wires)
		if name, k, ok := element(&p); ok {
			if members[name] == nil {
				members[name] = map[int]int{}
			}
			members[name][k] = places[i]
		}
	}
	whole := map[string]bool{}
	for name, of := range members {
		whole[name] = !taken[name]
		for k := range len(of) { // all from 0 on
			_, there := of[k]
			whole[name] = whole[name] && there
		}
	}
	done := map[string]bool{}
	for i, p := range ports {
		name, _, ok := element(&p)
		switch {
		case !ok || !whole[name]:
			shapes = append(shapes, circuit.PortShape{Name: p.Name, Format: p.Format, Wires: len(p.Wires)})
			for w := range p.Wires {
				order = append(order, places[i]+w)
			}
		case !done[name]:
			done[name] = true
			shapes = append(shapes, circuit.PortShape{Name: name, Wires: len(members[name])})
			for k := range len(members[name]) {
				order = append(order, members[name][k])
			}
		}
	}
	return shapes, order
}

// element returns the parts of the name a[k] of a port of one bit.
func element(p *circuit.Port) (name string, k int, ok bool) {
	rest, ok := strings.CutSuffix(p.Name, "]")
	open := strings.LastIndexByte(rest, '[')
	if !ok || open < 1 || len(p.Wires) != 1 || p.Format.Kind != circuit.Unsigned {
		return "", 0, false
	}
	k, err := strconv.Atoi(rest[open+1:])
	return rest[:open], k, err == nil && k >= 0 && strconv.Itoa(k) == rest[open+1:]
}
