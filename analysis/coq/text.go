package coq

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// This file writes shapes and numbers in the syntax of the library.

// sizeText is a size as a polynomial in n, the constant first.
func sizeText(d program.Dim) string {
	if d.Open() {
		return fmt.Sprintf("[0; %d]%%nat", d.Factor())
	}
	return fmt.Sprintf("[%d]%%nat", d.Size())
}

func shapeText(s program.Shape) string { return listText(s, sizeText) }

func intText(v int64) string {
	if v < 0 {
		return fmt.Sprintf("(%d)", v)
	}
	return fmt.Sprint(v)
}

func intsText(list []int64) string { return listText(list, intText) }

func listsText(lists [][]int64) string { return listText(lists, intsText) }

func matrixText(m *program.Matrix) string {
	var rows [][]int64
	for i := range m.Rows {
		rows = append(rows, m.Row(i))
	}
	return listsText(rows)
}

// jumpsText lists jumps: where they are, in the given form, and how high.
func jumpsText(f program.Staircase, form string) string {
	list := make([]string, len(f.At))
	for i, at := range f.At {
		list[i] = fmt.Sprintf("("+form+", %s)", intText(at), intText(f.Jump[i]))
	}
	return listText(list, func(s string) string { return s })
}

func listText[T any](list []T, text func(T) string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = text(v)
	}
	return "[" + strings.Join(parts, "; ") + "]"
}

// entryText is an element of a constant: the one that expressions name.
func entryText(shape program.Shape, data []int64, at []*index) string {
	return fmt.Sprintf("entry %s%%nat %s %s", listText(sizesOf(shape), func(k int) string { return fmt.Sprint(k) }),
		intsText(data), indexText(at))
}
