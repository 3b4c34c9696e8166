package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type restrictCmd struct {
	target
	Free   string `default:"0.02,0.05,0.1,0.2,0.5,1" placeholder:"LIST" help:"The fractions ρ of inputs that stay free. Unless given: ${default}."`
	Trials int    `default:"100" placeholder:"N" help:"Random restrictions for each fraction (${default})."`
	Plot   string `placeholder:"FILE" help:"Write a plot of the gates that are left and the outputs that are decided: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
	shardFlags
}

func (restrictCmd) Help() string {
	return `Each input stays free with probability ρ and is fixed to a random bit otherwise; what the constants
decide is folded away, and what is left is counted. Circuits of AND and OR gates of small depth collapse: that
is how parity and majority are shown not to be in AC0 (Furst, Saxe and Sipser 1984; Håstad 1986). Parity itself
is parity of what is left.

Where each output is an OR of ANDs or an AND of ORs of at most w literals, as it is built, a plot has the bound of
the switching lemma, too: at least 1 − 5wρ of the outputs are decided, on average.

Examples:

  tc0 restrict parity:n=64
  tc0 restrict reachability:n=8 --free 0.05,0.1,0.3 --plot left.svg
`
}

func (cmd *restrictCmd) Run(a *app) error {
	var fractions []float64
	for part := range strings.SplitSeq(cmd.Free, ",") {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || !(v >= 0 && v <= 1) {
			return errf("--free=%s: %q is not a number in 0..1", cmd.Free, part)
		}
		fractions = append(fractions, v)
	}
	slices.Sort(fractions)
	if cmd.Trials < 1 {
		return errf("--trials=%d: at least 1 is needed", cmd.Trials)
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	m := a.meter("restricting " + s.name())
	all, err := analysis.Restrict(a.ctx, c, fractions, cmd.Trials, a.flags.Seed, a.model, m.set)
	m.end()
	if err != nil {
		return err
	}
	a.save(cmd.Plot, func(w io.Writer) error { return writeRestrictions(w, format, title(s), c, all) })
	depth, codes := c.Levels(a.model).Depth, analysis.CodedInputs(c)
	return a.show(struct {
		Subject      string                 `json:"subject"`
		DepthModel   string                 `json:"depth_model"`
		Depth        int                    `json:"depth"`
		Size         int                    `json:"size"`
		Seed         uint64                 `json:"seed"`
		Codes        []string               `json:"coded_inputs,omitempty"`
		Restrictions []analysis.Restriction `json:"restrictions"`
	}{s.name(), a.model.Name, depth, c.Size(), a.flags.Seed, codes, all}, func() {
		a.title(s)
		a.Heading("Random restrictions (measured, %d for each fraction, seed %d)", cmd.Trials, a.flags.Seed)
		t := table.New(
			"#ρ:%.4g | #free inputs:%.1f | #that matter:%.1f | #gates left:%.1f | #of them all:%.1f %% | #depth " +
				"left:%.2f | #outputs decided:%.1f %%")
		for _, r := range all {
			t.Row(r.Free, r.Inputs, r.Live, r.Size, 100*r.Share, r.Depth, 100*r.Constant)
		}
		a.Table(t)
		a.printCoded(codes)
		a.Printf(
			"  Means over the trials. Of %s, depth %d in the %s model. An input matters if an output still reads it.\n",
			plural(c.Size(), "gate"), depth, a.model.Name)
		a.printSaved(cmd.Plot)
	}, true)
}

// writeRestrictions draws the share of gates and of free inputs that are left, and of outputs that are
// decided; of a circuit to which the switching lemma applies, how many these are at least.
func writeRestrictions(w io.Writer, format, title string, c *circuit.Circuit, all []analysis.Restriction) error {
	p := chart.New("fraction ρ of inputs that stay free", "share")
	var size, live, decided chart.Curve
	for _, r := range all {
		decided.Add(r.Free, r.Constant)
		size.Add(r.Free, r.Share)
		if r.Inputs > 0 {
			live.Add(r.Free, r.Live/r.Inputs)
		}
	}
	p.Line(size, 0, "gates that are left of "+title)
	p.Line(live, 1, "free inputs that matter")
	p.Line(decided, 2, "outputs that are decided")
	if width, ok := analysis.SwitchingWidth(c); ok && width > 0 {
		var bound chart.Curve
		for _, free := range []float64{0, 1 / (5 * float64(width))} {
			bound.Add(free, analysis.Switching(free, width))
		}
		p.Theory(bound, 2, fmt.Sprintf("at least 1 − %dρ are decided (switching lemma for width %d)", 5*width, width), "")
	}
	p.X.Min, p.X.Max, p.X.Tick.Marker = 0, 1, chart.Every(0, 1, 0.25)
	p.Shares(0.25)
	return chart.Write(w, format, 5, p)
}
