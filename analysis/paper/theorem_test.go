package paper

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/compile/program"
)

// proved returns the proof of a shipped family or problem.
func proved(t *testing.T, text string, logBits int) *proof.Proof {
	t.Helper()
	c := analysis.Claim{Name: text, Strategy: lower.MinDepth, Layers: 1}
	if spec, err := compile.ParseSpec(text); err == nil {
		c.Family, c.Kind = spec, spec.Family.Name
		if logBits > 0 {
			c.LogBits = logBits
			c.Precisions = map[int]analysis.Family{3: spec.With("bits", 3), 4: spec.With("bits", 4)}
		}
	} else {
		spec, err := problem.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		f, err := spec.Family()
		if err != nil {
			t.Fatal(err)
		}
		c.Family, c.LeastN, c.Each, c.Members = f, f.Least, f.Each, f.Members
		if f.Ends {
			c.MostN = f.Most
		}
		c.N = []int{f.Least}
	}
	p, err := analysis.Prove(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// squares is a family whose output has no bound for every n: the sum of squares of n numbers.
func squares(n program.Dim) (*program.Program, error) {
	p := program.New("squares")
	x := p.Input("x", program.Shape{n}, 2, false)
	p.Output("y", p.Reduce(p.Elementwise(x, x), "n"))
	return p, p.Err()
}

// oneLine undoes the breaking of lines, and LaTeX's way to write some signs.
func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("$", "", `\ge`, "≥", `\cdot `, "·", "{,}", ",").Replace(text)), " ")
}

// Each form of a proof says in words what the theorem is about, once.
func TestTheoremInWords(t *testing.T) {
	for _, test := range []struct {
		subject string
		want    []string // in all forms
	}{
		{"attention", []string{
			"or every n ≥ 1 the",
			"y: 4·n numbers in thermometer code, of at most 7 wires each; with binary ones the circuit has at most one level more",
			"he weights of each gate add up to at most 299,700·n + 58,214, for numbers of p = 3 bits",
			"hat the circuit computes what it should at every n: that is tested, on circuits that were built",
			"hat is known from the literature: that is cited",
			"hat the family is uniform: of that there is evidence",
			"a weight w is w repeated wires, which come from free buffers (basis MAJ)",
			"constant depth and polynomial size; the bound on the fan-in of some threshold gates grows with n",
		}},
		{"attention:kind=unique-hard", []string{
			"or every n ≥ 3 the",
			"y: 4·n numbers as weighted sums, of at most 12·n wires each; with binary ones the circuit has at most two levels more",
			"each gate that reads more and more wires is an AND or an OR",
		}},
		{"s4", []string{"each output depends on a number of inputs that does not grow with n"}},
		{"gru", []string{"h: 2 numbers in thermometer code, of at most 6 wires each; with binary ones"}},
		{"comparison", []string{
			"or every n from 1 to 62 the", "y: 1 bit", "he weights of each gate add up to at most n·2",
			"those up to n = 62 can be built from the program, where the sums of the program fill 64 bits",
		}},
		{"addition", []string{"sum: n bits", "carry: 1 bit", "or every n from 1 to 61 the"}},
		{"dyck1", []string{"or every even n ≥ 2 the", "balanced: 1 bit"}},
		{"parity", []string{"or every n ≥ 2 the", "those up to n = 16384 can be built from the program"}},
	} {
		p := proved(t, test.subject, 0)
		for form, text := range map[string]string{"text": Text(p), "Markdown": Markdown(p), "LaTeX": LaTeX(p)} {
			text = oneLine(text)
			for _, want := range test.want {
				if form == "Markdown" || form == "LaTeX" {
					want, text = strings.ReplaceAll(want, ",", ""), strings.ReplaceAll(text, ",", "")
				}
				if !strings.Contains(text, want) {
					t.Errorf("%s, %s: %q is not in\n%s", test.subject, form, want, text)
				}
			}
		}
	}
}

// What is one is not written as many, no formula stands there twice, and nothing is said of zero positions.
func TestOneGate(t *testing.T) {
	text := oneLine(Text(proved(t, "and", 0)))
	for _, want := range []string{
		"has depth at most 1 and at most 1 gate. By construction",
		"size ≤ 1 gate; the circuits that were built have just that at n in {2} wires ≤ n weight ≤ n,",
		"the name of a gate has O(1) bits: its operation; live state: one counter, O(log n) bits;",
		"that the family is uniform Derivation", // of which no evidence is claimed
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	text = oneLine(Text(proved(t, "parity", 0)))
	for _, want := range []string{
		"weight ≤ n·⌊n/2⌋ + n + 2·⌊n/2⌋,", "at most one position; live state: a counter for the position, O(log n) bits;",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// Only a family in TC0 is said to be in TC0 with small weights.
func TestSmallWeights(t *testing.T) {
	for subject, want := range map[string]bool{"attention": true, "gru": false, "s4": false, "comparison": false} {
		if got := strings.Contains(oneLine(Text(proved(t, subject, 0))), "TC0 with small weights"); got != want {
			t.Errorf("%s: said %v, want %v", subject, got, want)
		}
	}
}

// The bounds on the weights at several precisions are a table, and no formula.
func TestWeightsByBits(t *testing.T) {
	p := proved(t, "attention", 1)
	const claim = "Bounds that were read at these bits; no formula in p is claimed for them."
	for _, test := range []struct{ form, text, want string }{
		{"text", Text(p), "3 │ ≤ 299,700·n + 58,214 4 │ ≤ 945,175·n + 1,077,302 " + claim},
		{"Markdown", Markdown(p), "| 3 | ≤ 299,700·n + 58,214 | | 4 | ≤ 945,175·n + 1,077,302 | " + claim},
	} {
		if !strings.Contains(oneLine(test.text), test.want) {
			t.Errorf("%s: %q is not in\n%s", test.form, test.want, test.text)
		}
	}
	// LaTeX knows the sign only as a command.
	if latex := LaTeX(p); !strings.Contains(latex, `4 & $\le$ $945{,}175\cdot n + 1{,}077{,}302$`) || strings.Contains(latex, "≤") {
		t.Errorf("no weight at 4 bits, or a sign that LaTeX does not know, in\n%s", latex)
	}
	for _, w := range p.LogPrecision.Weights {
		if at := proved(t, "attention:bits="+string(rune('0'+w.Bits)), 0); !at.MaxWeightInN.Equal(w.MaxWeight) {
			t.Errorf("%d bits: %v, and the proof for these bits says %v", w.Bits, w.MaxWeight, at.MaxWeightInN)
		}
	}
}

// Members end where outputs leave 64 bits, and the theorem says so.
func TestOutputsThatEnd(t *testing.T) {
	p, err := analysis.Prove(t.Context(), analysis.Claim{Name: "squares", Family: compile.FamilyFunc(squares)})
	if err != nil {
		t.Fatal(err)
	}
	const want = "For every n ≥ 1 at which the outputs fit 64 bits the "
	for form, text := range map[string]string{"text": Text(p), "Markdown": Markdown(p), "LaTeX": LaTeX(p)} {
		if !strings.Contains(oneLine(text), want) {
			t.Errorf("%s: %q is not in\n%s", form, want, text)
		}
	}
}

// In JSON the words are fields.
func TestWordsAsJSON(t *testing.T) {
	text, err := json.Marshal(proved(t, "addition", 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"members":"every n from 1 to 61"`,
		`"outputs":[{"name":"sum","code":"bit","numbers":"n","wires":"1"},{"name":"carry","code":"bit","numbers":"1","wires":"1"}]`,
		`"not_proved":["that the circuit computes what it should at every n: that is tested, on circuits that were built",`,
		`"class_means":"constant depth and polynomial size;`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is not in %s", want, text)
		}
	}
}
