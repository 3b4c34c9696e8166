package analysis_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/program"
)

// prove returns the proof about a family.
func prove(t testing.TB, spec string, ns ...int) *analysis.Proof {
	t.Helper()
	s, err := compile.ParseSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	strategy, err := s.Strategy()
	if err != nil {
		t.Fatal(err)
	}
	p, err := analysis.Prove(
		context.Background(),
		analysis.Claim{Name: spec, Family: s, Strategy: strategy, Kind: s.Family.Name, Layers: 1, N: ns},
	)
	if err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	return p
}

// TestBlocksAreProved asserts the verdict and the formulas of every block, whether the circuits
// that were built meet its size, and the polynomial through their sizes.
func TestBlocksAreProved(t *testing.T) {
	for _, test := range []struct {
		spec, class, depth string
		size               string // upper bound
		met                bool
		through            string // "" if there is none
	}{
		{"attention", "TC0", "3", "163·n^2 + 22·n", false, "150·n^2 + 9·n"},
		{"attention:causal=1", "TC0", "3", "319/2·n^2 + 51/2·n", false, "102·n^2 + 57·n"},
		{"attention:kind=stable", "TC0", "4", "7·n^3 + 156·n^2 + 22·n", false, "5·n^3 + 132·n^2 + 22·n"},
		{"attention:kind=average-hard", "TC0", "4", "n^3 + 84·n^2 + 22·n", true, "n^3 + 84·n^2 + 22·n"},
		{"attention:kind=unique-hard", "AC0", "3", "1/2·n^3 + 167/2·n^2 - 6·n", true, "1/2·n^3 + 167/2·n^2 - 6·n"},
		{"attention:d=2,positions=learned", "TC0", "3", "67·n^2 + 11·n", false, ""},
		{"denoiser", "TC0", "2", "21·n", false, ""},
		{"glu", "TC0", "2", "144·n^2 + 55·n", false, ""},
		{"layer", "TC0", "9", "595·n^2 + 198·n", false, "595·n^2 + 163·n"},
		{"layer:d=2,norm=layer", "TC0", "10", "", false, "*"},
		{"layernorm", "NC0", "2", "98·n", true, "98·n"},
		{"rmsnorm", "NC0", "2", "44·n", true, "44·n"},
		{"mamba", "NC0", "3", "20488·n", false, "3330·n - 19700"},
		{"mamba:memory=all", "TC0", "3", "1856·n^2 + 72·n", false, "*"},
		{"mamba:kind=block,bits=3,d=1", "NC0", "5", "", false, "*"},
		{"mamba:bits=1", "TC0", "3", "", false, "*"}, // a δ may be 0, so that nothing bounds the window
		{"mlp", "TC0", "2", "21·n", true, ""},
		{"mlp:layers=4,hidden=5", "TC0", "4", "7·n + 105", true, ""},
		{"s4", "NC0", "1", "28·n", false, "17·n - 172"},
		{"transformer:d=2", "TC0", "12", "", false, ""},
	} {
		p := prove(t, test.spec)
		if p.Verdict.Verdict != analysis.Proved || p.Class != test.class || p.DepthFormula.String() != test.depth ||
			!slices.Equal(p.DepthMet, p.CheckedN) {
			t.Errorf("%s: %s, %s, depth %v, met at %v; want proved, %s, depth %s",
				test.spec, p.Verdict.Verdict, p.Class, p.DepthFormula, p.DepthMet, test.class, test.depth)
		}
		if len(p.CheckedN) < 4 {
			t.Errorf("%s: compared with circuits for %v only", test.spec, p.CheckedN)
		}
		if met := slices.Equal(p.SizeMet, p.CheckedN); met != test.met ||
			test.size != "" && p.SizeInN.String() != test.size {
			t.Errorf("%s: size %v, met at %v, want %s and %t", test.spec, p.SizeInN, p.SizeMet, test.size, test.met)
		}
		switch e := p.Interpolated; {
		case e == nil && test.through != "", e != nil && test.through == "":
			t.Errorf("%s: interpolated %v, want %q", test.spec, e, test.through)
		case e != nil && test.through != "*" && e.Size.String() != test.through:
			t.Errorf("%s: interpolated %v gates, want %s", test.spec, e.Size, test.through)
		}
		for _, k := range p.Checked {
			if size, _ := p.SizeInN.AtN(big.NewInt(int64(k.N))); size.Int64() < int64(k.Size) {
				t.Errorf("%s, n=%d: %d gates, and %v by formula", test.spec, k.N, k.Size, size)
			}
		}
	}
}

func TestRecurrentNetworksAreLinear(t *testing.T) {
	for spec, depth := range map[string]string{"rnn": "n", "gru": "3·n", "lstm": "4·n"} {
		p := prove(t, spec)
		if p.Verdict.Verdict != analysis.Proved || p.Class != "depth linear" || p.DepthFormula.String() != depth ||
			!slices.Equal(p.DepthMet, p.CheckedN) {
			t.Errorf("%s: %s, %q, depth %v, met at %v; want proved, depth linear, %s",
				spec, p.Verdict.Verdict, p.Class, p.DepthFormula, p.DepthMet, depth)
		}
	}
}

// TestLargeBlockIsReadQuickly asserts the exact values of a block of which no circuit fits
// a machine.
func TestLargeBlockIsReadQuickly(t *testing.T) {
	p := prove(t, "attention:d=64,heads=8,bits=8")
	if len(p.Checked) > 0 || p.Unchecked == "" || len(p.DepthMet) > 0 {
		t.Errorf("checked %v, %q", p.CheckedN, p.Unchecked)
	}
	// ½·(512·n)² + n²·8·255·(1 + 512) − ½·512·n + n·64·255
	want := func(n *big.Int) *big.Int {
		v := new(big.Int).Mul(n, n)
		v.Mul(v, big.NewInt(512*512/2+8*255*513))
		return v.Add(v, new(big.Int).Mul(n, big.NewInt(64*255-256)))
	}
	if len(p.Values) != 4 {
		t.Fatalf("%d values", len(p.Values))
	}
	for i, n := range []int64{1, 1e3, 1e6, 1e9} {
		v := p.Values[i]
		if v.N.Big().Int64() != n || v.Depth.Big().Int64() != 3 || v.Size.Big().Cmp(want(big.NewInt(n))) != 0 {
			t.Errorf("at n=%d: depth %v, %v gates; want depth 3, %v", n, v.Depth, v.Size, want(big.NewInt(n)))
		}
	}
}

// TestTrainedNetworksAreProved reads the shipped networks for every length.
func TestTrainedNetworksAreProved(t *testing.T) {
	for _, test := range []struct {
		name     string
		strategy lower.Strategy
		depth    string
		class    string
		ns       []int
	}{
		{"digits", lower.MinDepth, "4", "none: one circuit", []int{1}},
		{"most-frequent", lower.MinDepth, "6", "TC0", []int{2, 3, 4, 5}},
		{"adder", lower.Balanced, "11", "TC0", nil},
		{"long-adder", lower.Balanced, "12", "TC0", nil},
		{"words", lower.Balanced, "22", "TC0", nil},
		{"flip-flop", lower.MinDepth, "10", "TC0", nil},
		{"flip-flop", lower.Balanced, "15", "TC0", nil},
	} {
		m, err := model.Find(test.name, tc0.Models())
		if err != nil {
			t.Fatal(err)
		}
		q, err := m.Quantise(model.Quantisation{})
		if err != nil {
			t.Fatal(err)
		}
		c := analysis.Claim{Name: test.name, Strategy: test.strategy, Trained: true, N: test.ns}
		if test.ns == nil {
			c.N = []int{} // large: the long tests build them
		}
		if l, ok := q.Lengths(); ok {
			c.Family, c.LeastN, c.MostN = l, l.Least(), l.Most()
		} else {
			c.Family, c.Fixed = fixedFamily{q.Program}, true
		}
		p, err := analysis.Prove(context.Background(), c)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if p.Verdict.Verdict != analysis.Proved || p.DepthFormula.String() != test.depth || p.Class != test.class ||
			!slices.Equal(p.DepthMet, p.CheckedN) {
			t.Errorf("%s: %s, %s, depth %v, met at %v; want proved, %s, depth %s",
				test.name, p.Verdict.Verdict, p.Class, p.DepthFormula, p.DepthMet, test.class, test.depth)
		}
	}
}

// fixedFamily is one network without n.
type fixedFamily struct{ p *program.Program }

func (f fixedFamily) Program(int) (*program.Program, error)  { return f.p, nil }
func (f fixedFamily) OpenProgram() (*program.Program, error) { return f.p, nil }

// deeper is a family that adds a layer for each n beyond 16, and says so only when asked.
func deeper(n program.Dim) (*program.Program, error) {
	p := program.New("deeper later")
	v := p.Input("x", program.Shape{n}, 2, true)
	for range max(1, n.Size()-15) {
		v = p.Step(
			p.Linear(
				v,
				program.NewMatrix(n.Size(), n.Size(), func(i, j int) int64 { return int64((i+j)%2 + 1) }),
				nil,
				"n",
			),
			program.Round(int64(2*n.Size()), program.Range{Lo: -2, Hi: 1}),
		)
	}
	p.Output("y", v)
	return p, p.Err()
}

func TestAFamilyThatLooksAtNIsNotProved(t *testing.T) {
	_, err := analysis.Prove(context.Background(), analysis.Claim{Name: "deeper", Family: compile.FamilyFunc(deeper)})
	var open *program.OpenSizeError
	if !errors.As(err, &open) || !strings.Contains(err.Error(), "not known for every size") {
		t.Errorf("error %v, want an OpenSizeError", err)
	}
}

func TestProofsAreJSON(t *testing.T) {
	p := prove(t, "rmsnorm")
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	q, err := analysis.ReadProof(text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(q)
	if err != nil || string(again) != string(text) {
		t.Errorf("error %v, or another text:\n%s\n%s", err, text, again)
	}
	if !q.Sealed() {
		t.Error("the seal is broken by writing and reading")
	}
	for _, bad := range []string{
		"", "{}", "[1]", "{\"format\":\"tc0 proof 1\"}", string(text) + "{}",
		strings.Replace(string(text), "{", "{\"x\":1,", 1),
		strings.Replace(string(text), `"size_in_n":"44·n"`, `"size_in_n":"44·n·"`, 1),
	} {
		if _, err := analysis.ReadProof([]byte(bad)); err == nil {
			t.Errorf("%.40q is read as a proof", bad)
		}
	}
}
