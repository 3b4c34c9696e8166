package paper

import (
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/internal/table"
)

// Markdown writes a proof as Markdown.
func Markdown(p *proof.Proof) string {
	w := &table.Page{}
	w.Printf("# Depth and size of `%s`\n\n", p.Subject)
	w.Printf("**%s.** %s. %s.\n\n", Sentence(string(p.Verdict.Verdict)), Sentence(p.Claim), Sentence(p.Reason))
	w.Printf("Strategy %s. Depth in the %s model: %s.\n\n## Derivation\n\n", p.Strategy, p.DepthModel, p.DepthNote)
	w.WriteString(derivationTable(" | source", derivation(p)).Markdown())
	if text := p.SymbolText(); text != "" {
		w.Printf("\nHere %s.\n", text)
	}
	depth := "≤ " + Pretty(p.DepthFormula)
	t := table.New("quantity | formula | in n")
	t.Row("depth", depth, depth)
	t.Row("gates", "≤ "+Pretty(p.SizeFormula), "≤ "+Pretty(p.SizeInN))
	t.Row("wires", "≤ "+Pretty(p.WiresFormula), "≤ "+Pretty(p.WiresInN))
	w.Printf("\n## Formulas\n\n%s", t.Markdown())
	if e := p.Interpolated; e != nil {
		w.Printf("\nCounted: %s and %s wires, interpolated %s.\n", Counted(e.Size, "gate"), Pretty(e.Wires), interpolation(e))
	}
	if l := p.LogPrecision; l != nil {
		w.Printf("\nFor numbers of p = %s bits, with L = log₂ n: at most %s gates and at most %s wires.\n",
			logText(l.C), Pretty(l.Size), Pretty(l.Wires))
		w.Printf("\n%s\nBounds that were read at these bits; no formula in p is claimed for them.\n", weightTable(l, asIs).Markdown())
	}
	if len(p.Values) > 0 && !p.Fixed {
		t := table.New("#n | #depth | #gates:, | #wires:,")
		for _, v := range p.Values {
			t.Row(v.N.String(), v.Depth.String(), v.Size.String(), v.Wires.String())
		}
		w.Printf("\n%s", t.Markdown())
	}
	w.Printf("\n## Verification\n\n%s\n", verification(p))
	if len(p.Checked) > 0 {
		w.Printf("\n%s", checkedTable(p, "#n").Markdown())
	}
	w.Printf("\n## What it is about\n\n")
	for _, text := range codes(p) {
		w.Printf("- Output %s.\n", text)
	}
	for _, text := range p.NotProved {
		w.Printf("- Not proved: %s.\n", text)
	}
	w.Printf("- Class of the family: %s.\n- Weights: %s. %s.\n- Uniformity: advice %s; %s.\n- %s.\n",
		class(p), p.WeightGrowth, Sentence(eachWeight(p)), p.Uniformity.Advice, p.Uniformity.Notion, Sentence(p.Scope))
	for _, text := range p.Assumptions {
		w.Printf("- Assumed: %s.\n", text)
	}
	for _, f := range p.Facts {
		w.Printf("- Cited: %s\n", factText(f))
	}
	for _, x := range p.Published {
		w.Printf("- Published: %s: %s = %d; ours %d at n = %d, both in the %s model. %s.\n", x.Source,
			x.Expression, x.Value, x.Ours, x.N, x.DepthModel, Sentence(x.Note))
	}
	return w.String()
}
