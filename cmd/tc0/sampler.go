package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/gates"
)

// samplerParams are the parameters of a trained diffusion model.
var samplerParams = []compile.Param{
	{Name: "steps", Doc: "sampling steps T", Default: "4"},
	{Name: "kind", Doc: "sampler: with fresh noise at each step, or with noise at the start only", Default: compile.DDPM, Choices: []string{compile.DDPM, compile.DDIM}},
}

// denoiserFolder is where a diffusion model would be: a shipped one or one in a folder.
func denoiserFolder(name string) (fsys fs.FS, dir string) {
	if slices.Contains(tc0.DenoiserNames(), name) {
		return tc0.Denoisers(), name
	}
	name = filepath.Clean(name)
	return os.DirFS(filepath.Dir(name)), filepath.Base(name)
}

// findDenoiser loads a diffusion model.
func findDenoiser(name string) (*model.Denoiser, error) {
	fsys, dir := denoiserFolder(name)
	if slices.Contains(tc0.DenoiserNames(), name) {
		return model.LoadDenoiser(fsys, dir)
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &gates.UnknownError{What: "diffusion model", Name: name, Known: tc0.DenoiserNames()}
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file; a diffusion model is a folder", name)
	}
	return model.LoadDenoiser(fsys, dir)
}

// isDenoiser says whether a subject, its parameters apart, is a trained diffusion model.
func isDenoiser(name string) bool {
	return model.IsDenoiser(denoiserFolder(name))
}

// openSampler opens a trained diffusion model, with or without its number of steps.
func (a *app) openSampler(t target) (*subject, error) {
	name, rest, _ := strings.Cut(t.Subject, ":")
	args, err := compile.ParseArgs(name, samplerParams, rest)
	if err != nil {
		return nil, err
	}
	for _, p := range samplerParams {
		if err := p.Check(args[p.Name]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	s := &subject{
		name: compile.WriteArgs(name, samplerParams, args, true), plain: compile.WriteArgs(name, samplerParams, args, false), kind: isSampler,
	}
	if s.strategy, err = lower.ParseStrategy(cmp.Or(t.Strategy, lower.MinDepth.String())); err != nil {
		return nil, err
	}
	if err := s.setBasis(t.Basis); err != nil {
		return nil, err
	}
	d, err := findDenoiser(name)
	if err != nil {
		return nil, err
	}
	s.description = cmp.Or(d.Config.Description, "trained diffusion model")
	s.sampler = &model.Sampler{Denoiser: d, Steps: args.Int("steps"), Ancestral: args["kind"] == compile.DDPM}
	if s.instance, err = analysis.SamplerInstance(*s.sampler); err != nil {
		return nil, err
	}
	s.program = s.instance.Program
	return s, nil
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
func (s *subject) draws() int {
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
