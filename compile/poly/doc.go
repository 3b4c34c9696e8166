// Package poly has polynomials in named symbols with exact rational coefficients. They are the formulas
// for the size of a family of circuits.
//
// A symbol is a name such as n (positions), d (features) or p (bits). 2^p is a symbol of its own,
// because sizes grow with the number of levels of a p-bit number. So the choice p = c·log n turns 2^p
// into n^c. Coefficients are fractions because n positions have n(n−1)/2 pairs. A formula for a number
// of gates has a whole value at every whole n. Two functions of n are symbols, too: 2^n and ⌊n/2⌋. Their values
// follow from that of n.
//
// Text has the grammar
//
//	poly   = "0" | [ "-" ] term { ( " + " | " - " ) term }
//	term   = number [ "·" powers ] | powers
//	powers = power { "·" power }
//	power  = symbol [ "^" number ]          symbol ≠ "2^p": then as it is, or "(2^p)^2"
//	number = digits [ "/" digits ]
//
// Powers stand in falling order. The text reads back as the same polynomial.
package poly
