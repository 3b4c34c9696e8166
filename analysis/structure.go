package analysis

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
)

// Questions about the graph of a circuit; the zero value asks nothing.
type Questions struct {
	Path        bool   // a longest path, and what lies on all of them
	Bottlenecks bool   // what every path passes
	Output      string // that these two are about; see [circuit.Circuit.FindOutput]. Empty: all
	From, To    string // whether a path leads from here to there; see [graph.FindPlace]
	Stages      bool
	StageDepth  int // how many names of nested stages are told apart
}

// Structure is the answers to [Questions]; nil where nothing was asked.
type Structure struct {
	Path        []PathStep    `json:"path,omitempty"`
	Critical    *CriticalPart `json:"critical,omitempty"`
	Bottlenecks []Bottleneck  `json:"bottlenecks,omitempty"`
	Reach       *Reach        `json:"reach,omitempty"`
	Stages      *graph.Stages `json:"stages,omitempty"`
}

// Inspect answers questions about the graph of c, with depth under the given model.
//
// Error: *circuit.UnknownOutputError, *graph.UnknownPlaceError.
func Inspect(c *circuit.Circuit, model gates.DepthModel, q Questions) (s *Structure, err error) {
	s = &Structure{}
	var outputs []circuit.Port
	if q.Output != "" {
		port, err := c.FindOutput(q.Output)
		if err != nil {
			return nil, err
		}
		outputs = append(outputs, port)
	}
	if q.Path {
		s.Path, s.Critical = CriticalPath(c, model, outputs...), Critical(c, model, outputs...)
	}
	if q.Bottlenecks {
		s.Bottlenecks = Bottlenecks(c, model, outputs...)
	}
	if q.Stages {
		s.Stages = graph.NewStages(c, q.StageDepth)
	}
	if q.From != "" {
		s.Reach, err = Reaches(c, model, q.From, q.To)
	}
	return s, err
}

// CriticalPart is what lies on the longest paths to some outputs.
type CriticalPart struct {
	Depth  int            `json:"depth"`           // the length of these paths
	Gates  int            `json:"gates"`           // inputs, constants, NOT and BUF apart, as in a size
	Inputs int            `json:"inputs"`          // input wires
	Sums   int            `json:"sums"`            // shared sums between the gates
	Wires  int            `json:"wires"`           // as they are stored: to a sum, and from it to each reader
	Paths  circuit.Int    `json:"paths"`           // told by gates and sums
	Levels []int          `json:"levels"`          // Levels[l] is the number of those gates at level l
	Graph  []CriticalGate `json:"graph,omitempty"` // inputs among them; none if there are more than mostCritical
}

// CriticalGate is a gate on a longest path.
type CriticalGate struct {
	PathStep
	Reads []circuit.Gate `json:"reads,omitempty"` // those that give it its level, through sums too
}

// mostCritical is how many gates of a critical part are listed.
const mostCritical = 60

// Critical returns what lies on the longest paths of c to the given outputs, or to any
// output if none is given.
func Critical(c *circuit.Circuit, model gates.DepthModel, outputs ...circuit.Port) *CriticalPart {
	w := newWalk(c, model)
	wires, _ := w.outputs(outputs)
	part := graph.Of(c, model).Critical(wires...)
	list := part.Gates()
	p := &CriticalPart{
		Depth: part.Depth, Sums: len(part.Nodes) - len(list), Wires: len(part.Edges),
		Paths: part.Paths(), Levels: make([]int, part.Depth+1),
	}
	cost := gates.Standard().Cost
	for _, g := range list {
		if c.Kind(g) == gates.Input {
			p.Inputs++
		}
		p.Gates += cost[c.Kind(g)]
		p.Levels[w.levels.Gate[g]] += cost[c.Kind(g)]
	}
	if len(list) <= mostCritical {
		for _, g := range list {
			p.Graph = append(p.Graph, CriticalGate{w.step(g), w.before(g)})
		}
	}
	return p
}

// Bottleneck is the gates that every path from an input to an output passes, in their order
// on it.
type Bottleneck struct {
	Output string     `json:"output"` // a wire; "" for all together
	Gates  []PathStep `json:"gates"`  // the last is that of the output, if it is one; none if no input leads to it
}

// mostBottlenecks is how many output wires are looked at one by one.
const mostBottlenecks = 16

// Bottlenecks returns the bottlenecks of each of the given outputs, or of each
// output of c if none is given. If they have more than 16 wires, it returns those of all
// together.
func Bottlenecks(c *circuit.Circuit, model gates.DepthModel, outputs ...circuit.Port) []Bottleneck {
	w := newWalk(c, model)
	wires, names := w.outputs(outputs)
	tree := graph.Of(c, model).Bottlenecks()
	if len(wires) > mostBottlenecks {
		return []Bottleneck{{"", w.steps(tree.To(wires...))}}
	}
	list := make([]Bottleneck, len(wires))
	for i, x := range wires {
		list[i] = Bottleneck{names[i], w.steps(tree.To(x))}
	}
	return list
}

// Reach tells whether a path leads from one place of a circuit to another.
type Reach struct {
	From    string `json:"from"` // with what it is: "input x[0].1", "stage scores", "gate g17"
	To      string `json:"to"`
	Reaches bool   `json:"reaches"`

	// The lengths of a shortest and of a longest path: what its gates except the first add
	// to the depth.
	Shortest int        `json:"shortest"`
	Longest  int        `json:"longest"`
	Path     []PathStep `json:"path,omitempty"` // a shortest one
}

// Reaches looks for the paths of c from one place to another. See [graph.FindPlace] for how
// they are named.
//
// Error: *graph.UnknownPlaceError.
func Reaches(c *circuit.Circuit, model gates.DepthModel, from, to string) (*Reach, error) {
	start, err := graph.FindPlace(c, from, false)
	if err != nil {
		return nil, err
	}
	end, err := graph.FindPlace(c, to, true)
	if err != nil {
		return nil, err
	}
	r := &Reach{From: start.Name, To: end.Name}
	if route := graph.Of(c, model).Route(start.Gates, end.Gates); route != nil {
		r.Reaches, r.Shortest, r.Longest = true, route.Shortest, route.Longest
		r.Path = newWalk(c, model).steps(route.Gates)
	}
	return r, nil
}
