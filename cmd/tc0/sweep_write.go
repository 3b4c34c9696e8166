package main

import (
	"bytes"
	"fmt"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/poly"
)

// writeSweepMarkdown writes the tables of sweeps as Markdown.
func writeSweepMarkdown(b *bytes.Buffer, all []plotted) {
	for i, f := range all {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(b, "## `%s`, measured\n\n| n | depth | gates | wires | weight |\n| ---: | ---: | ---: | ---: | ---: |\n", f.name)
		for _, p := range f.sweep.Points {
			fmt.Fprintf(b, "| %d | %d | %d | %d | %v |\n", p.N, p.Depth, p.Size, p.Wires, p.Weight)
		}
		fmt.Fprintf(b, "\n%s: %s. %s.\n", sentence(string(f.sweep.Verdict.Verdict)), f.sweep.Claim, sentence(f.sweep.Reason))
		fmt.Fprintf(b, "Depth in the %s model: %s.\n", f.sweep.DepthModel, depthNote(f.sweep))
	}
}

func depthNote(s *analysis.Sweep) string {
	if len(s.Points) == 0 {
		return ""
	}
	return s.Points[0].DepthNote
}

// writeSweepLaTeX writes the tables of sweeps as a LaTeX document.
func writeSweepLaTeX(b *bytes.Buffer, all []plotted) {
	b.WriteString("\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath}\n\\begin{document}\n")
	for _, f := range all {
		b.WriteString("\\begin{table}[ht]\\centering\n")
		fmt.Fprintf(b, "\\caption{\\texttt{%s}, measured. %s. Depth in the %s model: %s.}\n", latexText(f.name), latexText(sentence(f.sweep.Reason)), latexText(f.sweep.DepthModel), latexText(depthNote(f.sweep)))
		b.WriteString("\\begin{tabular}{rrrr}\n\\hline\n$n$ & depth & gates & wires\\\\\n\\hline\n")
		for _, p := range f.sweep.Points {
			fmt.Fprintf(b, "%d & %d & %d & %d\\\\\n", p.N, p.Depth, p.Size, p.Wires)
		}
		b.WriteString("\\hline\n")
		if row, ok := patternRow(f.sweep); ok {
			fmt.Fprintf(b, "%s\\\\\n\\hline\n", row)
		}
		b.WriteString("\\end{tabular}\n\\end{table}\n")
	}
	b.WriteString("\\end{document}\n")
}

// patternRow is the row of formulas below a table, where all three numbers have one.
func patternRow(s *analysis.Sweep) (string, bool) {
	row := "$n$"
	for _, name := range []string{"depth", "size", "wires"} {
		p, ok := s.Patterns[name]
		if !ok || p.Kind != "constant" && p.Kind != "polynomial" {
			return "", false
		}
		text, err := poly.Parse(plainFormula(p.Formula))
		if err != nil {
			return "", false
		}
		row += " & $" + text.LaTeX() + "$"
	}
	return row, true
}

// plainFormula undoes what Pretty does to a polynomial in n.
func plainFormula(pretty string) string {
	out := ""
	raised := false
	for _, r := range pretty {
		digit := -1
		for d, s := range []rune("⁰¹²³⁴⁵⁶⁷⁸⁹") {
			if r == s {
				digit = d
			}
		}
		switch {
		case digit >= 0:
			if !raised {
				out += "^"
			}
			out += fmt.Sprint(digit)
		case r == '−':
			out += "-"
		default:
			out += string(r)
		}
		raised = digit >= 0
	}
	return out
}
