package draw

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// UnknownStageError says that a circuit has no stage of a name.
type UnknownStageError struct {
	Name  string
	Known []string // paths of stages, the first ones
	Count int      // of stages
}

func (e *UnknownStageError) Error() string {
	if e.Count == 0 {
		return fmt.Sprintf("draw: no stage %q; the circuit has no stages", e.Name)
	}
	more := ""
	if rest := e.Count - len(e.Known); rest > 0 {
		more = fmt.Sprintf(" and %d more", rest)
	}
	return fmt.Sprintf("draw: no stage %q; stages: %s%s", e.Name, strings.Join(e.Known, ", "), more)
}

// TooLargeError says that stages cannot be drawn gate by gate: they have too many gates
// in all, too many at one depth, which would stand in a row, or too many lines to them.
type TooLargeError struct {
	Stages []string // as they were asked for
	Gates  int      // in them
	Row    int      // the most gates at one depth, if those are too many; else 0
	Lines  int      // of the figure, if those are too many; else 0
	Most   int      // gates, gates in a row or lines
}

func (e *TooLargeError) Error() string {
	text := fmt.Sprintf("draw: %s: %s", list(e.Stages), plural(int64(e.Gates), "gate"))
	switch {
	case e.Lines > 0:
		return fmt.Sprintf("%s, and the figure would have %d lines; at most %d are drawn", text, e.Lines, e.Most)
	case e.Row > 0:
		return fmt.Sprintf("%s, %d of them at one depth; at most %d are drawn in a row", text, e.Row, e.Most)
	}
	return fmt.Sprintf("%s; at most %d are drawn gate by gate", text, e.Most)
}

// openStages finds the stages that are to be drawn gate by gate, with those in them.
func (f *fold) openStages(cfg *Config) error {
	c := f.c
	f.open = make([]bool, c.StageCount())
	if len(cfg.Unfold) == 0 {
		return nil
	}
	paths := make([]string, c.StageCount()) // without what follows " [" in names
	for id := circuit.StageID(1); int(id) < len(paths); id++ {
		paths[id] = briefName(c.Stage(id).Name)
		if up := c.Stage(id).Parent; up != 0 {
			paths[id] = paths[up] + "/" + paths[id]
		}
	}
	for _, name := range cfg.Unfold {
		found := false
		for id := circuit.StageID(1); int(id) < len(paths); id++ {
			own := c.Stage(id).Name
			if name == own || name == briefName(own) || name == paths[id] || name == c.StagePath(id) {
				f.open[id], found = true, true
			}
		}
		if !found {
			return unknownStage(name, paths)
		}
	}
	for id := range f.open { // a parent comes before its children
		f.open[id] = f.open[id] || f.open[c.Stage(circuit.StageID(id)).Parent]
	}
	n := 0
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() && f.open[c.StageOf(g)] {
			n++
		}
	}
	if cfg.MaxGates >= 0 && n > cfg.MaxGates {
		return &TooLargeError{Stages: cfg.Unfold, Gates: n, Most: cfg.MaxGates}
	}
	return nil
}

// briefName leaves out the details that some stages have in brackets after the name.
func briefName(name string) string {
	before, _, _ := strings.Cut(name, " [")
	return before
}

func unknownStage(name string, paths []string) error {
	const most = 12
	e := &UnknownStageError{Name: name}
	var distinct []string
	for _, p := range paths[1:] {
		if p = clean(p); !slices.Contains(distinct[:min(len(distinct), most)], p) {
			distinct = append(distinct, p)
		}
	}
	e.Count = len(distinct)
	e.Known = distinct[:min(len(distinct), most)]
	return e
}

// addOpen draws the gates of open stages, each level of them side by side.
func (f *fold) addOpen() {
	if len(f.gates) == 0 {
		return
	}
	places := newPlaces(f.c, f.levels)
	byPlace := map[place]int{} // index in ranks
	for _, g := range f.gates {
		n := f.add(node{id: fmt.Sprintf("g%d", g), stage: f.c.StageOf(g), column: -1})
		p := places.ofGate(g)
		i, ok := byPlace[p]
		if !ok {
			i = len(f.ranks)
			byPlace[p] = i
			f.ranks = append(f.ranks, nil)
		}
		f.ranks[i] = append(f.ranks[i], n)
	}
	f.noteOpen()
}

// rowColumns is how many columns as tall as one may be make the longest row of open
// gates: whoever asks for a stage accepts a figure that is larger than others.
const rowColumns = 3

// checkOpen says if the figure of open stages is too large.
func (f *fold) checkOpen(cfg *Config) error {
	if len(f.gates) == 0 {
		return nil
	}
	if row := f.tallest(); cfg.MaxColumn >= 0 && row > rowColumns*cfg.MaxColumn {
		return &TooLargeError{Stages: cfg.Unfold, Gates: len(f.gates), Row: row, Most: rowColumns * cfg.MaxColumn}
	}
	if cfg.MaxWires >= 0 && len(f.edges) > cfg.MaxWires {
		return &TooLargeError{Stages: cfg.Unfold, Gates: len(f.gates), Lines: len(f.edges), Most: cfg.MaxWires}
	}
	return nil
}

// noteOpen says in the frames of open stages what the boxes of others say.
func (f *fold) noteOpen() {
	cost := gates.Standard().Cost
	all := make(map[circuit.StageID]*box) // by the outermost open stage
	for _, g := range f.gates {
		id := f.c.StageOf(g)
		for f.open[f.c.Stage(id).Parent] && f.c.Stage(id).Parent != id {
			id = f.c.Stage(id).Parent
		}
		b, ok := all[id]
		if !ok {
			b = &box{lo: f.levels.Gate[g], hi: f.levels.Gate[g]}
			all[id] = b
		}
		b.lo, b.hi = min(b.lo, f.levels.Gate[g]), max(b.hi, f.levels.Gate[g])
		b.size += int64(cost[f.c.Kind(g)])
	}
	for i := range f.stages {
		if b, ok := all[f.stages[i].id]; ok {
			f.stages[i].note = fmt.Sprintf(": %s, %s", plural(b.size, "gate"), b.depth())
		}
	}
}

// opener draws the lines into open gates. What comes from a box or from a group of
// inputs is one arrow, which counts its wires.
type opener struct {
	*fold
	flow   *flow
	shapes *circuit.Shapes
	direct []int             // by sum: the open gates that read it
	nested []bool            // by sum: read by one that is drawn
	home   []circuit.StageID // by sum: the innermost stage that has all its readers
	sums   map[circuit.SumID]int
	consts map[circuit.Lit]int

	into    map[int32]int64 // the wires from each group to the node at hand
	sources []int32         // the groups of those
}

func (f *fold) wireOpen(flow *flow) {
	if len(f.gates) == 0 {
		return
	}
	o := &opener{
		fold: f, flow: flow, shapes: f.c.Shapes(), sums: map[circuit.SumID]int{},
		consts: map[circuit.Lit]int{}, into: map[int32]int64{},
	}
	for _, s := range o.chooseSums() {
		shape := o.shapes.OfSum(s)
		o.sums[s] = f.add(node{
			id: fmt.Sprintf("s%d", s), role: roleSum, label: "Σ", stage: o.home[s], column: -1,
			note: fmt.Sprintf("s%d, a sum of %s, level %d", s, plural(int64(shape.FanIn), "gate"), f.levels.Sum[s]),
		})
		o.addTerms(s, o.sums[s], false)
		o.addArrows(o.sums[s])
	}
	for _, g := range f.gates {
		o.addGate(g)
	}
}

// chooseSums returns the sums that are nodes, in order: those that several open gates
// read, and those nested in another sum of the figure unless all their wires come from
// one box.
func (o *opener) chooseSums() []circuit.SumID {
	c := o.c
	o.direct, o.nested = make([]int, c.SumCount()), make([]bool, c.SumCount())
	o.home = make([]circuit.StageID, c.SumCount())
	read := func(s circuit.SumID, from circuit.StageID, before bool) {
		if before {
			from = common(c, o.home[s], from)
		}
		o.home[s] = from
	}
	for _, g := range o.gates {
		if s, ok := c.ReadsSum(g); ok {
			read(s, c.StageOf(g), o.direct[s] > 0)
			o.direct[s]++
		}
	}
	var nodes []circuit.SumID
	for s := circuit.SumID(c.SumCount() - 1); s > 0; s-- { // read by later sums only
		switch {
		case o.direct[s] == 0 && !o.nested[s]:
			continue
		case o.direct[s] > 1 || o.nested[s] && o.mixed(s):
			nodes = append(nodes, s)
		case o.direct[s] == 0:
			continue // part of an arrow
		}
		for _, r := range c.Refs(s) {
			if r.IsSum() {
				t := r.Sum()
				read(t, o.home[s], o.direct[t] > 0 || o.nested[t])
				o.nested[t] = true
			}
		}
	}
	slices.Reverse(nodes)
	return nodes
}

// mixed reports whether s has wires from several groups or from an open gate.
func (o *opener) mixed(s circuit.SumID) bool {
	o.flow.expand(s)
	t := o.flow.touched
	return len(t) > 1 || len(t) == 1 && o.isOpen(t[0])
}

func (o *opener) isOpen(group int32) bool { return int(group) >= len(o.ins)+len(o.boxes) }

func (o *opener) addGate(g circuit.Gate) {
	c := o.c
	n := int(o.group[g])
	s, readsSum := c.ReadsSum(g)
	from, apart := o.sums[s]
	own := readsSum && !apart
	v := &o.nodes[n]
	v.label, v.role = gateLabel(c, g, own)
	v.note = fmt.Sprintf("g%d, %v of fan-in %d, level %d, %s", g, c.Kind(g), o.shapes.Of(g).FanIn, o.levels.Gate[g], clean(c.StagePath(c.StageOf(g))))
	switch {
	case own:
		o.addTerms(s, n, c.Kind(g) == gates.Majority && isMajorityGate(c, g))
	case readsSum:
		o.connect(from, n).integer = true
	default:
		for _, x := range c.Fanin(g) {
			if e := o.wire(x, n); e != nil {
				e.complement = x.IsComplement() && !x.IsConst()
			}
		}
	}
	o.addArrows(n)
}

// addTerms draws the terms of s as lines to node n, as detail.addTerms does, or adds
// them to its arrows.
func (o *opener) addTerms(s circuit.SumID, n int, majority bool) {
	one := circuit.I(1)
	for i, r := range o.c.Refs(s) {
		var e *edge
		if !r.IsSum() {
			e = o.wire(r.Gate().Lit(), n)
		} else if from, ok := o.sums[r.Sum()]; ok {
			e = o.connect(from, n)
			e.integer = true
		} else {
			o.flow.expand(r.Sum())
			for _, from := range o.flow.touched {
				o.gather(from, o.flow.hist[from])
			}
		}
		if e == nil {
			continue
		}
		w := o.c.Weight(s, i)
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

// wire draws a line from an open gate or a constant, or adds the wire to the arrow from
// the group of its source and returns nil.
func (o *opener) wire(x circuit.Lit, n int) *edge {
	if x.IsConst() {
		k, ok := o.consts[x]
		if !ok {
			k = o.add(node{id: fmt.Sprintf("const%d", x), role: roleConst, label: x.String(), note: "the constant " + x.String(), column: -1})
			o.consts[x] = k
		}
		return o.connect(k, n)
	}
	from := o.group[x.Gate()]
	if o.isOpen(from) {
		return o.connect(int(from), n)
	}
	o.gather(from, 1)
	return nil
}

func (o *opener) gather(from int32, wires int64) {
	if o.into[from] == 0 {
		o.sources = append(o.sources, from)
	}
	o.into[from] += wires
}

// addArrows draws what was gathered for node n.
func (o *opener) addArrows(n int) {
	slices.Sort(o.sources)
	for _, from := range o.sources {
		o.connect(int(from), n).count = o.into[from]
	}
	o.sources = o.sources[:0]
	clear(o.into)
}
