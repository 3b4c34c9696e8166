package paper

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/table"
)

// LaTeX writes a proof as a LaTeX document that needs nothing but the base packages.
func LaTeX(p *proof.Proof) string {
	w := &table.Page{}
	w.WriteString(`\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage{array}
\usepackage{longtable}
\usepackage[margin=2.5cm]{geometry}
\newtheorem{theorem}{Theorem}
\begin{document}
`)
	w.Printf("\\section*{Depth and size of \\texttt{%s}}\n\n", latexText(p.Subject))
	title := "by construction"
	if p.Verdict.Verdict != proof.Proved {
		title = string(p.Verdict.Verdict)
	}
	w.Printf("\\begin{theorem}[%s]\n%s\n\\end{theorem}\n\n", title, theorem(p))
	latexDerivation(w, p)
	latexFormulas(w, p)
	w.Printf("\\paragraph{Verification.} %s\n", latexProse(verification(p)))
	if len(p.Checked) > 0 {
		w.Printf("\n\\begin{center}%s\\end{center}\n", checkedTable(p, "$n$").LaTeX())
	}
	w.Printf("\n\\paragraph{Depth model.} %s: %s.\n\n", latexSentence(p.DepthModel), latexProse(p.DepthNote))
	w.Printf("\\paragraph{Weights.} %s. %s.\n\n", latexSentence(p.WeightGrowth), latexSentence(eachWeight(p)))
	w.Printf("\\paragraph{Class.} %s.\n\n", latexProse(class(p)))
	w.Printf("\\paragraph{Scope.} %s.\n", latexSentence(p.Scope))
	var outputs, missing, assumed, cited []string
	for _, text := range codes(p) {
		outputs = append(outputs, text+".")
	}
	for _, text := range p.NotProved {
		missing = append(missing, Sentence(text)+".")
	}
	for _, text := range p.Assumptions {
		assumed = append(assumed, Sentence(text)+".")
	}
	for _, f := range p.Facts {
		cited = append(cited, factText(f))
	}
	for _, x := range p.Published {
		cited = append(cited, fmt.Sprintf("%s: %s = %d; ours is %d at n = %d, both in the %s model. %s.",
			x.Source, x.Expression, x.Value, x.Ours, x.N, x.DepthModel, Sentence(x.Note)))
	}
	items(w, "Outputs.", outputs)
	items(w, "Not proved here.", missing)
	items(w, "Assumptions.", assumed)
	if len(cited) > 0 {
		items(w, "Cited, not proved here.", cited)
	}
	w.WriteString("\\end{document}\n")
	return w.String()
}

// latexDerivation writes the proof itself: a table of operations.
func latexDerivation(w *table.Page, p *proof.Proof) {
	w.Printf(`\noindent\emph{Proof.} %s; it is the table below, whose levels add up along the longest chain of `+
		`operations. Operations that add no level and no gate are left out. \hfill\rule{1ex}{1ex}

\begin{center}\small
\begin{longtable}{@{}>{\raggedright}p{3.2cm}>{\raggedright}p{2.2cm}rr`+
		`>{\raggedright}p{3.6cm}>{\raggedright\arraybackslash}p{3.6cm}@{}}
\caption{Derivation, strategy %s.%s}\\
\hline
Stage & Operation & Levels & Depth & Gates & Source\\
\hline
\endhead
`, latexSentence(p.Reason), latexText(p.Strategy), symbolLaTeX(p))
	last := ""
	for _, l := range derivation(p) {
		source := l.Source
		if source == last {
			source = "likewise"
		}
		last = l.Source
		w.Printf("%s & %s & $%s$ & $%s$ & $%s$%s & %s\\\\\n", latexText(l.Stage), latexText(l.Name()),
			maths(l.Adds), maths(l.Depth), maths(l.Gates), copies(l, ", times $"+maths(l.Copies)+"$"),
			latexProse(source))
	}
	w.WriteString("\\hline\n\\end{longtable}\n\\end{center}\n\n")
}

// latexFormulas writes what the proof says of depth, size and wires.
func latexFormulas(w *table.Page, p *proof.Proof) {
	w.Printf("\\paragraph{Formulas.} Depth $\\le %s$; gates\n\\[ \\le %s \\]\n", maths(p.DepthFormula), broken(p.SizeFormula))
	w.Printf("that is $\\le %s$; wires $\\le %s$.\n\n", maths(p.SizeInN), maths(p.WiresInN))
	if e := p.Interpolated; e != nil {
		w.Printf("Counted: $%s$ gates and $%s$ wires, interpolated %s.\n\n", maths(e.Size), maths(e.Wires), latexProse(interpolation(e)))
	}
	if l := p.LogPrecision; l != nil {
		w.Printf("\\paragraph{Logarithmic precision.} For numbers of $%d \\, L$ bits, $L = \\log_2 n$: gates\n"+
			"\\[ \\le %s . \\]\n\n", l.C, broken(l.Size))
		w.Printf("Bounds that were read at some bits; no formula in $p$ is claimed for them:\n"+
			"\\begin{center}%s\\end{center}\n\n", weightTable(l, latexProse).LaTeX())
	}
}

// items writes a paragraph that is a list.
func items(w *table.Page, title string, texts []string) {
	w.Printf("\n\\paragraph{%s}\n\\begin{itemize}\n", title)
	for _, text := range texts {
		w.Printf("\\item %s\n", latexProse(text))
	}
	w.WriteString("\\end{itemize}\n")
}

// theorem is the claim in words and formulas.
func theorem(p *proof.Proof) string {
	if p.Verdict.Verdict != proof.Proved {
		return latexSentence(p.Claim) + "."
	}
	subject := fmt.Sprintf("For %s the threshold circuit of this family", latexProse(p.Members))
	if p.Fixed {
		subject = "The threshold circuit of this network"
	}
	return fmt.Sprintf("%s has depth at most $%s$ and at most $%s$ gates and $%s$ wires.", subject,
		maths(p.DepthFormula), maths(p.SizeInN), maths(p.WiresInN))
}

func symbolLaTeX(p *proof.Proof) string {
	parts := symbols(p, nil)
	if len(parts) == 0 {
		return ""
	}
	return " Here " + strings.Join(parts, ", ") + "."
}

// symbols are the values of the symbols of a proof, each with what it counts if that is known.
func symbols(p *proof.Proof, meanings map[string]string) []string {
	var parts []string
	for part := range strings.SplitSeq(p.SymbolText(), ", ") {
		name, value, ok := strings.Cut(part, " = ")
		if !ok { // there are none
			return nil
		}
		text := fmt.Sprintf("$%s = %s$ %s", poly.Symbol(name).LaTeX(), value, meanings[name])
		parts = append(parts, strings.TrimSpace(text))
	}
	return parts
}

// broken lets a long formula of a display break into lines.
func broken(p poly.Poly) string {
	text := maths(p)
	if len(text) < 90 {
		return text
	}
	var b strings.Builder
	length := 0
	for i, word := range strings.Split(text, " ") {
		if (word == "+" || word == "-") && length > 70 {
			b.WriteString(`\\ &\quad `)
			length = 0
		} else if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString(word)
		length += len(word) + 1
	}
	return `\begin{aligned}[t] &` + b.String() + `\end{aligned}`
}

// latexSigns are signs, each before what LaTeX writes for it. The first that fits counts.
var latexSigns = strings.NewReplacer(strings.Fields(`
_⊕ $_\oplus$  \ \textbackslash{}  ~ \~{}  ^ \^{}
& \&  % \%  $ \$  # \#  _ \_  { \{  } \}
· $\cdot$  × $\times$  − $-$  √ $\surd$  ∞ $\infty$  τ $\tau$  ⊕ $\oplus$  Σ $\Sigma$
≤ $\le$  ≥ $\ge$  ≠ $\ne$  < $<$  > $>$  | $|$  ∈ $\in$  ∉ $\notin$
⌈ $\lceil$  ⌉ $\rceil$  ⌊ $\lfloor$  ⌋ $\rfloor$
₂ $_2$  ² $^2$  ³ $^3$  ⁴ $^4$  ⁵ $^5$  ⁶ $^6$  … \ldots{}  " ''`)...)

// What text has that is mathematics, or that LaTeX has marks for: classes, conditions on n, quotation marks.
var (
	latexClass = regexp.MustCompile(`\b(TC|ACC|AC|NC)([01])\b`)
	latexLeast = regexp.MustCompile(`\bn \$\\(ge|le)\$ ([0-9]+)`)
	latexQuote = regexp.MustCompile(`"([^"]*)"`)
)

// latexText writes plain text so that LaTeX sets it as it is.
func latexText(s string) string {
	s = latexSigns.Replace(latexQuote.ReplaceAllString(s, "``$1''"))
	return latexLeast.ReplaceAllString(latexClass.ReplaceAllString(s, `$$\mathsf{$1}^{$2}$$`), `$$n \$1 $2$$`)
}

// maths is a formula whose long numbers have commas.
func maths(p poly.Poly) string {
	return thousands.ReplaceAllString(table.GroupedIn(p.LaTeX()), "{,}$1")
}

var thousands = regexp.MustCompile(`,([0-9]{3})`)

func latexSentence(s string) string { return latexProse(Sentence(s)) }

// latexAtom is a number, or a letter that stands alone, with its power; latexFormula is a formula in a text: some of
// them with signs between, or one of the letters that always stand for a number.
const latexAtom = `(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?|\b[b-hj-zA-HJ-Z]\b)(?:[²³⁴⁵⁶]|\^[0-9a-z]\b)?`

var (
	latexFormula = regexp.MustCompile(latexAtom + `(?:(?:·| · | × | \+ | − | = | ≤ | ≥ | < | > )` + latexAtom + `)+` +
		`|\b[npT]\b(?:[²³⁴⁵⁶]|\^[0-9a-z]\b)?`)
	latexMaths = strings.NewReplacer("·", `\cdot `, "×", `\times `, "≤", `\le `, "≥", `\ge `, "−", "-", ",", "{,}",
		"²", "^2", "³", "^3", "⁴", "^4", "⁵", "^5", "⁶", "^6")
)

// latexProse writes plain text in which numbers and letters that belong to formulas are mathematics.
func latexProse(s string) string {
	s = latexQuote.ReplaceAllString(s, "``$1''")
	var b strings.Builder
	last := 0
	for _, at := range latexFormula.FindAllStringIndex(s, -1) {
		b.WriteString(latexText(s[last:at[0]]) + "$" + latexMaths.Replace(s[at[0]:at[1]]) + "$")
		last = at[1]
	}
	return b.String() + latexText(s[last:])
}
