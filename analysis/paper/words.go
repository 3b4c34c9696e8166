package paper

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/table"
)

// derivation returns the operations that add a level or a gate.
func derivation(p *proof.Proof) []proof.Step {
	return slices.DeleteFunc(slices.Clone(p.Derivation),
		func(s proof.Step) bool { return s.Adds.IsZero() && s.Gates.IsZero() })
}

// derivationTable has them; more columns may be named, of which there is source.
func derivationTable(more string, lines []proof.Step) *table.Table {
	t := table.New("stage | operation | #levels | #depth | gates | times" + more)
	for _, l := range lines {
		t.Row(l.Stage, l.Name(), "+"+l.Adds.Pretty(), l.Depth.Pretty(), l.Gates.Pretty(),
			copies(l, l.Copies.Pretty()), l.Source)
	}
	return t
}

// checkedTable has the circuits that were built.
func checkedTable(p *proof.Proof, n string) *table.Table {
	t := table.New(n + " | #depth | #gates | #wires")
	for _, k := range p.Checked {
		t.Row(k.N, k.Depth, k.Size, k.Wires)
	}
	return t
}

// copies is a text about the copies of an operation; "" if there is one.
func copies(s proof.Step, text string) string {
	if s.Copies.Equal(poly.Int(1)) {
		return ""
	}
	return text
}

// reasons says once what makes the gates of each kind of operation.
func reasons(lines []proof.Step) []string {
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

func factText(f proof.Fact) string {
	text := Sentence(f.Statement) + " (" + f.Source + ")."
	if f.Hypothesis != "" {
		text += " Hypotheses: " + f.Hypothesis + "."
	}
	return text
}

// verification says which circuits were built.
func verification(p *proof.Proof) string {
	if len(p.Checked) == 0 {
		return "No circuit was built: " + p.Unchecked + ". The formulas rest on the derivation alone."
	}
	return fmt.Sprintf("Flat circuits were built and counted for %s. Each row of the derivation holds on all of them%s%s.",
		analysis.NSet(p.CheckedN), met(p, "depth", p.DepthMet), met(p, "size", p.SizeMet))
}

// met says which of the circuits that were built have just what a bound says; "" if none has.
func met(p *proof.Proof, what string, ns []int) string {
	if len(ns) == 0 {
		return ""
	}
	return fmt.Sprintf("; %s just that at %s", what, analysis.NSet(ns))
}

// logText writes c·log₂ n, with L for the logarithm.
func logText(c int) string {
	return strings.TrimPrefix(fmt.Sprintf("%d·L", c), "1·")
}

// Sentence begins a text with a capital letter.
func Sentence(text string) string {
	r := []rune(text)
	if len(r) == 0 {
		return text
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}

// Pretty writes a polynomial with its long numbers in groups of three digits.
func Pretty(p poly.Poly) string { return table.GroupedIn(p.Pretty()) }
