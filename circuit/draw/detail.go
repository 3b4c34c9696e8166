package draw

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// detail builds the scene of a circuit gate by gate.
type detail struct {
	*scene
	c      *circuit.Circuit
	levels *circuit.Levels
	places *places
	shapes *circuit.Shapes

	at     map[int]place // by node
	inputs map[circuit.Gate]terminal
	gates  map[circuit.Gate]int // the node of a gate
	sums   map[circuit.SumID]int
	consts map[circuit.Lit]int        // for gates that read a constant
	shown  []bool                     // by sum: drawn as a node
	home   []circuit.StageID          // by sum: the innermost stage that has all its readers
	first  map[circuit.StageID]uint32 // the least level of a gate in a stage
}

func detailed(c *circuit.Circuit, cfg *Config) *scene {
	levels := c.Levels(cfg.DepthModel)
	d := &detail{
		scene: &scene{}, c: c, levels: levels, places: newPlaces(c, levels), shapes: c.Shapes(),
		at: map[int]place{}, gates: map[circuit.Gate]int{}, sums: map[circuit.SumID]int{},
		consts: map[circuit.Lit]int{},
	}
	for id := range circuit.StageID(c.StageCount()) {
		d.stages = append(d.stages, stage{id: id, parent: c.Stage(id).Parent, name: clean(c.Stage(id).Name)})
	}
	d.chooseSums()

	d.inputs = d.addInputs(c, 0)
	for n := range d.nodes {
		d.at[n] = place{}
	}
	next := circuit.SumID(1)
	for g := range circuit.Gate(c.Len()) {
		if s, ok := c.ReadsSum(g); ok {
			for ; next <= s; next++ {
				d.addSum(next)
			}
		}
		if !c.Kind(g).IsSource() {
			d.addGate(g)
		}
	}
	d.addOutputs()
	d.setColumns(d.at)
	d.orderGates()

	st := c.Stats()
	d.describe(cfg, levels.Depth, int64(st.Size), st.Wires)
	d.ends = d.terminalOf
	return d.scene
}

// chooseSums decides which sums are nodes: those that several gates read, and those
// nested in another sum. It finds the stage of each on the way.
func (d *detail) chooseSums() {
	c := d.c
	readers := make([]int, c.SumCount())
	nested := make([]bool, c.SumCount())
	d.shown = make([]bool, c.SumCount())
	d.home = make([]circuit.StageID, c.SumCount())
	read := func(s circuit.SumID, from circuit.StageID) {
		if readers[s] == 0 {
			d.home[s] = from
		} else {
			d.home[s] = common(c, d.home[s], from)
		}
		readers[s]++
	}
	d.first = map[circuit.StageID]uint32{}
	for g := range circuit.Gate(c.Len()) {
		if s, ok := c.ReadsSum(g); ok {
			read(s, c.StageOf(g))
		}
		if !c.Kind(g).IsSource() {
			d.reaches(c.StageOf(g), d.levels.Gate[g])
		}
	}
	// A sum is read by later sums only, so that backwards its readers are complete.
	for s := circuit.SumID(c.SumCount() - 1); s > 0; s-- {
		if readers[s] == 0 {
			continue // read by outputs at most, wire by wire
		}
		d.shown[s] = readers[s] > 1 || nested[s]
		for _, r := range c.Refs(s) {
			if r.IsSum() {
				nested[r.Sum()] = true
				read(r.Sum(), d.home[s])
			}
		}
	}
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

func (d *detail) addSum(s circuit.SumID) {
	if !d.shown[s] {
		return
	}
	shape := d.shapes.OfSum(s)
	n := d.add(node{
		id: fmt.Sprintf("s%d", s), role: roleSum, label: "Σ", stage: d.homeOf(s),
		note: fmt.Sprintf("s%d, a sum of %s, level %d", s, plural(int64(shape.FanIn), "gate"), d.levels.Sum[s]),
	})
	d.sums[s], d.at[n] = n, d.places.ofSum(s)
	d.addTerms(s, n, false)
}

func (d *detail) addGate(g circuit.Gate) {
	s, ok := d.c.ReadsSum(g)
	own := ok && !d.shown[s]
	label, r := gateLabel(d.c, g, own)
	note := fmt.Sprintf("g%d, %v of fan-in %d, level %d", g, d.c.Kind(g), d.shapes.Of(g).FanIn, d.levels.Gate[g])
	stage := d.c.StageOf(g)
	if stage != 0 {
		note += ", " + clean(d.c.StagePath(stage))
	}
	n := d.add(node{id: fmt.Sprintf("g%d", g), role: r, label: label, stage: stage, note: note})
	d.gates[g], d.at[n] = n, d.places.ofGate(g)
	switch {
	case own:
		d.addTerms(s, n, d.c.Kind(g) == gates.Majority && isMajorityGate(d.c, g))
	case ok:
		d.connect(d.sums[s], n).integer = true
	default:
		for _, x := range d.c.Fanin(g) {
			d.wire(x, n)
		}
	}
}

func isMajorityGate(c *circuit.Circuit, g circuit.Gate) bool {
	s, t := c.Bound(g)
	return isMajority(c, s, t)
}

// addTerms draws the terms of s as lines to node n. For a majority, a weight of −1
// is a complemented literal, and is drawn as one.
func (d *detail) addTerms(s circuit.SumID, n int, majority bool) {
	one := circuit.I(1)
	for i, r := range d.c.Refs(s) {
		w := d.c.Weight(s, i)
		var e *edge
		if r.IsSum() {
			e = d.connect(d.sums[r.Sum()], n)
			e.integer = true
		} else {
			e = d.wire(r.Gate().Lit(), n)
		}
		switch {
		case majority:
			e.complement = w.Sign() < 0
			continue
		case w.Abs().Cmp(one) != 0:
			e.label = number(w)
		}
		e.negative = w.Sign() < 0
	}
}

// terminalOf returns where the lines from a node of the circuit start in the figure.
func (d *detail) terminalOf(g circuit.Gate) (terminal, bool) {
	if t, ok := d.inputs[g]; ok {
		return t, true
	}
	n, ok := d.gates[g]
	return terminal{n, -1}, ok
}

// wire draws a line from what makes x to node n.
func (d *detail) wire(x circuit.Lit, n int) *edge {
	if x.IsConst() {
		k, ok := d.consts[x]
		if !ok {
			k = d.addConst(x, fmt.Sprintf("const%d", x), place{})
			d.consts[x] = k
		}
		return d.connect(k, n)
	}
	t, _ := d.terminalOf(x.Gate())
	e := d.connect(t.node, n)
	e.fromCell = t.cell
	e.complement = x.IsComplement()
	return e
}

func (d *detail) addConst(x circuit.Lit, id string, p place) int {
	n := d.add(node{id: id, role: roleConst, label: x.String(), note: "the constant " + x.String()})
	d.at[n] = p
	return n
}

// addOutputs draws the output ports. A constant output stands right before its
// port, between the levels: a line from depth 0 across the figure would say nothing.
func (d *detail) addOutputs() {
	for i := range d.c.OutputPorts() {
		p := &d.c.OutputPorts()[i]
		n := d.add(node{
			id: fmt.Sprintf("out%d", i), role: roleOutput, label: portLabel(p), cells: cells(p),
			note: portNote(p, "output"),
		})
		constant := map[circuit.Lit]int{}
		for w, x := range p.Wires {
			var e *edge
			if x.IsConst() {
				k, ok := constant[x]
				if !ok {
					k = d.addConst(x, fmt.Sprintf("const%d_out%d", x, i), place{uint32(d.levels.Depth), lastStep})
					constant[x] = k
				}
				e = d.connect(k, n)
			} else {
				e = d.wire(x, n)
			}
			e.toCell = cellOf(d.nodes[n], w)
		}
	}
}

// orderGates asks for the gates of a thermometer to stand in order: those on one
// sum, and those that make the wires of one output. Every pair goes from a gate to a
// later one, so that no two requests can contradict each other.
func (d *detail) orderGates() {
	pair := func(a, b int) {
		if d.nodes[a].column == d.nodes[b].column && d.nodes[a].stage == d.nodes[b].stage && a < b {
			d.ordered = append(d.ordered, [2]int{a, b})
		}
	}
	last := map[circuit.SumID]int{}
	for g := range circuit.Gate(d.c.Len()) {
		if s, ok := d.c.ReadsSum(g); ok && d.shown[s] {
			if before, ok := last[s]; ok {
				pair(before, d.gates[g])
			}
			last[s] = d.gates[g]
		}
	}
	for _, p := range d.c.OutputPorts() {
		if p.Format.Kind != circuit.Thermometer {
			continue
		}
		for i := 1; i < len(p.Wires); i++ {
			a, okA := d.gates[p.Wires[i-1].Gate()]
			b, okB := d.gates[p.Wires[i].Gate()]
			if okA && okB {
				pair(a, b)
			}
		}
	}
}
