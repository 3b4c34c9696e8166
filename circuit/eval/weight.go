package eval

import (
	"math/bits"

	"github.com/tc0lab/tc0/circuit"
)

// digit is a signed binary digit of a weight: 2^shift or −2^shift.
type digit struct {
	shift    int
	negative bool
}

// digitsOf returns w > 0 as a sum of as few signed binary digits as possible, the
// non-adjacent form, or in plain binary if that is as short.
func digitsOf(w circuit.Int) []digit {
	var plain, signed []digit
	carry := uint(0)
	for k := 0; k <= w.BitLen(); k++ {
		bit := w.Bit(k)
		if bit == 1 {
			plain = append(plain, digit{shift: k})
		}
		switch bit + carry {
		case 1:
			carry = w.Bit(k + 1) // 11 is 4 − 1
			signed = append(signed, digit{k, carry == 1})
		case 2:
			carry = 1
		default:
			carry = 0
		}
	}
	if len(plain) <= len(signed) {
		return plain
	}
	return signed
}

// oddPart returns w > 0 as odd·2^shift.
func oddPart(w circuit.Int) (odd circuit.Int, shift int) {
	if v, ok := w.Int64(); ok {
		shift = bits.TrailingZeros64(uint64(v))
		return circuit.I(v >> shift), shift
	}
	for w.Bit(shift) == 0 {
		shift++
	}
	return w.FloorDiv(circuit.Pow2(shift)), shift
}

// group holds the literals whose weights have the same odd part.
type group struct {
	odd circuit.Int
	columns
}

// collector gathers weighted literals into the planes of one sum.
type collector struct {
	asm    *assembler
	groups []group // the first has odd part 1
	small  map[int64]int
	large  map[string]int

	// base is what has to be added to the literals' total to get the sum's value,
	// and high is the greatest value of the sum.
	base, high circuit.Int
}

func newCollector(asm *assembler) *collector {
	return &collector{asm: asm, groups: []group{{odd: circuit.I(1)}}}
}

// add adds w where x is 1, for w ≠ 0.
func (a *collector) add(w circuit.Int, x lit) {
	if x == falseLit {
		return
	}
	positive := w.Sign() > 0
	if positive || x == trueLit {
		a.high = a.high.Add(w)
	}
	if x == trueLit {
		a.base = a.base.Add(w)
		return
	}
	if v, ok := w.Int64(); ok && (v == 1 || v == -1) {
		a.groups[0].add(0, x.notIf(!positive))
	} else {
		odd, shift := oddPart(w.Abs())
		a.group(odd).add(shift, x.notIf(!positive))
	}
	if !positive { // −w·x = w·¬x − w
		a.base = a.base.Add(w)
	}
}

func (a *collector) group(odd circuit.Int) *group {
	v, ok := odd.Int64()
	if ok && v == 1 {
		return &a.groups[0]
	}
	if a.small == nil {
		a.small, a.large = map[int64]int{}, map[string]int{}
	}
	var at int
	if ok {
		at = a.small[v]
	} else {
		at = a.large[odd.String()]
	}
	if at == 0 {
		at = len(a.groups)
		a.groups = append(a.groups, group{odd: odd})
		if ok {
			a.small[v] = at
		} else {
			a.large[odd.String()] = at
		}
	}
	return &a.groups[at]
}

// addNumber adds w times the number with the given planes and base.
func (a *collector) addNumber(w circuit.Int, n number) {
	for k, x := range n.planes {
		if x != falseLit {
			a.add(w.Mul(circuit.Pow2(k)), x)
		}
	}
	owed := w.Mul(n.base)
	a.base, a.high = a.base.Add(owed), a.high.Add(owed)
}

// number is the value of a sum as planes: base + Σ 2^k·planes[k]. Either all planes
// are there, and the total of the planes is exact, or only the low ones.
type number struct {
	planes []lit
	base   circuit.Int
}

// number emits the adders and returns the sum. If it is known to be at most high,
// that may save planes; if low ≥ 0, the caller needs no more than the low planes.
func (a *collector) number(high circuit.Int, low int) number {
	main := a.groups[0].columns
	for _, g := range a.groups[1:] {
		a.multiply(&main, g)
	}
	width := a.high.Min(high).Sub(a.base).BitLen()
	if low >= 0 {
		width = min(width, low)
	}
	return number{a.asm.reduce(main, width), a.base}
}

// multiply adds the literals of g times its odd part to the main columns. They are
// counted first if that makes fewer of them.
func (a *collector) multiply(main *columns, g group) {
	digits := digitsOf(g.odd)
	total := circuit.Int{}
	for k, c := range g.columns {
		total = total.Add(circuit.Pow2(k).Mul(circuit.I(int64(len(c[0]) + len(c[1])))))
	}
	width := total.BitLen()
	if count := g.count(); len(digits) >= 2 && count >= width+2 {
		planes := a.asm.reduce(g.columns, width)
		g.columns = nil
		for k, x := range planes {
			if x != falseLit {
				g.add(k, x)
			}
		}
	}
	for k, c := range g.columns {
		for _, d := range digits {
			n := 0
			for p := range c {
				for _, x := range c[p] {
					main.add(k+d.shift, x.notIf(d.negative))
					n++
				}
			}
			if d.negative && n > 0 {
				a.base = a.base.Sub(circuit.Pow2(k + d.shift).Mul(circuit.I(int64(n))))
			}
		}
	}
}
