package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
)

type amplifyCmd struct {
	Model  string `arg:"" default:"parity-denoiser" help:"A shipped diffusion model that answers questions (${default}), or the folder of one."`
	Steps  int    `default:"4" placeholder:"T" help:"T*, the steps of the sampler (${default})."`
	Votes  int    `default:"0" placeholder:"K" help:"Draws that vote, an odd number; 0 tries 3, 5, 7 and so on until the vote is always right."`
	Sets   int    `default:"20" placeholder:"N" help:"Sets of fresh draws that are tried for each number of votes (${default})."`
	DDIM   bool   `name:"ddim" help:"The deterministic sampler, with noise at the start only; else DDPM."`
	Output string `short:"o" placeholder:"FILE" help:"Write the circuit to a file, too."`
}

func (amplifyCmd) Help() string {
	return `The theorem about diffusion models, made a circuit: if the right answer leads on every question,
then some draws of noise, wired in, make a majority vote right on all of them. The sampler is cut after T*
steps; draws are found by trying all questions; and the circuit, T* steps of each draw side by side and one gate
for the vote, has depth T*·D + 1, where D is the depth of a step. It is compared with the right answers on all
questions.

The draws are advice: the family is non-uniform.

Examples:

  tc0 amplify
  tc0 amplify parity-denoiser --steps 8 --votes 25 --json
`
}

// amplified is the JSON of the result.
type amplified struct {
	Subject     string                `json:"subject"`
	Hypotheses  []analysis.Hypothesis `json:"hypotheses"`
	Problem     string                `json:"problem"`
	N           int                   `json:"n"`
	Count       int                   `json:"count"` // T*, where the sampler is cut
	Votes       int                   `json:"votes"`
	Chosen      bool                  `json:"votes_chosen"` // by the user; else they were searched for
	Seed        uint64                `json:"seed"`
	Tried       int                   `json:"tried_draws"`
	Sets        int                   `json:"tried_sets"`  // of draws, the last of which is always right
	Least       float64               `json:"least_right"` // measured
	Mean        float64               `json:"mean_right"`
	Lead        float64               `json:"lead"`                     // 2·least − 1
	Bound       int                   `json:"votes_by_bound"`           // k(n, Σ, g) with g the measured lead
	HalfBound   int                   `json:"votes_by_bound_half_lead"` // and with g half of it, as the proof has it
	Target      float64               `json:"target_lead,omitempty"`    // ε, of the distribution that the model was trained on
	Truncation  int                   `json:"steps_by_bound,omitempty"` // T*(d, ε, c = 1); of DDPM
	StepDepth   int                   `json:"step_depth"`               // D, measured on one step
	Formula     string                `json:"depth_formula"`            // T*·D + 1; T*·D for a single draw
	ByFormula   int                   `json:"depth_by_formula"`
	Depth       int                   `json:"depth"`
	DepthModel  string                `json:"depth_model"`
	Size        int                   `json:"size"`
	Wires       int64                 `json:"wires"`
	AdviceBits  int                   `json:"advice_bits"` // the draws
	Verified    analysis.Verification `json:"verified"`    // against the right answers
	Reference   analysis.Verification `json:"verified_reference"`
	Assumptions []string              `json:"assumptions"`
	File        *exported             `json:"file,omitempty"`
}

// mostVotes is where the search for a number of votes ends.
const mostVotes = 401

func (cmd *amplifyCmd) Run(a *app) error {
	switch {
	case cmd.Steps < 1:
		return errf("--steps=%d: at least 1 is needed", cmd.Steps)
	case cmd.Votes < 0 || cmd.Votes > mostVotes || cmd.Votes > 0 && cmd.Votes%2 == 0:
		return errf("--votes=%d is not an odd number up to %d, or 0", cmd.Votes, mostVotes)
	case cmd.Sets < 1:
		return errf("--sets=%d: at least 1 is needed", cmd.Sets)
	}
	format, err := circuitFormat(cmd.Output)
	if err != nil {
		return err
	}
	d, err := findDenoiser(cmd.Model)
	if err != nil {
		return err
	}
	spec, right, err := questions(d)
	if err != nil {
		return err
	}
	if spec == nil {
		return errf("%s answers no question: its configuration names no problem", cmd.Model)
	}
	reference, err := spec.Reference()
	if err != nil {
		return err
	}
	s := model.Sampler{Denoiser: d, Steps: cmd.Steps, Ancestral: !cmd.DDIM}
	found, votes, err := cmd.search(a, s, right)
	if err != nil {
		return err
	}
	r := &amplified{
		Subject: d.Config.Name, Hypotheses: analysis.Hypotheses(), Problem: spec.String(), N: d.Config.Context,
		Count: cmd.Steps, Votes: votes, Chosen: cmd.Votes > 0, Seed: a.flags.Seed, Tried: found.Tried, Sets: found.Sets,
		Least: found.Least, Mean: found.Mean, Lead: 2*found.Least - 1, Target: d.Config.Lead, DepthModel: a.model.Name,
	}
	if r.Lead > 0 {
		if r.Bound, err = analysis.SeedsFor(r.N, 2, r.Lead); err != nil {
			return err
		}
		if r.HalfBound, err = analysis.SeedsFor(r.N, 2, r.Lead/2); err != nil {
			return err
		}
	}
	if cmd.DDIM {
		r.Assumptions = append(r.Assumptions,
			"DDIM is none of the samplers of H6, which asks for fresh noise: the bound on T* is not about it")
	} else if r.Target > 0 {
		if r.Truncation, err = analysis.StepsFor(d.Config.Dimension(), r.Target/4, 1); err != nil {
			return err
		}
	}
	c, err := cmd.build(a, s, found.Draws, r)
	if err != nil {
		return err
	}
	if err := r.verify(a, c, reference); err != nil {
		return err
	}
	if format != nil {
		s := newFile(r.Subject, "", c)
		if r.File, err = a.export(cmd.Output, format, designOf(s), a.measureAs(s, c), nil); err != nil {
			return err
		}
	}
	return a.show(
		r,
		func() { cmd.print(a, r, d) },
		r.Verified.Mismatches == 0 && r.Reference.Mismatches == 0 &&
			(r.Depth == r.ByFormula || a.model.Name != "standard"),
	)
}

// search finds draws whose vote is right on every question.
func (cmd *amplifyCmd) search(a *app, s model.Sampler, right func([]int64) bool) (*model.Amplification, int, error) {
	m := a.meter("trying draws")
	defer m.end()
	rng := rand.New(rand.NewPCG(a.flags.Seed, 7))
	if cmd.Votes > 0 {
		found, err := s.Amplify(a.ctx, cmd.Votes, cmd.Sets, right, rng)
		return found, cmd.Votes, err
	}
	for votes := 3; ; votes += 2 {
		m.set(votes, mostVotes)
		found, err := s.Amplify(a.ctx, votes, cmd.Sets, right, rng)
		var none *model.NoDrawsError
		if !errors.As(err, &none) || votes+2 > mostVotes {
			return found, votes, err
		}
	}
}

// build makes the circuits of one step and of the vote, and measures them.
func (cmd *amplifyCmd) build(a *app, s model.Sampler, draws [][]int64, r *amplified) (*circuit.Circuit, error) {
	defer a.meter("building the circuit").end()
	one := s
	one.Steps = 1
	p, err := one.Program()
	if err != nil {
		return nil, err
	}
	step, err := lower.ProgramContext(a.ctx, p, lower.MinDepth, nil)
	if err != nil {
		return nil, err
	}
	if p, err = s.Amplified(draws); err != nil {
		return nil, err
	}
	c, err := lower.ProgramContext(a.ctx, p, lower.MinDepth, nil)
	if err != nil {
		return nil, err
	}
	counts := c.Stats()
	r.StepDepth, r.Depth, r.Size, r.Wires = step.Levels(a.model).Depth, c.Levels(a.model).Depth, c.Size(), counts.Wires
	r.Formula, r.ByFormula = "T*·D + 1", r.Count*r.StepDepth+1
	if r.Votes == 1 {
		r.Formula, r.ByFormula = "T*·D", r.Count*r.StepDepth
	}
	r.AdviceBits = len(draws) * s.Config.Dimension() * s.Config.Bits
	if s.Ancestral {
		r.AdviceBits += len(draws) * s.Config.Dimension() * s.Config.NoiseBits * (s.Steps - 1)
	}
	found, err := analysis.Verify(a.ctx, c, p, analysis.VerifyConfig{Exhaustive: true})
	if _, err := mismatchIn(err); err != nil {
		return nil, err
	}
	r.Reference = *found
	return c, nil
}

// verify compares the circuit with the right answers, on all questions.
func (r *amplified) verify(a *app, c *circuit.Circuit, reference func([]int64) []int64) error {
	found, err := analysis.VerifyFunction(a.ctx, c, reference, analysis.VerifyConfig{Exhaustive: true})
	if _, err := mismatchIn(err); err != nil {
		return err
	}
	r.Verified = *found
	r.Assumptions = append(
		r.Assumptions,
		"the network is the quantised one, near the exact score and not equal to it: H2 is met up to that, and what "+
			"counts is the measured lead",
		"T* is chosen by the user, and the lead after it is measured on draws, not proved",
		fmt.Sprintf("the draws are advice, and so are weights trained for n = %d: this is one circuit of a non-uniform "+
			"family", r.N),
	)
	return nil
}

func (cmd *amplifyCmd) print(a *app, r *amplified, d *model.Denoiser) {
	a.Printf("%s\n%s\n", r.Subject, d.Config.Description)
	a.Heading("The theorem (cited)")
	a.Paragraph("If a diffusion model with a TC0 backbone solves a problem with high probability, even in the limit " +
		"of infinitely many steps, the problem is in TC0 (Liu, Preechakul, Kuwaranancharoen and Bai, arXiv " +
		"2507.12549; proof: Liu, arXiv 2507.12469). Its hypotheses:")
	for _, h := range r.Hypotheses {
		a.Text(h.Name, h.Text)
	}
	a.Detail("The numbers of its proof")
	a.Field("lead",
		"%.3f: on the hardest of all %s questions %.3f of %s draws are right, %.3f on average (measured, with T* = "+
			"%d)", r.Lead, count(1<<r.N), r.Least, count(r.Tried), r.Mean, r.Count)
	if r.Target > 0 {
		a.Field("",
			"the distribution that the model was trained on leads by %.4g; a single step returns its mean, as the "+
				"network foretells it, and so the likelier answer, and not a draw", r.Target)
	}
	a.Field("T*(d, ε, c)",
		"the least number of steps with c·d·log³T*/T* ≤ ε/4, which leaves a lead of ε/2. c is a universal constant "+
			"that nobody has named, ε the lead in the limit of infinitely many steps")
	if r.Truncation > 0 {
		a.Field("",
			"for d = %d and ε = %.4g, that of the distribution that the model was trained on, it would be %s if c "+
				"were 1; cut here, by choice: T* = %d", d.Config.Dimension(), r.Target, count(r.Truncation), r.Count)
	} else {
		a.Field("", "cut here, by choice: T* = %d", r.Count)
	}
	a.Field("k(n, Σ, g)", "(2/g²)·(n + 1)·ln|Σ| draws suffice, for n = %d and |Σ| = 2", r.N)
	how := fmt.Sprintf("found here, in set %s of at most %s that are tried for a k", count(r.Sets), count(cmd.Sets))
	if r.Chosen {
		how = fmt.Sprintf("chosen here, and right in set %s of at most %s that are tried", count(r.Sets),
			count(cmd.Sets))
	}
	if r.Bound > 0 {
		a.Field("",
			"at least: the next odd number is %s if g is the measured lead, %s if it is half of that, as the proof "+
				"has it; %s: k = %d", count(r.Bound), count(r.HalfBound), how, r.Votes)
	} else {
		a.Field("", "there is no lead, and so no bound; %s: k = %d", how, r.Votes)
	}
	a.Heading("The circuit (measured)")
	a.Field("depth", "%d (%s model); by the formula %s with D = %d: %d", r.Depth, r.DepthModel, r.Formula, r.StepDepth,
		r.ByFormula)
	a.Field("size", "%s, %s", plural(r.Size, "gate"), plural(r.Wires, "wire"))
	a.Field("advice", "%s: the noise of %s, wired in; seed %d", plural(r.AdviceBits, "bit"), plural(r.Votes, "draw"),
		r.Seed)
	a.Field("answers", "%s questions, all there are, against %s: %s", count(r.Verified.Inputs),
		strings.Split(r.Problem, ":")[0], plural(r.Verified.Mismatches, "error"))
	a.Field("reference", "%s questions against the network in integers: %s", count(r.Reference.Inputs),
		plural(r.Reference.Mismatches, "error"))
	a.Fields("assuming", r.Assumptions)
	if cmd.Output != "" {
		a.Printf("\nwritten: ")
		a.printExport(r.Subject, r.File)
	}
}
