package coq

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// block is one kind of attention, with its numbers.
type block struct {
	name                       string
	module, definition, tactic string
	features, width            int
	weights                    [3]*program.Matrix // of queries, keys and values
	exp                        *program.Staircase // nil if one value is copied
	unit                       int64
	out                        program.Range
	masked                     string // the last parameter of a definition that has both forms
}

// The operations that all kinds of attention begin with, and those that kinds with a mean end with.
var (
	front = []program.Op{
		program.OpLinear, program.OpGather, program.OpLinear, program.OpGather, program.OpLinear,
		program.OpGather, program.OpGather, program.OpContract, program.OpGather,
	}
	mean = []program.Op{
		program.OpContract, program.OpReduce, program.OpAffine, program.OpGather, program.OpGather, program.OpAffine,
		program.OpAdd, program.OpAffine, program.OpQuotient, program.OpGather,
	}
	picked = []program.Op{program.OpContract, program.OpGather}
)

// attentionOf reads attention of one kind.
func attentionOf(r *reader, _ *term) *textbook {
	_, bits := r.input()
	b := r.attention()
	if !r.done() {
		return nil
	}
	return &textbook{
		name: b.name, modules: "Definitions " + b.module, theorem: "attention", definitions: b.definitions(""),
		program: "program", value: positions(b.function(""), b.features, bits), proof: b.tactic,
	}
}

// attention is the next operations: those of one kind of attention.
func (r *reader) attention() *block {
	b := &block{}
	begin, end, weigh := r.take(front...), mean, &program.Node{}
	switch {
	case r.next(program.OpStep, program.OpMask):
		b.name, b.module, b.definition = "causal attention", "CausalAttention", "attend_causal"
		b.tactic, weigh = "certify_causal_attention", r.take(program.OpStep, program.OpMask)[0]
	case r.next(program.OpStep):
		b.name, b.module, b.definition = "attention", "Attention", "attend"
		b.tactic, weigh = "certify_attention", r.take(program.OpStep)[0]
	case r.next(program.OpMaxStep):
		b.name, b.module, b.definition = "attention by a maximum", "StableAttention", "attend_stable"
		b.tactic, weigh = "certify_stable_attention", r.take(program.OpMaxStep)[0]
		b.masked = fmt.Sprintf(" %t", weigh.Causal != nil)
	default:
		b.name, b.module, b.definition = "unique-hard attention", "HardAttention", "attend_hard"
		b.tactic, weigh = "certify_hard_attention", r.take(program.OpArgMax)[0]
		b.masked, end = fmt.Sprintf(" %t", weigh.Causal != nil), picked
	}
	back := r.take(end...)
	queries := begin[1].Shape // [n, heads, width]; indices of heads of one feature are written in a shorter form
	if !r.ok || len(begin[0].Shape) != 2 || len(queries) != 3 || queries[2].Size() == 1 {
		r.ok = false
		return b
	}
	if weigh.Op != program.OpArgMax {
		b.exp, b.unit, b.out = &weigh.Steps, back[2].Scale, back[8].Asked
	}
	b.features, b.width = begin[0].Shape[1].Size(), queries[2].Size()
	for k := range b.weights {
		w := begin[2*k]
		if w.Matrix == nil || w.Matrix.Rows != b.features || w.Bias != nil { // keys and values may be shared by heads
			r.ok = false
			return b
		}
		b.weights[k] = w.Matrix
	}
	return b
}

// definitions are the matrices and the exponential. Their names end in the suffix.
func (b *block) definitions(suffix string) string {
	var s strings.Builder
	for k, name := range []string{"WQ", "WK", "WV"} {
		fmt.Fprintf(&s, "Definition %s%s : list (list Z) := %s.\n", name, suffix, matrixText(b.weights[k]))
	}
	if b.exp != nil {
		fmt.Fprintf(&s, "Definition exponential%s : list (Z * Z) := %s.\n", suffix, jumpsText(*b.exp, "%s"))
	}
	return s.String()
}

// function is the definition with its numbers, as a function of n and the input.
func (b *block) function(suffix string) string {
	numbers := ""
	if b.exp != nil {
		numbers = fmt.Sprintf(" %s exponential%s %s %s %d", intText(b.exp.Base), suffix, intText(b.unit), intText(b.out.Lo),
			b.out.Hi-b.out.Lo)
	}
	return fmt.Sprintf("%s %d %d WQ%s WK%[4]s WV%[4]s%[5]s%[6]s n", b.definition, b.features, b.width, suffix, numbers,
		b.masked)
}
