package draw

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/press"
)

// box is a stage that is drawn as one shape, or several stages in a row.
type box struct {
	stage  circuit.StageID // around the box
	name   string
	size   int64
	stages []circuit.StageID // in the box; more than one where they share it
	lo, hi uint32            // levels of its gates; lo > hi: none yet
}

// fold builds the scene of a circuit stage by stage.
type fold struct {
	*scene
	boxes []box
	ins   []portGroup
	open  []bool            // by stage: drawn gate by gate
	gates []circuit.Gate    // of open stages
	shown []circuit.StageID // by stage: the stage that stands for it
	size  []int64           // by stage: of what it stands for

	// What the node of each gate is: an input group, a box after those, or an open gate
	// after all boxes; −1 for the constant.
	group []int
}

// portGroup is the ports of one tensor: x[0,0], x[0,1] and so on are all x.
type portGroup struct {
	name         string
	ports, wires int64
}

func folded(s *scene) error {
	c := s.c
	f := &fold{scene: s}
	if err := f.openStages(); err != nil {
		return err
	}
	stageOf := f.chooseBoxes()
	f.group = slices.Repeat([]int{-1}, c.Len())
	var in []int
	f.ins, in = groupPorts(c.InputPorts(), "inputs")
	for i, p := range c.InputPorts() {
		for _, x := range p.Wires {
			f.group[x.Gate()] = in[i]
		}
	}
	size, cost := int64(0), gates.Standard().Cost
	f.size = make([]int64, c.StageCount())
	for g := range circuit.Gate(c.Len()) {
		if c.Kind(g).IsSource() {
			continue
		}
		size += int64(cost[c.Kind(g)])
		stage := c.StageOf(g)
		if f.open[stage] {
			f.group[g] = f.firstGate() + len(f.gates)
			f.gates = append(f.gates, g)
			continue
		}
		at := stageOf[stage]
		f.group[g] = len(f.ins) + at
		f.boxes[at].take(f.levels.Gate[g], cost[c.Kind(g)])
		f.size[f.shown[stage]] += int64(cost[c.Kind(g)])
	}

	if most := s.cfg.MaxGates; most >= 0 && len(f.gates) > most {
		return &TooLargeError{Stages: s.cfg.Unfold, Gates: len(f.gates), Most: most}
	}
	flow := graph.NewFlow(c, f.group, f.firstGate()+len(f.gates))
	f.draw(flow)
	wires := int64(0)
	for _, into := range flow.Into[len(f.ins):] {
		wires += into
	}
	f.describe(size, wires)
	return f.checkOpen()
}

// firstGate is the node of the first open gate.
func (f *fold) firstGate() int { return len(f.ins) + len(f.boxes) }

// take adds a gate of the given level and cost to a box.
func (b *box) take(level uint32, cost int) {
	b.lo, b.hi = min(b.lo, level), max(b.hi, level)
	b.size += int64(cost)
}

// chooseBoxes makes the boxes and returns the box of each stage that has gates. The
// boxes are the innermost stages. If those are too many, stages deeper than some depth
// count as part of their parents. If even the outermost are too many, runs of neighbours
// share a box. The steps of a long unrolling are an example.
func (f *fold) chooseBoxes() []int {
	c, most := f.c, f.cfg.MaxBoxes
	n := c.StageCount()
	used, depth, deepest := make([]bool, n), make([]int, n), 0
	for id := circuit.StageID(1); int(id) < n; id++ {
		depth[id] = depth[c.Stage(id).Parent] + 1
	}
	for g := range circuit.Gate(c.Len()) {
		if id := c.StageOf(g); !c.Kind(g).IsSource() && !f.open[id] {
			used[id] = true
			deepest = max(deepest, depth[id])
		}
	}
	f.shown = make([]circuit.StageID, n)
	for cut := deepest; ; cut-- {
		var distinct []circuit.StageID
		for id := range circuit.StageID(n) {
			f.shown[id] = id
			if depth[id] > cut {
				f.shown[id] = f.shown[c.Stage(id).Parent]
			}
			if used[id] {
				distinct = append(distinct, f.shown[id])
			}
		}
		slices.Sort(distinct)
		distinct = slices.Compact(distinct)
		if len(distinct) <= most || cut <= 1 {
			return f.makeBoxes(distinct, most)
		}
	}
}

func (f *fold) makeBoxes(distinct []circuit.StageID, most int) []int {
	c := f.c
	parent := make(map[circuit.StageID]bool)
	for _, id := range distinct {
		if id != 0 {
			parent[c.Stage(id).Parent] = true
		}
	}
	for id := range circuit.StageID(c.StageCount()) {
		if f.open[id] && !f.open[c.Stage(id).Parent] {
			for up := c.Stage(id).Parent; up != 0; up = c.Stage(up).Parent {
				parent[up] = true
			}
		}
	}
	share := 1
	if len(distinct) > most {
		const row = 8 // such boxes mostly follow one another: more would make a ribbon
		share = (len(distinct) + min(most, row) - 1) / min(most, row)
	}
	boxOf := make([]int, c.StageCount())
	for i, id := range distinct {
		name := press.Clean(c.Stage(id).Name)
		around := c.Stage(id).Parent
		if parent[id] { // its own gates stand among the boxes of its inner stages
			around = id
		}
		if id == 0 {
			name = "circuit"
			if len(distinct) > 1 || slices.Contains(f.open, true) {
				name = "(no stage)"
			}
		}
		at := i / share
		boxOf[id] = at
		if at == len(f.boxes) {
			f.boxes = append(f.boxes, box{stage: around, name: name, stages: []circuit.StageID{id}, lo: math.MaxUint32})
			continue
		}
		f.boxes[at].stages = append(f.boxes[at].stages, id)
		first, _, _ := strings.Cut(f.boxes[at].name, " … ")
		f.boxes[at].name = first + " … " + name
	}
	for id := range boxOf {
		boxOf[id] = boxOf[f.shown[id]]
	}
	return boxOf
}

// draw adds the shapes and the arrows between them.
func (f *fold) draw(flow *graph.Flow) {
	f.ends = func(g circuit.Gate) (terminal, bool) { return terminal{f.group[g], -1}, f.group[g] >= 0 }
	f.addGroups(f.ins, roleInput, "in", "input ")
	for i, b := range f.boxes {
		wires := press.Plural(flow.Into[len(f.ins)+i], "wire")
		f.add(node{
			id: fmt.Sprintf("box%d", i), role: roleBox, stage: b.stage,
			label: fmt.Sprintf("%s\n%s\n%s\n%s", b.name, f.gatesOf(&b), wires, b.depth()),
			note:  fmt.Sprintf("stage %s, %s, %s", b.name, press.Plural(b.size, "gate"), wires),
		})
	}
	f.addOpen()
	byEnds := func(a, b [2]int) int { return slices.Compare(a[:], b[:]) }
	for _, p := range slices.SortedFunc(maps.Keys(flow.Wires), byEnds) {
		if p[0] != p[1] && p[1] < f.firstGate() {
			f.connect(p[0], p[1]).count = flow.Wires[p]
		}
	}
	f.wireOpen(flow)

	outs, group := groupPorts(f.c.OutputPorts(), "outputs")
	wires := map[[2]int]int64{} // from a node to a group of outputs
	var order [][2]int
	for i, p := range f.c.OutputPorts() {
		for _, x := range p.Wires {
			from, ok := f.ends(x.Gate())
			if !ok {
				continue
			}
			pair := [2]int{from.node, group[i]}
			if wires[pair] == 0 {
				order = append(order, pair)
			}
			wires[pair]++
		}
	}
	first := len(f.nodes)
	f.addGroups(outs, roleOutput, "out", "output ")
	for _, p := range order {
		f.connect(p[0], first+p[1]).count = wires[p]
	}
}

// addGroups draws the groups of ports of one side.
func (f *fold) addGroups(list []portGroup, r role, id, side string) {
	for i, g := range list {
		f.add(node{id: fmt.Sprintf("%s%d", id, i), role: r, label: g.label(), note: side + g.name})
	}
}

// gatesOf writes how many gates a box has: 8 × 120 where it has eight stages of 120.
func (f *fold) gatesOf(b *box) string {
	n := len(b.stages)
	each := f.size[b.stages[0]]
	if n == 1 || slices.ContainsFunc(b.stages, func(id circuit.StageID) bool { return f.size[id] != each }) {
		return press.Plural(b.size, "gate")
	}
	return fmt.Sprintf("%d × %s", n, press.Plural(each, "gate"))
}

// depth writes the levels of the gates of a box.
func (b *box) depth() string { return "depth " + span(b.lo, b.hi) }

// mostGroups is how many groups of ports a folded figure shows on a side. If
// there are more, as in a file that names each input differently, all ports are one group.
const mostGroups = 12

// groupPorts groups ports by the part of their names before the indices. It returns the
// groups, and the group of each port.
func groupPorts(ports []circuit.Port, all string) ([]portGroup, []int) {
	var groups []portGroup
	group := make([]int, len(ports))
	index := map[string]int{}
	one := portGroup{name: all}
	for i, p := range ports {
		name := press.Clean(p.Name)
		if before, _, ok := strings.Cut(name, "["); ok && before != "" {
			name = before
		}
		at, ok := index[name]
		if !ok {
			at = len(groups)
			index[name] = at
			groups = append(groups, portGroup{name: name})
		}
		group[i] = at
		for _, g := range []*portGroup{&groups[at], &one} {
			g.ports++
			g.wires += int64(len(p.Wires))
		}
	}
	if len(groups) <= mostGroups {
		return groups, group
	}
	clear(group)
	return []portGroup{one}, group
}

func (g portGroup) label() string {
	text := g.name
	if g.wires == 1 {
		return text
	}
	if g.ports > 1 && g.wires != g.ports {
		text += "\n" + press.Plural(g.ports, "value")
	}
	return text + "\n" + press.Plural(g.wires, "bit")
}
