package problem

import (
	"math/big"

	"github.com/tc0lab/tc0/circuit"
)

// series is the power series of a division of n bits; see division.
type series struct {
	n, length, shift int // n, L and K
	primes           []int64
	product          *big.Int // of the primes
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
func (s *series) cofactor(p int64) (rest *big.Int, inverse int64) {
	m := big.NewInt(p)
	rest = new(big.Int).Div(s.product, m)
	return rest, new(big.Int).ModInverse(new(big.Int).Mod(rest, m), m).Int64()
}

// ofSize returns a sum that is 1 if 2^(j−1) ≤ b < 2^j, and else at most 0.
func ofSize(b *circuit.Builder, y []circuit.Lit, j int) circuit.Sum {
	s := b.Linear()
	s.AddLit(circuit.I(1), y[j-1])
	for _, l := range y[j:] {
		s.AddLit(circuit.I(-1), l)
	}
	return s.Sum()
}

// residue is a number e in 0..p − 1, which stands for e·rest: the sum over gates that are
// on, in order within each list, of what e changes by.
type residue struct {
	p     int64
	rest  *big.Int
	lists []staircase
}

// staircase are gates each of which is on if the one after it is; with the last one on that
// is on, e is its value, and 0 if none is.
type staircase struct {
	gates  []circuit.Lit
	values []int64
}

// add adds f(e) to a sum, with f(0) = 0.
func (r *residue) add(l *circuit.Linear, f func(e int64) circuit.Int) {
	for _, list := range r.lists {
		before := circuit.I(0)
		for t, g := range list.gates {
			now := f(list.values[t])
			l.AddLit(now.Sub(before), g)
			before = now
		}
	}
}

// weight returns e·rest.
func (r *residue) weight(e int64) circuit.Int {
	return circuit.BigInt(new(big.Int).Mul(big.NewInt(e), r.rest))
}

// fromLogarithms returns one residue for each prime, in two levels: the discrete logarithms
// of a and of S + δ are sums of gates [Σ x_i·(2^i mod p) ≥ v], and gates on the sum of both
// tell the residue of the product. The size of b comes with a weight that decides.
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
			d := b.Linear()
			d.Add(circuit.I(1), logA)
			d.Add(circuit.I(1), residueTable(b, y, p, func(r int64) int64 { return table[r] }))
			d.Add(circuit.I(decide), ofSize(b, y, j))
			sum := d.Sum()
			list := staircase{values: values}
			for t := range len(values) {
				list.gates = append(list.gates, b.Threshold(sum, circuit.I(int64(t)+decide)))
			}
			e.lists = append(e.lists, list)
		}
		all = append(all, e)
	}
	return all
}

// fromBits returns a residue for each prime and each bit of a, in one level: gates
// [Σ b_l·(2^l mod p) ≥ v], with a_i and the size of b as weights that decide, tell that of
// a_i·2^i·(S + δ).
func (s *series) fromBits(b *circuit.Builder, x, y []circuit.Lit) []residue {
	var all []residue
	for _, p := range s.primes {
		rest, inverse := s.cofactor(p)
		for i := range x {
			e := residue{p: p, rest: rest}
			for j := 1; j <= s.n; j++ {
				low := b.Linear()
				most := int64(0)
				for l, lit := range y[:j] {
					w := pow(2, int64(l), p)
					low.AddLit(circuit.I(w), lit)
					most += w
				}
				decide := most + 1
				low.AddLit(circuit.I(decide), x[i])
				low.Add(circuit.I(decide), ofSize(b, y, j))
				sum := low.Sum()
				factor := pow(2, int64(i), p) * inverse % p
				var list staircase
				last := int64(0)
				for v := int64(0); v <= most; v++ {
					if now := factor * s.at(j, v%p, p) % p; now != last {
						list.gates = append(list.gates, b.Threshold(sum, circuit.I(2*decide+v)))
						list.values = append(list.values, now)
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
		all[i].add(l, func(e int64) circuit.Int { return f(&all[i], e) })
	}
	return l.Sum()
}

// quotient returns the bits K to K + n − 1 of V − r·M, in three levels: r is the number of
// gates [V ≥ m·M] that are on, and see weightedBits.
func (s *series) quotient(b *circuit.Builder, all []residue, zero circuit.Lit) []circuit.Lit {
	m := circuit.BigInt(s.product)
	whole := total(b, all, func(r *residue, e int64) circuit.Int { return r.weight(e) })
	var over []circuit.Lit
	for r := 1; r < len(all); r++ {
		over = append(over, b.Threshold(whole, m.Mul(circuit.I(int64(r)))))
	}
	return weightedBits(b, s.shift, s.shift+s.n, len(all)+1, func(modulus circuit.Int) circuit.Sum {
		l := b.Linear()
		l.Add(circuit.I(1), total(b, all, func(r *residue, e int64) circuit.Int { return r.weight(e).Mod(modulus) }))
		before := circuit.I(0)
		for r, g := range over {
			now := m.Mul(circuit.I(int64(-1 - r))).Mod(modulus)
			l.AddLit(now.Sub(before), g)
			before = now
		}
		return l.Sum()
	}, zero)
}

// flatQuotient is quotient in two levels, with the number r of multiples of M and the bit
// read from one integer. With R residues and D = 2·R,
//
//	s = Σ ⌈D·e/p⌉,
//
// is at least D·V/M and less than that + R, and the product M is more than twice what it
// has to hold, so that r = ⌊s/D⌋. With W = Σ (e·M/p mod 2^(k+1)) < N = R·2^(k+1), both are
// known from T = N·s + W, and so is bit k of W − r·M: the gates [T ≥ v] at the v where it
// changes, at most 2·(R + 1) for each s, make an alternating sum.
func (s *series) flatQuotient(b *circuit.Builder, all []residue, zero circuit.Lit) []circuit.Lit {
	count := int64(len(all))
	d := 2 * count
	scaled := total(b, all, func(r *residue, e int64) circuit.Int { return circuit.I((d*e + r.p - 1) / r.p) })
	most := int64(0)
	for _, r := range all {
		most += (d*(r.p-1) + r.p - 1) / r.p
	}
	var out []circuit.Lit
	for k := s.shift; k < s.shift+s.n; k++ {
		modulus := new(big.Int).Lsh(big.NewInt(1), uint(k+1))
		half := new(big.Int).Rsh(modulus, 1)
		reduced := circuit.BigInt(modulus)
		n := new(big.Int).Mul(modulus, big.NewInt(count))
		t := b.Linear()
		t.Add(circuit.BigInt(n), scaled)
		t.Add(circuit.I(1), total(b, all, func(r *residue, e int64) circuit.Int { return r.weight(e).Mod(reduced) }))
		at := t.Sum()
		bits := b.Linear()
		last := int64(0)
		add := func(v *big.Int, bit int64) {
			if bit != last {
				bits.AddLit(circuit.I(bit-last), b.Threshold(at, circuit.BigInt(v)))
				last = bit
			}
		}
		for v := range most + 1 {
			base := new(big.Int).Mul(n, big.NewInt(v))
			// Where W − r·M is a multiple of 2^k, from W = 0 on.
			multiple := new(big.Int).Mul(s.product, big.NewInt(v/d))
			left := new(big.Int).Mod(new(big.Int).Neg(multiple), modulus) // W − r·M at W = 0
			add(base, int64(left.Bit(k)))
			next := new(big.Int).Sub(half, new(big.Int).Mod(left, half))
			for bit := int64(1 - left.Bit(k)); next.Cmp(n) < 0; bit = 1 - bit {
				add(new(big.Int).Add(base, next), bit)
				next.Add(next, half)
			}
		}
		bits.AddLit(circuit.I(1), zero)
		out = append(out, b.Threshold(bits.Sum(), circuit.I(1)))
	}
	return out
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
