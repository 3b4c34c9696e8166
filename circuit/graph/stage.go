package graph

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/simple"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Stages is the graph of the stages of a circuit. The weight of an edge is the number of
// wires from gates of the one stage to gates of the other, as [Flow] counts them. Wires within
// a stage, and wires of constants, are left out. A folded figure of package draw shows the
// same graph.
//
// All its lists have the same order: by the greatest level of a gate of the stage, then by
// index.
type Stages struct {
	*simple.WeightedDirectedGraph
	list []Stage
	rank map[int64]int // by id: the place in the list
}

// Stage is a stage as a node of [Stages].
type Stage struct {
	Stage circuit.StageID `json:"id"`
	Path  string          `json:"path"`  // of names; "" is the whole circuit, for gates that are in no other stage
	Level int             `json:"level"` // greatest level of a gate, under the standard model
	Gates int             `json:"gates"` // sources, NOT and BUF apart
}

// ID returns the index of the stage.
func (s Stage) ID() int64 { return int64(s.Stage) }

// NewStages returns the graph of the stages with at most depth names; deeper stages count
// as part of those around them. A stage has a node if a gate or an input belongs to it.
//
// Time: that of [NewFlow].
func NewStages(c *circuit.Circuit, depth int) *Stages {
	fold := folded(c, depth)
	s := &Stages{simple.NewWeightedDirectedGraph(0, 0), nil, map[int64]int{}}
	stages := make([]*Stage, c.StageCount())
	levels, cost := c.Levels(gates.Standard()), gates.Standard().Cost
	group := make([]int, c.Len()) // by gate: its stage
	group[0] = -1                 // the constant
	for g := circuit.Gate(1); int(g) < c.Len(); g++ {
		id := fold[c.StageOf(g)]
		group[g] = int(id)
		if stages[id] == nil {
			stages[id] = &Stage{Stage: id, Path: c.StagePath(id)}
		}
		stages[id].Level = max(stages[id].Level, int(levels.Gate[g]))
		stages[id].Gates += cost[c.Kind(g)]
	}
	for _, stage := range stages {
		if stage != nil {
			s.list = append(s.list, *stage)
			s.AddNode(*stage)
		}
	}
	slices.SortStableFunc(s.list, func(a, b Stage) int { return cmp.Compare(a.Level, b.Level) })
	for i, stage := range s.list {
		s.rank[stage.ID()] = i
	}
	for pair, n := range NewFlow(c, group, len(stages)).Wires {
		if pair[0] != pair[1] {
			s.SetWeightedEdge(s.NewWeightedEdge(*stages[pair[0]], *stages[pair[1]], float64(n)))
		}
	}
	return s
}

// folded returns, by stage, the stage of at most depth names that it counts as part of.
func folded(c *circuit.Circuit, depth int) []circuit.StageID {
	fold, names := make([]circuit.StageID, c.StageCount()), make([]int, c.StageCount())
	for id := range fold[1:] {
		s := circuit.StageID(id + 1)
		parent := c.Stage(s).Parent
		names[s] = names[parent] + 1
		if fold[s] = fold[parent]; names[s] <= depth {
			fold[s] = s
		}
	}
	return fold
}

// StageNames returns the paths of the stages, each once, in the order of the stages. What
// follows " [" in a name is left out; the root has no path.
func StageNames(c *circuit.Circuit) []string {
	var names []string
	seen := map[string]bool{}
	for _, path := range briefPaths(c)[1:] {
		if !seen[path] {
			names = append(names, path)
		}
		seen[path] = true
	}
	return names
}

// FindStages returns the stages that a name stands for: all that have it, or that have it as
// their path. What follows " [" in their names may be left out.
func FindStages(c *circuit.Circuit, name string) (found []circuit.StageID) {
	for id, path := range briefPaths(c)[1:] {
		s := circuit.StageID(id + 1)
		own := c.Stage(s).Name
		if slices.Contains([]string{own, brief(own), path, c.StagePath(s)}, name) {
			found = append(found, s)
		}
	}
	return found
}

// StageGates returns the gates of some stages and of those within them.
func StageGates(c *circuit.Circuit, stages ...circuit.StageID) (list []circuit.Gate) {
	in := make([]bool, c.StageCount())
	for _, s := range stages {
		in[s] = true
	}
	for s := range in { // a parent comes before its stages
		in[s] = in[s] || in[c.Stage(circuit.StageID(s)).Parent]
	}
	for g := range circuit.Gate(c.Len()) {
		if in[c.StageOf(g)] {
			list = append(list, g)
		}
	}
	return list
}

// occupied tells for each stage whether it, or a stage within it, has a gate.
func occupied(c *circuit.Circuit) []bool {
	full := make([]bool, c.StageCount())
	for g := range circuit.Gate(c.Len()) {
		full[c.StageOf(g)] = true
	}
	for s := len(full) - 1; s > 0; s-- { // a parent comes before its stages
		parent := c.Stage(circuit.StageID(s)).Parent
		full[parent] = full[parent] || full[s]
	}
	return full
}

// briefPaths returns the paths of all stages without what follows " [" in names.
func briefPaths(c *circuit.Circuit) []string {
	paths := make([]string, c.StageCount())
	for id := range paths {
		s := c.Stage(circuit.StageID(id))
		if paths[id] = brief(s.Name); s.Parent != 0 {
			paths[id] = paths[s.Parent] + "/" + paths[id]
		}
	}
	return paths
}

// brief leaves out the details that some stages have in brackets after the name.
func brief(name string) string {
	before, _, _ := strings.Cut(name, " [")
	return before
}

// MarshalJSON writes the stages as nodes, and as edges the wires between them.
func (s *Stages) MarshalJSON() ([]byte, error) {
	type edge struct {
		From  int64 `json:"from"`
		To    int64 `json:"to"`
		Wires int64 `json:"wires"`
	}
	edges := []edge{}
	for _, e := range graph.WeightedEdgesOf(s.WeightedEdges()) {
		edges = append(edges, edge{e.From().ID(), e.To().ID(), int64(e.Weight())})
	}
	return json.Marshal(map[string]any{"nodes": s.list, "edges": edges})
}

// List returns the stages in order.
func (s *Stages) List() []Stage { return slices.Clone(s.list) }

// Nodes returns the stages in order.
func (s *Stages) Nodes() graph.Nodes { return s.ordered(s.WeightedDirectedGraph.Nodes()) }

// From returns the stages that read gates of a stage, in order.
func (s *Stages) From(id int64) graph.Nodes { return s.ordered(s.WeightedDirectedGraph.From(id)) }

// To returns the stages of which a stage reads gates, in order.
func (s *Stages) To(id int64) graph.Nodes { return s.ordered(s.WeightedDirectedGraph.To(id)) }

func (s *Stages) ordered(nodes graph.Nodes) graph.Nodes {
	list := graph.NodesOf(nodes)
	if len(list) == 0 {
		return graph.Empty
	}
	slices.SortFunc(list, func(a, b graph.Node) int { return s.rank[a.ID()] - s.rank[b.ID()] })
	return iterator.NewOrderedNodes(list)
}

// Edges returns the edges by the order of what is read, then of what reads it.
func (s *Stages) Edges() graph.Edges {
	var list []graph.Edge
	for _, e := range graph.WeightedEdgesOf(s.WeightedEdges()) {
		list = append(list, e)
	}
	return iterator.NewOrderedEdges(list)
}

// WeightedEdges returns the edges by the order of what is read, then of what reads it.
func (s *Stages) WeightedEdges() graph.WeightedEdges {
	list := graph.WeightedEdgesOf(s.WeightedDirectedGraph.WeightedEdges())
	slices.SortFunc(list, func(a, b graph.WeightedEdge) int {
		return cmp.Or(s.rank[a.From().ID()]-s.rank[b.From().ID()], s.rank[a.To().ID()]-s.rank[b.To().ID()])
	})
	return iterator.NewOrderedWeightedEdges(list)
}
