package eval

import "github.com/tc0lab/tc0/circuit"

// The code of a plan is a straight line of instructions. While it is generated its
// operands are registers, each written once; the allocator then replaces them by
// slots. Register and slot 0 always hold zeros.

type reg = uint32

type opcode uint8

const (
	opNot     opcode = iota // d = ¬a
	opAnd                   // d = a ∧ b; a is complemented if bit 0 of n is 1, b if bit 1 is
	opXor                   // d = a ⊕ b
	opAndN                  // d = ∧ list: n positive operands, then complemented ones
	opXorN                  // d = ⊕ list
	opHalf                  // d, e = sum and carry of a + b
	opFull                  // d, e = sum and carry of a + b + list[0]
	opCount                 // list: 8n operands, then sum planes of weight 1, 2, 4, then n carries of weight 8
	opAtLeast               // d = [planes ≥ constant]: list of planes, low first, with the constant's bits
	opMod                   // d = [planes mod m in residues]: mods[n], list of planes
	numOpcodes
)

var opcodeNames = [numOpcodes]string{
	"not", "and", "xor", "andN", "xorN",
	"half adder", "full adder", "count", "compare", "mod",
}

// instruction is one step. Its list, if it has one, is at list[at:end].
type instruction struct {
	op      opcode
	n       uint32
	d, e    reg
	a, b    reg
	at, end uint32
}

// code is a program over registers or slots.
type code struct {
	steps  []instruction
	list   []uint32          // registers; in an opAtLeast shifted left by 1, with a bit of the constant
	mods   []circuit.Modulus // of the planes' own value
	regs   reg               // number of registers
	input  []reg
	output []reg
	flip   []uint64 // by output: all ones if it is the complement of its register
}

// eachUse calls f for every operand that step i reads.
func (c *code) eachUse(i int, f func(r *reg)) {
	s := &c.steps[i]
	end := s.end
	switch s.op {
	case opNot:
		f(&s.a)
	case opAnd, opXor, opHalf, opFull:
		f(&s.a)
		f(&s.b)
	case opCount:
		end = s.at + 8*s.n
	case opAtLeast:
		for j := s.at; j < end; j++ {
			r := c.list[j] >> 1
			f(&r)
			c.list[j] = r<<1 | c.list[j]&1
		}
		return
	}
	for j := s.at; j < end; j++ { // empty for a step without a list
		f(&c.list[j])
	}
}

// eachDef calls f for every register that step i writes.
func (c *code) eachDef(i int, f func(r *reg)) {
	s := &c.steps[i]
	switch s.op {
	case opHalf, opFull:
		f(&s.d)
		f(&s.e)
	case opCount:
		for j := s.at + 8*s.n; j < s.end; j++ {
			f(&c.list[j])
		}
	default:
		f(&s.d)
	}
}
