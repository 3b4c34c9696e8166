package explore

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// MostItems is how many items a view shows at most. It is a limit of ours: a page can show no more at once.
const MostItems = 10000

// Options say what a circuit does not know of itself. The zero value is fine.
type Options struct {
	Name    string            `json:"name,omitempty"`
	Wires   int64             `json:"wires,omitempty"`   // as [circuit.Stats] counts them; 0: not known
	Input   string            `json:"input,omitempty"`   // the circuit's own input, "0110…"; "": all 0
	Codecs  map[string]Codec  `json:"codecs,omitempty"`  // by group of ports, such as x of x[0]
	Origins map[string]string `json:"origins,omitempty"` // by path of a stage: what made its gates
	Text    *Text             `json:"text,omitempty"`    // of a language model
	Steps   []Step            `json:"steps,omitempty"`   // of a diffusion model

	// Reasons say by path of a stage and by kind of gate, such as AND, what such gates there are for.
	Reasons map[string]map[string]string `json:"reasons,omitempty"`
}

// Codec says how a person reads the ports of a group, in order. Images, lamps, tapes and boards have as many ports as
// rows times columns. Lamps and tapes are of bits. The digits of a board are bits of its ports: bit d − 1 says that d
// is possible.
type Codec struct {
	Kind       string   `json:"kind"` // int, bits, image, tokens, lamps, tape or board
	Rows       int      `json:"rows,omitempty"`
	Columns    int      `json:"columns,omitempty"`
	Vocabulary []string `json:"vocabulary,omitempty"` // tokens: the text of each integer
	Labels     []string `json:"labels,omitempty"`     // int: what each integer stands for
}

// Column is a column of the layout: the gates of one level, or those after them that are free.
type Column struct {
	Level int  `json:"level"`
	Gates int  `json:"gates"` // those that cost nothing included, sources not
	Free  bool `json:"free,omitempty"`
}

// Circuit is a circuit that is ready to be looked at. Open one with [New]. It is not safe for
// concurrent use.
type Circuit struct {
	c       *circuit.Circuit
	opt     Options
	levels  *circuit.Levels
	columns []Column // without that of the outputs, which comes last
	column  []int32  // by gate
	order   []uint32 // the nodes, gates then sums, each after what it reads
	at      []uint32 // by node: its place in order
	y       []float64

	// What reads node x is reader[first[x]:first[x+1]], with the weights for sums and 1 or −1 for
	// logic gates.
	first  []int
	reader []uint32
	coef   []int64

	tree *tree
	flow *flow
}

// New gets a circuit ready. Time and memory are linear in the terms and wires as they are stored.
func New(c *circuit.Circuit, opt Options) *Circuit {
	x := &Circuit{c: c, opt: opt, levels: c.Levels(gates.Standard())}
	x.sort()
	x.findReaders()
	x.findColumns()
	x.findHeights()
	x.tree = newTree(x)
	x.flow = newFlow(x)
	return x
}

// nodes is the number of gates and sums.
func (x *Circuit) nodes() int { return x.c.Len() + x.c.SumCount() }

func (x *Circuit) sumNode(s circuit.SumID) uint32 { return uint32(x.c.Len()) + uint32(s) }

// sumOf returns the sum that a node is, if it is one.
func (x *Circuit) sumOf(node uint32) (circuit.SumID, bool) {
	n := uint32(x.c.Len())
	return circuit.SumID(node - n), node >= n
}

func (x *Circuit) refNode(r circuit.Ref) uint32 {
	if r.IsSum() {
		return x.sumNode(r.Sum())
	}
	return uint32(r.Gate())
}

// reads calls f with what a node reads. The coefficient of what a sum of big numbers reads is 0.
func (x *Circuit) reads(node uint32, f func(from uint32, coef int64)) {
	if s, ok := x.sumOf(node); ok {
		weights, small := x.c.SmallWeights(s)
		for i, r := range x.c.Refs(s) {
			if small {
				f(x.refNode(r), weights[i])
			} else {
				f(x.refNode(r), 0)
			}
		}
		return
	}
	g := circuit.Gate(node)
	if s, ok := x.c.ReadsSum(g); ok {
		f(x.sumNode(s), 1)
		return
	}
	for _, l := range x.c.Fanin(g) {
		if l.IsComplement() {
			f(uint32(l.Gate()), -1)
		} else {
			f(uint32(l.Gate()), 1)
		}
	}
}

// sort finds the order: a sum comes as soon as what it reads is there.
func (x *Circuit) sort() {
	c := x.c
	x.order, x.at = make([]uint32, 0, x.nodes()), make([]uint32, x.nodes())
	next, latest := circuit.SumID(0), circuit.Gate(0)
	find := func() {
		if int(next) == c.SumCount() {
			return
		}
		for _, r := range c.Refs(next) {
			if r.IsSum() {
				break // sums come last
			}
			latest = max(latest, r.Gate())
		}
	}
	find()
	for g := range circuit.Gate(c.Len()) {
		x.order = append(x.order, uint32(g))
		for int(next) < c.SumCount() && latest <= g {
			x.order = append(x.order, x.sumNode(next))
			next++
			find()
		}
	}
	for i, node := range x.order {
		x.at[node] = uint32(i)
	}
}

func (x *Circuit) findReaders() {
	n := x.nodes()
	x.first = make([]int, n+1)
	for node := range uint32(n) {
		x.reads(node, func(from uint32, _ int64) { x.first[from+1]++ })
	}
	for i := range n {
		x.first[i+1] += x.first[i]
	}
	x.reader, x.coef = make([]uint32, x.first[n]), make([]int64, x.first[n])
	next := slices.Clone(x.first[:n])
	for node := range uint32(n) {
		x.reads(node, func(from uint32, coef int64) {
			x.reader[next[from]], x.coef[next[from]] = node, coef
			next[from]++
		})
	}
}

// findColumns gives each gate its column. Columns follow the levels, and within a level the gates
// that are free stand behind what they read.
func (x *Circuit) findColumns() {
	c := x.c
	type place struct{ level, free uint32 }
	places := make([]place, c.Len())
	free := make([]uint32, x.nodes()) // by node: how many free gates of its level lead to it
	count := map[place]int{{}: 0}
	for _, node := range x.order {
		most := uint32(0)
		level := func(n uint32) uint32 {
			if s, ok := x.sumOf(n); ok {
				return x.levels.Sum[s]
			}
			return x.levels.Gate[n]
		}
		own, isGate := level(node), int(node) < c.Len()
		x.reads(node, func(from uint32, _ int64) {
			if level(from) == own {
				most = max(most, free[from])
			}
		})
		if !isGate {
			free[node] = most
			continue
		}
		if k := c.Kind(circuit.Gate(node)); !k.IsSource() {
			if c.Cost(x.levels.Model, circuit.Gate(node)) == 0 {
				free[node] = most + 1
			}
			places[node] = place{own, free[node]}
			count[places[node]]++
		}
	}
	var all []place
	for p := range count {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.free, b.free))
	})
	rank := map[place]int32{}
	for i, p := range all {
		rank[p] = int32(i)
		x.columns = append(x.columns, Column{int(p.level), count[p], p.free > 0})
	}
	x.column = make([]int32, c.Len())
	for g, p := range places {
		x.column[g] = rank[p]
	}
}

// findHeights gives each node a height from 0 to 1 by barycentres: inputs by their order, then what
// a node reads, then what reads it, then what it reads again.
func (x *Circuit) findHeights() {
	x.y = make([]float64, x.nodes())
	isInput := make([]bool, x.nodes())
	for i, g := range x.c.Inputs() {
		x.y[g] = (float64(i) + 0.5) / float64(len(x.c.Inputs()))
		isInput[g] = true
	}
	down := func() {
		for _, node := range x.order {
			sum, n := 0.0, 0
			x.reads(node, func(from uint32, _ int64) { sum, n = sum+x.y[from], n+1 })
			if n > 0 {
				x.y[node] = sum / float64(n)
			}
		}
	}
	down()
	for _, node := range slices.Backward(x.order) {
		if isInput[node] {
			continue // the order of inputs is their own
		}
		sum, n := x.y[node], 1
		for _, to := range x.reader[x.first[node]:x.first[node+1]] {
			sum, n = sum+x.y[to], n+1
		}
		x.y[node] = sum / float64(n)
	}
	down()
}
