package explore

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// mostEdges is how many edges a view has if they can be merged: then they begin, or begin and end,
// at frames.
const mostEdges = 4000

// mostWeighed is the fan-in up to which the wires into a sum have their weights.
const mostWeighed = 256

// edgeMap gathers wires between items.
type edgeMap map[[2]int32]*Edge

// add adds n wires, some of them complemented.
func (m edgeMap) add(from, to int32, n int64, not bool) {
	if from < 0 || from == to {
		return
	}
	e := m[[2]int32{from, to}]
	if e == nil {
		e = &Edge{From: int(from), To: int(to), Not: not}
		m[[2]int32{from, to}] = e
	}
	e.Wires += n
	e.Not = e.Not && not
}

// edges gathers the wires between the items in view.
func (v *viewer) edges() []Edge {
	c, item := v.x.c, v.view.item
	m := edgeMap{}
	sumItem := map[circuit.SumID]int32{}
	for i, z := range v.view.sums {
		sumItem[z.sum] = int32(len(v.view.nodes) + i)
		for _, r := range z.readers {
			m.add(sumItem[z.sum], int32(r), 1, false)
		}
	}
	f := v.x.flow
	type reader struct { // gates of an item on sums with the same gates
		set int32         // index in the sets of the flow, or −1
		sum circuit.SumID // one of them
		to  int32
	}
	readers := map[reader]int64{}
	first := map[int32]circuit.SumID{} // by set
	for g := range circuit.Gate(c.Len()) {
		to := item[g]
		if to < 0 {
			continue
		}
		for _, l := range c.Fanin(g) {
			m.add(item[l.Gate()], to, 1, l.IsComplement())
		}
		s, ok := c.ReadsSum(g)
		if _, shown := sumItem[s]; !ok || shown && v.view.nodes[to].kind == kindGate {
			continue
		}
		set := f.set(s)
		if one, ok := first[set]; ok && set >= 0 {
			s = one
		}
		first[set] = s
		readers[reader{set, s, to}]++
	}
	b := f.bundles(item, len(v.view.nodes))
	for r, n := range readers {
		for _, w := range b.into(r.sum) {
			m.add(w.from, r.to, n*w.n, false)
		}
	}
	for s, to := range sumItem {
		for _, w := range b.into(s) {
			m.add(w.from, to, w.n, false)
		}
	}
	for i, n := range v.view.nodes {
		v.x.tree.eachOutput(n, func(wire int) {
			l := v.x.tree.wires[wire]
			m.add(item[l.Gate()], int32(i), 1, l.IsComplement())
		})
	}
	v.weigh(m)
	return v.merge(m)
}

// weigh gives single wires from gates into sums their weights.
func (v *viewer) weigh(m edgeMap) {
	weigh := func(s circuit.SumID, to int32) {
		if v.x.flow.fanIn(s) > mostWeighed {
			return
		}
		from, weights := v.x.c.Flatten(s)
		for i, g := range from {
			at := v.view.item[g]
			if at < 0 || v.view.nodes[at].kind != kindGate {
				continue
			}
			if e := m[[2]int32{at, to}]; e != nil && e.Wires == 1 {
				e.Weight = weights[i].String()
			}
		}
	}
	shown := map[circuit.SumID]bool{}
	for i, z := range v.view.sums {
		shown[z.sum] = true
		weigh(z.sum, int32(len(v.view.nodes)+i))
	}
	for i, n := range v.view.nodes {
		if n.kind != kindGate {
			continue
		}
		if s, ok := v.x.c.ReadsSum(n.gate); ok && !shown[s] {
			weigh(s, int32(i))
		}
	}
}

// merge returns the edges in order. Beyond the limit edges begin at the frame around what is read,
// and if they are still too many they end at the frame around what reads.
func (v *viewer) merge(m edgeMap) []Edge {
	frame := map[string]int{}
	for k, f := range v.view.Frames {
		frame[f.ID] = -1 - k
	}
	outer := func(i int) int {
		if k, ok := frame[v.view.Items[i].Parent]; ok {
			return k
		}
		return i
	}
	list := make([]Edge, 0, len(m))
	for _, e := range m {
		list = append(list, *e)
	}
	if len(list) > mostEdges {
		v.view.Full = append(v.view.Full, fmt.Sprintf(
			"%d bundles of wires are more than %d: they begin or end at frames", len(list), mostEdges))
		list = joined(list, func(e *Edge) { e.From = outer(e.From) })
		if len(list) > mostEdges {
			list = joined(list, func(e *Edge) { e.To = outer(e.To) })
		}
	}
	slices.SortFunc(list, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return list
}

// joined moves the ends of edges and joins those with the same ends.
func joined(list []Edge, move func(*Edge)) []Edge {
	at := map[[2]int]int{}
	var all []Edge
	for _, e := range list {
		move(&e)
		if e.From == e.To {
			continue
		}
		i, ok := at[[2]int{e.From, e.To}]
		if !ok {
			at[[2]int{e.From, e.To}] = len(all)
			all = append(all, e)
			continue
		}
		all[i].Wires += e.Wires
		all[i].Not = all[i].Not && e.Not
		all[i].Weight = ""
	}
	return all
}
