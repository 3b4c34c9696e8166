package formula

import (
	"fmt"
	"math/big"
	"math/bits"
	"slices"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// read makes the content of the value of one operation, and the groups of its gates.
func (r *formulaReader) read(n *program.Node) error {
	x, y := program.Operands(n, r.values)
	out := &r.values[n.ID]
	switch n.Op {
	case program.OpInput:
		g := &gateGroup{axes: append(r.axes(n.Shape), groupAxis{"bit", r.codes(n)})}
		*out = content{parts: []part{own(g, len(n.Shape))}, mass: poly.Int(1<<n.Bits - 1)}
	case program.OpTokens:
		g := &gateGroup{axes: r.axes(n.Shape)}
		*out = content{parts: []part{own(g, len(n.Shape))}, mass: poly.Int(1)}
	case program.OpConst:
		*out = content{constant: true}
	case program.OpLinear:
		last := len(n.Shape) - 1
		*out = x.renamed(func(axis int) variable {
			if axis == last {
				return variable{free: true}
			}
			return variable{axes: []int{axis}, exact: true}
		})
		out.constant = x.constant || n.Bias != nil || n.Most != nil
		out.mass, out.chain = x.mass.Times(r.rowMass(n)), false
	case program.OpAdd:
		*out = x.plus(y.renamed(shift(len(n.Shape) - len(n.Arg(1).Shape))))
	case program.OpAffine:
		*out = x
		out.constant = x.constant || n.Offset != 0
		k := poly.Int(n.Scale)
		if n.Scale < 0 {
			k = poly.Int(-n.Scale)
		}
		if n.Most != nil {
			k = r.inN(*n.Most)
		}
		out.mass = x.mass.Times(k)
	case program.OpReduce:
		*out = x.renamed(removed(n.Axis))
		out.mass, out.chain = x.mass.Times(r.inN(r.size(n.Arg(0).Shape[n.Axis]))), false
	case program.OpGather:
		return r.gather(n, x, out)
	case program.OpMask:
		*out = x
		out.constant = x.constant || n.Offset != 0
	case program.OpWindow:
		// Element [t,s] sums elements s+1 to t of the first axis.
		*out = x.renamed(func(axis int) variable {
			if axis == 0 {
				return variable{free: true}
			}
			return variable{axes: []int{axis + 1}, exact: true}
		})
		out.mass, out.chain = x.mass.Times(r.inN(r.size(n.Shape[0]))), false
	case program.OpStep:
		r.step(n, x, out)
	case program.OpLookup:
		r.lookup(n, x, out)
	case program.OpContract:
		r.contract(n, x, y, out)
	case program.OpQuotient:
		sum := x.plus(y.renamed(shift(0)))
		sum.mass = x.mass.Plus(y.mass.Times(poly.Big(greatest(n.Bounds))))
		r.code(n, sum, sum.level()+1, out, "a threshold for each level of the quotient")
	case program.OpRootQuotient:
		r.rootQuotient(n, x, y, out)
	case program.OpMaxStep, program.OpArgMax:
		r.maximum(n, x, out)
	}
	return nil
}

// removed is the view of an element that has lost an axis, over which it sums.
func removed(axis int) func(int) variable {
	return func(k int) variable {
		switch {
		case k == axis:
			return variable{free: true}
		case k > axis:
			k--
		}
		return variable{axes: []int{k}, exact: true}
	}
}

// codes returns how many literals code one element, as declared or as it is.
func (r *formulaReader) codes(n *program.Node) poly.Poly {
	if n.Count != nil {
		return *n.Count
	}
	return poly.Int(int64(n.Literals()))
}

// rowMass returns a bound on the absolute sum of a row of a Linear, in n alone.
func (r *formulaReader) rowMass(n *program.Node) poly.Poly {
	if n.Matrix != nil {
		most := new(big.Int)
		for i := range n.Matrix.Rows {
			total := new(big.Int)
			for _, w := range n.Matrix.Row(i) {
				total.Add(total, absolute(w))
			}
			if total.Cmp(most) > 0 {
				most = total
			}
		}
		return poly.Big(most)
	}
	shape := n.Arg(0).Shape
	return r.inN(n.Most.Times(r.size(shape[len(shape)-1])))
}

func (r *formulaReader) gather(n *program.Node, x content, out *content) error {
	*out = x
	if n.Layout == nil {
		// The arrangement is unknown: each element of the result may be any element of the
		// argument.
		all := make([]int, len(n.Shape))
		for k := range all {
			all[k] = k
		}
		*out = x.renamed(
			func(axis int) variable { return variable{axes: all, moved: fmt.Sprintf("%d.%d", n.ID, axis)} },
		)
		return nil
	}
	*out = x.renamed(func(axis int) variable {
		s := n.Layout[axis]
		v := variable{axes: s.Axes, exact: s.Exact}
		if s.Moved {
			v.moved = fmt.Sprintf("%d.%d", n.ID, axis)
		}
		return v
	})
	return nil
}

// step is the content of a Step. If its argument is a code already, the Step makes no new gates.
func (r *formulaReader) step(n *program.Node, x content, out *content) {
	switch {
	case len(x.parts) == 0: // a constant
		*out = content{constant: true}
		return
	case x.chain:
		*out = x
		out.mass = r.stepMass(n, x)
		out.constant = true
		out.chain = monotone(n.Steps)
		if width, ok := r.binaryWidth(n); ok { // the code is there, and the binary one is new
			low := r.lowBits(n, width, x.parts, x.literals(), x.level()+1, r.causalAxes(n))
			*out = content{
				parts:    slices.Concat([]part{own(low, len(n.Shape))}, x.parts),
				mass:     poly.Int(1<<width - 1),
				constant: true,
			}
		}
		return
	}
	if widths := r.digits(n); widths != nil {
		r.digitCode(n, x, widths, out)
		return
	}
	level := x.level() + 1
	if n.Count != nil && len(n.Steps.At) == 0 {
		level = x.level() + r.mostDigits(n)
	}
	r.code(n, x, level, out, "a threshold for each jump")
	if len(n.Steps.At) > 0 {
		out.chain = out.chain && monotone(n.Steps)
		if !n.Steps.Unit() {
			out.mass = r.stepMass(n, x)
		}
		out.constant = n.Steps.Base != 0
	}
}

// stepMass bounds Σ|w| of the value of a Step: the sum of its jumps.
func (r *formulaReader) stepMass(n *program.Node, x content) poly.Poly {
	total := new(big.Int)
	for _, j := range n.Steps.Jump {
		total.Add(total, absolute(j))
	}
	if n.Count != nil && len(n.Steps.At) == 0 {
		return r.inN(*n.Count)
	}
	return poly.Big(total)
}

// monotone reports whether a staircase only rises or only falls. Then each bound on its value is one of
// its jumps.
func monotone(f program.Staircase) bool {
	rises, falls := false, false
	for _, j := range f.Jump {
		rises, falls = rises || j > 0, falls || j < 0
	}
	return !rises || !falls
}

// digits returns the widths of the digits that the strategy cuts the value of a Step into.
func (r *formulaReader) digits(n *program.Node) []int {
	f := n.Steps
	if n.Count != nil && len(f.At) == 0 { // its jumps come with the size, evenly spaced
		count, ok := n.Count.At(r.p.Symbols())
		if !ok || !count.IsInt64() {
			return nil
		}
		f = program.Round(2, program.Range{Lo: 0, Hi: count.Int64()})
	}
	return r.strategy.Widths(f)
}

// mostDigits is the number of digits that the strategy could cut the values of a Step into, if the jumps
// of the Step are unknown.
func (r *formulaReader) mostDigits(n *program.Node) int {
	count, ok := n.Count.At(r.p.Symbols())
	if !ok || r.strategy.Digits == 0 {
		return 1
	}
	width := max(1, count.BitLen())
	if r.strategy.Digits < 0 {
		return width
	}
	return min(width, r.strategy.Digits)
}

// digitCode is a code of several digits. Each digit is a level after the digit before it.
func (r *formulaReader) digitCode(n *program.Node, x content, widths []int, out *content) {
	*out = content{constant: true, mass: poly.Int(1)}
	level, reads, total := x.level(), slices.Clone(x.parts), 0
	for _, w := range widths {
		total += w
	}
	out.mass = poly.Int(1<<total - 1)
	fanIn, mass := x.literals(), x.mass
	for _, w := range widths {
		level++
		count := poly.Int(1<<w - 1)
		g := r.make(n, &gateGroup{
			kind: boundGroup, axes: append(r.axes(n.Shape), groupAxis{"digit", count}), causal: r.causalAxes(n),
			level: level, fanIn: fanIn, mass: mass, reads: slices.Clone(reads), why: "a threshold for each value of a digit but 0",
		})
		reads = append(reads, own(g, len(n.Shape)))
		fanIn = fanIn.Plus(count)
		mass = mass.Plus(x.mass) // what the digits stand for is within the range of x
		out.parts = append(out.parts, own(g, len(n.Shape)))
	}
}

// code makes the thermometer code of an operation. If the strategy wants it, a binary code follows.
func (r *formulaReader) code(n *program.Node, x content, level int, out *content, why string) {
	count := r.codes(n)
	g := r.make(n, &gateGroup{
		kind: boundGroup, axes: append(r.axes(n.Shape), groupAxis{"level", count}), causal: r.causalAxes(n),
		level: level, fanIn: x.literals(), mass: x.mass, reads: x.parts, code: true, why: why,
	})
	*out = content{parts: []part{own(g, len(n.Shape))}, mass: r.inN(count), constant: true, chain: true}
	if n.Op == program.OpMaxStep {
		out.chain = false
	}
	r.binary(n, g, out)
}

// binaryWidth returns the number of bits of the binary code that lowering adds to a quantised value. It
// reports false if lowering adds none.
func (r *formulaReader) binaryWidth(n *program.Node) (int, bool) {
	count, ok := r.codes(n).At(r.p.Symbols())
	unit := n.Op != program.OpStep && n.Op != program.OpMaxStep || len(n.Steps.At) == 0 || n.Steps.Unit()
	if !r.strategy.Binary || !r.multiplied[n.ID] || !ok || count.Cmp(big.NewInt(2)) <= 0 || !unit {
		return 0, false
	}
	return bits.Len64(count.Uint64()), true
}

// lowBits makes the bits of a binary code except the top bit. The top bit is a literal of the thermometer
// code that they read.
func (r *formulaReader) lowBits(
	n *program.Node,
	width int,
	code []part,
	literals poly.Poly,
	level int,
	causal *[2]int,
) *gateGroup {
	return r.make(n, &gateGroup{
		kind: boundGroup, axes: append(r.axes(n.Shape), groupAxis{"bit", poly.Int(int64(width - 1))}), causal: causal,
		level: level, fanIn: literals, mass: r.inN(literals), reads: code, why: "the bits of its binary code but the top one",
	})
}

// binary replaces a thermometer code by its binary code, in the cases where lowering does.
func (r *formulaReader) binary(n *program.Node, g *gateGroup, out *content) {
	width, ok := r.binaryWidth(n)
	if !ok {
		return
	}
	code := own(g, len(n.Shape))
	low := r.lowBits(n, width, []part{code}, r.codes(n), g.level+1, g.causal)
	// The top bit is a literal of the thermometer code.
	top := &gateGroup{
		kind:   g.kind,
		axes:   r.axes(n.Shape),
		causal: g.causal,
		level:  g.level,
		fanIn:  g.fanIn,
		mass:   g.mass,
		reads:  []part{code},
	}
	*out = content{
		parts:    []part{own(low, len(n.Shape)), own(top, len(n.Shape))},
		mass:     poly.Int(1<<width - 1),
		constant: true,
	}
}

func (r *formulaReader) lookup(n *program.Node, x content, out *content) {
	rows := poly.Int(int64(n.Table.Rows - 1))
	shape := n.Arg(0).Shape
	g := r.make(n, &gateGroup{
		kind: boundGroup, axes: append(r.axes(shape), groupAxis{"row", rows}), level: x.level() + 1,
		fanIn: x.literals(), mass: x.mass, reads: x.parts, code: true, why: "a threshold for each row of the table but the first",
	})
	most := new(big.Int)
	for c := range n.Table.Columns {
		total := new(big.Int)
		for i := 1; i < n.Table.Rows; i++ {
			total.Add(total, absolute(n.Table.Row(i)[c]-n.Table.Row(i - 1)[c]))
		}
		if total.Cmp(most) > 0 {
			most = total
		}
	}
	*out = content{parts: []part{own(g, len(shape))}, mass: poly.Big(most), constant: true}
}

// rootQuotient is the content of a RootQuotient: the square of x, its sign, and a
// threshold for each level.
func (r *formulaReader) rootQuotient(n *program.Node, x, y content, out *content) {
	e := diagonalOf(len(n.Shape))
	square := r.products(n, e, x, x, true)
	sign := content{parts: x.parts}
	if !x.chain {
		g := r.make(n, &gateGroup{
			kind: boundGroup, axes: r.axes(n.Shape), level: x.level() + 1, fanIn: x.literals(),
			mass: x.mass, reads: x.parts,
			why: "the sign of each element",
		})
		sign.parts = []part{own(g, len(n.Shape))}
	}
	sum := square.plus(y.renamed(shift(0))).plus(sign)
	// τ²·y in addition to x², and a sign with the range of both as its weight.
	tau := new(big.Int)
	for i := range max(1, len(n.Data)) {
		for _, t := range []int64{n.Bounds.Lo + 1, n.Bounds.Hi} {
			v := big.NewInt(n.Unit*t - n.OffsetOf(i))
			if v.Abs(v).Cmp(tau) > 0 {
				tau = v
			}
		}
	}
	sum.mass = x.mass.Times(x.mass).Plus(y.mass.Times(poly.Big(tau.Mul(tau, tau))))
	sum.mass = sum.mass.Plus(sum.mass).Plus(poly.Int(1)).Plus(poly.Big(tau).Times(r.constantOf(n.Args[1])))
	r.code(n, sum, sum.level()+1, out, "a threshold for each level")
}

// constantOf bounds the constant of a value's sums by its range.
func (r *formulaReader) constantOf(id int) poly.Poly {
	b := r.p.Nodes()[id].Bounds
	return poly.Big(greatest(b))
}

// maximum is the content of a MaxStep or an ArgMax: comparisons of pairs, and their
// conjunctions.
func (r *formulaReader) maximum(n *program.Node, x content, out *content) {
	last := len(n.Shape) - 1
	m := r.size(n.Shape[last])
	rows := r.axes(n.Shape[:last])
	both := x.plus(x.renamed(func(axis int) variable {
		if axis == last {
			return variable{axes: []int{last + 1}, exact: true}
		}
		return variable{axes: []int{axis}, exact: true}
	}))
	pairs, why := poly.Half(m.Times(m.Minus(poly.Int(1)))), "one comparison for each pair, used both ways"
	levels := poly.Int(1)
	if n.Op == program.OpMaxStep {
		jumps := r.codes(n)
		if n.Count == nil {
			jumps = poly.Int(int64(n.Steps.Jumps(0)))
		}
		levels = jumps
		pairs, why = m.Times(m.Minus(poly.Int(1))).Times(jumps), "a comparison of each two for each jump"
	}
	compare := r.make(n, &gateGroup{
		kind: boundGroup, axes: append(slices.Clone(rows), groupAxis{"pair", pairs}), level: x.level() + 1,
		fanIn: both.literals(), mass: both.mass, reads: x.parts, why: why,
	})
	if c := r.causalAxes(n); c != nil && c[1] == last && c[0] < last {
		// Of position t with t + 1 candidates: Σ (t+1)·t, or half of that.
		all := m.Times(m.Minus(poly.Int(1))).Times(m.Plus(poly.Int(1)))
		per := all.Times(poly.Int(2)).Times(levels)
		if n.Op == program.OpArgMax {
			per = all
		}
		for k, a := range rows {
			if k != c[0] {
				per = per.Times(a.size)
			}
		}
		per = per.Over(6)
		compare.count = &per
	}
	axes := r.axes(n.Shape)
	if n.Op == program.OpMaxStep {
		axes = append(axes, groupAxis{"level", levels})
	}
	g := r.make(n, &gateGroup{
		kind: andGroup, axes: axes, causal: r.causalAxes(n), level: x.level() + 2,
		fanIn: m.Minus(poly.Int(1)), mass: r.inN(m.Minus(poly.Int(1))),
		reads: []part{own(compare, len(rows))}, why: "the conjunction of its comparisons",
	})
	if n.Causal != nil {
		g.loose = true
		// The conjunction of the second position has only one comparison.
		g.fanIn, g.mass, g.single = g.fanIn.Plus(both.literals()), g.mass.Plus(both.mass), true
	}
	if !n.Shape[last].Open() && n.Shape[last].Size() == 2 { // a conjunction of one literal needs no gate
		zero := poly.Poly{}
		g.level, g.kind, g.count = x.level()+1, boundGroup, &zero
	}
	*out = content{parts: []part{own(g, len(n.Shape))}, mass: r.inN(levels), constant: n.Op == program.OpMaxStep}
	if n.Op == program.OpMaxStep {
		out.mass = r.stepMass(n, x)
		out.constant = n.Steps.Base != 0
		r.binary(n, g, out)
	}
}
