package compile

import (
	"fmt"
	"strings"
)

// Dim is one dimension of a tensor. Its name says what it counts (n positions, d
// features, ...); dimensions of the same name in one program have the same size.
type Dim struct {
	Name string
	Size int
}

// Shape is the dimensions of a tensor, outermost first. Elements are stored in
// row-major order: the last index varies fastest.
type Shape []Dim

// Len returns the number of elements. The empty shape is a scalar, with one.
func (s Shape) Len() int {
	n := 1
	for _, d := range s {
		n *= d.Size
	}
	return n
}

// Equal reports whether s and t have the same names and sizes.
func (s Shape) Equal(t Shape) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range s {
		if s[i] != t[i] {
			return false
		}
	}
	return true
}

// String returns, for example, "[n=8, d=4]".
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, d := range s {
		parts[i] = fmt.Sprintf("%s=%d", d.Name, d.Size)
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
		parts[k] = fmt.Sprint(i % s[k].Size)
		i /= s[k].Size
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// strides returns how far apart neighbours along each axis are.
func (s Shape) strides() []int {
	st := make([]int, len(s))
	step := 1
	for k := len(s) - 1; k >= 0; k-- {
		st[k] = step
		step *= s[k].Size
	}
	return st
}

// last returns the size of the last axis; 1 for a scalar.
func (s Shape) last() int {
	if len(s) == 0 {
		return 1
	}
	return s[len(s)-1].Size
}
