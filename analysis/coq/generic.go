package coq

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// numbers are those of a family that are others for each n, written as functions of n: by operation, the weights, the
// biases and the jumps. Coq computes them by the same hashes.
type numbers struct {
	definitions string
	text        map[int]string // by operation: the term but for its argument
	sizes       map[int]coefficients
	hashes      map[int]string // by operation: the weights of a Linear that are parameters
	bits        int
	widths      []string // of the layers of a perceptron, that of its input first
	steps       []int    // of the layers after it, if they have another function than rounding, or 0
}

// of is what is written of an operation.
func (m *numbers) of(id int) (string, bool) {
	if m == nil {
		return "", false
	}
	text, ok := m.text[id]
	return text, ok
}

// tags are the names of the hashed matrices of families, in the order of the operations whose weights are others for
// each n. Steps that are repeated have the same ones.
var tags = map[string][]string{
	"glu": {"gate", "up"}, "denoiser": {"weight 1", "weight 2"}, "diffusion": {"context"},
}

// hashesOf writes the weights of a family by its hashes.
func hashesOf(family string, bits int, seed uint64, open *program.Program) map[int]string {
	names, hashes, k := tags[family], map[int]string{}, 0
	for id := range open.Nodes() {
		if n := &open.Nodes()[id]; len(names) > 0 && n.Op == program.OpLinear && n.Matrix == nil {
			hashes[id] = fmt.Sprintf("(hashed %d %d \"%s\")", 1<<bits-1, seed, names[k%len(names)])
			k++
		}
	}
	return hashes
}

// numbersOf writes the numbers of a family that has some; nil for others, which are refused by their operations.
func numbersOf(family any, open *program.Program) *numbers {
	spec, ok := family.(compile.Spec)
	if !ok {
		return nil
	}
	bits, err := strconv.Atoi(spec.Args["bits"])
	seed, err2 := strconv.ParseUint(spec.Args["seed"], 10, 64)
	if err != nil || err2 != nil {
		return nil
	}
	out := &numbers{
		text: map[int]string{}, sizes: map[int]coefficients{}, bits: bits,
		hashes: hashesOf(spec.Family.Name, bits, seed, open),
	}
	if spec.Family.Name != "mlp" {
		if len(out.hashes) == 0 {
			return nil
		}
		return out
	}
	top, half := 1<<bits-1, 1<<(bits-1)
	var unit count // of the layer
	var b strings.Builder
	for id := range open.Nodes() {
		n := &open.Nodes()[id]
		switch k := len(out.widths); n.Op {
		case program.OpInput:
			out.widths = append(out.widths, sizeText(n.Shape[0]))
		case program.OpLinear:
			rows, columns := sizeText(n.Shape[0]), sizeText(n.Arg(0).Shape[0])
			for _, name := range []string{"weight", "bias"} {
				fmt.Fprintf(&b, "Definition %s_name%d : N * string := (%d%%N, \"%[1]s %[4]d\"%%string).\n"+
					"Definition %[1]s_seed%[2]d : N := Eval vm_compute in tagged (fst %[1]s_name%[2]d) (snd %[1]s_name%[2]d).\n",
					name, k, seed, k-1)
			}
			fmt.Fprintf(&b, "Definition W%d (n o k : nat) : Z := generic %d weight_seed%[1]d o k.\n", k, top)
			fmt.Fprintf(&b, "Definition U%d (n : nat) : Z := layer_unit (W%[1]d n) (peval %s n) (peval %s n).\n",
				k, rows, columns)
			fmt.Fprintf(&b, "Definition B%[1]d (n o : nat) : Z :=\n  layer_bias (W%[1]d n) %[2]d (U%[1]d n) "+
				"(generic %[3]d bias_seed%[1]d 0 o) (peval %[4]s n) o.\n", k, half, top, columns)
			out.text[id] = fmt.Sprintf("OSum %s [%s] (CF (fun n v => W%d n (nth 0 v 0%%nat) (nth 1 v 0%%nat)))\n"+
				"    (CF (fun n v => B%[3]d n (nth 0 v 0%%nat))) [IV 1]", shapeText(n.Shape), columns, k)
			out.widths = append(out.widths, rows)
			row := product(n.Arg(0).Shape).times(number(top))
			unit = number(1).plus(row)
			out.sizes[id] = coefficients{
				weight: number(top), constant: number(top).plus(number(half).times(row.plus(unit))),
			}
		case program.OpStep:
			if !n.Even { // the thresholds of another function
				out.steps = append(out.steps, id)
				continue
			}
			out.steps = append(out.steps, 0)
			out.text[id] = fmt.Sprintf("OStep 0 (rounding U%d %d)", k-1, top)
			out.sizes[id] = coefficients{nil, number(top).times(unit), number(0), number(top)}
		default:
			return nil
		}
	}
	out.definitions = b.String()
	return out
}

// perceptron is the network as a textbook has it, whatever the functions of hidden units are that do not round.
func (m *numbers) perceptron(t *term) *textbook {
	var layers, dense []string
	top := 1<<m.bits - 1
	given := strings.TrimSuffix(strings.TrimPrefix(t.program(), "(program"), ")") // with a space before each
	if len(t.parameters) == 0 {
		given = ""
	}
	for k := 1; k < len(m.widths); k++ {
		activation := fmt.Sprintf("round_to (U%d n) 0 %d", k, top)
		staircase := fmt.Sprintf("0 (rounding U%d %d)", k, top)
		if id := m.steps[k-1]; id > 0 {
			jumps := t.operations[2*k-1].literals
			if !slices.ContainsFunc(t.parameters, func(p parameter) bool { return p.node == id }) {
				return nil // the same function for each n
			}
			activation = fmt.Sprintf("stair b%d (map (fun j => (T%[1]d j, J%[1]d j)) (seq 0 %d))", id, jumps)
			staircase = fmt.Sprintf("b%d (jumps T%[1]d J%[1]d %d)", id, jumps)
		}
		layers = append(layers, fmt.Sprintf("mkLayer (peval %s n) (W%d n) (B%[2]d n) (fun _ => %s)", m.widths[k], k, activation))
		dense = append(dense, fmt.Sprintf("mkDense %s W%d B%[2]d %s", m.widths[k], k, staircase))
	}
	b := &textbook{
		name: "perceptrons", modules: "Definitions Perceptron", theorem: "perceptron", program: t.program(),
		definitions: fmt.Sprintf("Definition layers%s (n : nat) : list layer := [\n  %s].\n", t.binders(),
			strings.Join(layers, ";\n  ")),
		value: fmt.Sprintf("perceive (layers%s n) (map (decode_vector %d x) (seq 0 (peval %s n)))", given, m.bits,
			m.widths[0]),
		proof: fmt.Sprintf("certify_perceptron certificate %s %d%%nat [\n    %s]", m.widths[0], m.bits,
			strings.Join(dense, ";\n    ")),
	}
	if given != "" {
		b.definitions = "(* Whatever the functions of hidden units are. *)\n" + b.definitions
		b.binders = fmt.Sprintf(" forall%s,", t.binders())
		b.proof = strings.Replace(b.proof, "certificate", "(certificate"+given+")", 1)
		b.proof = "intros" + given + ". " + b.proof
	}
	return b
}
