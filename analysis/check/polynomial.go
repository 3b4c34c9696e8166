package check

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// polynomial is an exact polynomial in symbols such as n, d and 2^p. It has the coefficient of each
// monomial, and none that is 0. The name of a monomial is its symbols in order, each as often as its
// power says, with a "·" between them. A polynomial is not changed once it is made.
type polynomial map[string]*big.Rat

const times = "·"

func number(v int64) polynomial { return whole(big.NewInt(v)) }

func whole(v *big.Int) polynomial {
	p := polynomial{}
	p.add("", new(big.Rat).SetInt(v))
	return p
}

func symbol(name string) polynomial { return polynomial{name: big.NewRat(1, 1)} }

// add is for a polynomial that is being made.
func (p polynomial) add(monomial string, v *big.Rat) {
	if have, ok := p[monomial]; ok {
		v = new(big.Rat).Add(have, v)
	}
	if v.Sign() == 0 {
		delete(p, monomial)
		return
	}
	p[monomial] = v
}

// sum returns the sum of polynomials.
func sum(all ...polynomial) polynomial {
	out := polynomial{}
	for _, p := range all {
		for m, v := range p {
			out.add(m, v)
		}
	}
	return out
}

// product returns the product of polynomials.
func product(all ...polynomial) polynomial {
	out := number(1)
	for _, p := range all {
		next := polynomial{}
		for m, v := range out {
			for k, w := range p {
				next.add(joined(m, k), new(big.Rat).Mul(v, w))
			}
		}
		out = next
	}
	return out
}

// joined returns the product of two monomials.
func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return named(append(strings.Split(a, times), strings.Split(b, times)...))
}

// named returns the name of the product of symbols: n first, powers of two last.
func named(symbols []string) string {
	slices.SortFunc(symbols, func(a, b string) int {
		rank := func(s string) int {
			switch {
			case s == "n":
				return 0
			case strings.HasPrefix(s, "2^"):
				return 2
			}
			return 1
		}
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	return strings.Join(symbols, times)
}

// over returns p/k.
func (p polynomial) over(k int64) polynomial { return product(p, polynomial{"": big.NewRat(1, k)}) }

// less returns p − q.
func (p polynomial) less(q polynomial) polynomial { return sum(p, product(q, number(-1))) }

// pairs returns the number of pairs of p things, p(p−1)/2.
func (p polynomial) pairs() polynomial { return product(p, p.less(number(1))).over(2) }

func (p polynomial) equal(q polynomial) bool {
	return maps.EqualFunc(p, q, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
}

// above returns the polynomial with the greater coefficient of each monomial. For symbols from 1 on it
// is at least as great as both. If it is neither of them, fractions are rounded up, so that it is whole where they are.
func above(p, q polynomial) polynomial {
	out := polynomial{}
	for m, v := range p {
		if w := q[m]; v.Sign() > 0 || w != nil {
			out.add(m, greaterOf(v, w))
		}
	}
	for m, w := range q {
		if p[m] == nil && w.Sign() > 0 {
			out.add(m, w)
		}
	}
	if out.equal(p) || out.equal(q) {
		return out
	}
	for m, v := range out {
		if !v.IsInt() {
			up := new(big.Int).Div(v.Num(), v.Denom()) // rounded down
			out[m] = new(big.Rat).SetInt(up.Add(up, big.NewInt(1)))
		}
	}
	return out
}

// greaterOf returns the greater of two numbers, of which the second may be missing.
func greaterOf(v, w *big.Rat) *big.Rat {
	if w == nil || v.Cmp(w) >= 0 {
		return v
	}
	return w
}

// exponential is the degree of 2^n.
const exponential = 1 << 30

// degree returns the greatest power of n.
func (p polynomial) degree() int {
	degree := 0
	for m := range p {
		of := 0
		for _, s := range strings.Split(m, times) {
			switch s {
			case "n", "⌊n/2⌋":
				of++
			case "2^n":
				of = exponential
			}
		}
		degree = max(degree, min(of, exponential))
	}
	return degree
}

// symbols returns the symbols that occur, sorted.
func (p polynomial) symbols() []string {
	seen := map[string]bool{}
	for m := range p {
		for _, s := range strings.Split(m, times) {
			seen[s] = s != ""
		}
	}
	maps.DeleteFunc(seen, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(seen))
}

// with returns p with polynomials in place of symbols. Symbols without one stay.
func (p polynomial) with(values map[string]polynomial) polynomial {
	out := polynomial{}
	for m, v := range p {
		term := polynomial{"": v}
		for _, s := range strings.Split(m, times) {
			if s == "" {
				continue
			}
			value, ok := values[s]
			if !ok {
				value = symbol(s)
			}
			term = product(term, value)
		}
		for k, w := range term {
			out.add(k, w)
		}
	}
	return out
}

// mostExponent bounds the n at which 2^n is evaluated.
const mostExponent = 1 << 16

// at returns the value for an n. It must be a whole number, with no other symbols.
func (p polynomial) at(n *big.Int) (*big.Int, bool) {
	values := map[string]polynomial{"n": whole(n), "⌊n/2⌋": whole(new(big.Int).Rsh(n, 1))}
	if n.IsInt64() && n.Sign() >= 0 && n.Int64() <= mostExponent {
		values["2^n"] = whole(new(big.Int).Lsh(big.NewInt(1), uint(n.Int64())))
	}
	v := p.with(values)
	constant := v[""]
	switch {
	case len(v) == 0:
		return new(big.Int), true
	case len(v) > 1 || constant == nil || !constant.IsInt():
		return nil, false
	}
	return constant.Num(), true
}

// String writes p as proofs do, up to the order of its terms: the greatest powers first.
func (p polynomial) String() string {
	if len(p) == 0 {
		return "0"
	}
	all := slices.SortedFunc(maps.Keys(p), func(a, b string) int {
		weight := func(m string) int {
			return 1000*strings.Count(times+m+times, times+"n") + strings.Count(m, times) + min(len(m), 1)
		}
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(a, b))
	})
	var b strings.Builder
	for i, m := range all {
		v := new(big.Rat).Abs(p[m])
		switch negative := p[m].Sign() < 0; {
		case negative && i == 0:
			b.WriteString("-")
		case negative:
			b.WriteString(" - ")
		case i > 0:
			b.WriteString(" + ")
		}
		factors := powers(m)
		if len(factors) == 0 || v.Cmp(big.NewRat(1, 1)) != 0 {
			factors = slices.Insert(factors, 0, v.RatString())
		}
		b.WriteString(strings.Join(factors, times))
	}
	return b.String()
}

// powers writes the factors of a monomial.
func powers(m string) []string {
	var out []string
	symbols := strings.Split(m, times)
	for i := 0; i < len(symbols) && m != ""; {
		k := i
		for k < len(symbols) && symbols[k] == symbols[i] {
			k++
		}
		switch s := symbols[i]; {
		case k-i == 1:
			out = append(out, s)
		case strings.Contains(s, "^"):
			out = append(out, fmt.Sprintf("(%s)^%d", s, k-i))
		default:
			out = append(out, fmt.Sprintf("%s^%d", s, k-i))
		}
		i = k
	}
	return out
}

// read reads the text of a formula, such as "3/2·n^2·d - (2^p)^2 + 1".
func read(text string) (polynomial, error) {
	out := polynomial{}
	for _, term := range strings.Split(strings.ReplaceAll(text, " - ", " + -"), " + ") {
		value := big.NewRat(1, 1)
		rest, negative := strings.CutPrefix(term, "-")
		if negative {
			value.Neg(value)
		}
		var symbols []string
		for _, factor := range strings.Split(rest, times) {
			if v, ok := new(big.Rat).SetString(factor); ok && factor[0] >= '0' && factor[0] <= '9' {
				value.Mul(value, v)
				continue
			}
			name, power, ok := factorOf(factor)
			if !ok {
				return nil, fmt.Errorf("%q in %q is no factor of a formula", factor, text)
			}
			symbols = append(symbols, slices.Repeat([]string{name}, power)...)
		}
		out.add(named(symbols), value)
	}
	return out, nil
}

// mostPower bounds the powers in a formula that is read.
const mostPower = 1000

// factorOf reads a symbol with its power.
func factorOf(text string) (name string, power int, ok bool) {
	name, raised := text, "1"
	if inner, after, found := strings.Cut(text, ")^"); found && inner[0] == '(' {
		name, raised = inner[1:], after
	} else if base, after, found := strings.Cut(text, "^"); found && base != "2" {
		name, raised = base, after
	}
	power, err := strconv.Atoi(raised)
	ok = err == nil && power >= 1 && power <= mostPower && name != "" && !strings.ContainsAny(name, " ()+-")
	if ok && name[0] >= '0' && name[0] <= '9' { // of the numbers only 2^p begins a name
		_, ok = strings.CutPrefix(name, "2^")
	}
	return name, power, ok
}
