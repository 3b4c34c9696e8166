package pb

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// reacher marks the nodes that the roots depend on, and in which directions. A node is taken up
// again only when it is needed in one more direction, so at most twice.
type reacher struct {
	c    *circuit.Circuit
	both bool

	gate, sum           []Side // of a sum: whether it has to be large, or to be small
	openGates, openSums work
}

type work []uint32

func (w *work) pop() uint32 {
	top := (*w)[len(*w)-1]
	*w = (*w)[:len(*w)-1]
	return top
}

func (e *Encoding) reach(cfg Config) {
	r := reacher{
		c: e.c, both: !cfg.OneSided || len(cfg.Assert) == 0,
		gate: e.need, sum: make([]Side, e.c.SumCount()),
	}
	roots := cfg.Assert
	if len(roots) == 0 {
		roots = e.c.Outputs()
	}
	for _, l := range roots {
		r.lit(l, IfOne)
	}
	for len(r.openGates)+len(r.openSums) > 0 {
		if len(r.openSums) > 0 {
			r.expandSum(circuit.SumID(r.openSums.pop()))
		} else {
			r.expandGate(circuit.Gate(r.openGates.pop()))
		}
	}
}

// flip changes the directions, if c.
func (s Side) flip(c bool) Side {
	if c {
		return s>>1 | s&1<<1
	}
	return s
}

func (r *reacher) mark(need []Side, open *work, at uint32, s Side) {
	if r.both {
		s = IfOne | IfZero
	}
	if need[at]|s != need[at] {
		need[at] |= s
		*open = append(*open, at)
	}
}

func (r *reacher) lit(l circuit.Lit, s Side) {
	r.mark(r.gate, &r.openGates, uint32(l.Gate()), s.flip(l.IsComplement()))
}

func (r *reacher) expandGate(g circuit.Gate) {
	side := r.gate[g]
	switch k := r.c.Kind(g); {
	case k == gates.Mod || k == gates.Xor || k == gates.Xnor:
		side = IfOne | IfZero
	case k == gates.Nand || k == gates.Nor || k == gates.Not:
		side = side.flip(true)
	}
	if s, ok := r.c.ReadsSum(g); ok {
		r.mark(r.sum, &r.openSums, uint32(s), side)
		return
	}
	for _, l := range r.c.Fanin(g) {
		r.lit(l, side)
	}
}

func (r *reacher) expandSum(s circuit.SumID) {
	small, isSmall := r.c.SmallWeights(s)
	for i, t := range r.c.Refs(s) {
		negative := isSmall && small[i] < 0 || !isSmall && r.c.Weight(s, i).Sign() < 0
		if side := r.sum[s].flip(negative); t.IsSum() {
			r.mark(r.sum, &r.openSums, uint32(t.Sum()), side)
		} else {
			r.mark(r.gate, &r.openGates, uint32(t.Gate()), side)
		}
	}
}
