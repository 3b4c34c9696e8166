package problem

import (
	"fmt"
	"math/rand/v2"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// The depths at which division is built.
const (
	fiveLevels  = "5"
	fourLevels  = "4"
	threeLevels = "3"
	twoLevels   = "2"
)

// divisionBits bounds the bits of a number, by depth. Beyond this bound the circuits are too large.
var divisionBits = map[string]int{fiveLevels: 14, fourLevels: 8, threeLevels: 4, twoLevels: 16}

// division computes ⌊a/b⌋ in constant depth. One way is a power series in Chinese remainders, in
// polynomial size. The other way has two levels, and compares a with every multiple of b.
//
// The series:
//
//  1. With 2^(j−1) ≤ b < 2^j and u = 2^j − b, 1/b = Σ_i u^i/2^(j(i+1)). The first L = n + 1
//     terms, over the denominator 2^K with K = n·L, make an integer S_j(b), and
//     S_j(b) + δ_j with δ_j = 2^(K−L−j+1) is at least 2^K/b, by less than so much that
//     ⌊a·(S + δ)/2^K⌋ = ⌊a/b⌋, since a/b is an integer or at least 1/b below the next.
//  2. For each prime p of enough small ones, with the product M, e_p is the residue modulo p
//     of a·(S + δ)·(M/p)^−1: see residues.
//  3. V = Σ_p e_p·M/p is a·(S + δ) + r·M, and the quotient are the bits K to K + n − 1 of
//     V − r·M: see quotient.
//
// Division by 0 gives n ones.
//
// Source: the reduction to powers in Chinese remainders is from Beame, Cook and Hoover 1986. Hesse,
// Allender and Barrington 2002 make it uniform. Here residues are lazy sums of gates, and the size
// j of b is a weight that decides. So five levels are enough, or four or three with more gates.
func division() Problem {
	return Problem{
		Name: "division", Doc: "⌊a/b⌋, of two numbers of n bits; n ones if b is 0",
		Depth: "5, 4 or 3 in polynomial size, or 2, as chosen",
		Size:  "polynomial: O(n·p²/log p) (5), O(n·p³) (4), O(n⁴·p³) (3), p = O(n²/log n) primes; 2^n + n − 2 (2)",
		Best:  "3", BestSource: siuRoychowdhury + "; other circuits than the uniform ones",
		params: []param{
			size("bits of a number", 2, 16),
			oneOf("depth", "levels of the circuit; the fewer, the more gates",
				fiveLevels, fourLevels, threeLevels, twoLevels),
		},
		valid: func(a compile.Args) error {
			if n, most := a.Int("n"), divisionBits[a["depth"]]; n > most {
				return fmt.Errorf("n=%d at depth %s is more than %d", n, a["depth"], most)
			}
			return nil
		},
		Class: "TC0 (uniform), not AC0",
		Source: "uniform: Hesse, Allender and Barrington 2002, by other circuits than those of the best depth; " +
			"not AC0, since majority reduces to it",
		Why:   "a power series in Chinese remainders, in which all primes work side by side",
		build: divide,
		reference: func(a compile.Args, in []int64) []int64 {
			if in[1] == 0 {
				return []int64{1<<a.Int("n") - 1}
			}
			return []int64{in[0] / in[1]}
		},
		sample: func(a compile.Args, rng *rand.Rand) []int64 { // quotients of all sizes, next to where they change
			n := a.Int("n")
			y := 1 + rng.Int64N(1<<n-1)>>rng.IntN(n)
			q := rng.Int64N((1<<n-1)/y + 1)
			return []int64{max(0, q*y-rng.Int64N(2)), y}
		},
	}
}

func divide(b *circuit.Builder, args compile.Args) {
	n, depth := args.Int("n"), args["depth"]
	x, y := integer(b, "a", n), integer(b, "b", n)
	if depth == twoLevels {
		b.OutputPort("quotient", unsigned, multiples(b, x, y)...)
		return
	}
	s := newSeries(n)
	b.Begin("residues")
	zero := b.Or(y...).Not()
	residues, quotient := s.fromLogarithms, s.flatQuotient
	switch depth {
	case threeLevels:
		residues = s.fromBits
	case fiveLevels:
		quotient = s.quotient
	}
	all := residues(b, x, y)
	b.End()
	b.Begin("quotient")
	defer b.End()
	b.OutputPort("quotient", unsigned, quotient(b, all, zero)...)
}

// multiples returns the quotient in two levels. The first has a gate [a ≥ q·b] for every q; all of
// these are 1 if b is 0. Bit i of the quotient is the alternating sum of the gates at which it
// changes.
func multiples(b *circuit.Builder, x, y []circuit.Lit) []circuit.Lit {
	n := len(x)
	dividend, divisor := b.PortSum(unsigned, x...), b.PortSum(unsigned, y...)
	least := make([]circuit.Lit, 1<<n)
	for q := 1; q < 1<<n; q++ {
		least[q] = atLeast(b, plus(b, dividend, divisor.Times(whole(-q))), 0)
	}
	var out []circuit.Lit
	for i := range n {
		s := b.Linear()
		for q := 1 << i; q < 1<<n; q += 1 << i {
			s.AddLit(whole(2*(q>>i&1)-1), least[q])
		}
		out = append(out, atLeast(b, s.Sum(), 1))
	}
	return out
}
