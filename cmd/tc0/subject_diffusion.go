package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/forecast"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/table"
)

// diffusionSubject is a trained diffusion model, shipped or in a folder.
type diffusionSubject struct {
	common
	args     compile.Args
	sampler  model.Sampler
	instance *compile.Instance
}

// samplerParams are the parameters of a trained diffusion model.
var samplerParams = []compile.Param{
	{Name: "steps", Doc: "sampling steps T", Default: "4"},
	{
		Name: "kind", Doc: "sampler: with fresh noise at each step, or with noise at the start only",
		Default: string(compile.DDPM), Choices: []string{string(compile.DDPM), string(compile.DDIM)},
	},
}

// diffusionFolder is where a diffusion model would be: a shipped one or one in a folder.
func diffusionFolder(name string) (fsys fs.FS, dir string) {
	if slices.Contains(tc0.DenoiserNames(), name) {
		return tc0.Denoisers(), name
	}
	name = filepath.Clean(name)
	return os.DirFS(filepath.Dir(name)), filepath.Base(name)
}

// isDiffusion says whether a subject, its parameters apart, is a trained diffusion model.
func isDiffusion(name string) bool { return model.IsDenoiser(diffusionFolder(name)) }

// findDenoiser loads a diffusion model.
func findDenoiser(name string) (*model.Denoiser, error) {
	if !slices.Contains(tc0.DenoiserNames(), name) {
		switch info, err := os.Stat(name); {
		case errors.Is(err, fs.ErrNotExist):
			return nil, unknown("diffusion model", name, tc0.DenoiserNames())
		case err != nil:
			return nil, err
		case !info.IsDir():
			return nil, errf("%s is a file; a diffusion model is a folder", name)
		}
	}
	return model.LoadDenoiser(diffusionFolder(name))
}

// openDiffusion opens a trained diffusion model, with or without its number of steps.
func openDiffusion(t target) (*diffusionSubject, error) {
	name, rest, _ := strings.Cut(t.Subject, ":")
	args, err := compile.ParseArgs(name, samplerParams, rest)
	if err != nil {
		return nil, err
	}
	for _, p := range samplerParams {
		if err := p.Check(args[p.Name]); err != nil {
			return nil, errf("%s: %w", name, err)
		}
	}
	s := &diffusionSubject{common: common{kind: "diffusion model", path: name}, args: args}
	if err := s.lowerAs(t, lower.MinDepth); err != nil {
		return nil, err
	}
	d, err := findDenoiser(name)
	if err != nil {
		return nil, err
	}
	s.description = cmp.Or(d.Config.Description, "trained diffusion model")
	return s, s.use(model.Sampler{Denoiser: d, Steps: args.Int("steps"), Ancestral: args["kind"] == string(compile.DDPM)})
}

// use makes s draw by another sampler.
func (s *diffusionSubject) use(by model.Sampler) (err error) {
	s.sampler = by
	if s.instance, err = analysis.SamplerInstance(by); err != nil {
		return err
	}
	s.program = s.instance.Program
	return nil
}

func (s *diffusionSubject) name() string {
	return compile.WriteArgs(s.path, samplerParams, s.args, true)
}

func (s *diffusionSubject) short() string {
	return compile.WriteArgs(s.path, samplerParams, s.args, false)
}
func (s *diffusionSubject) stem() string { return plainFileName(s.short()) }

func (s *diffusionSubject) claim() (analysis.Claim, error) { return fixedClaim(s), nil }

func (s *diffusionSubject) known() string {
	if s.sampler.Ancestral {
		return "diffusion"
	}
	return string(compile.DDIM)
}

// verify compares a circuit with the sampler in integers, on noise too.
func (s *diffusionSubject) verify(a *app, of subject, cfg analysis.VerifyConfig) (*verified, error) {
	v := &verified{}
	if err := v.add(a, of, adversarial, s.program, cfg); err != nil {
		return nil, err
	}
	noise := vector.Listed(analysis.DrawNoise(s.sampler, s.draws(), cfg.Seed))
	if err := v.add(a, of, "normal noise", s.program, analysis.VerifyConfig{Vectors: noise}); err != nil {
		return nil, err
	}
	v.Seed = &cfg.Seed
	return v, v.real(a, of, s.instance, noise) // what the network was trained for
}

func (s *diffusionSubject) report(a *app, r *report) (err error) {
	if err := r.prove(a, s); err != nil {
		return err
	}
	r.Parameters = s.sampler.Parameters()
	r.drawing, r.network = &s.sampler, s.printNetwork
	r.judgeCircuit()
	r.Quality, err = a.quality(s.circuit, s.sampler, s.draws())
	return err
}

func (s *diffusionSubject) printNetwork(a *app, r *report) {
	c := &s.sampler.Config
	a.Heading("The network")
	a.Field("kind", "denoiser, a perceptron %s that reads the time, too, %s parameters", sizes(c.LayerSizes),
		count(r.Parameters))
	a.Field("draws", "%s of %d bits, in %s of the cosine schedule (%s)",
		plural(c.Dimension(), "number"), c.Bits, plural(s.sampler.Steps, "step"), s.sampler.Kind())
	if c.Context > 0 {
		a.Field("reads", "%s: a question of %s", plural(c.Context, "bit"), c.Problem)
	}
}

// steps says what the steps of the sampler are.
func (s *diffusionSubject) steps(_ *app, cmd *unrollCmd, name string) (*unrolled, error) {
	if cmd.N != "" {
		return nil, errf("--n=%s: %s has one size, and no n", cmd.N, name)
	}
	u := &unrolled{
		Subject: s.short(), subject: s, Serial: true, unit: "step", counted: true, family: "denoiser",
		samples: s.draws(), class: "gates",
		classText: "those of %s; a network of one size is in no class", drawing: &s.sampler,
	}
	if cmd.Samples != nil {
		u.samples = *cmd.Samples
	}
	u.everyN = func(steps int) (*program.Program, error) {
		by := s.sampler
		by.Steps = steps
		return by.Program()
	}
	u.everyT = func() (*program.Program, error) {
		return nil, fmt.Errorf("%s: the numbers of each step are rounded for T steps", s.short())
	}
	u.at = func(ctx context.Context, steps int) (*circuit.Circuit, error) {
		p, err := u.everyN(steps)
		if err != nil {
			return nil, err
		}
		return s.lower(ctx, p, nil)
	}
	u.forecast = func(_ context.Context, steps int) (*forecast.Forecast, error) {
		p, err := u.everyN(steps)
		if err != nil || s.basis != basis.TC0 {
			return nil, err
		}
		return forecast.Program(p, s.strategy, 1)
	}
	return u, nil
}

// questions is the problem of a diffusion model that answers questions, and whether the
// answer to one is yes; nil if it answers none.
func questions(d *model.Denoiser) (*problem.Spec, func(question []int64) bool, error) {
	if d.Config.Problem == "" {
		return nil, nil, nil
	}
	spec, err := problem.Parse(d.Config.Problem)
	if err != nil {
		return nil, nil, err
	}
	reference, err := spec.Reference()
	if err != nil {
		return nil, nil, err
	}
	return &spec, func(question []int64) bool { return reference(question)[0] == 1 }, nil
}

// drawsOfImages and drawsOfQuestion are how often a diffusion model draws, unless somebody
// says otherwise: in all, and for each question.
const (
	drawsOfImages   = 1000
	drawsOfQuestion = 100
)

// draws is how often the sampler of s draws.
func (s *diffusionSubject) draws() int {
	if c := s.sampler.Config.Context; c > 0 {
		return drawsOfQuestion << min(c, 10)
	}
	return drawsOfImages
}

// quality measures what the circuit of a sampler draws.
func (a *app) quality(c *circuit.Circuit, sampler model.Sampler, samples int) (*analysis.Quality, error) {
	_, right, err := questions(sampler.Denoiser)
	if err != nil {
		return nil, err
	}
	return analysis.MeasureQuality(a.ctx, c, sampler, right, samples, a.flags.Seed)
}

// printQuality prints what a trained diffusion model draws.
func (a *app) printQuality(s *model.Sampler, all []*analysis.Quality) {
	a.Heading("What the circuit draws (measured, seed %d)", a.flags.Seed)
	samples, config := count(all[0].Samples), &s.Config
	images := all[0].Measure == analysis.FrechetDistance
	t := table.New("#T | #circuit:%.3f | #at the hardest question:%.3f | #floating point:%.3f | #mismatches")
	text := fmt.Sprintf("Share of %s draws, over all %s questions of %s, that answer right.", samples,
		count(1<<config.Context), config.Problem)
	if images {
		t = table.New("#T | #circuit:%.2f | #floating point:%.2f | #mismatches")
		text = fmt.Sprintf("Squared Fréchet distance between %s drawn images and %s held-out ones, each set as its "+
			"mean and covariance; less is better.",
			samples, count(len(s.Test)))
		if v, ok := config.Frechet["train"]; ok {
			text += fmt.Sprintf(" The images of the training are at %.2f.", v)
		}
	}
	for _, q := range all {
		wrong := count(q.Mismatches) + " of " + count(q.Samples)
		if images {
			t.Row(q.Steps, q.Circuit, q.Float, wrong)
		} else {
			t.Row(q.Steps, q.Circuit, *q.Worst, q.Float, wrong)
		}
	}
	a.Table(t)
	a.Indented(text)
	a.Indented("A mismatch is a draw that differs from that of the network in integers. Where circuit and floating " +
		"point differ, it is by the rounding of the network to integers: many small steps may be lost in it.")
}
