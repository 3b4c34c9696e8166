package explore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// Kinds of items.
const (
	kindRoot   = "circuit"
	kindInputs = "inputs" // a group of input ports
	kindPort   = "port"
	kindStage  = "stage"
	kindRow    = "row"
	kindBlock  = "block" // a range of gates, wires, ports or stages
	kindGate   = "gate"
	kindSum    = "sum"
	kindOuts   = "outputs"
	kindOport  = "oport"
	kindOutput = "output"
)

// How many children an item has at most, and how many gates stand side by side without rows.
const (
	mostChildren = 256
	mostLoose    = 48
	blockOf      = 64
)

// node is an item of the tree, folded or not.
type node struct {
	id, kind string
	parent   *node
	list     *list // of which a range are its leaves; nil for the root, a stage and a gate
	lo, hi   int   // the range
	stage    circuit.StageID
	gate     circuit.Gate // of a gate and of an output
	port     int          // of a port

	from, to int // columns
	gates    int // gates in it, sources not
	y        float64

	children []*node
	grown    bool
}

// list is what the items of a range are parts of: the own gates of a stage, the wires of a port,
// the ports of a group or the stages in a stage.
type list struct {
	letter string // of the ids of ranges
	number []int  // what ids are made of, for each
	make   func(i int, parent *node) *node
	gates  []circuit.Gate // by element, if the elements are gates or wires
	rows   bool           // neighbours that read one sum are rows
}

// tree is the items of a circuit. They are made as they are asked for.
type tree struct {
	x      *Circuit
	root   *node
	own    [][]circuit.Gate    // by stage: its own gates by column, then by index
	place  []int32             // by gate: its place among them
	inner  [][]circuit.StageID // by stage: the stages in it that have gates
	total  []extent            // by stage: with the stages in it
	input  []int32             // by gate: its number among the inputs, or −1
	inPort []int32             // by input: its port
	ins    []group
	outs   []group
	outOf  []int32 // by output wire: its port
	outAt  []int   // by output port: its first wire
	inAt   []int   // by input port: its first wire
	wires  []circuit.Lit
}

// extent is what a set of gates spans.
type extent struct {
	gates    int
	from, to int
	y        float64 // Σ
}

func (e *extent) take(other extent) {
	if other.gates == 0 {
		return
	}
	if e.gates == 0 {
		e.from, e.to = other.from, other.to
	}
	e.from, e.to = min(e.from, other.from), max(e.to, other.to)
	e.gates += other.gates
	e.y += other.y
}

// group is the ports of one name before the indices.
type group struct {
	name  string
	ports []int
}

// mostGroups is how many groups a side has at most; if ports have more names, they are one group.
const mostGroups = 12

// baseName returns the name of a port without its indices.
func baseName(port string) string {
	if before, _, ok := strings.Cut(port, "["); ok && before != "" {
		return before
	}
	return port
}

func groupPorts(ports []circuit.Port, all string) []group {
	var groups []group
	index := map[string]int{}
	one := group{name: all}
	for i, p := range ports {
		name := baseName(p.Name)
		at, ok := index[name]
		if !ok {
			at = len(groups)
			index[name] = at
			groups = append(groups, group{name: name})
		}
		groups[at].ports = append(groups[at].ports, i)
		one.ports = append(one.ports, i)
	}
	if len(groups) > mostGroups {
		return []group{one}
	}
	return groups
}

func newTree(x *Circuit) *tree {
	c := x.c
	t := &tree{
		x: x, own: make([][]circuit.Gate, c.StageCount()), place: make([]int32, c.Len()),
		inner: make([][]circuit.StageID, c.StageCount()), total: make([]extent, c.StageCount()),
		input: slices.Repeat([]int32{-1}, c.Len()), wires: c.Outputs(),
		ins: groupPorts(c.InputPorts(), "inputs"), outs: groupPorts(c.OutputPorts(), "outputs"),
	}
	for i, g := range c.Inputs() {
		t.input[g] = int32(i)
	}
	for i, p := range c.InputPorts() {
		t.inAt = append(t.inAt, len(t.inPort))
		t.inPort = append(t.inPort, slices.Repeat([]int32{int32(i)}, len(p.Wires))...)
	}
	for i, p := range c.OutputPorts() {
		t.outAt = append(t.outAt, len(t.outOf))
		t.outOf = append(t.outOf, slices.Repeat([]int32{int32(i)}, len(p.Wires))...)
	}
	t.sortGates()
	t.root = &node{kind: kindRoot, to: len(x.columns)}
	return t
}

// sortGates finds the own gates of each stage and what the stages span.
func (t *tree) sortGates() {
	c := t.x.c
	byColumn := make([][]circuit.Gate, len(t.x.columns))
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			byColumn[t.x.column[g]] = append(byColumn[t.x.column[g]], g)
		}
	}
	for column, list := range byColumn {
		for _, g := range list {
			s := c.StageOf(g)
			t.place[g] = int32(len(t.own[s]))
			t.own[s] = append(t.own[s], g)
			t.total[s].take(extent{1, column, column, t.x.y[g]})
		}
	}
	for s := c.StageCount() - 1; s > 0; s-- { // a parent comes before its stages
		parent := c.Stage(circuit.StageID(s)).Parent
		t.total[parent].take(t.total[s])
		if t.total[s].gates > 0 {
			t.inner[parent] = append(t.inner[parent], circuit.StageID(s))
		}
	}
	for _, in := range t.inner {
		slices.Reverse(in)
	}
}

// usesConstant tells whether something reads the constant.
func (t *tree) usesConstant() bool {
	return t.x.first[1] > 0 || slices.ContainsFunc(t.wires, circuit.Lit.IsConst)
}

// kids returns the children of an item in their order.
func (t *tree) kids(n *node) []*node {
	if n.grown {
		return n.children
	}
	n.grown = true
	switch n.kind {
	case kindRoot:
		for k := range t.ins {
			n.children = append(n.children, t.group(n, k, false))
		}
		if t.usesConstant() {
			n.children = append(n.children, t.gateNode(0, n))
		}
		n.children = append(n.children, t.inStage(n)...)
		for k := range t.outs {
			n.children = append(n.children, t.group(n, k, true))
		}
	case kindStage:
		n.children = t.inStage(n)
	default:
		if n.list != nil {
			n.children = t.parts(n, n.list, n.lo, n.hi)
		}
	}
	return n.children
}

// inStage returns the stages in a stage and its own gates, in their order.
func (t *tree) inStage(n *node) []*node {
	inner := &list{letter: "t", make: func(i int, parent *node) *node { return t.stageNode(t.inner[n.stage][i], parent) }}
	for _, s := range t.inner[n.stage] {
		inner.number = append(inner.number, int(s))
	}
	all := t.parts(n, inner, 0, len(inner.number))
	if own := t.own[n.stage]; len(own) > 0 {
		l := &list{letter: "b", gates: own, rows: true}
		l.make = func(i int, parent *node) *node { return t.gateNode(own[i], parent) }
		all = append(all, t.parts(n, l, 0, len(own))...)
	}
	ordered(all)
	return all
}

// ordered sorts siblings by height, coarsely, so that what is at about one height keeps its order.
func ordered(all []*node) {
	const steps = 32
	slices.SortStableFunc(all, func(a, b *node) int { return int(a.y*steps) - int(b.y*steps) })
}

// parts returns the items of a range of a list: its elements if they are few, else rows or blocks.
func (t *tree) parts(parent *node, l *list, lo, hi int) []*node {
	if lo == hi {
		return nil
	}
	var all []*node
	units := []int{lo} // where rows begin, then the end
	for i := lo + 1; i < hi; i++ {
		if !l.rows || hi-lo <= mostLoose || !t.sameRow(l.gates[i-1], l.gates[i]) {
			units = append(units, i)
		}
	}
	if units = append(units, hi); len(units) == 2 { // one row has its gates
		units = units[:0]
		for i := lo; i <= hi; i++ {
			units = append(units, i)
		}
	}
	step := 1
	for (len(units)-2)/step >= mostChildren {
		step *= blockOf
	}
	for i := 0; i < len(units)-1; i += step {
		from, to := units[i], units[min(i+step, len(units)-1)]
		switch {
		case to-from == 1:
			all = append(all, l.make(from, parent))
		case step == 1:
			all = append(all, t.rangeNode(l, kindRow, from, to, parent))
		default:
			all = append(all, t.rangeNode(l, kindBlock, from, to, parent))
		}
	}
	return sortedIf(all, l.rows)
}

func sortedIf(all []*node, sort bool) []*node {
	if sort {
		ordered(all)
	}
	return all
}

// sameRow tells whether gates read one sum, or sums of their own that have like parts, with other
// weights, such as x − t·y for each t.
func (t *tree) sameRow(a, b circuit.Gate) bool {
	x := t.x
	s, ok := x.c.ReadsSum(a)
	r, ok2 := x.c.ReadsSum(b)
	if !ok || !ok2 || s == r {
		return ok && ok2
	}
	alone := func(s circuit.SumID) bool { return x.first[x.sumNode(s)+1]-x.first[x.sumNode(s)] == 1 }
	return x.flow.like[s] == x.flow.like[r] && alone(s) && alone(r)
}

// rangeNode is a row or a block.
func (t *tree) rangeNode(l *list, kind string, lo, hi int, parent *node) *node {
	n := &node{kind: kind, list: l, lo: lo, hi: hi, parent: parent, stage: parent.stage}
	var e extent
	for i := lo; i < hi; i++ {
		switch {
		case l.letter == "t":
			e.take(t.total[l.number[i]])
		case l.rows:
			g := l.gates[i]
			e.take(extent{1, int(t.x.column[g]), int(t.x.column[g]), t.x.y[g]})
		}
	}
	n.span(e)
	if e.gates == 0 {
		n.from, n.to = parent.from, parent.to
	}
	first, last := l.name(lo), l.name(hi-1)
	n.id = fmt.Sprintf("%s%d-%d", l.letter, first, last)
	if kind == kindRow {
		n.id = fmt.Sprintf("r%d", first)
	}
	return n
}

// name is the number of an element in the ids of ranges.
func (l *list) name(i int) int {
	if l.number != nil {
		return l.number[i]
	}
	return int(l.gates[i])
}

func (n *node) span(e extent) {
	n.from, n.to, n.gates = e.from, e.to, e.gates
	if e.gates > 0 {
		n.y = e.y / float64(e.gates)
	}
}

func (t *tree) stageNode(s circuit.StageID, parent *node) *node {
	n := &node{id: fmt.Sprintf("s%d", s), kind: kindStage, stage: s, parent: parent}
	n.span(t.total[s])
	return n
}

func (t *tree) gateNode(g circuit.Gate, parent *node) *node {
	n := &node{id: "g" + strconv.Itoa(int(g)), kind: kindGate, gate: g, parent: parent, stage: t.x.c.StageOf(g)}
	n.from = int(t.x.column[g])
	n.to, n.y = n.from, t.x.y[g]
	if !t.x.c.Kind(g).IsSource() {
		n.gates = 1
	}
	return n
}
