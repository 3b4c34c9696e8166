package lower

import (
	"context"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/program"
)

// mostLiterals is where counting them ends.
const mostLiterals = 1 << 40

// compared returns for each operation a bound on the number of literals that one of
// its comparisons reads; 0 if it compares nothing. What is picked by a one-hot value
// counts as one candidate, as under a strategy with Select.
func Compared(p *program.Program) []int {
	literals, compared := make([]int, len(p.Nodes())), make([]int, len(p.Nodes()))
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		arg := func(k int) int { return literals[n.Args[k]] }
		count := 0
		switch n.Op {
		case program.OpInput:
			count = n.Bits
		case program.OpTokens:
			count = 1
		case program.OpLinear:
			count = arg(0) * n.Matrix.Columns
		case program.OpAdd:
			count = arg(0) + arg(1)
		case program.OpAffine, program.OpGather, program.OpMask:
			count = arg(0)
		case program.OpReduce:
			count = arg(0) * p.Nodes()[n.Args[0]].Shape[n.Axis].Size()
		case program.OpWindow:
			count = arg(0) * n.Shape[0].Size()
		case program.OpStep:
			count, compared[id] = len(n.Steps.At), arg(0)
		case program.OpLookup:
			count, compared[id] = n.Table.Rows-1, arg(0)
		case program.OpContract:
			count = productLiterals(p, n, arg(0), arg(1))
		case program.OpQuotient:
			count, compared[id] = int(n.Bounds.Hi-n.Bounds.Lo), arg(0)+arg(1)
		case program.OpRootQuotient:
			count, compared[id] = int(n.Bounds.Hi-n.Bounds.Lo), arg(0)*arg(0)+arg(1)
		case program.OpMaxStep:
			count, compared[id] = len(n.Steps.At), 2*arg(0)
		case program.OpArgMax:
			count, compared[id] = 1, 2*arg(0)
		}
		literals[id] = min(count, mostLiterals)
	}
	return compared
}

// productLiterals returns a bound on the literals of one element of a Contract.
func productLiterals(p *program.Program, n *program.Node, x, y int) int {
	a, b := &p.Nodes()[n.Args[0]], &p.Nodes()[n.Args[1]]
	terms := min(n.Einsum.Terms(), mostLiterals)
	switch {
	case a.Op == program.OpConst:
		return y * terms
	case b.Op == program.OpConst:
		return x * terms
	case a.OneHot && n.Einsum.Selects(true):
		return y
	case b.OneHot && n.Einsum.Selects(false):
		return x
	}
	return min(x*y+x+y, mostLiterals) * terms
}

// LowerTo is [LowerContext] followed by legalisation to a basis; for AC0 it lowers
// with Select, which makes no sum of what is picked.
func ProgramTo(ctx context.Context, p *program.Program, s Strategy, b basis.Basis, progress func(done, all, gates int)) (*circuit.Circuit, error) {
	s.Select = s.Select || b == basis.AC0
	c, err := ProgramContext(ctx, p, s, progress)
	if err != nil {
		return nil, err
	}
	return basis.Legalise(ctx, c, b)
}
