package compile

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/compile/program"
)

func TestParseSpec(t *testing.T) {
	s, err := ParseSpec("attention:n=8,d=2")
	if err != nil {
		t.Fatal(err)
	}
	const want = "attention:n=8,d=2,bits=3,kind=softmax,heads=1,kv_heads=0,causal=0,positions=none,exp_levels=0,out_bits=0," +
		"strategy=min-depth,basis=TC0,seed=1"
	if s.String() != want {
		t.Errorf("the spec is %s, want %s", s, want)
	}
	again, err := ParseSpec(s.String())
	if err != nil || again.String() != want {
		t.Errorf("reading it again gives %s, %v", again, err)
	}
	if got := s.With("n", 3).String(); !strings.HasPrefix(got, "attention:n=3,") || s.Args["n"] != "8" {
		t.Errorf("with n=3 it is %s, and %s itself", got, s)
	}
	whole, err := ParseSpec("attention")
	if err != nil || whole.HasN() {
		t.Errorf("the family itself: HasN %v, error %v", whole.HasN(), err)
	}
	if _, err := whole.Instance(); err == nil || !strings.Contains(err.Error(), "n is missing") {
		t.Errorf("an instance without n: error %v", err)
	}
}

func TestParseSpecNamesWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"atention:n=2":                     `unknown family "atention"; did you mean attention? known: attention, `,
		"attention:m=2":                    `unknown parameter of attention "m"; known: n, d`,
		"attention:n":                      `"n" is not of the form name=value`,
		"attention:n=2,":                   `"" is not of the form`,
		"attention:n=two":                  `n="two"`,
		"attention:n=-2":                   `n="-2"`,
		"attention:n=99999999999999999999": `n=99999999999999999999 is beyond`,
		"attention:n=2,bits=0":             "bits=0 must be at least 1",
		"mlp:n=2,layers=0":                 "layers=0 must be at least 1",
		"transformer:layers=0":             "layers=0 must be at least 1",
		"attention:heads=0":                "heads=0 must be at least 1",
		"denoiser:n=2,bits=0":              "bits=0 must be at least 1",
		"denoiser:n=2,noise_bits=0":        "noise_bits=0 must be at least 1",
		"denoiser:n=2,steps=0":             "steps=0 must be at least 1",
		"attention:n=2,n=3":                `"n" is given twice`,
		"attention:kind=fast":              `unknown kind "fast"; known: softmax`,
		"attention:strategy=fast":          `unknown strategy "fast"`,
	} {
		if _, err := ParseSpec(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseSpec(%q): error %v, want one with %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"attention:n=0":                  "n=0 is outside",
		"attention:n=2,bits=13":          "bits=13 is outside 1..12",
		"attention:n=2,exp_levels=70000": "exp_levels=70000",
		"mlp:n=2,bits=40":                "bits=40 is outside 1..12",
	} {
		s, err := ParseSpec(text)
		if err != nil {
			t.Errorf("ParseSpec(%q): %v", text, err)
			continue
		}
		if _, err := s.Instance(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", text, err, want)
		}
	}
}

// A value that no parameter can have is refused wherever a spec is built from, not taken for 0.
func TestValuesThatAreNoNumbersAreRefused(t *testing.T) {
	s, err := ParseSpec("rnn:n=2")
	if err != nil {
		t.Fatal(err)
	}
	s = s.Set("d", "two")
	_, instance := s.Instance()
	_, open := s.OpenProgram()
	_, network := s.Recurrent()
	for _, err := range []error{instance, open, network} {
		if err == nil || !strings.Contains(err.Error(), `d="two" is not a whole number`) {
			t.Errorf("d=two: error %v", err)
		}
	}
}

func TestArgsInt(t *testing.T) {
	a := Args{"n": "12", "kind": "softmax"}
	if a.Int("n") != 12 || a.Int("d") != 0 {
		t.Errorf("n=%d, d=%d", a.Int("n"), a.Int("d"))
	}
	defer func() {
		if recover() == nil {
			t.Error("a text counts as a number")
		}
	}()
	a.Int("kind")
}

func TestStrategyIsCheckedAsAParameter(t *testing.T) {
	strategy := common[0]
	if err := strategy.Check("digits2+binary"); err != nil {
		t.Errorf("digits2+binary: %v", err)
	}
	if err := strategy.Check("2"); err == nil {
		t.Error("2 counts as a strategy")
	}
	// The name alone means nothing.
	if err := (Param{Name: "strategy"}).Check("2"); err != nil {
		t.Errorf("a number named strategy: %v", err)
	}
}

func TestFamiliesAreBuiltOnce(t *testing.T) {
	all := Families()
	all[0].Name = "other"
	if f, err := FindFamily("attention"); err != nil || f.Name != "attention" {
		t.Errorf("family %q, error %v", f.Name, err)
	}
	if n := testing.AllocsPerRun(10, func() { _, _ = FindFamily("transformer") }); n > 8 {
		t.Errorf("%v allocations to find a family", n)
	}
}

func TestGenericWeightsAreFixedAndNeverZero(t *testing.T) {
	seen := map[int64]bool{}
	m := genericMatrix(20, 20, 3, 1, "query")
	for _, w := range m.Data {
		seen[w] = true
	}
	if want := map[int64]bool{-3: true, -2: true, -1: true, 1: true, 2: true, 3: true}; !cmp.Equal(seen, want) {
		t.Errorf("the weights take the values %v, want %v", seen, want)
	}
	if !cmp.Equal(m.Row(0)[:4], genericMatrix(1, 4, 3, 1, "query").Data) {
		t.Error("a weight depends on the size of its matrix")
	}
	if cmp.Equal(m, genericMatrix(20, 20, 3, 1, "key")) || cmp.Equal(m, genericMatrix(20, 20, 3, 2, "query")) {
		t.Error("another tag or seed gives the same weights")
	}
}

func TestFamiliesAreDocumented(t *testing.T) {
	last := ""
	for _, f := range Families() {
		if f.Name <= last || f.Doc == "" || f.Depth == "" {
			t.Errorf("family %q is out of order or lacks a text", f.Name)
		}
		last = f.Name
		for _, p := range f.Params {
			if p.Doc == "" || p.Default == "" && p.Name != "n" {
				t.Errorf("%s: parameter %q lacks a text or a default", f.Name, p.Name)
			}
		}
	}
}

func TestFamilyFunc(t *testing.T) {
	f := FamilyFunc(func(n program.Dim) (*program.Program, error) {
		p := program.New("count")
		p.Output("y", p.Reduce(p.Input("x", program.Shape{n}, 1, false), "n"))
		return p, p.Err()
	})
	if p, err := f.Program(3); err != nil || p.Open() || len(p.Inputs()) != 3 {
		t.Errorf("program %v, error %v; want one with 3 inputs", p, err)
	}
	if p, err := f.OpenProgram(); err != nil || !p.Open() {
		t.Errorf("program %v, error %v; want an open one", p, err)
	}
	if p, err := f.Program(0); err == nil {
		t.Errorf("0 positions make %v", p)
	}
	var size *program.OpenSizeError
	if _, err := FamilyFunc(func(n program.Dim) (*program.Program, error) {
		return Attention{}.Program(n.Size())
	}).OpenProgram(); !errors.As(err, &size) {
		t.Errorf("error %v, want an OpenSizeError", err)
	}
}

// Every kind of attention, of positions and of recurrent networks has a name that the
// parameters accept.
func TestKindsAreChoices(t *testing.T) {
	for _, k := range recurrentKinds {
		if _, err := ParseSpec(string(k)); err != nil || k.Check() != nil {
			t.Errorf("%s: %v, %v", k, err, k.Check())
		}
	}
	if err := RecurrentKind("elman").Check(); err == nil {
		t.Error("elman is a kind")
	}
	for _, k := range AttentionKinds() {
		for _, p := range PositionKinds() {
			if _, err := (Attention{Kind: k, Positions: p}).Program(2); err != nil {
				t.Errorf("%s, %s: %v", k, p, err)
			}
			if _, err := ParseSpec("attention:kind=" + string(k) + ",positions=" + string(p)); err != nil {
				t.Error(err)
			}
		}
	}
}
