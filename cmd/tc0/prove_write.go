package main

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/poly"
)

// writeProofMarkdown writes a proof as Markdown.
func (a *app) writeProofMarkdown(p *analysis.Proof) {
	a.printf("# Depth and size of `%s`\n\n", p.Subject)
	a.printf("**%s.** %s. %s.\n\n", sentence(string(p.Verdict.Verdict)), sentence(p.Claim), sentence(p.Reason))
	a.printf("Strategy %s. Depth in the %s model: %s.\n\n## Derivation\n\n", p.Strategy, p.DepthModel,
		p.DepthNote)
	a.markdown(derivationTable(derivation(p), true))
	if text := p.SymbolText(); text != "" {
		a.printf("\nHere %s.\n", text)
	}
	a.out.WriteString("\n## Formulas\n\n")
	depth := depthSign(p) + " " + p.DepthFormula.Pretty()
	t := newTable("quantity | formula | in n")
	t.row("depth", depth, depth)
	t.row("gates", sizeSign(p)+" "+p.SizeFormula.Pretty(), sizeSign(p)+" "+p.SizeInN.Pretty())
	t.row("wires", "≤ "+p.WiresFormula.Pretty(), "≤ "+p.WiresInN.Pretty())
	a.markdown(t)
	if e := p.Exact; e != nil {
		a.printf("\nExactly, from n = %d on: %s gates and %s wires, since %s.\n", e.From, e.Size.Pretty(),
			e.Wires.Pretty(), e.Reason)
	}
	if l := p.LogPrecision; l != nil {
		a.printf("\nFor numbers of p = %s bits, with L = log₂ n: %s %s gates and at most %s wires.\n",
			logText(l.C), sizeSign(p), l.Size.Pretty(), l.Wires.Pretty())
	}
	if len(p.Values) > 0 && !p.Fixed {
		a.out.WriteString("\n")
		t := newTable("#n | #depth | #gates | #wires")
		for _, v := range p.Values {
			t.row(v.N.String(), v.Depth.String(), v.Size.String(), v.Wires.String())
		}
		a.markdown(t)
	}
	a.printf("\n## Verification\n\n%s\n", verification(p))
	if len(p.Checked) > 0 {
		a.out.WriteString("\n")
		a.markdown(checkedTable(p, "#n"))
	}
	a.printf("\n## What it is about\n\n")
	a.printf("- Class of the family: %s.\n- Weights: %s.\n- Uniformity: advice %s; %s.\n- %s.\n",
		p.Class, p.WeightGrowth, p.Uniformity.Advice, p.Uniformity.Notion, sentence(p.Scope))
	for _, text := range p.Assumptions {
		a.printf("- Assumed: %s.\n", text)
	}
	for _, f := range p.Facts {
		a.printf("- Cited: %s\n", factText(f))
	}
	for _, x := range p.Published {
		a.printf("- Published: %s: %s = %d; ours %d at n = %d, both in the %s model. %s.\n", x.Source,
			x.Expression, x.Value, x.Ours, x.N, x.DepthModel, sentence(x.Note))
	}
}

// checkedTable has the circuits that were built.
func checkedTable(p *analysis.Proof, n string) *grid {
	t := newTable(n + " | #depth | #gates | #wires")
	for _, k := range p.Checked {
		t.row(k.N, k.Depth, k.Size, k.Wires)
	}
	return t
}

// verification says which circuits were built.
func verification(p *analysis.Proof) string {
	if len(p.Checked) == 0 {
		return "No circuit was built: " + p.Unchecked + ". The formulas rest on the derivation alone."
	}
	return fmt.Sprintf(
		"Flat circuits were built and counted for %s. Depth %s, size %s: the formulas hold on all of them.",
		analysis.NSet(p.CheckedN),
		equalOrNot(p.DepthRelation),
		equalOrNot(p.SizeRelation),
	)
}

func equalOrNot(r analysis.Relation) string {
	if r == analysis.Equal {
		return "equals its formula"
	}
	return "is within its formula"
}

// writeProofLaTeX writes a proof as a LaTeX document that needs nothing but the base
// packages.
func (a *app) writeProofLaTeX(p *analysis.Proof) {
	t := latexText
	a.out.WriteString(`\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath}
\usepackage{array}
\usepackage{longtable}
\usepackage[margin=2.5cm]{geometry}
\newtheorem{theorem}{Theorem}
\begin{document}
`)
	a.printf("\\section*{Depth and size of \\texttt{%s}}\n\n", t(p.Subject))
	title := "by construction"
	if p.Verdict.Verdict != analysis.Proved {
		title = string(p.Verdict.Verdict)
	}
	a.printf("\\begin{theorem}[%s]\n%s\n\\end{theorem}\n\n", title, theorem(p))
	a.printf(
		"\\noindent\\emph{Proof.} %s; it is the table below, whose levels add up along the longest chain of operations. Operations that add no level and no gate are left out. \\hfill\\rule{1ex}{1ex}\n\n",
		t(sentence(p.Reason)),
	)
	a.out.WriteString(
		"\\begin{center}\\small\n\\begin{longtable}{@{}>{\\raggedright}p{3.2cm}>{\\raggedright}p{2.2cm}rr>{\\raggedright}p{3.6cm}>{\\raggedright\\arraybackslash}p{3.6cm}@{}}\n",
	)
	a.printf(
		"\\caption{Derivation for every $n$, strategy %s.%s}\\\\\n\\hline\nStage & Operation & Layers & Depth & Gates & Source\\\\\n\\hline\n\\endhead\n",
		t(p.Strategy),
		symbolLaTeX(p),
	)
	last := ""
	for _, l := range derivation(p) {
		source := l.Source
		if source == last {
			source = "likewise"
		}
		last = l.Source
		gates := "$" + l.Gates.LaTeX() + "$" + copies(l, ", times $"+l.Copies.LaTeX()+"$")
		a.printf("%s & %s & $%s$ & $%s$ & %s & %s\\\\\n",
			t(l.Stage), t(l.Name()), l.Adds.LaTeX(), l.Depth.LaTeX(), gates, t(source))
	}
	a.out.WriteString("\\hline\n\\end{longtable}\n\\end{center}\n\n")
	a.printf("\\paragraph{Formulas.} Depth $%s %s$; gates\n\\[ %s %s \\]\n", latexRelation(p.DepthRelation),
		p.DepthFormula.LaTeX(), latexRelation(p.SizeRelation), broken(p.SizeFormula))
	a.printf("that is $%s %s$; wires $\\le %s$.\n\n", latexRelation(p.SizeRelation), p.SizeInN.LaTeX(),
		p.WiresInN.LaTeX())
	if e := p.Exact; e != nil {
		a.printf("Exactly, for $n \\ge %d$: $%s$ gates and $%s$ wires, since %s.\n\n", e.From, e.Size.LaTeX(),
			e.Wires.LaTeX(), t(e.Reason))
	}
	if l := p.LogPrecision; l != nil {
		a.printf(
			"\\paragraph{Logarithmic precision.} For numbers of $%d \\, L$ bits, $L = \\log_2 n$: gates\n\\[ %s %s . \\]\n\n",
			l.C,
			latexRelation(p.SizeRelation),
			broken(l.Size),
		)
	}
	a.printf("\\paragraph{Verification.} %s\n", t(verification(p)))
	if len(p.Checked) > 0 {
		a.out.WriteString("\n\\begin{center}")
		a.latex(checkedTable(p, "$n$"))
		a.out.WriteString("\\end{center}\n")
	}
	a.printf(
		"\n\\paragraph{Depth model.} %s: %s.\n\n\\paragraph{Weights.} %s.\n\n\\paragraph{Scope.} %s.\n\n\\paragraph{Assumptions.}\n\\begin{itemize}\n",
		t(sentence(p.DepthModel)),
		t(p.DepthNote),
		t(sentence(p.WeightGrowth)),
		t(sentence(p.Scope)),
	)
	for _, text := range p.Assumptions {
		a.printf("\\item %s.\n", t(sentence(text)))
	}
	a.out.WriteString("\\end{itemize}\n")
	if len(p.Facts)+len(p.Published) > 0 {
		a.out.WriteString("\n\\paragraph{Cited, not proved here.}\n\\begin{itemize}\n")
		for _, f := range p.Facts {
			a.printf("\\item %s\n", t(factText(f)))
		}
		for _, x := range p.Published {
			a.printf("\\item %s: %s = %d; ours is %d at $n = %d$, both in the %s model. %s.\n", t(x.Source),
				t(x.Expression), x.Value, x.Ours, x.N, t(x.DepthModel), t(sentence(x.Note)))
		}
		a.out.WriteString("\\end{itemize}\n")
	}
	a.out.WriteString("\\end{document}\n")
}

// theorem is the claim in words and formulas.
func theorem(p *analysis.Proof) string {
	if p.Verdict.Verdict != analysis.Proved {
		return latexText(sentence(p.Claim)) + "."
	}
	subject := fmt.Sprintf("For every $n \\ge %d$ the threshold circuit of this family", p.From)
	if p.Fixed {
		subject = "The threshold circuit of this network"
	}
	return fmt.Sprintf("%s has depth at most $%s$ and at most $%s$ gates and $%s$ wires.", subject,
		p.DepthFormula.LaTeX(), p.SizeInN.LaTeX(), p.WiresInN.LaTeX())
}

func latexRelation(r analysis.Relation) string {
	if r == analysis.Equal {
		return "="
	}
	return `\le`
}

func symbolLaTeX(p *analysis.Proof) string {
	text := p.SymbolText()
	if text == "" {
		return ""
	}
	var parts []string
	for part := range strings.SplitSeq(text, ", ") {
		name, value, _ := strings.Cut(part, " = ")
		parts = append(parts, fmt.Sprintf("$%s = %s$", poly.Symbol(name).LaTeX(), value))
	}
	return " Here " + strings.Join(parts, ", ") + "."
}

// broken lets a long formula of a display break into lines.
func broken(p poly.Poly) string {
	text := p.LaTeX()
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

// latexText writes plain text so that LaTeX sets it as it is.
func latexText(s string) string {
	return strings.NewReplacer(
		"_⊕",
		`$_\oplus$`,
		`\`,
		`\textbackslash{}`,
		"&",
		`\&`,
		"%",
		`\%`,
		"$",
		`\$`,
		"#",
		`\#`,
		"_",
		`\_`,
		"{",
		`\{`,
		"}",
		`\}`,
		"~",
		`\textasciitilde{}`,
		"^",
		`\textasciicircum{}`,
		"·",
		`$\cdot$`,
		"×",
		`$\times$`,
		"−",
		`$-$`,
		"≤",
		`$\le$`,
		"≥",
		`$\ge$`,
		"≠",
		`$\ne$`,
		"√",
		`$\surd$`,
		"∞",
		`$\infty$`,
		"τ",
		`$\tau$`,
		"⊕",
		`$\oplus$`,
		"Σ",
		`$\Sigma$`,
		"⌈",
		`$\lceil$`,
		"⌉",
		`$\rceil$`,
		"⌊",
		`$\lfloor$`,
		"⌋",
		`$\rfloor$`,
		"₂",
		`$_2$`,
		"²",
		`$^2$`,
		"³",
		`$^3$`,
		"⁴",
		`$^4$`,
		"⁵",
		`$^5$`,
		"⁶",
		`$^6$`,
		"…",
		`\ldots{}`,
		`"`,
		`''`,
		"<",
		`$<$`,
		">",
		`$>$`,
		"|",
		`$|$`,
		"∈",
		`$\in$`,
		"∉",
		`$\notin$`,
	).Replace(s)
}
