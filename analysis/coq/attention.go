package coq

import (
	"cmp"
	"fmt"
	"slices"
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
	// section is what a position makes of keys and values that were kept: its weights are the third.
	section = []program.Op{
		program.OpGather, program.OpContract, program.OpStep, program.OpGather, program.OpContract, program.OpReduce,
	}
)

// attentionOf reads attention of one kind.
func attentionOf(r *reader, t *term) *textbook {
	_, bits := r.input()
	b := r.attention()
	if !r.done() || len(t.parameters) > 0 || b.serves > 1 {
		return nil
	}
	return &textbook{
		name: b.name, modules: "Definitions " + b.module, theorem: "attention", definitions: b.definitions(""),
		program: "program", value: positions(b.function(""), b.features, bits), proof: b.tactic,
	}
}

// formOf reads attention whose heads of keys and values serve several heads of queries, or of positions to which codes
// are added, whatever the codes and the exponential are.
func formOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	name, x, codes := "", fmt.Sprintf("(decode %d %d x)", features, bits), 0
	if r.next(program.OpAdd) {
		add := r.take(program.OpAdd)[0]
		if add.Arg(1).Op != program.OpConst {
			return nil
		}
		name, codes = " of positions with codes", 1
		x = fmt.Sprintf("(with_codes (fun i k => %s [i; k]) %s)", r.choice(t, "C", add.Arg(1)), x)
	}
	r.chooses(t, codes)
	b := r.attention()
	if !r.done() || len(t.parameters) != codes+b.chosen() {
		return nil
	}
	if b.serves > 1 {
		name = " with shared keys" + name
	}
	form := &textbook{
		name: b.name + name, modules: "Definitions " + b.module + " AttentionForms", theorem: "attention",
		definitions: b.definitions(""), program: t.program(),
		value: fmt.Sprintf("flat_map (fun t => map (fun f =>\n      %s\n        %s t f) (seq 0 %d)) (seq 0 n)", b.function(""), x,
			b.features),
		proof: fmt.Sprintf("certify_form certificate\n    (%s)", b.operations()),
	}
	if len(t.parameters) > 0 {
		asked := ""
		form.binders = fmt.Sprintf(" forall%s,", t.binders())
		if b.chosen() > 0 {
			form.binders += fmt.Sprintf("\n  1 <= lowest %s ->", b.exponential(""))
			asked = " P"
		}
		form.proof = fmt.Sprintf("intros %s%s.\n  %s", t.names(), asked,
			strings.Replace(form.proof, "certificate", "(certificate "+t.names()+")", 1))
	}
	return form
}

// operations are those of the library.
func (b *block) operations() string {
	of := map[string]string{
		"attend": "attention", "attend_causal": "causal", "attend_stable": "stable", "attend_hard": "hard",
	}[b.definition]
	numbers := b.masked
	if b.exp != nil {
		numbers = " " + b.numbers("") + numbers
	}
	heads := b.features / b.width
	if b.serves > 1 {
		groups := heads / b.serves
		return fmt.Sprintf("%s_of %d (%d * %d) %d%s\n      (shared_front %[2]d %[3]d %[4]d %[5]d WQ WK WV)", of, b.features,
			groups, b.serves, b.width, numbers)
	}
	of = strings.Replace(of+"_attention", "attention_attention", "Attention.attention", 1)
	return fmt.Sprintf("%s %d %d %d WQ WK WV%s", of, b.features, heads, b.width, numbers)
}

// attention is the next operations: those of one kind of attention.
func (r *reader) attention() *block {
	b := &block{}
	begin, end, weigh := r.take(front[:6]...), mean, &program.Node{}
	if r.sections == 0 {
		r.take(front[6:]...)
	}
	switch {
	case r.sections > 0:
		b.name, b.module, b.definition = "causal attention", "KeptAttention", "attend_causal"
		for k := range r.sections {
			weigh = r.take(section...)[2]
			if k > 0 {
				r.take(program.OpAdd, program.OpAdd)
			}
		}
		r.at -= 2 // the last sums are what the mean begins with
		end = slices.Concat([]program.Op{program.OpAdd, program.OpAdd}, mean[2:])
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
	queries := begin[1].Shape // [n, heads, width]
	if !r.ok || len(begin[0].Shape) != 2 || len(queries) != 3 || begin[0].Shape[1].Size() == 1 {
		r.ok = false
		return b
	}
	if weigh.Op != program.OpArgMax {
		b.exp, b.unit, b.out = &weigh.Steps, back[2].Scale, back[8].Asked
		b.base, b.jumps, r.base, r.chosen = r.base, r.chosen, "", ""
	}
	b.features, b.width = begin[0].Shape[1].Size(), queries[2].Size()
	r.ok = b.read(begin)
	if b.serves > 1 && b.width == 1 { // indices of one head of one feature are written in a shorter form
		r.ok = false
	}
	return b
}

// read reads the matrices of the operations that attention begins with, and reports whether they fit together.
func (b *block) read(begin []*program.Node) bool {
	for k := range b.weights {
		w := begin[2*k]
		if w.Matrix == nil || w.Bias != nil || b.features%w.Matrix.Rows != 0 {
			return false
		}
		b.weights[k] = w.Matrix
	}
	b.serves = b.features / b.weights[1].Rows
	return b.weights[0].Rows == b.features && b.weights[2].Rows == b.weights[1].Rows
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
	matrices := fmt.Sprintf("WQ%s WK%[1]s WV%[1]s", suffix)
	if b.serves > 1 {
		matrices = fmt.Sprintf("WQ%s (serving %d %d %d WK%[1]s) (serving %[2]d %[3]d %[4]d WV%[1]s)", suffix, b.features, b.width,
			b.serves)
	}
	return fmt.Sprintf("%s %d %d %s%s%s n", b.definition, b.features, b.width, matrices, numbers, b.masked)
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
	if !b.read(begin) {
		return nil
	}
	heads, matrices, about := fmt.Sprint(b.features/b.width), "WQ WK WV", ""
	if b.serves > 1 { // a head of keys and values serves several heads of queries
		operations, theorem, about = "shared_"+operations, "shared_"+theorem, " and shared keys"
		operations = strings.TrimSuffix(operations, "_attention")
		heads = fmt.Sprintf("%d %d", b.features/b.width/b.serves, b.serves)
		matrices = fmt.Sprintf("WQ\n        (serving %d %d %d WK) (serving %[1]d %[2]d %[3]d WV)", b.features, b.width, b.serves)
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
		name: name + " with rotary positions" + about, modules: "Definitions RotaryDefinitions Values Rotary",
		theorem: "attention", program: t.program(),
		definitions: b.definitions("") + "(* Whatever the rotations are, and the exponential, if it is at least 1. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  1 <= lowest %s %s ->", t.binders(), base, exponential),
		value: positions(fmt.Sprintf("%s %d %d %s (fun i k q => %s [i; k; q]) (fun i k q => %s [i; k; q])"+
			"\n        %s n", definition, b.features, b.width, matrices, codes[0], codes[1], numbers), b.features, bits),
		proof: fmt.Sprintf("intros %[1]s P. certify_meaning (certificate %[1]s)\n    (Blocks.block_of %[2]d %[3]d "+
			"(%[9]s %[2]d %[4]s %[5]d WQ WK WV %[6]s %[7]s\n      %[8]s))\n    "+
			"(%[10]s %[2]d %[4]s %[5]d %[3]d WQ WK WV %[6]s %[7]s\n      %[8]s)", t.names(), b.features, bits,
			heads, b.width, codes[0], codes[1], numbers, operations, theorem),
	}
}
