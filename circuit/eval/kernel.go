package eval

import (
	"unsafe"

	"github.com/tc0lab/tc0/circuit"
)

// run computes all steps on the lanes of one tile. Every kernel reads a word of its
// operands before it writes that word of its results, so that a result may take the
// slot of an operand.
func (m *machine) run() {
	v, list := m.slots, m.p.list
	for i := range m.p.steps {
		s := &m.p.steps[i]
		switch s.op {
		case opNot:
			d, a := &v[s.d], &v[s.a]
			for w := range d {
				d[w] = ^a[w]
			}
		case opAnd:
			masked(&v[s.d], &v[s.a], &v[s.b], -uint64(s.n&1), -uint64(s.n>>1))
		case opXor:
			xor(&v[s.d], &v[s.a], &v[s.b])
		case opAndN:
			andN(v, &v[s.d], list[s.at:s.end], int(s.n))
		case opXorN:
			xorN(v, &v[s.d], list[s.at:s.end])
		case opHalf:
			half(&v[s.d], &v[s.e], &v[s.a], &v[s.b])
		case opFull:
			full(&v[s.d], &v[s.e], &v[s.a], &v[s.b], &v[list[s.at]])
		case opCount:
			count(v, list[s.at:s.end], int(s.n))
		case opAtLeast:
			atLeast(v, &v[s.d], list[s.at:s.end])
		case opMod:
			mod(v, &v[s.d], list[s.at:s.end], &m.p.mods[s.n])
		}
	}
}

// The loops below are written out, since the compiler does not unroll them.

func and(d, a, b *tile) {
	d[0], d[1], d[2], d[3] = a[0]&b[0], a[1]&b[1], a[2]&b[2], a[3]&b[3]
	d[4], d[5], d[6], d[7] = a[4]&b[4], a[5]&b[5], a[6]&b[6], a[7]&b[7]
}

// masked is a conjunction of operands that p and q complement.
func masked(d, a, b *tile, p, q uint64) {
	d[0], d[1], d[2], d[3] = (a[0]^p)&(b[0]^q), (a[1]^p)&(b[1]^q), (a[2]^p)&(b[2]^q), (a[3]^p)&(b[3]^q)
	d[4], d[5], d[6], d[7] = (a[4]^p)&(b[4]^q), (a[5]^p)&(b[5]^q), (a[6]^p)&(b[6]^q), (a[7]^p)&(b[7]^q)
}

func andNot(d, a, b *tile) {
	d[0], d[1], d[2], d[3] = a[0]&^b[0], a[1]&^b[1], a[2]&^b[2], a[3]&^b[3]
	d[4], d[5], d[6], d[7] = a[4]&^b[4], a[5]&^b[5], a[6]&^b[6], a[7]&^b[7]
}

func or(d, a, b *tile) {
	d[0], d[1], d[2], d[3] = a[0]|b[0], a[1]|b[1], a[2]|b[2], a[3]|b[3]
	d[4], d[5], d[6], d[7] = a[4]|b[4], a[5]|b[5], a[6]|b[6], a[7]|b[7]
}

func xor(d, a, b *tile) {
	d[0], d[1], d[2], d[3] = a[0]^b[0], a[1]^b[1], a[2]^b[2], a[3]^b[3]
	d[4], d[5], d[6], d[7] = a[4]^b[4], a[5]^b[5], a[6]^b[6], a[7]^b[7]
}

func half(sum, carry, a, b *tile) {
	for w := 0; w < tileWords; w += 4 {
		a0, a1, a2, a3 := a[w], a[w+1], a[w+2], a[w+3]
		b0, b1, b2, b3 := b[w], b[w+1], b[w+2], b[w+3]
		sum[w], sum[w+1], sum[w+2], sum[w+3] = a0^b0, a1^b1, a2^b2, a3^b3
		carry[w], carry[w+1], carry[w+2], carry[w+3] = a0&b0, a1&b1, a2&b2, a3&b3
	}
}

func full(sum, carry, a, b, c *tile) {
	for w := 0; w < tileWords; w += 2 {
		x0, y0, z0 := a[w], b[w], c[w]
		x1, y1, z1 := a[w+1], b[w+1], c[w+1]
		u0, u1 := x0^y0, x1^y1
		sum[w], sum[w+1] = u0^z0, u1^z1
		carry[w], carry[w+1] = x0&y0|u0&z0, x1&y1|u1&z1
	}
}

// decided is how many operands of a wide gate are read between looks whether all
// lanes are decided.
const decided = 16

// andN computes a conjunction of n operands and the complements of the rest. It
// stops when every lane is 0.
func andN(v []tile, d *tile, list []uint32, n int) {
	var r tile
	for w := range r {
		r[w] = ^uint64(0)
	}
	for i, x := range list {
		if i < n {
			and(&r, &r, &v[x])
		} else {
			andNot(&r, &r, &v[x])
		}
		if i%decided == decided-1 && r == (tile{}) {
			break
		}
	}
	*d = r
}

func xorN(v []tile, d *tile, list []uint32) {
	var r tile
	for _, x := range list {
		xor(&r, &r, &v[x])
	}
	*d = r
}

// count adds 8·n operands of weight 1. It keeps the counts of weight 1, 2 and 4 in
// registers, word by word, and stores one carry of weight 8 for each eight operands:
// seven full adders of five operations, eight loads and one store.
//
// Source: the carry-save tree of Harley and Seal (Warren, Hacker's Delight, 2nd
// edition, section 5-1).
func count(v []tile, list []uint32, n int) {
	base := unsafe.Pointer(unsafe.SliceData(v))
	in, planes, carries := list[:8*n], list[8*n:8*n+3], list[8*n+3:]
	for w := range uintptr(tileWords) {
		word := unsafe.Add(base, 8*w)
		var s1, s2, s4 uint64
		for block := range carries {
			x := in[8*block : 8*block+8 : 8*block+8]
			x0, x1, x2, x3 := load(word, x[0]), load(word, x[1]), load(word, x[2]), load(word, x[3])
			// Two at a time into the ones, two carries of weight 2 at a time into the
			// twos, and so on.
			u := s1 ^ x0
			t := u ^ x1
			c0 := s1&x0 | u&x1
			u = t ^ x2
			s1 = u ^ x3
			c1 := t&x2 | u&x3
			u = s2 ^ c0
			t2 := u ^ c1
			f0 := s2&c0 | u&c1
			x0, x1, x2, x3 = load(word, x[4]), load(word, x[5]), load(word, x[6]), load(word, x[7])
			u = s1 ^ x0
			t = u ^ x1
			c0 = s1&x0 | u&x1
			u = t ^ x2
			s1 = u ^ x3
			c1 = t&x2 | u&x3
			u = t2 ^ c0
			s2 = u ^ c1
			f1 := t2&c0 | u&c1
			u = s4 ^ f0
			carry := s4&f0 | u&f1
			s4 = u ^ f1
			store(word, carries[block], carry)
		}
		store(word, planes[0], s1)
		store(word, planes[1], s2)
		store(word, planes[2], s4)
	}
}

// load and store reach the same word of any slot; the slots of a plan are in range,
// since the allocator counted them.
func load(word unsafe.Pointer, slot uint32) uint64 {
	return *(*uint64)(unsafe.Add(word, uintptr(slot)*unsafe.Sizeof(tile{})))
}

func store(word unsafe.Pointer, slot uint32, x uint64) {
	*(*uint64)(unsafe.Add(word, uintptr(slot)*unsafe.Sizeof(tile{}))) = x
}

// atLeast compares planes with a constant, from the low bit up, whose lowest bit is 1.
func atLeast(v []tile, d *tile, list []uint32) {
	r := v[list[0]>>1]
	for _, x := range list[1:] {
		if x&1 != 0 {
			and(&r, &r, &v[x>>1])
		} else {
			or(&r, &r, &v[x>>1])
		}
	}
	*d = r
}

// mod tells whether the number with the given planes, low first, is congruent to a
// residue. It goes from the high plane down, doubling the residue and taking m away
// where it is reached.
func mod(v []tile, d *tile, planes []uint32, m *circuit.Modulus) {
	width := 0
	for 1<<width < 2*m.M {
		width++
	}
	for w := range tileWords {
		var r [18]uint64 // 2·m is at most 2^17
		for k := len(planes) - 1; k >= 0; k-- {
			copy(r[1:width], r[:width-1])
			r[0] = v[planes[k]][w]
			// borrow ends as 1 where r < m.
			var less [18]uint64
			borrow := uint64(0)
			for b := range width {
				t := -uint64(m.M >> b & 1)
				less[b] = r[b] ^ t ^ borrow
				borrow = ^r[b]&t | ^(r[b]^t)&borrow
			}
			for b := range width {
				r[b] = r[b]&borrow | less[b]&^borrow
			}
		}
		hit := uint64(0)
		for _, residue := range m.Residues {
			equal := ^uint64(0)
			for b := range width {
				equal &= r[b] ^ ^-uint64(residue>>b&1)
			}
			hit |= equal
		}
		d[w] = hit
	}
}
