package draw

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
)

// place is where along the depth a node stands: its level, and within the level a
// step. Gates that cost depth stand at step 0; a sum, or a gate that the depth
// model makes free, stands one step after the last thing it reads on its level.
// So lines always go forward, and half-way columns are never mistaken for levels.
type place struct {
	level uint32
	step  uint32
}

const lastStep = 1 << 31 // beyond every step that a circuit can have

func comparePlaces(a, b place) int {
	return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.step, b.step))
}

// places computes the steps within each level. The levels are the circuit's own.
type places struct {
	levels *circuit.Levels
	gate   []uint32 // step by gate
	sum    []uint32 // step by sum
}

func newPlaces(c *circuit.Circuit, levels *circuit.Levels) *places {
	p := &places{levels: levels, gate: make([]uint32, c.Len()), sum: make([]uint32, 0, c.SumCount())}
	for g := range circuit.Gate(c.Len()) {
		if s, ok := c.ReadsSum(g); ok {
			p.sumsTo(c, s) // gate g reads only sums made before it, of gates made before it
			p.gate[g] = p.ofSum(s).next(levels.Gate[g])
		}
		for _, x := range c.Fanin(g) {
			p.gate[g] = max(p.gate[g], p.ofGate(x.Gate()).next(levels.Gate[g]))
		}
	}
	p.sumsTo(c, circuit.SumID(c.SumCount()-1))
	return p
}

// next is the step of what reads p and stands on the given level.
func (p place) next(level uint32) uint32 {
	if p.level != level {
		return 0
	}
	return p.step + 1
}

func (p *places) sumsTo(c *circuit.Circuit, last circuit.SumID) {
	for s := circuit.SumID(len(p.sum)); s <= last; s++ {
		step := uint32(1)
		for _, r := range c.Refs(s) {
			var at place
			if r.IsSum() {
				at = p.ofSum(r.Sum())
			} else {
				at = p.ofGate(r.Gate())
			}
			step = max(step, at.next(p.levels.Sum[s]))
		}
		p.sum = append(p.sum, step)
	}
}

func (p *places) ofGate(g circuit.Gate) place { return place{p.levels.Gate[g], p.gate[g]} }
func (p *places) ofSum(s circuit.SumID) place { return place{p.levels.Sum[s], p.sum[s]} }

// setColumns numbers the places that are used and gives each node its column. at has the
// place of each gate, of each sum and of what stands late; the rest is at depth 0, except the
// outputs, which stand last.
func (s *scene) setColumns(at map[int]place) {
	var used []place
	for n := range s.nodes {
		if s.nodes[n].role != roleOutput {
			used = append(used, at[n])
		}
	}
	slices.SortFunc(used, comparePlaces)
	used = slices.Compact(used)
	for i, p := range used {
		label := ""
		if p.step < lastStep && (i == 0 || used[i-1].level != p.level) {
			label = "depth " + strconv.Itoa(int(p.level))
		}
		s.columns = append(s.columns, label)
	}
	s.columns = append(s.columns, "")
	for n := range s.nodes {
		v := &s.nodes[n]
		v.column = len(used)
		if v.role != roleOutput {
			v.column, _ = slices.BinarySearchFunc(used, at[n], comparePlaces)
		}
	}
}
