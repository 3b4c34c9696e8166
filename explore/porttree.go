package explore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// group returns the item of a group of input ports or of output ports.
func (t *tree) group(parent *node, k int, out bool) *node {
	n := &node{id: fmt.Sprintf("in%d", k), kind: kindInputs, parent: parent}
	ports := t.ins
	l := &list{letter: "p"}
	if out {
		n.id, n.kind, ports, l.letter = fmt.Sprintf("out%d", k), kindOuts, t.outs, "q"
		n.from = len(t.x.columns)
		n.to = n.from
	}
	l.number = ports[k].ports
	l.make = func(i int, parent *node) *node { return t.portNode(l.number[i], out, parent) }
	n.list, n.hi = l, len(l.number)
	return n
}

// portNode returns the item of a port; that of a port of one wire is the wire.
func (t *tree) portNode(p int, out bool, parent *node) *node {
	n := &node{
		id: fmt.Sprintf("p%d", p), kind: kindPort, port: p, parent: parent, from: parent.from, to: parent.to,
	}
	l := &list{letter: "w"}
	wires, first := 0, 0
	if out {
		n.id, n.kind, l.letter = fmt.Sprintf("q%d", p), kindOport, "y"
		wires, first = len(t.x.c.OutputPorts()[p].Wires), t.outAt[p]
		l.make = func(i int, parent *node) *node { return t.outputNode(l.number[i], parent) }
	} else {
		wires, first = len(t.x.c.InputPorts()[p].Wires), t.inAt[p]
		l.make = func(i int, parent *node) *node { return t.gateNode(t.x.c.Inputs()[l.number[i]], parent) }
	}
	for i := range wires {
		l.number = append(l.number, first+i)
	}
	if wires == 1 {
		return l.make(0, parent)
	}
	n.list, n.hi = l, wires
	return n
}

func (t *tree) outputNode(wire int, parent *node) *node {
	n := &node{id: "y" + strconv.Itoa(wire), kind: kindOutput, gate: t.wires[wire].Gate(), parent: parent}
	n.from = len(t.x.columns)
	n.to, n.lo = n.from, wire
	return n
}

// folds tells whether an item has children.
func (n *node) folds() bool {
	return n.kind == kindRoot || n.kind == kindStage || n.list != nil && n.hi > n.lo
}

// each calls f with the gates of an item, the inputs of a port among them.
func (t *tree) each(n *node, f func(circuit.Gate)) {
	switch {
	case n.kind == kindGate:
		f(n.gate)
	case n.kind == kindStage || n.kind == kindRoot:
		for _, s := range t.inner[n.stage] {
			t.each(&node{kind: kindStage, stage: s}, f)
		}
		for _, g := range t.own[n.stage] {
			f(g)
		}
	case n.list == nil || strings.HasPrefix(n.id, "out"):
	default:
		for i := n.lo; i < n.hi; i++ {
			number := n.list.name(i)
			switch n.list.letter {
			case "t":
				t.each(&node{kind: kindStage, stage: circuit.StageID(number)}, f)
			case "b":
				f(n.list.gates[i])
			case "w":
				f(t.x.c.Inputs()[number])
			case "p":
				for _, l := range t.x.c.InputPorts()[number].Wires {
					f(l.Gate())
				}
			}
		}
	}
}

// eachOutput calls f with the output wires of an item of the outputs.
func (t *tree) eachOutput(n *node, f func(wire int)) {
	switch {
	case n.kind == kindOutput:
		f(n.lo)
	case n.list == nil:
	default:
		for i := n.lo; i < n.hi; i++ {
			switch number := n.list.name(i); n.list.letter {
			case "y":
				f(number)
			case "q":
				for w := range t.x.c.OutputPorts()[number].Wires {
					f(t.outAt[number] + w)
				}
			}
		}
	}
}

// leaf is what an id is about: a letter and the number after it.
type leaf struct {
	letter string // g, s, p, q, y or w
	number int
}

// has tells whether a leaf lies in an item.
func (t *tree) has(n *node, l leaf) bool {
	if l.letter == "g" {
		if in := t.input[l.number]; in >= 0 {
			l = leaf{"w", int(in)}
		}
	}
	number := -1
	switch n.kind {
	case kindRoot:
		return true
	case kindGate:
		return l == leaf{"g", int(n.gate)} || l.letter == "w" && t.input[n.gate] == int32(l.number) ||
			l.letter == "p" && t.input[n.gate] >= 0 && t.inPort[t.input[n.gate]] == int32(l.number)
	case kindOutput:
		return l == leaf{"y", n.lo} || l.letter == "q" && t.outOf[n.lo] == int32(l.number)
	case kindStage:
		return t.within(l, n.stage)
	case kindPort, kindOport:
		if l.letter == n.id[:1] {
			return l.number == n.port
		}
	}
	switch letter := n.list.letter; {
	case letter == "t":
		in := func(s int) bool { return t.within(l, circuit.StageID(s)) }
		return slices.ContainsFunc(n.list.number[n.lo:n.hi], in)
	case letter == "b" && l.letter == "g" && l.number > 0 && t.x.c.StageOf(circuit.Gate(l.number)) == n.stage:
		at := int(t.place[l.number])
		return n.lo <= at && at < n.hi
	case letter == l.letter:
		number = l.number
	case letter == "p" && l.letter == "w":
		number = int(t.inPort[l.number])
	case letter == "q" && l.letter == "y":
		number = int(t.outOf[l.number])
	}
	if number < 0 || n.list.number == nil {
		return false
	}
	return slices.Contains(n.list.number[n.lo:n.hi], number)
}

// within tells whether a gate or a stage lies in a stage.
func (t *tree) within(l leaf, stage circuit.StageID) bool {
	s := circuit.StageID(l.number)
	switch l.letter {
	case "g":
		s = t.x.c.StageOf(circuit.Gate(l.number))
		if t.x.c.Kind(circuit.Gate(l.number)).IsSource() {
			return false
		}
	case "s":
	default:
		return false
	}
	for ; s != 0; s = t.x.c.Stage(s).Parent {
		if s == stage {
			return true
		}
	}
	return false
}

// parse returns what an id is about.
func (t *tree) parse(id string) (leaf, error) {
	c := t.x.c
	letters, number := id, 0
	if i := strings.IndexAny(id, "0123456789"); i > 0 {
		letters = id[:i]
		digits, _, _ := strings.Cut(id[i:], "-")
		var err error
		if number, err = strconv.Atoi(digits); err != nil {
			letters = ""
		}
	}
	l, most := leaf{letters, number}, 0
	switch letters {
	case "g", "r", "b":
		l.letter, most = "g", c.Len()
	case "s", "t":
		l.letter, most = "s", c.StageCount()
	case "p":
		most = len(c.InputPorts())
	case "q":
		most = len(c.OutputPorts())
	case "w":
		most = len(c.Inputs())
	case "y":
		most = len(t.wires)
	case "in", "out":
		groups, letter := t.ins, "p"
		if letters == "out" {
			groups, letter = t.outs, "q"
		}
		if number < len(groups) {
			return leaf{letter, groups[number].ports[0]}, nil
		}
	}
	if number >= most {
		return leaf{}, fmt.Errorf("explore: no item %.40q in this circuit", id)
	}
	return l, nil
}

// find returns the item of an id. Its parents lead to the root.
func (t *tree) find(id string) (*node, error) {
	l, err := t.parse(id)
	if err != nil {
		return nil, err
	}
	for n := t.root; n != nil; {
		if n.id == id {
			return n, nil
		}
		at := slices.IndexFunc(t.kids(n), func(k *node) bool { return t.has(k, l) })
		if at < 0 {
			break
		}
		n = t.kids(n)[at]
	}
	return nil, fmt.Errorf("explore: no item %.40q in this circuit", id)
}

// above returns the ids of the items around one, the outermost first, the root left out.
func (n *node) above() []string {
	ids := []string{}
	for p := n.parent; p != nil && p.kind != kindRoot; p = p.parent {
		ids = append(ids, p.id)
	}
	slices.Reverse(ids)
	return ids
}
