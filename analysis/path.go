package analysis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// PathStep is one node of a path through a circuit.
type PathStep struct {
	Gate  circuit.Gate `json:"gate"`
	Kind  string       `json:"kind"`
	Stage string       `json:"stage"`
	Level int          `json:"level"`
	Port  string       `json:"port,omitempty"` // of the input it is, or of the output that reads it
}

// CriticalPath returns one longest path of c under the model to the given outputs, or to any output
// with none given: from an input, a constant or a gate without fan-in to a gate that an output port
// reads. If there are several, it goes through the first output, and then through the first
// argument, that attains the level. It is empty if there are no outputs.
func CriticalPath(c *circuit.Circuit, model gates.DepthModel, outputs ...circuit.Port) []PathStep {
	w := newWalk(c, model)
	wires, names := w.outputs(outputs)
	depth := uint32(0)
	for _, x := range wires {
		depth = max(depth, w.levels.Of(x))
	}
	var path []PathStep
	for i, x := range wires {
		if w.levels.Of(x) != depth {
			continue
		}
		for next := []circuit.Gate{x.Gate()}; len(next) > 0; next = w.before(next[0]) {
			path = append(path, w.step(next[0]))
		}
		if path[0].Port == "" {
			path[0].Port = names[i]
		}
		slices.Reverse(path)
		break
	}
	return path
}

// walk goes from a gate back along a longest path.
type walk struct {
	c      *circuit.Circuit
	levels *circuit.Levels
	inputs map[circuit.Gate]string
}

func newWalk(c *circuit.Circuit, model gates.DepthModel) *walk {
	w := &walk{c, c.Levels(model), map[circuit.Gate]string{}}
	for i, name := range WireNames(c.InputPorts()) {
		w.inputs[c.Inputs()[i]] = name
	}
	return w
}

// outputs returns the wires of the given ports, or of all outputs, and their names.
func (w *walk) outputs(ports []circuit.Port) (wires []circuit.Lit, names []string) {
	if len(ports) == 0 {
		ports = w.c.OutputPorts()
	}
	for _, p := range ports {
		wires = append(wires, p.Wires...)
	}
	return wires, WireNames(ports)
}

// steps describes gates, one after another.
func (w *walk) steps(list []circuit.Gate) []PathStep {
	steps := make([]PathStep, len(list))
	for i, g := range list {
		steps[i] = w.step(g)
	}
	return steps
}

func (w *walk) step(g circuit.Gate) PathStep {
	stage := ""
	if !w.c.Kind(g).IsSource() {
		stage = w.c.StagePath(w.c.StageOf(g))
	}
	return PathStep{g, w.c.Kind(g).String(), stage, int(w.levels.Gate[g]), w.inputs[g]}
}

// before returns the gates that give g its level, as arguments of it or of sums of the same
// level that it reads: each once, in the order of the arguments.
func (w *walk) before(g circuit.Gate) (list []circuit.Gate) {
	if w.c.Kind(g).IsSource() {
		return nil
	}
	below := w.levels.Gate[g] - uint32(w.c.Cost(w.levels.Model, g))
	for _, x := range w.c.Fanin(g) {
		if w.levels.Of(x) == below && !slices.Contains(list, x.Gate()) {
			list = append(list, x.Gate())
		}
	}
	seen := map[circuit.Ref]bool{}
	var visit func(s circuit.SumID)
	visit = func(s circuit.SumID) {
		for _, r := range w.c.Refs(s) {
			switch {
			case seen[r]:
			case r.IsSum() && w.levels.Sum[r.Sum()] == below:
				visit(r.Sum())
			case !r.IsSum() && w.levels.Gate[r.Gate()] == below:
				list = append(list, r.Gate())
			}
			seen[r] = true
		}
	}
	if s, ok := w.c.ReadsSum(g); ok {
		visit(s)
	}
	return list
}

// WireNames names the wires of all ports, such as "x[2,3].0": by the port, and the number
// there if the port has several.
func WireNames(ports []circuit.Port) []string {
	var names []string
	for _, p := range ports {
		for i := range p.Wires {
			names = append(names, p.WireName(i))
		}
	}
	return names
}
