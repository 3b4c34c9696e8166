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
	beats := make([][]circuit.Lit, m)
	for at := 0; at < len(out); at += m {
		if !l.wanted(n, at) || l.stopped() {
			continue
		}
		row := n.Candidates(at)
		for a, j := range row {
			for _, k := range row[a+1:] {
				g := l.b.Threshold(l.b.Sum(term(1, x[j]), term(-1, x[k])), circuit.NewInt(0))
				beats[j-at] = append(beats[j-at], g)
				beats[k-at] = append(beats[k-at], g.Not())
			}
		}
		for _, j := range row {
			if l.need[n.ID][j] {
				out[j].sum = l.b.And(beats[j-at]...).Value()
			}
			beats[j-at] = beats[j-at][:0]
		}
	}
}

// maxStep makes [x_j − x_k ≥ t] for each pair and jump, and their ANDs over k.
func (l *lowerer) maxStep(n *program.Node, x, _, out tensor) {
	m := n.Shape.Last()
	f := n.Steps
	var all []circuit.Lit
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
			lits := make([]circuit.Lit, len(f.At))
			differences := make([]circuit.Sum, 0, m)
			for _, k := range row {
				if k != j {
					differences = append(differences, l.b.Sum(term(1, x[j]), term(-1, x[k])))
				}
			}
			for i, t := range f.At {
				if t > 0 {
					break // x_j − max x never reaches this jump
				}
				all = all[:0]
				for _, d := range differences {
					all = append(all, l.b.Threshold(d, circuit.NewInt(t)))
				}
				lits[i] = l.b.And(all...)
			}
			out[j] = l.coded(n, lits)
		}
	}
}

// wanted reports whether any element of the row that starts at the given element is needed.
func (l *lowerer) wanted(n *program.Node, at int) bool {
	return slices.Contains(l.need[n.ID][at:at+n.Shape.Last()], true)
}
