package coq

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// normOf reads an RMS norm or a layer norm of the input.
func normOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	norm := r.norm()
	if !r.done() || len(t.parameters) > 0 {
		return nil
	}
	b := &textbook{
		name: "an RMS norm", modules: "Definitions NormDefinitions Norm", theorem: "norm", program: t.program(),
		value: positions(norm, features, bits), proof: "certify_norm",
	}
	if strings.HasPrefix(norm, "layer_norm") {
		b.name = "a layer norm"
	}
	return b
}

// norm is the next operations: those of an RMS norm, or of a layer norm, which begins with a linear map, of all
// positions or of one. It is the definition with its numbers.
func (r *reader) norm() string {
	name := "rms_norm"
	if r.next(program.OpLinear, program.OpContract) {
		name = "layer_norm"
		r.take(program.OpLinear)
	}
	nodes := r.take(program.OpContract, program.OpAffine, program.OpContract, program.OpRootQuotient)
	radicand, scaled, root := nodes[1], nodes[2], nodes[3]
	axes := len(root.Shape)
	if !r.ok || axes < 1 || axes > 2 || root.Shape[axes-1].Open() || root.Data == nil {
		r.ok = false
		return ""
	}
	gains := scaled.Arg(1)
	if gains.Op != program.OpConst || gains.Data == nil {
		r.ok = false
		return ""
	}
	return fmt.Sprintf("%s %d %d %d %s %s %d %s %d", name, root.Shape[axes-1].Size(), radicand.Scale, radicand.Offset,
		intsText(gains.Data), intsText(root.Data), root.Unit, intText(root.Asked.Lo), root.Asked.Hi-root.Asked.Lo)
}

// layerOf reads the layer of a transformer, with norms before or after attention and perceptron.
func layerOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	layer, definitions := r.layer("")
	if !r.done() || len(t.parameters) > 0 {
		return nil
	}
	return &textbook{
		name: "the layer of a transformer", modules: "Definitions NormDefinitions LayerDefinitions Layer", theorem: "layer",
		definitions: definitions, program: t.program(), value: positions(layer, features, bits), proof: "certify_layer",
	}
}

// stackOf reads layers one after the other, with norms after.
func stackOf(r *reader, t *term) *textbook {
	features, bits := r.input()
	var layers []string
	var definitions strings.Builder
	for r.ok && r.next(front...) {
		layer, numbers := r.layer(fmt.Sprintf("_%d", len(layers)+1))
		layers = append(layers, "\n        "+layer)
		definitions.WriteString(numbers)
	}
	if !r.done() || len(t.parameters) > 0 || len(layers) < 2 {
		return nil
	}
	return &textbook{
		name: "a stack of layers", modules: "Definitions NormDefinitions LayerDefinitions Stack", theorem: "stack",
		definitions: definitions.String(), program: t.program(), proof: "certify_stack",
		value: positions("stack ["+strings.Join(layers, ";")+"]", features, bits),
	}
}

// languageOf reads a language model, whatever the codes of positions are.
func languageOf(r *reader, t *term) *textbook {
	begin := []program.Op{program.OpTokens, program.OpLinear, program.OpAdd}
	if r.next(program.OpInput) { // in binary
		begin[0], begin[1] = program.OpInput, program.OpLookup
	}
	nodes := r.take(begin...)
	if !r.ok || len(nodes[1].Shape) != 2 || nodes[2].Arg(1).Op != program.OpConst {
		return nil
	}
	words, features, input, before := 0, nodes[1].Shape[1].Size(), "", 2
	switch in, table := nodes[0], nodes[1].Table; {
	case in.Op == program.OpTokens:
		words = in.Shape.Last()
		input = fmt.Sprintf("one_hot %d", words)
	case table != nil && table.Rows > 1 && !in.Signed:
		words, before = table.Rows, 4
		input = fmt.Sprintf("binary %d %d", words, in.Bits)
	}
	codes := r.choice(t, "C", nodes[2].Arg(1))
	given, known, binders := t.names(), "I", " forall"+t.binders()+","
	exponential := &term{}                                               // if it is for Coq to choose
	if low, high, bounded := nodes[2].Arg(1).Ends(); !r.next(front...) { // the first norm reads the embedding
		if !bounded {
			return nil
		}
		given, known = given+" R", "R"
		binders += fmt.Sprintf("\n  (forall i k, (%v) <= %s [i; k] <= %v) ->", low, codes, high)
	} else if r.chooses(t, before); r.chosen != "" { // or the first scores are its products
		given += " P"
		for _, p := range t.parameters {
			if p.name != codes {
				exponential.parameters = append(exponential.parameters, p)
			}
		}
		binders += fmt.Sprintf("\n  1 <= lowest %s %s ->", r.base, r.chosen)
	}
	pass := r.pass()
	name, kind, definition := "logits", "nat -> Z", "logit"
	of := strings.TrimSpace(exponential.names() + fmt.Sprintf(" (fun i k => %s [i; k]) n tokens", codes))
	value := fmt.Sprintf("(logits %s)", of)
	if pass.chooses {
		name, kind, definition = "next", "nat", fmt.Sprintf("next_token %d", words)
		value = fmt.Sprintf("(fun w => Z.b2z (w =? next %s)%%nat)", of)
	}
	chosen := 1 + len(exponential.parameters)
	thoughts := 1
	for ; r.ok && r.at < len(r.nodes) && pass.chooses && known == "R"; thoughts++ {
		r.thought(t, thoughts, pass)
		chosen++
	}
	if !r.done() || input == "" || words < 2 || len(t.parameters) != chosen { // one word needs no index of it
		return nil
	}
	b := &textbook{
		name: "a transformer", theorem: "transformer", binders: binders,
		modules: "Definitions NormDefinitions LayerDefinitions LanguageDefinitions Transformer", program: t.program(),
		definitions: fmt.Sprintf("%sDefinition table : list (list Z) := %s.\n"+
			"Definition %s%s (codes : nat -> nat -> Z) (n : nat) (tokens : nat -> nat) : %s :=\n"+
			"  %s %d table codes [%s]\n    (%s) n tokens.\n", pass.definitions, pass.table, name, exponential.binders(), kind,
			definition, features, pass.layers, pass.norm),
		inputs: fmt.Sprintf("tokens x, %s n tokens x ->", input), value: fmt.Sprintf("map %s (seq 0 %d)", value, words),
		proof: fmt.Sprintf("intros %s. unfold %s. certify_language %s %s", given, name,
			"(certificate "+t.names()+")", known),
	}
	if thoughts > 1 {
		low, high, _ := nodes[2].Arg(1).Ends()
		b.thoughts(thoughts, words, fmt.Sprintf("(%v) <= codes i k <= %v", low, high))
	}
	return b
}

// thoughts has the textbook say what a language model writes in some steps: more than one.
func (b *textbook) thoughts(steps, words int, ofCodes string) {
	codes := "(codes_from codes 0)"
	for k := range steps - 1 {
		codes += fmt.Sprintf(" (codes_from codes (n + %d))", k)
	}
	b.name, b.theorem, b.program = "a chain of thought", "thoughts", "(program "+codes+")"
	b.modules = strings.Replace(b.modules, " Transformer", " ChainOfThought", 1)
	b.binders = fmt.Sprintf(" forall (codes : nat -> nat -> Z),\n  (forall i k, %s) ->", ofCodes)
	b.value = fmt.Sprintf("flat_map (fun t => map (fun w =>\n      Z.b2z (w =? think (next codes) n tokens %d (n + t))%%nat) "+
		"(seq 0 %d)) (seq 0 %[1]d)", steps, words)
	b.proof = fmt.Sprintf("intros codes R. certify_thought (fun n => certificate %s n) R", codes)
}

// pass is what a language model makes of embedded tokens: the text of its layers, with the definitions of their
// numbers, the last norm and the table of words, and whether it chooses one.
type pass struct {
	layers, definitions, norm, table string
	chooses                          bool
}

// pass is the next operations: those of a pass.
func (r *reader) pass() (p pass) {
	for k := 1; r.ok && !r.next(program.OpGather, program.OpGather); k++ {
		layer, numbers := r.layer(fmt.Sprintf("_%d", k))
		if k > 1 {
			p.layers += ";"
		}
		p.layers += "\n    " + layer
		p.definitions += numbers
	}
	r.take(program.OpGather, program.OpGather) // the last position
	p.norm = r.norm()
	p.table = r.matrix(r.take(program.OpLinear)[0])
	if p.chooses = r.next(program.OpArgMax); p.chooses {
		r.take(program.OpArgMax)
	}
	if r.next(program.OpGather) { // a chain of thought could read on from here
		r.take(program.OpGather)
	}
	return p
}

// thought is the next operations: those of the same pass over one position more, which reads some sections that were
// kept.
func (r *reader) thought(t *term, kept int, first pass) {
	nodes := r.take(program.OpLinear, program.OpAdd)
	if !r.ok || nodes[1].Arg(1).Op != program.OpConst {
		r.ok = false
		return
	}
	r.choice(t, "C", nodes[1].Arg(1))
	r.sections = kept + 1
	if again := r.pass(); again != first {
		r.ok = false
	}
}

// layer is the next operations: those of the layer of a transformer. It returns the definition with its numbers, and
// those that have names, which end in the suffix.
func (r *reader) layer(suffix string) (layer, definitions string) {
	definition, norms := "post_norm_layer", make([]string, 2)
	before := !r.next(front...)
	if before {
		definition, norms[0] = "pre_norm_layer", r.norm()
	}
	attention := r.attention()
	first := r.residual("WO"+suffix, "residual1"+suffix)
	if before {
		norms[1] = r.norm()
	} else {
		norms[0] = r.norm()
	}
	hidden := r.take(program.OpLinear, program.OpStep)
	second := r.residual("WD"+suffix, "residual2"+suffix)
	if !before {
		norms[1] = r.norm()
	}
	up, activation := r.matrix(hidden[0]), r.jumps(hidden[1])
	if r.ok = r.ok && first.parts == second.parts && len(hidden[0].Shape) == 2 && attention.serves == 1; !r.ok {
		return "", ""
	}
	layer = fmt.Sprintf("%s %d %d %d WO%s WU%[5]s WD%[5]s %[6]s residual1%[5]s %[7]s activation%[5]s %[8]s residual2%[5]s",
		definition, attention.features, hidden[0].Shape[1].Size(), first.parts, suffix, intText(first.base),
		intText(hidden[1].Steps.Base), intText(second.base))
	for _, f := range append(norms, attention.function(suffix)) {
		layer += fmt.Sprintf("\n          (%s)", f)
	}
	definitions = attention.definitions(suffix) + first.definitions + second.definitions
	return layer, definitions + fmt.Sprintf("Definition WU%s : list (list Z) := %s.\n"+
		"Definition activation%[1]s : list (Z * Z) := %[3]s.\n", suffix, up, activation)
}

// residual is a residual sum that is rounded to a staircase.
type residual struct {
	definitions string // of the matrix and the jumps
	parts, base int64
}

// residual is the next operations: those of a residual sum. Its matrix and its jumps get the given names.
func (r *reader) residual(matrix, jumps string) residual {
	nodes := r.take(program.OpAffine, program.OpLinear, program.OpAdd, program.OpStep)
	return residual{
		parts: nodes[0].Scale, base: nodes[3].Steps.Base,
		definitions: fmt.Sprintf("Definition %s : list (list Z) := %s.\nDefinition %s : list (Z * Z) := %s.\n", matrix,
			r.matrix(nodes[1]), jumps, r.jumps(nodes[3])),
	}
}
