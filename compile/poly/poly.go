package poly

import (
	"cmp"
	"math/big"
	"slices"
	"strings"
)

// Poly is a polynomial. The zero value is the polynomial 0. A Poly never changes.
type Poly struct {
	terms []term // in the order of text; no coefficient is 0
}

type term struct {
	coefficient *big.Rat
	powers      []power // by symbol; no exponent is 0
}

type power struct {
	symbol   string
	exponent int
}

// Int returns the constant v.
func Int(v int64) Poly { return Big(big.NewInt(v)) }

// Big returns the constant v.
func Big(v *big.Int) Poly { return fraction(new(big.Rat).SetInt(v)) }

// Half returns p/2.
func Half(p Poly) Poly { return p.Over(2) }

func fraction(v *big.Rat) Poly {
	if v.Sign() == 0 {
		return Poly{}
	}
	return Poly{[]term{{coefficient: v}}}
}

// Symbol returns the polynomial that is one symbol.
func Symbol(name string) Poly {
	return Poly{[]term{{big.NewRat(1, 1), []power{{name, 1}}}}}
}

// Sum returns the sum of polynomials; without arguments it is 0.
func Sum(all ...Poly) Poly {
	var terms []term
	for _, p := range all {
		terms = append(terms, p.terms...)
	}
	return collect(terms)
}

// Product returns the product of polynomials; without arguments it is 1.
func Product(all ...Poly) Poly {
	out := Int(1)
	for _, p := range all {
		out = out.Times(p)
	}
	return out
}

// Plus returns p + q.
func (p Poly) Plus(q Poly) Poly { return Sum(p, q) }

// Minus returns p − q.
func (p Poly) Minus(q Poly) Poly { return Sum(p, q.Times(Int(-1))) }

// Times returns p·q.
func (p Poly) Times(q Poly) Poly {
	var terms []term
	for _, a := range p.terms {
		for _, b := range q.terms {
			terms = append(terms, term{new(big.Rat).Mul(a.coefficient, b.coefficient), multiply(a.powers, b.powers)})
		}
	}
	return collect(terms)
}

// multiply merges two lists of powers.
func multiply(a, b []power) []power {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y power) int { return compareSymbols(x.symbol, y.symbol) })
	out := all[:0]
	for _, f := range all {
		if n := len(out); n > 0 && out[n-1].symbol == f.symbol {
			out[n-1].exponent += f.exponent
		} else {
			out = append(out, f)
		}
	}
	return out
}

// compareSymbols puts n first, powers of two last and the others in alphabetical order, as people write
// them.
func compareSymbols(a, b string) int {
	rank := func(s string) int {
		switch {
		case s == "n", s == halfOfN:
			return 0
		case strings.HasPrefix(s, "2^"):
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
}

// collect sorts terms, adds up equal ones and drops zeros.
func collect(terms []term) Poly {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(a, b term) int { return comparePowers(a.powers, b.powers) })
	var out []term
	for _, t := range terms {
		if k := len(out); k > 0 && comparePowers(out[k-1].powers, t.powers) == 0 {
			out[k-1].coefficient = new(big.Rat).Add(out[k-1].coefficient, t.coefficient)
		} else {
			out = append(out, t)
		}
	}
	return Poly{slices.DeleteFunc(out, func(t term) bool { return t.coefficient.Sign() == 0 })}
}

// comparePowers orders monomials: higher degrees in n first, then higher total
// degree, then by symbols.
func comparePowers(a, b []power) int {
	of := func(f []power) (n, total int) {
		for _, x := range f {
			total += x.exponent
			n += x.degreeIn("n")
		}
		return n, total
	}
	an, at := of(a)
	bn, bt := of(b)
	if c := cmp.Or(cmp.Compare(bn, an), cmp.Compare(bt, at)); c != 0 {
		return c
	}
	return slices.CompareFunc(a, b, func(x, y power) int {
		return cmp.Or(compareSymbols(x.symbol, y.symbol), cmp.Compare(y.exponent, x.exponent))
	})
}

// Equal reports whether p and q are the same polynomial.
func (p Poly) Equal(q Poly) bool { return p.Minus(q).IsZero() }

// IsZero reports whether p is 0.
func (p Poly) IsZero() bool { return len(p.terms) == 0 }

// Degree returns the greatest exponent of a symbol; 0 for a constant. In n, ⌊n/2⌋ counts as n, and a term
// with 2^n has the degree [Exponential].
func (p Poly) Degree(symbol string) int {
	degree := 0
	for _, t := range p.terms {
		of := 0
		for _, f := range t.powers {
			of = min(of+f.degreeIn(symbol), Exponential)
		}
		degree = max(degree, of)
	}
	return degree
}

// Symbols returns the symbols that occur, in the order of text.
func (p Poly) Symbols() []string {
	var all []string
	for _, t := range p.terms {
		for _, f := range t.powers {
			all = append(all, f.symbol)
		}
	}
	slices.SortFunc(all, compareSymbols)
	return slices.Compact(all)
}

// Substitute returns p with polynomials in place of symbols. Symbols that are not named stay; those that are
// functions of n follow n.
func (p Poly) Substitute(values map[string]Poly) Poly {
	var parts []Poly
	for _, t := range p.terms {
		out := fraction(t.coefficient)
		for _, f := range t.powers {
			v, ok := values[f.symbol]
			if n, known := values["n"]; !ok && known && f.degreeIn("n") > 0 {
				v, ok = substituted(f.symbol, n), true
			}
			if !ok {
				v = Symbol(f.symbol)
			}
			for range f.exponent {
				out = out.Times(v)
			}
		}
		parts = append(parts, out)
	}
	return Sum(parts...)
}

// At returns the exact value for given values of the symbols. It reports false if a symbol lacks a value,
// or if the result is not a whole number.
func (p Poly) At(values map[string]*big.Int) (*big.Int, bool) {
	total := new(big.Rat)
	for _, t := range p.terms {
		v := new(big.Rat).Set(t.coefficient)
		for _, f := range t.powers {
			x, ok := values[f.symbol]
			if !ok {
				x, ok = derived(f.symbol, values["n"])
			}
			if !ok {
				return nil, false
			}
			v.Mul(v, new(big.Rat).SetInt(new(big.Int).Exp(x, big.NewInt(int64(f.exponent)), nil)))
		}
		total.Add(total, v)
	}
	if !total.IsInt() {
		return nil, false
	}
	return new(big.Int).Set(total.Num()), true
}

// AtN is At for a polynomial with n, and functions of n, as its only symbols.
func (p Poly) AtN(n *big.Int) (*big.Int, bool) { return p.At(map[string]*big.Int{"n": n}) }

// Interpolate returns the polynomial in n of the least degree through the points
// (first+i, values[i]), by Newton's forward differences.
func Interpolate(first int64, values []*big.Int) Poly {
	differences := make([]*big.Int, len(values))
	for i, v := range values {
		differences[i] = new(big.Int).Set(v)
	}
	out, basis := Int(0), Int(1) // basis is C(n−first, k)
	for k := range differences {
		out = out.Plus(basis.Times(Big(differences[0])))
		basis = basis.Times(Symbol("n").Minus(Int(first + int64(k)))).Times(fraction(big.NewRat(1, int64(k+1))))
		for i := range len(differences) - 1 {
			differences[i] = new(big.Int).Sub(differences[i+1], differences[i])
		}
		differences = differences[:len(differences)-1]
	}
	return out
}

// Over returns p/k for k ≠ 0.
func (p Poly) Over(k int64) Poly { return p.Times(fraction(big.NewRat(1, k))) }

// Max returns a polynomial that is at least as great as p and q for all values of the symbols from 1 on: one of
// them, if no coefficient of the difference is against it. Else each coefficient is the greater one of both,
// rounded up to a whole number.
func Max(p, q Poly) Poly {
	negative := func(t term) bool { return t.coefficient.Sign() < 0 }
	difference := p.Minus(q)
	less := slices.DeleteFunc(slices.Clone(difference.terms), func(t term) bool { return !negative(t) })
	switch len(less) {
	case 0:
		return p
	case len(difference.terms):
		return q
	}
	most := p.Minus(Poly{less})
	for i, t := range most.terms {
		if !t.coefficient.IsInt() {
			up := new(big.Int).Div(t.coefficient.Num(), t.coefficient.Denom()) // rounded down
			most.terms[i].coefficient = new(big.Rat).SetInt(up.Add(up, big.NewInt(1)))
		}
	}
	return most
}
