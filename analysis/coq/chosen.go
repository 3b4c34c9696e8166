package coq

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// vectorInput is the next operation: signed integers of so many bits, on one axis.
func (r *reader) vectorInput() (size string, bits int) {
	n := r.take(program.OpInput)[0]
	if !r.ok || !n.Signed || len(n.Shape) != 1 {
		r.ok = false
		return "", 0
	}
	return sizeText(n.Shape[0]), n.Bits
}

// choice is the name of a parameter of an operation.
func (r *reader) choice(t *term, letter string, n *program.Node) string {
	name := fmt.Sprintf("%s%d", letter, n.ID)
	for _, p := range t.parameters {
		if p.name == name {
			return name
		}
	}
	r.ok = false
	return ""
}

// scale is the factor of an affine map: a number, or a parameter.
func (r *reader) scale(t *term, n *program.Node) string {
	if n.Func {
		return r.choice(t, "K", n)
	}
	return intText(n.Scale)
}

// names are the names of the parameters.
func (t *term) names() string {
	var list []string
	for _, p := range t.parameters {
		list = append(list, p.name)
	}
	return strings.Join(list, " ")
}

// gatedOf reads a gated linear unit, whatever its numbers are.
func gatedOf(r *reader, t *term) *textbook {
	size, bits := r.vectorInput()
	nodes := r.take(program.OpLinear, program.OpStep, program.OpLinear, program.OpContract, program.OpStep)
	gate, act, up, last := nodes[0], nodes[1], nodes[2], nodes[4]
	numbers := []string{
		r.choice(t, "W", gate), r.choice(t, "W", up), r.choice(t, "b", act), r.choice(t, "T", act), r.choice(t, "J", act),
	}
	unit := r.choice(t, "unit", last)
	if !r.done() || len(t.parameters) != len(numbers)+1 {
		return nil
	}
	out := sizeText(gate.Shape[0])
	jumps, levels := t.operations[1].literals, t.operations[4].literals
	return &textbook{
		name: "a gated linear unit", modules: "Definitions Values Gated", theorem: "gated",
		definitions: "(* Whatever its numbers are. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  0 < %s ->", t.binders(), unit),
		program:     t.program(),
		value: fmt.Sprintf("map (gated (peval %s n) (fun o k => %s [o; k]) (fun o k => %s [o; k])\n"+
			"      (stair %s (map (fun j => (%s j, %s j)) (seq 0 %d))) %s %s %d (decode_from 0 %d x))\n      (seq 0 (peval %s n))",
			size, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], jumps, unit,
			intText(last.Asked.Lo), levels, bits, out),
		proof: fmt.Sprintf("intros %s U. certify_meaning (certificate %[1]s)\n    (gated_block %s %s %d %s %d %s %s %d)\n"+
			"    (gated_meaning %[2]s %[3]s %[4]d %[5]s %[6]d %[7]s %[8]s %[9]d)", t.names(), size, out, bits,
			strings.Join(numbers, " "), jumps, unit, intText(last.Asked.Lo), levels),
	}
}

// The operations of a step of a sampler.
var samplingOps = []program.Op{
	program.OpLinear, program.OpAffine, program.OpStep, program.OpLinear, program.OpAffine, program.OpAffine,
	program.OpAdd, program.OpAffine, program.OpAdd, program.OpStep,
}

// samplerOf reads a sampler of some steps, whatever its numbers are.
func samplerOf(r *reader, t *term) *textbook {
	size, bits := r.vectorInput()
	noise, inputs := 0, 0
	for r.next(program.OpInput) {
		inputs++
		other, own := r.vectorInput()
		if other != size || inputs > 1 && own != noise {
			return nil
		}
		noise = own
	}
	var units, steps, chosen []string
	var hidden string
	var shared [4]string // gain, levels of hidden units, least value, levels
	for r.next(samplingOps...) {
		nodes := r.take(samplingOps...)
		first, second := nodes[0], nodes[3]
		unit1, unit := r.choice(t, "unit", nodes[2]), r.choice(t, "unit", nodes[9])
		units = append(units, unit1, unit)
		w1, b1, w2, b2 := r.choice(t, "W", first), r.choice(t, "B", first), r.choice(t, "W", second), r.choice(t, "B", second)
		weights := fmt.Sprintf("%s %s %s", r.scale(t, nodes[4]), r.scale(t, nodes[5]), r.scale(t, nodes[7]))
		k := len(samplingOps) * len(steps) // where its operations begin in the term
		own := [4]string{
			r.scale(t, nodes[1]), fmt.Sprint(t.operations[k+2].literals), intText(nodes[9].Asked.Lo),
			fmt.Sprint(t.operations[k+9].literals),
		}
		if len(steps) > 0 && own != shared {
			return nil
		}
		hidden, shared = sizeText(first.Shape[0]), own
		chosen = append(chosen, fmt.Sprintf("mkChosen %s %s %s %s %s %s %s", w1, b1, unit1, w2, b2, weights, unit))
		steps = append(steps, fmt.Sprintf("mkDenoising (peval %s n) (fun o k => %s [o; k]) (fun o => %s [o]) %s %s %s\n"+
			"        (fun f o => %s [f; o]) (fun f => %s [f]) %s %s %s %s", hidden, w1, b1, own[0], unit1, own[1], w2, b2, weights,
			unit, own[2], own[3]))
	}
	if !r.done() || len(steps) == 0 || len(steps) != inputs {
		return nil
	}
	return &textbook{
		name: "a sampler of a diffusion model", modules: "Definitions Values Denoiser", theorem: "sampler",
		definitions: "(* Whatever its numbers are. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  %s ->", t.binders(), "0 < "+strings.Join(units, " -> 0 < ")),
		program:     t.program(),
		value: fmt.Sprintf("map (sample (peval %s n) [\n      %s]\n      (decode_from 0 %d x)\n"+
			"      (fun t => decode_from (peval %[1]s n * %[3]d + t * (peval %[1]s n * %[4]d)) %[4]d x)) (seq 0 (peval %[1]s n))",
			size, strings.Join(steps, ";\n      "), bits, noise),
		proof: fmt.Sprintf("intros %s%s. certify_sampler (certificate %[1]s) %[3]s %s %d%%nat %d%%nat %s %s%%nat %s %s%%nat [\n    %s]",
			t.names(), strings.Repeat(" ?", len(units)), size, hidden, bits, noise, shared[0], shared[1], shared[2],
			shared[3], strings.Join(chosen, ";\n    ")),
	}
}

// The operations of a step of a diffusion policy.
var guidedOps = []program.Op{
	program.OpLinear, program.OpAffine, program.OpAdd, program.OpAffine, program.OpStep,
	program.OpLinear, program.OpAffine, program.OpAffine, program.OpAdd, program.OpStep,
}

// policyOf reads the sampler of a diffusion policy without noise, whatever the weights of its context are.
func policyOf(r *reader, t *term) *textbook {
	size, bits := r.vectorInput()
	in := r.take(program.OpInput)[0]
	context := r.take(program.OpLinear)[0]
	if !r.ok || !in.Signed || len(in.Shape) != 1 || in.Shape.Open() || context.Shape.Open() {
		return nil
	}
	numbers, hidden := in.Shape[0].Size(), context.Shape[0].Size()
	weights := r.choice(t, "W", context)
	var steps, units []string
	for r.next(guidedOps...) {
		nodes := r.take(guidedOps...)
		first, back, scales := nodes[0], nodes[5], ""
		for _, k := range []int{1, 3, 6, 7} {
			if nodes[k].Offset != 0 {
				return nil
			}
		}
		for _, k := range []int{6, 7} {
			scales += " " + r.scale(t, nodes[k])
		}
		if first.Matrix == nil {
			return nil
		}
		unit := r.choice(t, "unit", nodes[4])
		top := t.operations[1+len(guidedOps)*len(steps)+4].literals
		steps = append(steps, fmt.Sprintf("mkGuided %s %s %s %s %s %d\n        %s%s %s", matrixText(first.Matrix),
			intsText(first.Bias), r.scale(t, nodes[1]), r.scale(t, nodes[3]), unit, top, r.matrix(back), scales,
			r.rounding(nodes[9])))
		units = append(units, unit)
	}
	if !r.done() || len(steps) == 0 {
		return nil
	}
	list := "[\n      " + strings.Join(steps, ";\n      ") + "]"
	sizes := fmt.Sprintf("%s %d %d %d %d %s %s", size, numbers, hidden, bits, in.Bits, weights, list)
	return &textbook{
		name: "a sampler of a diffusion policy", modules: "Definitions DiffusionDefinitions Values Diffusion",
		theorem: "policy", program: t.program(),
		definitions: "(* Whatever the weights of the context and the units are. *)\n",
		binders:     fmt.Sprintf(" forall%s,\n  0 < %s ->", t.binders(), strings.Join(units, " -> 0 < ")),
		value: fmt.Sprintf("map (draw (peval %s n) %d %d (fun o k => %s [o; k]) %s\n      (decode_from 0 %d x) "+
			"(decode_from (peval %[1]s n * %[6]d) %[7]d x)) (seq 0 %[2]d)", size, numbers, hidden, weights, list, bits, in.Bits),
		proof: fmt.Sprintf("intros %s%s. certify_meaning (certificate %[1]s)\n    (draw_block %[3]s)\n    (draw_meaning %[3]s)",
			t.names(), strings.Repeat(" ?", len(units)), sizes),
	}
}
