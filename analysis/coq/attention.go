package coq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// block is what a textbook definition of attention is about.
type block struct {
	name                       string
	module, definition, tactic string
	features, width, bits      int
	weights                    [3]*program.Matrix // of queries, keys and values
	exp                        *program.Staircase // nil if one value is copied
	unit                       int64
	out                        program.Range
	masked                     string // the last parameter of a definition that has both forms
}

// The operations that all kinds of attention begin with, and those that kinds with a mean end with.
var (
	front = []program.Op{
		program.OpInput, program.OpLinear, program.OpGather, program.OpLinear, program.OpGather, program.OpLinear,
		program.OpGather, program.OpGather, program.OpContract, program.OpGather,
	}
	mean = []program.Op{
		program.OpContract, program.OpReduce, program.OpAffine, program.OpGather, program.OpGather, program.OpAffine,
		program.OpAdd, program.OpAffine, program.OpQuotient, program.OpGather,
	}
	picked = []program.Op{program.OpContract, program.OpGather}
)

// attentionOf reads the numbers of attention from its program; nil if the operations are not those. Whether the program
// is that of the library with these numbers is for Coq to say.
func attentionOf(p *program.Program) *block {
	nodes := p.Nodes()
	same := func(n program.Node, o program.Op) bool { return n.Op == o }
	are := func(from int, want []program.Op) bool { return slices.EqualFunc(nodes[from:], want, same) }
	if len(nodes) < len(front)+2 || !slices.EqualFunc(nodes[:len(front)], front, same) {
		return nil
	}
	weigh := &nodes[len(front)]
	b := &block{bits: nodes[0].Bits, exp: &weigh.Steps}
	end := len(front) + 1
	switch {
	case weigh.Op == program.OpStep && are(end, mean):
		b.name, b.module, b.definition, b.tactic = "attention", "Attention", "attend", "certify_attention"
	case weigh.Op == program.OpStep && nodes[end].Op == program.OpMask && are(end+1, mean):
		b.name, b.module, b.definition = "causal attention", "CausalAttention", "attend_causal"
		b.tactic, end = "certify_causal_attention", end+1
	case weigh.Op == program.OpMaxStep && are(end, mean):
		b.name, b.module, b.definition = "attention by a maximum", "StableAttention", "attend_stable"
		b.tactic, b.masked = "certify_stable_attention", fmt.Sprintf(" %t", weigh.Causal != nil)
	case weigh.Op == program.OpArgMax && are(end, picked):
		b.name, b.module, b.definition, b.exp = "unique-hard attention", "HardAttention", "attend_hard", nil
		b.tactic, b.masked = "certify_hard_attention", fmt.Sprintf(" %t", weigh.Causal != nil)
	default:
		return nil
	}
	queries := nodes[2].Shape // [n, heads, width]
	if len(nodes[0].Shape) != 2 || len(queries) != 3 || !nodes[0].Signed {
		return nil
	}
	b.features, b.width = nodes[0].Shape[1].Size(), queries[2].Size()
	for k := range b.weights {
		w := &nodes[1+2*k]
		if w.Matrix == nil || w.Matrix.Rows != b.features || w.Bias != nil { // keys and values may be shared by heads
			return nil
		}
		b.weights[k] = w.Matrix
	}
	if b.exp != nil {
		b.unit, b.out = nodes[end+2].Scale, nodes[end+8].Asked
	}
	return b
}

// text is the theorem about the textbook definition.
func (b *block) text(level int, gates count) string {
	var s strings.Builder
	fmt.Fprintf(&s, "\n(* The program is %s, so that the circuits compute its textbook definition. *)\n", b.name)
	for k, name := range []string{"WQ", "WK", "WV"} {
		fmt.Fprintf(&s, "Definition %s : list (list Z) := %s.\n", name, matrixText(b.weights[k]))
	}
	numbers := ""
	if b.exp != nil {
		fmt.Fprintf(&s, "Definition exponential : list (Z * Z) := %s.\n", jumpsText(*b.exp, "%s"))
		numbers = fmt.Sprintf(" %s exponential %s %s %d", intText(b.exp.Base), intText(b.unit), intText(b.out.Lo),
			b.out.Hi-b.out.Lo)
	}
	fmt.Fprintf(&s, `
Theorem attention_in_TC0 : forall n, (1 <= n)%%nat -> let c := compile program n in
  wf c /\ (depth c <= %d)%%nat /\ (N.of_nat (size c) <= neval %s (N.of_nat n))%%N /\
  forall x, eval c x = flat_map (fun i => map (fun f =>
    %s %d %d WQ WK WV%s%s n (decode %[4]d %[8]d x) i f) (seq 0 %[4]d)) (seq 0 n).
Proof. %[9]s. Qed.
Print Assumptions attention_in_TC0.
`, level, gates.term(), b.definition, b.features, b.width, numbers, b.masked, b.bits, b.tactic)
	return s.String()
}
