package circuit

import (
	"cmp"
	"slices"
	"strings"
)

// StageID is the index of a stage of a circuit. Stage 0 is the whole circuit.
type StageID uint32

// Stage is a named part of a circuit. Stages nest: a stage has a parent, and the
// path of names from the root tells which block and which step made a gate.
type Stage struct {
	Name   string
	Parent StageID // of stage 0: itself
}

// stageRun says that the gates from first on belong to stage, up to the next run.
// Gates are made stage by stage, so that a few runs cover millions of gates. Gates
// before the first run belong to stage 0.
type stageRun struct {
	first Gate
	stage StageID
}

// StageCount returns the number of stages, the root included.
func (c *Nodes) StageCount() int { return len(c.stages) }

// Stage returns the stage with the given id.
func (c *Nodes) Stage(id StageID) Stage { return c.stages[id] }

// StageOf returns the stage in which g was made.
func (c *Nodes) StageOf(g Gate) StageID {
	if len(c.runs) == 0 {
		return 0
	}
	i, found := slices.BinarySearchFunc(c.runs, g, func(r stageRun, g Gate) int { return cmp.Compare(r.first, g) })
	switch {
	case found:
		return c.runs[i].stage
	case i == 0:
		return 0
	}
	return c.runs[i-1].stage
}

// stageEnd returns the first gate after g that may belong to another stage.
func (c *Nodes) stageEnd(g Gate) Gate {
	i, _ := slices.BinarySearchFunc(c.runs, g+1, func(r stageRun, g Gate) int { return cmp.Compare(r.first, g) })
	if i == len(c.runs) {
		return Gate(c.Len())
	}
	return c.runs[i].first
}

// StagePath returns the names from the root to the stage, joined by "/". The path
// of the root is "".
func (c *Nodes) StagePath(id StageID) string {
	var names []string
	for ; id != 0; id = c.stages[id].Parent {
		names = append(names, c.stages[id].Name)
	}
	slices.Reverse(names)
	return strings.Join(names, "/")
}

// stageAt records that the next gate, g, belongs to stage s.
func (c *Nodes) stageAt(g Gate, s StageID) {
	last := StageID(0)
	if n := len(c.runs); n > 0 {
		last = c.runs[n-1].stage
	}
	if s != last {
		c.runs = append(c.runs, stageRun{g, s})
	}
}
