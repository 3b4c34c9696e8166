package coq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// contract writes a product, or a weighted sum if one operand is constant.
func (t *translator) contract(n *program.Node, x, y int) error {
	e := n.Einsum
	letters, summed := e.Result, program.Shape(nil)
	for k, side := range []string{e.Left, e.Right} {
		for i := range len(side) {
			if strings.IndexByte(letters, side[i]) < 0 {
				letters += side[i : i+1]
				summed = append(summed, n.Arg(k).Shape[i])
			}
		}
	}
	at := func(side string) []*index {
		var list []*index
		for i := range len(side) {
			list = append(list, coordinate(strings.IndexByte(letters, side[i])))
		}
		return list
	}
	left, right := at(e.Left), at(e.Right)
	if v, ok := t.squares(n); ok {
		t.number[n.ID] = t.put(n, operation{
			kind: sum, shape: n.Shape, summed: summed, left: left, args: []int{v}, sizes: unit,
			text: fmt.Sprintf("OSum %s %s (CK 1) (CK 0) %s %d", shapeText(n.Shape), shapeText(summed), indexText(left), v),
		})
		return nil
	}
	if !n.Scales() {
		t.number[n.ID] = t.put(n, operation{
			kind: contract, shape: n.Shape, summed: summed, left: left, right: right, args: []int{x, y},
			text: fmt.Sprintf("OCon %s %s %s %s %d %d", shapeText(n.Shape), shapeText(summed), indexText(left),
				indexText(right), x, y),
		})
		return nil
	}
	c := n.Arg(1)
	if n.Arg(0).Op == program.OpConst {
		c, left, right, x = n.Arg(0), right, left, y
	}
	if c.Op == program.OpConst && n.Arg(0).Op == program.OpConst && n.Arg(1).Op == program.OpConst {
		return fmt.Errorf("both of its operands are constants")
	}
	var weight string
	sizes := atMost(c.Data, nil)
	if n.Kernel != nil { // element [t,s,f] of the constant is the tap of lag t − s
		sizes = atMost(slices.Concat(n.Kernel...), nil)
		weight = fmt.Sprintf("taps %s %d %d %d", listsText(n.Kernel), right[0].c, right[1].c, right[2].c)
	} else {
		weight = t.constant(c, right)
	}
	if t.turned(n, summed, weight, sizes.weight, left) {
		return nil
	}
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: summed, left: left, args: []int{x}, sizes: sizes,
		text: fmt.Sprintf("OSum %s %s (%s) (CK 0) %s %d", shapeText(n.Shape), shapeText(summed), weight,
			indexText(left), x),
	})
	return nil
}

// turned writes a constant times a linear map as one sum, so that a literal stands in it once: rotations of queries and
// keys. It reports false if the other operand is no arrangement of a linear map without a bias.
func (t *translator) turned(n *program.Node, summed program.Shape, weight string, size count, left []*index) bool {
	of := n.Arg(0)
	if of.Op == program.OpConst {
		of = n.Arg(1)
	}
	for of.Op == program.OpGather {
		list, back, err := arranged(of, t.twins(of))
		if err != nil || back != nil {
			return false
		}
		for k, e := range list {
			list[k] = e.in(left)
		}
		of, left = of.Arg(0), list
	}
	if _, made := t.numbers.of(of.ID); made || of.Op != program.OpLinear || of.Matrix == nil || of.Bias != nil ||
		summed.Open() || len(summed) == 0 {
		return false
	}
	r := len(n.Shape)
	row, at := left[len(left)-1], append(left[:len(left)-1:len(left)-1], coordinate(r))
	for k := range summed {
		if slices.ContainsFunc(left[:len(left)-1], func(e *index) bool { return e.uses(r + k) }) {
			return false
		}
	}
	columns, x := of.Arg(0).Shape[len(at)-1], t.number[of.Args[0]]
	t.number[n.ID] = t.put(n, operation{
		kind: sum, shape: n.Shape, summed: program.Shape{columns}, left: at, args: []int{x},
		sizes: coefficients{weight: product(summed).times(size.times(largest(of.Matrix.Data...))), constant: number(0)},
		text: fmt.Sprintf("turned %s %s %s (%s) (%v) %s %s %d", shapeText(n.Shape), shapeText(summed), sizeText(columns),
			weight, row, t.table(of.Matrix), indexText(at), x),
	})
	return true
}

// maximum writes a MaxStep. An ArgMax of integers x asks for the maximum of m·x − i over the m elements of a row: it is
// reached once, at the leftmost greatest x.
func (t *translator) maximum(n *program.Node, x int) error {
	r := len(n.Shape)
	masked := n.Causal != nil
	if n.Keep != nil && !masked || masked && (n.Causal.Second != r-1 || n.Causal.First == r-1) {
		return fmt.Errorf("the library has no maximum under such a mask yet")
	}
	base, jumps, count, sizes := "0", "[(CK 0, 1)]", 1, jump(0)
	if n.Op == program.OpMaxStep {
		var err error
		if base, jumps, count, err = t.jumps(n, "CK %s"); err != nil {
			return err
		}
		sizes = stairs(n.Steps)
	} else {
		x = t.put(n, operation{
			kind: sum, shape: n.Shape, left: coordinates(sequence(r)...), args: []int{x},
			sizes: coefficients{weight: product(n.Shape[r-1:]), constant: product(n.Shape[r-1:])},
			text:  fmt.Sprintf("ranked %s %s %d %d", shapeText(n.Shape), sizeText(n.Shape[r-1]), r-1, x),
		})
	}
	row := program.Shape{n.Shape[r-1]}
	left := coordinates(append(sequence(r-1), r)...)
	if masked { // the elements up to that of the position, some of them again
		left[r-1] = &index{op: "IMin", a: coordinate(r), b: coordinate(n.Causal.First)}
	}
	t.number[n.ID] = t.put(n, operation{
		kind: maximum, shape: n.Shape, summed: row, left: left, args: []int{x}, literals: count, sizes: sizes,
		text: fmt.Sprintf("OMax %s %s %s %s %d", base, jumps, shapeText(row), indexText(left), x),
	})
	if masked {
		return t.mask(n, t.number[n.ID])
	}
	return nil
}
