package diagram

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/press"
)

// shapeText writes a shape by the names of its dimensions, such as "n×d".
func shapeText(s program.Shape) string {
	if len(s) == 0 {
		return "scalar"
	}
	names := make([]string, len(s))
	for i, d := range s {
		names[i] = press.Clean(d.Name)
	}
	return strings.Join(names, "×")
}

// sizeText writes the size of a dimension, such as "8"; "n" or "2·n" if it is open.
func sizeText(d program.Dim) string {
	if _, size, ok := strings.Cut(d.String(), "="); ok {
		return size
	}
	return "n"
}

// rangeText writes a range and, if asked, the bits that hold it; "" if it is
// not known, as where it depends on an open size, or lies beyond 64 bits.
func rangeText(r program.Range, withBits bool) string {
	if r.Lo == math.MinInt64 || r.Hi == math.MaxInt64 {
		return ""
	}
	if r.Lo == r.Hi {
		return "= " + integer(r.Lo)
	}
	text := integer(r.Lo) + " … " + integer(r.Hi)
	if !withBits {
		return text
	}
	width := bits.Len64(uint64(max(r.Hi, 0)))
	if r.Lo < 0 { // two's complement
		width = max(width, bits.Len64(uint64(-(r.Lo+1)))) + 1
	}
	return fmt.Sprintf("%s (%s)", text, press.Plural(int64(width), "bit"))
}

// integer writes v with a proper minus sign. More than seven digits are rounded and marked
// by ≈.
func integer(v int64) string {
	sign, digits := "", strconv.FormatInt(v, 10)
	if v < 0 {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 7 {
		return sign + press.Grouped(digits)
	}
	return press.Rounded(big.NewInt(v), 1)
}

// amount writes how many things there are, as a number or a formula.
func amount(p poly.Poly, noun string) string {
	v, ok := number(p)
	switch {
	case !ok:
		return press.GroupedIn(p.Pretty()) + " " + noun + "s"
	case v.IsInt64():
		return press.Plural(v.Int64(), noun)
	}
	return press.Grouped(v.String()) + " " + noun + "s"
}
