package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/compile/model"
)

// drawn is the JSON of one vector that a diffusion model draws.
type drawn struct {
	From      string    `json:"from"`
	Clean     []float64 `json:"clean,omitempty"` // the held-out image that the noise was added to
	Start     []int64   `json:"start"`           // what the sampler begins with
	Circuit   []int64   `json:"circuit"`
	Reference []int64   `json:"reference"`
	Float     []float64 `json:"float"`
	Answer    string    `json:"answer,omitempty"` // yes or no, of a model that answers questions
	Right     string    `json:"right,omitempty"`
}

// run lets the circuit draw: from noise alone, or from a held-out image to which noise was
// added.
func (s *diffusionSubject) run(a *app, cmd *runCmd) error {
	sampler := s.sampler
	if err := cmd.begin(&sampler); err != nil {
		return err
	}
	question, err := cmd.question(sampler.Denoiser)
	if err != nil {
		return err
	}
	if sampler.Skip > 0 {
		if err := s.use(sampler); err != nil {
			return err
		}
	}
	var all []drawn
	var inputs [][]int64
	rng := rand.New(rand.NewPCG(a.flags.Seed, 3))
	for i := range cmd.Count {
		d := drawn{From: fmt.Sprintf("draw %d", i+1)}
		noise := make([]float64, sampler.Config.Dimension())
		if cmd.Noise > 0 {
			d.From = fmt.Sprintf("held-out image %d", cmd.Index+i)
			d.Clean = sampler.Test[cmd.Index+i]
			noise = d.Clean
		}
		in := slices.Concat(question, sampler.DrawFrom(noise, rng))
		d.Start = in[len(question):][:len(noise)]
		all, inputs = append(all, d), append(inputs, in)
	}
	o, err := a.outline(s)
	if err != nil {
		return err
	}
	if err := a.compute(s, &sampler, inputs, all); err != nil {
		return err
	}
	_, right, err := questions(sampler.Denoiser)
	if err != nil {
		return err
	}
	differ := 0
	for i := range all {
		d := &all[i]
		differ += btoi(!slices.Equal(d.Circuit, d.Reference))
		if right != nil && d.Circuit != nil {
			d.Answer, d.Right = yesOrNo(d.Circuit[0] >= 0), yesOrNo(right(question))
		}
	}
	return a.show(drawnImages{
		s.name(), sampler.Steps, sampler.Skip, sampler.Start(), o, a.flags.Seed, sampler.Unit(), all,
	}, func() {
		a.printOutline(s, o)
		if cmd.Noise > 0 {
			a.Printf("begins at time %.4g, with %s of %d left\n", sampler.Start(),
				plural(sampler.Steps-sampler.Skip, "step"), sampler.Steps)
		}
		a.Printf("noise from seed %d\n", a.flags.Seed)
		a.printDrawn(&sampler, all)
		a.Printf("\nThe circuit draws what the network in integers draws, on %d of %d.\n", len(all)-differ, len(all))
	}, differ == 0)
}

// compute lets the circuit, the network in integers and that in real numbers draw. What other shards draw is left open.
func (a *app) compute(s *diffusionSubject, sampler *model.Sampler, inputs [][]int64, all []drawn) error {
	type images struct {
		Circuit   []int64   `json:"circuit"`
		Reference []int64   `json:"reference"`
		Float     []float64 `json:"float"`
	}
	found, err := shard.List(a.ctx, "draws", len(inputs), func(ctx context.Context, u shard.Units) ([]images, error) {
		own, drawn := make([][]int64, u.Len), make([]images, u.Len)
		for k := range own {
			own[k] = inputs[u.At(k)]
		}
		out, err := s.evaluator().Evaluate(ctx, own)
		for k := range out {
			drawn[k].Circuit, drawn[k].Float = out[k], sampler.Real(own[k])
			if drawn[k].Reference, err = s.program.Reference(own[k]); err != nil {
				break
			}
		}
		return drawn, err
	})
	for i, r := range found {
		if r != nil {
			all[i].Circuit, all[i].Reference, all[i].Float = r.Circuit, r.Reference, r.Float
		}
	}
	return err
}

// drawnImages is the JSON of what a diffusion model drew.
type drawnImages struct {
	Subject string  `json:"subject"`
	Count   int     `json:"count"` // T
	Skipped int     `json:"skipped_steps"`
	Start   float64 `json:"start"` // the time of the noise at the start
	outline
	Seed    uint64  `json:"seed"`
	Unit    float64 `json:"unit"` // real value of the integer 1
	Answers []drawn `json:"answers"`
}

// begin sets where the sampler begins.
func (cmd *runCmd) begin(s *model.Sampler) error {
	switch {
	case cmd.In != "":
		return errf("--in=%s: a diffusion model draws from noise, not from a file", cmd.In)
	case cmd.Count < 1:
		return errf("--count=%d: at least 1 is needed", cmd.Count)
	case cmd.Noise == 0 && cmd.Index != 0:
		return errf("--index=%d names a held-out image, and without --noise new ones are drawn; --seed chooses others",
			cmd.Index)
	case cmd.Noise == 0:
		return nil
	case !(cmd.Noise > 0 && cmd.Noise <= 1):
		return errf("--noise=%v is outside 0..1", cmd.Noise)
	case s.Test == nil:
		return errf("--noise=%v: %s has no held-out images", cmd.Noise, cmd.Model)
	case cmd.Index < 0 || cmd.Index+cmd.Count > len(s.Test):
		return errf("--index=%d, --count=%d: the held-out images of %s are 0..%d", cmd.Index, cmd.Count, cmd.Model,
			len(s.Test)-1)
	}
	s.Skip = min(s.Steps-1, int(math.Round((1-cmd.Noise)*float64(s.Steps))))
	return nil
}

// question reads the question of a model that answers one.
func (cmd *runCmd) question(d *model.Denoiser) ([]int64, error) {
	n := d.Config.Context
	if n == 0 {
		if cmd.Input != "" {
			return nil, errf("%q: %s reads no question; it draws from noise", short(cmd.Input), cmd.Model)
		}
		return nil, nil
	}
	if len(cmd.Input) != n || strings.Trim(cmd.Input, "01") != "" {
		return nil, errf("%q is no question; %s reads %d bits, such as %s", short(cmd.Input), cmd.Model, n,
			strings.Repeat("01", n)[:n])
	}
	var bits []int64
	for _, c := range cmd.Input {
		bits = append(bits, int64(c-'0'))
	}
	return bits, nil
}

func yesOrNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// printDrawn shows images side by side, or answers and their majority.
func (a *app) printDrawn(s *model.Sampler, all []drawn) {
	if all[0].Answer != "" {
		yes := 0
		for _, d := range all {
			yes += btoi(d.Answer == "yes")
			if len(all) <= mostPictures {
				a.Printf("\n%s\n  circuit         %s (%.2f)\n  floating point  %s (%.2f)\n",
					d.From, d.Answer, float64(d.Circuit[0])*s.Unit(), yesOrNo(d.Float[0] >= 0), d.Float[0])
			}
		}
		a.Printf("\nThe circuit answers yes in %s of %s; right is %s.\n", count(yes), plural(len(all), "draw"),
			all[0].Right)
		return
	}
	if s.Config.Rows == 0 {
		for _, d := range all {
			a.Printf("\n%s\n  circuit         %v\n  floating point  %.3v\n", d.From, d.Circuit, d.Float)
		}
		return
	}
	const most = 127
	// grey is 0..127 for −1..1.
	grey := func(x float64) int64 { return int64(math.Round(max(0, min(1, (x+1)/2)) * most)) }
	for _, d := range all {
		var panels []labelled
		show := func(label string, at func(i int) float64) {
			pixels := make([]int64, len(d.Circuit))
			for i := range pixels {
				pixels[i] = grey(at(i))
			}
			panels = append(panels, labelled{label, picture(pixels, s.Config.Columns, most)})
		}
		if d.Clean != nil {
			show("held out", func(i int) float64 { return d.Clean[i] })
			show("with noise", func(i int) float64 { return float64(d.Start[i]) * s.Unit() })
		}
		show("circuit", func(i int) float64 { return float64(d.Circuit[i]) * s.Unit() })
		show("floating point", func(i int) float64 { return d.Float[i] })
		a.Printf("\n%s\n%s", d.From, sideBySide(panels))
	}
}

// labelled is a picture with a word above it.
type labelled struct{ label, picture string }

// sideBySide puts pictures of the same size beside one another.
func sideBySide(all []labelled) string {
	var b strings.Builder
	first := strings.Split(strings.TrimRight(all[0].picture, "\n"), "\n")
	rows := make([]strings.Builder, len(first)+1)
	for _, p := range all {
		fmt.Fprintf(&rows[0], "  %-*s", len(first[0])-2, p.label)
		for i, line := range strings.Split(strings.TrimRight(p.picture, "\n"), "\n") {
			rows[i+1].WriteString(line)
		}
	}
	for i := range rows {
		b.WriteString(strings.TrimRight(rows[i].String(), " ") + "\n")
	}
	return b.String()
}

// inks are signs of rising darkness.
const inks = " .:-=+*#%@"

// picture draws an image with a frame, two signs a pixel, since signs are about
// twice as high as wide. top is the value of full ink.
func picture(pixels []int64, columns int, top int64) string {
	var b strings.Builder
	edge := "  +" + strings.Repeat("-", 2*columns) + "+\n"
	b.WriteString(edge)
	for len(pixels) >= columns {
		b.WriteString("  |")
		for _, v := range pixels[:columns] {
			ink := inks[(v*int64(len(inks)-1)+top/2)/top]
			b.Write([]byte{ink, ink})
		}
		b.WriteString("|\n")
		pixels = pixels[columns:]
	}
	b.WriteString(edge)
	return b.String()
}

// inputText writes an input in one line: letters where tokens have them, nothing for
// an image, whose integers say little.
func inputText(config *model.Config, in []int64) string {
	if config.Input.Kind == "image" {
		return ""
	}
	if config.Text.Reversed {
		in = in[:len(in)-config.Outputs+1] // the rest of the answer stands behind it, back to front
	}
	names := letters(config)
	var b strings.Builder
	for i, v := range in {
		switch {
		case names != "":
			b.WriteByte(names[v])
		case i == 24:
			return b.String() + " …"
		default:
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprint(&b, v)
		}
	}
	if names != "" {
		return asRead(config, b.String())
	}
	return b.String()
}
