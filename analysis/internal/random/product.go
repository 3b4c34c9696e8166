package random

import "github.com/tc0lab/tc0/compile/program"

// Operations that multiply unknown values, and those that compare along positions.

func (b *builder) score(c choice) {
	s := b.scores(c, 1)
	b.addPair(s.v, s.grown)
}

// attend sums rows by weights.
func (b *builder) attend(c choice) {
	w := b.small(b.pair(c, 1), c, 2)
	e := b.mild(b.row(c, 5), 0, c, 6)
	if e.grown > few+1 {
		e = entry{b.p.Step(e.v, staircase(c, 6)), 0}
	}
	b.addRow(b.p.Contract("ij,jf->if", w, b.copied(e.v)), few+2)
}

func (b *builder) multiply(c choice) {
	x, y := b.small(b.row(c, 1), c, 2), b.small(b.row(c, 5), c, 6)
	switch c.of(9, 4) {
	case 0:
		t := b.small(b.total(c, 10), c, 11)
		b.addTotal(b.p.Elementwise(t, b.p.Step(b.total(c, 12).v, staircase(c, 13))), few+1)
	case 1:
		b.addRow(b.p.Elementwise(x, b.small(b.total(c, 10), c, 11)), few+1)
	case 2: // both orders, of a moved value
		k := b.d.Size()
		moved := b.p.Gather(x, program.Shape{b.n, b.d}, "turned", func(i int) int { return i/k*k + (i+1)%k })
		b.addRow(b.p.Add(b.p.Elementwise(moved, x), b.p.Elementwise(x, moved)), few+2)
	default:
		b.addRow(b.p.Elementwise(x, y), few+1)
	}
}

func (b *builder) square(c choice) {
	x := b.small(b.row(c, 1), c, 2)
	switch c.of(5, 4) {
	case 0:
		b.addRow(b.p.Broadcast(b.p.Contract("if,if->i", x, x), b.d), few+1)
	case 1:
		b.addPair(b.p.Contract("if,jf->ij", x, b.copied(x)), few+1)
	case 2:
		b.addTotal(b.p.Contract("if,if->f", x, x), few+2)
	default:
		b.addRow(b.p.Contract("if,if->if", x, x), few+1)
	}
}

func (b *builder) multiplyThree(c choice) {
	x, y, z := b.p.Step(b.row(c, 1).v, staircase(c, 2)), b.small(b.row(c, 5), c, 6), b.small(b.row(c, 9), c, 10)
	if c.of(13, 3) == 0 { // marks of the greatest features, and a product
		b.addRow(b.p.Elementwise(b.p.ArgMax(x, nil), b.p.Elementwise(y, z)), few+1)
		return
	}
	b.addRow(b.p.Elementwise(b.p.Elementwise(x, y), z), few+2)
}

// contract sums products over other indices.
func (b *builder) contract(c choice) {
	x, y := b.small(b.row(c, 1), c, 2), b.small(b.row(c, 5), c, 6)
	g := program.NewDim("g", b.d.Size())
	other := b.p.Reshape(y, program.Shape{b.n, g}, "other")
	switch c.of(9, 5) {
	case 0: // over the rows
		b.addTotal(b.p.Contract("if,if->f", x, y), few+2)
	case 1: // all features with all
		b.addTotal(b.p.Column(b.p.Contract("if,ig->fg", x, other), c.of(10, b.d.Size()), "one"), few+2)
	case 2:
		b.addRow(b.p.Reduce(b.p.Contract("if,ig->ifg", x, other), "g"), few+1)
	case 3: // the diagonal of scores
		w := b.p.Step(b.pair(c, 10).v, staircase(c, 11))
		square := b.p.Reshape(w, program.Shape{b.n, b.m}, "square")
		b.addRow(b.p.Contract("ii,if->if", square, x), few+1)
	default: // a total and the rows
		b.addTotal(b.p.Contract("if,f->f", x, b.small(b.total(c, 10), c, 11)), few+2)
	}
}

// contractTurned has the letters of a product in other orders, and pairs of pairs.
func (b *builder) contractTurned(c choice) {
	square := func(v program.Value) program.Value { return b.p.Reshape(v, program.Shape{b.n, b.m}, "square") }
	x, y := b.small(b.row(c, 1), c, 2), b.small(b.row(c, 3), c, 4)
	switch c.of(5, 6) {
	case 0:
		b.addPair(square(b.p.Contract("jf,if->ji", b.copied(x), y)), few+1)
		return
	case 1:
		b.addPair(b.p.Contract("fi,jf->ij", b.p.Transpose(x, 1, 0), b.copied(y)), few+1)
		return
	}
	w, o := b.p.Step(b.pair(c, 6).v, staircase(c, 8)), b.p.Step(b.pair(c, 9).v, round(c, 11, 0, 1))
	switch c.of(5, 6) {
	case 2: // three positions
		second := b.p.Reshape(o, program.Shape{b.m, b.n.Renamed("k")}, "second")
		b.addPair(square(b.p.Contract("ij,jk->ik", w, second)), few+2)
	case 3:
		second := b.p.Reshape(o, program.Shape{b.n.Renamed("k"), b.m}, "second")
		b.addPair(square(b.p.Contract("ij,kj->ik", w, second)), few+2)
	case 4: // along the columns
		v := b.p.Broadcast(b.p.Contract("ij,ij->j", w, o), b.d)
		b.addRow(b.p.Reshape(v, program.Shape{b.n, b.d}, "columns"), few+2)
	default: // pairs and features
		b.addRow(b.p.Contract("ijf,jf->if", b.p.Contract("ij,if->ijf", o, x), b.copied(y)), few+2)
	}
}

// pickRows picks by one-hot rows: an embedding of unknown numbers.
func (b *builder) pickRows(c choice) {
	v, vocabulary := b.token(c)
	t := b.small(b.total(c, 4), c, 5)
	table := b.p.Transpose(b.p.Broadcast(t, program.NewDim(b.name("v"), vocabulary)), 1, 0)
	if c.flag(9) {
		data := c.numbers(10, vocabulary*b.d.Size(), 1)
		gain := b.p.Const(program.Shape{program.NewDim(b.name("v"), vocabulary), b.d}, data)
		table = b.p.Contract("vf,vf->vf", table, gain)
	}
	b.addRow(b.p.Contract("iv,vf->if", v, table), few+1)
}

func (b *builder) multiplyPairs(c choice) {
	x, y := b.small(b.pair(c, 1), c, 2), b.p.Step(b.pair(c, 6).v, staircase(c, 9))
	product := b.p.Contract("ij,ij->ij", x, y)
	if c.flag(14) {
		sum := b.p.Contract("ij,ij->i", x, y)
		b.addRow(b.p.Broadcast(sum, b.d), few+2)
	}
	b.addPair(product, few+1)
}

// rising is a function that does not fall, for the distance from a maximum.
func rising(c choice, i int) program.Staircase {
	at := -1 - int64(c.of(i, 3))
	jumps := []int64{1, 1 + int64(c.of(i+2, 3)), 1}
	f := program.Staircase{Base: int64(c.of(i+1, 2)), At: []int64{at, at + 1, 0}, Jump: jumps}
	if at == -1 || c.flag(i+1) {
		f.At, f.Jump = []int64{at, 0}, []int64{1, 2}
	}
	return f
}

func (b *builder) maxStep(c choice) {
	switch f := rising(c, 2); c.of(1, 3) {
	case 0:
		b.addRow(b.p.MaxStep(b.mild(b.row(c, 5), 0, c, 6).v, f, nil), 0)
	case 1:
		k, keep := b.d.Size(), make([]bool, b.d.Size())
		for i := range keep {
			keep[i] = i == c.of(9, k) || c.flag(10+i)
		}
		b.addTotal(b.p.MaxStep(b.total(c, 5).v, f, keep), 0)
	default:
		w := b.p.MaxStep(b.pair(c, 5).v, f, nil)
		b.p.WidenWeight(w, w.Bounds().Hi)
		b.addPair(w, 0)
	}
}

func (b *builder) causalMaxStep(c choice) {
	w := b.p.CausalMaxStep(b.pair(c, 5).v, rising(c, 2), 0, 1)
	b.p.WidenWeight(w, w.Bounds().Hi)
	b.addPair(w, 0)
}

func (b *builder) argMax(c choice) { b.addPair(b.p.ArgMax(b.pair(c, 1).v, nil), 0) }

func (b *builder) causalArgMax(c choice) { b.addPair(b.p.CausalArgMax(b.pair(c, 1).v, 0, 1), 0) }

// argMaxMasked asks for the elements under a mask only afterwards.
func (b *builder) argMaxMasked(c choice) {
	w := b.p.CausalMask(b.p.ArgMax(b.pair(c, 1).v, nil), 0, 1, 0)
	b.addPair(w, 0)
	b.addRow(b.p.Contract("ij,jf->if", w, b.copied(b.small(b.row(c, 5), c, 6))), few+2)
}

func (b *builder) argMaxFeatures(c choice) {
	if c.flag(1) {
		k, keep := b.d.Size(), make([]bool, b.d.Size())
		for i := range keep {
			keep[i] = i == c.of(9, k) || c.flag(10+i)
		}
		b.addTotal(b.p.ArgMax(b.total(c, 2).v, keep), 0)
		return
	}
	b.addRow(b.p.ArgMax(b.row(c, 2).v, nil), 0)
}

// asOneHot makes rows that are one-hot, as the caller alone knows: a bit and its complement, for
// one feature.
func (b *builder) asOneHot(c choice) {
	at := c.number(3)
	column := b.p.Column(b.row(c, 1).v, c.of(2, b.d.Size()), "one")
	bit := b.p.Step(column, program.Staircase{At: []int64{at}, Jump: []int64{1}})
	both := b.p.Linear(b.p.Broadcast(bit, program.NewDim("one", 1)),
		&program.Matrix{Rows: 2, Columns: 1, Data: []int64{1, -1}}, []int64{0, 1}, "both")
	hot := b.p.AsOneHot(both)
	k := b.d.Size()
	if c.flag(4) {
		w := &program.Matrix{Rows: k, Columns: 2, Data: c.numbers(5, 2*k, 2)}
		b.addRow(b.p.Linear(hot, w, b.bias(c, 4), b.d.Name), few)
		return
	}
	t := b.small(b.total(c, 6), c, 7)
	table := b.p.Transpose(b.p.Broadcast(t, program.NewDim("both", 2)), 1, 0)
	b.addRow(b.p.Contract("iv,vf->if", hot, table), few+1)
}
