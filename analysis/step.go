package analysis

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Step is the cost of one step of an unrolled model.
type Step struct {
	Step  int   `json:"step"`  // from 1
	Depth int   `json:"depth"` // longest path inside the step: its depth if everything that it reads were an input
	To    int   `json:"to_level"`
	Rise  int   `json:"rise"` // how many levels it ends above the step before
	Size  int   `json:"size"`
	Wires int64 `json:"wires"`
}

// Run is an unrolled model of one number of steps.
type Run struct {
	Count   int    `json:"count"` // T
	N       int    `json:"n,omitempty"`
	Steps   []Step `json:"steps"`
	Deepest int    `json:"step_depth"`    // of the deepest step
	Depth   int    `json:"total_depth"`   // of the whole circuit
	Outside int    `json:"outside_depth"` // longest path through gates of no step
	proof.Counts
	Work     int `json:"work"` // total compute: gates that cost depth
	Span     int `json:"span"` // serial compute: the depth
	MaxWidth int `json:"max_width"`

	// As in [Measures].
	GateClass gates.Class         `json:"gate_class"`
	FanIns    map[gates.Class]int `json:"-"`
}

// MeasureSteps measures a circuit whose steps are the stages "name 1", "name 2" and so on, at any
// place. A gate of a stage inside a step belongs to the step. If there is no such stage, the whole
// circuit is one step.
func MeasureSteps(c *circuit.Circuit, name string, model gates.DepthModel) *Run {
	group := make([]circuit.StageID, c.StageCount())
	first := map[int]circuit.StageID{} // by step; 0 for none
	for id := range circuit.StageID(c.StageCount()) {
		k := stepOf(c.StagePath(id), name)
		if _, ok := first[k]; !ok {
			first[k] = id
		}
		group[id] = first[k]
	}
	m := measure(c, c.Levels(model), group)
	r := &Run{
		Depth: m.Depth, Span: m.Span, Counts: m.Counts, GateClass: m.GateClass, FanIns: m.FanIns,
	}
	for _, width := range m.Levels[1 : m.Depth+1] {
		r.Work += width
		r.MaxWidth = max(r.MaxWidth, width)
	}
	var outside *Step
	before := 0
	for _, row := range m.Ledger {
		k := stepOf(row.Stage, name)
		s := Step{Step: k, Depth: row.Depth, To: row.To, Rise: row.To - before, Size: row.Size, Wires: row.Wires}
		if k == 0 {
			outside = &s
			continue
		}
		before = row.To
		r.Steps = append(r.Steps, s)
		r.Deepest = max(r.Deepest, s.Depth)
	}
	switch {
	case len(r.Steps) == 0 && outside != nil: // one pass
		outside.Step, r.Deepest = 1, outside.Depth
		r.Steps = []Step{*outside}
	case outside != nil:
		r.Outside = outside.Depth
	}
	r.Count = max(1, len(r.Steps))
	return r
}

// stepOf returns the number of the step that a stage belongs to; 0 if it belongs to none.
func stepOf(path, name string) int {
	if name == "" {
		return 0
	}
	for part := range strings.SplitSeq(path, "/") {
		if rest, ok := strings.CutPrefix(part, name+" "); ok {
			if k, err := strconv.Atoi(rest); err == nil && k > 0 {
				return k
			}
		}
	}
	return 0
}

// Flat says whether no step is deeper than the depth of the single step.
func (r *Run) Flat(single int) bool { return r.Deepest <= single }

// Unroll measures a model for several numbers of steps, which must be at least 1. The member
// function builds the circuit of a number of steps. If it is stopped, Unroll returns the
// measurements so far, with the error.
func Unroll(
	ctx context.Context, member Member, name string, counts []int, model gates.DepthModel, progress func(steps int),
) ([]Run, error) {
	var runs []Run
	for _, t := range counts {
		if t < 1 {
			return runs, fmt.Errorf("analysis: %d steps; at least 1 is needed", t)
		}
		if err := ctx.Err(); err != nil {
			return runs, err
		}
		if progress != nil {
			progress(t)
		}
		c, err := member(ctx, t)
		if err != nil {
			return runs, err
		}
		r := MeasureSteps(c, name, model)
		r.Count = t
		runs = append(runs, *r)
	}
	return runs, nil
}
