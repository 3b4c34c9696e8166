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

// Grouped puts commas between groups of three digits of a number, which may have a sign. All numbers that people read
// are written so, but those of LaTeX.
func Grouped(number string) string {
	digits := strings.TrimLeft(number, "-−+")
	sign := number[:len(number)-len(digits)]
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// GroupedIn puts such commas into all numbers of a text.
func GroupedIn(text string) string {
	var b strings.Builder
	for text != "" {
		from := strings.IndexAny(text, "0123456789")
		if from < 0 {
			from = len(text)
		}
		number := text[from:]
		if i := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); i >= 0 {
			number = number[:i]
		}
		b.WriteString(text[:from] + Grouped(number))
		text = text[from+len(number):]
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
