package lower

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/program"
)

// argMax compares each pair once. For j < k, x_j beats x_k if x_j ≥ x_k; otherwise x_k beats x_j. The
// leftmost maximum beats all the others.
func (l *lowerer) argMax(n *program.Node, x, _, out tensor) {
	m := n.Shape.Last()
	beats := make([][]literal, m)
	for at := 0; at < len(out); at += m {
		if !l.wanted(n, at) || l.stopped() {
			continue
		}
		row := n.Candidates(at)
		for a, j := range row {
			for _, k := range row[a+1:] {
				g := l.threshold(l.b.Sum(term1(1, x[j]), term1(-1, x[k])), circuit.NewInt(0), Class{})
				beats[j-at] = append(beats[j-at], g)
				g.lit = g.lit.Not()
				beats[k-at] = append(beats[k-at], g)
			}
		}
		for _, j := range row {
			if l.need[n.ID][j] {
				all := &list{terms: []term{{l.all(n, beats[j-at]), circuit.NewInt(1)}}}
				l.finish(n, &out[j], all)
			}
			beats[j-at] = beats[j-at][:0]
		}
	}
}

// all returns the conjunction of the comparisons of one candidate.
func (l *lowerer) all(n *program.Node, beats []literal) literal {
	class := l.firstClass(n)
	if len(beats) == 1 && !class.And { // the plan knows that there is only one
		beats[0].class = class
		return beats[0]
	}
	lits := make([]circuit.Lit, len(beats))
	for i, g := range beats {
		lits[i] = g.lit
	}
	z, made := l.conjunction(lits...)
	return l.noted(literal{class, z, made})
}

// maxStep makes [x_j − x_k ≥ t] for each pair and jump, and their ANDs over k.
func (l *lowerer) maxStep(n *program.Node, x, _, out tensor) {
	m := n.Shape.Last()
	f := n.Steps
	var all []literal
	for at := 0; at < len(out); at += m {
		if !l.wanted(n, at) {
			continue
		}
		row := n.Candidates(at)
		for _, j := range row {
			if !l.need[n.ID][j] {
				continue
			}
			if l.stopped() {
				return
			}
			lits := make([]literal, len(f.At))
			differences := make([]circuit.Sum, 0, m)
			for _, k := range row {
				if k != j {
					differences = append(differences, l.b.Sum(term1(1, x[j]), term1(-1, x[k])))
				}
			}
			for i, t := range f.At {
				lits[i].class = l.firstClass(n)
				if t > 0 {
					continue // x_j − max x never reaches this jump
				}
				all = all[:0]
				for _, d := range differences {
					all = append(all, l.threshold(d, circuit.NewInt(t), Class{}))
				}
				lits[i] = l.all(n, all)
			}
			l.coded(n, &out[j], lits)
		}
	}
}

// wanted reports whether any element of the row that starts at the given element is needed.
func (l *lowerer) wanted(n *program.Node, at int) bool {
	return slices.Contains(l.need[n.ID][at:at+n.Shape.Last()], true)
}
