package optimise

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// levels holds the levels of a circuit that is being made, as far as somebody asked.
type levels struct {
	c     *circuit.Circuit
	model *gates.DepthModel
	gate  []uint32
	sum   []uint32
}

// of returns the level of a literal, as [circuit.Levels.Of] does.
func (l *levels) of(x circuit.Lit) uint32 {
	for g := circuit.Gate(len(l.gate)); g <= x.Gate(); g++ {
		l.gate = append(l.gate, l.next(g))
	}
	return l.read(x)
}

func (l *levels) read(x circuit.Lit) uint32 {
	level := l.gate[x.Gate()]
	if x.IsComplement() && !x.IsConst() {
		level += uint32(l.model.Complement)
	}
	return level
}

func (l *levels) next(g circuit.Gate) uint32 {
	k := l.c.Kind(g)
	if k.IsSource() {
		return 0
	}
	level := uint32(0)
	if s, ok := l.c.ReadsSum(g); ok {
		level = l.ofSum(s)
	}
	for _, x := range l.c.Fanin(g) {
		level = max(level, l.read(x))
	}
	return level + uint32(l.model.Cost[k])
}

// ofSum computes the sums in order. A gate that reads sum s was made after all gates
// that the sums up to s read.
func (l *levels) ofSum(s circuit.SumID) uint32 {
	for at := circuit.SumID(len(l.sum)); at <= s; at++ {
		level := uint32(0)
		for _, f := range l.c.Refs(at) {
			if f.IsSum() {
				level = max(level, l.sum[f.Sum()])
			} else {
				level = max(level, l.gate[f.Gate()])
			}
		}
		l.sum = append(l.sum, level)
	}
	return l.sum[s]
}
