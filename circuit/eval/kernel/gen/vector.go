package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// vector hides how wide the registers are: YMM of AVX2, or ZMM of AVX-512 with VPTERNLOG.
type vector struct {
	wide  bool
	words int // of a value
}

func (m vector) bytes() int {
	if m.wide {
		return 64
	}
	return 32
}

// parts is the number of registers that a value fills.
func (m vector) parts() int { return 8 * m.words / m.bytes() }

func (m vector) reg() reg.VecVirtual {
	if m.wide {
		return ZMM()
	}
	return YMM()
}

// at is a part of a value. The code has a sixteenth of the distance of values of 64·scale/4 bytes.
func (m vector) at(v, value reg.Register, part int) Mem {
	return Mem{Base: v, Index: value, Scale: uint8(m.words / 2), Disp: m.bytes() * part}
}

func (m vector) load(a Mem) reg.VecVirtual {
	r := m.reg()
	if m.wide {
		VMOVDQU64(a, r)
	} else {
		VMOVDQU(a, r)
	}
	return r
}

func (m vector) store(r reg.VecVirtual, a Mem) {
	if m.wide {
		VMOVDQU64(r, a)
	} else {
		VMOVDQU(r, a)
	}
}

func (m vector) zero() reg.VecVirtual {
	r := m.reg()
	if m.wide {
		VPXORQ(r, r, r)
	} else {
		VPXOR(r, r, r)
	}
	return r
}

func (m vector) ones() reg.VecVirtual {
	r := m.reg()
	if m.wide {
		VPTERNLOGQ(U8(0xff), r, r, r)
	} else {
		VPCMPEQD(r, r, r)
	}
	return r
}

// and, xor and or set to to its combination with x, a register or memory.
func (m vector) and(x Op, to reg.VecVirtual) {
	if m.wide {
		VPANDQ(x, to, to)
	} else {
		VPAND(x, to, to)
	}
}

func (m vector) xor(x Op, to reg.VecVirtual) {
	if m.wide {
		VPXORQ(x, to, to)
	} else {
		VPXOR(x, to, to)
	}
}

func (m vector) or(x Op, to reg.VecVirtual) {
	if m.wide {
		VPORQ(x, to, to)
	} else {
		VPOR(x, to, to)
	}
}

// andNot takes a value in memory out of to.
func (m vector) andNot(x Mem, to reg.VecVirtual) {
	if m.wide {
		VPTERNLOGQ(U8(0x40), x, to, to) // index 4·to + 2·to + x is 6
		return
	}
	y := m.load(x)
	VPANDN(to, y, to)
}

// adder sets s to the sum plane of s + a + b, and a to the carry, which it returns; b is lost.
func (m vector) adder(s, a, b reg.VecVirtual) reg.VecVirtual {
	if m.wide {
		VPTERNLOGQ(U8(0x96), b, a, s)
		VPTERNLOGQ(U8(0xD4), s, b, a) // the carry from a, b and the new sum
		return a
	}
	u := YMM() // of a and b alone, so that one operation waits for s
	VPXOR(a, b, u)
	VPAND(a, b, a)
	VPAND(s, u, b)
	VPXOR(s, u, s)
	VPOR(a, b, a)
	return a
}

// ifZero jumps where all bits of the registers are 0.
func (m vector) ifZero(r []reg.VecVirtual, label string) {
	any := r[0]
	if len(r) > 1 {
		any = m.reg()
		if m.wide {
			VPORQ(r[0], r[1], any)
		} else {
			VPOR(r[0], r[1], any)
		}
		for _, x := range r[2:] {
			m.or(x, any)
		}
	}
	if m.wide {
		k := K()
		VPTESTMQ(any, any, k)
		KORTESTW(k, k)
	} else {
		VPTEST(any, any)
	}
	JZ(LabelRef(label))
}
