package analysis

import (
	"cmp"
	"slices"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
)

// StageCost is what one stage of a circuit costs: one row of the ledger. Size, wires and weight of
// all rows add up to those of the circuit. Depths do not, since stages may stand side by side: the
// depth of the circuit is at most the sum of the depths along one path.
type StageCost struct {
	Stage string `json:"stage"`      // path of names, outermost first; "" for gates of no stage
	Depth int    `json:"depth"`      // longest path within the stage, as if all that it reads were inputs
	From  int    `json:"from_level"` // least level of its gates
	To    int    `json:"to_level"`   // greatest level of its gates
	proof.Counts
}

// Ledger returns the cost of each stage that has gates of its own, in the order in
// which the stages first make a gate, which is a topological one.
func Ledger(c *circuit.Circuit, levels *circuit.Levels) []StageCost {
	return measure(c, levels, nil).Ledger
}

// ledger adds up the costs of stages while gates come by in order.
type ledger struct {
	c      *circuit.Circuit
	levels *circuit.Levels
	of     []*stageRow // by stage; nil until its first gate
	inner  []uint32    // by gate: its level within its stage
	stage  []circuit.StageID
	sums   [][]innerLevel    // by sum
	group  []circuit.StageID // by stage: the stage in whose row it is counted; nil for its own
}

type stageRow struct {
	StageCost
	first circuit.Gate
}

// innerLevel is the greatest level, within one stage, of the gates of that stage
// that a sum reads.
type innerLevel struct {
	stage circuit.StageID
	level uint32
}

func newLedger(c *circuit.Circuit, levels *circuit.Levels, group []circuit.StageID) *ledger {
	return &ledger{
		c: c, levels: levels, group: group,
		of:    make([]*stageRow, c.StageCount()),
		inner: make([]uint32, c.Len()),
		stage: make([]circuit.StageID, c.Len()),
	}
}

// enter puts gate g, which is not a source, into its stage. Gates come in order.
func (l *ledger) enter(g circuit.Gate) {
	id, level := l.c.StageOf(g), int(l.levels.Gate[g])
	if l.group != nil {
		id = l.group[id]
	}
	row := l.of[id]
	if row == nil {
		row = &stageRow{StageCost{Stage: l.c.StagePath(id), From: level}, g}
		l.of[id] = row
	}
	l.stage[g] = id
	l.inner[g] = l.within(g, id) + uint32(l.c.Cost(l.levels.Model, g))
	row.Depth = max(row.Depth, int(l.inner[g]))
	row.From, row.To = min(row.From, level), max(row.To, level)
}

// count adds the cost of g to its stage.
func (l *ledger) count(g circuit.Gate, shape circuit.Shape) {
	l.of[l.stage[g]].Add(proof.Counts{Size: 1, Wires: int64(shape.FanIn), Weight: shape.Weight})
}

// within returns the greatest inner level of the nodes of its own stage that g reads.
func (l *ledger) within(g circuit.Gate, id circuit.StageID) uint32 {
	level := uint32(0)
	if s, ok := l.c.ReadsSum(g); ok {
		l.sumsTo(s)
		for _, in := range l.sums[s] {
			if in.stage == id {
				level = in.level
			}
		}
		return level
	}
	for _, x := range l.c.Fanin(g) {
		if h := x.Gate(); !l.c.Kind(h).IsSource() && l.stage[h] == id {
			in := l.inner[h]
			if x.IsComplement() {
				in += uint32(l.levels.Model.Complement)
			}
			level = max(level, in)
		}
	}
	return level
}

// sumsTo makes the inner levels of the sums up to s. A gate that reads s was made after all of
// these sums and after the nodes they read.
func (l *ledger) sumsTo(s circuit.SumID) {
	for at := len(l.sums); at <= int(s); at++ {
		var levels []innerLevel
		for _, r := range l.c.Refs(circuit.SumID(at)) {
			if r.IsSum() {
				for _, in := range l.sums[r.Sum()] {
					levels = raise(levels, in)
				}
			} else if !l.c.Kind(r.Gate()).IsSource() {
				levels = raise(levels, innerLevel{l.stage[r.Gate()], l.inner[r.Gate()]})
			}
		}
		l.sums = append(l.sums, levels)
	}
}

// raise notes a level of a stage.
func raise(levels []innerLevel, in innerLevel) []innerLevel {
	for i := range levels {
		if levels[i].stage == in.stage {
			levels[i].level = max(levels[i].level, in.level)
			return levels
		}
	}
	return append(levels, in)
}

func (l *ledger) rows() []StageCost {
	used := slices.DeleteFunc(l.of, func(row *stageRow) bool { return row == nil })
	slices.SortFunc(used, func(a, b *stageRow) int { return cmp.Compare(a.first, b.first) })
	rows := make([]StageCost, len(used))
	for i, row := range used {
		rows[i] = row.StageCost
	}
	return rows
}
