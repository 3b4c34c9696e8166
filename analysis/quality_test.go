package analysis_test

import (
	"errors"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

func denoiser(t *testing.T, name string) *model.Denoiser {
	t.Helper()
	d, err := model.LoadDenoiser(tc0.Denoisers(), name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func samplerCircuit(t *testing.T, s model.Sampler) (*program.Program, *circuit.Circuit) {
	t.Helper()
	p, err := s.Program()
	if err != nil {
		t.Fatal(err)
	}
	c, err := lower.Program(p, lower.MinDepth)
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

// odd is the problem of parity-denoiser.
func odd(question []int64) bool {
	n := uint(0)
	for i, b := range question {
		n |= uint(b) << i
	}
	return bits.OnesCount(n)%2 == 1
}

// The circuit of a trained sampler is its integer reference, on all inputs.
func TestSamplersExhaustively(t *testing.T) {
	for _, s := range []model.Sampler{
		{Steps: 1, Ancestral: true}, {Steps: 2, Ancestral: true}, {Steps: 9},
	} {
		s.Denoiser = denoiser(t, "parity-denoiser")
		p, c := samplerCircuit(t, s)
		v, err := analysis.Verify(t.Context(), c, p, analysis.VerifyConfig{})
		if err != nil || !v.Exhaustive || v.Mismatches != 0 {
			t.Errorf("%d steps of %s: %+v, %v", s.Steps, s.Kind(), v, err)
		}
		r := analysis.MeasureSteps(c, "step", gates.Standard())
		if r.Deepest != 2 || r.Depth != 2*s.Steps || len(r.Steps) != s.Steps {
			t.Errorf("%d steps of %s: depth %d a step, %d in all", s.Steps, s.Kind(), r.Deepest, r.Depth)
		}
	}
}

// A trained sampler of images: no step is deeper than the single one, by formula and on
// flat circuits; what it draws is the better the more steps there are, and about as good
// as in floating point.
func TestQualityOfDigits(t *testing.T) { qualityOfDigits(t, 2) }

// And still better in 4 steps.
func TestLongQualityOfDigits(t *testing.T) {
	longtest.Need(t)
	qualityOfDigits(t, 4)
}

func qualityOfDigits(t *testing.T, steps int) {
	t.Helper()
	s := model.Sampler{Denoiser: denoiser(t, "digit-denoiser"), Ancestral: true}
	last := 100.0
	for _, test := range []struct {
		steps int
		most  float64 // PyTorch measured 12.7, 3.5 and 1.7
	}{{1, 14}, {2, 4.2}, {4, 2.2}} {
		if test.steps > steps {
			break
		}
		s.Steps = test.steps
		_, c := samplerCircuit(t, s)
		q, err := analysis.MeasureQuality(t.Context(), c, s, nil, 400, 1)
		if err != nil {
			t.Fatal(err)
		}
		if q.Mismatches != 0 || q.Samples != 400 || q.Measure != analysis.FrechetDistance || q.Worst != nil {
			t.Errorf("%d steps: %+v", test.steps, q)
		}
		if q.Circuit > test.most || q.Circuit >= last || q.Circuit < 0.9*q.Float || q.Circuit > 1.1*q.Float {
			t.Errorf("%d steps: distance %.3f by the circuit, %.3f in floating point", test.steps, q.Circuit, q.Float)
		}
		last = q.Circuit
		if r := analysis.MeasureSteps(c, "step", gates.Standard()); r.Deepest != 3 || r.Depth != 3*test.steps {
			t.Errorf("%d steps: depth %d a step, %d in all", test.steps, r.Deepest, r.Depth)
		}
	}
	open := func(steps int) (*program.Program, error) {
		one := s
		one.Steps = steps
		return one.Program()
	}
	none := func() (*program.Program, error) { return nil, errors.New("of one size") }
	f, err := analysis.ReadSteps(open, none, "step", []int{1, 5, 32}, lower.MinDepth)
	if err != nil || !f.Flat(f.Single) || f.Single != 3 || f.Depths[2] != 96 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestQualityOfAnswers(t *testing.T) {
	s := model.Sampler{Denoiser: denoiser(t, "parity-denoiser"), Steps: 1}
	_, c := samplerCircuit(t, s)
	q, err := analysis.MeasureQuality(t.Context(), c, s, odd, 640, 3)
	if err != nil || q.Mismatches != 0 || q.Measure != analysis.RightAnswers {
		t.Fatalf("%+v, %v", q, err)
	}
	// A single step returns what is expected, and so the likelier answer.
	if q.Circuit < 0.99 || q.Float < 0.99 || *q.Worst > q.Circuit {
		t.Errorf("%+v, worst %v", q, *q.Worst)
	}
	no := func(question []int64) bool { return !odd(question) }
	if w, err := analysis.MeasureQuality(t.Context(), c, s, no, 640, 3); err != nil || w.Circuit > 0.01 ||
		*w.Worst != 0 {
		t.Errorf("the other way round: %+v, %v", w, err)
	}
	for _, bad := range []struct {
		right func([]int64) bool
		count int
	}{{nil, 10}, {odd, 1}} {
		if _, err := analysis.MeasureQuality(t.Context(), c, s, bad.right, bad.count, 1); err == nil {
			t.Errorf("%d samples: no error", bad.count)
		}
	}
}

// The theorem about diffusion models as a circuit: T* steps of each draw, side by side, and
// a vote. It is right on all inputs, and as deep as the formula says.
func TestAmplifiedDiffusion(t *testing.T) { amplifiedDiffusion(t, 1, 3) }

func TestLongAmplifiedDiffusion(t *testing.T) {
	longtest.Need(t)
	amplifiedDiffusion(t, 8)
}

func amplifiedDiffusion(t *testing.T, numbers ...int) {
	t.Helper()
	for _, steps := range numbers {
		for _, ancestral := range []bool{true, false} {
			s := model.Sampler{Denoiser: denoiser(t, "parity-denoiser"), Steps: steps, Ancestral: ancestral}
			found, err := s.Amplify(t.Context(), 25, 200, odd, rand.New(rand.NewPCG(4, 4)))
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Draws) != 25 || found.Tried != 1000 || ancestral && found.Least <= 0.5 ||
				found.Mean < found.Least ||
				found.Mean > 1 {
				t.Errorf("%d steps: %d draws, %d tried, least %v, mean %v",
					steps, len(found.Draws), found.Tried, found.Least, found.Mean)
			}
			p, err := s.Amplified(found.Draws)
			if err != nil {
				t.Fatal(err)
			}
			c, err := lower.Program(p, lower.MinDepth)
			if err != nil {
				t.Fatal(err)
			}
			one := s
			one.Steps = 1
			_, step := samplerCircuit(t, one)
			if want := steps*step.Depth() + 1; c.Depth() != want {
				t.Errorf("%d steps: depth %d, want %d", steps, c.Depth(), want)
			}
			answer := func(in []int64) []int64 {
				if odd(in) {
					return []int64{1}
				}
				return []int64{0}
			}
			v, err := analysis.VerifyFunction(t.Context(), c, answer, analysis.VerifyConfig{Exhaustive: true})
			if err != nil || v.Inputs != 64 || v.Mismatches != 0 {
				t.Errorf("%d steps, against parity: %+v, %v", steps, v, err)
			}
			if v, err := analysis.Verify(t.Context(), c, p, analysis.VerifyConfig{Exhaustive: true}); err != nil ||
				v.Inputs != 64 ||
				v.Mismatches != 0 {
				t.Errorf("%d steps, against the integers: %+v, %v", steps, v, err)
			}
		}
	}
}

// Winning draws are among the sets that were asked for, and only there.
func TestAmplifyKeepsToItsSets(t *testing.T) {
	s := model.Sampler{Denoiser: denoiser(t, "parity-denoiser"), Steps: 2, Ancestral: true}
	rng := func() *rand.Rand { return rand.New(rand.NewPCG(6, 6)) }
	found, err := s.Amplify(t.Context(), 3, 1000, odd, rng())
	if err != nil || found.Sets < 2 {
		t.Fatalf("%+v, %v: no test of what comes later", found, err)
	}
	var none *model.NoDrawsError
	if _, err := s.Amplify(t.Context(), 3, found.Sets-1, odd, rng()); !errors.As(err, &none) {
		t.Errorf("%d sets: %v", found.Sets-1, err)
	}
	if again, err := s.Amplify(t.Context(), 3, found.Sets, odd, rng()); err != nil || again.Sets != found.Sets {
		t.Errorf("%d sets: %+v, %v", found.Sets, again, err)
	}
}

// What is diffused may have any unit, while the bits of the question stay ones.
func TestQuestionsKeepTheirScale(t *testing.T) {
	for _, reach := range []int{2, 3, 4, 5, 7} {
		d := *denoiser(t, "parity-denoiser")
		d.Config.Reach, d.Config.Bits = reach, 7
		s := model.Sampler{Denoiser: &d, Steps: 1}
		_, c := samplerCircuit(t, s)
		q, err := analysis.MeasureQuality(t.Context(), c, s, odd, 640, 3)
		if err != nil || q.Circuit < 0.99 {
			t.Errorf("reach %d: %+v, %v", reach, q, err)
		}
	}
}

// Draws whose answers are wrong half of the time are not found, and that is said.
func TestAmplifyFindsNothing(t *testing.T) {
	s := model.Sampler{Denoiser: denoiser(t, "parity-denoiser"), Steps: 2, Ancestral: true}
	never := func(question []int64) bool { return question[0] == 1 }
	var none *model.NoDrawsError
	if _, err := s.Amplify(t.Context(), 3, 2, never, rand.New(rand.NewPCG(1, 1))); !errors.As(err, &none) ||
		none.Votes != 3 ||
		none.Tried != 1002 ||
		none.Least > 0.5 {
		t.Errorf("%v", err)
	}
}
