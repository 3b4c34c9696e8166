package paper

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
)

// All three forms of a proof say what it proves.
func TestProof(t *testing.T) {
	spec, err := compile.ParseSpec("attention")
	if err != nil {
		t.Fatal(err)
	}
	p, err := analysis.Prove(context.Background(), analysis.Claim{
		Name: "attention", Family: spec, Strategy: lower.MinDepth, Kind: "attention", Layers: 1, N: []int{2},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []struct {
		write func(p *proof.Proof) string
		want  []string
	}{
		{Text, []string{"Theorem (proved)", "depth       ≤ 3", "≤ " + Pretty(p.SizeInN), "class       TC0, of this family"}},
		{Markdown, []string{"**Proved.**", "| depth | ≤ 3 | ≤ 3 |", "≤ " + Pretty(p.SizeInN), "Class of the family: TC0: constant depth"}},
		{LaTeX, []string{`\begin{theorem}[by construction]`, "depth at most $3$", "$" + p.SizeInN.LaTeX() + "$", `\end{document}`}},
	} {
		text := form.write(p)
		for _, want := range form.want {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
	}
}

func TestLaTeXText(t *testing.T) {
	const text, want = `50 % of n² ≤ 2^k, AC_⊕ "x"`, `50 \% of n$^2$ $\le$ 2\^{}k, AC$_\oplus$ ` + "``x''"
	if got := latexText(text); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLaTeXProse(t *testing.T) {
	for text, want := range map[string]string{
		"an induction in which n is a symbol":    "an induction in which $n$ is a symbol",
		"at most 299,700·n + 58,214, p = 3 bits": `at most $299{,}700\cdot n + 58{,}214$, $p = 3$ bits`,
		"4·n numbers, 7 wires a number":          `$4\cdot n$ numbers, 7 wires a number`,
		"for every n ≥ 1, at most 2·n² − 2^p":    `for every $n \ge  1$, at most $2\cdot n^2 - 2^p$`,
		`x·y over "a" of TC0, 50 %`:              "$x\\cdot y$ over ``a'' of $\\mathsf{TC}^{0}$, 50 \\%",
		"an n-bit number, layer 1/norm_2":        `an $n$-bit number, layer 1/norm\_2`,
	} {
		if got := latexProse(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// Each paper that a fact cites by its number has a title.
func TestTitles(t *testing.T) {
	cited := 0
	for _, kind := range analysis.FactKinds() {
		for _, f := range analysis.FactsOf(kind) {
			for _, number := range regexp.MustCompile(`[0-9]{4}\.[0-9]{5}`).FindAllString(f.Source, -1) {
				cited++
				if titles[number] == "" {
					t.Errorf("arXiv %s of %q has no title", number, f.Source)
				}
			}
		}
	}
	if cited < 20 {
		t.Errorf("only %d papers are cited", cited)
	}
}
