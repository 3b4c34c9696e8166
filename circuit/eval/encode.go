package eval

import (
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// piece is some code for a kernel, and a step after it that no kernel has.
type piece struct {
	code []uint32
	mod  *modStep
}

// modStep is an opMod over slots.
type modStep struct {
	d      reg
	planes []reg
	of     *circuit.Modulus
}

// pieceWords is how long a piece may grow, but for its last step. Assembly cannot be interrupted, so a call
// should take well under 100 µs: a word of code takes at most some 8 ns, where the value comes from memory.
const pieceWords = 1 << 12

// encoder makes code for kernels of steps over slots.
type encoder struct {
	c      *code
	pieces []piece
	code   []uint32
	head   int // where the header of a run stands, −1 if there is none
	words  int // of all pieces
	tall   int // those of counts
}

// fixed are the operations that count a fixed number of operands.
var fixed = map[uint32]uint32{5: kernel.Five, 7: kernel.Seven, 15: kernel.Fifteen}

// counts are the operations that count blocks, by the logarithm of their operands.
var counts = map[reg]uint32{3: kernel.Eights, 4: kernel.Sixteens, 6: kernel.SixtyFours}

// encode returns the pieces of a plan, and whether most of them are counts of many operands.
func (c *code) encode() (pieces []piece, tall bool) {
	e := &encoder{c: c, head: -1}
	for i := range c.steps.count {
		if len(e.code) > pieceWords {
			e.cut(nil)
		}
		e.step(c.steps.at(i))
	}
	if len(e.code) > 0 {
		e.cut(nil)
	}
	return slices.Clip(e.pieces), 2*e.tall > e.words
}

// cut ends a piece.
func (e *encoder) cut(mod *modStep) {
	e.words += len(e.code)
	e.pieces = append(e.pieces, piece{slices.Clone(append(e.code, 0)), mod})
	e.code, e.head = e.code[:0], -1
}

// run puts a step into the run of its operation.
func (e *encoder) run(op uint32, regs ...reg) {
	if e.head < 0 || e.code[e.head]&0xff != op {
		e.head = len(e.code)
		e.code = append(e.code, op)
	}
	e.code[e.head] += 1 << 8
	e.values(regs)
}

// header begins a step that makes no runs.
func (e *encoder) header(op, n uint32) {
	e.head = -1
	e.code = append(e.code, op|n<<8)
}

func (e *encoder) values(regs []reg) {
	for _, r := range regs {
		e.code = append(e.code, r*kernel.Unit)
	}
}

func (e *encoder) step(s *instruction) {
	list := e.c.lists.of(s.list)
	switch s.op {
	case opNot:
		e.run(kernel.Not, s.a, s.d)
	case opLogic:
		if s.n < kernel.Pairs {
			e.run(s.n, s.a, s.b, s.d)
		} else {
			e.run(s.n, s.a, s.b, s.c, s.d)
		}
	case opHalf:
		e.run(kernel.Half, s.a, s.b, s.d, s.e)
	case opFull:
		e.run(kernel.Full, s.a, s.b, s.c, s.d, s.e)
	case opFixed:
		e.run(fixed[s.n], list...)
	case opCount:
		e.header(counts[s.e], s.n)
		e.tall += len(list)
		size, carries := uint32(1)<<s.e, list[s.n<<s.e+s.e:]
		for block, carry := range carries {
			e.values(list[uint32(block)*size:][:size])
			e.values([]reg{carry})
		}
		e.values(list[s.n<<s.e:][:s.e])
	case opAtLeast:
		e.header(kernel.AtLeast, s.list.n-1)
		e.values([]reg{s.d, list[0] >> 1})
		for _, x := range list[1:] {
			e.code = append(e.code, x>>1*kernel.Unit|x&1)
		}
	case opAndN:
		e.header(kernel.AndN, 1)
		e.code = append(e.code, s.d*kernel.Unit, s.n, s.list.n-s.n)
		e.values(list)
	case opXorN:
		e.header(kernel.XorN, s.list.n)
		e.values([]reg{s.d})
		e.values(list)
	case opMod:
		e.cut(&modStep{s.d, slices.Clone(list), &e.c.mods[s.n]})
	}
}
