package problem

import (
	"math/big"

	"github.com/tc0lab/tc0/circuit"
)

// series is the power series of a division of n bits; see division.
type series struct {
	n, length, shift int // n, L and K
	primes           []int64
	product          circuit.Int // of the primes
}

func newSeries(n int) *series {
	s := &series{n: n, length: n + 1, shift: n * (n + 1)}
	s.primes, s.product = primesBeyond(s.shift + n + 1)
	return s
}

// at returns the residue of S_j + δ_j modulo p for a b with the residue given.
func (s *series) at(j int, b, p int64) int64 {
	two := func(e int) int64 { return pow(2, int64(e), p) }
	u := (two(j) - b + p) % p
	total, power := two(s.shift-s.length-j+1), int64(1)
	for i := range s.length {
		total = (total + power*two(s.shift-j*(i+1))) % p
		power = power * u % p
	}
	return total
}

// cofactor returns M/p and its inverse modulo p.
func (s *series) cofactor(p int64) (rest circuit.Int, inverse int64) {
	rest = s.product.FloorDiv(whole(p))
	r, _ := rest.Mod(whole(p)).Int64()
	return rest, pow(r, p-2, p) // Fermat's little theorem
}

// ofSize returns a sum that is 1 if 2^(j−1) ≤ b < 2^j, and else at most 0.
func ofSize(b *circuit.Builder, y []circuit.Lit, j int) circuit.Sum {
	s := b.Linear()
	s.AddLit(whole(1), y[j-1])
	for _, l := range y[j:] {
		s.AddLit(whole(-1), l)
	}
	return s.Sum()
}

// residue is a number e in 0..p − 1, as a sum of staircases. It stands for e·rest.
type residue struct {
	p     int64
	rest  circuit.Int
	lists []staircase
}

// staircase is a list of gates. If a gate is on, all gates before it are on. The value of the last
// gate that is on is e. If all gates are off, e is 0.
type staircase struct {
	gates  []circuit.Lit
	values []int64
}

// add adds f(e) to a sum, with f(0) = 0.
func (c *staircase) add(l *circuit.Linear, f func(e int64) circuit.Int) {
	before := whole(0)
	for t, g := range c.gates {
		now := f(c.values[t])
		l.AddLit(now.Sub(before), g)
		before = now
	}
}

// append appends a gate and its value.
func (c *staircase) append(gate circuit.Lit, value int64) {
	c.gates, c.values = append(c.gates, gate), append(c.values, value)
}

// fromLogarithms returns one residue for each prime, in two levels. The discrete logarithms of a
// and of S + δ are sums of gates [Σ x_i·(2^i mod p) ≥ v]. Gates on the sum of both give the residue
// of the product. The size of b has a weight that decides.
func (s *series) fromLogarithms(b *circuit.Builder, x, y []circuit.Lit) []residue {
	var all []residue
	for _, p := range s.primes {
		rest, inverse := s.cofactor(p)
		root := primitiveRoot(p)
		logarithm := make([]int64, p)
		logarithm[0] = -3 * p // a factor 0 makes the sum of both negative
		var values []int64
		power := int64(1)
		for t := range 2*(p-2) + 1 {
			if t < p-1 {
				logarithm[power] = t
			}
			values = append(values, power*inverse%p)
			power = power * root % p
		}
		logA := residueTable(b, x, p, func(r int64) int64 { return logarithm[r] })
		e := residue{p: p, rest: rest}
		for j := 1; j <= s.n; j++ {
			table := make([]int64, p)
			for r := range p {
				table[r] = logarithm[s.at(j, r, p)]
			}
			decide := 2*p + 1
			logB := residueTable(b, y, p, func(r int64) int64 { return table[r] })
			sum := plus(b, logA, logB, ofSize(b, y, j).Times(whole(decide)))
			var list staircase
			for t, v := range values {
				list.append(atLeast(b, sum, int64(t)+decide), v)
			}
			e.lists = append(e.lists, list)
		}
		all = append(all, e)
	}
	return all
}

// fromBits returns a residue for each prime and each bit of a, in one level. The gates [Σ b_l·(2^l
// mod p) ≥ v] give the residue of a_i·2^i·(S + δ). In them a_i and the size of b have weights that
// decide.
func (s *series) fromBits(b *circuit.Builder, x, y []circuit.Lit) []residue {
	var all []residue
	for _, p := range s.primes {
		rest, inverse := s.cofactor(p)
		for i := range x {
			e := residue{p: p, rest: rest}
			for j := 1; j <= s.n; j++ {
				low, most := modulo(b, y[:j], p)
				decide := most + 1
				low.AddLit(whole(decide), x[i])
				low.Add(whole(decide), ofSize(b, y, j))
				sum := low.Sum()
				factor := pow(2, int64(i), p) * inverse % p
				var list staircase
				last := int64(0)
				for v := range decide {
					if now := factor * s.at(j, v%p, p) % p; now != last {
						list.append(atLeast(b, sum, 2*decide+v), now)
						last = now
					}
				}
				e.lists = append(e.lists, list)
			}
			all = append(all, e)
		}
	}
	return all
}

// total returns Σ f(e) over residues.
func total(b *circuit.Builder, all []residue, f func(r *residue, e int64) circuit.Int) circuit.Sum {
	l := b.Linear()
	for i := range all {
		r := &all[i]
		for k := range r.lists {
			r.lists[k].add(l, func(e int64) circuit.Int { return f(r, e) })
		}
	}
	return l.Sum()
}

// reduced returns Σ (e·rest mod modulus) over residues.
func reduced(b *circuit.Builder, all []residue, modulus circuit.Int) circuit.Sum {
	return total(b, all, func(r *residue, e int64) circuit.Int { return r.rest.Mul(whole(e)).Mod(modulus) })
}

// quotient returns the bits K to K + n − 1 of V − r·M, in three levels. Here r is the number of
// gates [V ≥ m·M] that are on. See also weightedBits.
func (s *series) quotient(b *circuit.Builder, all []residue, zero circuit.Lit) []circuit.Lit {
	sum := total(b, all, func(r *residue, e int64) circuit.Int { return r.rest.Mul(whole(e)) })
	var over staircase
	for r := range int64(len(all) - 1) {
		over.append(b.Threshold(sum, s.product.Mul(whole(r+1))), -1-r)
	}
	return weightedBits(b, s.shift, s.shift+s.n, len(all)+1, func(modulus circuit.Int) circuit.Sum {
		l := b.Linear()
		l.Add(whole(1), reduced(b, all, modulus))
		over.add(l, func(r int64) circuit.Int { return s.product.Mul(whole(r)).Mod(modulus) })
		return l.Sum()
	}, zero)
}

// flatQuotient is quotient in two levels, with the number r of multiples of M and the bit
// read from one integer. With R residues and D = 2·R,
//
//	s = Σ ⌈D·e/p⌉,
//
// is at least D·V/M and less than D·V/M + R. The product M is more than twice as large as it must
// be, so r = ⌊s/D⌋. Let W = Σ (e·M/p mod 2^(k+1)) < N = R·2^(k+1). Then T = N·s + W gives both s
// and W, and so it gives bit k of W − r·M. The gates [T ≥ v] stand at the v where this bit changes,
// at most 2·(R + 1) for each s. They make an alternating sum.
func (s *series) flatQuotient(b *circuit.Builder, all []residue, zero circuit.Lit) []circuit.Lit {
	count := int64(len(all))
	d := 2 * count
	part := func(r *residue, e int64) int64 { return (d*e + r.p - 1) / r.p }
	scaled := total(b, all, func(r *residue, e int64) circuit.Int { return whole(part(r, e)) })
	most := int64(0)
	for i := range all {
		most += part(&all[i], all[i].p-1)
	}
	var out []circuit.Lit
	for k := s.shift; k < s.shift+s.n; k++ {
		half, modulus := circuit.Pow2(k), circuit.Pow2(k+1)
		n := modulus.Mul(whole(count))
		at := plus(b, scaled.Times(n), reduced(b, all, modulus))
		bits := b.Linear()
		last := int64(0)
		add := func(v circuit.Int, bit int64) {
			if bit != last {
				bits.AddLit(whole(bit-last), b.Threshold(at, v))
				last = bit
			}
		}
		for v := range most + 1 {
			base := n.Mul(whole(v))
			// The bit changes where W − r·M is a multiple of 2^k, from W = 0 on.
			left := s.product.Mul(whole(-(v / d))).Mod(modulus) // W − r·M at W = 0
			bit := int64(left.Bit(k))
			add(base, bit)
			for next := half.Sub(left.Mod(half)); next.Cmp(n) < 0; next = next.Add(half) {
				bit = 1 - bit
				add(base.Add(next), bit)
			}
		}
		bits.AddLit(whole(1), zero)
		out = append(out, atLeast(b, bits.Sum(), 1))
	}
	return out
}

// modulo returns Σ x_i·(2^i mod p), and the most that it can be.
func modulo(b *circuit.Builder, x []circuit.Lit, p int64) (s *circuit.Linear, most int64) {
	s = b.Linear()
	for i, l := range x {
		w := pow(2, int64(i), p)
		s.AddLit(whole(w), l)
		most += w
	}
	return s, most
}

// residueTable returns f(x mod p) as a sum of gates [Σ x_i·(2^i mod p) ≥ v].
func residueTable(b *circuit.Builder, x []circuit.Lit, p int64, f func(r int64) int64) circuit.Sum {
	s, most := modulo(b, x, p)
	return changing(b, s.Sum(), 0, most, func(v int64) int64 { return f(v % p) })
}

// primesBeyond returns the first primes and their product. It takes primes until the product has
// more than the given number of bits.
func primesBeyond(bits int) ([]int64, circuit.Int) {
	var primes []int64
	product := whole(1)
	for p := int64(2); product.BitLen() <= bits; p++ {
		if big.NewInt(p).ProbablyPrime(0) { // exact below 2^64
			primes = append(primes, p)
			product = product.Mul(whole(p))
		}
	}
	return primes, product
}

// pow returns base^e mod p.
func pow(base, e, p int64) int64 {
	return new(big.Int).Exp(big.NewInt(base), big.NewInt(e), big.NewInt(p)).Int64()
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
