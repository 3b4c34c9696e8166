package check

import (
	"slices"

	"github.com/tc0lab/tc0/compile/program"
)

// This file finds how the values of a program are used.

// factors says which values have literals that meet literals of other elements in products. For these a code
// with few literals pays. Two literals of one element need no conjunction, so a value that is only squared
// element by element is none of them.
//
// It is the same for all copies of a body, and for all states of it, so that it does not depend on the number
// of copies.
func factors(p *program.Program) []bool {
	nodes := p.Nodes()
	mixed, squared := make([]bool, len(nodes)), make([]bool, len(nodes))
	alike := copiesOf(p)
	for again := true; again; {
		again = false
		mark := func(marks []bool, id int) {
			if !marks[id] {
				marks[id], again = true, true
			}
		}
		for id := range nodes {
			n := &nodes[id]
			product := n.Op == program.OpContract && n.Arg(0).Op != program.OpConst && n.Arg(1).Op != program.OpConst
			switch {
			case n.Op == program.OpRootQuotient, product && n.Args[0] == n.Args[1] && n.Einsum.Left == n.Einsum.Right:
				mark(squared, n.Args[0])
			case product:
				mark(mixed, n.Args[0])
				mark(mixed, n.Args[1])
			case n.Op == program.OpContract || n.Op <= program.OpWindow:
				for k, a := range n.Args {
					constant := n.Op == program.OpContract && n.Arg(k).Op == program.OpConst
					if mixed[id] || constant || squared[id] && !elementwise(n) {
						mark(mixed, a)
					}
					if squared[id] && elementwise(n) {
						mark(squared, a)
					}
				}
			}
		}
		for _, same := range alike {
			for _, marks := range [][]bool{mixed, squared} {
				if slices.ContainsFunc(same, func(id int) bool { return marks[id] }) {
					for _, id := range same {
						mark(marks, id)
					}
				}
			}
		}
	}
	return mixed
}

// elementwise reports whether an element of a sum has the literals of one element.
func elementwise(n *program.Node) bool {
	return n.Op == program.OpAffine || n.Op == program.OpGather || n.Op == program.OpMask ||
		n.Op == program.OpContract && len(n.Einsum.Summed) == 0
}

// copiesOf lists the values that stand for each other in the copies of a body: those of an operation, and those
// of a part of the state.
func copiesOf(p *program.Program) [][]int {
	var out [][]int
	for _, r := range p.Repeats() {
		each, ok := bodyOf(p, &r)
		if !ok {
			continue
		}
		for k := range each {
			var same []int
			for t := range r.Count {
				same = append(same, r.First+t*each+k)
			}
			out = append(out, same)
		}
		for k := range r.States[0] {
			var same []int
			for _, state := range r.States {
				same = append(same, state[k])
			}
			out = append(out, same)
		}
	}
	return out
}

// bodyOf returns how many operations a copy of a body has, if all copies have the same ones.
func bodyOf(p *program.Program, r *program.Repeated) (each int, ok bool) {
	if r.Count == 0 || (r.End-r.First)%r.Count != 0 {
		return 0, false
	}
	each = (r.End - r.First) / r.Count
	for id := r.First + each; id < r.End; id++ {
		if p.Nodes()[id].Op != p.Nodes()[id-each].Op {
			return 0, false
		}
	}
	return each, true
}

// masked finds for each value the causal mask under which all its uses read it; nil if there is none.
func masked(p *program.Program) []*program.CausalAxes {
	nodes := p.Nodes()
	var open program.CausalAxes // stands for a use of all elements
	asked := make([][]*program.CausalAxes, len(nodes))
	for _, o := range p.Results() {
		asked[o.Value] = append(asked[o.Value], &open)
	}
	for _, r := range p.Repeats() {
		for _, id := range slices.Concat(r.States...) {
			if r.Open { // more copies than are written down read the state, in whatever way the body does
				asked[id] = append(asked[id], &open)
			}
		}
	}
	out := make([]*program.CausalAxes, len(nodes))
	for id := len(nodes) - 1; id >= 0; id-- {
		n, all := &nodes[id], asked[id]
		if len(all) > 0 && !slices.ContainsFunc(all, func(c *program.CausalAxes) bool {
			return c == nil || c == &open || *c != *all[0]
		}) {
			out[id] = all[0]
		}
		mine := &open
		switch n.Op {
		case program.OpMask: // a mask leaves out what the values under it need not have
			mine = n.Causal
			if mine == nil {
				mine = out[id]
			}
		case program.OpArgMax, program.OpMaxStep: // an element depends on its row
			mine = n.Causal
		case program.OpStep, program.OpAffine:
			mine = out[id]
		}
		for _, a := range n.Args {
			asked[a] = append(asked[a], mine)
		}
	}
	return out
}
