package program

import (
	"fmt"
	"slices"
	"strings"
)

// Dim is one dimension of a tensor. Its name says what it counts (n positions, d features, ...).
// In one program, dimensions of the same name have the same size.
//
// The size may be left open, which makes a program that is read for every n; see
// [Program.Open].
type Dim struct {
	Name string
	size int
	n    int // the n of the family, for the dimension of a member; else 0
}

// NewDim returns a dimension of the given size.
func NewDim(name string, size int) Dim { return Dim{Name: name, size: max(size, 0)} }

// MemberDim returns the dimension n of a member of a family: what an open dimension is in the program for every n.
// Formulas that a program declares have this n as their symbol n.
func MemberDim(name string, n int) Dim { return Dim{name, max(n, 0), n} }

// open is the size of a dimension that is left open, the n of a family. A dimension that is k
// times as long has the size k·open.
const open = -1 << 32

// OpenDim returns a dimension with an open size, the n of a family. All open dimensions of a
// program have that n as their size, or a multiple of it.
func OpenDim(name string) Dim { return Dim{Name: name, size: open} }

// Open reports whether the size is left open.
func (d Dim) Open() bool { return d.size <= open }

// varies reports whether the size is open, or is that of a member of a family.
func (d Dim) varies() bool { return d.Open() || d.n > 0 }

// Factor returns how many times n an open size is.
func (d Dim) Factor() int { return d.size / open }

// Times returns the dimension k times as long.
func (d Dim) Times(k int) Dim { return Dim{d.Name, d.size * k, d.n} }

// Size returns the size. Code that makes an open program must not ask for an open size, because
// proofs for every n rely on that. If it asks, Size panics, and the reading fails with an
// [*OpenSizeError].
func (d Dim) Size() int {
	if d.Open() {
		panic(&OpenSizeError{d.Name})
	}
	return d.size
}

// OrOne returns the size, or 1 if it is open. Checks of what a size costs use it.
func (d Dim) OrOne() int {
	if d.Open() {
		return 1
	}
	return d.size
}

// Renamed returns the dimension under another name.
func (d Dim) Renamed(name string) Dim { return Dim{name, d.size, d.n} }

func sizeText(size int) string {
	if size <= open {
		return fmt.Sprintf("%d·n", size/open)
	}
	return fmt.Sprint(size)
}

// String returns, for example, "n=8", and "n" if the size is open.
func (d Dim) String() string {
	if d.size == open {
		return d.Name
	}
	return d.Name + "=" + sizeText(d.size)
}

// OpenSizeError says that a program depends on the size of a dimension in more than its tensors.
// Such a program cannot be read for every size.
type OpenSizeError struct{ Dim string }

func (e *OpenSizeError) Error() string {
	return fmt.Sprintf("compile: the program was made from the size of dimension %s, which is open: "+
		"what it does is not known for every size", e.Dim)
}

// Shape is the dimensions of a tensor, outermost first. Elements are stored in row-major order:
// the last index changes fastest.
type Shape []Dim

// Len returns the number of elements. The empty shape is a scalar, with one.
func (s Shape) Len() int {
	n := 1
	for _, d := range s {
		n *= d.Size()
	}
	return n
}

// varies reports whether a size varies with n.
func (s Shape) varies() bool { return slices.ContainsFunc(s, Dim.varies) }

// elements returns the number of elements, or a number above [MostElements] if there are more.
func (s Shape) elements() int {
	n := 1
	for _, d := range s {
		if n *= d.Size(); n > MostElements {
			break
		}
	}
	return n
}

// Equal reports whether s and t have the same names and sizes.
func (s Shape) Equal(t Shape) bool {
	return slices.EqualFunc(s, t, func(d, e Dim) bool { return d.Name == e.Name && d.size == e.size })
}

// butLast returns s without its last axis.
func (s Shape) butLast() Shape { return s[:len(s)-1] }

// with returns s with a further last axis.
func (s Shape) with(d Dim) Shape { return slices.Concat(s, Shape{d}) }

// String returns, for example, "[n=8, d=4]".
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = d.String()
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// index returns the indices of element i, such as "[2,3]"; "" for a scalar.
func (s Shape) index(i int) string {
	if len(s) == 0 {
		return ""
	}
	parts := make([]string, len(s))
	for k := len(s) - 1; k >= 0; k-- {
		parts[k] = fmt.Sprint(i % s[k].Size())
		i /= s[k].Size()
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// strides returns how far apart neighbours along each axis are.
func (s Shape) strides() []int {
	st := make([]int, len(s))
	step := 1
	for k := len(s) - 1; k >= 0; k-- {
		st[k] = step
		step *= s[k].Size()
	}
	return st
}

// Open reports whether a size is open.
func (s Shape) Open() bool { return slices.ContainsFunc(s, Dim.Open) }

// Last returns the size of the last axis; 1 for a scalar.
func (s Shape) Last() int {
	if len(s) == 0 {
		return 1
	}
	return s[len(s)-1].Size()
}
