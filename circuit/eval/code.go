package eval

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// The code of a plan is a straight line of instructions. While it is generated its
// operands are registers, each written once; the allocator then replaces them by
// slots. Register and slot 0 always hold zeros.

type reg = uint32

type opcode uint8

const (
	opNot     opcode = iota // d = ¬a
	opLogic                 // d = function n of package kernel of a, b and c; those of two operands leave c at 0
	opHalf                  // d, e = sum and carry of a + b
	opFull                  // d, e = sum and carry of a + b + c
	opFixed                 // list: n operands, 5, 7 or 15, then results as package kernel has them
	opCount                 // list: n·2^e operands, then e sum planes of weight 1, 2, 4 …, then n carries of weight 2^e
	opAtLeast               // d = [planes ≥ constant]: list of planes, low first, times 2, with the constant's bits
	opAndN                  // d = ∧ list: n positive operands, then complemented ones
	opXorN                  // d = ⊕ list
	opMod                   // d = [planes mod m in residues]: mods[n], list of planes
	numOpcodes
)

var opcodeNames = [numOpcodes]string{
	"not", "logic", "half adder", "full adder", "counter", "count", "compare", "andN", "xorN", "mod",
}

// instruction is one step.
type instruction struct {
	op      opcode
	n       uint32
	d, e    reg
	a, b, c reg
	list    list
}

// safe reports whether the results of a step may take the slots of operands of the same step: kernels
// read a word of every operand before they write that word of a result. The lists of the others are
// read in several passes.
func (s *instruction) safe() bool { return s.op <= opFixed }

// oneResult reports whether a step has the result d alone.
func (s *instruction) oneResult() bool {
	switch s.op {
	case opHalf, opFull, opFixed, opCount:
		return false
	}
	return true
}

// code is a program over registers or slots.
type code struct {
	steps  steps
	lists  lists
	mods   []circuit.Modulus // of the planes' own value
	regs   reg               // number of registers
	input  []reg
	output []reg
	flip   []uint64 // by output: all ones if it is the complement of its register
}

// operands returns the list of the operands of a step that has one, shifted in an opAtLeast.
func (c *code) operands(s *instruction) []reg {
	all := c.lists.of(s.list)
	switch s.op {
	case opFixed:
		return all[:s.n]
	case opCount:
		return all[:s.n<<s.e]
	}
	return all
}

// eachUse calls f for every operand that a step reads.
func (c *code) eachUse(s *instruction, f func(r *reg)) {
	switch s.op {
	case opNot:
		f(&s.a)
	case opLogic:
		f(&s.a)
		f(&s.b)
		if s.n >= kernel.Pairs {
			f(&s.c)
		}
	case opHalf:
		f(&s.a)
		f(&s.b)
	case opFull:
		f(&s.a)
		f(&s.b)
		f(&s.c)
	case opAtLeast:
		planes := c.operands(s)
		for i, x := range planes {
			r := x >> 1
			f(&r)
			planes[i] = r<<1 | x&1
		}
	default:
		operands := c.operands(s)
		for i := range operands {
			f(&operands[i])
		}
	}
}

// eachDef calls f for every register that a step writes.
func (c *code) eachDef(s *instruction, f func(r *reg)) {
	switch s.op {
	case opHalf, opFull:
		f(&s.d)
		f(&s.e)
	case opFixed, opCount:
		results := c.lists.of(s.list)[len(c.operands(s)):]
		for i := range results {
			f(&results[i])
		}
	default:
		f(&s.d)
	}
}

// steps is a list that grows without being copied.
type steps struct {
	pages [][]instruction // all but the last full
	count int
}

const pageSteps = 1 << 12

func (s *steps) add(i instruction) {
	if s.count%pageSteps == 0 {
		var page []instruction
		if s.count > 0 { // the first page grows, since most plans are small
			page = make([]instruction, 0, pageSteps)
		}
		s.pages = append(s.pages, page)
	}
	last := &s.pages[len(s.pages)-1]
	*last = append(*last, i)
	s.count++
}

func (s *steps) at(i int) *instruction { return &s.pages[i/pageSteps][i%pageSteps] }

// truncate drops the steps from n on.
func (s *steps) truncate(n int) {
	s.count = n
	s.pages = slices.Clip(s.pages[:(n+pageSteps-1)/pageSteps])
	if n%pageSteps != 0 {
		last := &s.pages[len(s.pages)-1]
		*last = (*last)[:n%pageSteps]
	}
}

// list names registers that stand in a row in lists.
type list struct{ at, n uint32 }

// lists has lists on pages, none on two. One that is longer than a page has a page of its own.
type lists struct{ pages [][]reg }

const (
	pageBits  = 14
	mostPages = 1<<(32-pageBits) - 1
)

func (l *lists) add(regs []reg) list {
	last := len(l.pages) - 1
	if last < 0 || len(l.pages[last])+len(regs) > 1<<pageBits {
		var page []reg
		if last >= 0 {
			page = make([]reg, 0, max(len(regs), 1<<pageBits))
		}
		l.pages = append(l.pages, page)
		last++
	}
	at := len(l.pages[last])
	l.pages[last] = append(l.pages[last], regs...)
	return list{uint32(last)<<pageBits | uint32(at), uint32(len(regs))}
}

func (l *lists) of(x list) []reg {
	if x.n == 0 {
		return nil
	}
	at := x.at & (1<<pageBits - 1)
	return l.pages[x.at>>pageBits][at : at+x.n : at+x.n]
}
