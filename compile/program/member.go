package program

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/poly"
)

// MemberOf compares a program of a certain size with the program for every size. It returns, for each
// operation, the one that it is a copy of: the same one, except in a scan. There the first copy of the
// body is the first one, and each other copy counts as the second one. The error names an operation that is not
// what the program for every size says. Then what is derived from that program is not about this one.
func (p *Program) MemberOf(open *Program) ([]int, error) {
	var of, like []int // like has the operation that it must equal
	scan, copies := openScan(open), 1
	if scan != nil {
		r := p.inPlaceOf(scan)
		if r == nil {
			return nil, fmt.Errorf("compile: %s has no scan %q", p.name, scan.Name)
		}
		copies = r.Count
	}
	for id := range open.nodes {
		if scan == nil || id < scan.First {
			of, like = append(of, id), append(like, id)
		}
	}
	if scan != nil {
		first, each, ok := scan.Copies(open)
		if !ok {
			return nil, fmt.Errorf("compile: the copies of scan %q differ", scan.Name)
		}
		for t := range copies {
			from, as := first[min(1, len(first)-1)], t
			if t == 0 {
				from = first[0]
			}
			if t >= scan.Count {
				as = scan.Count - scan.Period + (t-scan.Count)%scan.Period
			}
			for k := range each {
				of, like = append(of, from+k), append(like, first[as]+k)
			}
		}
		for id := scan.End; id < len(open.nodes); id++ {
			of, like = append(of, id), append(like, id)
		}
	}
	if len(of) != len(p.nodes) {
		return nil, fmt.Errorf(
			"compile: %s has %d operations, and %d are read for every n",
			p.name,
			len(p.nodes),
			len(of),
		)
	}
	for id := range p.nodes {
		n, m := &p.nodes[id], &open.nodes[like[id]]
		if what := n.differs(m, scan != nil && id >= scan.First); what != "" {
			return nil, fmt.Errorf("compile: operation %%%d of %s is %s, and for every n it is %s: %s differ",
				id, p.name, n.String(), m.String(), what)
		}
	}
	return of, nil
}

// openScan returns the repeat that the program for every n leaves open; nil if there is none.
func openScan(p *Program) *Repeated {
	for k := range p.repeats {
		if r := &p.repeats[k]; r.Open {
			return r
		}
	}
	return nil
}

// inPlaceOf returns the scan that a member has in place of an open one; nil if there is none.
func (p *Program) inPlaceOf(open *Repeated) *Repeated {
	for k := range p.repeats {
		if r := &p.repeats[k]; r.Scan && r.First == open.First && r.Name == open.Name {
			return r
		}
	}
	return nil
}

// differs names what the operation of a member has and the one for every n has not; "" if nothing. In a scan,
// operands and arrangements go from copy to copy.
func (n *Node) differs(m *Node, scanned bool) string {
	sameTable := func(a, b *Matrix) bool {
		return a == nil || b == nil || a.Rows == b.Rows && a.Columns == b.Columns && slices.Equal(a.Data, b.Data)
	}
	switch {
	case n.Op != m.Op:
		return "the operations"
	case len(n.Args) != len(m.Args) || !scanned && !slices.Equal(n.Args, m.Args):
		return "the operands"
	case len(n.Shape) != len(m.Shape) || slices.ContainsFunc(zip(n.Shape, m.Shape), unlike):
		return "the shapes"
	case n.OneHot != m.OneHot || n.Func != m.Func || n.Even != m.Even || n.Bits != m.Bits ||
		n.Signed != m.Signed:
		return "the marks"
	case n.Scale != m.Scale && !n.Func || n.Offset != m.Offset || n.Axis != m.Axis || n.Unit != m.Unit:
		return "the numbers"
	case !sameTable(n.Matrix, m.Matrix) || !n.Func && !slices.Equal(n.Bias, m.Bias) || !sameTable(n.Table, m.Table):
		return "the tables"
	case !n.Func && (n.Steps.Base != m.Steps.Base || !slices.Equal(n.Steps.At, m.Steps.At) ||
		!slices.Equal(n.Steps.Jump, m.Steps.Jump)):
		return "the functions"
	case n.Func && !m.declares() && (n.Op == OpStep || n.Op == OpMaxStep) &&
		(len(n.Steps.At) > len(m.Steps.At) || n.Steps.Total().Cmp(m.Steps.Total()) > 0 ||
			m.Steps.Unit() && !n.Steps.Unit()):
		return "the jumps"
	case !n.within(m, n.Count, m.Count) || !n.within(m, n.Total, m.Total) || !n.within(m, n.Most, m.Most):
		return "the declared bounds"
	case n.Asked != m.Asked:
		return "the ranges"
	case n.Op == OpRootQuotient && !slices.Equal(n.Data, m.Data):
		return "the constants"
	case !slices.EqualFunc(n.Layout, m.Layout, func(a, b AxisSource) bool {
		return slices.Equal(a.Axes, b.Axes) && a.Exact == b.Exact && a.Moved == b.Moved
	}):
		return "the arrangements"
	case !slices.EqualFunc(n.Kernel, m.Kernel, slices.Equal[[]int64]):
		return "the kernels"
	case n.Bounds.Lo < m.Bounds.Lo || n.Bounds.Hi > m.Bounds.Hi:
		return "the ranges"
	case n.Op == OpContract && n.Einsum.Spec != m.Einsum.Spec:
		return "the indices"
	case (n.Causal == nil) != (m.Causal == nil) || n.Causal != nil && *n.Causal != *m.Causal:
		return "the masks"
	case m.Data != nil && !slices.Equal(n.Data, m.Data):
		return "the constants"
	}
	return ""
}

// declares reports whether the jumps of an operation for every n are bounded by a formula and by the range that was
// asked for.
func (n *Node) declares() bool { return n.Even || n.Total != nil || n.Asked.Hi > n.Asked.Lo }

// within reports whether what a member declares is at most what is declared for every n. Sizes may have other names.
func (n *Node) within(m *Node, mine, open *poly.Poly) bool {
	if mine == nil || open == nil {
		return mine == nil && open == nil
	}
	values := m.p.Symbols()
	values["n"] = big.NewInt(int64(n.p.n))
	a, ok := mine.At(n.p.Symbols())
	b, fine := open.At(values)
	return ok && fine && a.Cmp(b) <= 0
}

func zip(a, b Shape) [][2]Dim {
	var out [][2]Dim
	for k := range a {
		out = append(out, [2]Dim{a[k], b[k]})
	}
	return out
}

// unlike reports whether a dimension of a member is not what the one for every n says.
func unlike(d [2]Dim) bool {
	size := d[1].size
	if d[1].Open() {
		if d[0].n == 0 {
			return d[0].Name != d[1].Name // the size is not known
		}
		size = d[1].Factor() * d[0].n
	}
	return d[0].Name != d[1].Name || d[0].size != size
}
