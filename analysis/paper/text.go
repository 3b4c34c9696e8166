package paper

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/table"
)

// Text is a proof as a page of text.
func Text(p *proof.Proof) string {
	w := &table.Page{}
	Print(w, p)
	return w.String()
}

// Print puts a proof on a page of text.
func Print(w *table.Page, p *proof.Proof) {
	kind := string(p.Verdict.Verdict)
	w.Heading("Theorem (%s)", kind)
	w.Paragraph(table.GroupedIn(Sentence(p.Claim) + "."))
	w.Aside(func() { w.Paragraph(table.GroupedIn(Sentence(p.Reason) + ".")) })
	classOf(w, p.Verdict)
	w.Fields("outputs", codes(p))
	w.Aside(func() { w.Fields("not proved", p.NotProved) })
	if p.Fixed {
		w.Heading("Derivation (%s)", p.Strategy)
	} else {
		w.Heading("Derivation (for every n, %s)", p.Strategy)
	}
	lines := derivation(p)
	w.Table(derivationTable("", lines))
	if text := p.SymbolText(); text != "" {
		w.Printf("  Here %s.\n", text)
	}
	w.Aside(func() {
		w.Printf("  Operations that add no level and no gate are left out: %d of %d.\n",
			len(p.Derivation)-len(lines), len(p.Derivation))
		for _, why := range reasons(lines) {
			w.Indented(why)
		}
	})
	formulas(w, p)
	checked(w, p)
	w.Detail("Verdict: %s, %s", kind, p.Class)
	Verdict(w, p.Verdict)
	w.Text("weights", p.WeightGrowth)
	u := p.Uniformity
	w.Field("uniformity", "the generator: a program of %d operations, whatever n is; the name of a gate has %s; "+
		"live state: %s; advice: %s", u.Operations, u.GateName, u.LiveState, u.Advice)
	w.Text("", u.Notion)
	if len(p.Facts) > 0 {
		w.Detail("Known from the literature (cited, not proved here)")
		for _, f := range p.Facts {
			w.Indented(factText(f))
		}
	}
	if len(p.Published) > 0 {
		w.Detail("Published bounds beside ours")
		t := table.New("source | depth | #value | ours (measured) | depth model")
		for _, b := range p.Published {
			t.Row(b.Source, b.Expression, b.Value, fmt.Sprintf("%d at n=%d", b.Ours, b.N), b.DepthModel)
		}
		w.Table(t)
		for _, b := range p.Published {
			w.Indented(b.Note)
		}
	}
}

// formulas writes what the proof says of depth, size, wires and weight.
func formulas(w *table.Page, p *proof.Proof) {
	w.Heading("Formulas")
	w.Field("depth", "≤ %s (%s model)%s", Pretty(p.DepthFormula), p.DepthModel, built(p, p.DepthMet))
	met := built(p, p.SizeMet)
	if p.SizeFormula.Equal(p.SizeInN) {
		w.Field("size", "≤ %s%s", Counted(p.SizeInN, "gate"), met)
	} else {
		w.Field("size", "≤ %s%s", Pretty(p.SizeInN), met)
		w.Aside(func() { w.Field("", "≤ %s gates", Long(p.SizeFormula)) })
	}
	if !p.WiresFormula.Equal(p.WiresInN) {
		w.Field("wires", "≤ %s", Pretty(p.WiresInN))
		w.Aside(func() { w.Field("", "≤ %s", Long(p.WiresFormula)) })
	} else {
		w.Field("wires", "≤ %s", Pretty(p.WiresInN))
	}
	w.Field("weight", "≤ %s, the wires with unweighted gates", bigPoly(p.WeightInN))
	w.Aside(func() { moreFormulas(w, p) })
}

// moreFormulas writes what else there is: weights of a gate, counts, values.
func moreFormulas(w *table.Page, p *proof.Proof) {
	w.Text("", eachWeight(p))
	if e := p.Interpolated; e != nil {
		w.Field("counted", "%s, %s wires: interpolated", Counted(e.Size, "gate"), Pretty(e.Wires))
		w.Text("", interpolation(e))
	}
	if l := p.LogPrecision; l != nil {
		w.Field("p = "+logText(l.C), "≤ %s gates, with L = log₂ n", Pretty(l.Size))
		w.Field("", "the formulas in p and 2^p, and the depth, are the same for %s bits",
			analysis.NSet(l.SameAt)[len("n in "):])
		w.Printf("\n")
		w.Table(weightTable(l, asIs))
		w.Printf("  Bounds that were read at these bits; no formula in p is claimed for them.\n")
	}
	if len(p.Values) > 0 && !p.Fixed {
		t := table.New("#n | #depth | #gates:, | #wires:, | #weight")
		for _, v := range p.Values {
			t.Row(v.N, v.Depth, v.Size, v.Wires, v.Weight)
		}
		w.Printf("\n")
		w.Table(t)
		w.Printf("  Values of the formulas; no circuit was built for them.\n")
	}
}

// built says at which n a bound was met; "" at none.
func built(p *proof.Proof, ns []int) string {
	switch {
	case len(ns) == 0:
		return ""
	case p.Fixed:
		return "; the circuit has just that"
	}
	return fmt.Sprintf("; the circuits that were built have just that at %s", analysis.NSet(ns))
}

// interpolation says where interpolated counts come from.
func interpolation(e *proof.Interpolation) string {
	text := fmt.Sprintf("from %d circuits, for %s", len(e.FixedBy), analysis.NSet(e.FixedBy))
	if len(e.Agree) > 0 {
		text += fmt.Sprintf("; those for %s agree", analysis.NSet(e.Agree))
	}
	return text + "; at other n the counts may differ, and the bounds above hold. Polynomials are to be expected where " +
		e.Reason
}

// checked puts the circuits that were built beside the formulas.
func checked(w *table.Page, p *proof.Proof) {
	w.Detail("Flat circuits, built and counted")
	if len(p.Checked) == 0 {
		w.Indented("none: " + p.Unchecked +
			"; " + hint(p) + ". The derivation does not need it.")
		return
	}
	t := table.New("#n | #depth | #≤ | #gates:, | #≤ | #wires:, | #≤")
	for _, k := range p.Checked {
		n := map[string]poly.Poly{"n": poly.Int(int64(k.N))}
		at := func(f poly.Poly) string { return Pretty(f.Substitute(n)) }
		t.Row(k.N, k.Depth, at(p.DepthFormula), k.Size, at(p.SizeInN), k.Wires, at(p.WiresInN))
	}
	w.Table(t)
	w.Printf("  Beside each number is what the formulas say.\n")
}

// OfGates says what the class of circuits is that were measured.
const OfGates = "%s, of the gates at the n measured"

// Verdict puts a verdict on a page, with its reason, its assumptions and what it is about.
func Verdict(w *table.Page, v proof.Verdict) {
	w.Text("claim", table.GroupedIn(v.Claim))
	classOf(w, v)
	w.Aside(func() { conditions(w, v) })
}

// classOf says what class the circuits of a verdict are in.
func classOf(w *table.Page, v proof.Verdict) {
	switch {
	case strings.HasPrefix(v.Class, "none"):
		w.Text("class", v.Class)
	case v.Verdict == proof.Proved:
		w.Field("class", "%s, of this family of circuits", v.Class)
		w.Aside(func() { w.Text("", v.ClassMeans) })
	default:
		w.Field("class", OfGates, v.Class)
	}
}

// conditions says why a verdict holds, and on what conditions.
func conditions(w *table.Page, v proof.Verdict) {
	w.Text("because", table.GroupedIn(v.Reason))
	w.Fields("assuming", v.Assumptions)
	w.Text("about", v.Scope)
	if v.Verdict != proof.Proved {
		w.Text("proved", "n/a: this claim is measured")
	}
}

// bigPoly writes a polynomial whose coefficients may be long; then only its degree.
func bigPoly(p poly.Poly) string {
	text := Pretty(p)
	if len(text) <= 80 {
		return text
	}
	text = fmt.Sprintf("a polynomial of degree %d in n", p.Degree("n"))
	if v, ok := p.AtN(big.NewInt(1)); ok {
		text += fmt.Sprintf(", about 2^%d at n = 1", v.BitLen())
	}
	return text
}
