package program

import (
	"fmt"

	"github.com/tc0lab/tc0/internal/room"
)

// Const returns a constant tensor, for Add and Contract: gains, positions, masks,
// convolution kernels. The program keeps the data, row-major, which must not be
// changed afterwards.
func (p *Program) Const(shape Shape, data []int64) Value {
	if shape.Open() || len(data) != shape.Len() || len(data) == 0 {
		p.Failf(OpConst, "%d numbers for shape %v", len(data), shape)
		data = []int64{0}
	}
	return p.push(Node{Op: OpConst, Shape: shape, Data: data})
}

// ConstFunc is Const with element i, counted in row-major order, being at(i), in a range
// that holds for every size. In an open program the data are unknown if their shape or
// the numbers themselves depend on an open size.
func (p *Program) ConstFunc(shape Shape, bounds Range, at func(i int) int64) Value {
	if shape.Open() || !known(func() { at(0) }) {
		return p.push(Node{Op: OpConst, Shape: shape, Bounds: bounds, Given: true})
	}
	if elements := shape.elements(); elements > MostElements {
		return p.push(Node{Op: OpConst, Shape: shape, Data: []int64{0}}) // which is refused
	}
	room.Must(fmt.Sprintf("compile: a constant of shape %v", shape), room.Product(shape.Len(), 8))
	data := make([]int64, shape.Len())
	for i := range data {
		data[i] = at(i)
		if !bounds.Contains(data[i]) {
			p.Failf(OpConst, "element %d is %d, outside %v", i, data[i], bounds)
			break
		}
	}
	return p.Const(shape, data)
}

func deriveConst(n *Node) span { return spanned(n.Data).span() }

func runConst(n *Node, v, _, _ []int64) { copy(v, n.Data) }

func termsOfConst(n *Node, i int, _ TermFunc) int64 { return n.Data[i] }

// known reports whether what f does depends on no open size.
func known(f func()) bool {
	_, err := BuildOpen(func() (*Program, error) {
		f()
		return nil, nil
	})
	return err == nil
}
