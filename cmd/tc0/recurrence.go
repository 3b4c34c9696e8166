package main

import (
	"fmt"
	"io"
	"math"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type recurrenceCmd struct {
	Subject string  `arg:"" default:"rnn" help:"A recurrent network: rnn, gru or lstm, with parameters (${default})."`
	Steps   string  `default:"1,2,4,8,16" placeholder:"LIST" help:"Numbers of steps T, as in tc0 sweep --n. Unless given: ${default}."`
	Gain    float64 `default:"1" placeholder:"G" help:"Multiplies the weights by which the state is read, of the network in real numbers (${default})."`
	Seeds   int     `default:"100" placeholder:"N" help:"Networks with random weights and inputs that the mean is over (${default})."`
	Samples int     `default:"2000" placeholder:"N" help:"Random points of the Boolean analysis (${default})."`
	Plot    string  `placeholder:"FILE" help:"Write a plot over T: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
	estimateFlag
}

func (recurrenceCmd) Help() string {
	return `What serial steps cost when they are trained: how much of a small change of the first state is left
in the last one, in real numbers, over networks with random weights: a bound on the Lipschitz constant, the
spectral norm of the Jacobian, and the variance of a gradient. With a small gain they vanish, with a large one
they may explode.

The Boolean counterpart is measured on the circuit: the average sensitivity of one output bit, the sign of the
first number of the state, and how much of it comes from the first step's inputs.

Examples:

  tc0 recurrence rnn:d=8 --gain 1 --steps 1..32*2
  tc0 recurrence lstm --plot lstm.svg
`
}

// recurred is the JSON of one number of steps.
type recurred struct {
	analysis.RecurrenceCost
	Sensitivity float64 `json:"average_sensitivity"` // of one output bit, on the circuit
	First       float64 `json:"first_step_influence"`
	InputBits   int     `json:"input_bits"`
	Bit         string  `json:"output"`
	Exact       bool    `json:"exact"`
}

func (cmd *recurrenceCmd) Run(a *app) error {
	counts, err := parseSteps(cmd.Steps)
	if err != nil {
		return err
	}
	if !(cmd.Gain >= 0 && cmd.Gain <= analysis.MostGain) {
		return errf("--gain=%v is outside 0..%d", cmd.Gain, analysis.MostGain)
	}
	if cmd.Seeds < 2 || cmd.Samples < 2 {
		return errf("--seeds=%d and --samples=%d must be at least 2", cmd.Seeds, cmd.Samples)
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	spec, err := compile.ParseSpec(cmd.Subject)
	if err != nil {
		return err
	}
	m, err := spec.Recurrent()
	if err != nil {
		return err
	}
	if spec.HasN() {
		return errf("%s names n, and its n are those of --steps=%s: leave it out", cmd.Subject, cmd.Steps)
	}
	if cmd.Estimate {
		s, err := a.open(target{Subject: spec.Short()})
		if err != nil {
			return err
		}
		return a.foreseeAll([]subject{s}, counts)
	}
	meter := a.meter("measuring " + spec.Short())
	defer meter.end()
	costs, err := analysis.CostOfRecurrence(a.ctx, m, cmd.Gain, cmd.Seeds, counts)
	if err != nil {
		return err
	}
	var all []recurred
	for i, c := range costs {
		meter.set(i, len(costs))
		_, built, err := a.openBuilt(target{Subject: spec.With("n", c.Steps).Short()})
		if err != nil {
			return err
		}
		// The middle wire of a thermometer code tells about the sign of the number.
		middle := len(built.OutputPorts()[0].Wires) / 2
		f, err := analysis.AnalyseBoolean(a.ctx, built, middle, cmd.Samples, a.flags.Seed)
		if err != nil {
			return err
		}
		r := recurred{RecurrenceCost: c, Sensitivity: f.Sensitivity, InputBits: f.Inputs, Bit: f.Output, Exact: f.Exact}
		for _, v := range f.Influences[:f.Inputs/c.Steps] {
			r.First += v
		}
		all = append(all, r)
	}
	meter.end()
	a.save(cmd.Plot, func(w io.Writer) error { return writeRecurrence(w, format, all) })
	return a.show(recurrence{spec.String(), cmd.Gain, cmd.Seeds, a.flags.Seed, all}, func() {
		a.Printf("%s\n%s\n", spec.Short(), spec.Family.Doc)
		cmd.print(a, all)
		a.printSaved(cmd.Plot)
	}, true)
}

// recurrence is the JSON of networks of one kind over the number of steps.
type recurrence struct {
	Subject string     `json:"subject"`
	Gain    float64    `json:"gain"`
	Seeds   int        `json:"seeds"`
	Seed    uint64     `json:"seed"`
	Runs    []recurred `json:"runs"`
}

func (cmd *recurrenceCmd) print(a *app, all []recurred) {
	a.Heading("Change of the last state by the first (gain %.4g, %d networks)", cmd.Gain, cmd.Seeds)
	t := table.New("#T | #Lipschitz bound | #Jacobian norm, mean:%.4g | #greatest:%.4g | #gradient variance:%.4g")
	for _, r := range all {
		bound := "beyond 10³⁰⁸"
		if r.Lipschitz != nil {
			bound = fmt.Sprintf("%.4g", *r.Lipschitz)
		}
		t.Row(r.Steps, bound, r.Jacobian, r.MaxJacobian, r.Variance)
	}
	a.Table(t)
	a.Indented(
		"In real numbers. The bound is a product of norms of the weights, one factor a step, and holds for all " +
			"inputs and all states with entries up to 1; the greatest over the networks is shown. The Jacobian norm " +
			"is the spectral norm of the derivative, measured on random inputs. The gradient is that of the sum of " +
			"the last state by the first; its variance is over its entries and the networks.")
	a.Heading("Output bit %s of the circuit as a Boolean function (seed %d)", all[0].Bit, a.flags.Seed)
	t = table.New("#T | #input bits | #average sensitivity:%.4f | #of it from step 1:%.4f | ")
	for _, r := range all {
		how := "sampled"
		if r.Exact {
			how = "exact"
		}
		t.Row(r.Steps, r.InputBits, r.Sensitivity, r.First, how)
	}
	a.Table(t)
}

// writeRecurrence draws what is left of a change over the number of steps, both axes
// logarithmic.
func writeRecurrence(w io.Writer, format string, all []recurred) error {
	p := chart.New("steps T", "change of last state or bit")
	var counts []int
	for _, r := range all {
		counts = append(counts, r.Steps)
	}
	p.LogX(chart.At(counts))
	for i, line := range []struct {
		name string
		of   func(r recurred) float64
	}{
		{"bound on the Lipschitz constant", func(r recurred) float64 {
			if r.Lipschitz == nil {
				return 0
			}
			return *r.Lipschitz
		}},
		{"Jacobian norm", func(r recurred) float64 { return r.Jacobian }},
		{"gradient variance", func(r recurred) float64 { return r.Variance }},
		{"influence of step 1 (circuit)", func(r recurred) float64 { return r.First }},
	} {
		var xys chart.Curve
		for _, r := range all {
			if y := line.of(r); y > 0 && !math.IsInf(y, 0) {
				xys.Add(float64(r.Steps), y)
			}
		}
		p.Line(xys, i, line.name)
	}
	p.LogY()
	return chart.Write(w, format, 5, p)
}
