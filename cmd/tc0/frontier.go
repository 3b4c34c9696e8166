package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/compile/lower"
)

type frontierCmd struct {
	Subject    string   `arg:"" help:"A family with n (attention:n=8,d=4), a shipped model (digits) or a model folder."`
	Strategies []string `placeholder:"LIST" help:"The strategies to try, joined by commas, instead of those that are tried else: min-depth, balanced, min-size, or parts joined by +, such as digits2+binary+absorb."`
	MaxGates   int      `default:"20000000" placeholder:"N" help:"Give a strategy up whose circuit has more gates (${default})."`
	CSV        string   `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
	Output     string   `short:"o" placeholder:"FIG" help:"Plot size against depth into a file; its extension names the format (.svg, .png)."`
	basisFlag
}

func (frontierCmd) Help() string {
	return `The program is lowered by each strategy, and its circuit is measured. All circuits compute the same. A strategy is undominated, and marked *, if none of the others makes a circuit that is better in depth or size and not worse in the other. The strategies tried are not all there are: the frontier is one of these strategies, not the least depth and size possible.

Strategies whose circuits have the same depth, size and wires share a line. A strategy that fails, as where the circuit is too large, is listed with the reason.

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
func (l *lowered) names() string {
	return strings.Join(append([]string{l.Strategy}, l.SameAs...), ", ")
}

// dominates reports whether a circuit of counts c is better than one of counts d in
// depth or size, and not worse in the other.
func (c *counts) dominates(d *counts) bool {
	return c.Depth <= d.Depth && c.Size <= d.Size && (c.Depth < d.Depth || c.Size < d.Size)
}

// strategies returns those to try, no two of them the same.
func (cmd *frontierCmd) strategies() ([]lower.Strategy, error) {
	var list []lower.Strategy
	add := func(s lower.Strategy) {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	for _, name := range cmd.Strategies {
		s, err := lower.ParseStrategy(name)
		if err != nil {
			return nil, err
		}
		add(s)
	}
	if cmd.Strategies != nil {
		return list, nil
	}
	for _, s := range frontierStrategies {
		add(s)
	}
	for _, s := range frontierStrategies {
		s.Select = true
		add(s)
	}
	return list, nil
}

// frontierFormats are the extensions of the plot.
var frontierFormats = []string{".svg", ".png"}

func (cmd *frontierCmd) Run(a *app) error {
	strategies, err := cmd.strategies()
	if err != nil {
		return err
	}
	if ext := filepath.Ext(cmd.Output); cmd.Output != "" && !slices.Contains(frontierFormats, ext) {
		return fmt.Errorf("%s: unknown plot format %q; known: %s", cmd.Output, ext, strings.Join(frontierFormats, " "))
	}
	if cmd.MaxGates < 1 {
		return fmt.Errorf("--max-gates=%d: at least 1 is needed", cmd.MaxGates)
	}
	s, err := a.openMember(target{Subject: cmd.Subject, basisFlag: cmd.basisFlag})
	if err != nil {
		return err
	}
	switch {
	case s.kind == isProblem:
		return fmt.Errorf("%s: a problem has one construction here; strategies choose how a program is lowered, so name a family or a model", s.name)
	case s.kind == isFile:
		return fmt.Errorf("%s: a file is one circuit, built already; strategies choose how a program is lowered, so name a family or a model", s.name)
	case s.kind == isFamily && strings.Contains(cmd.Subject, "strategy="):
		return fmt.Errorf("%s names a strategy, and a frontier is over strategies: leave it out, or name those to try with --strategies", cmd.Subject)
	case s.kind == isFamily:
		delete(s.spec.Args, "strategy")
		s.name = s.spec.String()
	}
	list, err := a.frontier(s, strategies, cmd.MaxGates)
	if err != nil {
		return err
	}
	if cmd.CSV != "" {
		if _, err := a.writeFile(cmd.CSV, func(w io.Writer) error { return writeFrontierCSV(w, a.model.Name, list) }); err != nil {
			return err
		}
	}
	if cmd.Output != "" {
		format := strings.TrimPrefix(filepath.Ext(cmd.Output), ".")
		if _, err := a.writeFile(cmd.Output, func(w io.Writer) error {
			return writeFrontierPlot(w, format, s.title(), a.model.Name, list)
		}); err != nil {
			return err
		}
	}
	if a.flags.JSON {
		return a.emit(struct {
			Subject    string     `json:"subject"`
			Basis      string     `json:"basis"`
			DepthModel string     `json:"depth_model"`
			Strategies []*lowered `json:"strategies"`
		}{s.name, s.basis.String(), a.model.Name, list})
	}
	a.title(s)
	a.heading("Depth against size over %s (measured)", strategyCount(list))
	a.printFrontier(list)
	for _, file := range []string{cmd.CSV, cmd.Output} {
		if file != "" {
			a.printf("\nwritten: %s", file)
		}
	}
	if cmd.CSV+cmd.Output != "" {
		a.printf("\n")
	}
	return nil
}

// strategyCount says how many strategies there are on the lines.
func strategyCount(list []*lowered) string {
	n := 0
	for _, l := range list {
		n += 1 + len(l.SameAs)
	}
	if n == 1 {
		return "1 strategy"
	}
	return fmt.Sprintf("%d strategies", n)
}

// frontier lowers the program of s by each strategy and compares the circuits. They
// come by depth, then size, then wires; strategies that failed come last.
func (a *app) frontier(s *subject, strategies []lower.Strategy, mostGates int) ([]*lowered, error) {
	m := a.meter("lowering " + s.name)
	defer m.end()
	var list []*lowered
	var failed []error
	for i, strategy := range strategies {
		one := *s
		one.strategy = strategy
		one.strategy.Select = strategy.Select || s.strategy.Select // as the basis may want
		l := &lowered{Strategy: one.strategy.String()}
		if slices.ContainsFunc(list, func(other *lowered) bool { return strings.Contains(", "+other.names()+",", ", "+l.Strategy+",") }) {
			continue
		}
		const parts = 1000 // of the progress of one strategy
		c, err := a.countBounded(&one, mostGates, func(done, all int) { m.set(i*parts+done*parts/max(all, 1), len(strategies)*parts) })
		switch {
		case a.ctx.Err() != nil:
			return nil, a.ctx.Err()
		case err != nil:
			l.Error = plain(err)
			failed = append(failed, fmt.Errorf("%s: %w", l.Strategy, err))
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
		return nil, fmt.Errorf("no strategy made a circuit: %w", failed[0])
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

// countBounded builds the circuit of s, unless it gets more gates than the bound, and
// counts it.
func (a *app) countBounded(s *subject, most int, progress func(done, all int)) (*counts, error) {
	ctx, cancel := context.WithCancelCause(a.ctx)
	defer cancel(nil)
	tooLarge := fmt.Errorf("more than %s gates, the most that --max-gates allows", count(most))
	c, err := s.lower(ctx, s.program, func(done, all, gates int) {
		if progress(done, all); gates > most {
			cancel(tooLarge)
		}
	})
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
	var rows, errs [][]string
	for _, l := range list {
		if l.counts == nil {
			errs = append(errs, []string{l.Strategy, l.Error})
			continue
		}
		mark := ""
		if l.Undominated {
			mark = "*"
		}
		rows = append(rows, []string{mark, fmt.Sprint(l.Depth), count(l.Size), count(l.Wires), text.WrapSoft(l.names(), 60)})
	}
	a.table(cols("", "#depth", "#gates", "#wires", "strategy"), rows, nil)
	a.printf("  * No other of these strategies has less depth and no more gates, or fewer gates and no more depth.\n")
	a.printf("  Depth in the %s model: %s.\n", a.model.Name, a.model.Note)
	if len(errs) > 0 {
		a.heading("Strategies that made no circuit")
		for _, e := range errs {
			a.printf("  %s: %s\n", e[0], e[1])
		}
	}
}

// writeFrontierCSV writes one line a strategy, those with the same counts included.
func writeFrontierCSV(w io.Writer, depthModel string, list []*lowered) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"strategy", "depth", "depth_model", "size", "wires", "undominated", "error"})
	for _, l := range list {
		for _, name := range append([]string{l.Strategy}, l.SameAs...) {
			row := []string{name, "", depthModel, "", "", "", l.Error}
			if l.counts != nil {
				row = []string{name, strconv.Itoa(l.Depth), depthModel, strconv.Itoa(l.Size), strconv.FormatInt(l.Wires, 10), strconv.FormatBool(l.Undominated), ""}
			}
			_ = c.Write(row)
		}
	}
	c.Flush()
	return c.Error()
}
