package eval

// op is the operation of an instruction. In the final program an instruction is a
// header word, op | n<<8, and operands, each the byte offset of a slot, which has
// its six low bits free for a complement and flags.
type op uint8

const (
	opHalt     op = iota // the end of the program
	opAnd                // n times: d = (a ⊕ complement) ∧ (b ⊕ complement)
	opXor                // n times: d = a ⊕ b
	opAndMany            // d = conjunction of n plain and then k complemented values, k in the next word
	opXorMany            // d = exclusive or of n values
	opHalf               // n times: d = a ⊕ b, e = (a ⊕ complement) ∧ (b ⊕ complement)
	opFull               // n times: d + 2e = a + b + c
	opFullNot            // n times: d = a ⊕ b ⊕ c, e = majority(¬a, b, c)
	opCount7             // n times: d + 2e + 4f = sum of 7 values
	opBlocks             // n Harley–Seal steps, of 16 values each, on a state s1, s2, s4, s8
	opCompare            // d = a, then n steps d = (d ⊕ flag) ∧ (plane ⊕ complement)

	numOps = int(opCompare) + 1
)

// Operand counts of the instructions whose runs share one header.
const (
	blockState  = 4  // values of state that opBlocks takes and gives
	blockInputs = 16 // values that a step of opBlocks counts
	maxBlocks   = 8  // steps of one opBlocks, so that its inputs stay in the first-level cache
)

var opTable = [numOps]struct {
	name   string
	run    bool // consecutive instructions are merged under one header
	adders int  // full adders; of opBlocks, a step
	// early says that the operands are read before a word of a result is written,
	// so that a result may take the slot of an operand.
	early bool
}{
	opHalt:    {name: "halt"},
	opAnd:     {name: "and", run: true, early: true},
	opXor:     {name: "xor", run: true, early: true},
	opAndMany: {name: "and-many", early: true},
	opXorMany: {name: "xor-many", early: true},
	opHalf:    {name: "half", run: true, early: true},
	opFull:    {name: "full", run: true, adders: 1, early: true},
	opFullNot: {name: "full-not", run: true, adders: 1, early: true},
	opCount7:  {name: "count7", run: true, adders: 4, early: true},
	opBlocks:  {name: "blocks", adders: 15},
	opCompare: {name: "compare", early: true},
}

func (o op) String() string { return opTable[o].name }
