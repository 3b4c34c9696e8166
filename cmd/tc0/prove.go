package main

import (
	"cmp"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/gates"
)

type proveCmd struct {
	target
	Check    string `default:"auto" placeholder:"LIST" help:"The n of the flat circuits to compare the formulas with, as in tc0 sweep --n; none for none; auto for small ones of at most ${defaultWires} wires by formula."`
	LogBits  int    `placeholder:"C" help:"Also the formulas for numbers of C·log₂ n bits, so that 2^p is n^C."`
	LaTeX    bool   `name:"latex" xor:"format" help:"Print a LaTeX document, which compiles as it is."`
	Markdown bool   `xor:"format" help:"Print Markdown."`
	Output   string `short:"o" placeholder:"FILE.json" help:"Write the proof as JSON, too, for tc0 check."`
}

func (proveCmd) Help() string {
	return `The program of the family is read once, with n as a symbol: operation by operation the levels it adds and polynomials for its gates and wires. That bounds depth and size for every n, by construction. Then flat circuits are built for some n, counted and compared: where formula and circuits are the same, the table says "=", else "≤".

The verdict is about this family of circuits and never about the function it computes. For trained networks that read a sequence, n is its length.

Examples:

  tc0 prove attention
  tc0 prove attention:d=64,heads=8,bits=8
  tc0 prove attention --log-bits 1
  tc0 prove adder --check none
  tc0 prove layer --check 2,3,4,5 -o layer.json && tc0 check layer.json
  tc0 prove mamba --latex > mamba.tex && pdflatex mamba.tex
`
}

// Run makes the proof and prints it.
func (cmd *proveCmd) Run(a *app) error {
	s, err := a.open(cmd.target)
	if err != nil {
		return err
	}
	claim, err := claimOf(s)
	if err != nil {
		return err
	}
	switch cmd.Check {
	case "auto":
	case "none":
		claim.N = []int{}
	default:
		if claim.N, err = parseN("check", cmd.Check); err != nil {
			return err
		}
	}
	if err := cmd.precisions(s, &claim); err != nil {
		return err
	}
	if a.model.Name != gates.Standard().Name {
		return errf("--depth-model=%s: formulas are in the standard model; tc0 stat measures a circuit in others",
			a.model.Name)
	}
	m := a.meter("building circuits for n")
	claim.Progress = func(n int) { m.set(n, max(n, 1)) }
	proof, err := analysis.Prove(a.ctx, claim)
	m.end()
	if err != nil {
		return err
	}
	if cmd.Check == "none" {
		proof.Unchecked = "none were asked for"
		if err := proof.Seal(); err != nil {
			return err
		}
	}
	a.save(cmd.Output, func(w io.Writer) error { return writeJSON(w, proof) })
	return cmp.Or(a.show(proof, func() {
		switch {
		case cmd.LaTeX:
			a.writeProofLaTeX(proof)
		case cmd.Markdown:
			a.writeProofMarkdown(proof)
		default:
			a.title(s)
			a.printProof(proof)
			a.printSaved(cmd.Output)
		}
	}, true), judged(proof.Verdict))
}

// precisions adds the same family with other numbers of bits.
func (cmd *proveCmd) precisions(s subject, claim *analysis.Claim) error {
	f, ok := s.(*familySubject)
	switch {
	case cmd.LogBits == 0:
		return nil
	case cmd.LogBits < 0 || cmd.LogBits > 8:
		return errf("--log-bits=%d is outside 1..8", cmd.LogBits)
	case !ok || f.spec.Args["bits"] == "":
		return errf("--log-bits=%d: %s has no parameter bits", cmd.LogBits, s.name())
	}
	claim.LogBits, claim.Precisions = cmd.LogBits, map[int]analysis.Family{}
	for bits := 3; bits <= 6; bits++ {
		claim.Precisions[bits] = f.spec.With("bits", bits)
	}
	return nil
}

// claimOf is what is to be proved of s, for every n.
func claimOf(s subject) (analysis.Claim, error) {
	if b := s.its().basis; b != basis.TC0 {
		return analysis.Claim{}, errf(
			"formulas are of threshold circuits, basis TC0; circuits in basis %v are measured by tc0 sweep",
			b,
		)
	}
	claim, err := s.claim()
	if n := s.named(); err == nil && n != "" {
		err = errf("%s: a proof is for every n, so leave n out; --check %s builds the circuit for that n", s.short(), n)
	}
	return claim, err
}

// printProof prints a proof as a page of text.
func (a *app) printProof(p *analysis.Proof) {
	kind := "proved"
	if p.Verdict.Verdict != analysis.Proved {
		kind = string(p.Verdict.Verdict)
	}
	a.heading("Theorem (%s)", kind)
	a.printf("%s\n", wrapped(sentence(p.Claim)+". "+sentence(p.Reason)+".", 100))
	a.heading("Derivation (for every n, %s)", p.Strategy)
	lines := derivation(p)
	a.table(derivationTable(lines, false))
	a.printf("  Operations that add no level and no gate are left out: %d of %d.\n", len(p.Derivation)-len(lines),
		len(p.Derivation))
	if text := p.SymbolText(); text != "" {
		a.printf("  Here %s.\n", text)
	}
	for _, w := range reasons(lines) {
		a.indented(w)
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
		a.field("", "the formulas in p and 2^p, and the depth, are the same for %s bits",
			analysis.NSet(l.SameAt)[len("n in "):])
	}
	if len(p.Values) > 0 && !p.Fixed {
		t := newTable("#n | #depth | #gates | #wires | #weight")
		for _, v := range p.Values {
			t.row(v.N, v.Depth, v.Size, v.Wires, v.Weight)
		}
		a.printf("\n")
		a.table(t)
		a.printf("  Values of the formulas; no circuit was built for them.\n")
	}
	a.printChecked(p)
	a.heading("Verdict: %s, %s", p.Verdict.Verdict, p.Class)
	a.printVerdict(p.Verdict)
	a.text("weights", p.WeightGrowth)
	a.field(
		"uniformity",
		"the generator: a program of %d operations, whatever n is; the name of a gate has %s; live state: %s; advice: %s",
		p.Uniformity.Operations,
		p.Uniformity.GateName,
		p.Uniformity.LiveState,
		p.Uniformity.Advice,
	)
	a.text("", p.Uniformity.Notion)
	if len(p.Facts) > 0 {
		a.heading("Known from the literature (cited, not proved here)")
		for _, f := range p.Facts {
			a.indented(factText(f))
		}
	}
	if len(p.Published) > 0 {
		a.heading("Published bounds beside ours")
		t := newTable("source | depth | #value | ours (measured) | depth model")
		for _, b := range p.Published {
			t.row(b.Source, b.Expression, b.Value, fmt.Sprintf("%d at n=%d", b.Ours, b.N), b.DepthModel)
		}
		a.table(t)
		for _, b := range p.Published {
			a.indented(b.Note)
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
		a.indented(
			"none: " + p.Unchecked + ". tc0 prove --check 2,3 builds those for n = 2 and 3; the derivation does not need them.",
		)
		return
	}
	header := "#n | #depth | #" + depthSign(p) + " | #gates:, | #" + sizeSign(p) + " | #wires:, | #≤"
	if p.Exact != nil {
		header += " | #gates = | #wires ="
	}
	t := newTable(header)
	for _, k := range p.Checked {
		n := poly.Int(int64(k.N))
		at := func(f poly.Poly) string { return pretty(f.Substitute(map[string]poly.Poly{"n": n})) }
		row := []any{k.N, k.Depth, at(p.DepthFormula), k.Size, at(p.SizeInN), k.Wires, at(p.WiresInN)}
		if e := p.Exact; e != nil {
			row = append(row, at(e.Size), at(e.Wires))
		}
		t.row(row...)
	}
	a.table(t)
	a.printf("  Beside each number is what the formulas say.\n")
}

// derivation returns the operations that add a level or a gate.
func derivation(p *analysis.Proof) []analysis.ProofStep {
	return slices.DeleteFunc(slices.Clone(p.Derivation),
		func(s analysis.ProofStep) bool { return s.Adds.IsZero() && s.Gates.IsZero() })
}

// derivationTable has them, with their sources if that is asked for.
func derivationTable(lines []analysis.ProofStep, sources bool) *grid {
	header := "stage | operation | #levels | #depth | gates | times"
	if sources {
		header += " | source"
	}
	t := newTable(header)
	for _, l := range lines {
		row := []any{
			l.Stage,
			l.Name(),
			"+" + l.Adds.Pretty(),
			l.Depth.Pretty(),
			l.Gates.Pretty(),
			copies(l, l.Copies.Pretty()),
			l.Source,
		}
		t.row(row[:len(t.columns)]...)
	}
	return t
}

// copies is a text about the copies of an operation; "" if there is one.
func copies(s analysis.ProofStep, text string) string {
	if s.Copies.Equal(poly.Int(1)) {
		return ""
	}
	return text
}

// reasons says once what makes the gates of each kind of operation.
func reasons(lines []analysis.ProofStep) []string {
	var out []string
	for _, l := range lines {
		for why := range strings.SplitSeq(l.Why, "; ") {
			text := l.Name() + ": " + why + "."
			if why != "" && !slices.Contains(out, text) {
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

// relations are the signs of what formulas say.
var relations = map[analysis.Relation]string{analysis.Equal: "=", analysis.AtMost: "≤"}

func sizeSign(p *analysis.Proof) string  { return relations[p.SizeRelation] }
func depthSign(p *analysis.Proof) string { return relations[p.DepthRelation] }

// pretty writes a polynomial with its long numbers in groups of three digits.
func pretty(p poly.Poly) string { return groupedDigits(p.Pretty()) }

var digits = regexp.MustCompile("[0-9]+")

func groupedDigits(text string) string { return digits.ReplaceAllStringFunc(text, groups) }
