package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func (k *kernel) half() {
	Label("Half")
	w := k.words(4)
	k.skip(4)
	for p := range k.parts() {
		x, y := k.load(k.at(k.v, w[0], p)), k.load(k.at(k.v, w[1], p))
		sum := k.reg()
		if k.wide {
			VPXORQ(x, y, sum)
		} else {
			VPXOR(x, y, sum)
		}
		k.and(x, y)
		k.store(sum, k.at(k.v, w[2], p))
		k.store(y, k.at(k.v, w[3], p))
	}
	k.again("Half")
}

func (k *kernel) full() {
	Label("Full")
	w := k.words(5)
	k.skip(5)
	for p := range k.parts() {
		s, x, y := k.load(k.at(k.v, w[0], p)), k.load(k.at(k.v, w[1], p)), k.load(k.at(k.v, w[2], p))
		carry := k.adder(s, x, y)
		k.store(s, k.at(k.v, w[3], p))
		k.store(carry, k.at(k.v, w[4], p))
	}
	k.again("Full")
}

// counter makes a count of a fixed number of operands. Its adders take the operands by number.
func (k *kernel) counter(label string, operands, results int, add func(in func(int) reg.VecVirtual) []reg.VecVirtual) {
	Label(label)
	for p := range k.parts() {
		in := func(i int) reg.VecVirtual { return k.load(k.at(k.v, k.word(i), p)) }
		for i, r := range add(in) {
			k.store(r, k.at(k.v, k.word(operands+i), p))
		}
	}
	k.skip(operands + results)
	k.again(label)
}

// five: 5 operands, their sum and two carries.
func (k *kernel) five() {
	k.counter("Five", 5, 3, func(in func(int) reg.VecVirtual) []reg.VecVirtual {
		s := in(0)
		a := k.adder(s, in(1), in(2))
		b := k.adder(s, in(3), in(4))
		return []reg.VecVirtual{s, a, b}
	})
}

// seven: 7 operands, planes of weight 1, 2, 4.
func (k *kernel) seven() {
	k.counter("Seven", 7, 3, func(in func(int) reg.VecVirtual) []reg.VecVirtual {
		s := in(0)
		a := k.adder(s, in(1), in(2))
		b := k.adder(s, in(3), in(4))
		c := k.adder(a, b, k.adder(s, in(5), in(6)))
		return []reg.VecVirtual{s, a, c}
	})
}

// fifteen: 15 operands, planes of weight 1, 2, 4, 8.
func (k *kernel) fifteen() {
	k.counter("Fifteen", 15, 4, func(in func(int) reg.VecVirtual) []reg.VecVirtual {
		s := in(0)
		t := k.adder(s, in(1), in(2))
		u := k.adder(t, k.adder(s, in(3), in(4)), k.adder(s, in(5), in(6)))
		b := k.adder(t, k.adder(s, in(7), in(8)), k.adder(s, in(9), in(10)))
		c := k.adder(t, k.adder(s, in(11), in(12)), k.adder(s, in(13), in(14)))
		return []reg.VecVirtual{s, t, u, k.adder(u, b, c)}
	})
}

// blocks counts n blocks of 2^levels operands: each with the carry that it hands on, then the planes. The parts of
// a value are the outer loop, so that the planes stay in registers.
func (k *kernel) blocks(label string, levels int) {
	Label(label)
	start, count, part := GP64(), GP64(), GP64()
	MOVQ(k.code, start)
	MOVQ(k.n, count)
	if k.parts() > 1 {
		MOVQ(U32(uint32(k.parts())), part)
		Label(label + "Part")
		MOVQ(start, k.code)
		MOVQ(count, k.n)
	}
	var planes []reg.VecVirtual
	for range levels {
		planes = append(planes, k.zero())
	}
	Label(label + "Block")
	next := 0
	var add func(level int) reg.VecVirtual
	add = func(level int) reg.VecVirtual {
		if level == 0 {
			next++
			return k.load(k.at(k.v, k.word(next-1), 0))
		}
		a := add(level - 1)
		return k.adder(planes[level-1], a, add(level-1))
	}
	k.store(add(levels), k.at(k.v, k.word(next), 0))
	k.skip(next + 1)
	DECQ(k.n)
	JNZ(LabelRef(label + "Block"))
	for i, plane := range planes {
		k.store(plane, k.at(k.v, k.word(i), 0))
	}
	k.skip(levels)
	if k.parts() > 1 {
		ADDQ(U32(uint32(k.bytes())), k.v)
		DECQ(part)
		JNZ(LabelRef(label + "Part"))
		SUBQ(U32(uint32(8*k.vector.words)), k.v)
	}
	JMP(LabelRef("next"))
}

// atLeast compares: result, the lowest plane, then n planes, whose lowest bit is that of the constant. From the low bit
// up, the result so far is and-ed with a plane where the constant has 1, and or-ed where it has 0.
func (k *kernel) atLeast() {
	Label("AtLeast")
	w := k.words(2)
	k.skip(2)
	var r []reg.VecVirtual
	for p := range k.parts() {
		r = append(r, k.load(k.at(k.v, w[1], p)))
	}
	Label("plane")
	x, bit := k.word(0), GP64()
	MOVQ(x, bit)
	ANDQ(Imm(1), bit)
	XORQ(bit, x)
	k.skip(1)
	mask := k.reg()
	VPBROADCASTQ(Mem{Base: k.masks, Index: bit, Scale: 8}, mask)
	for p := range k.parts() {
		if k.wide { // the majority of the result, the plane and the mask
			VPTERNLOGQ(U8(0xE8), k.at(k.v, x, p), mask, r[p])
			continue
		}
		plane, either := k.load(k.at(k.v, x, p)), YMM()
		VPOR(plane, r[p], either)
		VPAND(either, mask, either)
		VPAND(plane, r[p], r[p])
		VPOR(either, r[p], r[p])
	}
	DECQ(k.n)
	JNZ(LabelRef("plane"))
	for p := range k.parts() {
		k.store(r[p], k.at(k.v, w[0], p))
	}
	JMP(LabelRef("next"))
}
