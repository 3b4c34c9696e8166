package paper

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/table"
)

// derivation returns the operations that add a level or a gate.
func derivation(p *proof.Proof) []proof.Step {
	return slices.DeleteFunc(slices.Clone(p.Derivation),
		func(s proof.Step) bool { return s.Adds.IsZero() && s.Gates.IsZero() })
}

// roundings is what the name of a stage says of how a trained network is rounded, which adds no level.
var roundings = regexp.MustCompile(` \[[^\]]*\]`)

// derivationTable has them; more columns may be named, of which there is source.
func derivationTable(more string, lines []proof.Step) *table.Table {
	t := table.New("stage | operation | #levels | #depth | gates | times" + more)
	for _, l := range lines {
		t.Row(roundings.ReplaceAllString(l.Stage, ""), l.Name(), "+"+Pretty(l.Adds), Pretty(l.Depth), Pretty(l.Gates),
			copies(l, Pretty(l.Copies)), l.Source)
	}
	return t
}

// checkedTable has the circuits that were built.
func checkedTable(p *proof.Proof, n string) *table.Table {
	t := table.New(n + " | #depth | #gates:, | #wires:,")
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
	if p.Fixed {
		return "The circuit was built and counted. Each row of the derivation holds on it."
	}
	return fmt.Sprintf("Flat circuits were built and counted for %s. Each row of the derivation holds on all of them%s%s.",
		analysis.NSet(p.CheckedN), met(p, "depth", p.DepthMet), met(p, "size", p.SizeMet))
}

// hint says how to build a circuit after all.
func hint(p *proof.Proof) string {
	if p.Unchecked == analysis.NoWeights {
		return "a folder with weights has circuits"
	}
	if p.Unchecked == analysis.TooLarge {
		return "with smaller sizes they are built"
	}
	if p.Fixed {
		return "with --check 1 it is built"
	}
	return fmt.Sprintf("with --check %d the circuit for n = %d is built", max(p.From, 2), max(p.From, 2))
}

// codeText says what each code of outputs is, of so many wires, and how much deeper the circuit is at most with
// binary numbers. From a thermometer each bit is one gate on the wires, and from a one-hot code it is an OR. From a
// weighted sum it is a symmetric function, in two levels (Muroga 1959; Siu and Roychowdhury).
var codeText = map[string]struct{ code, binary string }{
	formula.Bit:         {"", ""},
	formula.Thermometer: {"in thermometer code, %s", "one level"},
	formula.OneHot:      {"in one-hot code, %s", "one level"},
	formula.WeightedSum: {"as weighted sums, %s", "two levels"},
}

// Counted writes a number of things, of which what is one.
func Counted(many poly.Poly, what string) string {
	if many.Equal(poly.Int(1)) {
		return "1 " + what
	}
	return Pretty(many) + " " + what + "s"
}

// codes says in which code each output is.
func codes(p *proof.Proof) []string {
	var out []string
	for _, o := range p.Outputs {
		text := codeText[o.Code]
		if text.code == "" {
			out = append(out, o.Name+": "+Counted(o.Numbers, "bit"))
			continue
		}
		wires := fmt.Sprintf(text.code, "of at most "+Counted(o.Wires, "wire")+" each")
		out = append(out, fmt.Sprintf("%s: %s %s; with binary ones the circuit has at most %s more",
			o.Name, Counted(o.Numbers, "number"), wires, text.binary))
	}
	return out
}

// eachWeight bounds the weights of a gate.
func eachWeight(p *proof.Proof) string {
	text := "the weights of each gate add up to at most " + bigPoly(p.MaxWeightInN)
	if bits, ok := p.Symbols["p"]; ok {
		text += fmt.Sprintf(", for numbers of p = %d bits", bits)
	}
	return text
}

// asIs writes plain text.
func asIs(text string) string { return text }

// weightTable has the bounds on the weights of each gate by bits, each as write writes it.
func weightTable(l *proof.LogPrecision, write func(string) string) *table.Table {
	t := table.New("#bits | #weights of each gate")
	for _, w := range l.Weights {
		t.Row(w.Bits, write("≤ "+bigPoly(w.MaxWeight)))
	}
	return t
}

// class names the class with what it means.
func class(p *proof.Proof) string {
	if p.ClassMeans == "" {
		return p.Class
	}
	return p.Class + ": " + p.ClassMeans
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

// Long is Pretty of a polynomial that may be long: its numbers have no commas where they are too long to be read.
func Long(p poly.Poly) string {
	if text := Pretty(p); len(text) < 150 {
		return text
	}
	return p.Pretty()
}
