package random

import (
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// Axes that are two or three times n long.

// double has an input with two or three times as many rows.
func (b *builder) double(c choice) {
	times := 2 + c.of(1, 2)
	long := b.n.Times(times).Renamed(b.name("l"))
	z := b.p.Input(b.name("z"), program.Shape{long, b.d}, 1+c.of(2, 2), c.flag(3))
	switch c.of(4, 5) {
	case 0: // its last rows
		b.addRow(b.p.Last(z, b.n), few)
	case 1:
		b.addTotal(b.p.Reduce(b.p.Step(z, staircase(c, 5)), long.Name), few+1)
	case 2: // each row reads all of the others
		b.addRow(b.p.Contract("ij,jf->if", b.read(c, z), z), few+2)
	case 3: // each row reads those before it; the last ones stand beside each other
		w := b.p.CausalMask(b.read(c, z), 0, 1, 0)
		b.addRow(b.p.Contract("ij,jf->if", w, z), few+2)
	default:
		w := b.p.ArgMax(b.read(c, z), nil)
		if c.flag(9) {
			w = b.p.CausalArgMax(b.read(c, z), 0, 1)
		}
		b.addRow(b.p.Contract("ij,jf->if", w, z), few+1)
	}
}

// read rounds the products of the rows with those of z.
func (b *builder) read(c choice, z program.Value) program.Value {
	return b.p.Step(b.p.Contract("if,jf->ij", b.small(b.row(c, 5), c, 6), z), staircase(c, 10))
}

// doubleFunc has a hidden layer that is two times n wide, and goes back to n.
func (b *builder) doubleFunc(c choice) {
	e := b.mild(b.row(c, 1), 2, c, 2)
	wide := b.n.Times(1 + c.of(3, 2)).Renamed(b.name("l"))
	layer := func(v program.Value, out program.Dim, in func() int, at int) program.Value {
		return b.p.LinearFunc(v, out, poly.Int(3), func() (*program.Matrix, []int64) {
			w := program.NewMatrix(out.Size(), in(), func(i, j int) int64 { return c.number(at + (i*3+j*5)%7) })
			bias := make([]int64, out.Size())
			for i := range bias {
				bias[i] = c.number(at + i%5)
			}
			return w, bias
		})
	}
	hidden := b.p.Step(layer(b.p.Transpose(e.v, 1, 0), wide, b.n.Size, 4), staircase(c, 5))
	if c.flag(12) {
		b.addRow(b.p.Transpose(layer(hidden, b.n, wide.Size, 6), 1, 0), few+2)
		return
	}
	b.addTotal(b.p.Reduce(hidden, wide.Name), few+2)
}
