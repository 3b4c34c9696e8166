package cuts

import (
	"math/bits"
	"slices"
)

// cut is a set of nodes that decides a node, and the function by which it does.
type cut struct {
	leaves [4]uint32 // in increasing order
	n      uint8     // how many
	table  uint16    // it does not depend on the inputs from n on
	sign   uint32    // a bit for each leaf
}

// mostCuts bounds the cuts of a node.
const mostCuts = 24

// single is the cut that is the node itself.
func single(node uint32) cut {
	return cut{leaves: [4]uint32{node}, n: 1, table: Inputs[0], sign: 1 << (node % 32)}
}

// cutsOf returns the cuts of an AND of two literals, without the one that is the node itself.
func (g *Graph) cutsOf(a, b Lit) []cut {
	list := g.scratch[:0]
	ofA, ofB := g.cuts[a.Node()], g.cuts[b.Node()]
	singleA, singleB := single(a.Node()), single(b.Node())
all:
	for i := -1; i < len(ofA); i++ {
		x := &singleA
		if i >= 0 {
			x = &ofA[i]
		}
		for j := -1; j < len(ofB); j++ {
			y := &singleB
			if j >= 0 {
				y = &ofB[j]
			}
			if bits.OnesCount32(x.sign|y.sign) > 4 { // as many leaves at least
				continue
			}
			if c, ok := join(x, y, a&1 != 0, b&1 != 0); ok {
				if list = include(list, &c); len(list) == mostCuts {
					break all
				}
			}
		}
	}
	g.scratch = list
	return slices.Clone(list)
}

// include adds a cut to a list, unless one of its parts is there; cuts that it is a part of go.
func include(list []cut, c *cut) []cut {
	for i := range list {
		if list[i].within(c) {
			return list
		}
	}
	left := 0
	for i := range list {
		if !c.within(&list[i]) {
			if left < i {
				list[left] = list[i]
			}
			left++
		}
	}
	return append(list[:left], *c)
}

// within reports whether all leaves of c are leaves of d.
func (c *cut) within(d *cut) bool {
	if c.n > d.n || c.sign&^d.sign != 0 {
		return false
	}
	j := 0
	for _, leaf := range c.leaves[:c.n] {
		for j < int(d.n) && d.leaves[j] < leaf {
			j++
		}
		if j == int(d.n) || d.leaves[j] != leaf {
			return false
		}
	}
	return true
}

// join returns the cut of the AND of the nodes of two cuts, complemented or not.
func join(x, y *cut, notX, notY bool) (c cut, ok bool) {
	var atX, atY [4]uint8 // where the leaves come to be
	i, j := uint8(0), uint8(0)
	for i < x.n || j < y.n {
		if c.n == 4 {
			return cut{}, false
		}
		switch {
		case j == y.n || i < x.n && x.leaves[i] < y.leaves[j]:
			c.leaves[c.n], atX[i] = x.leaves[i], c.n
			i++
		case i == x.n || y.leaves[j] < x.leaves[i]:
			c.leaves[c.n], atY[j] = y.leaves[j], c.n
			j++
		default:
			c.leaves[c.n], atX[i], atY[j] = x.leaves[i], c.n, c.n
			i, j = i+1, j+1
		}
		c.n++
	}
	tableX, tableY := spread(x.table, x.n, atX), spread(y.table, y.n, atY)
	if notX {
		tableX = ^tableX
	}
	if notY {
		tableY = ^tableY
	}
	c.table, c.sign = tableX&tableY, x.sign|y.sign
	return c, true
}

// spread moves the inputs of a table, n of them, to later places, which rise.
func spread(table uint16, n uint8, to [4]uint8) uint16 {
	for i := int(n) - 1; i >= 0; i-- {
		if int(to[i]) != i {
			table = swapped(table, i, int(to[i]))
		}
	}
	return table
}

// swapped exchanges the inputs i and j > i of a table.
func swapped(table uint16, i, j int) uint16 {
	by := 1<<j - 1<<i
	d := (table>>by ^ table) & Inputs[i] &^ Inputs[j]
	return table ^ d ^ d<<by
}
