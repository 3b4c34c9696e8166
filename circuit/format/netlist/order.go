package netlist

import (
	"slices"

	"gonum.org/v1/gonum/graph/simple"
	"gonum.org/v1/gonum/graph/topo"
)

// Reader returns what gate g of a file reads at place k: a gate, or a negative number for anything
// else. It reports false behind the last place. It always says the same of a place.
type Reader func(g int32, k int) (read int32, ok bool)

// Order returns the gates 0..n−1 so that each comes after those that it reads, otherwise in order.
// If that is impossible, the error is at a gate of a loop and names the gates of the loop, each of
// which drives the next. In a very long chain of gates it names only the one gate. Out returns the
// place of a gate's output.
func Order(n int, read Reader, out func(gate int32) Token) ([]int32, error) {
	first, reads := make([]uint32, 1, n+1), make([]int32, 0, 2*n)
	for g := range int32(n) {
		for k := 0; ; k++ {
			h, ok := read(g, k)
			if !ok {
				break
			}
			if h >= 0 {
				Double(&reads, 1)
				reads = append(reads, h)
			}
		}
		first = append(first, uint32(len(reads)))
	}
	return order(first, reads, out)
}

// order is Order where gate g reads the gates reads[first[g]:first[g+1]].
func order(first []uint32, reads []int32, out func(gate int32) Token) ([]int32, error) {
	const (
		fresh uint8 = iota
		waits
		done
	)
	n := len(first) - 1
	state := make([]uint8, n)
	next := slices.Clone(first[:n]) // in reads, by gate
	// The order grows from the front of a list, and from its back the gates that wait, each for the next: no gate is
	// both. A file can make chains as long as itself, so this is no recursion.
	order, count, open := make([]int32, n), 0, n
	for root := range int32(n) {
		if state[root] != fresh {
			continue
		}
		state[root] = waits
		gate, at, end := root, first[root], first[root+1]
		for {
			for at < end && state[reads[at]] == done {
				at++
			}
			if at == end {
				state[gate] = done
				order[count] = gate
				if count++; open == n {
					break
				}
				gate = order[open]
				open++
				at, end = next[gate], first[gate+1]
				continue
			}
			h := reads[at]
			open--
			order[open], next[gate] = gate, at+1
			if state[h] == waits {
				waiting := slices.Clone(order[open:])
				slices.Reverse(waiting)
				loop := []int32{h}
				if len(waiting) <= mostWaiting {
					loop = loopIn(waiting, func(g int32, k int) (int32, bool) {
						if of := reads[first[g]:first[g+1]]; k < len(of) {
							return of[k], true
						}
						return 0, false
					})
				}
				gates := make([]Token, len(loop))
				for i, g := range loop {
					gates[i] = out(g)
				}
				return nil, loopError(gates)
			}
			state[h] = waits
			gate, at, end = h, first[h], first[h+1]
		}
	}
	return order, nil
}

// mostWaiting is how many gates a loop is looked for in: gonum's search is recursive.
const mostWaiting = 1 << 16

// loopIn returns a loop of gates that wait for each other: each except the last reads the next one,
// and the last reads an earlier one.
func loopIn(waiting []int32, read Reader) []int32 {
	g := simple.NewDirectedGraph()
	for _, from := range waiting {
		g.AddNode(simple.Node(from))
	}
	reads := map[int32][]int32{} // of the gates that wait, those that they read
	for _, from := range waiting {
		for k, more := 0, true; more; k++ {
			var to int32
			switch to, more = read(from, k); {
			case !more || g.Node(int64(to)) == nil:
			case to == from: // which a simple graph has no edge for
				return []int32{from}
			default:
				g.SetEdge(simple.Edge{F: simple.Node(from), T: simple.Node(to)})
				reads[from] = append(reads[from], to)
			}
		}
	}
	knot := map[int32]int{} // by gate, the number of the knot that it is in, from 1 on
	for i, part := range topo.TarjanSCC(g) {
		for _, gate := range part {
			if len(part) > 1 {
				knot[int32(gate.ID())] = i + 1
			}
		}
	}
	at := waiting[slices.IndexFunc(waiting, func(gate int32) bool { return knot[gate] != 0 })]
	var walk []int32 // every gate of a knot reads another of it
	place := map[int32]int{}
	for place[at] == 0 {
		walk = append(walk, at)
		place[at] = len(walk)
		at = reads[at][slices.IndexFunc(reads[at], func(gate int32) bool { return knot[gate] == knot[at] })]
	}
	walk = walk[place[at]-1:]
	slices.Reverse(walk[1:])
	return walk
}
