package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type restrictCmd struct {
	target
	Free   string   `default:"0.02,0.05,0.1,0.2,0.5,1" placeholder:"LIST" help:"The fractions ρ of inputs that stay free. Unless given: ${default}."`
	Trials int      `default:"100" placeholder:"N" help:"Random restrictions for each fraction (${default})."`
	Beside []string `placeholder:"SUBJECT" sep:"none" help:"Restrict this circuit, too, and put it beside; may be given more than once."`
	Plot   string   `placeholder:"FILE" help:"Write a plot of the gates that are left and the outputs that are decided: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
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
  tc0 restrict parity:n=64 --beside majority:n=64 --plot left.pdf
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
	var all []restricted
	for _, name := range append([]string{cmd.Subject}, cmd.Beside...) {
		r, err := cmd.restrict(a, name, fractions)
		if err != nil {
			return err
		}
		all = append(all, *r)
	}
	a.save(cmd.Plot, func(w io.Writer) error { return writeRestrictions(w, format, all) })
	all[0].Beside = all[1:]
	return a.show(all[0], func() {
		if len(all) == 1 {
			cmd.print(a, &all[0])
		} else {
			cmd.printBeside(a, all)
			a.Aside(func() {
				for _, r := range all {
					a.Printf("\n")
					cmd.print(a, &r)
				}
			})
		}
		a.printSaved(cmd.Plot)
	}, true)
}

// printBeside prints what is left of several circuits in one table.
func (cmd *restrictCmd) printBeside(a *app, all []restricted) {
	a.Heading("Random restrictions (measured, %d for each fraction, seed %d)", cmd.Trials, a.flags.Seed)
	t := table.New("#ρ:%.4g | circuit | #gates left:%.1f | #of them all:%.1f %% | #depth left:%.2f | #outputs decided:%.1f %%")
	for i := range all[0].Restrictions {
		for _, of := range all {
			r := of.Restrictions[i]
			t.Row(r.Free, of.subject.short(), r.Size, 100*r.Share, r.Depth, 100*r.Constant)
		}
	}
	a.Table(t)
}

// restricted is the JSON of one circuit.
type restricted struct {
	Subject      string                 `json:"subject"`
	DepthModel   string                 `json:"depth_model"`
	Depth        int                    `json:"depth"` // before it is restricted
	Size         int                    `json:"size"`
	Seed         uint64                 `json:"seed"`
	Codes        []string               `json:"coded_inputs,omitempty"` // ports whose bits are no independent ones
	Restrictions []analysis.Restriction `json:"restrictions"`           // by the fraction of free inputs
	Beside       []restricted           `json:"beside,omitempty"`       // the circuits of --beside

	subject subject
}

// restrict restricts the circuit of one subject.
func (cmd *restrictCmd) restrict(a *app, name string, fractions []float64) (*restricted, error) {
	t := cmd.target
	t.Subject = name
	s, c, err := a.openBuilt(t)
	if err != nil {
		return nil, err
	}
	m := a.meter("restricting " + s.name())
	all, err := analysis.Restrict(a.ctx, c, fractions, cmd.Trials, a.flags.Seed, a.model, m.set)
	m.end()
	if err != nil {
		return nil, err
	}
	return &restricted{
		s.name(), a.model.Name, c.Levels(a.model).Depth, c.Size(), a.flags.Seed, analysis.CodedInputs(c), all, nil, s,
	}, nil
}

func (cmd *restrictCmd) print(a *app, r *restricted) {
	a.title(r.subject)
	a.Heading("Random restrictions (measured, %d for each fraction, seed %d)", cmd.Trials, a.flags.Seed)
	t := table.New(
		"#ρ:%.4g | #free inputs:%.1f | #that matter:%.1f | #gates left:%.1f | #of them all:%.1f %% | #depth " +
			"left:%.2f | #outputs decided:%.1f %%")
	for _, r := range r.Restrictions {
		t.Row(r.Free, r.Inputs, r.Live, r.Size, 100*r.Share, r.Depth, 100*r.Constant)
	}
	a.Table(t)
	a.printCoded(r.Codes)
	a.Printf(
		"  Means over the trials. Of %s, depth %d in the %s model. An input matters if an output still reads it.\n",
		plural(r.Size, "gate"), r.Depth, a.model.Name)
}

// writeRestrictions draws the share of gates that are left, and of one circuit that of free inputs, too, and of outputs
// that are decided; of a circuit to which the switching lemma applies, how many these are at least.
func writeRestrictions(w io.Writer, format string, all []restricted) error {
	p := chart.New("fraction ρ of inputs that stay free", "share")
	for i, one := range all {
		var size, live, decided chart.Curve
		for _, r := range one.Restrictions {
			decided.Add(r.Free, r.Constant)
			size.Add(r.Free, r.Share)
			if r.Inputs > 0 {
				live.Add(r.Free, r.Live/r.Inputs)
			}
		}
		mark, of, detail := 2*i, " of "+title(one.subject), one.Subject
		p.Line(size, mark, "gates that are left"+of)
		if len(all) == 1 {
			p.Line(live, 1, "free inputs that matter")
			mark, of, detail = 1, "", ""
		}
		p.Line(decided, mark+1, "outputs that are decided"+of)
		if width, ok := analysis.SwitchingWidth(one.subject.its().circuit); ok && width > 0 {
			var bound chart.Curve
			for _, free := range []float64{0, 1 / (5 * float64(width))} {
				bound.Add(free, analysis.Switching(free, width))
			}
			whose := ""
			if of != "" {
				whose = title(one.subject) + ", "
			}
			p.Theory(bound, mark+1,
				fmt.Sprintf("%sat least 1 − %dρ are decided (switching lemma for width %d)", whose, 5*width, width), detail)
		}
	}
	p.X.Min, p.X.Max, p.X.Tick.Marker = 0, 1, chart.Every(0, 1, 0.25)
	p.Shares(0.25)
	return chart.Write(w, format, 5, p)
}
