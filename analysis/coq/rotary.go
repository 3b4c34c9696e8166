package coq

import (
	"fmt"

	"github.com/tc0lab/tc0/compile/program"
)

// rotaryFront are the operations that softmax attention with rotary positions begins with.
var rotaryFront = []program.Op{
	program.OpLinear, program.OpGather, program.OpLinear, program.OpGather, program.OpLinear, program.OpGather,
	program.OpContract, program.OpGather, program.OpContract, program.OpGather, program.OpGather, program.OpContract,
	program.OpGather,
}

// rotaryOf reads softmax attention with rotary positions, whatever the rotations and the exponential are.
func rotaryOf(r *reader, t *term) *textbook {
	_, bits := r.input()
	begin := r.take(rotaryFront...)
	step := r.take(program.OpStep)[0]
	end := r.take(mean...)
	if !r.done() || len(begin[1].Shape) != 3 || begin[1].Shape[2].Size() == 1 {
		return nil
	}
	b := &block{features: begin[0].Shape[1].Size(), width: begin[1].Shape[2].Size()}
	for k := range b.weights {
		w := begin[2*k]
		if w.Matrix == nil || w.Matrix.Rows != b.features || w.Bias != nil {
			return nil // keys and values may be shared by heads
		}
		b.weights[k] = w.Matrix
	}
	var codes [2]string // of queries and keys
	for k, n := range []*program.Node{begin[6], begin[8]} {
		c := n.Arg(0)
		if c.Op != program.OpConst {
			c = n.Arg(1)
		}
		codes[k] = r.choice(t, "C", c)
	}
	base, ats, by := r.choice(t, "b", step), r.choice(t, "T", step), r.choice(t, "J", step)
	if !r.ok || len(t.parameters) != 5 || codes[0] == codes[1] {
		return nil
	}
	exponential := fmt.Sprintf("(map (fun j => (%s j, %s j)) (seq 0 %d))", ats, by, t.operations[len(rotaryFront)].literals)
	numbers := fmt.Sprintf("%s %s %s %s %d", base, exponential, intText(end[2].Scale), intText(end[8].Asked.Lo),
		end[8].Asked.Hi-end[8].Asked.Lo)
	return &textbook{
		name: "attention with rotary positions", modules: "Definitions RotaryDefinitions Values Rotary",
		theorem: "attention", program: t.program(),
		definitions: b.definitions("") + "(* Whatever the rotations are, and the exponential, if it is at least 1. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  1 <= lowest %s %s ->", t.binders(), base, exponential),
		value: positions(fmt.Sprintf("attend_rotary %d %d WQ WK WV (fun i k q => %s [i; k; q]) (fun i k q => %s [i; k; q])"+
			"\n        %s n", b.features, b.width, codes[0], codes[1], numbers), b.features, bits),
		proof: fmt.Sprintf("intros %[1]s P. certify_meaning (certificate %[1]s)\n    (Blocks.block_of %[2]d %[3]d "+
			"(rotary_attention %[2]d %[4]d %[5]d WQ WK WV %[6]s %[7]s\n      %[8]s))\n    "+
			"(rotary_meaning %[2]d %[4]d %[5]d %[3]d WQ WK WV %[6]s %[7]s\n      %[8]s)", t.names(), b.features, bits,
			b.features/b.width, b.width, codes[0], codes[1], numbers),
	}
}
