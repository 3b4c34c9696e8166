package bristol

import (
	"math"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// layout says which wire of a file each gate of a circuit and its complement drive.
//
// Every gate has two values that may need a wire: 0 is the value that its line of the file drives,
// which for a NAND or XNOR is the complement of the gate. 1 is the complement of that value.
type layout struct {
	c              *circuit.Circuit
	of             [2][]uint32 // by gate: the wire of each value
	lines          uint32      // of gates
	wires, outputs uint32
}

// What is known of a value before it has a wire.
const (
	unread  = math.MaxUint32     // not read: it does not need a wire
	needed  = math.MaxUint32 - 1 // it does
	claimed = math.MaxUint32 - 2 // and an output can be the wire
)

// value returns the place of a literal in of.
func (p *layout) value(l circuit.Lit) *uint32 {
	g := l.Gate()
	side := l & 1
	if k := p.c.Kind(g); k == gates.Nand || k == gates.Xnor {
		side ^= 1
	}
	return &p.of[side][g]
}

// wire returns the wire of a literal that something reads.
func (p *layout) wire(l circuit.Lit) uint32 { return *p.value(l) }

func newLayout(c *circuit.Circuit) *layout {
	p := &layout{c: c}
	for side := range p.of {
		p.of[side] = make([]uint32, c.Len())
		for g := range p.of[side] {
			p.of[side][g] = unread
		}
	}
	for i, g := range c.Inputs() {
		p.of[0][g] = uint32(i)
	}
	p.findNeeded()
	p.claim()
	p.number()
	return p
}

func (p *layout) findNeeded() {
	need := func(l circuit.Lit) {
		if v := p.value(l); *v == unread {
			*v = needed
			p.lines++
		}
	}
	for g := range circuit.Gate(p.c.Len()) {
		if !p.c.Kind(g).IsSource() && p.of[0][g] == unread {
			p.of[0][g] = needed // every gate is written, read or not
			p.lines++
		}
		for _, l := range p.c.Fanin(g) {
			need(l)
		}
	}
	for _, l := range p.c.Outputs() {
		need(l)
	}
}

// claim lets the first output of a value be its wire, and counts a line for a copy where
// it cannot.
func (p *layout) claim() {
	outputs := p.c.Outputs()
	p.outputs = uint32(len(outputs))
	for _, l := range outputs {
		if v := p.value(l); *v == needed {
			*v = claimed
		} else {
			p.lines++
		}
	}
	p.wires = uint32(len(p.c.Inputs())) + p.lines
}

// number numbers the wires: outputs last, the rest in the order of their lines.
func (p *layout) number() {
	for i, l := range p.c.Outputs() {
		if v := p.value(l); *v == claimed {
			*v = p.wires - p.outputs + uint32(i)
		}
	}
	next := uint32(len(p.c.Inputs()))
	give := func(side int, g circuit.Gate) {
		if v := &p.of[side][g]; *v == needed {
			*v = next
			next++
		}
	}
	give(0, 0)
	give(1, 0)
	for _, g := range p.c.Inputs() {
		give(1, g)
	}
	for g := range circuit.Gate(p.c.Len()) {
		give(0, g)
		give(1, g)
	}
}
