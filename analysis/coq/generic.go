package coq

import (
	"fmt"
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
	layers      int
	bits        int
	textbook    bool // it is the perceptron of widths n, 2n and n
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
	widths, textbook := "", true
	top, half := 1<<bits-1, 1<<(bits-1)
	var unit count // of the layer
	var b strings.Builder
	for id := range open.Nodes() {
		n := &open.Nodes()[id]
		switch k := out.layers; n.Op {
		case program.OpLinear:
			rows, columns := sizeText(n.Shape[0]), sizeText(n.Arg(0).Shape[0])
			widths += columns + rows
			for _, name := range []string{"weight", "bias"} {
				fmt.Fprintf(&b, "Definition %s_seed%d : N := Eval vm_compute in tagged %d \"%[1]s %[4]d\".\n", name, k+1, seed, k)
			}
			fmt.Fprintf(&b, "Definition W%d (n o k : nat) : Z := generic %d weight_seed%[1]d o k.\n", k+1, top)
			fmt.Fprintf(&b, "Definition U%d (n : nat) : Z := layer_unit (W%d n) (peval %s n) (peval %s n).\n", k+1, k+1, rows, columns)
			fmt.Fprintf(&b, "Definition B%d (n o : nat) : Z :=\n  layer_bias (W%d n) %d (U%d n) (generic %d bias_seed%d 0 o) (peval %s n) o.\n",
				k+1, k+1, half, k+1, top, k+1, columns)
			out.text[id] = fmt.Sprintf("OSum %s [%s] (CF (fun n v => W%d n (nth 0 v 0%%nat) (nth 1 v 0%%nat)))\n"+
				"    (CF (fun n v => B%d n (nth 0 v 0%%nat))) [IV 1]", shapeText(n.Shape), columns, k+1, k+1)
			row := product(n.Arg(0).Shape).times(number(top))
			unit = number(1).plus(row)
			out.sizes[id] = coefficients{
				weight: number(top), constant: number(top).plus(number(half).times(row.plus(unit))),
			}
		case program.OpStep:
			if !n.Even { // the thresholds of another function
				textbook = false
				out.layers++
				continue
			}
			out.text[id] = fmt.Sprintf("OStep 0 (rounding U%d %d)", k+1, top)
			out.sizes[id] = coefficients{nil, number(top).times(unit), number(0), number(top)}
			out.layers++
		case program.OpInput:
		default:
			return nil
		}
	}
	out.definitions = b.String()
	out.textbook = textbook && widths == "[0; 1]%nat[0; 2]%nat[0; 2]%nat[0; 1]%nat"
	return out
}

// perceptron is the theorem about the textbook definition of the network.
func (m *numbers) perceptron(level int, gates count) string {
	return fmt.Sprintf(`
(* The program is a perceptron of widths n, 2n and n, so that the circuits compute its textbook definition. *)
Theorem perceptron_in_TC0 : forall n, (1 <= n)%%nat -> let c := compile program n in
  wf c /\ (depth c <= %d)%%nat /\ (N.of_nat (size c) <= neval %s (N.of_nat n))%%N /\
  forall x, eval c x = map (perceive n (2 * n) (W1 n) (W2 n) (B1 n) (B2 n) 0 0
    (fun o => jumpsat (rounding U1 %d) n [o]) (fun o => jumpsat (rounding U2 %[3]d) n [o]) (decode_vector %[4]d x))
    (seq 0 n).
Proof.
  intros n Hn. destruct (certificate n Hn) as (W & D & S & V).
  split; [exact W | split; [exact D | split; [exact S |]]]. intro x. rewrite V.
  exact (perceptron_meaning %[4]d W1 W2 B1 B2 0 0 (rounding U1 %[3]d) (rounding U2 %[3]d) n x).
Qed.
Print Assumptions perceptron_in_TC0.
`, level, gates.term(), 1<<m.bits-1, m.bits)
}
