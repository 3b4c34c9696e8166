package program

import "slices"

// Window returns the sums of x over every window of its first axis: element [t,s] of
// the result is Σ x_r over s < r ≤ t, which is 0 where s ≥ t. It is the prefix sum
// of each suffix.
//
// Shapes: x [n, ...]; result [n, s=n, ...], the second axis under the given name.
// Depth 0.
func (p *Program) Window(x Value, second string) Value {
	n := p.node(x)
	if len(n.Shape) == 0 {
		p.Failf(OpWindow, "of a scalar")
		return x
	}
	c := p.arithmetic()
	longest := c.manyTimes(n.Shape[0].less(1), n.Bounds)
	p.bound(OpWindow, c)
	shape := slices.Insert(slices.Clone(n.Shape), 1, n.Shape[0].Renamed(second))
	return p.push(Node{Op: OpWindow, Args: []int{x.id}, Shape: shape, Bounds: Range{min(longest.Lo, 0), max(longest.Hi, 0)}})
}

func runWindow(v, x []int64, n *Node) {
	EachWindow(n, func(to, before, last int) { v[to] = v[before] + x[last] })
}

// eachWindow calls f for each element of a Window that is not 0, so that element to
// is element before, which has had its turn or is 0, and element last of the
// argument.
func EachWindow(n *Node, f func(to, before, last int)) {
	length, inner := n.Shape[0].Size(), n.Shape[2:].Len()
	for s := range length {
		for t := s + 1; t < length; t++ {
			for k := range inner {
				f((t*length+s)*inner+k, ((t-1)*length+s)*inner+k, t*inner+k)
			}
		}
	}
}
