package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/explore"
)

// explored says how the ports of a trained model are read, and returns the input to begin with: a held-out one, which
// says more than zeros do; nil if there is none.
func (s *modelSubject) explored(c *circuit.Circuit, opt *explore.Options) []int64 {
	q := s.quantised.Model
	config := &q.Config
	codec := explore.Codec{Kind: "int"}
	switch config.Input.Kind {
	case "image":
		codec = explore.Codec{Kind: "image", Rows: config.Input.Rows, Columns: config.Input.Columns}
	case "tokens":
		codec = explore.Codec{Kind: "tokens", Vocabulary: config.Labels}
	}
	opt.Codecs = map[string]explore.Codec{}
	for _, p := range c.InputPorts() {
		opt.Codecs[groupOf(p.Name)] = codec
	}
	if len(config.Labels) > 0 {
		for _, p := range c.OutputPorts() {
			opt.Codecs[groupOf(p.Name)] = explore.Codec{Kind: "int", Labels: config.Labels}
		}
	}
	if config.Language() {
		delete(opt.Codecs, "logit")
		opt.Text = &explore.Text{
			Input: groupOf(c.InputPorts()[0].Name), Output: groupOf(c.OutputPorts()[0].Name),
			First: config.Input.Length - config.Outputs, Labels: config.Labels,
			End: slices.Index(config.Labels, config.Text.End), Most: config.Text.Answers,
		}
	}
	if q.Test == nil || q.Test.Len() == 0 || len(q.Test.Inputs[0]) != len(c.InputPorts()) {
		return nil
	}
	return q.Test.Inputs[0]
}

// explored says how the ports of a sampler are read and which its steps are, and returns an input to begin with: noise
// from the seed, and a question of zeros if the model reads one.
func (s *diffusionSubject) explored(seed uint64, c *circuit.Circuit, opt *explore.Options) []int64 {
	config := &s.sampler.Config
	opt.Codecs = map[string]explore.Codec{}
	if config.Rows > 0 {
		image := explore.Codec{Kind: "image", Rows: config.Rows, Columns: config.Columns}
		for _, p := range slices.Concat(c.InputPorts(), c.OutputPorts()) {
			opt.Codecs[groupOf(p.Name)] = image
		}
	}
	one := int(math.Round(1 / s.sampler.Unit())) // pictures are of −1 to 1
	for i := range s.sampler.Steps {
		step := explore.Step{
			Stage: fmt.Sprintf("step %d", i+1), Output: fmt.Sprintf("x%d", i+1), Black: -one, White: one,
		}
		if i == s.sampler.Steps-1 {
			step.Output = "y"
		}
		opt.Steps = append(opt.Steps, step)
	}
	noise := s.sampler.Draw(rand.New(rand.NewPCG(seed, 3)))
	return slices.Concat(make([]int64, config.Context), noise)
}
