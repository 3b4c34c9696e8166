package draw

import (
	"fmt"
	"math"
	"strings"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/press"
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
	Stages []string // as they were asked for; empty: the whole circuit
	Gates  int      // in them
	Row    int      // the most gates at one depth, if they are too many; else 0
	Lines  int      // of the figure, if they are too many; else 0
	Most   int      // gates, gates in a row or lines
}

func (e *TooLargeError) Error() string {
	text := "draw: " + press.Plural(int64(e.Gates), "gate")
	if len(e.Stages) > 0 {
		text = fmt.Sprintf("draw: %s: %s", list(e.Stages), press.Plural(int64(e.Gates), "gate"))
	}
	switch {
	case e.Lines > 0:
		return fmt.Sprintf("%s, and the figure would have %s lines; at most %s are drawn", text, press.Count(int64(e.Lines)),
			press.Count(int64(e.Most)))
	case e.Row > 0:
		return fmt.Sprintf("%s, %s of them at one depth; at most %s are drawn in a row", text,
			press.Count(int64(e.Row)), press.Count(int64(e.Most)))
	}
	return fmt.Sprintf("%s; at most %s are drawn gate by gate", text, press.Count(int64(e.Most)))
}

// openStages finds the stages that are to be drawn gate by gate, with those in them.
func (f *fold) openStages() error {
	c := f.c
	f.open = make([]bool, c.StageCount())
	for _, name := range f.cfg.Unfold {
		found := graph.FindStages(c, name)
		if len(found) == 0 {
			return unknownStage(name, graph.StageNames(c))
		}
		for _, id := range found {
			f.open[id] = true
		}
	}
	for id := range f.open { // a parent comes before its children
		f.open[id] = f.open[id] || f.open[c.Stage(circuit.StageID(id)).Parent]
	}
	return nil
}

func unknownStage(name string, paths []string) error {
	const most = 12
	e := &UnknownStageError{Name: name, Count: len(paths)}
	for _, p := range paths[:min(len(paths), most)] {
		e.Known = append(e.Known, press.Clean(p))
	}
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
		p := places.ofGate(g)
		i, ok := byPlace[p]
		if !ok {
			i = len(f.ranks)
			byPlace[p] = i
			f.ranks = append(f.ranks, nil)
		}
		f.ranks[i] = append(f.ranks[i], f.newGate(g))
	}
	f.noteOpen()
}

// rowColumns times MaxColumn is the longest row of open gates. A person who asks
// for a stage accepts a larger figure.
const rowColumns = 3

// checkOpen says if the figure of open stages is too large.
func (f *fold) checkOpen() error {
	if len(f.gates) == 0 {
		return nil
	}
	e := &TooLargeError{Stages: f.cfg.Unfold, Gates: len(f.gates)}
	if row, most := f.tallest(), rowColumns*f.cfg.MaxColumn; most >= 0 && row > most {
		e.Row, e.Most = row, most
		return e
	}
	if lines, most := len(f.edges), f.cfg.MaxWires; most >= 0 && lines > most {
		e.Lines, e.Most = lines, most
		return e
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
		if all[id] == nil {
			all[id] = &box{lo: math.MaxUint32}
		}
		all[id].take(f.levels.Gate[g], cost[f.c.Kind(g)])
	}
	f.notes = map[circuit.StageID]string{}
	for id, b := range all {
		f.notes[id] = fmt.Sprintf(": %s, %s", press.Plural(b.size, "gate"), b.depth())
	}
}

// wireOpen draws the lines into open gates, and the sums that several of them read. A sum
// that is part of others is not a node if all its wires come from one box.
func (f *fold) wireOpen(flow *graph.Flow) {
	if len(f.gates) == 0 {
		return
	}
	d := newInner(f.scene)
	d.flow, d.firstGate = flow, f.firstGate()
	for _, s := range d.chooseSums(f.gates, d.mixed) {
		d.addSum(s, d.home[s])
	}
	for _, g := range f.gates {
		d.finish(g, f.group[g])
	}
}

// mixed reports whether s has wires from several groups or from an open gate.
func (d *inner) mixed(s circuit.SumID) bool {
	wires := d.flow.Of(s).Wires
	for from := range wires {
		if from >= d.firstGate {
			return true
		}
	}
	return len(wires) > 1
}
