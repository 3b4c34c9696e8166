package compile

import "fmt"

// Symmetry says in what way the positions of an open program are alike. It is what makes
// the number of gates a polynomial in n, so that a few circuits fix it: where positions
// are alike, so are the gates of pairs of positions of one kind, and their number is a
// number for each kind times the number of such pairs.
type Symmetry struct {
	Kind string // "permutation", "order", "shift", or "" if positions differ
	Why  string // one line
	// From is the first n from which on every kind of pair and every level occurs, as far
	// as it follows from the program.
	From int
}

// Symmetry returns in what way the positions of an open program are alike:
//
//	permutation  all positions are, so that pairs are of two kinds, i = j and i ≠ j
//	order        masks are causal, so that i < j and i > j differ
//	shift        what happens between two positions goes with their distance, and is the
//	             same from some distance on
func (p *Program) Symmetry() Symmetry {
	s := Symmetry{Kind: "permutation", Why: "no operation depends on the number of a position", From: 2}
	distant := 0
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		differ := func(format string, args ...any) Symmetry {
			return Symmetry{Why: fmt.Sprintf("%v in stage %q ", n.op, n.path()) + fmt.Sprintf(format, args...)}
		}
		switch {
		case n.op == OpConst && n.data == nil && !p.isKernel(id):
			return differ("has a number of its own for each position")
		case n.op == OpLinear && n.matrix == nil:
			return differ("has weights of its own for each n")
		case n.op == OpMask && n.causal == nil && n.shape.open():
			return differ("has a mask of its own for each n")
		case n.op == OpGather && n.layout == nil && (n.shape.open() || p.Nodes()[n.args[0]].shape.open()):
			return differ("rearranges positions")
		case n.kernel != nil:
			s.Kind = "shift"
			for _, taps := range n.kernel {
				distant = max(distant, len(taps))
			}
		case n.op == OpWindow:
			s.Kind = "shift"
		case n.op == OpStep && p.fromWindow(n.args[0]) && len(n.steps.At) > 0:
			// A window of positive numbers passes the last jump after as many steps.
			distant = max(distant, int(min(n.steps.At[len(n.steps.At)-1]+1, 1<<20)))
		case n.causal != nil && s.Kind == "permutation":
			s.Kind = "order"
		}
		if (n.op == OpArgMax || n.op == OpMaxStep) && n.shape[len(n.shape)-1].open() {
			s.From = 3 // a conjunction of one comparison is no gate
		}
	}
	for _, r := range p.Repeats() {
		if r.open {
			return Symmetry{Why: "each position is read by a copy of the body of its own"}
		}
	}
	if s.Kind == "shift" {
		s.Why, s.From = "what two positions do with each other depends on their distance only", max(s.From, distant+1)
	}
	if s.Kind == "order" {
		s.Why = "an operation knows of positions only which comes first"
	}
	return s
}

// isKernel reports whether a constant is the kernel of a convolution.
func (p *Program) isKernel(id int) bool {
	for k := id + 1; k < len(p.Nodes()); k++ {
		for _, a := range p.Nodes()[k].args {
			if a == id && p.Nodes()[k].kernel == nil {
				return false
			}
		}
	}
	return true
}

// fromWindow reports whether a value is a Window, rearranged.
func (p *Program) fromWindow(id int) bool {
	for p.Nodes()[id].op == OpGather || p.Nodes()[id].op == OpAffine {
		id = p.Nodes()[id].args[0]
	}
	return p.Nodes()[id].op == OpWindow
}
