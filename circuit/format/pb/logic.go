package pb

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Logic returns a gate that is encoded, and reads literals, as y and its inputs: y is their
// conjunction, or their XOR for a XOR or XNOR. It also returns the needed directions of y. It
// appends the inputs to in.
func (e *Encoding) Logic(g circuit.Gate, in []int) (y int, need Side, inputs []int) {
	kind := e.c.Kind(g)
	y, need = int(e.literal[g]), e.need[g]
	if kind == gates.Nand || kind == gates.Or || kind == gates.Xnor {
		y, need = -y, need.flip(true)
	}
	for _, l := range e.c.Fanin(g) {
		in = append(in, e.Lit(l.NotIf(kind == gates.Or || kind == gates.Nor)))
	}
	return y, need, in
}

// Xor calls clause with disjunctions of literals that say, in the directions needed, that y
// is whether a and b differ.
func Xor(y, a, b int, need Side, clause func(lits ...int)) {
	one, zero := need&IfOne != 0, need&IfZero != 0
	switch {
	case a == b && one:
		clause(-y)
	case a == -b && zero:
		clause(y)
	case a == b || a == -b:
	default:
		if one {
			clause(a, b, -y)
			clause(-a, -b, -y)
		}
		if zero {
			clause(-a, b, y)
			clause(a, -b, y)
		}
	}
}
