package compile_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/program"
)

// A chain of thought is its transformer over and over, on sequences that grow by a token
// each time: in integers, with no memory of keys and values.
func TestChainOfThoughtIsTheTransformerAgainAndAgain(t *testing.T) {
	const n, steps = 3, 4
	for _, layers := range []int{1, 2} {
		for seed := range uint64(3) {
			base := compile.Transformer{Vocabulary: 4, Layers: layers, Layer: compile.Layer{Seed: seed, Heads: 2}}
			p, err := compile.ChainOfThought{Transformer: base, Steps: steps}.Program(n)
			if err != nil {
				t.Fatal(err)
			}
			var passes []*program.Program
			for i := range steps {
				pass, err := base.Program(n + i)
				if err != nil {
					t.Fatal(err)
				}
				passes = append(passes, pass)
			}
			for i := range 4 * 4 * 4 {
				tokens := []int64{int64(i % 4), int64(i / 4 % 4), int64(i / 16)}
				got, err := p.Reference(tokens)
				if err != nil {
					t.Fatal(err)
				}
				var want []int64
				for _, pass := range passes {
					next, err := pass.Reference(append(slices.Clone(tokens), want...))
					if err != nil {
						t.Fatal(err)
					}
					want = append(want, next...)
				}
				if !slices.Equal(got, want) {
					t.Fatalf("layers %d, seed %d, prompt %v: %v, want %v", layers, seed, tokens, got, want)
				}
			}
		}
	}
}

// The real-valued samplers, by hand for the steps that are easy: of one step the result is
// what the backbone foretells, and it does not depend on x but through the backbone.
func TestUpdatesOfSamplers(t *testing.T) {
	for _, ancestral := range []bool{false, true} {
		if u := compile.UpdateOf(0, 1, ancestral); u != (compile.Update{Keep: 0, Clean: 1, Noise: 0}) {
			t.Errorf("one step: %+v", u)
		}
		for _, steps := range []int{2, 5, 64} {
			for i := range steps {
				u := compile.UpdateOf(i, steps, ancestral)
				// If f is right, the noise that is kept and the fresh noise make up the noise of
				// the next time, and the signals add up to its signal.
				a, s := schedule(1 - float64(i)/float64(steps))
				b, r := schedule(1 - float64(i+1)/float64(steps))
				if e := u.Keep*a + u.Clean - b; e > 1e-9 || e < -1e-9 {
					t.Errorf("step %d of %d: signal off by %v", i, steps, e)
				}
				if e := u.Keep*u.Keep*s*s + u.Noise*u.Noise - r*r; e > 1e-9 || e < -1e-9 {
					t.Errorf("step %d of %d: noise off by %v", i, steps, e)
				}
				if ancestral == (u.Noise == 0) && i > 0 && i < steps-1 {
					t.Errorf("step %d of %d: noise %v", i, steps, u.Noise)
				}
			}
		}
	}
}

func TestDiffusionRefuses(t *testing.T) {
	for _, text := range []string{
		"diffusion:n=2,steps=0", "diffusion:n=2,steps=1001", "diffusion:n=2,kind=euler", "diffusion:n=0", "diffusion:n=2,bits=0",
		"cot:n=2,steps=0", "cot:n=2,kind=stable", "looped:n=2,steps=0", "ssm:n=2,kind=fourier", "ssm:n=2,kind=recurrence,state_bits=13", "diffusion:n=2,steps=-1",
	} {
		s, err := compile.ParseSpec(text)
		if err == nil {
			_, err = s.Instance()
		}
		if err == nil {
			t.Errorf("%s: no error", text)
		}
	}
}

// What the unrolled models compute is near what the textbook says, and the masked model
// keeps the tokens that it was given.
func TestUnrolledModelsAreNearTheRealOnes(t *testing.T) {
	for _, test := range []struct {
		spec string
		most float64 // greatest mean error, in units of output
	}{
		{"diffusion:n=3,steps=4,bits=5,noise_bits=4", 0.6},
		{"diffusion:n=3,steps=4,bits=5,kind=ddim,d=3", 0.6},
		{"diffusion:n=4,steps=3,bits=6,kind=masked", 0.02},
		{"ssm:n=9,kind=recurrence,bits=5,state_bits=8", 0.5},
		{"ssm:n=9,bits=5", 0.5},
		{"looped:n=2,steps=3,bits=6", 1.5},
	} {
		s, err := compile.ParseSpec(test.spec)
		if err != nil {
			t.Fatal(err)
		}
		i, err := s.Instance()
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		total, count := 0.0, 0
		for range 500 {
			in := randomInputs(rng, i.Program)
			got, err := i.Program.Reference(in)
			if err != nil {
				t.Fatal(err)
			}
			for k, want := range i.Real(in) {
				e := (float64(got[k])*i.Scale - want) / i.Scale
				total, count = total+max(e, -e), count+1
			}
		}
		if mean := total / float64(count); !(mean < test.most) || count == 0 {
			t.Errorf("%s: mean error %.3f units over %d outputs, want less than %v", test.spec, mean, count, test.most)
		}
	}
	s, _ := compile.ParseSpec("diffusion:n=4,steps=3,kind=masked")
	i, err := s.Instance()
	if err != nil {
		t.Fatal(err)
	}
	out, err := i.Program.Reference([]int64{2, 3, 0, 3, 1, 1, 0, 0, 0, 0, 1, 0})
	if err != nil || out[0] != 2 || out[2] != 0 || out[1] == 3 || out[3] == 3 {
		t.Errorf("2, mask, 0, mask became %v, %v", out, err)
	}
}

// randomInputs draws one integer for each input port.
func randomInputs(rng *rand.Rand, p *program.Program) []int64 {
	var in []int64
	for _, port := range p.Inputs() {
		r := port.Bounds
		in = append(in, r.Lo+rng.Int64N(r.Hi-r.Lo+1))
	}
	return in
}

func ExampleUpdateOf() {
	u := compile.UpdateOf(1, 4, true)
	fmt.Printf("x' = %.3f·x + %.3f·f + %.3f·ξ\n", u.Keep, u.Clean, u.Noise)
	// Output: x' = 0.317·x + 0.586·f + 0.644·ξ
}

// schedule is the cosine schedule.
func schedule(t float64) (signal, noise float64) {
	return math.Cos(t * math.Pi / 2), math.Sin(t * math.Pi / 2)
}
