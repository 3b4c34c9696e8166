package compile

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

// CountingError says that a family cannot be had with AND, OR and NOT gates of constant
// depth by these constructions, since it compares sums over ever more literals.
type CountingError struct {
	Family     string
	Op         Op
	Stage      string
	N          int // at n = N the comparison reads Literals, at 2N More
	Literals   int
	More       int
	StagesGrow bool // no single operation could be told: the greatest of all grew
}

func (e *CountingError) Error() string {
	where := fmt.Sprintf("%v in stage %q", e.Op, e.Stage)
	if e.StagesGrow {
		where = "the widest comparison"
	}
	return fmt.Sprintf("%s is not built in basis AC0: %s reads a sum over %d literals at n=%d and over %d at n=%d, so it counts, and counting is not in AC0 (majority and parity are not: Furst, Saxe and Sipser 1984; Ajtai 1983; Håstad 1986); basis TC0, MAJ or NC1 has it",
		e.Family, where, e.Literals, e.N, e.More, 2*e.N)
}

// Basis returns the basis of the spec.
func (s Spec) Basis() (basis.Basis, error) {
	name := s.Args["basis"]
	if name == "" {
		return basis.TC0, nil
	}
	return basis.Parse(name)
}

// CheckBasis returns a [*CountingError] if the basis is AC0 and the sums that the
// family compares grow with n. It tells by the programs for n and for 2n.
func (s Spec) CheckBasis(b basis.Basis) error {
	if b != basis.AC0 {
		return nil
	}
	n, err := strconv.Atoi(s.Args["n"])
	if err != nil {
		return nil // the family itself; its members are checked
	}
	small, err := s.Instance()
	if err != nil {
		return err
	}
	large, err := s.With("n", 2*n).Instance()
	if err != nil {
		return err
	}
	before, after := small.Program.compared(), large.Program.compared()
	e := &CountingError{Family: s.Short(), N: n}
	if len(before) != len(after) {
		e.StagesGrow = true
		for _, k := range before {
			e.Literals = max(e.Literals, k)
		}
		for _, k := range after {
			e.More = max(e.More, k)
		}
		if e.More > e.Literals {
			return e
		}
		return nil
	}
	for id, k := range before {
		if after[id] > k {
			node := &small.Program.nodes[id]
			e.Op, e.Stage, e.Literals, e.More = node.op, joinStage(node.stage), k, after[id]
			return e
		}
	}
	return nil
}

// mostLiterals is where counting them ends.
const mostLiterals = 1 << 40

// compared returns for each operation a bound on the number of literals that one of
// its comparisons reads; 0 if it compares nothing. What is picked by a one-hot value
// counts as one candidate, as under a strategy with Select.
func (p *Program) compared() []int {
	literals, compared := make([]int, len(p.nodes)), make([]int, len(p.nodes))
	for id := range p.nodes {
		n := &p.nodes[id]
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
			count = arg(0) * p.nodes[n.args[0]].shape[n.axis].Size()
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
	a, b := &p.nodes[n.args[0]], &p.nodes[n.args[1]]
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
