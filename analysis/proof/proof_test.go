package proof_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/proof"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

// twoGates is a proof about a family with two gates for each n.
func twoGates(t testing.TB) *proof.Proof {
	t.Helper()
	n := poly.Symbol("n")
	p := &proof.Proof{
		Verdict: proof.Verdict{Verdict: proof.Proved, CheckedN: []int{3}}, Format: proof.Format,
		Symbols: map[string]int64{"d": 4, "p": 3, "2^p": 8, "q": 5}, DepthFormula: poly.Int(1), DepthMet: []int{3},
		SizeFormula: n.Times(poly.Symbol("d")), WiresFormula: n.Times(poly.Symbol("2^p")),
		Derivation: []proof.Step{{ID: 1, Args: []int{0}, What: "step(0)", Gates: n, Copies: poly.Int(1), Source: "Muroga"}},
		Checked:    []proof.Check{{N: 3, Counts: proof.Counts{Size: 6}, MaxWeight: circuit.NewInt(2)}},
	}
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSeal(t *testing.T) {
	text, err := json.Marshal(twoGates(t))
	if err != nil {
		t.Fatal(err)
	}
	p, err := proof.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	if !p.Sealed() {
		t.Error("the seal is broken by writing and reading")
	}
	p.Derivation[0].Source = "Minsky"
	if p.Sealed() {
		t.Error("the seal holds with another source")
	}
}

// The format is that of files that are there: the names of fields and their order.
func TestStepIsJSON(t *testing.T) {
	text, err := json.Marshal(twoGates(t).Derivation[0])
	const want = `{"id":1,"args":[0],"stage":"","operation":"step(0)","shape":"","adds":"0","depth":"0","gates":"n",` +
		`"wires":"0","weight":"0","max_weight":"0","fan_in":"0","counting":"0","copies":"1","source":"Muroga"}`
	if err != nil || string(text) != want {
		t.Errorf("error %v,\n%s, want\n%s", err, text, want)
	}
}

func TestReadRefuses(t *testing.T) {
	text, err := json.Marshal(twoGates(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ text, want string }{
		{"", "proof: this is no proof: EOF"},
		{string(text) + "{}", "proof: this is no proof: there is something after its end"},
		{strings.Replace(string(text), "{", `{"x":1,`, 1), `proof: this is no proof: json: unknown field "x"`},
		{strings.Replace(string(text), proof.Format, "tc0 proof 0", 1), `proof: a proof in format "tc0 proof 0"; this reads "tc0 proof 2"`},
	} {
		if _, err := proof.Read([]byte(test.text)); err == nil || err.Error() != test.want {
			t.Errorf("error %v, want %s", err, test.want)
		}
	}
}

func TestNames(t *testing.T) {
	p := twoGates(t)
	if got, want := p.SymbolText(), "p = 3, d = 4"; got != want {
		t.Errorf("symbols %s, want %s", got, want)
	}
	if got := p.Derivation[0].Name(); got != "step" {
		t.Errorf("name %q, want step", got)
	}
}

func TestCountsAdd(t *testing.T) {
	sum := proof.Counts{Size: 1, Wires: 2, Weight: circuit.NewInt(3)}
	sum.Add(proof.Counts{Size: 10, Wires: 20, Weight: circuit.NewInt(30)})
	if sum.Size != 11 || sum.Wires != 22 || sum.Weight.String() != "33" {
		t.Errorf("the sum is %+v", sum)
	}
}

// Whatever a file says, an error about it is short.
func TestErrorsAreShort(t *testing.T) {
	text, err := json.Marshal(twoGates(t))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for text := range brieftest.Long(text) {
		if _, err := proof.Read(text); brieftest.Check(t, err) {
			refused++
		}
	}
	if refused < 100 {
		t.Errorf("%d were refused", refused)
	}
}
