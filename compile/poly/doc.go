// Package poly has polynomials in named symbols with exact rational coefficients:
// the formulas for the size of a family of circuits.
//
// A symbol is a name such as n (positions), d (features) or p (bits). 2^p is a
// symbol of its own, since sizes go with the number of levels of a p-bit number; so
// the choice p = c·log n turns 2^p into n^c. Coefficients are fractions because n(n−1)/2
// pairs are; a formula for a number of gates is a whole number at every whole n.
//
// Text has the grammar
//
//	poly   = "0" | [ "-" ] term { ( " + " | " - " ) term }
//	term   = number [ "·" powers ] | powers
//	powers = power { "·" power }
//	power  = symbol [ "^" number ]          symbol ≠ "2^p": then as it is, or "(2^p)^2"
//	number = digits [ "/" digits ]
//
// with powers in falling order, and reads back as the same polynomial.
package poly
