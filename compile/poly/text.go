package poly

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// String writes p, such as "3/2·n^2·d + 9·n - 1".
func (p Poly) String() string {
	return p.write("·", func(f power) string {
		switch {
		case f.exponent == 1:
			return f.symbol
		case strings.Contains(f.symbol, "^"):
			return fmt.Sprintf("(%s)^%d", f.symbol, f.exponent)
		}
		return fmt.Sprintf("%s^%d", f.symbol, f.exponent)
	}, func(v *big.Rat) string { return v.RatString() }, "-")
}

// Pretty writes p for people, with superscripts: "3/2·n²·d + 9·n − 1".
func (p Poly) Pretty() string {
	return p.write("·", func(f power) string {
		base, exponent, _ := strings.Cut(f.symbol, "^")
		if exponent != "" {
			base += "^" + exponent
			if f.exponent > 1 {
				base = "(" + base + ")"
			}
		}
		if f.exponent == 1 {
			return base
		}
		return base + Superscript(f.exponent)
	}, func(v *big.Rat) string { return v.RatString() }, "−")
}

// Superscript writes v in raised digits.
func Superscript(v int) string {
	out := ""
	for _, digit := range strconv.Itoa(v) {
		out += string([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[digit-'0'])
	}
	return out
}

// LaTeX writes p for math mode: "\tfrac{3}{2} \, n^{2} \, d + 9 \, n - 1".
func (p Poly) LaTeX() string {
	return p.write(` \, `, func(f power) string {
		symbol := f.symbol
		base, exponent, raised := strings.Cut(symbol, "^")
		if symbol == halfOfN {
			base = `\lfloor n/2 \rfloor`
		} else if len(base) > 1 {
			base = `\mathit{` + strings.NewReplacer("_", `\_`, "·", ` `).Replace(base) + "}"
		}
		switch {
		case raised && f.exponent > 1:
			return fmt.Sprintf("%s^{%d%s}", base, f.exponent, exponent)
		case raised:
			return base + "^{" + exponent + "}"
		case f.exponent > 1:
			return fmt.Sprintf("%s^{%d}", base, f.exponent)
		}
		return base
	}, func(v *big.Rat) string {
		if v.IsInt() {
			return v.RatString()
		}
		return fmt.Sprintf(`\tfrac{%v}{%v}`, v.Num(), v.Denom())
	}, "-")
}

func (p Poly) write(times string, factor func(power) string, number func(*big.Rat) string, minus string) string {
	if p.IsZero() {
		return "0"
	}
	var b strings.Builder
	for i, t := range p.terms {
		switch negative := t.coefficient.Sign() < 0; {
		case i == 0 && negative:
			b.WriteString(minus)
		case i > 0 && negative:
			b.WriteString(" " + minus + " ")
		case i > 0:
			b.WriteString(" + ")
		}
		var parts []string
		size := new(big.Rat).Abs(t.coefficient)
		if len(t.powers) == 0 || size.Cmp(big.NewRat(1, 1)) != 0 {
			parts = append(parts, number(size))
		}
		for _, f := range t.powers {
			parts = append(parts, factor(f))
		}
		b.WriteString(strings.Join(parts, times))
	}
	return b.String()
}

// Parse reads what String writes.
func Parse(text string) (Poly, error) {
	bad := func(part string) (Poly, error) {
		return Poly{}, fmt.Errorf("poly: %q in %q is no term of a polynomial", part, text)
	}
	if text == "0" {
		return Poly{}, nil
	}
	rest := text
	sign := int64(1)
	if r, ok := strings.CutPrefix(rest, "-"); ok {
		rest, sign = r, -1
	}
	var terms []term
	for {
		at := len(rest)
		for _, operator := range []string{" + ", " - "} {
			if i := strings.Index(rest, operator); i >= 0 {
				at = min(at, i)
			}
		}
		t, ok := parseTerm(rest[:at])
		if !ok {
			return bad(rest[:at])
		}
		t.coefficient.Mul(t.coefficient, big.NewRat(sign, 1))
		terms = append(terms, t)
		if at == len(rest) {
			break
		}
		sign = 1
		if rest[at+1] == '-' {
			sign = -1
		}
		rest = rest[at+3:]
	}
	p := collect(terms)
	if p.String() != text {
		return bad(text)
	}
	return p, nil
}

func parseTerm(text string) (term, bool) {
	t := term{coefficient: big.NewRat(1, 1)}
	for i, part := range strings.Split(text, "·") {
		if i == 0 && isNumber(part) {
			if _, ok := t.coefficient.SetString(part); !ok {
				return t, false
			}
			continue
		}
		f := power{part, 1}
		if inner, raised, ok := strings.Cut(strings.TrimPrefix(part, "("), ")^"); ok && strings.HasPrefix(part, "(") {
			f.symbol, f.exponent = inner, exponent(raised)
		} else if base, raised, ok := strings.Cut(part, "^"); ok && base != "2" {
			f.symbol, f.exponent = base, exponent(raised)
		}
		if f.symbol == "" || f.exponent < 1 || strings.ContainsAny(f.symbol, " ()+-") || isNumber(f.symbol) {
			return t, false
		}
		t.powers = multiply(t.powers, []power{f})
	}
	return t, true
}

func exponent(text string) int {
	v, err := strconv.Atoi(text)
	if err != nil || v > 1000 {
		return 0
	}
	return v
}

// isNumber reports whether text is digits, or a fraction of digits.
func isNumber(text string) bool {
	if text == "" || len(text) > 10000 {
		return false
	}
	slashes := 0
	for i, r := range text {
		if r == '/' && i > 0 && i < len(text)-1 {
			slashes++
		} else if r < '0' || r > '9' {
			return false
		}
	}
	return slashes <= 1
}

// MarshalText writes p as String does.
func (p Poly) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Poly) UnmarshalText(text []byte) error {
	q, err := Parse(string(text))
	if err == nil {
		*p = q
	}
	return err
}
