package draw

import (
	"fmt"
	"maps"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/press"
)

// inner draws gates one by one, with the sums that several of them read and the lines
// into both. In a folded figure, all wires from one box or group of inputs to a node are
// one arrow, which counts them.
type inner struct {
	*scene
	shapes *circuit.Shapes
	sums   map[circuit.SumID]int // the node of a sum
	home   []circuit.StageID     // by sum: the innermost stage that holds all its readers
	consts map[circuit.Lit]int   // for gates that read a constant

	flow      *graph.Flow   // nil where there are no boxes
	firstGate int           // nodes before this one are boxes and groups of inputs
	into      map[int]int64 // the wires from each of these to the node at hand
}

func newInner(s *scene) *inner {
	return &inner{
		scene: s, shapes: s.c.Shapes(), sums: map[circuit.SumID]int{}, home: make([]circuit.StageID, s.c.SumCount()),
		consts: map[circuit.Lit]int{}, into: map[int]int64{},
	}
}

// chooseSums returns the sums that are nodes, in order. A sum is a node if several of the
// given gates read it, or if another sum of the figure reads it and apart says so. The
// function also finds the home of each sum.
func (d *inner) chooseSums(list []circuit.Gate, apart func(circuit.SumID) bool) (nodes []circuit.SumID) {
	readers, nested := make([]int, d.c.SumCount()), make([]bool, d.c.SumCount())
	read := func(s circuit.SumID, from circuit.StageID) {
		if readers[s] > 0 || nested[s] {
			from = common(d.c, d.home[s], from)
		}
		d.home[s] = from
	}
	for _, g := range list {
		if s, ok := d.c.ReadsSum(g); ok {
			read(s, d.c.StageOf(g))
			readers[s]++
		}
	}
	// A sum is read by later sums only, so that backwards its readers are complete.
	for s := circuit.SumID(d.c.SumCount() - 1); s > 0; s-- {
		switch {
		case readers[s] > 1 || nested[s] && apart(s):
			nodes = append(nodes, s)
		case readers[s] == 0:
			continue // part of an arrow, or read by outputs at most, wire by wire
		}
		for _, r := range d.c.Refs(s) {
			if r.IsSum() {
				read(r.Sum(), d.home[s])
				nested[r.Sum()] = true
			}
		}
	}
	slices.Reverse(nodes)
	return nodes
}

// common returns the innermost stage of c that holds both a and b.
func common(c *circuit.Circuit, a, b circuit.StageID) circuit.StageID {
	for a != b { // a parent has a smaller id than its children
		if a > b {
			a = c.Stage(a).Parent
		} else {
			b = c.Stage(b).Parent
		}
	}
	return a
}

// addSum draws a sum in the given stage, with its terms, and returns its node.
func (d *inner) addSum(s circuit.SumID, at circuit.StageID) int {
	n := d.add(node{
		id: fmt.Sprintf("s%d", s), role: roleSum, label: "Σ", stage: at,
		note: fmt.Sprintf("s%d, a sum of %s, level %d",
			s, press.Plural(int64(d.shapes.OfSum(s).FanIn), "gate"), d.levels.Sum[s]),
	})
	d.sums[s] = n
	d.addTerms(s, n, false)
	d.addArrows(n)
	return n
}

// newGate adds the node of a gate, which is written and wired by finish.
func (s *scene) newGate(g circuit.Gate) int {
	return s.add(node{id: fmt.Sprintf("g%d", g), stage: s.c.StageOf(g)})
}

// finish writes gate g into its node n and draws the lines into it.
func (d *inner) finish(g circuit.Gate, n int) {
	s, readsSum := d.c.ReadsSum(g)
	from, apart := d.sums[s]
	own := readsSum && !apart
	v := &d.nodes[n]
	v.label, v.role, v.bounds = gateLabel(d.c, g, own)
	v.note = fmt.Sprintf("g%d, %v of fan-in %d, level %d", g, d.c.Kind(g), d.shapes.Of(g).FanIn, d.levels.Gate[g])
	if v.stage != 0 {
		v.note += ", " + press.Clean(d.c.StagePath(v.stage))
	}
	switch {
	case own:
		d.addTerms(s, n, d.c.Kind(g) == gates.Majority)
	case readsSum:
		d.connect(from, n).integer = true
	default:
		for _, x := range d.c.Fanin(g) {
			d.wire(x, n)
		}
	}
	d.addArrows(n)
}

// addTerms draws the terms of s as lines to node n, or adds them to its arrows. For a
// majority, a weight of −1 is a complemented literal, and is drawn as one.
func (d *inner) addTerms(s circuit.SumID, n int, majority bool) {
	for i, r := range d.c.Refs(s) {
		var e *edge
		if !r.IsSum() {
			e = d.wire(r.Gate().Lit(), n)
		} else if from, ok := d.sums[r.Sum()]; ok {
			e = d.connect(from, n)
			e.integer = true
		} else {
			for from, wires := range d.flow.Of(r.Sum()).Wires {
				d.gather(from, wires)
			}
		}
		w := d.c.Weight(s, i)
		switch {
		case e == nil:
		case majority:
			e.complement = w.Sign() < 0
		default:
			e.negative = w.Sign() < 0
			e.weights = []circuit.Int{w}
		}
	}
}

// wire draws a line from what makes x to node n, or adds the wire to the arrow from the
// box of its source and returns nil.
func (d *inner) wire(x circuit.Lit, n int) *edge {
	if x.IsConst() {
		return d.fromConst(x, n, d.consts, fmt.Sprintf("const%d", x))
	}
	from, _ := d.ends(x.Gate())
	if d.gather(from.node, 1) {
		return nil
	}
	e := d.connect(from.node, n)
	e.fromCell = from.cell
	e.complement = x.IsComplement()
	return e
}

// fromConst draws a line from a constant to node n. The constant is among the known ones
// or becomes one of them, by the given id.
func (d *inner) fromConst(x circuit.Lit, n int, known map[circuit.Lit]int, id string) *edge {
	from, ok := known[x]
	if !ok {
		from = d.add(node{id: id, role: roleConst, label: x.String(), note: "the constant " + x.String()})
		known[x] = from
	}
	return d.connect(from, n)
}

// gather adds wires to the arrow from a node and reports whether they are in an arrow.
// Wires from gates that are drawn are not.
func (d *inner) gather(from, wires int) bool {
	if from >= d.firstGate {
		return false
	}
	d.into[from] += int64(wires)
	return true
}

// addArrows draws what was gathered for node n.
func (d *inner) addArrows(n int) {
	for _, from := range slices.Sorted(maps.Keys(d.into)) {
		d.connect(from, n).count = d.into[from]
	}
	clear(d.into)
}
