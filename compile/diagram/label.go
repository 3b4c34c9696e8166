package diagram

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"unicode"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/compile/program"
)

// shapeText writes a shape by the names of its dimensions, such as "n×d".
func shapeText(s program.Shape) string {
	if len(s) == 0 {
		return "scalar"
	}
	names := make([]string, len(s))
	for i, d := range s {
		names[i] = clean(d.Name)
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

// rangeText writes a range and, if asked, the bits that hold it; "" if nothing is known
// of it, as where it depends on an open size.
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
	return fmt.Sprintf("%s (%s)", text, plural(int64(width), "bit"))
}

// integer writes v with a proper minus sign, and beyond seven digits rounded, which the
// ≈ admits.
func integer(v int64) string {
	sign, digits := "", strconv.FormatInt(v, 10)
	if v < 0 {
		sign, digits = "−", digits[1:]
	}
	if len(digits) <= 7 {
		return sign + grouped(digits)
	}
	rounded, power, _ := strings.Cut(strconv.FormatFloat(math.Abs(float64(v)), 'e', 1, 64), "e+")
	power = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").
		Replace(strings.TrimLeft(power, "0"))
	return fmt.Sprintf("≈ %s%s·10%s", sign, rounded, power)
}

// count writes v in groups of three digits, apart by a narrow space.
func count(v int64) string { return grouped(strconv.FormatInt(v, 10)) }

func grouped(digits string) string {
	if len(digits) <= 4 {
		return digits
	}
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteRune('\u202f')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// plural writes "1 gate" or "n gates".
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// amount writes a number or a formula of things.
func amount(p poly.Poly, noun string) string {
	v, ok := number(p)
	switch {
	case !ok:
		return p.Pretty() + " " + noun + "s"
	case v.IsInt64():
		return plural(v.Int64(), noun)
	}
	return grouped(v.String()) + " " + noun + "s"
}

// clean makes a name one line of valid text. Names come from files, so they may hold
// anything.
func clean(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(name, "\ufffd"))
}

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escape makes text safe in a Graphviz label, HTML-like or not: entities are read in
// both, and in both a backslash before some letters stands for something else.
func escape(text string) string {
	return strings.ReplaceAll(entities.Replace(text), `\`, `\\`)
}

// quote writes text as a Graphviz string. The dot package would quote as Go does,
// whose escapes Graphviz does not know.
func quote(text string) dot.Literal {
	return dot.Literal(`"` + strings.ReplaceAll(escape(text), "\n", `\n`) + `"`)
}
