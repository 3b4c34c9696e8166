package eval

import (
	"iter"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// order is an order in which to make gates: depth first from the outputs, one after another, so that a value is made
// shortly before it is read and few live at one time. Of attention over n positions, whose gates come operation by
// operation, some n values live then, and some n² in the order of the circuit.
type order struct {
	c     *circuit.Circuit
	reads []uint32 // by node, a gate or a sum after all gates: how often outputs and what is live read it
	stack []visit
	gates []circuit.Gate
}

// visit is a node on the way from an output, and how many of its operands have been visited.
type visit struct{ node, next uint32 }

// fewValues fit half of a cache of 512 kB.
const fewValues = 1 << 12

// fewer returns the order depth first if at most half as many values live at one time then as in the order of the
// circuit, and nil if not: that one reads values as they were made, in a row, which memory likes. Of logic and of small
// circuits few live in any order.
func fewer(c *circuit.Circuit, live []bool) *order {
	if c.SumCount() == 1 || c.Len()+c.SumCount() < 4*fewValues {
		return nil
	}
	o := depthFirst(c)
	most := o.count(inOrder(c, live))
	if most < fewValues || 2*o.count(slices.Values(o.gates)) > most {
		return nil
	}
	o.reads, o.stack = slices.Clone(o.reads[:c.Len()]), nil // sums are not asked for any more
	return o
}

// inOrder goes through the live gates in the order of the circuit, sources apart.
func inOrder(c *circuit.Circuit, live []bool) iter.Seq[circuit.Gate] {
	return func(yield func(circuit.Gate) bool) {
		for g, ok := range live {
			if ok && !c.Kind(circuit.Gate(g)).IsSource() && !yield(circuit.Gate(g)) {
				return
			}
		}
	}
}

// depthFirst goes through all that outputs depend on.
func depthFirst(c *circuit.Circuit) *order {
	o := &order{c: c, reads: make([]uint32, c.Len()+c.SumCount()), gates: make([]circuit.Gate, 0, c.Len())}
	for _, x := range c.Outputs() {
		o.read(uint32(x.Gate()))
		for len(o.stack) > 0 {
			last := len(o.stack) - 1
			if o.descend(&o.stack[last]) {
				continue
			}
			if node := int(o.stack[last].node); node < c.Len() {
				o.gates = append(o.gates, circuit.Gate(node))
			}
			o.stack = o.stack[:last]
		}
	}
	return o
}

func (o *order) sum(s circuit.SumID) uint32 { return uint32(o.c.Len()) + uint32(s) }

func (o *order) node(r circuit.Ref) uint32 {
	if r.IsSum() {
		return o.sum(r.Sum())
	}
	return uint32(r.Gate())
}

// read counts a read and reports whether the node is to be visited first.
func (o *order) read(node uint32) bool {
	o.reads[node]++
	if o.reads[node] > 1 || int(node) < o.c.Len() && o.c.Kind(circuit.Gate(node)).IsSource() {
		return false
	}
	o.stack = append(o.stack, visit{node: node})
	return true
}

// descend reads operands until one of them is to be visited first; false if there are no more. It begins with the one
// that was made last, which is mostly the deepest, so that the others do not live while it is made.
func (o *order) descend(v *visit) bool {
	if n := uint32(o.c.Len()); v.node >= n {
		for refs := o.c.Refs(circuit.SumID(v.node - n)); int(v.next) < len(refs); {
			v.next++
			if o.read(o.node(refs[len(refs)-int(v.next)])) {
				return true
			}
		}
		return false
	}
	g := circuit.Gate(v.node)
	if s, ok := o.c.ReadsSum(g); ok {
		v.next++
		return v.next == 1 && o.read(o.sum(s))
	}
	for in := o.c.Fanin(g); int(v.next) < len(in); {
		v.next++
		if o.read(uint32(in[len(in)-int(v.next)].Gate())) {
			return true
		}
	}
	return false
}

// count returns how many values live at one time if gates are made in an order, nearly: the number of a sum is taken to
// have as many planes as that of its terms.
func (o *order) count(gates iter.Seq[circuit.Gate]) (most int) {
	left, made := slices.Clone(o.reads), make([]bool, o.c.SumCount())
	now := 0
	size := func(s circuit.SumID) int { return bits.Len(uint(len(o.c.Refs(s)))) }
	drop := func(node uint32, values int) {
		if left[node]--; left[node] == 0 {
			now -= values
		}
	}
	for _, g := range o.c.Inputs() {
		if o.reads[g] > 0 {
			now++
		}
	}
	var add func(s circuit.SumID)
	add = func(s circuit.SumID) {
		if made[s] {
			return
		}
		made[s] = true
		for _, r := range o.c.Refs(s) {
			if r.IsSum() {
				add(r.Sum())
			}
		}
		now += size(s)
		most = max(most, now)
		for _, r := range o.c.Refs(s) {
			if r.IsSum() {
				drop(o.node(r), size(r.Sum()))
			} else {
				drop(o.node(r), 1)
			}
		}
	}
	for g := range gates {
		s, ok := o.c.ReadsSum(g)
		if ok {
			add(s)
		}
		now++
		most = max(most, now)
		if ok {
			drop(o.sum(s), size(s))
		}
		for _, x := range o.c.Fanin(g) {
			drop(uint32(x.Gate()), 1)
		}
	}
	return most
}
