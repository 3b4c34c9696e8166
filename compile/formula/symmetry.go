package formula

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// Symmetry says in what way the positions of an open program are alike. It makes the number of gates a
// polynomial in n, so a few circuits determine it. If positions are alike, the gates of all pairs of one kind
// are alike, too. So each kind of pair adds a constant times the number of such pairs.
type Symmetry struct {
	Kind string // "permutation", "order", "shift", or "" if positions differ
	Why  string // one line
	// From is the least n from which on every kind of pair and every level occurs, as far as this
	// follows from the program.
	From int
}

func (s Symmetry) String() string { return s.Why + " (" + s.Kind + ")" }

// SymmetryOf returns in what way the positions of an open program are alike:
//
//	permutation  all positions are alike; pairs are of two kinds, i = j and i ≠ j
//	order        masks are causal, so i < j and i > j differ
//	shift        the gates of a pair depend on the distance of its positions, and are the
//	             same from some distance on
func SymmetryOf(p *program.Program) Symmetry {
	s := Symmetry{Kind: "permutation", Why: "no operation depends on the number of a position", From: 2}
	distant := 0
	for id := range p.Nodes() {
		n := &p.Nodes()[id]
		differ := func(format string, args ...any) Symmetry {
			return Symmetry{Why: fmt.Sprintf("%v in stage %q ", n.Op, n.Path()) + fmt.Sprintf(format, args...)}
		}
		switch {
		case n.Op == program.OpConst && n.Data == nil && !isKernel(p, id):
			return differ("has a number of its own for each position")
		case n.Op == program.OpLinear && n.Matrix == nil:
			return differ("has weights of its own for each n")
		case n.Op == program.OpMask && n.Causal == nil && n.Shape.Open():
			return differ("has a mask of its own for each n")
		case n.Op == program.OpGather && n.Layout == nil && (n.Shape.Open() || p.Nodes()[n.Args[0]].Shape.Open()):
			return differ("rearranges positions")
		case n.Kernel != nil:
			s.Kind = "shift"
			for _, taps := range n.Kernel {
				distant = max(distant, len(taps))
			}
		case n.Op == program.OpWindow:
			s.Kind = "shift"
		case n.Op == program.OpStep && fromWindow(p, n.Args[0]) && len(n.Steps.At) > 0:
			// A window of positive numbers passes the last jump after at most that many steps.
			distant = max(distant, int(min(n.Steps.At[len(n.Steps.At)-1]+1, 1<<20)))
		case n.Causal != nil && s.Kind == "permutation":
			s.Kind = "order"
		}
		if (n.Op == program.OpArgMax || n.Op == program.OpMaxStep) && n.Shape[len(n.Shape)-1].Open() {
			s.From = 3 // a conjunction of one comparison needs no gate
		}
	}
	for _, r := range p.Repeats() {
		if r.Open {
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
func isKernel(p *program.Program, id int) bool {
	for k := id + 1; k < len(p.Nodes()); k++ {
		for _, a := range p.Nodes()[k].Args {
			if a == id && p.Nodes()[k].Kernel == nil {
				return false
			}
		}
	}
	return true
}

// fromWindow reports whether a value is a Window, rearranged.
func fromWindow(p *program.Program, id int) bool {
	for p.Nodes()[id].Op == program.OpGather || p.Nodes()[id].Op == program.OpAffine {
		id = p.Nodes()[id].Args[0]
	}
	return p.Nodes()[id].Op == program.OpWindow
}
