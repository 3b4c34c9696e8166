package coq_test

import (
	"context"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/coq"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/longtest"
	"github.com/tc0lab/tc0/internal/tooltest"
	"github.com/tc0lab/tc0/proof"
)

// written are families that have a certificate, with its bounds and what of a textbook it is about.
var written = []struct {
	spec     string
	level    int
	gates    string
	textbook string
}{
	{"attention", 3, "235·n^2 + 28·n", "attention"},
	{"attention:heads=2", 3, "326·n^2 + 28·n", "attention"},
	{"attention:d=6,heads=3,bits=2,exp_levels=2,out_bits=3,seed=5", 3, "222·n^2 + 42·n", "attention"},
	{"attention:d=2,heads=2", 3, "134·n^2 + 14·n", "attention"},
	{"attention:causal=1", 3, "235·n^2 + 28·n", "causal attention"},
	{"attention:kind=stable", 4, "7·n^3 + 235·n^2 + 28·n", "attention by a maximum"},
	{"attention:kind=average-hard", 4, "n^3 + 157·n^2 + 28·n", "attention by a maximum"},
	{"attention:kind=unique-hard", 3, "n^3 + 157·n^2", "unique-hard attention"},
	{"attention:kind=stable,causal=1", 4, "7·n^3 + 235·n^2 + 28·n", "attention by a maximum"},
	{"attention:kind=unique-hard,causal=1", 3, "n^3 + 157·n^2", "unique-hard attention"},
	{"mamba:d=1,state=1", 3, "5372·n", "a selective state-space model"},
	{"s4", 1, "28·n", "a time-invariant state-space model"},
	{"s4:d=1,state=3,bits=2,seed=9", 1, "3·n", "a time-invariant state-space model"},
	{"mlp", 2, "21·n", "perceptrons"},
	{"mlp:bits=2,seed=7", 2, "9·n", "perceptrons"},
	{"mlp:layers=1,out=3", 1, "21", "perceptrons"},
	{"mlp:layers=3,hidden=5,bits=2", 3, "3·n + 30", "perceptrons"},
	{"attention:kv_heads=1,heads=2", 3, "326·n^2 + 28·n", "attention with shared keys"},
	{"attention:kv_heads=1,heads=2,causal=1", 3, "326·n^2 + 28·n", "causal attention with shared keys"},
	{"attention:kv_heads=1,heads=2,causal=1,kind=stable", 4, "14·n^3 + 326·n^2 + 28·n", "attention by a maximum with shared keys"},
	{"attention:kv_heads=1,heads=2,positions=learned", 3, "326·n^2 + 28·n", "attention with shared keys of positions with codes"},
	{"attention:positions=learned,kind=unique-hard", 3, "n^3 + 157·n^2", "unique-hard attention of positions with codes"},
	{"attention:positions=learned", 3, "235·n^2 + 28·n", "attention of positions with codes"},
	{"attention:positions=learned,causal=1", 3, "235·n^2 + 28·n", "causal attention of positions with codes"},
	{"attention:positions=sinusoidal", 3, "235·n^2 + 28·n", "attention of positions with codes"},
	{"attention:positions=rotary", 3, "235·n^2 + 28·n", "attention with rotary positions"},
	{"attention:positions=rotary,causal=1", 3, "235·n^2 + 28·n", "causal attention with rotary positions"},
	{"attention:positions=rotary,kv_heads=1,heads=2,causal=1", 3, "326·n^2 + 28·n", "causal attention with rotary positions and shared keys"},
	{"mamba:kind=block", 5, "10002·n", "a block of Mamba"},
	{"mamba:memory=all", 3, "3464·n^2 + 92·n", "a selective state-space model"},
	{"s4:memory=all", 1, "28·n", "a time-invariant state-space model"},
	{"ssm", 1, "28", "a time-invariant state-space model at the last position"},
	{"mlp:activation=gelu", 2, "49·n", "perceptrons"},
	{"mlp:activation=silu,layers=3,bits=2", 3, "39·n", "perceptrons"},
	{"glu", 2, "144·n^2 + 55·n", "a gated linear unit"},
	{"rmsnorm", 2, "104·n", "an RMS norm"},
	{"layernorm", 2, "320·n", "a layer norm"},
	{"layer", 9, "987·n^2 + 308·n", "the layer of a transformer"},
	{"layer:norm=layer", 10, "987·n^2 + 2060·n", "the layer of a transformer"},
	{"layer:place=post,norm=layer", 10, "235·n^2 + 3340·n", "the layer of a transformer"},
	{"layer:d=2,seed=5", 9, "301·n^2 + 148·n", "the layer of a transformer"},
	{"layer:d=1", 9, "105·n^2 + 72·n", ""},
	{"layer:place=post", 8, "235·n^2 + 268·n", "the layer of a transformer"},
	{"layer:kind=unique-hard", 9, "n^3 + 813·n^2 + 280·n", "the layer of a transformer"},
	{"layer:causal=1,kind=stable", 10, "7·n^3 + 987·n^2 + 308·n", "the layer of a transformer"},
	{"transformer:d=2,seed=9", 12, "301·n^2 + 152·n + 34", "a transformer"}, // its last norm reads a part of a staircase
	{"transformer", 12, "987·n^2 + 300·n + 48", "a transformer"},
	{"transformer:place=post,norm=layer,layers=2", 24, "2930·n^2 + 6680·n + 52", "a transformer"},
	{"transformer:norm=layer,kind=unique-hard,heads=2", 14, "2·n^3 + 2410·n^2 + 2256·n + 52", "a transformer"},
	{"transformer:tokens=binary", 13, "987·n^2 + 289·n + 48", "a transformer"},
	{"transformer:output=logits", 10, "987·n^2 + 300·n + 28", "a transformer"},
	{"transformer:d=2,heads=2", 12, "406·n^2 + 164·n + 34", "a transformer"},
	{"transformer:layers=2", 20, "1974·n^2 + 568·n + 48", "a transformer"},
	{"cot", 12, "987·n^2 + 300·n + 48", "a transformer"},
	{"cot:steps=2", 24, "987·n^2 + 1287·n + 1383", "a chain of thought"},
	{"cot:steps=3,layers=2,heads=2,norm=layer,tokens=binary", 73, "3948·n^2 + 10163·n + 21680", "a chain of thought"},
	{"looped:steps=2", 16, "1222·n^2 + 536·n", "a stack of layers"},
	{"denoiser:steps=2", 4, "42·n", "a sampler of a diffusion model"},
	{"diffusion", 2, "90", "a sampler of a diffusion policy"},
	{"diffusion:kind=ddim,steps=2", 4, "180", "a sampler of a diffusion policy"},
	{"diffusion:kind=masked", 7, "199·n^2 + 109·n", ""},
	{"attention:strategy=balanced", 3, "235·n^2 + 28·n", "attention"},
	{"layer:strategy=balanced", 10, "235·n^2 + 316·n", ""},
	{"layer:norm=layer,strategy=balanced", 12, "235·n^2 + 796·n", ""},
	{"looped:steps=2,strategy=balanced", 18, "470·n^2 + 552·n", ""},
	{"transformer:strategy=balanced", 13, "235·n^2 + 308·n + 48", ""},
	{"mamba:kind=block,strategy=balanced", 6, "10002·n", ""},
	{"layer:norm=layer,strategy=min-size", 15, "235·n^2 + 756·n", ""},
	{"transformer:strategy=min-size", 19, "307·n^2 + 284·n + 52", ""},
	{"mamba:strategy=min-size", 4, "42530·n", ""},
	{"mlp:strategy=min-size", 6, "9·n", ""},
	{"diffusion:strategy=min-size", 8, "24", ""},
	{"glu:strategy=balanced", 3, "15·n^2 + 60·n", ""},
	{"s4:strategy=digits2+absorb", 2, "16·n", ""},
}

// TestEveryFamily asserts that each family is written, or refused.
func TestEveryFamily(t *testing.T) {
	known := map[string]bool{}
	for _, test := range written {
		name, _, _ := strings.Cut(test.spec, ":")
		known[name] = true
	}
	for _, test := range serial {
		name, _, _ := strings.Cut(test.spec, ":")
		known[name] = true
	}
	for _, f := range compile.Families() {
		if !known[f.Name] {
			t.Errorf("%s is neither written nor refused", f.Name)
		}
	}
}

func certificate(t *testing.T, spec string) (*coq.Certificate, compile.Spec) {
	t.Helper()
	s, err := compile.ParseSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	strategy, err := s.Strategy()
	if err != nil {
		t.Fatal(err)
	}
	c, err := coq.Of(spec, s, strategy, 1, 2, 3)
	if err != nil {
		t.Fatalf("%s: %v", spec, err)
	}
	return c, s
}

// pairs are families whose circuits for n = 2 are others here than in the library: the greatest of two has one
// comparison, which takes in what it is multiplied with. That is fewer gates, and each reads more wires.
var pairs = map[string]bool{"layer:kind=unique-hard": true, "layer:causal=1,kind=stable": true}

// TestCertificates asserts the bounds of the library. The circuits of package lower keep to them.
func TestCertificates(t *testing.T) {
	for _, test := range written {
		c, s := certificate(t, test.spec)
		strategy, _ := s.Strategy()
		if c.Level != test.level || c.Gates.String() != test.gates || c.Textbook != test.textbook {
			t.Errorf("%s: depth %d, %v gates, %q; want %d, %s, %q", test.spec, c.Level, c.Gates, c.Textbook, test.level,
				test.gates, test.textbook)
		}
		for n := 1; n <= 6; n++ {
			p, err := s.Program(n)
			if err != nil {
				t.Fatal(err)
			}
			flat, err := lower.Program(p, strategy)
			if err != nil {
				t.Fatal(err)
			}
			most, _ := c.Gates.AtN(big.NewInt(int64(n)))
			if flat.Depth() > c.Level || big.NewInt(int64(flat.Size())).Cmp(most) > 0 {
				t.Errorf("%s, n=%d: depth %d and %d gates, beyond %d and %v", test.spec, n, flat.Depth(), flat.Size(),
					c.Level, most)
			}
			if n < 2 || n > 4 || c.Costs == nil || n == 2 && pairs[test.spec] {
				continue
			}
			for _, broken := range beyond(flat, c.Costs, int64(n)) {
				t.Errorf("%s, n=%d: %s", test.spec, n, broken)
			}
		}
	}
}

// TestNoOtherStrategy has strategies that lower in another way than the library.
func TestNoOtherStrategy(t *testing.T) {
	s, err := compile.ParseSpec("attention")
	if err != nil {
		t.Fatal(err)
	}
	for _, strategy := range []lower.Strategy{{}, {Binary: true}, {Absorb: true, Select: true}} {
		var reason *coq.NotWrittenError
		if _, err := coq.Of("attention", s, strategy, 1, 2); !errors.As(err, &reason) {
			t.Errorf("%v: error %v, want a *NotWrittenError", strategy, err)
		}
	}
}

// TestParameters has the numbers that are others for each n: the theorem is for every choice of them.
func TestParameters(t *testing.T) {
	c, _ := certificate(t, "glu")
	for _, want := range []string{
		"Theorem certificate : forall (W1 : idx -> Z) (b2 : Z) (T2 : nat -> Z) (J2 : nat -> Z) (W3 : idx -> Z) (unit5 : Z),\n" +
			"  certified (program W1 b2 T2 J2 W3 unit5) 2 [0%N; 55%N; 144%N].",
		"(jumps T2 J2 48)", "OStep (-4) (rounded unit5 (-4) 7) 4", `(* W1 *) (hashed 7 1 "gate")`,
		"(* T2 *) (listed [(-5); 5; 11; 16; 21; 26; 30])", "(* unit5 *) 44",
	} {
		if !strings.Contains(c.Text, want) {
			t.Errorf("the certificate of glu lacks %q", want)
		}
	}
}

// TestBundle writes a folder with everything that Coq needs.
func TestBundle(t *testing.T) {
	c, _ := certificate(t, "attention")
	dir := filepath.Join(t.TempDir(), "new", "bundle")
	last := ""
	if err := coq.Bundle(dir, c, func(path string, text []byte) error {
		last = filepath.Base(path)
		return os.WriteFile(path, text, 0o644)
	}); err != nil || last != "Makefile" {
		t.Fatalf("%s is last, %v", last, err)
	}
	for _, name := range append(proof.Modules(), proof.Project, "Certificate.v", "Makefile") {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "Certificate.v"))
	if err != nil || string(text) != c.Text {
		t.Errorf("the certificate is another one: %v", err)
	}
}

// TestLongCoq has Coq accept all certificates, and refuse them with a number changed.
func TestLongCoq(t *testing.T) {
	longtest.Need(t)
	ctx := tooltest.Context(t)
	compiler, err := coq.NewCompiler(ctx, t.TempDir())
	if errors.Is(err, coq.ErrNoCoq) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := compiler.Prepare(ctx, nil); err != nil {
		t.Fatal(err)
	}
	t.Run("certificates", func(t *testing.T) { acceptedCertificates(ctx, t, compiler) })
	t.Run("thoughts", func(t *testing.T) { thoughtsOnVectors(ctx, t, compiler) })
	t.Run("changed numbers", func(t *testing.T) { changedNumbers(ctx, t, compiler) })
}

// acceptedCertificates asserts that Coq accepts certificates, and one of steps with no other bounds.
func acceptedCertificates(ctx context.Context, t *testing.T, compiler *coq.Compiler) {
	specs := oneOfEach()
	for _, spec := range specs {
		c, _ := certificate(t, spec)
		err := compiler.Check(ctx, []byte(c.Text))
		tooltest.SkipIf(t, ctx.Err() != nil, "coqc")
		if err != nil {
			t.Errorf("%s: %v", spec, err)
		}
		if !compiler.Accepted([]byte(c.Text)) || compiler.Accepted([]byte(c.Text+" ")) {
			t.Errorf("%s: what was accepted is not remembered by its text", spec)
		}
	}
	c, _ := certificate(t, "rnn")
	for _, change := range [][2]string{
		{"[thermometers [[2]%nat] (-2) 5]", "[thermometers [[2]%nat] (-2) 6]"}, // the step puts out 5
		{"[thermometers [[2]%nat] (-2) 5]", "[thermometers [[2]%nat] (-1) 5]"},
		{"T 1 [10%N]", "T 0 [10%N]"},
		{"T 1 [10%N]", "T 1 [9%N]"},
	} {
		if strings.Count(c.Text, change[0]) != 1 {
			t.Fatalf("the certificate of rnn has no %q, or several", change[0])
		}
		var refused *coq.RefusedError
		err := compiler.Check(ctx, []byte(strings.Replace(c.Text, change[0], change[1], 1)))
		tooltest.SkipIf(t, ctx.Err() != nil, "coqc")
		if !errors.As(err, &refused) {
			t.Errorf("rnn: %q instead of %q is accepted: %v", change[1], change[0], err)
		}
	}
}

// oneOfEach are a certificate of each family and of each textbook definition, or all.
func oneOfEach() []string {
	var specs []string
	seen := map[string]bool{}
	for _, test := range written {
		name, _, _ := strings.Cut(test.spec, ":")
		if key := name + ": " + test.textbook; !seen[key] || longtest.Some(0, 1) == 1 {
			seen[key] = true
			specs = append(specs, test.spec)
		}
	}
	for _, test := range serial {
		specs = append(specs, test.spec)
	}
	return specs
}
