package explore

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// gate checks the number of a gate.
func (x *Circuit) gate(g int) (circuit.Gate, error) {
	if g < 0 || g >= x.c.Len() {
		return 0, fmt.Errorf("explore: no gate %d; the circuit has the gates 0 to %d", g, x.c.Len()-1)
	}
	return circuit.Gate(g), nil
}

// cone marks the gates and sums that a gate reads, directly or not, or that read it, and itself. Only those
// at most depth gates away are marked, or all if depth is 0.
func (x *Circuit) cone(g circuit.Gate, depth int, out bool) []bool {
	far := make([]int32, x.nodes()) // 1 + the gates between
	far[g] = 1
	isGate := func(node uint32) int32 {
		if int(node) < x.c.Len() {
			return 1
		}
		return 0
	}
	step := func(from, to uint32) {
		d := far[from] + isGate(to)
		if (far[to] == 0 || d < far[to]) && (depth == 0 || int(d) <= depth+1) {
			far[to] = d
		}
	}
	start := int(x.at[g])
	if out {
		for _, node := range x.order[start:] {
			if far[node] > 0 {
				for _, to := range x.reader[x.first[node]:x.first[node+1]] {
					step(node, to)
				}
			}
		}
	} else {
		for _, node := range slices.Backward(x.order[:start+1]) {
			if far[node] > 0 {
				x.reads(node, func(from uint32, _ int64) { step(node, from) })
			}
		}
	}
	in := make([]bool, len(far))
	for node, d := range far {
		in[node] = d > 0
	}
	return in
}

// gatesIn lists the gates that are marked.
func (x *Circuit) gatesIn(marks []bool) []int {
	list := []int{}
	for g, in := range marks[:x.c.Len()] {
		if in {
			list = append(list, g)
		}
	}
	return list
}

// Path is the longest paths to some outputs.
type Path struct {
	Depth int   `json:"depth"` // under the standard model
	Gates []int `json:"gates"` // of one path, from its start: an input, a constant or a gate that reads nothing
	All   []int `json:"all"`   // gates and inputs on any of them

	Names  []string `json:"names"`  // of the gates of that path
	Kinds  []string `json:"kinds"`  // of them
	Levels []int    `json:"levels"` // of them
	Stages []string `json:"stages"` // paths of the stages that they are in
	Output string   `json:"output"` // the output wire that it ends at
}

// Path finds the longest paths to an output wire; −1 stands for all of them.
func (x *Circuit) Path(output int) (*Path, error) {
	outputs := x.tree.wires
	switch {
	case output >= len(outputs) || output < -1:
		return nil, fmt.Errorf("explore: no output %d; the circuit has the outputs 0 to %d", output, len(outputs)-1)
	case output >= 0:
		outputs = outputs[output : output+1]
	}
	p := &Path{Gates: []int{}}
	for _, l := range outputs {
		p.Depth = max(p.Depth, int(x.levels.Of(l)))
	}
	on := make([]bool, x.nodes())
	for _, l := range outputs {
		on[l.Gate()] = on[l.Gate()] || int(x.levels.Of(l)) == p.Depth
	}
	next := make([]uint32, x.nodes()) // on one path: what a node reads, the first of several, and 1 more
	for _, node := range slices.Backward(x.order) {
		if !on[node] {
			continue
		}
		x.reads(node, func(from uint32, _ int64) {
			if !x.tight(from, node) {
				return
			}
			on[from] = true
			if next[node] == 0 {
				next[node] = from + 1
			}
		})
	}
	p.All = x.gatesIn(on)
	for i, l := range outputs {
		if !on[l.Gate()] || int(x.levels.Of(l)) != p.Depth {
			continue
		}
		p.Output = x.outputName(max(output, 0) + i)
		for node := uint32(l.Gate()) + 1; node > 0; node = next[node-1] {
			if int(node-1) < x.c.Len() {
				p.Gates = append(p.Gates, int(node-1))
			}
		}
		break
	}
	slices.Reverse(p.Gates)
	for _, n := range p.Gates {
		g := circuit.Gate(n)
		p.Names, p.Kinds = append(p.Names, x.Name(g)), append(p.Kinds, x.c.Kind(g).String())
		p.Levels = append(p.Levels, int(x.levels.Gate[g]))
		p.Stages = append(p.Stages, x.c.StagePath(x.c.StageOf(g)))
	}
	return p, nil
}

// tight tells whether what a node reads gives the node its level.
func (x *Circuit) tight(from, to uint32) bool {
	level := func(node uint32) int {
		if s, ok := x.sumOf(node); ok {
			return int(x.levels.Sum[s])
		}
		return int(x.levels.Gate[node])
	}
	cost := 0
	if int(to) < x.c.Len() {
		cost = x.c.Cost(x.levels.Model, circuit.Gate(to))
	}
	return level(from)+cost == level(to)
}

// filtered marks the gates that a filter leaves; nil stands for all. For longest paths it lists one of them.
func (x *Circuit) filtered(f *Filter) (marks []bool, chain []int, err error) {
	if f == nil {
		return nil, nil, nil
	}
	if err := f.check(); err != nil {
		return nil, nil, err
	}
	if f.Kind == filterPath {
		p, err := x.Path(-1)
		if err != nil {
			return nil, nil, err
		}
		marks := make([]bool, x.c.Len())
		for _, g := range p.All {
			marks[g] = true
		}
		return marks, p.Gates, nil
	}
	g, err := x.gate(f.Gate)
	if err != nil {
		return nil, nil, err
	}
	return x.cone(g, f.Depth, f.Kind == filterFan)[:x.c.Len()], nil, nil
}
