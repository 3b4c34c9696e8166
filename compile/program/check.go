package program

import (
	"fmt"
	"slices"
	"strings"
)

// Check returns an error if something that p keeps does not follow from the rest. The error names
// the first operation at fault. Check looks at numbers and order, arities, stages, dimensions,
// shapes, attributes, ranges, one-hot marks, inputs, outputs and repeats. It believes what the
// caller declared, such as with [Program.AsOneHot], unless it is impossible. If p has an error,
// Check returns it. Check is for tests; it does the work of building p once more.
func (p *Program) Check() error {
	if p.err != nil {
		return p.err
	}
	var inputs []Result
	opened := false
	for id := range p.nodes {
		n := &p.nodes[id]
		if err := p.checkNode(id, n); err != nil {
			what := fmt.Sprintf("%d", n.Op)
			if n.Op < numOps {
				what = n.Op.String()
			}
			return p.amiss("operation %%%d, %s in stage %q: %w", id, what, n.Path(), err)
		}
		if n.Op == OpInput || n.Op == OpTokens {
			inputs = append(inputs, Result{n.Name, id})
		}
		opened = opened || n.Shape.Open()
	}
	switch {
	case (opened || p.left) != p.open:
		return p.amiss("open is %v", p.open)
	case !slices.Equal(inputs, p.inputs):
		return p.amiss("the inputs are %v, and %v are kept", inputs, p.inputs)
	}
	for i, o := range p.outputs {
		if o.Value < 0 || o.Value >= len(p.nodes) || taken(p.outputs[:i], o.Name) {
			return p.amiss("output %q is %%%d of %d, or named twice", o.Name, o.Value, len(p.nodes))
		}
		if n := &p.nodes[o.Value]; n.wide != nil {
			return p.amiss("output %q is in %v, beyond 64 bits", o.Name, n.wide)
		}
	}
	return p.checkRepeats()
}

// amiss returns an error of Check.
func (p *Program) amiss(format string, args ...any) error {
	return fmt.Errorf("compile: check of %s: %w", p.name, fmt.Errorf(format, args...))
}

func (p *Program) checkRepeats() error {
	last := 0
	for _, r := range p.repeats {
		switch {
		case r.First < 0 || r.First > r.End || r.End > len(p.nodes) || r.End < last || r.Count < 0:
			return p.amiss("repeat %+v of %d operations is out of order", r, len(p.nodes))
		case r.Last != 0 && (r.Last < r.End || r.Last > len(p.nodes)):
			return p.amiss("the last copy of repeat %+v is out of order", r)
		case r.Open && (!p.open || r.Period < 1 || r.Period > r.Count):
			return p.amiss("repeat %+v stands for any number of copies", r)
		}
		for id := r.First; id < r.End; id++ {
			inside := func(stage string) bool { return strings.HasPrefix(stage, r.Name+" ") }
			if !slices.ContainsFunc(p.nodes[id].Stage, inside) {
				return p.amiss("operation %%%d in stage %q is in repeat %+v", id, p.nodes[id].Path(), r)
			}
		}
		last = r.End
	}
	return nil
}

// checkNode checks operation id, after all operations before it.
func (p *Program) checkNode(id int, n *Node) error {
	switch {
	case n.p != p || n.ID != id:
		return fmt.Errorf("its number is %d", n.ID)
	case n.Op >= numOps:
		return fmt.Errorf("it is unknown")
	case len(n.Args) != operations[n.Op].arity:
		return fmt.Errorf("%d arguments, not %d", len(n.Args), operations[n.Op].arity)
	}
	for _, a := range n.Args {
		if a < 0 || a >= id {
			return fmt.Errorf("argument %%%d does not come before it", a)
		}
	}
	for _, check := range []func(*Node) error{p.checkDims, checkShape, checkAttributes, p.checkCount, p.checkBounds} {
		if err := check(n); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) checkDims(n *Node) error {
	elements := 1
	for _, d := range n.Shape {
		size, ok := p.dims[d.Name]
		switch {
		case !ok || size != d.size:
			return fmt.Errorf("dimension %v is kept with size %s", d, sizeText(size))
		case d.Open():
			continue
		case d.size < 1 || elements > MostElements/d.size:
			return fmt.Errorf("shape %v has no size, or more than %d elements", n.Shape, MostElements)
		}
		elements *= d.size
	}
	return nil
}

// checkShape compares the shape with what follows from the arguments, as far as they fix it.
func checkShape(n *Node) error {
	var x, y, want Shape
	if len(n.Args) > 0 {
		x = n.Arg(0).Shape
	}
	if len(n.Args) > 1 {
		y = n.Arg(1).Shape
	}
	last := Dim{}
	if len(n.Shape) > 0 {
		last = n.Shape[len(n.Shape)-1]
	}
	switch n.Op {
	case OpInput, OpTokens, OpConst, OpGather:
		want = n.Shape
	case OpLinear:
		want = x.butLast().with(last)
		if n.Matrix != nil && (n.Matrix.Columns != x.Last() || n.Matrix.Rows != last.Size()) {
			return fmt.Errorf("a %d×%d matrix from shape %v to %v", n.Matrix.Rows, n.Matrix.Columns, x, n.Shape)
		}
	case OpAdd:
		want = x
		if len(y) > len(x) || !x[len(x)-len(y):].Equal(y) {
			return fmt.Errorf("shapes %v and %v", x, y)
		}
	case OpReduce:
		if n.Axis < 0 || n.Axis >= len(x) {
			return fmt.Errorf("axis %d of shape %v", n.Axis, x)
		}
		want = slices.Concat(x[:n.Axis], x[n.Axis+1:])
	case OpWindow:
		if len(x) == 0 || len(n.Shape) != len(x)+1 {
			return fmt.Errorf("shape %v from %v", n.Shape, x)
		}
		want = slices.Concat(Shape{x[0], x[0].Renamed(n.Shape[1].Name)}, x[1:])
	case OpLookup:
		want = x.with(NewDim(last.Name, n.Table.Columns))
	case OpContract:
		e, shape, err := parseEinsum(n.Einsum.Spec, x, y)
		if err != nil {
			return err
		}
		if !slices.Equal(e.Outer, n.Einsum.Outer) || !slices.Equal(e.Summed, n.Einsum.Summed) {
			return fmt.Errorf("%q goes over %v and %v, not %v and %v",
				e.Spec, n.Einsum.Outer, n.Einsum.Summed, e.Outer, e.Summed)
		}
		want = shape
	case OpQuotient, OpRootQuotient:
		want = x
		if len(y) > len(x) || !x[:len(y)].Equal(y) {
			return fmt.Errorf("shapes %v and %v", x, y)
		}
	default: // Affine, Mask, Step, MaxStep and ArgMax go element by element
		want = x
	}
	if !n.Shape.Equal(want) {
		return fmt.Errorf("shape %v, not %v", n.Shape, want)
	}
	return nil
}

// checkAttributes checks what an operation has in addition to its arguments.
func checkAttributes(n *Node) error {
	opened := n.Shape.Open() || len(n.Args) > 0 && n.Arg(0).Shape.Open()
	switch n.Op {
	case OpInput:
		if n.Bits < 1 || n.Bits > 62 {
			return fmt.Errorf("%d bits", n.Bits)
		}
	case OpConst:
		if !n.Given && len(n.Data) != n.Shape.Len() {
			return fmt.Errorf("%d numbers for shape %v", len(n.Data), n.Shape)
		}
	case OpLinear:
		if n.Matrix == nil && n.Most == nil || n.Matrix != nil && !n.Matrix.complete() ||
			n.Bias != nil && len(n.Bias) != n.Matrix.Rows {
			return fmt.Errorf("the matrix or the bias is not whole")
		}
	case OpLookup:
		if !n.Table.complete() {
			return fmt.Errorf("the table is not whole")
		}
	case OpGather:
		if !opened {
			return checkIndex(n)
		}
	case OpMask, OpMaxStep, OpArgMax:
		switch {
		case n.Causal != nil && !slices.Equal(n.Keep, n.Causal.mask(n.Shape)):
			return fmt.Errorf("its mask is not causal in axes %v", *n.Causal)
		case !opened && (n.Op == OpMask || n.Keep != nil) && len(n.Keep) != n.Shape.Len():
			return fmt.Errorf("a mask of %d entries for shape %v", len(n.Keep), n.Shape)
		case n.Op != OpMask && !opened && n.Keep != nil && !n.keepsSome():
			return fmt.Errorf("the mask leaves a row empty")
		}
		if n.Op == OpMaxStep && !n.Steps.within(n.Arg(0).behind()) {
			return fmt.Errorf("a jump beyond 64 bits on values in %v", n.Arg(0).behind())
		}
		return n.Steps.Check()
	case OpStep:
		if !n.Steps.within(n.Arg(0).span()) {
			return fmt.Errorf("a jump beyond 64 bits on values in %v", n.Arg(0).span())
		}
		return n.Steps.Check()
	case OpContract:
		if x := n.Arg(0); n.Kernel != nil && x.Data != nil {
			return checkKernel(n.Kernel, x)
		}
	case OpQuotient, OpRootQuotient:
		if n.Arg(1).Bounds.Lo < 1 || n.Bounds.Lo > n.Bounds.Hi ||
			uint64(n.Bounds.Hi)-uint64(n.Bounds.Lo) > mostLevels {
			return fmt.Errorf("a divisor in %v, a quotient in %v", n.Arg(1).span(), n.Bounds)
		}
		if n.Op == OpRootQuotient && (n.Unit < 1 || n.Data != nil && len(n.Data) != n.Shape.Last()) {
			return fmt.Errorf("unit %d and %d offsets", n.Unit, len(n.Data))
		}
	}
	return nil
}

// checkKernel compares the constants x of a convolution with its taps.
func checkKernel(kernel [][]int64, x *Node) error {
	length, d := x.Shape[0].Size(), x.Shape[2].Size()
	for i, v := range x.Data {
		lag := i/d/length - i/d%length
		want := int64(0)
		if taps := kernel[i%d]; 0 <= lag && lag < len(taps) {
			want = taps[lag]
		}
		if v != want {
			return fmt.Errorf("constant %d of its kernel is %d, not %d", i, v, want)
		}
	}
	return nil
}

// checkIndex compares the index of a Gather with what its layout says of each axis.
func checkIndex(n *Node) error {
	from := n.Arg(0).Shape
	if len(n.Index) != n.Shape.Len() || n.Layout != nil && len(n.Layout) != len(from) {
		return fmt.Errorf("%d elements and %d axes arranged", len(n.Index), len(n.Layout))
	}
	for i, j := range n.Index {
		if j < 0 || int(j) >= from.Len() {
			return fmt.Errorf("element %d is element %d of %d", i, j, from.Len())
		}
	}
	of, to := from.strides(), n.Shape.strides()
	for axis, s := range n.Layout {
		seen := map[string]int{} // by the indices along the axes of the source
		back := map[int]string{}
		for i, j := range n.Index {
			at, index := int(j)/of[axis]%from[axis].Size(), ""
			for _, k := range s.Axes {
				mine := i / to[k] % n.Shape[k].Size()
				index += fmt.Sprint(mine, " ")
				if !s.Moved && len(s.Axes) == 1 && mine != at {
					return fmt.Errorf("element %d: index %d along axis %d is moved to %d", i, at, axis, mine)
				}
			}
			other, ok := seen[index]
			if ok && other != at {
				return fmt.Errorf("element %d: index %d along axis %d does not follow from axes %v",
					i, at, axis, s.Axes)
			}
			if was, ok := back[at]; s.Exact && ok && was != index {
				return fmt.Errorf("element %d: index %d along axis %d comes from %q and %q", i, at, axis, was, index)
			}
			seen[index], back[at] = at, index
		}
	}
	return nil
}

// checkCount compares the declared number of literals with what there is.
func (p *Program) checkCount(n *Node) error {
	if n.Count == nil || p.open {
		return nil
	}
	count, ok := n.Count.At(p.Symbols())
	if !ok || !count.IsInt64() || count.Int64() < int64(n.Literals()) {
		return fmt.Errorf("%v literals declared for %d", n.Count, n.Literals())
	}
	return nil
}

// checkBounds derives the range and the one-hot mark again. A declared range may be narrower or
// wider. Both ranges hold, so they must have a number in common.
func (p *Program) checkBounds(n *Node) error {
	switch {
	case n.Bounds.Lo > n.Bounds.Hi:
		return fmt.Errorf("the range %v is empty", n.Bounds)
	case n.wide != nil && (n.wide.fits() || n.wide.saturated() != n.Bounds):
		return fmt.Errorf("the range %v is kept as %v", n.wide, n.Bounds)
	}
	if n.OneHot && (len(n.Shape) == 0 || n.Bounds != (Range{0, 1})) {
		return fmt.Errorf("one-hot with shape %v in %v", n.Shape, n.Bounds)
	}
	if n.Given && (n.Op == OpConst || n.Most != nil || p.open) {
		return nil // it holds for every size
	}
	again := *n
	again.OneHot = false
	r := operations[n.Op].derive(&again)
	if again.keep(r); n.wide != nil {
		again.wide = &r // n came before what made the program open
	}
	switch {
	case n.Given && !n.span().meets(r):
		return fmt.Errorf("the range %v is declared, and %v follows", n.span(), r)
	case !n.Given && (n.Bounds != again.Bounds || !n.span().equal(again.span())):
		return fmt.Errorf("range %v, not %v", n.span(), r)
	case !n.Given && n.OneHot != again.OneHot:
		return fmt.Errorf("one-hot is %v, not %v", n.OneHot, again.OneHot)
	}
	return nil
}
