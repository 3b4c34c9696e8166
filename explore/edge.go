package explore

import (
	"cmp"
	"fmt"
	"math"
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

// mostGathered is how many edges are gathered before they are merged: of more, there is no need to know
// each, as they begin at frames.
const mostGathered = 16 * mostEdges

// edges gathers the wires between the items in view.
func (v *viewer) edges() []Edge {
	if m := v.gather(v.view.item, mostGathered); m != nil {
		if len(m) <= mostEdges {
			v.weigh(m)
		}
		return v.merge(m, fmt.Sprint(len(m)))
	}
	// The wires of a gate begin at the frame around it, which gets a number behind those of items.
	frame := map[string]int32{}
	for k, f := range v.view.Frames {
		frame[f.ID] = int32(len(v.view.Items) + k)
	}
	from := slices.Clone(v.view.item)
	for g, i := range from {
		if i < 0 || v.view.nodes[i].kind != kindGate {
			continue // wires within a box are none
		}
		if k, ok := frame[v.view.Items[i].Parent]; ok {
			from[g] = k
		}
	}
	m := v.gather(from, math.MaxInt)
	for _, e := range m {
		if n := len(v.view.Items); e.From >= n {
			e.From = n - 1 - e.From
		}
	}
	return v.merge(m, fmt.Sprintf("more than %d", mostGathered))
}

// gather gathers the wires into the items in view; from is by gate what they begin at. It returns nil if
// there are more than most.
func (v *viewer) gather(from []int32, most int) edgeMap {
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
			m.add(from[l.Gate()], to, 1, l.IsComplement())
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
	b := f.bundles(from, len(v.view.Items)+len(v.view.Frames))
	for r, n := range readers {
		for _, w := range b.into(r.sum) {
			m.add(w.from, r.to, n*w.n, false)
		}
		if len(m) > most {
			return nil
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
			m.add(from[l.Gate()], int32(i), 1, l.IsComplement())
		})
	}
	if len(m) > most {
		return nil
	}
	return m
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
// and if they are still too many they end at the frame around what reads. Count says how many there were.
func (v *viewer) merge(m edgeMap, count string) []Edge {
	frame := map[string]int{}
	for k, f := range v.view.Frames {
		frame[f.ID] = -1 - k
	}
	outer := func(i int) int {
		if i < 0 {
			return i
		}
		if k, ok := frame[v.view.Items[i].Parent]; ok {
			return k
		}
		return i
	}
	list := make([]Edge, 0, len(m))
	for _, e := range m {
		list = append(list, *e)
	}
	if len(list) > mostEdges || count != fmt.Sprint(len(m)) {
		v.view.Full = append(v.view.Full, fmt.Sprintf(
			"%s bundles of wires are too many to draw each: they begin or end at frames", count))
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
