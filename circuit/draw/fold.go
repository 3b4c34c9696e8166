package draw

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
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
	c      *circuit.Circuit
	levels *circuit.Levels
	boxes  []box
	ins    []portGroup
	open   []bool            // by stage: drawn gate by gate
	gates  []circuit.Gate    // of open stages
	shown  []circuit.StageID // by stage: the stage that stands for it
	size   []int64           // by stage: of what it stands for

	// What the node of each gate is: an input group, a box after those, or an open gate
	// after all boxes; −1 for the constant.
	group []int32
}

// portGroup is the ports of one tensor: x[0,0], x[0,1] and so on are all x.
type portGroup struct {
	name         string
	ports, wires int64
}

func folded(c *circuit.Circuit, cfg *Config) (*scene, error) {
	f := &fold{scene: &scene{}, c: c, levels: c.Levels(cfg.DepthModel)}
	if err := f.openStages(cfg); err != nil {
		return nil, err
	}
	stageOf := f.chooseBoxes(cfg.MaxBoxes)

	f.group = make([]int32, c.Len())
	for g := range f.group {
		f.group[g] = -1
	}
	var in []int
	f.ins, in = groupPorts(c.InputPorts(), "inputs")
	for i, p := range c.InputPorts() {
		for _, x := range p.Wires {
			f.group[x.Gate()] = int32(in[i])
		}
	}
	cost := gates.Standard().Cost
	firstOpen := len(f.ins) + len(f.boxes)
	size := int64(0)
	f.size = make([]int64, c.StageCount())
	for g := range circuit.Gate(c.Len()) {
		k := c.Kind(g)
		if k.IsSource() {
			continue
		}
		size += int64(cost[k])
		stage := c.StageOf(g)
		if f.open[stage] {
			f.group[g] = int32(firstOpen + len(f.gates))
			f.gates = append(f.gates, g)
			continue
		}
		at := stageOf[stage]
		f.group[g] = int32(len(f.ins)) + at
		b := &f.boxes[at]
		b.lo = min(b.lo, f.levels.Gate[g])
		b.hi = max(b.hi, f.levels.Gate[g])
		b.size += int64(cost[k])
		f.size[f.shown[stage]] += int64(cost[k])
	}

	flow := countFlow(c, f.group, firstOpen+len(f.gates))
	f.draw(flow)
	wires := int64(0)
	for _, into := range flow.into[len(f.ins):] {
		wires += into
	}
	f.describe(cfg, f.levels.Depth, size, wires)
	f.ends = func(g circuit.Gate) (terminal, bool) { return terminal{int(f.group[g]), -1}, f.group[g] >= 0 }
	if err := f.checkOpen(cfg); err != nil {
		return nil, err
	}
	return f.scene, nil
}

// chooseBoxes makes the boxes and returns the one of each stage that has gates. The
// boxes are the innermost stages; if those are too many, stages nested deeper than
// some depth count as their parent's; and if even the outermost are too many, as the
// steps of a long unrolling are, runs of neighbours share a box.
func (f *fold) chooseBoxes(most int) []int32 {
	c := f.c
	n := c.StageCount()
	used, depth, deepest := make([]bool, n), make([]int, n), 0
	for id := circuit.StageID(1); int(id) < n; id++ {
		depth[id] = depth[c.Stage(id).Parent] + 1
	}
	for g := range circuit.Gate(c.Len()) {
		if !c.Kind(g).IsSource() {
			id := c.StageOf(g)
			if f.open[id] {
				continue
			}
			used[id] = true
			deepest = max(deepest, depth[id])
		}
	}
	shown := make([]circuit.StageID, n) // the stage that stands for each
	for cut := deepest; ; cut-- {
		var distinct []circuit.StageID
		for id := range circuit.StageID(n) {
			shown[id] = id
			if depth[id] > cut {
				shown[id] = shown[c.Stage(id).Parent]
			}
			if used[id] {
				distinct = append(distinct, shown[id])
			}
		}
		slices.Sort(distinct)
		distinct = slices.Compact(distinct)
		if len(distinct) <= most || cut <= 1 {
			f.shown = shown
			return f.makeBoxes(shown, distinct, most)
		}
	}
}

func (f *fold) makeBoxes(shown, distinct []circuit.StageID, most int) []int32 {
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
	boxOf := make([]int32, c.StageCount())
	for i, id := range distinct {
		name := clean(c.Stage(id).Name)
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
		at := int32(i / share)
		boxOf[id] = at
		if int(at) == len(f.boxes) {
			f.boxes = append(f.boxes, box{stage: around, name: name, stages: []circuit.StageID{id}, lo: math.MaxUint32})
			continue
		}
		f.boxes[at].stages = append(f.boxes[at].stages, id)
		first, _, _ := strings.Cut(f.boxes[at].name, " … ")
		f.boxes[at].name = first + " … " + name
	}
	for id := range circuit.StageID(c.StageCount()) {
		f.stages = append(f.stages, stage{id: id, parent: c.Stage(id).Parent, name: clean(c.Stage(id).Name)})
		boxOf[id] = boxOf[shown[id]]
	}
	return boxOf
}

// draw adds the shapes and the arrows between them.
func (f *fold) draw(flow *flow) {
	for i, in := range f.ins {
		f.add(node{
			id: fmt.Sprintf("in%d", i), role: roleInput, label: in.label(),
			note: "input " + in.name, column: -1,
		})
	}
	for i, b := range f.boxes {
		into := flow.into[len(f.ins)+i]
		f.add(node{
			id: fmt.Sprintf("box%d", i), role: roleBox, stage: b.stage, column: -1,
			label: fmt.Sprintf("%s\n%s\n%s\n%s", b.name, f.gatesOf(&b), plural(into, "wire"), b.depth()),
			note:  fmt.Sprintf("stage %s, %s, %s", b.name, plural(b.size, "gate"), plural(into, "wire")),
		})
	}
	f.addOpen()
	pairs := make([][2]int32, 0, len(flow.wires))
	for p := range flow.wires {
		if p[0] != p[1] && int(p[1]) < len(f.ins)+len(f.boxes) {
			pairs = append(pairs, p)
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int32) int { return slices.Compare(a[:], b[:]) })
	for _, p := range pairs {
		f.connect(int(p[0]), int(p[1])).count = flow.wires[p]
	}

	f.wireOpen(flow)

	outs, group := groupPorts(f.c.OutputPorts(), "outputs")
	wires := map[[2]int]int64{} // from a node to a group of outputs
	var order [][2]int
	for i, p := range f.c.OutputPorts() {
		for _, x := range p.Wires {
			from := int(f.group[x.Gate()])
			if from < 0 {
				continue
			}
			pair := [2]int{from, group[i]}
			if wires[pair] == 0 {
				order = append(order, pair)
			}
			wires[pair]++
		}
	}
	first := len(f.nodes)
	for i, out := range outs {
		f.add(node{
			id: fmt.Sprintf("out%d", i), role: roleOutput, label: out.label(),
			note: "output " + out.name, column: -1,
		})
	}
	for _, p := range order {
		f.connect(p[0], first+p[1]).count = wires[p]
	}
}

// gatesOf writes how many gates a box has: 8 × 120 where it has eight stages of 120.
func (f *fold) gatesOf(b *box) string {
	n := len(b.stages)
	each := f.size[b.stages[0]]
	if n == 1 || slices.ContainsFunc(b.stages, func(id circuit.StageID) bool { return f.size[id] != each }) {
		return plural(b.size, "gate")
	}
	return fmt.Sprintf("%d × %s", n, plural(each, "gate"))
}

// depth writes the levels of a box, which has none if nothing in it costs depth.
func (b *box) depth() string { return "depth " + span(b.lo, b.hi) }

// mostGroups is how many groups of ports a folded figure shows on a side. A file
// whose inputs all have names of their own has one group of them all.
const mostGroups = 12

// groupPorts groups ports by the part of their names before the indices, and returns
// the group of each.
func groupPorts(ports []circuit.Port, all string) ([]portGroup, []int) {
	var groups []portGroup
	group := make([]int, len(ports))
	index := map[string]int{}
	for i := range ports {
		name := clean(ports[i].Name)
		if before, _, ok := strings.Cut(name, "["); ok && before != "" {
			name = before
		}
		at, ok := index[name]
		if !ok {
			at = len(groups)
			index[name] = at
			groups = append(groups, portGroup{name: name})
		}
		groups[at].ports++
		groups[at].wires += int64(len(ports[i].Wires))
		group[i] = at
	}
	if len(groups) <= mostGroups {
		return groups, group
	}
	one := portGroup{name: all}
	for _, g := range groups {
		one.ports += g.ports
		one.wires += g.wires
	}
	clear(group)
	return []portGroup{one}, group
}

func (g portGroup) label() string {
	switch {
	case g.wires == 1:
		return g.name
	case g.ports == 1:
		return fmt.Sprintf("%s\n%s", g.name, plural(g.wires, "bit"))
	case g.wires == g.ports:
		return fmt.Sprintf("%s\n%s", g.name, plural(g.ports, "bit"))
	}
	return fmt.Sprintf("%s\n%s\n%s", g.name, plural(g.ports, "value"), plural(g.wires, "bit"))
}
