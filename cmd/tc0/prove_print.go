package main

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/poly"
)

// printProof prints a proof as a page of text.
func (a *app) printProof(p *analysis.Proof) {
	kind := "proved"
	if p.Verdict.Verdict != analysis.Proved {
		kind = string(p.Verdict.Verdict)
	}
	a.heading("Theorem (%s)", kind)
	a.printf("%s\n", wrapped(sentence(p.Claim)+". "+sentence(p.Reason)+"."))
	a.heading("Derivation (for every n, %s)", p.Strategy)
	var rows [][]string
	for _, l := range derivation(p) {
		rows = append(rows, []string{l.stage, l.operation, l.adds, l.depth, l.gates, l.copies})
	}
	a.table(cols("stage", "operation", "#levels", "#depth", "gates", "times"), rows, nil)
	a.printf("  Operations that add no level and no gate are left out: %d of %d.\n", len(p.Derivation)-len(rows), len(p.Derivation))
	if text := p.SymbolText(); text != "" {
		a.printf("  Here %s.\n", text)
	}
	for _, w := range reasons(p) {
		a.printf("%s\n", indented(w))
	}
	a.heading("Formulas")
	a.field("depth", "%s %s", depthSign(p), pretty(p.DepthFormula))
	a.field("size", "%s %s gates", sizeSign(p), p.SizeFormula.Pretty())
	a.field("", "%s %s", sizeSign(p), pretty(p.SizeInN))
	a.field("wires", "≤ %s", p.WiresFormula.Pretty())
	a.field("", "≤ %s", pretty(p.WiresInN))
	a.field("weight", "≤ %s, the wires with unweighted gates", bigPoly(p.WeightInN))
	if e := p.Exact; e != nil {
		a.field("exact", "from n = %d on: %s gates, %s wires", e.From, pretty(e.Size), pretty(e.Wires))
		a.field("", "since %s", e.Reason)
	}
	if l := p.LogPrecision; l != nil {
		a.field("p = "+logText(l.C), "%s %s gates, with L = log₂ n", sizeSign(p), pretty(l.Size))
		a.field("", "the formulas in p and 2^p, and the depth, are the same for %s bits", analysis.NSet(l.SameAt)[len("n in "):])
	}
	if len(p.Values) > 0 && !p.Fixed {
		rows = nil
		for _, v := range p.Values {
			rows = append(rows, []string{bigText(v.N), bigText(v.Depth), bigText(v.Size), bigText(v.Wires), bigText(v.Weight)})
		}
		a.printf("\n")
		a.table(cols("#n", "#depth", "#gates", "#wires", "#weight"), rows, nil)
		a.printf("  Values of the formulas; no circuit was built for them.\n")
	}
	a.printChecked(p)
	a.heading("Verdict: %s, %s", p.Verdict.Verdict, p.Class)
	a.printVerdict(p.Verdict)
	a.field("weights", "%s", p.WeightGrowth)
	a.field("uniformity", "the generator: a program of %d operations, whatever n is; the name of a gate has %s; live state: %s; advice: %s", p.Uniformity.Operations, p.Uniformity.GateName, p.Uniformity.LiveState, p.Uniformity.Advice)
	a.field("", "%s", p.Uniformity.Notion)
	if len(p.Facts) > 0 {
		a.heading("Known from the literature (cited, not proved here)")
		for _, f := range p.Facts {
			a.printf("%s\n", indented(factText(f)))
		}
	}
	if len(p.Published) > 0 {
		a.heading("Published bounds beside ours")
		rows = nil
		for _, b := range p.Published {
			rows = append(rows, []string{b.Source, b.Expression, fmt.Sprint(b.Value), fmt.Sprintf("%d at n=%d", b.Ours, b.N), b.DepthModel})
		}
		a.table(cols("source", "depth", "#value", "ours (measured)", "depth model"), rows, nil)
		for _, b := range p.Published {
			a.printf("%s\n", indented(b.Note))
		}
	}
}

// logText writes c·log₂ n, with L for the logarithm.
func logText(c int) string {
	if c == 1 {
		return "L"
	}
	return fmt.Sprintf("%d·L", c)
}

func (a *app) printChecked(p *analysis.Proof) {
	a.heading("Flat circuits, built and counted")
	if len(p.Checked) == 0 {
		a.printf("%s\n", indented("none: "+p.Unchecked+". tc0 prove --check 2,3 builds those for n = 2 and 3; the derivation does not need them."))
		return
	}
	var rows [][]string
	for _, k := range p.Checked {
		n := poly.Int(int64(k.N))
		at := func(f poly.Poly) string { return pretty(f.Substitute(map[string]poly.Poly{"n": n})) }
		row := []string{fmt.Sprint(k.N), fmt.Sprint(k.Depth), at(p.DepthFormula), count(k.Size), at(p.SizeInN), count(k.Wires), at(p.WiresInN)}
		if e := p.Exact; e != nil {
			row = append(row, at(e.Size), at(e.Wires))
		}
		rows = append(rows, row)
	}
	titles := []string{"#n", "#depth", "#" + depthSign(p), "#gates", "#" + sizeSign(p), "#wires", "#≤"}
	if p.Exact != nil {
		titles = append(titles, "#gates =", "#wires =")
	}
	a.table(cols(titles...), rows, nil)
	a.printf("  Beside each number is what the formulas say.\n")
}

// line is one line of the derivation as it is printed.
type line struct {
	stage, operation, adds, depth, gates, copies string
	step                                         analysis.ProofStep
}

// derivation returns the operations that add a level or a gate.
func derivation(p *analysis.Proof) []line {
	var out []line
	for _, s := range p.Derivation {
		if s.Adds.IsZero() && s.Gates.IsZero() {
			continue
		}
		l := line{stage: s.Stage, operation: operationName(s.Operation), adds: "+" + s.Adds.Pretty(), depth: s.Depth.Pretty(), gates: s.Gates.Pretty(), step: s}
		if !s.Copies.Equal(poly.Int(1)) {
			l.copies = s.Copies.Pretty()
		}
		out = append(out, l)
	}
	return out
}

// operationName is the operation without its operands.
func operationName(text string) string {
	name, _, _ := strings.Cut(text, "(")
	return name
}

// reasons says once what makes the gates of each kind of operation.
func reasons(p *analysis.Proof) []string {
	var out []string
	seen := map[string]bool{}
	for _, l := range derivation(p) {
		for why := range strings.SplitSeq(l.step.Why, "; ") {
			text := operationName(l.operation) + ": " + why + "."
			if why != "" && !seen[text] {
				seen[text] = true
				out = append(out, text)
			}
		}
	}
	return out
}

func factText(f analysis.Fact) string {
	text := sentence(f.Statement) + " (" + f.Source + ")."
	if f.Hypothesis != "" {
		text += " Hypotheses: " + f.Hypothesis + "."
	}
	return text
}

// bigPoly writes a polynomial whose coefficients may be long; then only its degree.
func bigPoly(p poly.Poly) string {
	text := pretty(p)
	if len(text) <= 80 {
		return text
	}
	if v, ok := p.AtN(big.NewInt(1)); ok {
		return fmt.Sprintf("a polynomial of degree %d in n, about 2^%d at n = 1", p.Degree("n"), v.BitLen())
	}
	return fmt.Sprintf("a polynomial of degree %d in n", p.Degree("n"))
}

// sentence begins a text with a capital letter.
func sentence(text string) string {
	if text == "" {
		return text
	}
	r := []rune(text)
	return strings.ToUpper(string(r[0])) + string(r[1:])
}
