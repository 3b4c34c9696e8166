package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kernels makes all functions. In masks, word 0 is all ones and word 1 is 0.
func kernels(masks Mem) {
	DATA(0, U64(0xffffffffffffffff))
	DATA(8, U64(0))
	for _, words := range []int{8, 16} {
		interpreter(fmt.Sprintf("run512x%d", words), vector{true, words}, masks)
		interpreter(fmt.Sprintf("run256x%d", words), vector{false, words}, masks)
	}
}

// kernel is one interpreter of the code of a plan while it is made.
type kernel struct {
	vector
	v, code reg.Register // the values and the next word of code
	n       reg.GPVirtual
	masks   reg.GPVirtual
}

// word loads a word of code into a register.
func (k *kernel) word(i int) reg.GPVirtual {
	r := GP64()
	MOVL(Mem{Base: k.code, Disp: 4 * i}, r.As32())
	return r
}

// words loads several.
func (k *kernel) words(n int) []reg.GPVirtual {
	list := make([]reg.GPVirtual, n)
	for i := range list {
		list[i] = k.word(i)
	}
	return list
}

// skip goes on in the code.
func (k *kernel) skip(words int) { ADDQ(U32(uint32(4*words)), k.code) }

// again ends the loop of a run of steps.
func (k *kernel) again(label string) {
	DECQ(k.n)
	JNZ(LabelRef(label))
	JMP(LabelRef("next"))
}

func interpreter(name string, m vector, masks Mem) {
	TEXT(name, attr.NOSPLIT, "func(v *uint64, code *uint32)")
	Pragma("noescape")
	k := &kernel{vector: m, v: Load(Param("v"), GP64()), code: Load(Param("code"), GP64()), masks: GP64()}
	LEAQ(masks, k.masks)
	k.n = GP64()
	op := GP64()
	two, three := kinds()
	tables := append(two[:len(two):len(two)], three...)
	var labels []string
	for i := range tables {
		labels = append(labels, fmt.Sprintf("kind%d", i))
	}
	labels = append(labels, named...)

	Label("next")
	MOVL(Mem{Base: k.code}, k.n.As32())
	k.skip(1)
	MOVQ(k.n, op)
	ANDQ(Imm(0xff), op)
	SHRQ(Imm(8), k.n)
	JZ(LabelRef("done"))
	choose(op, labels, 0, len(labels))

	for i, table := range tables {
		k.logic(labels[i], table, i < len(two))
	}
	k.not()
	k.half()
	k.full()
	k.five()
	k.seven()
	k.fifteen()
	for i, levels := range []int{3, 4, 6} {
		k.blocks(named[6+i], levels)
	}
	k.atLeast()
	k.andN()
	k.xorN()
	Label("done")
	VZEROUPPER()
	RET()
}

// choose jumps to one of the labels from lo up to hi, by halves.
func choose(op reg.GPVirtual, labels []string, lo, hi int) {
	if hi-lo == 1 {
		JMP(LabelRef(labels[lo]))
		return
	}
	mid := (lo + hi) / 2
	CMPQ(op, Imm(uint64(mid)))
	l := fmt.Sprintf("from%dto%d", lo, hi)
	JAE(LabelRef(l))
	choose(op, labels, lo, mid)
	Label(l)
	choose(op, labels, mid, hi)
}

// logic makes a function of two or three operands.
func (k *kernel) logic(label string, table uint8, pair bool) {
	Label(label)
	count := 3
	if pair {
		count = 2
	}
	w := k.words(count + 1)
	k.skip(count + 1)
	program := shortest(table)
	for p := range k.parts() {
		if k.wide {
			k.store(k.ternary(w, p, table, pair), k.at(k.v, w[count], p))
			continue
		}
		values := make([]reg.VecVirtual, 3)
		for i := range count {
			values[i] = k.load(k.at(k.v, w[i], p))
		}
		for _, o := range program {
			d, x, y := YMM(), values[o.x], values[o.y]
			switch o.of {
			case and:
				VPAND(y, x, d)
			case andNot:
				VPANDN(y, x, d)
			case or:
				VPOR(y, x, d)
			case xor:
				VPXOR(y, x, d)
			}
			values = append(values, d)
		}
		k.store(values[len(values)-1], k.at(k.v, w[count], p))
	}
	k.again(label)
}

// ternary is a function by one VPTERNLOG.
func (k *kernel) ternary(w []reg.GPVirtual, p int, table uint8, pair bool) reg.VecVirtual {
	x := k.load(k.at(k.v, w[0], p))
	if pair { // its table has 4a + 2b; x stands for the first two operands of the instruction
		imm := table&1 | table>>2&1<<1 | table>>4&1<<6 | table>>6&1<<7
		VPTERNLOGQ(U8(imm), k.at(k.v, w[1], p), x, x)
		return x
	}
	y := k.load(k.at(k.v, w[1], p))
	VPTERNLOGQ(U8(table), k.at(k.v, w[2], p), y, x)
	return x
}

func (k *kernel) not() {
	Label("Not")
	w := k.words(2)
	k.skip(2)
	ones := k.ones()
	for p := range k.parts() {
		x := k.load(k.at(k.v, w[0], p))
		k.xor(ones, x)
		k.store(x, k.at(k.v, w[1], p))
	}
	k.again("Not")
}

// andN makes a wide conjunction: result, number of operands, number of those that are complemented, both kinds in
// turn. It stops when every lane is 0.
func (k *kernel) andN() {
	Label("AndN")
	w := k.words(3)
	d, left := w[0], [2]reg.GPVirtual{w[1], w[2]}
	k.skip(3)
	end := GP64()
	MOVQ(left[0], end)
	ADDQ(left[1], end)
	SHLQ(Imm(2), end)
	ADDQ(k.code, end)
	var r []reg.VecVirtual
	for range k.parts() {
		r = append(r, k.ones())
	}
	for i, name := range []string{"positive", "complemented"} {
		TESTQ(left[i], left[i])
		JZ(LabelRef(name + "End"))
		Label(name)
		x := k.word(0)
		k.skip(1)
		for p := range k.parts() {
			if i == 0 {
				k.and(k.at(k.v, x, p), r[p])
			} else {
				k.andNot(k.at(k.v, x, p), r[p])
			}
		}
		DECQ(left[i])
		JZ(LabelRef(name + "End"))
		TESTQ(U32(decided-1), left[i])
		JNZ(LabelRef(name))
		k.ifZero(r, "AndNEnd")
		JMP(LabelRef(name))
		Label(name + "End")
	}
	Label("AndNEnd")
	MOVQ(end, k.code)
	for p := range k.parts() {
		k.store(r[p], k.at(k.v, d, p))
	}
	JMP(LabelRef("next"))
}

// decided is how many operands of a wide gate are read between looks whether all lanes are decided.
const decided = 16

// xorN makes a wide exclusive or: result, operands.
func (k *kernel) xorN() {
	Label("XorN")
	d := k.word(0)
	k.skip(1)
	var r []reg.VecVirtual
	for range k.parts() {
		r = append(r, k.zero())
	}
	Label("operand")
	x := k.word(0)
	k.skip(1)
	for p := range k.parts() {
		k.xor(k.at(k.v, x, p), r[p])
	}
	DECQ(k.n)
	JNZ(LabelRef("operand"))
	for p := range k.parts() {
		k.store(r[p], k.at(k.v, d, p))
	}
	JMP(LabelRef("next"))
}
