package problem

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
)

// bit is a 0/1 value as a sum of gates: a literal, or cases that exclude each other.
type bit = circuit.Sum

func not(x bit) bit { return x.Times(circuit.I(-1)).Plus(circuit.I(1)) }

// values returns literals as bits.
func values(lits []circuit.Lit) []bit {
	out := make([]bit, len(lits))
	for i, l := range lits {
		out[i] = l.Value()
	}
	return out
}

// plus returns the sum of bits, of which at most one is 1 if it is to be a bit again.
func plus(b *circuit.Builder, bits ...bit) bit {
	s := b.Linear()
	for _, x := range bits {
		s.Add(circuit.I(1), x)
	}
	return s.Sum()
}

// both returns whether all bits are 1, as one gate over their sum.
func both(b *circuit.Builder, bits ...bit) bit {
	return b.Threshold(plus(b, bits...), circuit.I(int64(len(bits)))).Value()
}

// table returns the function of a few bits whose value for the inputs m, bit i of which
// is bit i of m, is f(m). It is one gate for each m where f is 1, or where it is 0 if
// they are fewer, all on one level; bits that f does not depend on are not read, and what
// is left of a function of one bit is no gate.
func table(b *circuit.Builder, in []bit, f func(m int) bool) bit {
	for i := range in {
		spread := func(m int) int { return m>>i<<(i+1) | m&(1<<i-1) } // with bit i 0
		depends := false
		for m := range 1 << (len(in) - 1) {
			depends = depends || f(spread(m)) != f(spread(m)|1<<i)
		}
		if !depends {
			rest := append(append([]bit{}, in[:i]...), in[i+1:]...)
			return table(b, rest, func(m int) bool { return f(spread(m)) })
		}
	}
	switch {
	case len(in) == 1 && f(1):
		return in[0]
	case len(in) == 1:
		return not(in[0])
	}
	var ones, zeros []int
	for m := range 1 << len(in) {
		if f(m) {
			ones = append(ones, m)
		} else {
			zeros = append(zeros, m)
		}
	}
	cases := func(list []int) bit {
		s := b.Linear()
		for _, m := range list {
			literals := make([]bit, len(in))
			for i, x := range in {
				if literals[i] = x; m>>i&1 == 0 {
					literals[i] = not(x)
				}
			}
			s.Add(circuit.I(1), both(b, literals...))
		}
		return s.Sum()
	}
	if len(zeros) < len(ones) {
		return not(cases(zeros))
	}
	return cases(ones)
}

// choice adds an input that is one of several, one-hot.
func choice(b *circuit.Builder, name string, count int) []bit {
	return values(b.InputPort(name, circuit.Format{Kind: circuit.OneHot}, count))
}

// choices adds such inputs name[0] and so on.
func choices(b *circuit.Builder, name string, n, count int) [][]bit {
	out := make([][]bit, n)
	for i := range out {
		out[i] = choice(b, fmt.Sprintf("%s[%d]", name, i), count)
	}
	return out
}

// integer adds an unsigned input of the given number of bits.
func integer(b *circuit.Builder, name string, bits int) []circuit.Lit {
	return b.InputPort(name, unsigned, bits)
}

// binary returns Σ 2^i·x_i.
func binary(b *circuit.Builder, x []circuit.Lit) circuit.Sum {
	s := b.Linear()
	for i, l := range x {
		s.AddLit(circuit.Pow2(i), l)
	}
	return s.Sum()
}

// weightedBits returns the given bits of a sum of terms, in two levels after them. Bit k is
// that of the sum S with each weight reduced mod 2^(k+1), and with the gates
// [S ≥ m·2^(k+1)], m = 1, 2, ..., it is
//
//	S − 2^(k+1)·Σ_m [S ≥ m·2^(k+1)] ≥ 2^k.
//
// Sum returns the sum with the weights reduced modulo its argument, which must stay below
// count·2^(k+1). Where the literal set is 1, all bits are.
//
// Source: Siu and Roychowdhury 1994, for iterated addition; that the last gate reads the sum
// itself halves the gates.
func weightedBits(b *circuit.Builder, from, to, count int, sum func(modulus circuit.Int) circuit.Sum, set circuit.Lit) []circuit.Lit {
	var out []circuit.Lit
	for k := from; k < to; k++ {
		modulus := circuit.Pow2(k + 1)
		s := sum(modulus)
		rest := b.Linear()
		rest.Add(circuit.I(1), s)
		rest.AddLit(circuit.Pow2(k), set)
		for m := 1; m < count; m++ {
			rest.AddLit(modulus.Neg(), b.Threshold(s, modulus.Mul(circuit.I(int64(m)))))
		}
		out = append(out, b.Threshold(rest.Sum(), circuit.Pow2(k)))
	}
	return out
}
