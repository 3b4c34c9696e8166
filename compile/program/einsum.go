package program

import (
	"fmt"
	"strings"
)

// einsum is a parsed contraction. It walks over all result elements and, for each,
// over the index combinations that are summed.
type Einsum struct {
	Spec                string
	Left, Right, Result string
	Outer               []Loop // one for each letter of the result
	Summed              []Loop // one for each letter that is not in the result
}

// loop is one letter: its size, and how far the two operands move per step.
type Loop struct {
	Size int
	x, y int
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
	dims := map[byte]Dim{}
	enter := func(name string, shape Shape, second bool) error {
		strides := make([]int, len(shape)) // of no use if a size is open
		if !shape.Open() {
			strides = shape.strides()
		}
		for i := range len(name) {
			letter := name[i]
			l := loops[letter]
			if l == nil {
				l = &Loop{Size: shape[i].size}
				loops[letter], dims[letter] = l, shape[i]
				letters = append(letters, letter)
			}
			if l.Size != shape[i].size {
				return fmt.Errorf("%q: index %c has sizes %d and %d", spec, letter, l.Size, shape[i].Size())
			}
			if second {
				l.y += strides[i]
			} else {
				l.x += strides[i]
			}
		}
		return nil
	}
	if err := enter(left, x, false); err != nil {
		return nil, nil, err
	}
	if err := enter(right, y, true); err != nil {
		return nil, nil, err
	}
	e := &Einsum{Spec: spec, Left: left, Right: right, Result: result}
	var shape Shape
	for i := range len(result) {
		l := loops[result[i]]
		if l == nil || strings.IndexByte(result, result[i]) < i {
			return nil, nil, fmt.Errorf("%q: index %c of the result is unknown or repeated", spec, result[i])
		}
		e.Outer = append(e.Outer, *l)
		shape = append(shape, dims[result[i]])
	}
	for _, letter := range letters {
		if strings.IndexByte(result, letter) < 0 {
			e.Summed = append(e.Summed, *loops[letter])
		}
	}
	return e, shape, nil
}

// terms returns the number of products in each result.
func (e *Einsum) Terms() int {
	n := 1
	for _, l := range e.Summed {
		n *= l.Size
	}
	return n
}

// open reports whether the size of an index is open.
func (e *Einsum) open() bool {
	for _, loops := range [][]Loop{e.Outer, e.Summed} {
		for _, l := range loops {
			if l.Size <= open {
				return true
			}
		}
	}
	return false
}

// diagonal reports whether both operands are walked over alike, so that each element
// meets itself.
func (e *Einsum) Diagonal() bool { return e.Left == e.Right }

// selects reports whether the only sum runs along the last axis of one operand and
// along an axis of the other: if the one is one-hot there, each result is one element
// of the other.
func (e *Einsum) Selects(first bool) bool {
	mine, other := e.Left, e.Right
	if !first {
		mine, other = other, mine
	}
	if len(e.Summed) != 1 || mine == "" {
		return false
	}
	last := mine[len(mine)-1]
	return strings.IndexByte(e.Result, last) < 0 && strings.Count(mine, string(last)) == 1 && strings.IndexByte(other, last) >= 0
}

// each calls f for every product of every result element, in order: result i gets
// the product of elements x and y of the operands. A result for which start is
// false is passed over.
func (e *Einsum) Each(start func(i int) bool, f func(x, y int)) {
	i := 0
	walk(e.Outer, 0, 0, func(x0, y0 int) {
		if start(i) {
			walk(e.Summed, x0, y0, f)
		}
		i++
	})
}

// dim returns the dimension that l goes over, under a name.
func (l Loop) Dim(name string) Dim { return Dim{name, l.Size} }

func walk(loops []Loop, x, y int, f func(x, y int)) {
	if len(loops) == 0 {
		f(x, y)
		return
	}
	l := loops[0]
	for range l.Size {
		walk(loops[1:], x, y, f)
		x += l.x
		y += l.y
	}
}

// elementwise returns x·y, element by element. The shape of y must be that of x, or its last
// axes.
func (p *Program) Elementwise(x, y Value) Value {
	const letters = "abcdefgh"
	a, b := p.node(x).Shape, p.node(y).Shape
	if len(b) > len(a) || len(a) > len(letters) {
		p.Failf(OpContract, "shapes %v and %v do not fit", a, b)
		return x
	}
	left := letters[:len(a)]
	return p.Contract(left+","+left[len(a)-len(b):]+"->"+left, x, y)
}
