package formula

import (
	"math"
	"math/big"
	"slices"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// This file has the operations that make codes: a comparison of one sum for each literal.

// levels bounds the number of literals of a code that are not constants, as declared or as it is.
func levels(n *program.Node) poly.Poly {
	switch {
	case n.Count != nil:
		return *n.Count
	case n.Op == program.OpMaxStep: // x_j − max x is at most 0
		return poly.Int(int64(n.Steps.Jumps(0)))
	}
	return poly.Int(int64(n.Literals()))
}

// bound returns a group of comparisons of a sum over parts, with an axis of its own after the axes of
// the shape.
func (r *reader) bound(
	n *program.Node, shape program.Shape, count poly.Poly, class lower.Class, parts []part, mass poly.Poly, why string,
) *group {
	return r.make(&group{
		axes: r.axes(shape, count), causal: r.causalAxes(n), class: class,
		fanIn: literals(parts), mass: mass, reads: parts, why: why,
	})
}

// step is the content of a Step. If its argument is a code already, the Step makes no thermometer.
func (r *reader) step(n *program.Node, x content, f *lower.Facts) content {
	mass, offset := r.jumps(n)
	switch {
	case len(f.Classes) == 0: // a constant
		return content{offset: offset.Plus(mass)}
	case f.Code == lower.Digits:
		return r.digits(n, x, f)
	}
	var g *group
	if x.facts.Chain && len(x.parts) == 1 {
		from := x.parts[0].g
		g = &group{
			axes: r.axes(
				n.Shape,
				levels(n),
			), class: f.Classes[0], fanIn: from.fanIn, mass: from.mass, reads: from.reads,
			logic: from.logic, of: x.parts,
		}
	} else {
		g = r.bound(n, n.Shape, levels(n), f.Classes[0], x.parts, x.mass, "a threshold for each jump")
		if x.bits && r.extreme(n) {
			g.logic, g.why = true, "a disjunction or a conjunction: all jumps are at the ends of the range"
		}
	}
	return r.coded(n, g, f, mass, offset)
}

// extreme reports whether each jump of a Step tells the least or the greatest number of its range from all others,
// under every n. No sum of independent bits is beyond the range, so a gate that compares one is a constant, or a
// disjunction or a conjunction of them or their complements. Ranges in a scan may be those of one copy.
func (r *reader) extreme(n *program.Node) bool {
	of := n.Arg(0).Bounds
	return !n.Func && !n.Even && len(r.p.Repeats()) == 0 && !slices.ContainsFunc(n.Steps.At, func(a int64) bool {
		return (of.Lo == math.MinInt64 || a > of.Lo+1) && (of.Hi == math.MaxInt64 || a < of.Hi)
	})
}

// jumps bounds the sum of the absolute jumps of a Step or a MaxStep, and its base.
func (r *reader) jumps(n *program.Node) (mass, base poly.Poly) {
	total := poly.Big(n.Steps.Total())
	switch {
	case n.Even:
		return r.inN(*n.Count), greatest(n.Asked)
	case n.Total != nil:
		return r.inN(*n.Total), greatest(n.Asked)
	case n.Func && n.Count != nil && len(n.Steps.At) == 0: // it may be a constant, which asks for no range
		width := new(big.Int).Sub(big.NewInt(n.Bounds.Hi), big.NewInt(n.Bounds.Lo))
		return r.inN(*n.Count).Times(poly.Big(width)), greatest(n.Bounds)
	case n.Func && n.Given: // the weights of scores, which may span less at some sizes
		return greatest(n.Bounds), greatest(n.Bounds)
	case n.Func:
		return total, greatest(n.Bounds)
	}
	return total, poly.Big(absolute(n.Steps.Base))
}

// coded is the content of a value with the code that the facts name, over a thermometer.
func (r *reader) coded(n *program.Node, g *group, f *lower.Facts, mass, offset poly.Poly) content {
	code := own(g, len(n.Shape))
	out := content{parts: []part{code}, mass: mass, offset: offset}
	if f.Code != lower.Binary {
		return out
	}
	count, width := levels(n), lower.Width(lower.Jumps(n))
	if n.Op != program.OpStep && n.Op != program.OpMaxStep {
		width = lower.Width(int(n.Asked.Hi - n.Asked.Lo))
	}
	out.mass, out.parts = poly.Int(1<<width-1), nil
	bits := width - 1
	if n.Func && !n.Even && n.Op == program.OpStep { // all digits are made
		width = lower.Width(int(n.Asked.Hi - n.Asked.Lo))
		bits, out.mass = width, poly.Int(1<<width-1)
	} else { // the top bit is a literal of the thermometer
		top := &group{
			axes: r.axes(n.Shape), causal: g.causal, class: g.class, fanIn: g.fanIn, mass: g.mass, reads: g.reads,
			logic: g.logic, of: []part{code},
		}
		out.parts = append(out.parts, own(top, len(n.Shape)))
	}
	low := r.bound(n, n.Shape, poly.Int(int64(bits)), f.Classes[len(f.Classes)-1], []part{code}, r.inN(count),
		"the bits of its binary code but the top one")
	out.parts = append(out.parts, own(low, len(n.Shape)))
	return out
}

// digits is a code of several digits. Each digit is a level after the digit before it.
func (r *reader) digits(n *program.Node, x content, f *lower.Facts) content {
	out := content{mass: poly.Poly{}, offset: poly.Big(absolute(n.Steps.Base))}
	if n.Even {
		out.offset = greatest(n.Asked)
	}
	step := poly.Poly{} // the distance of the jumps
	if n.Even {
		step = r.inN(*n.Most)
	} else if s, ok := n.Steps.Uniform(); ok {
		step = poly.Int(s)
	}
	left, reads, mass := 0, x.parts, x.mass
	for _, w := range f.Widths {
		left += w
	}
	for k, w := range f.Widths {
		left -= w
		g := r.bound(
			n,
			n.Shape,
			poly.Int(1<<w-1),
			f.Classes[k],
			reads,
			mass,
			"a threshold for each value of a digit but 0",
		)
		weight := poly.Big(new(big.Int).Lsh(big.NewInt(1<<w-1), uint(left)))
		reads = merged(reads, []part{own(g, len(n.Shape))})
		mass = mass.Plus(step.Times(weight))
		out.parts, out.mass = append(out.parts, own(g, len(n.Shape))), out.mass.Plus(weight)
	}
	return out
}

func (r *reader) lookup(n *program.Node, x content, f *lower.Facts) content {
	shape := n.Arg(0).Shape
	g := r.bound(n, shape, poly.Int(int64(n.Table.Rows-1)), f.Classes[0], x.parts, x.mass,
		"a threshold for each row of the table but the first")
	var columns [][]int64
	for c := range n.Table.Columns {
		var jumps []int64
		for i := 1; i < n.Table.Rows; i++ {
			jumps = append(jumps, n.Table.Row(i)[c]-n.Table.Row(i - 1)[c])
		}
		columns = append(columns, jumps)
	}
	return content{parts: []part{own(g, len(shape))}, mass: greatestTotal(columns), offset: greatestOf(n.Table.Row(0))}
}

// quotient is the content of a Quotient or a RootQuotient: a threshold for each level.
func (r *reader) quotient(n *program.Node, x, y content, f *lower.Facts) content {
	parts, mass := merged(x.parts, renamed(y.parts, shift(0))), x.mass.Plus(y.mass.Times(greatest(n.Bounds)))
	why := "a threshold for each level of the quotient"
	if n.Op == program.OpRootQuotient {
		parts, mass = r.root(n, x, y)
		why = "a threshold for each level"
	}
	g := r.bound(n, n.Shape, levels(n), f.Classes[0], parts, mass, why)
	asked := poly.Big(new(big.Int).Sub(big.NewInt(n.Asked.Hi), big.NewInt(n.Asked.Lo)))
	return r.coded(n, g, f, asked, greatest(n.Asked))
}

// root returns what a threshold of a RootQuotient reads: the square of x, y, and the sign of x.
func (r *reader) root(n *program.Node, x, y content) ([]part, poly.Poly) {
	letters := "abcdefghijklmnop"[:len(n.Shape)]
	square := content{parts: x.parts}
	sign := x.parts
	if !x.facts.Chain {
		square.parts = r.products(
			&meeting{n: n, left: letters, right: letters, result: letters, dim: func(letter byte) program.Dim {
				return n.Shape[letter-'a']
			}},
			x,
			x,
		)
		sign = []part{
			own(r.bound(n, n.Shape, poly.Int(1), lower.Class{Level: r.plan.Level(x.facts.Classes) + 1}, x.parts,
				x.mass, "the sign of each element"), len(n.Shape)),
		}
	}
	// x·x and τ²·y; the weight of the sign is at most their range and their constants, and 1.
	tau := new(big.Int)
	for i := range max(1, len(n.Data)) {
		for _, t := range []int64{n.Bounds.Lo + 1, n.Bounds.Hi} {
			v := new(big.Int).Mul(big.NewInt(n.Unit), big.NewInt(t))
			if v.Sub(v, big.NewInt(n.OffsetOf(i))).CmpAbs(tau) > 0 {
				tau.Abs(v)
			}
		}
	}
	tau.Mul(tau, tau)
	mass := productMass(x, x).Plus(y.mass.Times(poly.Big(tau)))
	constant := x.offset.Times(x.offset).Plus(y.offset.Times(poly.Big(tau)))
	return merged(square.parts, renamed(y.parts, shift(0)), sign), mass.Plus(mass).Plus(constant).Plus(poly.Int(1))
}

// productMass bounds Σ|w| of one product: of the products of literals, and of literals with constants.
func productMass(x, y content) poly.Poly {
	return x.mass.Times(y.mass).Plus(x.offset.Times(y.mass)).Plus(y.offset.Times(x.mass))
}
