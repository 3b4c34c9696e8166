package analysis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/eval"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/model"
)

// The measures of quality.
const (
	// FrechetDistance is the squared Fréchet distance of the drawn vectors to the held-out
	// ones, see [model.Frechet]: less is better.
	FrechetDistance = "frechet"
	// RightAnswers is the share of draws that give the right answer: more is better.
	RightAnswers = "right"
)

// Quality measures the samples of a diffusion model, drawn by its circuit and by the network in
// floating point from the same noise.
type Quality struct {
	Steps      int     `json:"count"`      // T
	Samples    int     `json:"samples"`    // draws
	Mismatches int     `json:"mismatches"` // of them, where circuit and integer reference differ
	Measure    string  `json:"measure"`    // FrechetDistance or RightAnswers
	Circuit    float64 `json:"circuit"`
	Float      float64 `json:"float"`
	// Worst is the share of right draws on the question where it is least; of a model that
	// answers questions.
	Worst *float64 `json:"circuit_worst_question,omitempty"`
}

// MeasureQuality draws a number of vectors by the circuit of a sampler and compares them with the
// integer reference. Then it measures how good they are, against held-out vectors. For a model that
// answers questions it takes the questions in turn, and right judges the answers. The seed fixes
// the noise.
func MeasureQuality(
	ctx context.Context, c *circuit.Circuit, s model.Sampler, right func(question []int64) bool, count int, seed uint64,
) (*Quality, error) {
	bits := s.Config.Context
	switch {
	case count < 2:
		return nil, fmt.Errorf("analysis: %d samples; at least 2 are needed", count)
	case bits > 0 && right == nil || bits == 0 && len(s.Test) < 2:
		return nil, fmt.Errorf("analysis: there is nothing to compare the draws of %s with", s.Config.Name)
	case bits > mostQuestionBits:
		return nil, fmt.Errorf("analysis: %s reads %d bits; at most %d are possible",
			s.Config.Name, bits, mostQuestionBits)
	}
	p, err := s.Program()
	if err != nil {
		return nil, err
	}
	inputs := DrawNoise(s, count, seed)
	drawn, err := Evaluate(ctx, c, inputs)
	if err != nil {
		return nil, err
	}
	float := make([][]float64, count)
	var differ atomic.Int64
	err = vector.Listed(inputs).EachTile(ctx, func(tile int, part [][]int64) error {
		for i, in := range part {
			if err := ctx.Err(); err != nil {
				return err
			}
			want, err := p.Reference(in)
			if err != nil {
				return err
			}
			at := tile*eval.TileLanes + i
			if !slices.Equal(drawn[at], want) {
				differ.Add(1)
			}
			float[at] = s.Real(in)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	q := &Quality{Steps: s.Steps, Samples: count, Mismatches: int(differ.Load()), Measure: FrechetDistance}
	if bits > 0 {
		q.Measure = RightAnswers
		q.answers(inputs, drawn, float, bits, right)
		return q, nil
	}
	real := make([][]float64, count)
	for i, v := range drawn {
		for _, x := range v {
			real[i] = append(real[i], float64(x)*s.Unit())
		}
	}
	if q.Circuit, err = model.Frechet(real, s.Test); err != nil {
		return nil, err
	}
	q.Float, err = model.Frechet(float, s.Test)
	return q, err
}

// mostQuestionBits bounds the questions that are taken in turn.
const mostQuestionBits = 16

// DrawNoise returns a number of inputs of a sampler: noise, and for a model that answers questions
// also each question in turn.
func DrawNoise(s model.Sampler, count int, seed uint64) [][]int64 {
	rng := rand.New(rand.NewPCG(seed, 64))
	inputs := make([][]int64, count)
	for i := range inputs {
		for k := range s.Config.Context {
			inputs[i] = append(inputs[i], int64(i>>k&1))
		}
		inputs[i] = append(inputs[i], s.Draw(rng)...)
	}
	return inputs
}

// answers counts right answers.
func (q *Quality) answers(inputs, drawn [][]int64, float [][]float64, bits int, right func([]int64) bool) {
	asked, good := make([]float64, 1<<bits), make([]float64, 1<<bits)
	for i, in := range inputs {
		want := right(in[:bits])
		question := i & (1<<bits - 1)
		asked[question]++
		if (drawn[i][0] >= 0) == want {
			good[question]++
			q.Circuit += 1 / float64(q.Samples)
		}
		if (float[i][0] >= 0) == want {
			q.Float += 1 / float64(q.Samples)
		}
	}
	worst := 1.0
	for k, n := range asked {
		if n > 0 {
			worst = min(worst, good[k]/n)
		}
	}
	q.Worst = &worst
}

// SamplerInstance is a sampler with its real-valued reference.
func SamplerInstance(s model.Sampler) (*compile.Instance, error) {
	p, err := s.Program()
	if err != nil {
		return nil, err
	}
	return &compile.Instance{Program: p, Real: s.Real, Scale: s.Unit()}, nil
}
