package random

import (
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// operations are the ways to append to a program. Together they use every operation that there is.
var operations []struct {
	name  string
	apply func(b *builder, c choice)
}

func init() {
	add := func(name string, apply func(b *builder, c choice)) {
		operations = append(operations, struct {
			name  string
			apply func(b *builder, c choice)
		}{name, apply})
	}
	add("Linear", (*builder).linear)
	add("LinearFunc", (*builder).linearFunc)
	add("Add", (*builder).add)
	add("Affine", (*builder).affine)
	add("AffineFunc", (*builder).affineFunc)
	add("Const", (*builder).constant)
	add("ConstFunc", (*builder).constantFunc)
	add("Reduce n", (*builder).reduceRows)
	add("Reduce d", (*builder).reduceFeatures)
	add("Mixed levels", (*builder).mixed)
	add("Step", (*builder).step)
	add("StepFunc", (*builder).stepFunc)
	add("Lookup", (*builder).lookup)
	add("Tokens", (*builder).tokens)
	add("Quotient", (*builder).quotient)
	add("RootQuotient", (*builder).rootQuotient)

	add("Gather", (*builder).gather)
	add("Reshape", (*builder).reshape)
	add("Transpose", (*builder).transpose)
	add("Broadcast", (*builder).broadcast)
	add("Pick", (*builder).pick)
	add("Column", (*builder).column)
	add("Last", (*builder).last)
	add("Select", (*builder).choose)
	add("Grouped", (*builder).grouped)
	add("Mask", (*builder).mask)
	add("CausalMask", (*builder).causalMask)
	add("Window", (*builder).window)
	add("Convolve", (*builder).convolve)
	add("Delayed", (*builder).delayed)

	add("Contract: scores", (*builder).score)
	add("Contract: attention", (*builder).attend)
	add("Contract: elements", (*builder).multiply)
	add("Contract: squares", (*builder).square)
	add("Contract: three", (*builder).multiplyThree)
	add("Contract: sums", (*builder).contract)
	add("Contract: picks", (*builder).pickRows)
	add("Contract: pairs", (*builder).multiplyPairs)
	add("MaxStep", (*builder).maxStep)
	add("CausalMaxStep", (*builder).causalMaxStep)
	add("ArgMax", (*builder).argMax)
	add("CausalArgMax", (*builder).causalArgMax)
	add("ArgMax, masked later", (*builder).argMaxMasked)
	add("ArgMax of features", (*builder).argMaxFeatures)
	add("AsOneHot", (*builder).asOneHot)
	add("Scan", (*builder).scan)
	add("Scan of delays", (*builder).scanDelays)
	add("Scan of delays", (*builder).scanDelays) // twice as often: many are refused
	add("Repeat", (*builder).repeat)
	add("Repeat, beside", (*builder).repeatTotal)
	add("Scan of rows", (*builder).scanRows)
	add("Rows of two or three", (*builder).double)
	add("LinearFunc, there and back", (*builder).doubleFunc)
	add("Contract: other orders", (*builder).contractTurned)
	add("Scan of pairs", (*builder).scanPairs)
}

func (b *builder) matrix(c choice, i int) *program.Matrix {
	k := b.d.Size()
	return &program.Matrix{Rows: k, Columns: k, Data: c.numbers(i, k*k, k)}
}

func (b *builder) bias(c choice, i int) []int64 {
	if c.flag(i) {
		return nil
	}
	return c.numbers(i, b.d.Size(), 1)
}

func (b *builder) linear(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	b.addRow(b.p.Linear(e.v, b.matrix(c, 4), b.bias(c, 3), b.d.Name), e.grown)
}

// linearFunc sums over all rows, with weights that depend on their number.
func (b *builder) linearFunc(c choice) {
	e := b.mild(b.row(c, 1), 2, c, 2)
	columns := b.p.Transpose(e.v, 1, 0) // [d,n]
	large := c.flag(3)
	weight := func(i, j int) int64 {
		w := c.number(4+(i*5+j*3+b.n.Size())%11) * int64((i+j)%3)
		if large && j == 0 {
			w = int64(b.n.Size()) - int64(i)
		}
		return w
	}
	most := poly.Int(6)
	if large {
		most = poly.Symbol("n").Plus(poly.Int(6))
	}
	out, fixed := b.n, c.flag(14)
	if fixed {
		out = program.NewDim(b.name("k"), 1+c.of(15, 2))
	}
	v := b.p.LinearFunc(columns, out, most, func() (*program.Matrix, []int64) {
		w := program.NewMatrix(out.Size(), b.n.Size(), weight)
		if c.flag(13) {
			return w, nil
		}
		bias := make([]int64, out.Size())
		for i := range bias {
			bias[i] = c.number(i)
		}
		return w, bias
	})
	if fixed {
		b.addTotal(b.p.Column(v, 0, "first"), e.grown)
	} else {
		b.addRow(b.p.Transpose(v, 1, 0), e.grown)
	}
}

func (b *builder) add(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	switch c.of(3, 3) {
	case 0: // along the rows
		t := b.mild(b.total(c, 4), 1, c, 5)
		b.addRow(b.p.Add(e.v, t.v), max(e.grown, t.grown))
	case 1:
		t, u := b.mild(b.total(c, 4), 1, c, 5), b.mild(b.total(c, 6), 1, c, 7)
		b.addTotal(b.p.Add(t.v, u.v), max(t.grown, u.grown))
	default:
		f := b.mild(b.row(c, 4), 1, c, 5)
		b.addRow(b.p.Add(e.v, f.v), max(e.grown, f.grown))
	}
}

func (b *builder) affine(c choice) {
	k, offset := c.number(1), 7*c.number(2)
	switch c.of(3, 3) {
	case 0:
		t := b.mild(b.total(c, 4), 1, c, 5)
		b.addTotal(b.p.Affine(k, t.v, offset), t.grown)
	case 1:
		w := b.mild(b.pair(c, 4), 1, c, 5)
		b.addPair(b.p.Affine(k, w.v, offset), w.grown)
	default:
		e := b.mild(b.row(c, 4), 1, c, 5)
		b.addRow(b.p.Affine(k, e.v, offset), e.grown)
	}
}

// affineFunc multiplies by a number that depends on the number of rows.
func (b *builder) affineFunc(c choice) {
	e := b.mild(b.row(c, 1), 2, c, 2)
	n := poly.Symbol("n")
	most, k := []poly.Poly{n, n, n.Times(n), poly.Int(3)}[c.of(3, 4)], c.of(3, 4)
	b.addRow(b.p.AffineFunc(e.v, most, func() int64 {
		size := int64(b.n.Size())
		return []int64{size, -size, size * size, 1 + size%3}[k]
	}), e.grown)
}

func (b *builder) constant(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	v := b.p.Const(program.Shape{b.d}, c.numbers(3, b.d.Size(), 1))
	if c.flag(2) {
		b.addRow(b.p.Contract("if,f->if", e.v, v), e.grown)
	} else {
		b.addRow(b.p.Add(e.v, v), e.grown)
	}
}

func (b *builder) constantFunc(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	v := b.p.ConstFunc(program.Shape{b.n, b.d}, program.Range{Lo: -3, Hi: 3},
		func(i int) int64 { return c.number(3 + i%9) })
	if c.flag(2) {
		b.addRow(b.p.Contract("if,if->if", e.v, v), e.grown)
	} else {
		b.addRow(b.p.Add(e.v, v), e.grown)
	}
}

func (b *builder) reduceRows(c choice) {
	e := b.mild(b.row(c, 1), 2, c, 2)
	b.addTotal(b.p.Reduce(e.v, b.n.Name), e.grown)
}

func (b *builder) reduceFeatures(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	b.addRow(b.p.Broadcast(b.p.Reduce(e.v, b.d.Name), b.d), e.grown)
}

// mixed adds a deep value to some of the elements of another one.
func (b *builder) mixed(c choice) {
	e := b.row(c, 1)
	first := b.p.Step(b.row(c, 2).v, staircase(c, 3))
	deep := b.p.Step(b.p.Linear(first, b.matrix(c, 5), nil, b.d.Name), staircase(c, 7))
	f := b.mild(e, 1, c, 9)
	if c.flag(4) { // some features
		k := b.d.Size()
		w := program.NewMatrix(k, k, func(i, j int) int64 { return c.number(5+i+j) * int64(i%2) })
		b.addRow(b.p.Add(f.v, b.p.Linear(deep, w, nil, b.d.Name)), f.grown)
		return
	}
	some := b.p.ConstFunc(program.Shape{b.n, b.d}, program.Range{Lo: -1, Hi: 1}, func(i int) int64 {
		return []int64{0, 0, 1, -1}[c.of(3+i%7, 4)]
	})
	b.addRow(b.p.Add(f.v, b.p.Contract("if,if->if", deep, some)), f.grown)
}

func (b *builder) step(c choice) {
	f := staircase(c, 3)
	switch c.of(1, 3) {
	case 0:
		b.addTotal(b.p.Step(b.total(c, 2).v, f), 0)
	case 1:
		b.addPair(b.p.Step(b.pair(c, 2).v, f), 0)
	default:
		v := b.p.Step(b.row(c, 2).v, f)
		if c.of(1, 4) == 2 { // the number of levels is declared, as a symbol
			b.p.Literals(v, b.p.Symbol(b.name("levels"), len(f.At)+c.of(2, 2)))
		}
		b.addRow(v, 0)
	}
}

// stepFunc has levels that depend on the number of rows.
func (b *builder) stepFunc(c choice) {
	by, falls := 1+int64(c.of(3, 3)), c.flag(4)
	b.addRow(b.p.StepFunc(b.row(c, 1).v, program.Range{Lo: -1, Hi: 5}, poly.Int(3), func() program.Staircase {
		size := int64(b.n.Size())
		f := program.Staircase{At: []int64{c.number(5), size / 2, size + by}, Jump: []int64{1, by, 1}}
		if f.At[1] <= f.At[0] {
			f.At[1] = f.At[0] + 1
		}
		if f.At[2] <= f.At[1] {
			f.At[2] = f.At[1] + 1
		}
		if falls {
			f.Jump[0] = -1
		}
		return f
	}), 0)
}

func (b *builder) lookup(c choice) {
	k, rows := b.d.Size(), 2+c.of(3, 4)
	table := &program.Matrix{Rows: rows, Columns: k, Data: c.numbers(4, rows*k, k)}
	b.addRow(b.p.Lookup(b.p.Column(b.row(c, 1).v, c.of(2, k), "index"), table, b.d.Name), few)
}

// token returns new one-hot inputs of shape [n,v].
func (b *builder) token(c choice) (v program.Value, vocabulary int) {
	vocabulary = 2 + c.of(1, 3)
	return b.p.Tokens(b.name("token"), program.Shape{b.n}, program.NewDim(b.name("v"), vocabulary)), vocabulary
}

// tokens embeds one-hot inputs, at times with a large constant.
func (b *builder) tokens(c choice) {
	v, vocabulary := b.token(c)
	k := b.d.Size()
	w := &program.Matrix{Rows: k, Columns: vocabulary, Data: c.numbers(3, k*vocabulary, vocabulary)}
	bias := b.bias(c, 2)
	if c.of(2, 5) == 0 {
		bias = make([]int64, k)
		for i := range bias {
			bias[i] = 100
		}
		for i := range w.Data {
			w.Data[i] -= 100
		}
	}
	b.addRow(b.p.Linear(v, w, bias, b.d.Name), few)
}

func (b *builder) quotient(c choice) {
	x := b.mild(b.row(c, 1), 1, c, 2)
	lo := int64(c.of(3, 3)) - 2
	out := program.Range{Lo: lo, Hi: lo + 1 + int64(c.of(4, 4))}
	if c.flag(5) { // one denominator for each row
		y := b.p.Step(b.p.Reduce(b.row(c, 6).v, b.d.Name), positive(c, 7))
		b.addRow(b.p.Quotient(x.v, y, out), 0)
		return
	}
	b.addRow(b.p.Quotient(x.v, b.p.Step(b.row(c, 6).v, positive(c, 7)), out), 0)
}

func (b *builder) rootQuotient(c choice) {
	x := b.small(b.row(c, 1), c, 2)
	y := b.p.Affine(1+int64(c.of(3, 2)), b.p.Contract("if,if->i", x, x), 1+int64(c.of(4, 3)))
	if c.of(5, 3) == 2 {
		y = b.p.Step(b.p.Reduce(b.row(c, 6).v, b.d.Name), positive(c, 7))
	}
	var offset []int64
	if c.flag(8) {
		offset = c.numbers(9, b.d.Size(), 1)
	}
	b.addRow(b.p.RootQuotient(x, y, 1+int64(c.of(10, 3)), offset, program.Range{Lo: -2, Hi: int64(c.of(11, 4))}), 0)
}
