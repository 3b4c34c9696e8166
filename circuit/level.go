package circuit

import "github.com/tc0lab/tc0/gates"

// Levels holds the level of every node under a depth model: the greatest cost of a
// path from an input or constant to it, itself included.
type Levels struct {
	Model gates.DepthModel
	Gate  []uint32 // by gate
	Sum   []uint32 // by sum: the greatest level of a term
	Depth int      // the greatest level of an output wire
}

// Levels computes the levels of all gates and sums.
func (c *Circuit) Levels(model gates.DepthModel) *Levels {
	l := &Levels{Model: model}
	l.Gate, l.Sum = c.extendLevels(make([]uint32, 0, c.Len()), make([]uint32, 0, c.SumCount()), c.Len(), &model)
	for len(l.Sum) < c.SumCount() {
		l.Sum = append(l.Sum, c.sumLevel(SumID(len(l.Sum)), l.Gate, l.Sum))
	}
	for _, p := range c.outs {
		for _, x := range p.Wires {
			l.Depth = max(l.Depth, int(l.Of(x)))
		}
	}
	return l
}

// Of returns the level of a literal: that of its gate, plus what the model asks
// for a complement.
func (l *Levels) Of(x Lit) uint32 {
	level := l.Gate[x.Gate()]
	if x.IsComplement() && !x.IsConst() {
		level += uint32(l.Model.Complement)
	}
	return level
}

// Depth returns the depth of the circuit under the standard model.
func (c *Circuit) Depth() int { return c.Levels(gates.Standard()).Depth }

// extendLevels computes the levels of the gates from len(gate) to n−1 and of the
// sums they read. A gate that reads sum s was made after all the sums up to s, so
// both lists grow in step.
func (c *Circuit) extendLevels(gate, sum []uint32, n int, model *gates.DepthModel) ([]uint32, []uint32) {
	for g := len(gate); g < n; g++ {
		k := c.kind[g]
		level := uint32(0)
		switch {
		case k.IsSource():
		case k.ReadsSum():
			s := int(c.args[c.first[g]])
			for len(sum) <= s {
				sum = append(sum, c.sumLevel(SumID(len(sum)), gate, sum))
			}
			level = sum[s]
		default:
			for _, a := range c.args[c.first[g]:c.first[g+1]] {
				in := gate[a>>1]
				if a&1 != 0 && a > uint32(True) {
					in += uint32(model.Complement)
				}
				level = max(level, in)
			}
		}
		gate = append(gate, level+uint32(model.Cost[k]))
	}
	return gate, sum
}

func (c *Circuit) sumLevel(s SumID, gate, sum []uint32) uint32 {
	level := uint32(0)
	for _, r := range c.Refs(s) {
		if r.IsSum() {
			level = max(level, sum[r.Sum()])
		} else {
			level = max(level, gate[r.Gate()])
		}
	}
	return level
}

// Level returns the standard level of x in the circuit made so far.
func (b *Builder) Level(x Lit) int {
	b.levelsTo(int(x.Gate()) + 1)
	return int(b.gateLevel[x.Gate()])
}

// SumLevel returns the standard level of s: the greatest level of a gate it reads.
func (b *Builder) SumLevel(s Sum) int {
	if s.mul.IsZero() {
		return 0
	}
	if !s.ref.IsSum() {
		return b.Level(s.ref.Gate().Lit())
	}
	b.levelsTo(b.Len())
	for len(b.sumLevel) <= int(s.ref.Sum()) {
		b.sumLevel = append(b.sumLevel, b.c.sumLevel(SumID(len(b.sumLevel)), b.gateLevel, b.sumLevel))
	}
	return int(b.sumLevel[s.ref.Sum()])
}

func (b *Builder) levelsTo(n int) {
	if len(b.gateLevel) < n {
		model := gates.Standard()
		b.gateLevel, b.sumLevel = b.c.extendLevels(b.gateLevel, b.sumLevel, n, &model)
	}
}
