package problem

import (
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/circuit"
)

// bit is a 0/1 value as a sum of gates: a literal, or cases that exclude each other.
type bit = circuit.Sum

func not(x bit) bit { return x.Times(whole(-1)).Plus(whole(1)) }

// values returns literals as bits.
func values(lits []circuit.Lit) []bit {
	out := make([]bit, len(lits))
	for i, l := range lits {
		out[i] = l.Value()
	}
	return out
}

// plus returns the sum of bits. The sum is a bit again if at most one of them is 1.
func plus(b *circuit.Builder, bits ...bit) bit {
	s := b.Linear()
	for _, x := range bits {
		s.Add(whole(1), x)
	}
	return s.Sum()
}

// both returns whether all bits are 1, as one gate over their sum.
func both(b *circuit.Builder, bits ...bit) bit {
	return atLeast(b, plus(b, bits...), len(bits)).Value()
}

// whole returns an integer of sums of gates.
func whole[T int | int64](v T) circuit.Int { return circuit.NewInt(int64(v)) }

// atLeast returns the gate [s ≥ t].
func atLeast[T int | int64](b *circuit.Builder, s circuit.Sum, t T) circuit.Lit {
	return b.Threshold(s, whole(t))
}

// changing returns f(s) of a sum s between lo and hi. It is f(lo), plus one gate [s ≥ v] for each v at which
// f changes.
func changing(b *circuit.Builder, s circuit.Sum, lo, hi int64, f func(v int64) int64) circuit.Sum {
	out := b.Linear()
	last := f(lo)
	out.AddConst(whole(last))
	for v := lo + 1; v <= hi; v++ {
		if now := f(v); now != last {
			out.AddLit(whole(now-last), atLeast(b, s, v))
			last = now
		}
	}
	return out.Sum()
}

// function returns a function of a few bits. If input i is bit i of m, its value is f(m). It makes one gate
// for each m where f is 1, or for each m where f is 0 if these are fewer. All gates are on one level. It does
// not read bits that f does not depend on. A function of one bit takes no gate.
func function(b *circuit.Builder, in []bit, f func(m int) bool) bit {
	for i := range in {
		spread := func(m int) int { return m>>i<<(i+1) | m&(1<<i-1) } // with bit i 0
		depends := false
		for m := range 1 << (len(in) - 1) {
			depends = depends || f(spread(m)) != f(spread(m)|1<<i)
		}
		if !depends {
			return function(b, slices.Concat(in[:i], in[i+1:]), func(m int) bool { return f(spread(m)) })
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
	list := ones
	if len(zeros) < len(ones) {
		list = zeros
	}
	var cases []bit
	for _, m := range list {
		literals := slices.Clone(in)
		for i, x := range in {
			if m>>i&1 == 0 {
				literals[i] = not(x)
			}
		}
		cases = append(cases, both(b, literals...))
	}
	if len(zeros) < len(ones) {
		return not(plus(b, cases...))
	}
	return plus(b, cases...)
}

// merged returns the sum of each list of cases. At most one case of a list is 1.
func merged(b *circuit.Builder, cases [][]bit) []bit {
	out := make([]bit, len(cases))
	for i, list := range cases {
		out[i] = plus(b, list...)
	}
	return out
}

// single returns a bit as one literal.
func single(b *circuit.Builder, v bit) circuit.Lit {
	if l, ok := v.Lit(); ok {
		return l
	}
	return atLeast(b, v, 1)
}

// unroll appends steps one after another. Each has a stage of its own, from "step 1" on.
func unroll(b *circuit.Builder, stage string, count int, step func(t int)) {
	for t := range count {
		b.Begin(fmt.Sprintf("%s %d", stage, t+1))
		step(t)
		b.End()
	}
}

// outputBits adds output ports for bits. A bit that is a sum of gates takes one more gate.
func outputBits(b *circuit.Builder, name func(i int) string, bits []bit) {
	b.Begin("output")
	defer b.End()
	for i, v := range bits {
		b.Output(name(i), single(b, v))
	}
}

// outputChoice adds an output that is one of several, one-hot.
func outputChoice(b *circuit.Builder, name string, bits []bit) {
	b.Begin("output")
	defer b.End()
	var lits []circuit.Lit
	for _, v := range bits {
		lits = append(lits, single(b, v))
	}
	b.OutputPort(name, circuit.Format{Kind: circuit.OneHot}, lits...)
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

// weightedBits returns the given bits of a sum of terms, in two levels after them. Let S be the sum
// with each weight reduced mod 2^(k+1). Bit k of S is the wanted bit. With the gates [S ≥
// m·2^(k+1)], m = 1, 2, ..., it is
//
//	S − 2^(k+1)·Σ_m [S ≥ m·2^(k+1)] ≥ 2^k.
//
// The function sum returns the sum with the weights reduced modulo its argument. This sum must stay below
// count·2^(k+1). If the literal set is 1, all bits are 1.
//
// Source: Siu and Roychowdhury 1994, for iterated addition. Here the last gate reads the sum itself, which
// halves the number of gates.
func weightedBits(
	b *circuit.Builder, from, to, count int, sum func(modulus circuit.Int) circuit.Sum, set circuit.Lit,
) []circuit.Lit {
	var out []circuit.Lit
	for k := from; k < to; k++ {
		modulus := circuit.Pow2(k + 1)
		s := sum(modulus)
		rest := b.Linear()
		rest.Add(whole(1), s)
		rest.AddLit(circuit.Pow2(k), set)
		for m := 1; m < count; m++ {
			rest.AddLit(modulus.Neg(), b.Threshold(s, modulus.Mul(whole(m))))
		}
		out = append(out, b.Threshold(rest.Sum(), circuit.Pow2(k)))
	}
	return out
}
