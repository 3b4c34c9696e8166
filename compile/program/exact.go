package program

import "github.com/tc0lab/tc0/circuit"

// exact returns the value of n, from the values of its arguments, in numbers of any size. Sums follow
// the terms of the operation; the others that can leave 64 bits have code of their own here.
func (n *Node) exact(x, y []circuit.Int) []circuit.Int {
	v, small := make([]circuit.Int, n.Shape.Len()), make([]int64, n.Shape.Len())
	same := func(x circuit.Int) circuit.Int { return x }
	switch n.Op {
	case OpWindow:
		n.Prefixes(func(to, before, last int) { v[to] = v[before].Add(x[last]) })
		return v
	case OpContract:
		for i := range v {
			n.Einsum.Each(i, func(j, k int) { v[i] = v[i].Add(x[j].Mul(y[k])) })
		}
		return v
	case OpStep:
		table := n.Steps.table()
		for i := range v {
			small[i] = table[n.Steps.jumps(x[i])]
		}
	case OpLookup:
		runLookup(n, small, reduced(x), nil)
	case OpQuotient:
		divide(n, small, x, y, same, n.quotient)
	case OpRootQuotient:
		divide(n, small, x, y, same, n.rootQuotient)
	case OpMaxStep:
		maxStep(n, small, x, same)
	case OpArgMax:
		argMax(n, small, x, same)
	default:
		args := [2][]circuit.Int{x, y}
		for i := range v {
			constant := n.Terms(i, func(arg, from int, weight int64) {
				v[i] = v[i].Add(circuit.NewInt(weight).Mul(args[arg][from]))
			})
			v[i] = v[i].Add(circuit.NewInt(constant))
		}
		return v
	}
	return enlarged(small)
}

func enlarged(v []int64) []circuit.Int {
	large := make([]circuit.Int, len(v))
	for i, x := range v {
		large[i] = circuit.NewInt(x)
	}
	return large
}

// reduced returns the 64-bit integers next to v.
func reduced(v []circuit.Int) []int64 {
	small := make([]int64, len(v))
	for i, x := range v {
		small[i] = everything.clip(x)
	}
	return small
}
