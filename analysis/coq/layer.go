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

// norm is the next operations: those of an RMS norm, or of a layer norm, which begins with a linear map. It is the
// definition with its numbers.
func (r *reader) norm() string {
	name := "rms_norm"
	if r.next(program.OpLinear, program.OpContract) {
		name = "layer_norm"
		r.take(program.OpLinear)
	}
	nodes := r.take(program.OpContract, program.OpAffine, program.OpContract, program.OpRootQuotient)
	radicand, scaled, root := nodes[1], nodes[2], nodes[3]
	if !r.ok || len(root.Shape) != 2 || root.Shape[1].Open() || root.Data == nil {
		r.ok = false
		return ""
	}
	gains := scaled.Arg(1)
	if gains.Op != program.OpConst || gains.Data == nil {
		r.ok = false
		return ""
	}
	return fmt.Sprintf("%s %d %d %d %s %s %d %s %d", name, root.Shape[1].Size(), radicand.Scale, radicand.Offset,
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
