// Command generate finds small circuits of ANDs and complements for the functions of four inputs,
// and writes structures.bin, which package cuts reads. Run it in the folder of that package:
//
//	go run ./generate
//
// It builds a forest of functions by the number of ANDs. A node is the AND or the XOR, which is
// three ANDs, of two nodes before it; its volume is the number of ANDs below it, shared ones once.
// Of each function it keeps a few nodes of the least volume, and of those that stand for a class of
// functions, which are equal up to order and complements, many, also with one AND more.
//
// Source: the construction follows Mishchenko, Chatterjee and Brayton, DAG-Aware AIG Rewriting,
// DAC 2006, section 4.
package main

import (
	"fmt"
	"os"

	"github.com/tc0lab/tc0/circuit/optimise/cuts"
)

const (
	allPairs   = 7  // up to this volume all pairs of nodes are tried, and above only those with an input
	mostVolume = 9  // which the parity of four inputs needs
	mostKept   = 40 // structures of a class
)

// kept is how many nodes of a function stay in the forest, by volume.
func kept(volume int) int {
	switch {
	case volume <= 2:
		return 100
	case volume == 3:
		return 6
	}
	return 2
}

// node is a function of the forest. Its table is 0 where all inputs are 0.
type node struct {
	table  uint16
	a, b   int // literals: 2·node, and 1 more for the complement
	xor    bool
	volume int
	below  []int // the nodes below it and itself, without the inputs
}

type forest struct {
	nodes []node
	best  [1 << 16]uint8 // by table: the least volume, and 1 more; 0: there is none
	count [1 << 16]uint8 // and how many nodes are kept
	rep   [1 << 16]bool
	found [1 << 16][]node // structures of the classes, also those that are not kept
	stamp []int
	mark  int
}

func normal(t uint16) uint16 {
	if t&1 != 0 {
		return ^t
	}
	return t
}

func main() {
	f := &forest{}
	f.best[0] = 1
	for _, t := range cuts.Classes() {
		f.rep[normal(t)] = true
	}
	for _, t := range cuts.Inputs {
		f.nodes = append(f.nodes, node{table: t, a: -1, b: -1})
		f.best[t] = 1
		f.stamp = append(f.stamp, 0)
	}
	for v := 1; v <= mostVolume; v++ {
		f.grow(v)
		fmt.Fprintf(os.Stderr, "volume %d: %d nodes\n", v, len(f.nodes))
	}
	var out []byte
	total := 0
	for i, t := range cuts.Classes() {
		list := f.found[normal(t)]
		if len(list) > 255 {
			list = list[:255]
		}
		total += len(list)
		out = append(out, byte(len(list)))
		for k := range list {
			out = append(out, f.encode(&list[k], t)...)
		}
		if len(list) == 0 && i > 1 {
			fmt.Fprintf(os.Stderr, "class %d, %04x, has no structure\n", i, t)
		}
	}
	fmt.Fprintf(os.Stderr, "%d structures, %d bytes\n", total, len(out))
	if err := os.WriteFile("structures.bin", out, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// grow adds the nodes of a volume.
func (f *forest) grow(volume int) {
	n := len(f.nodes)
	for p := 0; p < n; p++ {
		for q := 0; q < p && (volume <= allPairs || q < len(cuts.Inputs)); q++ {
			x, y := &f.nodes[p], &f.nodes[q]
			if x.volume >= volume || y.volume >= volume || x.volume+y.volume+3 < volume {
				continue
			}
			union := -1
			try := func(t uint16, cost int, a, b int, xor bool) {
				t = normal(t)
				best, ok := int(f.best[t])-1, f.best[t] > 0
				wanted := !ok || best == volume && int(f.count[t]) < kept(volume)
				if rep := f.rep[t] && (!ok || volume <= best+1) && len(f.found[t]) < mostKept; !rep && !wanted {
					return
				}
				if union < 0 {
					union = f.union(p, q)
				}
				if union+cost == volume {
					f.add(t, volume, a, b, xor, wanted)
				}
			}
			s, t := f.nodes[p].table, f.nodes[q].table
			if x.volume+y.volume+1 >= volume {
				try(s&t, 1, 2*p, 2*q, false)
				try(s&^t, 1, 2*p, 2*q+1, false)
				try(^s&t, 1, 2*p+1, 2*q, false)
				try(^s&^t, 1, 2*p+1, 2*q+1, false)
			}
			try(s^t, 3, 2*p, 2*q, true)
		}
	}
}

// union returns the number of ANDs below two nodes.
func (f *forest) union(p, q int) int {
	f.mark++
	all := 0
	for _, list := range [][]int{f.nodes[p].below, f.nodes[q].below} {
		for _, k := range list {
			if f.stamp[k] == f.mark {
				continue
			}
			f.stamp[k] = f.mark
			if all++; f.nodes[k].xor {
				all += 2
			}
		}
	}
	return all
}

func (f *forest) add(t uint16, volume, a, b int, xor, keep bool) {
	n := node{table: t, a: a, b: b, xor: xor, volume: volume}
	f.mark++
	for _, list := range [][]int{f.nodes[a/2].below, f.nodes[b/2].below} {
		for _, k := range list {
			if f.stamp[k] != f.mark {
				f.stamp[k] = f.mark
				n.below = append(n.below, k)
			}
		}
	}
	if f.best[t] == 0 {
		f.best[t] = uint8(volume) + 1
	}
	if f.rep[t] && len(f.found[t]) < mostKept {
		f.found[t] = append(f.found[t], n)
	}
	if keep {
		f.count[t]++
		n.below = append(n.below, len(f.nodes))
		f.nodes = append(f.nodes, n)
		f.stamp = append(f.stamp, 0)
	}
}

// encode returns a structure: the number of its ANDs, with a bit for the complement of the last one,
// and their literals. The inputs are 0 to 3, and the ANDs follow.
func (f *forest) encode(n *node, table uint16) []byte {
	var ands []byte
	lits := map[int]int{0: 0, 1: 2, 2: 4, 3: 6} // by node
	and := func(a, b int) int {
		ands = append(ands, byte(a), byte(b))
		return 2 * (3 + len(ands)/2)
	}
	var lit func(l int) int
	value := func(n *node) int {
		a, b := lit(n.a), lit(n.b)
		if !n.xor {
			return and(a, b)
		}
		both, none := and(a, b), and(a^1, b^1)
		return and(both^1, none^1)
	}
	lit = func(l int) int {
		v, ok := lits[l/2]
		if !ok {
			v = value(&f.nodes[l/2])
			if t := f.tableOf(&f.nodes[l/2]); t != f.nodes[l/2].table {
				v ^= 1
			}
			lits[l/2] = v
		}
		return v ^ l&1
	}
	value(n)
	flip := byte(0)
	if f.tableOf(n) != table {
		flip = 0x80
	}
	return append([]byte{byte(len(ands)/2) | flip}, ands...)
}

// tableOf returns the table of what a node computes before it is made 0 where all inputs are 0.
func (f *forest) tableOf(n *node) uint16 {
	of := func(l int) uint16 {
		if l&1 != 0 {
			return ^f.nodes[l/2].table
		}
		return f.nodes[l/2].table
	}
	if n.xor {
		return of(n.a) ^ of(n.b)
	}
	return of(n.a) & of(n.b)
}
