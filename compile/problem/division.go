package problem

import (
	"math/big"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
)

// division computes ⌊a/b⌋ in constant depth, by a power series in Chinese remainders.
//
//  1. With 2^(j−1) ≤ b < 2^j and u = 2^j − b, 1/b = Σ_i u^i/2^(j(i+1)); L = 2n terms of
//     it, over the denominator 2^K with K = n·L, make the integer S_j(b), and S_j(b) + δ
//     with δ = 2^(K−L) is at least 2^K/b, by less than so much that
//     ⌊a·(S + δ)/2^K⌋ = ⌊a/b⌋, since a/b is an integer or at least 1/b below the next.
//  2. Modulo a small prime p, S_j(b) + δ is a table of b mod p. The discrete logarithm of
//     a·(S + δ) is the sum of two logarithms, each a sum of gates [Σ a_i·(2^i mod p) ≥ v];
//     gates on that sum, into which j comes with a weight that decides, tell the residue.
//  3. V = Σ_p e_p·M/p, with M the product of the primes and e_p = residue·(M/p)^−1 mod p,
//     is a·(S + δ) + r·M, and the gates [V ≥ m·M] count r.
//  4. The bits K to K + n − 1 of V − r·M are the quotient; see weightedBits.
//
// Division by 0 gives n ones.
//
// Source: the reduction to powers in Chinese remainders is that of Beame, Cook and Hoover
// 1986; Hesse, Allender and Barrington 2002 make it uniform. That logarithms of residues
// add up as lazy sums is what makes it five levels here.
func division() Problem {
	return Problem{
		Name: "division", Doc: "⌊a/b⌋, of two numbers of n bits; n ones if b is 0", Depth: "5", Size: "O(n·p²/log p) with p = O(n²)", Best: "3",
		Params: []compile.Param{size("bits of a number")}, limits: map[string][2]int{"n": {1, 24}},
		Class: "TC0, uniform", Source: "Hesse, Allender and Barrington 2002; depth 3: Siu and Roychowdhury 1994; not AC0, since majority reduces to it", Beyond: none, Serial: parallel, Shape: Wide,
		Why:   "a power series in Chinese remainders, in which all primes work side by side",
		build: divide,
		reference: func(a compile.Args) func(in []int64) []int64 {
			return func(in []int64) []int64 {
				if in[1] == 0 {
					return []int64{1<<a.Int("n") - 1}
				}
				return []int64{in[0] / in[1]}
			}
		},
	}
}

func divide(b *circuit.Builder, args compile.Args) error {
	n := args.Int("n")
	x, y := integer(b, "a", n), integer(b, "b", n)
	length := 2 * n // L
	shift := n * length
	delta := new(big.Int).Lsh(big.NewInt(1), uint(shift-length))
	// S_j + δ for a b that is known only modulo p.
	series := func(j int, residue, p int64) int64 {
		u := (pow(2, int64(j), p) - residue%p + p) % p
		total, power := new(big.Int).Mod(delta, big.NewInt(p)).Int64(), int64(1)
		for i := range length {
			total = (total + power*pow(2, int64(shift-j*(i+1)), p)) % p
			power = power * u % p
		}
		return total
	}
	primes, product := primesBeyond(shift + n)

	b.Begin("size of b")
	least := make([]circuit.Lit, n+1) // least[j] is b ≥ 2^j
	for j := range n {
		least[j] = b.Threshold(number2(b, y), circuit.Pow2(j))
	}
	least[n] = circuit.False
	sizes := make([]bit, n+1) // sizes[j] is 2^(j−1) ≤ b < 2^j
	for j := 1; j <= n; j++ {
		sizes[j] = plus(b, least[j-1].Value(), least[j].Value().Times(circuit.I(-1)))
	}
	zero := not(least[0].Value())
	b.End()

	// terms are the gates of V, each with a table of what it adds.
	type digit struct {
		gates  []circuit.Lit // gates[t] for one j: the logarithm is at least t
		values []circuit.Int // e_p·M/p for the logarithms 0, 1, ...
	}
	var digits []digit
	for _, p := range primes {
		b.Begin("residues")
		rest := new(big.Int).Div(product, big.NewInt(p))
		inverse := new(big.Int).ModInverse(new(big.Int).Mod(rest, big.NewInt(p)), big.NewInt(p)).Int64()
		root := primitiveRoot(p)
		logarithm := make([]int64, p)
		logarithm[0] = -3 * p // a factor 0 makes the sum of both negative
		power := int64(1)
		var values []circuit.Int
		for t := range 2*(p-2) + 1 {
			if t < p-1 {
				logarithm[power] = t
			}
			e := new(big.Int).Mul(big.NewInt(power*inverse%p), rest)
			values = append(values, circuit.BigInt(e))
			power = power * root % p
		}
		logA := residueTable(b, x, p, func(r int64) int64 { return logarithm[r] })
		for j := 1; j <= n; j++ {
			logS := residueTable(b, y, p, func(r int64) int64 { return logarithm[series(j, r, p)] })
			decide := 2*p + 1
			d := b.Linear()
			d.Add(circuit.I(1), logA)
			d.Add(circuit.I(1), logS)
			d.Add(circuit.I(decide), sizes[j])
			sum := d.Sum()
			all := digit{values: values}
			for t := range len(values) {
				all.gates = append(all.gates, b.Threshold(sum, circuit.I(int64(t)+decide)))
			}
			digits = append(digits, all)
		}
		b.End()
	}
	// number returns V with what each residue adds reduced by a function.
	number := func(l *circuit.Linear, reduce func(v circuit.Int) circuit.Int) {
		for _, d := range digits {
			before := circuit.I(0)
			for t, g := range d.gates {
				v := reduce(d.values[t])
				l.AddLit(v.Sub(before), g)
				before = v
			}
		}
	}
	b.Begin("multiple")
	v := b.Linear()
	number(v, func(v circuit.Int) circuit.Int { return v })
	whole := v.Sum()
	m := circuit.BigInt(product)
	var over []circuit.Lit
	for r := 1; r < len(primes); r++ {
		over = append(over, b.Threshold(whole, m.Mul(circuit.I(int64(r)))))
	}
	b.End()
	b.Begin("quotient")
	defer b.End()
	bits := weightedBits(b, shift, shift+n, len(primes)+1, func(modulus circuit.Int) circuit.Sum {
		l := b.Linear()
		number(l, func(v circuit.Int) circuit.Int { return v.Mod(modulus) })
		before := circuit.I(0)
		for r, g := range over {
			now := m.Mul(circuit.I(int64(-1 - r))).Mod(modulus)
			l.AddLit(now.Sub(before), g)
			before = now
		}
		return l.Sum()
	}, zero)
	b.OutputPort("quotient", unsigned, bits...)
	return nil
}

// residueTable returns f(x mod p) as a sum of gates [Σ x_i·(2^i mod p) ≥ v]: one for
// each v at which f changes.
func residueTable(b *circuit.Builder, x []circuit.Lit, p int64, f func(r int64) int64) circuit.Sum {
	s := b.Linear()
	most := int64(0)
	for i, l := range x {
		w := pow(2, int64(i), p)
		s.AddLit(circuit.I(w), l)
		most += w
	}
	sum := s.Sum()
	out := b.Linear()
	last := f(0)
	out.AddConst(circuit.I(last))
	for v := int64(1); v <= most; v++ {
		if now := f(v % p); now != last {
			out.AddLit(circuit.I(now-last), b.Threshold(sum, circuit.I(v)))
			last = now
		}
	}
	return out.Sum()
}

// primesBeyond returns the first primes, so many that their product has more bits than
// asked for, and the product.
func primesBeyond(bits int) ([]int64, *big.Int) {
	var primes []int64
	product := big.NewInt(1)
	for p := int64(2); product.BitLen() <= bits; p++ {
		if big.NewInt(p).ProbablyPrime(0) { // exact below 2^64
			primes = append(primes, p)
			product.Mul(product, big.NewInt(p))
		}
	}
	return primes, product
}

// pow returns base^e mod p.
func pow(base, e, p int64) int64 {
	r := 1 % p
	for base %= p; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = r * base % p
		}
		base = base * base % p
	}
	return r
}

// primitiveRoot returns a generator of the non-zero residues modulo a prime.
func primitiveRoot(p int64) int64 {
	for g := int64(1); ; g++ {
		order, v := int64(1), g%p
		for v != 1 && order < p {
			v, order = v*g%p, order+1
		}
		if order == p-1 {
			return g
		}
	}
}
