package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type frontierCmd struct {
	Subject    string   `arg:"" help:"A family with n (attention:n=8,d=4), a shipped model (digits) or a model folder."`
	Strategies []string `placeholder:"LIST" help:"The strategies to try, joined by commas, instead of those that are tried else: min-depth, balanced, min-size, or parts joined by +, such as digits2+binary+absorb."`
	MaxGates   int      `default:"20000000" placeholder:"N" help:"Give a strategy up whose circuit has more gates (${default})."`
	CSV        string   `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
	Output     string   `short:"o" placeholder:"FIG" help:"Plot size against depth into a file; its extension names the format (.svg, .png, .pdf, .tex, .csv)."`
	basisFlag
	estimateFlag
}

func (frontierCmd) Help() string {
	return `The program is lowered by each strategy, and its circuit is measured. All circuits compute the same.
A strategy is undominated, and marked *, if none of the others makes a circuit that is better in depth or size
and not worse in the other. The strategies tried are not all there are: the frontier is one of these strategies,
not the least depth and size possible.

Strategies whose circuits have the same depth, size and wires share a line. A strategy that fails, as where the
circuit is too large, is listed with the reason.

Examples:

  tc0 frontier attention:n=8,d=4,bits=3
  tc0 frontier digits -o frontier.svg --csv frontier.csv
  tc0 frontier mlp:n=16 --strategies min-depth,digits2+absorb,min-size --json
`
}

// frontierStrategies are those tried unless others are named, each with and without
// Select.
var frontierStrategies = []lower.Strategy{
	lower.MinDepth,
	lower.Balanced,
	lower.MinSize,
	{},
	{Binary: true},
	{Digits: 2},
	{Digits: 2, Absorb: true},
	{Digits: 2, Binary: true, Absorb: true},
	{Digits: 3, Absorb: true},
	{Digits: 3, Binary: true, Absorb: true},
	{Digits: -1, Absorb: true},
	{Digits: -1, Binary: true},
}

// lowered is what came out of one strategy. Either counts or Error is set.
type lowered struct {
	Strategy string   `json:"strategy"`
	SameAs   []string `json:"same_as,omitempty"` // the strategies with the same counts
	*counts
	Error string `json:"error,omitempty"`
}

// counts are the numbers of a circuit that are compared.
type counts struct {
	Depth       int   `json:"depth"`
	Size        int   `json:"size"`
	Wires       int64 `json:"wires"`
	Undominated bool  `json:"undominated"`
}

// names lists all strategies of a line.
func (l *lowered) names() []string { return append([]string{l.Strategy}, l.SameAs...) }

// dominates reports whether a circuit of counts c is better than one of counts d in
// depth or size, and not worse in the other.
func (c *counts) dominates(d *counts) bool {
	return c.Depth <= d.Depth && c.Size <= d.Size && (c.Depth < d.Depth || c.Size < d.Size)
}

// strategies returns those to try. Some may be the same.
func (cmd *frontierCmd) strategies() ([]lower.Strategy, error) {
	if cmd.Strategies == nil {
		selecting := slices.Clone(frontierStrategies)
		for i := range selecting {
			selecting[i].Select = true
		}
		return slices.Concat(frontierStrategies, selecting), nil
	}
	var list []lower.Strategy
	for _, name := range cmd.Strategies {
		s, err := lower.ParseStrategy(name)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

func (cmd *frontierCmd) Run(a *app) error {
	strategies, err := cmd.strategies()
	if err != nil {
		return err
	}
	format, err := plotFormat(cmd.Output)
	if err != nil {
		return err
	}
	if cmd.MaxGates < 1 {
		return errf("--max-gates=%d: at least 1 is needed", cmd.MaxGates)
	}
	s, err := a.openMember(target{Subject: cmd.Subject, basisFlag: cmd.basisFlag, estimateFlag: cmd.estimateFlag})
	if err != nil {
		return err
	}
	if why := s.its().fixed; why != "" {
		return errf("%s: %s; strategies choose how a program is lowered, so name a family or a model", s.name(), why)
	}
	if err := s.anyStrategy(cmd.Subject); err != nil {
		return err
	}
	list, err := a.frontier(s, strategies, cmd.MaxGates)
	if err != nil {
		return err
	}
	a.save(cmd.CSV, func(w io.Writer) error { return writeFrontierCSV(w, a.model.Name, list) })
	a.save(cmd.Output, func(w io.Writer) error {
		return writeFrontierPlot(w, format, title(s), a.model.Name, list)
	})
	return a.show(lowerings{s.name(), s.its().basis.String(), a.model.Name, list}, func() {
		a.title(s)
		a.printFrontier(list)
		a.printSaved(cmd.CSV, cmd.Output)
	}, true)
}

// lowerings is the JSON of the strategies for one program.
type lowerings struct {
	Subject    string     `json:"subject"`
	Basis      string     `json:"basis"`
	DepthModel string     `json:"depth_model"`
	Strategies []*lowered `json:"strategies"`
}

// frontier lowers the program of s by each strategy and compares the circuits. They
// come by depth, then size, then wires; strategies that failed come last.
func (a *app) frontier(s subject, strategies []lower.Strategy, mostGates int) ([]*lowered, error) {
	m := a.meter("lowering " + s.name())
	defer m.end()
	var list []*lowered
	var failed []error
	for i, strategy := range strategies {
		one := *s.its()
		strategy.Select = strategy.Select || one.strategy.Select // as the basis may want
		one.strategy = strategy
		l := &lowered{Strategy: strategy.String()}
		if slices.ContainsFunc(list, func(other *lowered) bool { return slices.Contains(other.names(), l.Strategy) }) {
			continue
		}
		const parts = 1000 // of the progress of one strategy
		c, err := a.countBounded(&one, mostGates,
			func(done, all int) { m.set(i*parts+done*parts/max(all, 1), len(strategies)*parts) })
		switch {
		case a.ctx.Err() != nil:
			return nil, a.ctx.Err()
		case err != nil:
			l.Error = plain(err)
			failed = append(failed, errf("%s: %w", l.Strategy, err))
			list = append(list, l)
			continue
		}
		same := slices.IndexFunc(list, func(other *lowered) bool { return other.counts != nil && *other.counts == *c })
		if same >= 0 {
			list[same].SameAs = append(list[same].SameAs, l.Strategy)
			continue
		}
		l.counts = c
		list = append(list, l)
	}
	if len(failed) == len(list) {
		return nil, errf("no strategy made a circuit: %w", failed[0])
	}
	for _, l := range list {
		if l.counts != nil {
			l.Undominated = !slices.ContainsFunc(list, func(other *lowered) bool {
				return other.counts != nil && other.dominates(l.counts)
			})
		}
	}
	slices.SortStableFunc(list, func(x, y *lowered) int {
		if x.counts == nil || y.counts == nil {
			return btoi(x.counts == nil) - btoi(y.counts == nil)
		}
		return cmp.Or(cmp.Compare(x.Depth, y.Depth), cmp.Compare(x.Size, y.Size), cmp.Compare(x.Wires, y.Wires))
	})
	return list, nil
}

// mostUnused is how many times the gates of a circuit there are at most while it is built, by far.
const mostUnused = 8

// countBounded builds the circuit of s, unless it gets more gates than the bound, and
// counts it.
func (a *app) countBounded(s *common, most int, progress func(done, all int)) (*counts, error) {
	ctx, cancel := context.WithCancelCause(a.ctx)
	defer cancel(nil)
	tooLarge := errf("more than %s gates, the most that --max-gates allows", count(most))
	place := a.place(s.keyOf(s.program), "")
	c := place.get()
	if c != nil && c.Len() > most/mostUnused { // while it is built it may have more gates
		c = nil
	}
	var err error
	if c == nil {
		c, err = s.lowerAnew(ctx, s.program, func(done, all, gates int) {
			if progress(done, all); gates > most {
				cancel(tooLarge)
			}
		})
		if err == nil {
			place.put(c)
		}
	}
	switch {
	case errors.Is(context.Cause(ctx), tooLarge):
		return nil, tooLarge
	case err != nil:
		return nil, err
	}
	m := analysis.Measure(c, a.model)
	if m.Size > most {
		return nil, tooLarge
	}
	return &counts{Depth: m.Depth, Size: m.Size, Wires: m.Wires}, nil
}

func (a *app) printFrontier(list []*lowered) {
	strategies, failed := 0, 0
	t := table.New(" | #depth | #gates:, | #wires:, | strategy")
	for _, l := range list {
		strategies += 1 + len(l.SameAs)
		switch {
		case l.counts == nil:
			failed++
		default:
			t.Row("*"[:btoi(l.Undominated)], l.Depth, l.Size, l.Wires, text.WrapSoft(commas(l.names()), 60))
		}
	}
	noun := "strategies"
	if strategies == 1 {
		noun = "strategy"
	}
	a.Heading("Depth against size over %d %s (measured)", strategies, noun)
	a.Table(t)
	a.Printf("  * No other of these strategies has less depth and no more gates, or fewer gates and no more depth.\n")
	a.Printf("  Depth in the %s model: %s.\n", a.model.Name, a.model.Note)
	if failed > 0 {
		a.Heading("Strategies that made no circuit")
		for _, l := range list[len(list)-failed:] {
			a.Printf("  %s: %s\n", l.Strategy, l.Error)
		}
	}
}

// writeFrontierCSV writes one line a strategy, those with the same counts included.
func writeFrontierCSV(w io.Writer, depthModel string, list []*lowered) error {
	t := table.New("strategy | depth | depth_model | size | wires | undominated | error")
	for _, l := range list {
		for _, name := range l.names() {
			if l.counts == nil {
				t.Row(name, "", depthModel, "", "", "", l.Error)
			} else {
				t.Row(name, l.Depth, depthModel, l.Size, l.Wires, l.Undominated, "")
			}
		}
	}
	return t.CSV(w)
}

// writeFrontierPlot draws size, on a logarithmic axis, against depth: the undominated
// strategies joined by a line and named, the others as rings.
func writeFrontierPlot(w io.Writer, format, title, depthModel string, list []*lowered) error {
	p := chart.New(fmt.Sprintf("depth (%s)", depthModel), "gates")
	p.Title.Text = title
	p.LogY()

	var best, others chart.Curve
	var labels []string
	for _, l := range list {
		if l.counts == nil {
			continue
		}
		to := &others
		if l.Undominated {
			to, labels = &best, append(labels, l.Strategy)
		}
		to.Add(float64(l.Depth), max(float64(l.Size), 1)) // a circuit without gates has no logarithm
	}
	p.Rings(others, "dominated")
	p.Named(best, labels, "undominated lowering strategies")

	// Room for the names at the right.
	least, most := p.X.Min, p.X.Max
	p.X.Tick.Marker = chart.Every(least, most, float64(1+int(most-least)/12))
	p.X.Min, p.X.Max = least-0.5, most+0.5+max(1, most-least)/3
	return chart.Write(w, format, 6, p)
}
