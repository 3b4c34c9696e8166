package coq_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// TestCodesOfPositions asserts that the codes of tc0 are in the range that the theorem about a language model asks
// for, which is what a norm of the embedding needs: so the theorem is about the circuits of tc0.
func TestCodesOfPositions(t *testing.T) {
	asked := regexp.MustCompile(`\(forall i k, \((-\d+)\) <= (?:C2 \[i; k\]|codes i k) <= (\d+)\) ->`)
	for spec, steps := range map[string]int{
		"transformer": 1, "transformer:bits=4,seed=3": 1, "transformer:tokens=binary,norm=layer": 1, "cot": 1,
		"cot:steps=3,bits=4": 3,
	} {
		c, s := certificate(t, spec)
		found := asked.FindStringSubmatch(c.Text)
		if found == nil {
			t.Errorf("%s: the theorem asks for no range of codes", spec)
			continue
		}
		low, _ := strconv.ParseInt(found[1], 10, 64)
		high, _ := strconv.ParseInt(found[2], 10, 64)
		for n := 1; n <= 8; n++ {
			codes := codesOf(t, s, n)
			if want := 4 * (n + steps - 1); len(codes) != want {
				t.Errorf("%s, n=%d: %d numbers of codes, want %d", spec, n, len(codes), want)
			}
			for k, v := range codes {
				if v < low || v > high {
					t.Errorf("%s, n=%d: number %d of the codes is %d, not in %d..%d", spec, n, k, v, low, high)
				}
			}
		}
	}
}

// codesOf are the codes of all positions, those of a prompt of n tokens first.
func codesOf(t *testing.T, s compile.Spec, n int) (codes []int64) {
	t.Helper()
	p, err := s.Program(n)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range p.Nodes() {
		if node.Op == program.OpConst && strings.HasSuffix(node.Path(), "embedding") {
			codes = append(codes, node.Data...)
		}
	}
	return codes
}

// TestNoTextbook has models and attention of which there is no textbook theorem.
func TestNoTextbook(t *testing.T) {
	for _, spec := range []string{
		"cot:steps=2,place=post", "cot:steps=2,strategy=balanced", "transformer:d=1", "transformer:strategy=balanced",
		"attention:heads=4,kv_heads=2", "cot:vocab=1", "cot:steps=2,vocab=1",
	} {
		if c, _ := certificate(t, spec); c.Textbook != "" {
			t.Errorf("%s: a textbook theorem, %q", spec, c.Textbook)
		}
	}
}

// quick is a definition of a next token that keeps what parts of it make of n positions of two features, so that Coq
// computes it in time: each part is the function of the library.
const quick = `
Definition memo (n : nat) (X : nat -> nat -> Z) : nat -> nat -> Z :=
  let l := map (fun i => map (X i) (seq 0 2)) (seq 0 n) in fun i f => nth f (nth i l []) 0.
Definition kept (n : nat) (f : (nat -> nat -> Z) -> nat -> nat -> Z) (X : nat -> nat -> Z) :=
  memo n (f (memo n X)).
Definition listed (n : nat) (tokens : nat -> nat) : nat -> nat :=
  let l := map tokens (seq 0 n) in fun i => nth i l O.
`

// thoughtsOnVectors has Coq compute the definition of a chain of thought for every prompt of a small model: it says the
// tokens of the integer reference. With another number of the definition or of the theorem Coq refuses the proof, the
// seal aside.
func thoughtsOnVectors(ctx context.Context, t *testing.T, compiler *coq.Compiler) {
	const words, n, steps = 3, 2, 2
	c, s := certificate(t, fmt.Sprintf("cot:steps=%d,d=2,vocab=%d,seed=3", steps, words))
	text := c.Text[:strings.LastIndex(c.Text, "\n(* All numbers above")]
	p, err := s.Program(n)
	if err != nil {
		t.Fatal(err)
	}
	list := func(v []int64) string { return strings.ReplaceAll(strings.Trim(fmt.Sprint(v), "[]"), " ", "; ") }
	part := regexp.MustCompile(`(?m)^( +)\((rms_norm|attend_causal)(.*)\)(\]?;?| n tokens\.)$`)
	next := regexp.MustCompile(`(?s)Definition next.*?tokens\.\n`).FindString(text)
	if len(part.FindAllString(next, -1)) != 4 {
		t.Fatalf("the parts of the definition are others: %s", next)
	}
	next = strings.Replace(part.ReplaceAllString(next, "$1(kept n ($2$3))$4"), "next", "quick_next", 1)
	var b strings.Builder
	fmt.Fprintf(&b, "%s%s%s\nDefinition codes (i k : nat) : Z := nth (2 * i + k) [%s] 0.\n", text, quick, next,
		list(codesOf(t, s, n)))
	seen := map[string]bool{}
	for first := range int64(words) {
		for second := range int64(words) {
			out, err := p.Reference([]int64{first, second})
			if err != nil {
				t.Fatal(err)
			}
			seen[list(out)] = true
			fmt.Fprintf(&b, "Example thought_%d_%d : map (think (fun n tokens => quick_next codes n (listed n tokens)) %d\n"+
				"    (fun i => nth i [%[1]d; %d]%%nat O) %d) (seq %[3]d %[4]d) = [%[5]s]%%nat.\nProof. computed. Qed.\n", first, second, n,
				steps, list(out))
		}
	}
	if len(seen) < 2 {
		t.Fatalf("all prompts have the thoughts %v", seen)
	}
	err = compiler.Check(ctx, []byte(b.String()))
	tooltest.SkipIf(t, ctx.Err() != nil, "coqc")
	if err != nil {
		t.Errorf("the definition says other thoughts: %v", err)
	}
	for _, change := range [][2]string{
		{"codes_from codes (n + 0)", "codes_from codes (n + 1)"}, // the code of another position
		{"Definition WK_1 : list (list Z) := [[", "Definition WK_1 : list (list Z) := [[7; "},
		{"residual2_1 : list (Z * Z) := [(", "residual2_1 : list (Z * Z) := [(1 + "},
	} {
		var refused *coq.RefusedError
		err := compiler.Check(ctx, []byte(strings.ReplaceAll(text, change[0], change[1])))
		tooltest.SkipIf(t, ctx.Err() != nil, "coqc")
		if !strings.Contains(text, change[0]) || !errors.As(err, &refused) {
			t.Errorf("%q instead of %q is accepted, or stands nowhere: %v", change[1], change[0], err)
		}
	}
}
