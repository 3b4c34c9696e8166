package eval

import (
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval/kernel"
)

// program is what a plan runs.
type program struct {
	pieces  []piece
	kernels *kernel.Kernels
	wide    bool  // two tiles at a time, where there are enough of them
	input   []reg // slots
	output  []reg
	flip    []uint64 // by output: all ones if it is the complement of its slot
	stats   Stats
	watch   func(wide bool, code []uint32)
}

// compile makes the program of a circuit. Its logic is fused if wanted.
func compile(c *circuit.Circuit, config Config, fused bool) *program {
	p := &program{kernels: config.kernels, watch: config.watch}
	blocks := config.blocks
	if blocks == nil {
		blocks = []reg{6, 4, 3}
		if p.kernels.IsPortable() { // it has too few registers for more
			blocks = []reg{3}
		}
	}
	code, depthFirst := generate(c, blocks, config)
	if fused {
		code.fuse()
	}
	if !config.inOrder {
		if !depthFirst {
			code.delay()
		}
		code.schedule()
	}
	slots := code.allocate()
	if slots > kernel.MostValues {
		panic("eval: the plan has too many values at one time")
	}
	pieces, tall := code.encode()
	p.wide = p.kernels.HasWide() && !config.narrow && (p.kernels.TallWide || !tall)
	p.pieces, p.stats = pieces, code.stats(slots)
	p.input, p.output, p.flip = code.input, code.output, code.flip
	return p
}

func (c *code) stats(slots int) Stats {
	st := Stats{Steps: map[string]int{}, Slots: slots}
	var steps [numOpcodes]int
	for i := range c.steps.count {
		s := c.steps.at(i)
		steps[s.op]++
		switch s.op {
		case opFull:
			st.Adders++
		case opFixed:
			st.Adders += map[uint32]int{5: 2, 7: 4, 15: 11}[s.n]
		case opCount:
			st.Adders += (1<<s.e - 1) * int(s.n)
		}
	}
	for op, n := range steps {
		if n > 0 {
			st.Steps[opcodeNames[op]] = n
		}
	}
	return st
}
