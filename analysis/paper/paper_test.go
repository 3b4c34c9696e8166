package paper

import (
	"context"
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
		{Markdown, []string{"**Proved.**", "| depth | ≤ 3 | ≤ 3 |", "≤ " + p.SizeInN.Pretty(), "Class of the family: TC0: constant depth"}},
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
	const text, want = `50 % of n² ≤ 2^k, AC_⊕ "x"`, `50 \% of n$^2$ $\le$ 2\textasciicircum{}k, AC$_\oplus$ ` + "``x''"
	if got := latexText(text); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
