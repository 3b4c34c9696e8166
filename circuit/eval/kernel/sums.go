package kernel

import "unsafe"

func half(v values, list []uint32) {
	for ; len(list) > 0; list = list[4:] {
		a, b, sum, carry := v.at(list[0]), v.at(list[1]), v.at(list[2]), v.at(list[3])
		for w := 0; w < Words; w += 4 {
			a0, a1, a2, a3 := a[w], a[w+1], a[w+2], a[w+3]
			b0, b1, b2, b3 := b[w], b[w+1], b[w+2], b[w+3]
			sum[w], sum[w+1], sum[w+2], sum[w+3] = a0^b0, a1^b1, a2^b2, a3^b3
			carry[w], carry[w+1], carry[w+2], carry[w+3] = a0&b0, a1&b1, a2&b2, a3&b3
		}
	}
}

func full(v values, list []uint32) {
	for i := 0; i < len(list); i += 5 {
		a, b, c, sum, carry := v.at(list[i]), v.at(list[i+1]), v.at(list[i+2]), v.at(list[i+3]), v.at(list[i+4])
		for w := 0; w < Words; w += 2 {
			x0, y0, z0 := a[w], b[w], c[w]
			x1, y1, z1 := a[w+1], b[w+1], c[w+1]
			u0, u1 := x0^y0, x1^y1
			sum[w], sum[w+1] = u0^z0, u1^z1
			carry[w], carry[w+1] = x0&y0|u0&z0, x1&y1|u1&z1
		}
	}
}

// adder returns the planes of a + b + c.
func adder(a, b, c uint64) (sum, carry uint64) {
	u := a ^ b
	return u ^ c, a&b | u&c
}

func five(v values, list []uint32) {
	for ; len(list) > 0; list = list[8:] {
		a, b, c, d, e := v.at(list[0]), v.at(list[1]), v.at(list[2]), v.at(list[3]), v.at(list[4])
		sum, carry, other := v.at(list[5]), v.at(list[6]), v.at(list[7])
		for w := range Words {
			s, x := adder(a[w], b[w], c[w])
			s, y := adder(s, d[w], e[w])
			sum[w], carry[w], other[w] = s, x, y
		}
	}
}

func seven(v values, list []uint32) {
	for ; len(list) > 0; list = list[10:] {
		a, b, c, d := v.at(list[0]), v.at(list[1]), v.at(list[2]), v.at(list[3])
		e, f, g := v.at(list[4]), v.at(list[5]), v.at(list[6])
		one, two, four := v.at(list[7]), v.at(list[8]), v.at(list[9])
		for w := range Words {
			s, x := adder(a[w], b[w], c[w])
			s, y := adder(s, d[w], e[w])
			s, z := adder(s, f[w], g[w])
			one[w] = s
			two[w], four[w] = adder(x, y, z)
		}
	}
}

func fifteen(v values, list []uint32) {
	for ; len(list) > 0; list = list[19:] {
		for w := range uintptr(Words) {
			word := unsafe.Add(v.base, 8*w)
			s, x := adder(load(word, list[0]), load(word, list[1]), load(word, list[2]))
			s, y := adder(s, load(word, list[3]), load(word, list[4]))
			s, z := adder(s, load(word, list[5]), load(word, list[6]))
			t, f := adder(x, y, z)
			s, x = adder(s, load(word, list[7]), load(word, list[8]))
			s, y = adder(s, load(word, list[9]), load(word, list[10]))
			t, g := adder(t, x, y)
			s, x = adder(s, load(word, list[11]), load(word, list[12]))
			s, y = adder(s, load(word, list[13]), load(word, list[14]))
			t, h := adder(t, x, y)
			u, r := adder(f, g, h)
			store(word, list[15], s)
			store(word, list[16], t)
			store(word, list[17], u)
			store(word, list[18], r)
		}
	}
}

// eights counts n blocks of 8 operands. It keeps the counts of weight 1, 2 and 4 in
// registers, word by word, and stores one carry of weight 8 for each eight operands:
// seven full adders of five operations, eight loads and one store.
//
// Source: the carry-save tree of Harley and Seal (Warren, Hacker's Delight, 2nd
// edition, section 5-1).
func eights(v values, n int, list []uint32) {
	planes := list[9*n:]
	for w := range uintptr(Words) {
		word := unsafe.Add(v.base, 8*w)
		var s1, s2, s4 uint64
		for block := range n {
			x := list[9*block : 9*block+9 : 9*block+9]
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
			store(word, x[8], carry)
		}
		store(word, planes[0], s1)
		store(word, planes[1], s2)
		store(word, planes[2], s4)
	}
}

// blocks counts n blocks of 2^levels operands. Plans for the portable kernel have blocks of 8 only.
func blocks(v values, n, levels int, list []uint32) {
	size := 1 << levels
	for w := range uintptr(Words) {
		word := unsafe.Add(v.base, 8*w)
		var planes, waiting [8]uint64
		for block := range n {
			x := list[block*(size+1):][:size+1]
			var carry uint64
			for pair := 1; pair <= size/2; pair++ {
				planes[0], carry = adder(planes[0], load(word, x[2*pair-2]), load(word, x[2*pair-1]))
				level := 1
				for rest := pair; rest&1 == 0; rest >>= 1 { // two carries of that weight are there
					planes[level], carry = adder(planes[level], waiting[level], carry)
					level++
				}
				waiting[level] = carry
			}
			store(word, x[size], carry)
		}
		for i, name := range list[n*(size+1):] {
			store(word, name, planes[i])
		}
	}
}

// load and store reach the same word of any value.
func load(word unsafe.Pointer, name uint32) uint64 {
	return *(*uint64)(unsafe.Add(word, uintptr(name)*(unsafe.Sizeof(value{})/Unit)))
}

func store(word unsafe.Pointer, name uint32, x uint64) {
	*(*uint64)(unsafe.Add(word, uintptr(name)*(unsafe.Sizeof(value{})/Unit))) = x
}
