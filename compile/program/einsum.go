package program

import (
	"fmt"
	"slices"
	"strings"
)

// Einsum is a parsed contraction.
type Einsum struct {
	Spec                string
	Left, Right, Result string
	Outer               []Loop // one for each letter of the result
	Summed              []Loop // one for each letter that is not in the result
}

// Loop is one letter: the dimension it goes over, and how far the two operands move per step.
type Loop struct {
	Dim
	step [2]int
}

func parseEinsum(spec string, x, y Shape) (*Einsum, Shape, error) {
	operands, result, ok := strings.Cut(spec, "->")
	left, right, ok2 := strings.Cut(operands, ",")
	if !ok || !ok2 {
		return nil, nil, fmt.Errorf("%q is not of the form \"if,jf->ij\"", spec)
	}
	if len(left) != len(x) || len(right) != len(y) {
		return nil, nil, fmt.Errorf("%q does not fit the shapes %v and %v", spec, x, y)
	}
	var letters []byte
	loops := map[byte]*Loop{}
	for second, shape := range []Shape{x, y} {
		strides := make([]int, len(shape)) // not used if a size is open
		if !shape.Open() {
			strides = shape.strides()
		}
		for i, letter := range []byte([]string{left, right}[second]) {
			l := loops[letter]
			if l == nil {
				l = &Loop{Dim: shape[i]}
				loops[letter] = l
				letters = append(letters, letter)
			}
			if l.size != shape[i].size {
				return nil, nil, fmt.Errorf("%q: index %c has sizes %s and %s",
					spec, letter, sizeText(l.size), sizeText(shape[i].size))
			}
			l.step[second] += strides[i]
		}
	}
	e := &Einsum{Spec: spec, Left: left, Right: right, Result: result}
	var shape Shape
	for i, letter := range []byte(result) {
		l := loops[letter]
		if l == nil || strings.IndexByte(result, letter) < i {
			return nil, nil, fmt.Errorf("%q: index %c of the result is unknown or repeated", spec, letter)
		}
		e.Outer = append(e.Outer, *l)
		shape = append(shape, l.Dim)
	}
	for _, letter := range letters {
		if strings.IndexByte(result, letter) < 0 {
			e.Summed = append(e.Summed, *loops[letter])
		}
	}
	return e, shape, nil
}

// open reports whether the size of an index is open.
func (e *Einsum) open() bool {
	return slices.ContainsFunc(slices.Concat(e.Outer, e.Summed), Loop.Open)
}

// Diagonal reports whether both operands are walked over in the same way. Then each element of a
// square meets itself.
func (e *Einsum) Diagonal() bool { return e.Left == e.Right }

// selects reports whether the only sum runs along the last axis of one operand and along an axis of
// the other. If the first of these axes is one-hot, each result is one element of the other operand.
func (e *Einsum) selects(first bool) bool {
	mine, other := e.Left, e.Right
	if !first {
		mine, other = other, mine
	}
	if len(e.Summed) != 1 || mine == "" {
		return false
	}
	last := mine[len(mine)-1]
	return strings.IndexByte(e.Result, last) < 0 && strings.Count(mine, string(last)) == 1 &&
		strings.IndexByte(other, last) >= 0
}

// Each calls f for every product in result i: of elements x and y of the operands.
func (e *Einsum) Each(i int, f func(x, y int)) {
	x, y := 0, 0
	for k := len(e.Outer) - 1; k >= 0; k-- {
		l := &e.Outer[k]
		x, y, i = x+i%l.size*l.step[0], y+i%l.size*l.step[1], i/l.size
	}
	walk(e.Summed, x, y, f)
}

func walk(loops []Loop, x, y int, f func(x, y int)) {
	if len(loops) == 0 {
		f(x, y)
		return
	}
	l := &loops[0]
	for range l.size {
		walk(loops[1:], x, y, f)
		x += l.step[0]
		y += l.step[1]
	}
}
