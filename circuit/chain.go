package circuit

import "slices"

// Chain is a sum over threshold gates that all compare one sum with rising bounds, as
// in a thermometer code. It takes few values, and in a known order: with the first
// 0, 1, 2, ... gates being 1. So a comparison of it is one of its gates, or a
// constant, and needs no gate of its own.
type Chain struct {
	Lits   []Lit // 1 one after another
	Values []Int // with none, one, two, ... of them 1
}

// Chain returns s as a chain; false if it is none.
func (b *Builder) Chain(s Sum) (Chain, bool) {
	list, weights := b.Flatten(s)
	if len(list) == 0 {
		return Chain{}, false
	}
	c := &b.c
	order := make([]int, len(list))
	for i, g := range list {
		if !b.isBound(g.Lit()) || c.args[c.first[g]] != c.args[c.first[list[0]]] {
			return Chain{}, false
		}
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		_, t := c.Bound(list[i])
		_, u := c.Bound(list[j])
		return t.Cmp(u)
	})
	_, _, at := s.Parts()
	ch := Chain{Values: []Int{at}}
	for _, i := range order {
		at = at.Add(weights[i])
		ch.Lits, ch.Values = append(ch.Lits, list[i].Lit()), append(ch.Values, at)
	}
	return ch, true
}

// AtLeast returns whether the chain is at least t; false if that is no literal, as can
// be if some weights of the chain are positive and some negative.
func (ch Chain) AtLeast(t Int) (Lit, bool) {
	first := ch.Values[0].Cmp(t) >= 0
	lit := False.NotIf(first)
	turns := 0
	for i, v := range ch.Values[1:] {
		if now := v.Cmp(t) >= 0; now != first {
			lit, first, turns = ch.Lits[i].NotIf(first), now, turns+1
		}
	}
	return lit, turns <= 1
}
