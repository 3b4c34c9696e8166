package paper

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/internal/table"
)

// meanings says what the letters of formulas count, in a paper.
var meanings = map[string]string{
	"d": "features", "e": "features of a value", "p": "bits of a number", "heads": "heads", "hidden": "hidden units", "h": "hidden units",
	"i": "inner units", "vocab": "tokens", "label": "labels", "outputs": "positions that answer", "s": "numbers of a state", "out": "outputs",
	"k": "features of keys and values",
}

// Fragment writes a proof as a part of a paper: the theorem with a label, what its letters mean, a sketch of the
// proof with a table, and what it cites as BibTeX, in comments. It needs amsmath, amsthm and booktabs, and an
// environment named theorem.
func Fragment(p *proof.Proof) string {
	w := &table.Page{}
	label := label(p.Subject)
	w.WriteString("% In the preamble: \\usepackage{amsmath,amsthm,booktabs} \\newtheorem{theorem}{Theorem}\n" +
		"% A class that has theorem and proof itself, such as llncs, needs no \\newtheorem and clashes with amsthm;\n" +
		"% there write [sketch] after \\begin{proof}.\n")
	cites, entries := citations(p)
	title := "Depth and size, by construction"
	if p.Verdict.Verdict != proof.Proved {
		title = "Depth and size: " + string(p.Verdict.Verdict)
	}
	w.Printf("\\begin{theorem}[%s]\\label{thm:%s}\n%s\n\\end{theorem}\n\n", title, label, theorem(p))
	what := "family"
	if p.Fixed {
		what = "network"
	}
	w.Printf("The %s is \\texttt{%s}%s.\n", what, inTexttt(p.Subject), lettersOf(p))
	w.Printf("Depth counts AND, OR and threshold gates of any fan-in as~1; inputs, constants, complement and copies count~0.\n")
	for _, text := range codes(p) {
		name, has, _ := strings.Cut(text, ":")
		w.Printf("The output \\texttt{%s} has%s.\n", latexText(name), latexProse(has))
	}
	w.Printf("Weights and thresholds are integers, written into the gates. %s.\n", latexSentence(eachWeight(p)))
	w.Printf("The theorem is about these circuits; that they compute the block is tested%s.\n\n", cites)
	w.Printf("\\begin{proof}[Proof (sketch)]\n%s. Table~\\ref{tab:%s} has the operations that add a level or a gate; "+
		"levels add up along the longest chain of operations", latexSentence(p.Reason), label)
	if lines := derivation(p); len(lines) > 0 {
		w.WriteString(":")
		for _, why := range reasons(lines) {
			w.Printf(" %s", latexProse(why))
		}
		w.Printf("\n\\end{proof}\n\n")
		fragmentTable(w, p, label, lines)
	} else {
		w.WriteString(".\n\\end{proof}\n\n")
	}
	if len(entries) > 0 {
		w.WriteString("% What is cited, as BibTeX.\n")
		for _, e := range entries {
			w.Printf("%% %s\n", strings.ReplaceAll(e, "\n", "\n% "))
		}
	}
	return w.String()
}

// label is what \ref names something by: its name in small letters, digits and hyphens.
func label(name string) string {
	return strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// latexTable begins a table that floats, up to its rows. Some classes have no space between a caption and what is
// below it.
func latexTable(w *table.Page, caption, label string) {
	w.Printf("\\begin{table}[tb]\n\\centering\\footnotesize\n\\setlength{\\tabcolsep}{3pt}\n"+
		"\\setlength{\\belowcaptionskip}{6pt}\n\\caption{%s}\\label{tab:%s}\n", caption, label)
}

// fragmentTable is the derivation, as wide as a column of text.
func fragmentTable(w *table.Page, p *proof.Proof, label string, lines []proof.Step) {
	latexTable(w, "Derivation of Theorem~\\ref{thm:"+label+"}.", label)
	w.WriteString("\\begin{tabular}{@{}p{0.3\\columnwidth}rp{0.53\\columnwidth}@{}}\n\\toprule\n" +
		"stage & depth & gates\\\\\n\\midrule\n")
	for _, l := range lines {
		stage := cmp.Or(roundings.ReplaceAllString(l.Stage, ""), l.Name()) // a program may have no stages
		stage = latexText(strings.ReplaceAll(stage, "/", " / "))
		w.Printf("\\raggedright %s & $%s$ & \\raggedright$%s$%s\\tabularnewline\n", stage, maths(l.Depth),
			breakable(maths(l.Gates)), copies(l, ", times $"+maths(l.Copies)+"$"))
	}
	w.Printf("\\midrule\nin all & $%s$ & \\raggedright$%s$\\tabularnewline\n", maths(p.DepthFormula), breakable(maths(p.SizeInN)))
	w.WriteString("\\bottomrule\n\\end{tabular}\n\\end{table}\n\n")
}

// breakable lets TeX break a product, too.
func breakable(formula string) string { return strings.ReplaceAll(formula, ` \, `, ` \,\allowbreak `) }

// inTexttt is a subject whose line may be broken after a comma.
func inTexttt(subject string) string {
	return strings.NewReplacer(",", `,\allowbreak{}`, ":", `:\allowbreak{}`).Replace(latexText(subject))
}

// lettersOf says what n and the other letters of the formulas are.
func lettersOf(p *proof.Proof) string {
	text := ""
	if !p.Fixed {
		text = ", of one circuit for each $n$"
	}
	if letters := symbols(p, meanings); len(letters) > 0 {
		text += ", with " + strings.Join(letters, ", ")
	}
	return text
}

// titles are those of papers, by their numbers of arXiv.
var titles = map[string]string{
	"2204.06618": "Formal Language Recognition by Hard Attention Transformers: Perspectives from Circuit Complexity",
	"2207.00729": "The Parallelism Tradeoff: Limitations of Log-Precision Transformers",
	"2210.02671": "A Logic for Expressing Log-Precision Transformers",
	"2310.07923": "The Expressive Power of Transformers with Chain of Thought",
	"2402.12875": "Chain of Thought Empowers Transformers to Solve Inherently Serial Problems",
	"2404.08819": "The Illusion of State in State-Space Models",
	"1511.07860": "Super-Linear Gate and Super-Quadratic Wire Lower Bounds for Depth-Two and Depth-Three Threshold Circuits",
	"2409.13629": "Transformers in Uniform TC$^0$",
	"2409.18959": "$O(d/T)$ Convergence Theory for Diffusion Probabilistic Models under Minimal Assumptions",
	"2505.18948": "Exact Expressive Power of Transformers with Padding",
	"2506.16055": "Knee-Deep in C-RASP: A Transformer Depth Hierarchy",
	"2507.12469": "Perfect Diffusion Is TC$^0$ -- Bad Diffusion Is Turing-Complete",
	"2507.12549": "The Serial Scaling Hypothesis",
	"2510.13117": "On the Reasoning Abilities of Masked Diffusion Language Models",
	"2603.01959": "The Expressive Limits of Diagonal SSMs for State-Tracking",
	"2605.30523": "Revisiting Padded Transformer Expressivity: Which Architectural Choices Matter and Which Don't",
}

// arXiv is a source in the text of a fact: its authors and its number.
var arXiv = regexp.MustCompile(`(?:^|; |with |: )([^;:]*?), arXiv ([0-9]{4}\.[0-9]{5})((?: and [0-9]{4}\.[0-9]{5})*)`)

// citations are what the facts of a proof cite: the commands that cite them, and their entries.
func citations(p *proof.Proof) (cite string, entries []string) {
	found := map[string]string{}
	for _, f := range p.Facts {
		for _, m := range arXiv.FindAllStringSubmatch(f.Source, -1) {
			for _, number := range append([]string{m[2]}, strings.Fields(strings.ReplaceAll(m[3], "and", ""))...) {
				author := strings.ReplaceAll(strings.ReplaceAll(m[1], " and ", ", "), ", ", " and ")
				entry := fmt.Sprintf("@misc{arXiv:%s,\n  author = {%s},\n", number, author)
				if title := titles[number]; title != "" {
					entry += fmt.Sprintf("  title = {{%s}},\n", title)
				}
				found[number] = entry + fmt.Sprintf("  eprint = {%s},\n  archivePrefix = {arXiv},\n  year = {20%s}\n}", number, number[:2])
			}
		}
	}
	var keys []string
	for _, number := range slices.Sorted(maps.Keys(found)) {
		keys = append(keys, "arXiv:"+number)
		entries = append(entries, found[number])
	}
	if len(keys) == 0 {
		return "", nil
	}
	return "; what is known of such models is in~\\cite{" + strings.Join(keys, ",") + "}", entries
}
