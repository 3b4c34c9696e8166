package paper

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

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

// SweepsLaTeX writes one table of all families for a LaTeX paper, or as a document. A paper needs amsmath and booktabs.
func SweepsLaTeX(all []Sweep, document bool) string {
	w := &table.Page{}
	if document {
		w.WriteString("\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage{amsmath,booktabs}\n\\begin{document}\n")
	} else {
		w.WriteString("% In the preamble: \\usepackage{amsmath,booktabs}\n")
	}
	var names, called []string
	for _, f := range all {
		names, called = append(names, f.Title), append(called, "\\texttt{"+inTexttt(f.Title)+"}")
		w.Printf("%% %s: %s. %s.\n", f.Title, f.Verdict.Verdict, Sentence(f.Reason))
	}
	what := called[0]
	if len(all) > 1 {
		what = "families of circuits"
	}
	// TeX breaks no line in a column l, and a long name would leave no room for numbers.
	const short, nameWidth = 20, `0.36\columnwidth`
	family, long := "l", false
	if utf8.RuneCountInString(slices.MaxFunc(names, byLength)) > short {
		family, long = "p{"+nameWidth+"}", true
	}
	latexTable(w, fmt.Sprintf("Depth and size of %s, measured. Depth in the %s model: %s.", what,
		latexText(all[0].DepthModel), latexText(all[0].Points[0].DepthNote)), "sweep-"+label(strings.Join(names, " ")))
	if len(all) == 1 {
		w.WriteString("\\begin{tabular}{@{}rrrr@{}}\n\\toprule\n")
	} else {
		w.Printf("\\begin{tabular}{@{}%srrrr@{}}\n\\toprule\nfamily & ", family)
	}
	w.WriteString("$n$ & depth & gates & wires\\\\\n")
	for i, f := range all {
		w.WriteString("\\midrule\n")
		for k, p := range f.Points {
			switch {
			case len(all) > 1 && k == 0 && long && len(f.Points) > 2: // its lines stand beside the rows
				w.Printf("\\smash{\\parbox[t]{%s}{\\raggedright %s}} & ", nameWidth, called[i])
			case len(all) > 1 && k == 0 && long:
				w.Printf("\\raggedright %s & ", called[i])
			case len(all) > 1 && k == 0:
				w.Printf("%s & ", called[i])
			case len(all) > 1:
				w.WriteString("& ")
			}
			w.Printf("%d & %d & %s & %s\\\\\n", p.N, p.Depth, table.Grouped(fmt.Sprint(p.Size)), table.Grouped(fmt.Sprint(p.Wires)))
		}
	}
	// Beside a column of names there is no room for formulas.
	if row := patternRow(all[0].Sweep); row != nil && len(all) == 1 {
		w.Printf("\\midrule\n%s\\\\\n", strings.Join(row, " & "))
	}
	w.WriteString("\\bottomrule\n\\end{tabular}\n\\end{table}\n")
	if document {
		w.WriteString("\\end{document}\n")
	}
	return w.String()
}

func byLength(a, b string) int {
	return cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
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
