package program

import "slices"

// Const returns a constant tensor, for Add and Contract: gains, positions, masks,
// convolution kernels. The program keeps the data, row-major, which must not be
// changed afterwards.
func (p *Program) Const(shape Shape, data []int64) Value {
	if shape.Open() || len(data) != shape.Len() || len(data) == 0 {
		p.Failf(OpConst, "%d numbers for shape %v", len(data), shape)
		data = []int64{0}
	}
	return p.push(Node{Op: OpConst, Shape: shape, Bounds: Range{slices.Min(data), slices.Max(data)}, Data: data})
}

// ConstFunc is Const with element i, counted in row-major order, being at(i), in a range
// that holds for every size. In an open program the data are unknown if their shape or
// the numbers themselves depend on an open size.
func (p *Program) ConstFunc(shape Shape, bounds Range, at func(i int) int64) Value {
	if shape.Open() || !known(func() { at(0) }) {
		return p.push(Node{Op: OpConst, Shape: shape, Bounds: bounds})
	}
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

// known reports whether what f does depends on no open size.
func known(f func()) (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			if _, open := r.(*OpenSizeError); !open {
				panic(r)
			}
			ok = false
		}
	}()
	f()
	return true
}
