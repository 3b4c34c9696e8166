package paper

import (
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
)

// Families that were measured are one table for a paper, with a label and a caption.
func TestSweepsLaTeX(t *testing.T) {
	made := func(title, reason string, points ...analysis.Point) Sweep {
		s := &analysis.Sweep{Points: points, DepthModel: "standard"}
		s.Verdict.Verdict, s.Verdict.Reason = analysis.Consistent, reason
		return Sweep{title, s}
	}
	point := func(n, depth, size int, wires int64) analysis.Point {
		m := &analysis.Measures{}
		m.Depth, m.Size, m.Wires, m.DepthNote = depth, size, wires, "inputs 0"
		return analysis.Point{N: n, Measures: m}
	}
	a, b := made("mlp", "measured only: it", point(2, 2, 1234, 5), point(3, 2, 8, 9)), made("s_4:n", "so", point(2, 1, 1, 1))
	const head = "\\begin{table}[tb]\n\\centering\\footnotesize\n\\setlength{\\tabcolsep}{3pt}\n\\setlength{\\belowcaptionskip}{6pt}\n"
	for want, of := range map[string][]Sweep{
		"% In the preamble: \\usepackage{amsmath,booktabs}\n% mlp: consistent. Measured only: it.\n" + head +
			"\\caption{Depth and size of \\texttt{mlp}, measured. Depth in the standard model: inputs 0.}\\label{tab:sweep-mlp}\n" +
			"\\begin{tabular}{@{}rrrr@{}}\n\\toprule\n$n$ & depth & gates & wires\\\\\n\\midrule\n" +
			"2 & 2 & 1,234 & 5\\\\\n3 & 2 & 8 & 9\\\\\n\\bottomrule\n\\end{tabular}\n\\end{table}\n": {a},
		"% In the preamble: \\usepackage{amsmath,booktabs}\n% mlp: consistent. Measured only: it.\n% s_4:n: consistent. So.\n" + head +
			"\\caption{Depth and size of families of circuits, measured. Depth in the standard model: inputs 0.}\\label{tab:sweep-mlp-s-4-n}\n" +
			"\\begin{tabular}{@{}lrrrr@{}}\n\\toprule\nfamily & $n$ & depth & gates & wires\\\\\n\\midrule\n" +
			"\\texttt{mlp} & 2 & 2 & 1,234 & 5\\\\\n& 3 & 2 & 8 & 9\\\\\n\\midrule\n" +
			"\\texttt{s\\_4:\\allowbreak{}n} & 2 & 1 & 1 & 1\\\\\n\\bottomrule\n\\end{tabular}\n\\end{table}\n": {a, b},
	} {
		if got := SweepsLaTeX(of, false); got != want {
			t.Errorf("got\n%s\nwant\n%s", got, want)
		}
	}
	b.Title = "a-name-of-more-than-twenty-letters"
	if got := SweepsLaTeX([]Sweep{a, b}, true); !strings.Contains(got, `{@{}p{0.36\columnwidth}rrrr@{}}`) ||
		!strings.Contains(got, `\raggedright \texttt{a-name`) ||
		!strings.Contains(got, `amsmath,booktabs`) || !strings.HasSuffix(got, "\\end{document}\n") {
		t.Errorf("a document with a long name:\n%s", got)
	}
}
