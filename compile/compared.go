package compile

import (
	"context"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

// mostLiterals is where counting them ends.
const mostLiterals = 1 << 40

// compared returns for each operation a bound on the number of literals that one of
// its comparisons reads; 0 if it compares nothing. What is picked by a one-hot value
// counts as one candidate, as under a strategy with Select.
func (p *Program) compared() []int {
	literals, compared := make([]int, len(p.Nodes())), make([]int, len(p.Nodes()))
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		arg := func(k int) int { return literals[n.args[k]] }
		count := 0
		switch n.op {
		case OpInput:
			count = n.bits
		case OpTokens:
			count = 1
		case OpLinear:
			count = arg(0) * n.matrix.Columns
		case OpAdd:
			count = arg(0) + arg(1)
		case OpAffine, OpGather, OpMask:
			count = arg(0)
		case OpReduce:
			count = arg(0) * p.Nodes()[n.args[0]].shape[n.axis].Size()
		case OpWindow:
			count = arg(0) * n.shape[0].Size()
		case OpStep:
			count, compared[id] = len(n.steps.At), arg(0)
		case OpLookup:
			count, compared[id] = n.table.Rows-1, arg(0)
		case OpContract:
			count = p.productLiterals(n, arg(0), arg(1))
		case OpQuotient:
			count, compared[id] = int(n.bounds.Hi-n.bounds.Lo), arg(0)+arg(1)
		case OpRootQuotient:
			count, compared[id] = int(n.bounds.Hi-n.bounds.Lo), arg(0)*arg(0)+arg(1)
		case OpMaxStep:
			count, compared[id] = len(n.steps.At), 2*arg(0)
		case OpArgMax:
			count, compared[id] = 1, 2*arg(0)
		}
		literals[id] = min(count, mostLiterals)
	}
	return compared
}

// productLiterals returns a bound on the literals of one element of a Contract.
func (p *Program) productLiterals(n *node, x, y int) int {
	a, b := &p.Nodes()[n.args[0]], &p.Nodes()[n.args[1]]
	terms := min(n.einsum.terms(), mostLiterals)
	switch {
	case a.op == OpConst:
		return y * terms
	case b.op == OpConst:
		return x * terms
	case a.oneHot && n.einsum.selects(true):
		return y
	case b.oneHot && n.einsum.selects(false):
		return x
	}
	return min(x*y+x+y, mostLiterals) * terms
}

// LowerTo is [LowerContext] followed by legalisation to a basis; for AC0 it lowers
// with Select, which makes no sum of what is picked.
func LowerTo(ctx context.Context, p *Program, s Strategy, b basis.Basis, progress func(done, all, gates int)) (*circuit.Circuit, error) {
	s.Select = s.Select || b == basis.AC0
	c, err := LowerContext(ctx, p, s, progress)
	if err != nil {
		return nil, err
	}
	return basis.Legalise(ctx, c, b)
}
