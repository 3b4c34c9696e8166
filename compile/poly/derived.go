package poly

import (
	"math/big"
	"strings"
)

// Some symbols are functions of n that are no polynomials. Their names say what they are, and where n has a
// value they have one, too.
const (
	powerOfTwo = "2^n"
	halfOfN    = "⌊n/2⌋"
)

// PowerOfTwo returns 2^n, the weight of a binary digit.
func PowerOfTwo() Poly { return Symbol(powerOfTwo) }

// HalfOfN returns ⌊n/2⌋, how many even numbers there are up to n.
func HalfOfN() Poly { return Symbol(halfOfN) }

// Exponential is the degree in n of what grows faster than any polynomial.
const Exponential = 1 << 30

// mostBits is the greatest n at which 2^n has a value here.
const mostBits = 1 << 16

// derived returns the value of a symbol that is a function of n. It reports false for other symbols, for
// n < 0, and for 2^n at an n beyond mostBits.
func derived(symbol string, n *big.Int) (*big.Int, bool) {
	switch {
	case n == nil || n.Sign() < 0:
	case symbol == halfOfN:
		return new(big.Int).Rsh(n, 1), true
	case symbol == powerOfTwo && n.Cmp(big.NewInt(mostBits)) <= 0:
		return new(big.Int).Lsh(big.NewInt(1), uint(n.Int64())), true
	}
	return nil, false
}

// substituted returns a function of n with a polynomial in place of n: its value at a constant, else the
// same function of the polynomial, as a symbol that has no value.
func substituted(symbol string, n Poly) Poly {
	if at, ok := n.At(nil); ok {
		if v, ok := derived(symbol, at); ok {
			return Big(v)
		}
	}
	return Symbol(strings.Replace(symbol, "n", "("+n.String()+")", 1))
}

// degreeIn returns the degree in n of a power of a symbol, rounded up to Exponential.
func (f power) degreeIn(symbol string) int {
	switch {
	case f.symbol == symbol, f.symbol == halfOfN && symbol == "n":
		return f.exponent
	case f.symbol == powerOfTwo && symbol == "n":
		return Exponential
	}
	return 0
}
