package eval

import (
	"slices"

	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// Logic of two operands is covered by functions of three at most, so that a step loads and stores less for a gate. For
// each step some cuts are kept: up to three registers, leaves, that it is a function of. A cut costs its own step and
// its share of the steps that make its leaves, which is the area flow of a mapping to look-up tables.
//
// Source: Mishchenko, Chatterjee, Brayton, Improvements to technology mapping for LUT-based FPGAs, FPGA 2006.

const (
	segment  = 1 << 14 // steps that are covered together; what leaves a segment has a step
	mostCuts = 4       // kept of a step
)

// cut is a way to compute a register. The operands of its table are the leaves in the order of their numbers.
type cut struct {
	leaf  [3]reg
	n     uint8
	table uint8   // does not depend on operands beyond n
	flow  float32 // of the leaves
}

// costs are the loads and stores of a step with so many operands.
var costs = [4]float32{1, 2, 3, 4}

func (c *cut) cost() float32 { return costs[c.n] + c.flow }

// node is a step of logic in its segment.
type node struct {
	cuts    [mostCuts + 1]cut // the cheapest first, and after all n the register itself
	n       uint8
	logic   bool
	root    bool // read by a step that is no logic, or by another segment
	needed  bool
	readers float32
	flow    float32
}

// fuser covers one segment after another.
type fuser struct {
	c       *code
	lastUse []uint32
	made    []uint32 // by register: 1 + the step that makes it
	nodes   []node
	first   int // step of the segment
	out     int // where the next step goes
	same    map[reg]reg
}

// fuse replaces the logic of a code by steps of up to three operands.
func (c *code) fuse() {
	f := &fuser{c: c, lastUse: c.markUses(), made: make([]uint32, c.regs), same: map[reg]reg{}}
	total := c.steps.count
	for f.first < total {
		end := min(f.first+segment, total)
		f.read(end)
		f.cut()
		f.cover()
		f.choose() // with the readers that are left
		f.cover()
		f.write(end)
		f.first = end
	}
	c.steps.truncate(f.out)
	for i := range c.output {
		f.rename(&c.output[i])
	}
}

// node returns the node that makes a register, nil if no logic of this segment does.
func (f *fuser) node(r reg) *node {
	at := int(f.made[r]) - 1 - f.first
	if at < 0 || !f.nodes[at].logic {
		return nil
	}
	return &f.nodes[at]
}

// read makes the nodes of a segment and counts their readers.
func (f *fuser) read(end int) {
	f.nodes = slices.Grow(f.nodes[:0], end-f.first)[:end-f.first]
	logic := false
	use := func(r *reg) {
		if n := f.node(*r); n != nil {
			n.readers++
			n.root = n.root || !logic
		}
	}
	define := func(i int) func(r *reg) {
		return func(r *reg) { f.made[*r] = uint32(i) + 1 }
	}
	for i := f.first; i < end; i++ {
		s, n := f.c.steps.at(i), &f.nodes[i-f.first]
		logic = s.op == opLogic
		n.n, n.logic, n.readers, n.root = 0, logic, 0, false
		if logic {
			f.made[s.d] = uint32(i) + 1
			if f.lastUse[s.d] == 0 {
				continue
			}
			if f.lastUse[s.d] > uint32(end) {
				n.readers, n.root = 1, true
			}
		} else if !f.c.needed(s, f.lastUse) {
			continue
		} else {
			f.c.eachDef(s, define(i))
		}
		f.c.eachUse(s, use)
	}
}

// cut finds the cuts of all nodes, in order.
func (f *fuser) cut() {
	var a, b [1]cut
	for i := range f.nodes {
		n := &f.nodes[i]
		if !n.logic {
			continue
		}
		s := f.c.steps.at(f.first + i)
		n.n = 0
		bs := f.ways(s.b, &b)
		for _, x := range f.ways(s.a, &a) {
			for y := range bs {
				f.keep(n, s.n, &x, &bs[y])
			}
		}
		n.flow = n.cuts[0].cost() / max(1, n.readers)
		n.cuts[n.n] = cut{leaf: [3]reg{s.d}, n: 1, table: 0xf0, flow: n.flow}
	}
}

// cover finds out, from the last node on, which are needed, and counts their readers.
func (f *fuser) cover() {
	for i := range f.nodes {
		n := &f.nodes[i]
		n.needed, n.readers = n.root, 0
		if n.root {
			n.readers = 1
		}
	}
	for i := len(f.nodes) - 1; i >= 0; i-- {
		n := &f.nodes[i]
		if !n.logic || !n.needed {
			continue
		}
		for _, leaf := range n.cuts[0].leaf[:n.cuts[0].n] {
			if m := f.node(leaf); m != nil {
				m.needed = true
				m.readers++
			}
		}
	}
}

// choose takes the cheapest of the cuts of each node once more.
func (f *fuser) choose() {
	for i := range f.nodes {
		n := &f.nodes[i]
		if !n.logic {
			continue
		}
		best := 0
		for k := range n.cuts[:n.n] {
			c := &n.cuts[k]
			c.flow = 0
			for _, leaf := range c.leaf[:c.n] {
				if m := f.node(leaf); m != nil {
					c.flow += m.flow
				}
			}
			if c.cost() < n.cuts[best].cost() {
				best = k
			}
		}
		n.cuts[0], n.cuts[best] = n.cuts[best], n.cuts[0]
		n.flow = n.cuts[0].cost() / max(1, n.readers)
	}
}

// ways returns the cuts of a register, of which it is one.
func (f *fuser) ways(r reg, space *[1]cut) []cut {
	if n := f.node(r); n != nil {
		return n.cuts[:n.n+1]
	}
	space[0] = cut{leaf: [3]reg{r}, n: 1, table: 0xf0}
	return space[:]
}

// keep joins cuts of the operands of a node and keeps the result if it is among the best.
func (f *fuser) keep(n *node, kind uint32, a, b *cut) {
	if n.n == mostCuts && costs[max(a.n, b.n)]+max(a.flow, b.flow) >= n.cuts[mostCuts-1].cost() {
		return
	}
	c, inA, inB, ok := f.join(a, b)
	if !ok {
		return
	}
	at := int(n.n)
	for at > 0 && n.cuts[at-1].cost() > c.cost() {
		at--
	}
	if at == mostCuts {
		return
	}
	for i := range n.cuts[:n.n] {
		if n.cuts[i].leaf == c.leaf && n.cuts[i].n == c.n {
			return
		}
	}
	x, y := spread[inA][a.table], spread[inB][b.table]
	switch kind {
	case kernel.AndNot:
		c.table = ^x & y
	case kernel.Xor:
		c.table = x ^ y
	case kernel.And:
		c.table = x & y
	case kernel.Or:
		c.table = x | y
	}
	if n.n < mostCuts {
		n.n++
	}
	copy(n.cuts[at+1:n.n], n.cuts[at:])
	n.cuts[at] = c
}

// join returns the leaves of two cuts, if they are three at most, and where those of each stand among them.
func (f *fuser) join(a, b *cut) (c cut, inA, inB uint8, ok bool) {
	c.flow = a.flow + b.flow
	i, j := uint8(0), uint8(0)
	for i < a.n || j < b.n {
		if c.n == 3 {
			return c, 0, 0, false
		}
		bit := uint8(1) << c.n
		switch {
		case j == b.n || i < a.n && a.leaf[i] < b.leaf[j]:
			c.leaf[c.n] = a.leaf[i]
			inA |= bit
			i++
		case i == a.n || b.leaf[j] < a.leaf[i]:
			c.leaf[c.n] = b.leaf[j]
			inB |= bit
			j++
		default: // in both
			c.leaf[c.n] = a.leaf[i]
			inA, inB = inA|bit, inB|bit
			if m := f.node(a.leaf[i]); m != nil {
				c.flow -= m.flow
			}
			i++
			j++
		}
		c.n++
	}
	return c, inA, inB, true
}

// write writes the steps of the segment: of logic the needed ones, by their best cuts.
func (f *fuser) write(end int) {
	rename := f.rename
	for i := f.first; i < end; i++ {
		s, n := *f.c.steps.at(i), &f.nodes[i-f.first]
		if n.logic {
			if !n.needed || !f.step(&s, &n.cuts[0]) {
				continue
			}
		} else if len(f.same) > 0 {
			f.c.eachUse(&s, rename)
		}
		*f.c.steps.at(f.out) = s
		f.out++
	}
}

// rename takes the register that a degenerate step is the same as.
func (f *fuser) rename(r *reg) {
	if so, ok := f.same[*r]; ok {
		*r = so
	}
}

// step makes s the function of a cut; false if that is one register, or 0.
func (f *fuser) step(s *instruction, c *cut) bool {
	so := canonical[c.table]
	operand := func(i uint8) reg {
		r := c.leaf[so.order[i]]
		f.rename(&r)
		return r
	}
	switch so.operands {
	case 0:
		f.same[s.d] = 0
		return false
	case 1:
		f.same[s.d] = operand(0)
		return false
	}
	*s = instruction{op: opLogic, n: so.kind, d: s.d, a: operand(0), b: operand(1)}
	if so.operands == 3 {
		s.c = operand(2)
	}
	return true
}

// function says how kernels compute a table.
type function struct {
	kind     uint32
	operands uint8
	order    [3]uint8 // which leaf each operand is
}

// reordered returns the table of a function whose operand i is operand order[i] of another.
func reordered(table uint8, order [3]uint8) (r uint8) {
	for index := range uint8(8) {
		old := uint8(0)
		for i, to := range order {
			old |= index >> (2 - to) & 1 << (2 - i)
		}
		r |= table >> old & 1 << index
	}
	return r
}

var orders = [6][3]uint8{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}

// canonical has the function of each table that is 0 where all operands are.
var canonical = func() (all [256]function) {
	for i := range uint8(3) {
		all[[3]uint8{0xf0, 0xcc, 0xaa}[i]] = function{operands: 1, order: [3]uint8{i}}
	}
	for kind, table := range kernel.Tables {
		operands := uint8(3)
		if kind < kernel.Pairs {
			operands = 2
		}
		for _, order := range orders {
			all[reordered(table, order)] = function{uint32(kind), operands, order}
		}
	}
	return all
}()

// spread has the table of a function of some leaves by the set of their places among three, bit 0 the first.
var spread = func() (all [8][256]uint8) {
	for set := range all {
		var order [3]uint8
		inside, outside := 0, 2
		for place := range uint8(3) { // the operands that do not matter come last
			if set>>place&1 == 1 {
				order[inside] = place
				inside++
			}
		}
		for place := uint8(2); place < 3; place-- {
			if set>>place&1 == 0 {
				order[outside] = place
				outside--
			}
		}
		for table := range all[set] {
			all[set][table] = reordered(uint8(table), order)
		}
	}
	return all
}()
