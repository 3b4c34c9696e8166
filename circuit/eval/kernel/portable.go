package kernel

import "unsafe"

// value is a value on the lanes of a tile.
type value = [Words]uint64

// values are all values that code can name.
type values struct{ base unsafe.Pointer }

func (v values) at(name uint32) *value {
	return (*value)(unsafe.Add(v.base, uintptr(name)*(unsafe.Sizeof(value{})/Unit)))
}

// portable is the kernel in Go.
func portable(v []uint64, code []uint32) {
	at := values{unsafe.Pointer(unsafe.SliceData(v))}
	for {
		op, n := code[0]&0xff, int(code[0]>>8)
		if n == 0 {
			return
		}
		code = code[1:]
		size := length(op, n, code)
		list := code[:size]
		code = code[size:]
		switch op {
		case Not:
			not(at, list)
		case Half:
			half(at, list)
		case Full:
			full(at, list)
		case Five:
			five(at, list)
		case Seven:
			seven(at, list)
		case Fifteen:
			fifteen(at, list)
		case Eights:
			eights(at, n, list)
		case Sixteens:
			blocks(at, n, 4, list)
		case SixtyFours:
			blocks(at, n, 6, list)
		case AtLeast:
			atLeast(at, list)
		case AndN:
			andN(at, list)
		case XorN:
			xorN(at, list)
		default:
			logic(at, op, n, list)
		}
	}
}

// length is the number of words that belong to a header.
func length(op uint32, n int, code []uint32) int {
	switch op {
	case Not:
		return 2 * n
	case Half:
		return 4 * n
	case Full:
		return 5 * n
	case Five:
		return 8 * n
	case Seven:
		return 10 * n
	case Fifteen:
		return 19 * n
	case Eights:
		return 9*n + 3
	case Sixteens:
		return 17*n + 4
	case SixtyFours:
		return 65*n + 6
	case AtLeast:
		return 2 + n
	case AndN:
		return 3 + int(code[1]) + int(code[2])
	case XorN:
		return 1 + n
	}
	if op < Pairs {
		return 3 * n
	}
	return 4 * n
}

func not(v values, list []uint32) {
	for i := 0; i < len(list); i += 2 {
		a, d := v.at(list[i]), v.at(list[i+1])
		for w := range d {
			d[w] = ^a[w]
		}
	}
}

// The loops below are written out, since the compiler does not unroll them.

func and(d, a, b *value) {
	d[0], d[1], d[2], d[3] = a[0]&b[0], a[1]&b[1], a[2]&b[2], a[3]&b[3]
	d[4], d[5], d[6], d[7] = a[4]&b[4], a[5]&b[5], a[6]&b[6], a[7]&b[7]
}

func andNot(d, a, b *value) {
	d[0], d[1], d[2], d[3] = a[0]&^b[0], a[1]&^b[1], a[2]&^b[2], a[3]&^b[3]
	d[4], d[5], d[6], d[7] = a[4]&^b[4], a[5]&^b[5], a[6]&^b[6], a[7]&^b[7]
}

func or(d, a, b *value) {
	d[0], d[1], d[2], d[3] = a[0]|b[0], a[1]|b[1], a[2]|b[2], a[3]|b[3]
	d[4], d[5], d[6], d[7] = a[4]|b[4], a[5]|b[5], a[6]|b[6], a[7]|b[7]
}

func xor(d, a, b *value) {
	d[0], d[1], d[2], d[3] = a[0]^b[0], a[1]^b[1], a[2]^b[2], a[3]^b[3]
	d[4], d[5], d[6], d[7] = a[4]^b[4], a[5]^b[5], a[6]^b[6], a[7]^b[7]
}

// decided is how many operands of a wide gate are read between looks whether all
// lanes are decided.
const decided = 16

// andN stops when every lane is 0.
func andN(v values, list []uint32) {
	var r value
	for w := range r {
		r[w] = ^uint64(0)
	}
	positive := int(list[1])
	for i, x := range list[3:] {
		if i < positive {
			and(&r, &r, v.at(x))
		} else {
			andNot(&r, &r, v.at(x))
		}
		if i%decided == decided-1 && r == (value{}) {
			break
		}
	}
	*v.at(list[0]) = r
}

func xorN(v values, list []uint32) {
	var r value
	for _, x := range list[1:] {
		xor(&r, &r, v.at(x))
	}
	*v.at(list[0]) = r
}

// atLeast compares planes with a constant, from the low bit up, whose lowest bit is 1.
func atLeast(v values, list []uint32) {
	r := *v.at(list[1])
	for _, x := range list[2:] {
		if x&1 != 0 {
			and(&r, &r, v.at(x&^1))
		} else {
			or(&r, &r, v.at(x))
		}
	}
	*v.at(list[0]) = r
}
