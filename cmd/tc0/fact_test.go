package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/problem"
)

// words is what a command prints, in one line.
func words(t *testing.T, args ...string) string {
	t.Helper()
	return strings.Join(strings.Fields(printed(t, args...)), " ")
}

// What is cited is cited of what it is about, with its hypotheses.
func TestFactsArePrinted(t *testing.T) {
	t.Chdir(t.TempDir())
	const (
		theorem  = "if a diffusion model with a TC0 backbone solves a problem"
		complete = "P-complete: one cell after t steps, t in unary a part of the input, on a ring of at least 2·t + 1 cells"
		linear   = "as unrolled here the depth is linear in n; with few states"
	)
	for _, test := range []struct{ command, has, lacks string }{
		// A class for each rule.
		{"report rule110:n=9,steps=2", complete, "smaller than"},
		{"report rule110:n=9,steps=2", "NC0: the class is that of the problem in which t, in unary, is a part", ""},
		{"report rule110:n=8,steps=5", "This ring of 8 cells is smaller than 2·t + 1 = 11", ""},
		{"report rule110:n=9,steps=2,rule=124", complete + " (Neary and Woods 2006", ""},
		{"report rule110:n=9,steps=2,rule=90", "class ACC0, not AC0 if t grows", "P-complete"},
		{"report rule110:n=9,steps=2,rule=150", "shape looks deep, is parallel: ", "≠ P"},
		{"report rule110:n=9,steps=2,rule=0", "class NC0 for each t", "P-complete"},
		{"report rule110:n=9,steps=2,rule=0", "depth here 0,", "≠ P"},
		{"report rule110:n=9,steps=2,rule=254", "class AC0 (", "P-complete"},
		{"report rule110:n=9,steps=2,rule=30", "class in P (step by step; nothing more is cited", "P-complete"},
		{"report billiard:n=4", "predicting t steps, t in unary a part of the input", ""},
		// Sorting.
		{"report sorting:n=4", "best depth 3 for n numbers of n bits, ", ""},
		{"report sorting:n=6,bits=1", "best depth 1 for bits, ", "3 for n numbers"},
		{"report sorting:n=6,bits=1", "depth here 1, ", "Siu"},
		// Two lines for two circuits.
		{"report division:n=3", "(uniform: Hesse, Allender and Barrington 2002, by other circuits than those of the best", ""},
		{"report division:n=3", "(Siu and Roychowdhury 1994; other circuits than the uniform ones)", ""},
		{"report dyck:n=4", "best depth none is cited ", "least known"},
		{"report arithmetic:n=3", "shape looks deep, is parallel: ", "shape deep"},
		{"report gridworld:n=3", "shape looks deep, is parallel: ", "shape deep"},
		{"report parity:n=4", "without a hypothesis: parity in depth d ≥ 2 takes at least (n/2)^(1/(2(d − 1))) threshold gates", ""},
		{"report parity:n=4", "arXiv 1511.07860", ""},
		{"report cvp:n=3", "Impagliazzo, Paturi and Saks 1997", ""},
		// Models.
		{"report rnn:n=2,d=1", linear, "TC0 for fixed n"},
		{"report gru:n=2,d=1", linear, "TC0 for fixed n"},
		{"prove lstm:d=1", linear + ", whose number n does not change", "TC0 for fixed n"},
		{"prove cot:d=1", "Hypotheses: an embedding of O(log n) features, and parameters that may be others for each n", ""},
		{"report cot:n=2,d=1", "If: numbers of O(log n) bits, and generalised pre-norm", ""},
		{"prove denoiser", "is not about a family of denoisers whose n is the dimension", theorem},
		{"prove diffusion:kind=masked,d=1", "the theorem about diffusion models is not about it", theorem},
		{"prove diffusion", "H3 the dimension d of the diffused output does not depend on n", ""},
		{"prove attention:kind=unique-hard,d=1", "unique-hard attention transformers decide are in AC0", "uniform TC0"},
		{"prove attention:d=1", "the accumulator decides", ""},
		{"prove attention:d=1", "arXiv 2506.16055", ""},
		{"prove looped:d=1", "Hypotheses: polynomially many padding tokens; for TC^d, numbers of O(log n) bits", ""},
		{"prove layer:d=1", "arXiv 2605.30523", ""},
		{"prove mamba:d=1", "arXiv 2603.01959", ""},
		// The codes of outputs, as README has them.
		{"stat attention:n=4", "outputs 112 bits, 16 ports", ""},
		{"stat attention:n=4,kind=unique-hard", "outputs 768 bits, 16 ports", ""},
	} {
		text := words(t, strings.Fields(test.command)...)
		if !strings.Contains(strings.ToLower(text), strings.ToLower(test.has)) {
			t.Errorf("%s does not print %q", test.command, test.has)
		}
		if test.lacks != "" && strings.Contains(strings.ToLower(text), strings.ToLower(test.lacks)) {
			t.Errorf("%s prints %q", test.command, test.lacks)
		}
	}
}

// Lists and proofs have one class.
func TestListedClassIsProved(t *testing.T) {
	a := &app{ctx: t.Context()}
	for _, name := range []string{"layernorm", "rmsnorm", "mlp", "glu", "s4", "attention:kind=unique-hard"} {
		var proof struct{ Class string }
		if err := json.Unmarshal([]byte(printed(t, "prove", name, "--json")), &proof); err != nil {
			t.Fatal(err)
		}
		if got, err := a.provedClass(name); err != nil || got != proof.Class || got == "" {
			t.Errorf("%s: listed %q, proved %q, %v", name, got, proof.Class, err)
		}
	}
	for _, f := range compile.Families() {
		class, err := a.classOfFamily(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range f.Params {
			want := map[string]string{"order": "as unrolled; NC1 by re-association", "steps": " with steps fixed"}[p.Name]
			if !strings.Contains(class, want) {
				t.Errorf("%s: %s, without %q", f.Name, class, want)
			}
		}
		if f.Name == "ssm" && !strings.HasSuffix(class, " (convolution), depth linear (recurrence)") {
			t.Errorf("%s: %s, without its kinds", f.Name, class)
		}
		if strings.Contains(class, "TC0 for fixed n") || strings.Contains(class, "none") {
			t.Errorf("%s: %s", f.Name, class)
		}
	}
}

// The table of problems in docs/problems.md has the depths that reports print.
func TestDocsDepthsAreCited(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "problems.md"))
	if err != nil {
		t.Fatal(err)
	}
	for name, start := range map[string]string{
		"dyck1": "| brackets of one kind |", "dyck": "| brackets of k kinds, nested to a bound |",
		"division": "| division |", "multiplication": "| multiplication |",
	} {
		_, row, ok := strings.Cut(string(text), "\n"+start)
		if !ok {
			t.Errorf("no row %q", start)
			continue
		}
		best := strings.TrimSpace(strings.Split(row, "|")[1])
		if p, _ := problem.Find(name); best != p.Best {
			t.Errorf("%s: best depth %q in docs/problems.md, %q in reports", name, best, p.Best)
		}
	}
}
