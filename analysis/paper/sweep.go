package paper

import (
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/internal/table"
)

// Sweep is a family that was measured, with what it is called.
type Sweep struct {
	Title string
	*analysis.Sweep
}

// SweepsMarkdown writes the tables of families as Markdown.
func SweepsMarkdown(all []Sweep) string {
	w := &table.Page{}
	for i, f := range all {
		if i > 0 {
			w.WriteString("\n")
		}
		t := table.New("#n | #depth | #gates:, | #wires:, | #weight")
		for _, p := range f.Points {
			t.Row(p.N, p.Depth, p.Size, p.Wires, p.Weight.String())
		}
		w.Printf("## `%s`, measured\n\n%s\n", f.Title, t.Markdown())
		w.Printf("%s: %s. %s.\n", Sentence(string(f.Verdict.Verdict)), f.Claim, Sentence(f.Reason))
		w.Printf("Depth in the %s model: %s.\n", f.DepthModel, f.Points[0].DepthNote)
	}
	return w.String()
}

// SweepsLaTeX writes the tables of families for a LaTeX paper, or as a document.
func SweepsLaTeX(all []Sweep, document bool) string {
	w := &table.Page{}
	if document {
		w.WriteString("\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath}\n\\begin{document}\n")
	}
	for _, f := range all {
		t := table.New("#$n$ | #depth | #gates:, | #wires:,")
		for _, p := range f.Points {
			t.Row(p.N, p.Depth, p.Size, p.Wires)
		}
		t.Total = patternRow(f.Sweep)
		w.Printf("\\begin{table}[ht]\\centering\\footnotesize\\setlength{\\tabcolsep}{3pt}\n\\caption{\\texttt{%s}, measured. %s. Depth in the %s model: %s.}\n"+
			"%s\n\\end{table}\n", latexText(f.Title), latexSentence(f.Reason), latexText(f.DepthModel),
			latexText(f.Points[0].DepthNote), t.LaTeX())
	}
	if document {
		w.WriteString("\\end{document}\n")
	}
	return w.String()
}

// patternRow is the row of formulas below a table, where all three numbers have one; else nil.
func patternRow(s *analysis.Sweep) []string {
	row := []string{"$n$"}
	for _, name := range []string{"depth", "size", "wires"} {
		formula := s.Patterns[name].Poly
		if formula == nil {
			return nil
		}
		row = append(row, "$"+maths(*formula)+"$")
	}
	return row
}
