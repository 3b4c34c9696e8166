package draw

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// detail builds the scene of a circuit gate by gate.
type detail struct {
	*inner
	places *places
	at     map[int]place              // by node
	starts map[circuit.Gate]terminal  // where the wires of an input or a gate start
	first  map[circuit.StageID]uint32 // the least level of a gate in a stage
}

func detailed(s *scene) {
	c := s.c
	d := &detail{
		inner: newInner(s), places: newPlaces(c, s.levels), at: map[int]place{},
		starts: map[circuit.Gate]terminal{}, first: map[circuit.StageID]uint32{},
	}
	d.ends = func(g circuit.Gate) (terminal, bool) {
		t, ok := d.starts[g]
		return t, ok
	}
	var list []circuit.Gate
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			list = append(list, g)
			d.reaches(c.StageOf(g), d.levels.Gate[g])
		}
	}
	d.addInputs()
	sums := d.chooseSums(list, func(circuit.SumID) bool { return true })
	for _, g := range list {
		if s, ok := c.ReadsSum(g); ok {
			for ; len(sums) > 0 && sums[0] <= s; sums = sums[1:] {
				d.at[d.addSum(sums[0], d.homeOf(sums[0]))] = d.places.ofSum(sums[0])
			}
		}
		n := d.newGate(g)
		d.starts[g], d.at[n] = terminal{n, -1}, d.places.ofGate(g)
		d.finish(g, n)
	}
	d.addOutputs()
	d.setColumns(d.at)
	d.orderGates(list)
	st := c.Stats()
	d.describe(int64(st.Size), st.Wires)
}

// reaches notes that a stage and those around it have a gate at the level.
func (d *detail) reaches(id circuit.StageID, level uint32) {
	for ; id != 0; id = d.c.Stage(id).Parent {
		if first, ok := d.first[id]; ok && first <= level {
			return
		}
		d.first[id] = level
	}
}

// homeOf returns the stage that a sum is drawn in: that of its readers, or one around
// it if the sum is made levels before any gate there, which would stretch the stage's
// frame over what lies between.
func (d *detail) homeOf(s circuit.SumID) circuit.StageID {
	id := d.home[s]
	for id != 0 && d.levels.Sum[s]+1 < d.first[id] {
		id = d.c.Stage(id).Parent
	}
	return id
}

// addInputs draws the input ports.
func (d *detail) addInputs() {
	for i, p := range d.c.InputPorts() {
		n := d.addPort(fmt.Sprintf("in%d", i), roleInput, &p, "input")
		for w, x := range p.Wires {
			d.starts[x.Gate()] = terminal{n, d.nodes[n].cellOf(w)}
		}
	}
}

// addOutputs draws the output ports. A constant output stands right before its
// port, between the levels: a line from depth 0 across the figure would say nothing.
func (d *detail) addOutputs() {
	late := place{uint32(d.levels.Depth), lastStep}
	for i, p := range d.c.OutputPorts() {
		n := d.addPort(fmt.Sprintf("out%d", i), roleOutput, &p, "output")
		constant := map[circuit.Lit]int{}
		for w, x := range p.Wires {
			var e *edge
			if x.IsConst() {
				e = d.fromConst(x, n, constant, fmt.Sprintf("const%d_out%d", x, i))
				d.at[e.from] = late
			} else {
				e = d.wire(x, n)
			}
			e.toCell = d.nodes[n].cellOf(w)
		}
	}
}

// orderGates asks for the gates of a thermometer to stand in order: those on one
// sum, and those that make the wires of one output. Every pair goes from a gate to a
// later one, so that no two requests can contradict each other.
func (d *detail) orderGates(list []circuit.Gate) {
	pair := func(first, second circuit.Gate) {
		a, b := d.starts[first].node, d.starts[second].node
		if d.nodes[a].column == d.nodes[b].column && d.nodes[a].stage == d.nodes[b].stage && a < b {
			d.ordered = append(d.ordered, [2]int{a, b})
		}
	}
	last := map[circuit.SumID]circuit.Gate{}
	for _, g := range list {
		s, _ := d.c.ReadsSum(g)
		if _, ok := d.sums[s]; !ok {
			continue
		}
		if before, ok := last[s]; ok {
			pair(before, g)
		}
		last[s] = g
	}
	d.orderProducts()
	for _, p := range d.c.OutputPorts() {
		if p.Format.Kind != circuit.Thermometer {
			continue
		}
		for i := 1; i < len(p.Wires); i++ {
			a, b := p.Wires[i-1].Gate(), p.Wires[i].Gate()
			if !d.c.Kind(a).IsSource() && !d.c.Kind(b).IsSource() {
				pair(a, b)
			}
		}
	}
}

// orderProducts asks for the ANDs of a multiplication to stand in the order of their weights: those
// of bits i and j by i + j, so that the columns of the schoolbook are side by side.
func (d *detail) orderProducts() {
	weight, readers := map[int]circuit.Int{}, map[int][]int{} // by AND; by reader, its ANDs
	var order []int
	for i := range d.edges {
		e := &d.edges[i]
		if n := &d.nodes[e.from]; n.role != roleLogic || n.label != "∧" || len(e.weights) == 0 {
			continue
		}
		if _, ok := weight[e.from]; !ok {
			weight[e.from] = e.weights[0].Abs()
		}
		if readers[e.to] == nil {
			order = append(order, e.to)
		}
		readers[e.to] = append(readers[e.to], e.from)
	}
	for _, to := range order {
		list := readers[to]
		slices.SortFunc(list, func(a, b int) int { return cmp.Or(weight[a].Cmp(weight[b]), cmp.Compare(a, b)) })
		for i := 1; i < len(list); i++ {
			a, b := &d.nodes[list[i-1]], &d.nodes[list[i]]
			if pair := [2]int{list[i-1], list[i]}; a.column == b.column && a.stage == b.stage && pair[0] != pair[1] {
				d.ordered = append(d.ordered, pair)
			}
		}
	}
}
