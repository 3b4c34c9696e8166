package coq

import (
	"cmp"
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
	base, jumps                string             // of the exponential, if they are for Coq to choose
	unit                       int64
	out                        program.Range
	masked                     string // the last parameter of a definition that has both forms
	serves                     int    // how many heads of queries a head of keys and values has
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
func attentionOf(r *reader, t *term) *textbook {
	_, bits := r.input()
	b := r.attention()
	if !r.done() || len(t.parameters) > 0 {
		return nil
	}
	if b.serves > 1 {
		return b.shared(bits)
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
		b.base, b.jumps, r.base, r.chosen = r.base, r.chosen, "", ""
	}
	b.features, b.width = begin[0].Shape[1].Size(), queries[2].Size()
	for k := range b.weights {
		w := begin[2*k]
		if w.Matrix == nil || w.Bias != nil || b.features%w.Matrix.Rows != 0 {
			r.ok = false
			return b
		}
		b.weights[k] = w.Matrix
	}
	b.serves = b.features / b.weights[1].Rows
	if b.weights[0].Rows != b.features || b.weights[2].Rows != b.weights[1].Rows {
		r.ok = false
	}
	return b
}

// forms are the kinds of attention that have theorems about shared heads and about codes of positions.
var forms = map[string]string{"attend": "", "attend_causal": "causal_"}

// codedOf reads attention of positions to which codes are added, whatever the codes and the exponential are.
func codedOf(r *reader, t *term) *textbook {
	_, bits := r.input()
	add := r.take(program.OpAdd)[0]
	r.chooses(t, 1)
	b := r.attention()
	causal, ok := forms[b.definition]
	if !r.done() || !ok || b.serves > 1 {
		return nil
	}
	if add.Arg(1).Op != program.OpConst {
		return nil
	}
	codes := r.choice(t, "C", add.Arg(1))
	if !r.ok || len(t.parameters) != 1+b.chosen() {
		return nil
	}
	numbers := b.numbers("")
	matrices := "WQ WK WV"
	block := map[string]string{"": "Attention.attention", "causal_": "causal_attention"}[causal]
	return &textbook{
		name: b.name + " of positions with codes", modules: "Definitions Values " + b.module + " AttentionForms",
		theorem: "attention", program: t.program(),
		definitions: b.definitions("") + "(* Whatever the codes are, and the exponential, if it is at least 1. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  1 <= lowest %s ->", t.binders(), b.exponential("")),
		value: fmt.Sprintf("flat_map (fun t => map (fun f =>\n      %s %d %d %s %s n\n"+
			"        (with_codes (fun i k => %s [i; k]) (decode %[2]d %[7]d x)) t f) (seq 0 %[2]d)) (seq 0 n)", b.definition,
			b.features, b.width, matrices, numbers, codes, bits),
		proof: fmt.Sprintf("intros %[1]s P. certify_meaning (certificate %[1]s)\n    (Blocks.block_of %[2]d %[3]d "+
			"(Blocks.sequence [add_codes %[2]d %[4]s]\n      (%[5]s %[2]d %[6]d %[7]d %[8]s %[9]s)))\n    "+
			"(coded_%[10]smeaning %[2]d %[3]d %[9]s)", t.names(), b.features, bits, codes, block, b.features/b.width, b.width,
			matrices, numbers, causal),
	}
}

// shared is attention whose heads of keys and values serve several heads of queries.
func (b *block) shared(bits int) *textbook {
	causal, ok := forms[b.definition]
	if !ok {
		return nil
	}
	function := strings.NewReplacer(" WK", fmt.Sprintf(" (serving %d %d %d WK)", b.features, b.width, b.serves),
		" WV", fmt.Sprintf(" (serving %d %d %d WV)", b.features, b.width, b.serves)).Replace(b.function(""))
	of := map[string]string{"": "attention_of", "causal_": "causal_of"}[causal]
	groups := b.features / b.width / b.serves
	return &textbook{
		name: b.name + " with shared keys", modules: "Definitions Values " + b.module + " AttentionForms",
		theorem: "attention", definitions: b.definitions(""), program: "program",
		value: positions(function, b.features, bits),
		proof: fmt.Sprintf("certify_meaning certificate (Blocks.block_of %[1]d %[2]d (%[3]s %[1]d (%[4]d * %[5]d) %[6]d %[7]s\n"+
			"    (shared_front %[1]d %[4]d %[5]d %[6]d WQ WK WV)))\n    (shared_%[8]smeaning %[1]d %[2]d %[7]s)", b.features, bits,
			of, groups, b.serves, b.width, b.numbers(""), causal),
	}
}

// definitions are the matrices and the exponential. Their names end in the suffix.
func (b *block) definitions(suffix string) string {
	var s strings.Builder
	for k, name := range []string{"WQ", "WK", "WV"} {
		fmt.Fprintf(&s, "Definition %s%s : list (list Z) := %s.\n", name, suffix, matrixText(b.weights[k]))
	}
	if b.exp != nil && b.jumps == "" {
		fmt.Fprintf(&s, "Definition exponential%s : list (Z * Z) := %s.\n", suffix, jumpsText(*b.exp, "%s"))
	}
	return s.String()
}

// function is the definition with its numbers, as a function of n and the input.
func (b *block) function(suffix string) string {
	numbers := ""
	if b.exp != nil {
		numbers = " " + b.numbers(suffix)
	}
	return fmt.Sprintf("%s %d %d WQ%s WK%[4]s WV%[4]s%[5]s%[6]s n", b.definition, b.features, b.width, suffix, numbers,
		b.masked)
}

// numbers are those of kinds with a mean.
func (b *block) numbers(suffix string) string {
	return fmt.Sprintf("%s %s %s %d", b.exponential(suffix), intText(b.unit), intText(b.out.Lo), b.out.Hi-b.out.Lo)
}

// exponential is its base and its jumps.
func (b *block) exponential(suffix string) string {
	return cmp.Or(b.base, intText(b.exp.Base)) + " " + cmp.Or(b.jumps, "exponential"+suffix)
}

// chosen is how many parameters the exponential is.
func (b *block) chosen() int {
	if b.jumps == "" {
		return 0
	}
	return 3
}

// chooses has the attention that comes next have its exponential for Coq to choose, if it is a parameter. There are
// some operations of the term before.
func (r *reader) chooses(t *term, before int) {
	ahead := *r
	ahead.take(front...)
	step := ahead.take(program.OpStep)[0]
	base, at, by := ahead.choice(t, "b", step), ahead.choice(t, "T", step), ahead.choice(t, "J", step)
	if ahead.ok {
		r.base, r.chosen = base, fmt.Sprintf("(map (fun j => (%s j, %s j)) (seq 0 %d))", at, by, t.operations[before+len(front)].literals)
	}
}

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
	name, definition, operations, theorem := "attention", "attend_rotary", "rotary_attention", "rotary_meaning"
	if r.next(program.OpMask) {
		r.take(program.OpMask)
		name, definition, operations, theorem = "causal attention", "attend_rotary_causal", "rotary_causal", "rotary_causal_meaning"
	}
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
		name: name + " with rotary positions", modules: "Definitions RotaryDefinitions Values Rotary",
		theorem: "attention", program: t.program(),
		definitions: b.definitions("") + "(* Whatever the rotations are, and the exponential, if it is at least 1. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  1 <= lowest %s %s ->", t.binders(), base, exponential),
		value: positions(fmt.Sprintf("%s %d %d WQ WK WV (fun i k q => %s [i; k; q]) (fun i k q => %s [i; k; q])"+
			"\n        %s n", definition, b.features, b.width, codes[0], codes[1], numbers), b.features, bits),
		proof: fmt.Sprintf("intros %[1]s P. certify_meaning (certificate %[1]s)\n    (Blocks.block_of %[2]d %[3]d "+
			"(%[9]s %[2]d %[4]d %[5]d WQ WK WV %[6]s %[7]s\n      %[8]s))\n    "+
			"(%[10]s %[2]d %[4]d %[5]d %[3]d WQ WK WV %[6]s %[7]s\n      %[8]s)", t.names(), b.features, bits,
			b.features/b.width, b.width, codes[0], codes[1], numbers, operations, theorem),
	}
}
