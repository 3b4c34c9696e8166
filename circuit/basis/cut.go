package basis

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// maxLeaves is the greatest number of gates that a truth table is made over.
const maxLeaves = 14

// cuts finds small sets of gates that decide a gate.
type cuts struct {
	c       *circuit.Circuit
	deepest [][]circuit.Gate                 // by gate: see newCuts
	bySum   map[circuit.SumID][]circuit.Gate // the union over its gates, nil if too large
}

// newCuts finds a cut of each gate that is as near to the inputs as possible: the union of the cuts
// of the gates it reads, if that has at most maxLeaves gates, otherwise the gate itself. The cut of
// the constant is empty.
func newCuts(c *circuit.Circuit, live []bool) *cuts {
	k := &cuts{c, make([][]circuit.Gate, c.Len()), map[circuit.SumID][]circuit.Gate{}}
	k.deepest[0] = []circuit.Gate{}
	for g := circuit.Gate(1); int(g) < c.Len(); g++ {
		if !live[g] {
			continue
		}
		var cut []circuit.Gate
		if !c.Kind(g).IsSource() {
			cut = k.below(g)
		}
		if cut == nil {
			cut = []circuit.Gate{g}
		}
		k.deepest[g] = cut
	}
	return k
}

// below returns the union of the deepest cuts of the gates that g reads, or nil if it is too large.
func (k *cuts) below(g circuit.Gate) []circuit.Gate {
	if s, ok := k.c.ReadsSum(g); ok {
		return k.belowSum(s)
	}
	cut := []circuit.Gate{}
	for _, x := range k.c.Fanin(g) {
		if cut = union(cut, k.deepest[x.Gate()]); cut == nil {
			return nil
		}
	}
	return cut
}

func (k *cuts) belowSum(s circuit.SumID) []circuit.Gate {
	if cut, ok := k.bySum[s]; ok {
		return cut
	}
	cut := []circuit.Gate{}
	for _, r := range k.c.Refs(s) {
		next := []circuit.Gate(nil)
		if r.IsSum() {
			next = k.belowSum(r.Sum())
		} else {
			next = k.deepest[r.Gate()]
		}
		if next == nil {
			cut = nil
			break
		}
		if cut = union(cut, next); cut == nil {
			break
		}
	}
	k.bySum[s] = cut
	return cut
}

// union returns the union of two sorted cuts, or nil if it is too large.
func union(x, y []circuit.Gate) []circuit.Gate {
	out := slices.Concat(x, y)
	slices.Sort(out)
	if out = slices.Compact(out); len(out) > maxLeaves {
		return nil
	}
	return append([]circuit.Gate{}, out...) // not nil
}

// reads returns the gates that g reads, without the constant, or nil if there are
// more than maxLeaves.
func (k *cuts) reads(g circuit.Gate) []circuit.Gate {
	var from []circuit.Gate
	if s, ok := k.c.ReadsSum(g); ok {
		if len(k.c.Refs(s)) > maxLeaves && !slices.ContainsFunc(k.c.Refs(s), circuit.Ref.IsSum) {
			return nil
		}
		from, _ = k.c.Flatten(s)
	} else {
		for _, x := range k.c.Fanin(g) {
			from = append(from, x.Gate())
		}
	}
	slices.Sort(from)
	from = slices.Compact(from)
	if len(from) > 0 && from[0] == 0 {
		from = from[1:]
	}
	if len(from) > maxLeaves {
		return nil
	}
	return append([]circuit.Gate{}, from...)
}

// of returns the smallest cut of g that it finds; of two cuts of one size, the one nearer to the
// inputs. It returns nil if no cut has at most maxLeaves gates. All gates on one sum have the same
// cut.
//
// It looks at two cuts. One is the deepest. The other begins with the gates that g reads and is
// pushed towards the inputs: a leaf is replaced by the gates that it reads, as long as the cut does
// not grow. That happens where paths come together again.
func (k *cuts) of(g circuit.Gate) []circuit.Gate {
	deepest := k.below(g)
	cut := k.reads(g)
	if cut == nil {
		return deepest
	}
	for i := len(cut) - 1; i >= 0; i-- { // the latest first: the gates it reads come before it
		x := cut[i]
		if k.c.Kind(x).IsSource() {
			continue
		}
		in := k.reads(x)
		if in == nil {
			continue
		}
		if next := union(slices.Delete(slices.Clone(cut), i, i+1), in); next != nil && len(next) <= len(cut) {
			cut = next
			i = len(cut)
		}
	}
	if deepest != nil && len(deepest) <= len(cut) {
		return deepest
	}
	return cut
}
