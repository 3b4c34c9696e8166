package random

import "github.com/tc0lab/tc0/compile/program"

// Operations that move elements, mask them, or sum them along positions.

// gather moves rows in a way that says nothing of its layout.
func (b *builder) gather(c choice) {
	e := b.row(c, 1)
	k := b.d.Size()
	b.addRow(b.p.Gather(e.v, program.Shape{b.n, b.d}, "moved", func(i int) int {
		all := b.n.Size() * k
		switch c.of(2, 7) {
		case 0: // reversed
			return all - 1 - i
		case 1: // all rows alike
			return i % k
		case 2: // two by two, the last one alone
			return i / (2 * k) * (2 * k)
		case 3: // shifted, the last one kept
			return min(i+k, all-1)
		case 4: // turned round by half
			return (i + b.n.Size()/2*k) % all
		case 5: // reversed at some n only
			if b.n.Size()%3 == 0 {
				return all - 1 - i
			}
			return i
		}
		return i/k*k + (i+1)%k // features turned
	}), e.grown)
}

func (b *builder) reshape(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	k := b.d.Size()
	heads := b.p.Reshape(e.v, program.Shape{b.n, program.NewDim("h", k), program.NewDim("e", 1)}, "heads")
	b.addRow(b.p.Reshape(heads, program.Shape{b.n, b.d}, "side by side"), e.grown)
}

func (b *builder) transpose(c choice) {
	if c.flag(2) { // scores of the other direction
		w := b.pair(c, 3)
		turned := b.p.Transpose(w.v, 1, 0)
		b.addPair(b.p.Reshape(turned, program.Shape{b.n, b.m}, "turned"), w.grown)
		return
	}
	e := b.mild(b.row(c, 1), 2, c, 2)
	b.addTotal(b.p.Reduce(b.p.Transpose(e.v, 1, 0), b.n.Name), e.grown)
}

func (b *builder) broadcast(c choice) {
	if c.flag(2) { // a total for each row
		t := b.total(c, 1)
		b.addRow(b.p.Transpose(b.p.Broadcast(t.v, b.n), 1, 0), t.grown)
		return
	}
	e := b.row(c, 1)
	b.addRow(b.p.Broadcast(b.p.Column(e.v, c.of(3, b.d.Size()), "one"), b.d), e.grown)
}

func (b *builder) pick(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	one := program.NewDim("one", 1)
	v := b.p.Pick(e.v, c.of(3, b.d.Size()), one, "one")
	w := b.p.Pick(b.small(b.row(c, 5), c, 6), c.of(4, b.d.Size()), one, "other")
	if c.flag(7) {
		b.addRow(b.p.Broadcast(b.p.Reduce(v, "one"), b.d), e.grown)
		return
	}
	product := b.p.Contract("io,io->i", b.p.Step(v, staircase(c, 8)), w)
	b.addRow(b.p.Broadcast(product, b.d), few+1)
}

func (b *builder) column(c choice) {
	x, y := b.small(b.row(c, 1), c, 2), b.small(b.row(c, 3), c, 4)
	k := b.d.Size()
	product := b.p.Contract("i,i->i", b.p.Column(x, c.of(5, k), "first"), b.p.Column(y, c.of(6, k), "second"))
	b.addRow(b.p.Broadcast(product, b.d), few+1)
}

func (b *builder) last(c choice) {
	e := b.mild(b.row(c, 1), 1, c, 2)
	end := program.NewDim(b.name("last"), 1+c.of(3, 2))
	b.addTotal(b.p.Reduce(b.p.Last(e.v, end), end.Name), e.grown)
}

// choose takes a row. There are two rows at least, or the family has no such member.
func (b *builder) choose(c choice) {
	e := b.row(c, 1)
	b.addTotal(b.p.Select(e.v, c.of(2, 2)), e.grown)
}

// grouped multiplies the features by one that they share.
func (b *builder) grouped(c choice) {
	k := b.d.Size()
	h, e := program.NewDim("h", k), program.NewDim("e", 1)
	x, y := b.small(b.row(c, 1), c, 2), b.small(b.row(c, 3), c, 4)
	keys := b.p.Reshape(b.p.Pick(y, c.of(5, k), program.NewDim("key", 1), "key"), program.Shape{b.n, program.NewDim("key", 1), e}, "keys")
	shared := b.p.Grouped(keys, h, "shared")
	heads := b.p.Reshape(x, program.Shape{b.n, h, e}, "heads")
	product := b.p.Contract("ihe,ihe->ihe", heads, shared)
	b.addRow(b.p.Reshape(product, program.Shape{b.n, b.d}, "side by side"), few+1)
}

// mask leaves out some features of a total.
func (b *builder) mask(c choice) {
	t := b.total(c, 1)
	keep := make([]bool, b.d.Size())
	for i := range keep {
		keep[i] = c.flag(2 + i)
	}
	b.addTotal(b.p.Mask(t.v, keep, c.number(6)), t.grown)
}

func (b *builder) causalMask(c choice) {
	w := b.pair(c, 1)
	if c.of(2, 4) == 0 { // of the other triangle
		b.addPair(b.p.CausalMask(w.v, 1, 0, c.number(3)), w.grown)
		return
	}
	b.addPair(b.p.CausalMask(w.v, 0, 1, c.number(3)*int64(c.of(4, 2))), w.grown)
}

// window weighs earlier rows by what lies between, as a selective model does.
func (b *builder) window(c choice) {
	e := b.mild(b.row(c, 1), 2, c, 2)
	sums := b.p.Window(e.v, "s")
	decay := b.p.Step(sums, staircase(c, 3))
	if c.flag(6) {
		decay = b.p.CausalMask(decay, 0, 1, 0)
	}
	sources := b.p.Reshape(b.small(b.row(c, 7), c, 8), program.Shape{b.n.Renamed("s"), b.d}, "sources")
	b.addRow(b.p.Contract("tsf,sf->tf", decay, sources), few+2)
}

func (b *builder) convolve(c choice) {
	e := b.mild(b.row(c, 1), 2, c, 2)
	kernel := make([][]int64, b.d.Size())
	for f := range kernel {
		kernel[f] = c.numbers(4+3*f, 1+c.of(3+f, 6), 1)
	}
	b.addRow(b.p.Convolve(e.v, kernel), e.grown)
}

// delayed reads the last few rows, at one lag each.
func (b *builder) delayed(c choice) {
	k, lag := b.d.Size(), program.NewDim(b.name("lag"), 1+c.of(1, 4))
	late := b.p.Delayed(b.small(b.row(c, 2), c, 3), lag)
	if c.of(10, 3) > 0 {
		late = b.p.FromStart(late)
	}
	switch c.of(4, 4) {
	case 0:
		b.addRow(b.p.Reduce(late, lag.Name), few+1)
	case 1:
		b.addRow(b.p.Contract("tlf,tf->tf", late, b.small(b.row(c, 5), c, 6)), few+2)
	case 2:
		other := b.p.Delayed(b.small(b.row(c, 5), c, 6), lag)
		b.addRow(b.p.Contract("tlf,tlf->tf", b.p.Step(other, staircase(c, 7)), late), few+2)
	default: // weighed by sums of what lies between, in a window that does not grow
		kernel := make([][]int64, k*lag.Size())
		for i := range kernel {
			kernel[i] = c.numbers(8, i%lag.Size(), 1)
		}
		flat := program.Shape{b.n, program.NewDim(b.name("flat"), len(kernel))}
		sums := b.p.Convolve(b.p.Reshape(b.p.Broadcast(b.row(c, 5).v, lag), flat, "flat"), kernel)
		sums = b.p.Transpose(b.p.Reshape(sums, program.Shape{b.n, b.d, lag}, "lags"), 0, 2, 1)
		if c.flag(7) {
			sums = b.p.FromStart(sums)
		}
		b.addRow(b.p.Contract("tlf,tlf->tf", b.p.Step(sums, staircase(c, 9)), late), few+2)
	}
}
