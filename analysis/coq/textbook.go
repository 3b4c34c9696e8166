package coq

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/compile/program"
)

// textbook is what a certificate says of the textbook definition that the circuits compute.
type textbook struct {
	name        string // of what the program is
	modules     string // of the library, which have the definition and the theorem about it
	theorem     string // its name
	definitions string // of the numbers
	binders     string // numbers that the theorem is for, with their types and what is asked of them
	program     string
	inputs      string // what the input bits x are; "" if they can be any
	value       string // of the input bits x, in terms of the definition
	proof       string
}

// file is that of the library with the definition: the last of definitions.
func (b *textbook) file() string {
	file := ""
	for _, module := range strings.Fields(b.modules) {
		if strings.HasSuffix(module, "Definitions") {
			file = module + ".v"
		}
	}
	return file
}

// text is the theorem.
func (b *textbook) text(level int, gates count) string {
	return fmt.Sprintf(`
(* The program is that of %s, so that the circuits compute the textbook definition. *)
%sTheorem %s_in_TC0 :%s forall n, (1 <= n)%%nat -> let c := compile %s n in
  wf c /\ (depth c <= %d)%%nat /\ (N.of_nat (size c) <= neval %s (N.of_nat n))%%N /\
  forall %s eval c x =
    %s.
Proof.
  %s.
Qed.
Print Assumptions %[3]s_in_TC0.
`, b.name, b.definitions, b.theorem, b.binders, b.program, level, gates.term(), cmp.Or(b.inputs, "x,"), b.value, b.proof)
}

// stepsText is the theorem about steps, whose number is T.
func (b *textbook) stepsText(level int, gates count, more int, extra count) string {
	return fmt.Sprintf(`
(* The steps are those of %s, so that the circuits compute the textbook definition. *)
%sTheorem %s_in_TC0 : forall T n, (1 <= T)%%nat -> (1 <= n)%%nat ->
  let c := serial shared (steps T) n T in
  wf c /\ (depth c <= T * %d + %d)%%nat /\
  (N.of_nat (size c) <= N.of_nat T * neval %s (N.of_nat n) + neval %s (N.of_nat n))%%N /\
  forall x, eval c x =
    %s.
Proof.
  %s.
Qed.
Print Assumptions %[3]s_in_TC0.
`, b.name, b.definitions, b.theorem, level, more, gates.term(), extra.term(), b.value, b.proof)
}

// textbookOf reads the numbers of a textbook definition from a program and its term; nil for others. Whether the
// program is that of the library with these numbers is for Coq to say.
func textbookOf(p *program.Program, t *term, made *numbers) *textbook {
	switch {
	case t.coded: // the library's have no binary codes
		return nil
	case made != nil && len(made.widths) > 0:
		return made.perceptron(t)
	}
	for _, read := range []func(*reader, *term) *textbook{
		attentionOf, formOf, rotaryOf, stateSpaceOf, lastOutputOf, selectiveOf, mambaOf, gatedOf, samplerOf, policyOf,
		normOf, layerOf, stackOf, languageOf,
	} {
		if b := read(newReader(p), t); b != nil {
			return b
		}
	}
	return nil
}

// reader goes through the operations of a program in order, but for constants, which stand in what reads them.
type reader struct {
	nodes []*program.Node
	at    int
	ok    bool // so far all is as it was asked for

	// the base and the jumps of the exponential of the attention that comes next, if they are for Coq to choose
	base, chosen string
	// sections is how many sections of a sequence the attention reads whose keys and values were kept; 0 if it reads
	// all positions at once
	sections int
}

func newReader(p *program.Program) *reader {
	r := &reader{ok: true}
	for id := range p.Nodes() {
		if n := &p.Nodes()[id]; n.Op != program.OpConst {
			r.nodes = append(r.nodes, n)
		}
	}
	return r
}

// take returns the next operations if they are of the given kinds. Else ok is false from now on, and they are empty.
func (r *reader) take(kinds ...program.Op) []*program.Node {
	same := func(n *program.Node, o program.Op) bool { return n.Op == o }
	end := r.at + len(kinds)
	if !r.ok || end > len(r.nodes) || !slices.EqualFunc(r.nodes[r.at:end], kinds, same) {
		r.ok = false
		return slices.Repeat([]*program.Node{{}}, len(kinds))
	}
	r.at = end
	return r.nodes[end-len(kinds) : end]
}

// next reports whether the next operations are of the given kinds, and takes none.
func (r *reader) next(kinds ...program.Op) bool {
	ahead := *r
	ahead.take(kinds...)
	return ahead.ok
}

// matrix is the matrix of a linear map without a bias.
func (r *reader) matrix(n *program.Node) string {
	if n.Matrix == nil || n.Bias != nil {
		r.ok = false
		return ""
	}
	return matrixText(n.Matrix)
}

// jumps are those of a step that are the same for each n.
func (r *reader) jumps(n *program.Node) string {
	if len(n.Steps.At) == 0 {
		r.ok = false
		return ""
	}
	return jumpsText(n.Steps, "%s")
}

// rounding is the unit, the least value and the number of levels of a step that rounds.
func (r *reader) rounding(n *program.Node) string {
	f := n.Steps
	if len(f.At) == 0 {
		r.ok = false
		return ""
	}
	unit := max(1, -2*f.At[0], 2*f.At[0])
	if len(f.At) > 1 {
		unit = max(1, f.At[1]-f.At[0])
	}
	want := program.Round(unit, program.Range{Lo: f.Base, Hi: f.Base + int64(len(f.At))})
	if want.Base != f.Base || !slices.Equal(want.At, f.At) || !slices.Equal(want.Jump, f.Jump) {
		r.ok = false
	}
	return fmt.Sprintf("%s %s %d", intText(unit), intText(f.Base), len(f.At))
}

// input is the next operation: signed integers, so many features of each position, of so many bits.
func (r *reader) input() (features, bits int) {
	n := r.take(program.OpInput)[0]
	if !r.ok || !n.Signed || len(n.Shape) != 2 || n.Shape[1].Open() {
		r.ok = false
		return 0, 0
	}
	return n.Shape[1].Size(), n.Bits
}

// done reports whether all operations were read, as asked for.
func (r *reader) done() bool { return r.ok && r.at == len(r.nodes) }
