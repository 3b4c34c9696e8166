package press

import (
	"math/big"
	"strconv"
	"strings"
	"unicode"
)

// Clean makes a name one line of valid text. Names come from files, so they may
// hold anything.
func Clean(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(name, "\ufffd"))
}

// Count writes n ≥ 0 in groups of three digits.
func Count(n int64) string { return Grouped(strconv.FormatInt(n, 10)) }

// Grouped sets more than four digits in groups of three, with a narrow space between them.
func Grouped(digits string) string {
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

// Plural writes "1 gate" or "n gates".
func Plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Count(n) + " " + noun + "s"
}

// Rounded writes v as "≈ −3.10·10¹⁰", with the given number of digits behind the point.
func Rounded(v *big.Int, decimals int) string {
	digits, exponent, _ := strings.Cut(new(big.Float).SetInt(v).Text('e', decimals), "e+")
	power, _ := strconv.Atoi(exponent)
	return "≈ " + strings.Replace(digits, "-", "−", 1) + "·10" + Superscript(power)
}

// Subscript writes k ≥ 0 as an index.
func Subscript(k int) string {
	return strings.Map(func(d rune) rune { return []rune(subscripts)[d-'0'] }, strconv.Itoa(k))
}

// Superscript writes k ≥ 0 as an exponent.
func Superscript(k int) string {
	return strings.Map(func(d rune) rune { return []rune(superscripts)[d-'0'] }, strconv.Itoa(k))
}
