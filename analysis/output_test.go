package analysis

import (
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/poly"
)

// proofOf proves a shipped family by circuits for some n.
func proofOf(t *testing.T, c Claim, text string, ns ...int) (*Proof, error) {
	t.Helper()
	spec, err := compile.ParseSpec(text)
	if err != nil {
		t.Fatal(err)
	}
	if c.Strategy, err = spec.Strategy(); err != nil {
		t.Fatal(err)
	}
	c.Name, c.Family, c.N = text, spec, ns
	return Prove(t.Context(), c)
}

// A circuit whose outputs have another code than the proof names, more wires or other numbers is noticed.
func TestCodesAreCompared(t *testing.T) {
	for text, code := range map[string]string{"attention": "thermometer", "attention:kind=unique-hard": "weighted sum"} {
		p, err := proofOf(t, Claim{}, text, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Outputs) != 1 || p.Outputs[0].Code != code {
			t.Errorf("%s: outputs %v, want one in the code %s", text, p.Outputs, code)
		}
		spec, err := compile.ParseSpec(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := flatCircuit(t.Context(), Claim{Family: spec, Strategy: lower.MinDepth}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if what := Codes(p, 3, c); what != "" {
			t.Errorf("%s: %s", text, what)
		}
		for name, change := range map[string]func(o *proof.Output){
			"one-hot":             func(o *proof.Output) { o.Code = "one-hot" },
			"fewer wires":         func(o *proof.Output) { o.Wires = poly.Int(1) },
			"less than there are": func(o *proof.Output) { o.Numbers = o.Numbers.Minus(poly.Int(1)) },
			"more than there are": func(o *proof.Output) { o.Numbers = o.Numbers.Plus(poly.Int(1)) },
		} {
			q := *p
			q.Outputs = slices.Clone(p.Outputs)
			change(&q.Outputs[0])
			if what := Codes(&q, 3, c); what == "" {
				t.Errorf("%s, %s: nothing is wrong", text, name)
			}
		}
	}
}

// A theorem about no n is refused.
func TestProofNeedsAMember(t *testing.T) {
	_, err := proofOf(t, Claim{MostN: 2}, "attention:kind=unique-hard")
	const want = "attention:kind=unique-hard: the formulas begin at n=3, and there is no member beyond n=2"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// The members of a family that ends are those up to its end, and so are the values of the formulas.
func TestMembersEnd(t *testing.T) {
	p, err := proofOf(t, Claim{MostN: 7, LeastN: 2}, "attention:d=2,bits=2")
	if err != nil {
		t.Fatal(err)
	}
	if p.Members != "every n from 2 to 7" || !strings.HasPrefix(p.Claim, "for every n from 2 to 7 the circuit of this family has depth at most 3 ") {
		t.Errorf("members %q, claim %q", p.Members, p.Claim)
	}
	if len(p.Values) != 2 || p.Values[0].N.String() != "2" || p.Values[1].N.String() != "7" {
		t.Errorf("values %v, want those at 2 and 7", p.Values)
	}
	const beyond = "n=8 is beyond 7: there the trained tables end"
	if _, err := proofOf(t, Claim{MostN: 7}, "attention:d=2,bits=2", 8); err == nil || err.Error() != beyond {
		t.Errorf("error %v, want %s", err, beyond)
	}
}

// The gates of a recurrence are told apart by the number of their step.
func TestGateNamesOfRecurrences(t *testing.T) {
	p, err := proofOf(t, Claim{}, "gru", 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := "⌈log₂ n⌉ + O(1) bits"; p.Uniformity.Indices != 1 || !strings.HasPrefix(p.Uniformity.GateName, want) {
		t.Errorf("%d indices, a name has %q; want 1 and %q", p.Uniformity.Indices, p.Uniformity.GateName, want)
	}
}
