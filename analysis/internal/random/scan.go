package random

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// Recurrences over the rows, and a few copies of one body.

// states returns first states: zeros, inputs, or what there is.
func (b *builder) states(c choice, count int) []program.Value {
	var list []program.Value
	for k := range count {
		switch c.of(2+k, 4) {
		case 0:
			list = append(list, b.p.Const(program.Shape{b.d}, make([]int64, b.d.Size())))
		case 1:
			list = append(list, b.p.Step(b.total(c, 3+k).v, round(c, 4+k, 0, 3)))
		default:
			list = append(list, b.p.Input(b.name("s"), program.Shape{b.d}, 2, false))
		}
	}
	return list
}

// scan has one to three states, each computed in a way of its own.
func (b *builder) scan(c choice) {
	count := 1 + c.of(2, 3)
	x := b.row(c, 1).v
	out := b.p.Scan(b.name("scan"), x, b.states(c, count), func(x program.Value, s []program.Value) []program.Value {
		next := make([]program.Value, count)
		for k := range next {
			next[k] = b.next(c, 6+3*k, k, x, s)
		}
		return next
	})
	b.outOf(c, out)
}

// scanDelays shifts or turns up to six states, of which one is computed.
func (b *builder) scanDelays(c choice) {
	count := 2 + c.of(2, 5)
	from := c.of(3, count)
	x := b.row(c, 1).v
	out := b.p.Scan(b.name("scan"), x, b.states(c, count), func(x program.Value, s []program.Value) []program.Value {
		next := make([]program.Value, count)
		for k := range next {
			next[k] = s[(k+count-1)%count]
		}
		if c.of(4, 6) > 0 { // else they only turn
			next[0] = b.next(c, 9, from, x, s)
		}
		if c.of(5, 3) == 0 {
			next[count-1] = b.p.Step(b.p.Add(next[count-1], b.p.Affine(c.number(6), s[from], 1)), round(c, 7, 0, 3))
		}
		return next
	})
	b.outOf(c, out)
}

func (b *builder) outOf(c choice, out []program.Value) {
	for k, v := range out {
		if c.of(14, 2) == 0 || k == c.of(13, len(out)) {
			b.addTotal(v, 0)
		}
	}
}

// next computes state k.
func (b *builder) next(c choice, i, k int, x program.Value, s []program.Value) program.Value {
	other := s[c.of(i+1, len(s))]
	sum := func(v, w program.Value) program.Value {
		plus, minus := b.p.Affine(1+int64(c.of(i+2, 3)), v, 0), b.p.Affine(-1-int64(c.of(i+1, 2)), w, 0)
		return b.p.Step(b.p.Add(plus, minus), round(c, i+2, 0, 3))
	}
	switch c.of(i, 10) {
	case 0:
		return other
	case 1:
		return sum(x, b.p.Step(x, round(c, i+1, 0, 3))) // forgets
	case 2:
		return sum(s[k], other)
	case 3: // two levels
		return sum(sum(x, other), s[k])
	case 4:
		return sum(b.p.Elementwise(b.p.Step(x, round(c, i+1, 0, 2)), other), s[k])
	case 5:
		return sum(x, b.p.Linear(other, b.matrix(c, i), nil, b.d.Name))
	case 6:
		return b.p.Const(program.Shape{b.d}, make([]int64, b.d.Size()))
	case 7: // sum without rounding: its range grows
		if c.of(i+2, 8) == 0 {
			return b.p.Add(other, b.p.Step(x, round(c, i+1, 0, 3)))
		}
		return sum(x, s[k])
	default:
		return sum(x, other)
	}
}

// scanRows has a state of shape [n,d], so that each copy is as large as the whole input.
func (b *builder) scanRows(c choice) {
	first := b.small(b.row(c, 2), c, 3)
	w := b.matrix(c, 6)
	out := b.p.Scan(b.name("scan"), b.row(c, 1).v, []program.Value{b.p.Step(first, round(c, 5, 0, 3))},
		func(x program.Value, s []program.Value) []program.Value {
			v := s[0]
			switch c.of(4, 4) {
			case 0:
				v = b.p.Linear(v, w, nil, b.d.Name)
			case 2: // the first row with all rows
				v = b.p.Add(v, b.p.Select(v, 0))
			case 1: // all rows meet
				v = b.p.Add(v, b.p.Step(b.p.Reduce(v, b.n.Name), round(c, 8, 0, 3)))
			}
			return []program.Value{b.p.Step(b.p.Add(v, b.p.Affine(c.number(9), x, 0)), round(c, 10, 0, 3))}
		})
	b.addRow(out[0], 0)
}

// scanPairs has a state of shape [n,n], of which a mask may leave out a part.
func (b *builder) scanPairs(c choice) {
	first := b.p.Step(b.pair(c, 2).v, round(c, 4, 0, 2))
	masked := func(v program.Value) program.Value {
		if c.of(5, 3) == 0 {
			return v
		}
		return b.p.CausalMask(v, c.of(6, 2), 1-c.of(6, 2), int64(c.of(7, 2)))
	}
	out := b.p.Scan(b.name("scan"), b.row(c, 1).v, []program.Value{masked(first)},
		func(x program.Value, s []program.Value) []program.Value {
			one := b.p.Column(x, c.of(8, b.d.Size()), "one")
			v := b.p.Add(s[0], b.p.Broadcast(b.p.Affine(c.number(9), one, 0), b.n, b.m))
			return []program.Value{masked(b.p.Step(v, round(c, 10, 0, 2)))}
		})
	b.addPair(out[0], 0)
}

// repeat applies one body to rows a few times.
func (b *builder) repeat(c choice) {
	first := []program.Value{b.small(b.row(c, 2), c, 3)}
	if c.flag(6) {
		first = append(first, b.small(b.row(c, 7), c, 8))
	}
	w := b.matrix(c, 9)
	out := b.p.Repeat(b.name("loop"), 1+c.of(1, 3), first, func(t int, s []program.Value) []program.Value {
		x, y := s[0], s[len(s)-1]
		v := b.p.Linear(x, w, nil, b.d.Name)
		switch c.of(10, 3) {
		case 0:
			scores := b.p.Step(b.p.Contract("if,jf->ij", x, b.copied(y)), round(c, 11, 0, 1))
			v = b.p.Contract("ij,jf->if", scores, b.copied(y))
		case 1:
			v = b.p.Add(b.p.Elementwise(x, y), b.p.Affine(1, x, int64(t)*c.number(12)))
		}
		next := []program.Value{b.p.Step(v, round(c, 13, -1, 2)), x}
		return next[:len(s)]
	})
	for _, v := range out {
		b.addRow(v, 0)
	}
}

// repeatTotal makes a deep value beside the rows.
func (b *builder) repeatTotal(c choice) {
	h := b.small(b.total(c, 1), c, 2)
	v := b.p.Iterate(b.name("loop"), 1+c.of(5, 12), h, func(t int, z program.Value) program.Value {
		return b.p.Step(b.p.Add(b.p.Affine(3, z, 0), b.p.Affine(-2, h, int64(t%2))), round(c, 6, 0, 3))
	})
	b.addTotal(v, 0)
	if c.flag(7) {
		b.p.Output(fmt.Sprintf("beside%d", len(b.made)), v)
	}
}
