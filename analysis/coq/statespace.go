package coq

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// positions are all values of a definition, position by position; the definition is given its numbers.
func positions(definition string, features, bits int) string {
	return fmt.Sprintf("flat_map (fun t => map (fun f =>\n      %s (decode %d %d x) t f) (seq 0 %[2]d)) (seq 0 n)",
		definition, features, bits)
}

// stateSpaceOf reads a time-invariant state-space model: a convolution and a staircase. Its kernels end, or are for Coq
// to choose.
func stateSpaceOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	nodes := r.take(program.OpGather, program.OpContract, program.OpStep)
	units := r.rounding(nodes[2])
	if !r.done() {
		return nil
	}
	b := &textbook{
		name: "a time-invariant state-space model", modules: "Definitions SequenceDefinitions Values StateSpace",
		theorem: "state_space", program: t.program(),
	}
	kernel, weights, certificate := "(kernel_of kernels)", "(taps kernels 0 2 1)", "certificate"
	theorem := fmt.Sprintf("(state_space_meaning %d %d kernels %s)", features, bits, units)
	switch {
	case nodes[1].Kernel != nil && len(t.parameters) == 0:
		b.definitions = fmt.Sprintf("Definition kernels : list (list Z) := %s.\n", listsText(nodes[1].Kernel))
	case nodes[1].Kernel == nil && len(t.parameters) == 1:
		b.definitions = "(* Whatever its kernel is, which may go on for ever. *)\n"
		b.binders, b.proof = " forall kernel : nat -> nat -> Z,", "intro kernel. "
		b.program = "(program (causal_kernel kernel))"
		kernel, weights = "kernel", "(chosen (causal_kernel kernel) [IV 0; IV 2; IV 1])"
		certificate = "(certificate (causal_kernel kernel))"
		theorem = fmt.Sprintf("(state_space_all_meaning %d %d kernel %s)", features, bits, units)
	default:
		return nil
	}
	b.value = positions(fmt.Sprintf("state_space %s %s", kernel, units), features, bits)
	b.proof += fmt.Sprintf("certify_meaning %s (state_space_block %d %d %s %s)\n    %s", certificate, features, bits,
		weights, units, theorem)
	return b
}

// lastOutputOf reads the output of a time-invariant state-space model at the last position.
func lastOutputOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	nodes := r.take(program.OpGather, program.OpContract, program.OpGather, program.OpGather, program.OpStep)
	units := r.rounding(nodes[4])
	if !r.done() || nodes[1].Kernel == nil || len(t.parameters) > 0 {
		return nil
	}
	return &textbook{
		name:    "a time-invariant state-space model at the last position",
		modules: "Definitions SequenceDefinitions Values StateSpace", theorem: "last_output", program: t.program(),
		definitions: fmt.Sprintf("Definition kernels : list (list Z) := %s.\n", listsText(nodes[1].Kernel)),
		value: fmt.Sprintf("map (state_space (kernel_of kernels) %s (decode %d %d x) (pred n)) (seq 0 %[2]d)", units,
			features, bits),
		proof: fmt.Sprintf("certify_meaning certificate (last_output_block %d %d (taps kernels 0 2 1) %s)\n"+
			"    (last_output_meaning %[1]d %[2]d kernels %[3]s)", features, bits, units),
	}
}

// The operations of one state of a selective model: one that looks back some lags, and one that looks back to the first
// position.
var (
	lagOps = []program.Op{
		program.OpGather, program.OpContract, program.OpGather, program.OpGather, program.OpGather, program.OpContract,
		program.OpGather, program.OpGather, program.OpGather, program.OpGather, program.OpContract,
		program.OpMask, program.OpStep, program.OpMask, program.OpContract,
	}
	allOps = []program.Op{
		program.OpGather, program.OpContract, program.OpGather, program.OpGather, program.OpWindow, program.OpGather,
		program.OpGather, program.OpContract, program.OpMask, program.OpStep, program.OpMask, program.OpContract,
	}
)

// mixing has the numbers of the mixing of a selective state-space model, in the order of the definition.
type mixing struct {
	definitions string
	base, units string // of the steps, and of the output
	block       string // all of them as the library has them for the program
}

// mixing reads the operations of a mixing.
func (r *reader) mixing() (m mixing) {
	front := r.take(program.OpLinear, program.OpStep, program.OpContract, program.OpLinear, program.OpLinear)
	var decays, states []string
	for r.next(lagOps...) || r.next(allOps...) {
		var decay *program.Node
		lags := 0
		if r.next(lagOps...) {
			nodes := r.take(lagOps...)
			decay, lags = nodes[12], nodes[2].Shape[2].Size()
		} else {
			decay = r.take(allOps...)[9]
		}
		if len(states) > 0 {
			r.take(program.OpAdd)
		}
		base, jumps := intText(decay.Steps.Base), jumpsText(decay.Steps, "%s")
		decays = append(decays, fmt.Sprintf("(%s, %s)", base, jumps))
		states = append(states, fmt.Sprintf("mkState %d %s %s", lags, base, jumps))
	}
	back := r.take(program.OpContract, program.OpAdd, program.OpStep)
	if !r.ok || len(states) == 0 || back[0].Arg(1).Data == nil {
		r.ok = false
		return m
	}
	m.definitions = r.matrices([]string{"WD", "WB", "WC"}, front[0], front[3], front[4]) +
		fmt.Sprintf("Definition steps : list (Z * Z) := %s.\nDefinition decays : list (Z * list (Z * Z)) := [\n  %s].\n"+
			"Definition skips : list Z := %s.\n", r.jumps(front[1]), strings.Join(decays, ";\n  "),
			intsText(back[0].Arg(1).Data))
	m.base, m.units = intText(front[1].Steps.Base), r.rounding(back[2])
	others := "(@nil state)"
	if len(states) > 1 {
		others = "[" + strings.Join(states[1:], ";\n      ") + "]"
	}
	m.block = fmt.Sprintf("WD WB WC %s steps\n    (%s)\n    %s\n    skips %s%%nat", m.base, states[0], others, m.units)
	return m
}

// definition is the model with its numbers, but for its input.
func (m *mixing) definition(features int) string {
	return fmt.Sprintf("selective %d WD WB WC %s steps decays skips %s", features, m.base, m.units)
}

// matrices defines the matrices of linear maps without a bias.
func (r *reader) matrices(names []string, nodes ...*program.Node) string {
	var b strings.Builder
	for i, name := range names {
		fmt.Fprintf(&b, "Definition %s : list (list Z) := %s.\n", name, r.matrix(nodes[i]))
	}
	return b.String()
}

// selectiveOf reads the mixing of a selective state-space model.
func selectiveOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	m := r.mixing()
	if !r.done() || len(t.parameters) > 0 {
		return nil
	}
	return &textbook{
		name: "a selective state-space model", modules: "Definitions SequenceDefinitions Values SelectiveState Selective",
		theorem: "selective", program: "program", definitions: m.definitions,
		value: positions(m.definition(features), features, bits),
		proof: fmt.Sprintf("certify_selective certificate %d%%nat %d%%nat %s", features, bits, m.block),
	}
}

// mambaOf reads the block of Mamba around such a mixing.
func mambaOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	front := r.take(program.OpLinear, program.OpGather, program.OpContract, program.OpStep)
	m := r.mixing()
	back := r.take(program.OpLinear, program.OpStep, program.OpContract, program.OpLinear, program.OpStep)
	if !r.done() || front[2].Kernel == nil || len(t.parameters) > 0 {
		return nil
	}
	definitions := r.matrices([]string{"WI", "WG", "WO"}, front[0], back[0], back[3]) + fmt.Sprintf(
		"Definition short : list (list Z) := %s.\nDefinition activation : list (Z * Z) := %s.\n"+
			"Definition gate : list (Z * Z) := %s.\n", listsText(front[2].Kernel), r.jumps(front[3]), r.jumps(back[1]))
	inner, outer, units := intText(front[3].Steps.Base), intText(back[1].Steps.Base), r.rounding(back[4])
	if !r.ok {
		return nil
	}
	return &textbook{
		name: "a block of Mamba", modules: "Definitions SequenceDefinitions Values SelectiveState Selective Mamba",
		theorem: "mamba", program: "program", definitions: definitions + m.definitions,
		value: positions(fmt.Sprintf("mamba %d WI short (stair %s activation)\n        (%s)\n        WG (stair %s gate) WO %s",
			features, inner, m.definition(features), outer, units), features, bits),
		proof: fmt.Sprintf("certify_mamba certificate %d%%nat %d%%nat WI short %s activation %s\n    WG %s gate WO %s%%nat",
			features, bits, inner, m.block, outer, units),
	}
}
