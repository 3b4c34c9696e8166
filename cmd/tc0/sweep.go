package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type sweepCmd struct {
	target
	N    string `name:"n" default:"2,4,8,16" placeholder:"LIST" help:"The n to measure: numbers and ranges, such as 2,4,8 or 2..64 (every n) or 2..64*2 (doubling) or 2..64+4 (steps of 4). Unless given: ${default}."`
	CSV  string `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
	Plot string `placeholder:"FILE" help:"Write a plot of depth and size over n, as wide as a column of a paper: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`

	Beside   []string `placeholder:"SUBJECT" sep:"none" help:"Measure this family, too, and put it beside; may be given more than once."`
	LaTeX    bool     `name:"latex" xor:"format" help:"Print the table for a LaTeX paper."`
	Alone    bool     `name:"standalone" help:"With --latex: a document of its own, which compiles as it is."`
	Markdown bool     `xor:"format" help:"Print the table as Markdown."`
	shardFlags
}

func (sweepCmd) Help() string {
	return `Each member of the family is built and measured. If depth or size is a polynomial in n, also by
residue of n, in log n or an exponential at all the n that were measured, that formula is printed; else curves are
fitted. The verdict is "consistent" if the depth is the same at all of them, or from some n on up to twice that n,
and "refuted" if not, and never more than measured: tc0 prove is about every n. The class is that of the gates
whose fan-in grows; if the size is not polynomial there is none. For a trained network that reads a sequence, n is its length.

A sweep that is interrupted prints what it has measured.

Examples:

  tc0 sweep attention:d=4,bits=3 --n 2,4,8,16,32
  tc0 sweep mlp:layers=3 --n 2..20 --csv mlp.csv --plot mlp.svg
  tc0 sweep attention --beside s4 --beside rnn --n 2..32*2 --plot depths.pdf
`
}

// mostN bounds how many n one sweep measures.
const mostN = 10_000

// parseN reads a list of numbers and ranges that a flag gives, and sorts it.
func parseN(flag, list string) ([]int, error) {
	bad := func(format string, args ...any) error {
		return errf("--%s=%s: %w", flag, list, fmt.Errorf(format, args...))
	}
	var ns []int
	for part := range strings.SplitSeq(list, ",") {
		var err error
		number := func(text string) int {
			v, e := strconv.Atoi(text)
			if (e != nil || v < 1) && err == nil {
				err = bad("%q in %q is not a whole number of at least 1", text, part)
			}
			return v
		}
		low, high, isRange := strings.Cut(part, "..")
		if !isRange {
			high = low
		}
		step, factor := 1, 1
		if i := strings.IndexAny(high, "*+"); i >= 0 {
			v := number(high[i+1:])
			switch {
			case err != nil:
			case high[i] == '+':
				step = v
			case v < 2:
				err = bad("the factor in %q must be at least 2", part)
			default:
				step, factor = 0, v
			}
			high = high[:i]
		}
		from, to := number(low), number(high)
		if err == nil && from > to {
			err = bad("the range %q is empty", part)
		}
		if err != nil {
			return nil, err
		}
		for n := from; ; n = n*factor + step {
			if ns = append(ns, n); len(ns) > mostN {
				return nil, bad("more than %d values", mostN)
			}
			if n > (to-step)/factor { // the next one is above, and may be none that fits
				break
			}
		}
	}
	slices.Sort(ns)
	return slices.Compact(ns), nil
}

// sweep measures a family over n.
func (a *app) sweep(s subject, ns []int) (*analysis.Sweep, error) {
	m := a.meter("measuring " + s.name())
	defer m.end()
	done := 0
	sweep, err := analysis.MeasureFamily(a.ctx, s.at, ns, a.model, func(n int, soFar []analysis.Point) {
		m.set(done, len(ns))
		done++
		// If an interrupt comes in the middle of something that cannot be stopped.
		a.keep(func(w io.Writer) {
			fmt.Fprintf(w, "%s, interrupted at n=%d, measured before:\n", s.name(), n)
			for _, p := range soFar {
				fmt.Fprintf(w, "n=%d: depth %d, %s, %s\n", p.N, p.Depth, plural(p.Size, "gate"),
					plural(p.Wires, "wire"))
			}
		})
	})
	a.keep(nil)
	if len(sweep.Points) == 0 {
		return nil, err
	}
	of := s.its()
	for i := range sweep.Points {
		if a.flags.Deterministic {
			sweep.Points[i].Seconds = 0
		}
		sweep.Points[i].GateClass = of.class(sweep.Points[i].GateClass)
	}
	if of.basis == basis.NC1 {
		sweep.Verdict = sweep.Logarithmic()
	}
	if of.kind == "problem" { // what is assumed of networks is not assumed of it
		sweep.Verdict = sweep.OfProblem(true)
	}
	return sweep, err
}

// Run measures the families and prints what was measured, even if it was stopped.
func (cmd *sweepCmd) Run(a *app) error {
	ns, err := parseN("n", cmd.N)
	if err != nil {
		return err
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	if len(cmd.Beside) > 0 && cmd.CSV != "" {
		return errf("--csv=%s is of one family; --beside adds others", cmd.CSV)
	}
	var subjects []subject
	for _, name := range append([]string{cmd.Subject}, cmd.Beside...) {
		t := cmd.target
		t.Subject = name
		s, err := cmd.family(a, t)
		if err != nil {
			return err
		}
		subjects = append(subjects, s)
	}
	if a.estimating {
		return a.foreseeAll(subjects, ns)
	}
	var all []swept
	var titled []paper.Sweep
	var lines []chart.Series
	var stopped, refuted error
	for _, s := range subjects {
		sweep, err := a.sweep(s, ns)
		if sweep != nil {
			all = append(all, swept{s.name(), s.its().basis.String(), sweep, nil, s})
			titled = append(titled, paper.Sweep{Title: title(s), Sweep: sweep})
			lines = append(lines, lineOf(title(s), sweep))
			refuted = cmp.Or(refuted, judged(sweep.Verdict))
		}
		if stopped = err; err != nil {
			break
		}
	}
	if len(all) == 0 {
		return stopped
	}
	if stopped != nil { // what there is is printed; files are written of a whole sweep only
		a.partial, cmd.CSV, cmd.Plot = true, "", ""
	}
	a.save(cmd.CSV, func(w io.Writer) error { return all[0].csv(w, !a.flags.Deterministic) })
	a.save(cmd.Plot, func(w io.Writer) error { return chart.WriteGrowth(w, format, lines, "n", a.model.Name, false) })
	all[0].Beside = all[1:]
	err = a.show(all[0], func() {
		switch {
		case cmd.LaTeX:
			a.WriteString(paper.SweepsLaTeX(titled, cmd.Alone))
		case cmd.Markdown:
			a.WriteString(paper.SweepsMarkdown(titled))
		default:
			for i, f := range all {
				if i > 0 {
					a.Printf("\n")
				}
				a.title(f.subject)
				a.Heading("%s", growthTitle(f.Sweep))
				a.printSweep(f.Sweep, true)
				a.Heading("Verdict: %s (measured only)", f.Verdict.Verdict)
				paper.Verdict(&a.Page, f.Verdict)
			}
			a.printSaved(cmd.CSV, cmd.Plot)
			if format == "tex" && cmd.Plot != "" {
				a.Printf("%s\n", chart.GrowthCaption(lines, "n", a.model.Name))
			}
		}
	}, true)
	return cmp.Or(stopped, err, refuted)
}

// family opens one of the families.
func (cmd *sweepCmd) family(a *app, t target) (subject, error) {
	s, err := a.open(t)
	switch {
	case err != nil:
		return nil, err
	case !s.grows():
		return nil, errf("%s is a %s: it has one size, and only a family is measured over n", s.name(), s.its().kind)
	case s.named() != "":
		return nil, errf("%s names n=%s, and --n=%s says which n to measure: leave one of them out", s.short(),
			s.named(), cmd.N)
	}
	return s, nil
}

// swept is the JSON of one family.
type swept struct {
	Subject string `json:"subject"`
	Basis   string `json:"basis"`
	*analysis.Sweep
	Beside []swept `json:"beside,omitempty"`

	subject subject
}

// lineOf is the line of a family in a figure.
func lineOf(name string, sweep *analysis.Sweep) chart.Series {
	line := chart.Series{Name: name}
	for _, p := range sweep.Points {
		line.Points = append(line.Points,
			chart.Point{X: float64(p.N), Depth: float64(p.Depth), Size: float64(p.Size), Wires: float64(p.Wires)})
	}
	return line
}

// judged is what a command returns after a verdict is printed.
func judged(v analysis.Verdict) error { return falseUnless(v.Verdict != analysis.Refuted) }

// growthTitle is the heading of what printSweep prints.
func growthTitle(sweep *analysis.Sweep) string {
	return fmt.Sprintf("Growth over n (measured, %s)", analysis.NSet(sweep.CheckedN))
}

// printSweep prints what was measured over n. A page that has said what counts as depth may be short of it.
func (a *app) printSweep(sweep *analysis.Sweep, alone bool) {
	header := "#n | #depth | #gates:, | #wires:, | #weight | #max |w| | #max fan-in:, | #input bits:,"
	if !a.flags.Deterministic {
		header += " | #built in"
	}
	t := table.New(header)
	for _, p := range sweep.Points {
		t.Row(p.N, p.Depth, p.Size, p.Wires, p.Weight, p.MaxWeight, p.MaxFanIn, p.Inputs, seconds(p.Seconds))
	}
	a.Table(t)
	if len(sweep.Points) > 0 {
		model := func() { a.Printf("  Depth in the %s model: %s.\n", sweep.DepthModel, sweep.Points[0].DepthNote) }
		if alone {
			model()
		} else {
			a.Aside(model)
		}
	}
	a.printPatterns(sweep, "depth", "size")
	a.Aside(func() {
		a.printPatterns(sweep, "wires", "weight")
		a.Printf("  Formulas and fits describe these n and say nothing of others.\n")
	})
	if len(sweep.Missing) > 0 {
		a.Printf("  Stopped before %s.\n", analysis.NSet(sweep.Missing))
	}
}

// printPatterns says how some of the numbers grow.
func (a *app) printPatterns(sweep *analysis.Sweep, names ...string) {
	for _, name := range names {
		p, exact := sweep.Patterns[name]
		g, grows := sweep.Growth[name]
		fits := sweep.Fits[name]
		switch {
		case exact:
			a.Printf("  %-6s is %s at all of them.\n", name, table.GroupedIn(p.Formula))
		case grows && g.Rises:
			a.Printf("  %-6s grows %v.\n", name, g)
			if len(fits) > 0 && fits[0].Curve == "b^n" {
				a.Printf("  %-6s fits %s best (relative errors %.2g).\n", "", fits[0].Formula, fits[0].Residual)
			}
		case grows:
			if len(sweep.Points) < 3 { // any power goes through two points
				a.Printf("  %-6s grows between these two n as n^%.2f.\n", name, g.Last)
				break
			}
			a.Printf("  %-6s grows about as n^%.2f (R² %.4f); between the two greatest n as n^%.2f.\n", name,
				g.Exponent, g.R2, g.Last)
		case len(fits) > 0 && fits[0].Residual < 0.05:
			a.Printf("  %-6s is fitted best by %s (relative errors %.2g).\n", name, fits[0].Formula, fits[0].Residual)
		}
	}
}

// csv writes what was measured, with or without times.
func (s swept) csv(w io.Writer, times bool) error {
	header := "n | depth | depth_model | size | wires | weight | max_weight | max_fan_in | inputs | outputs | gate_class"
	if times {
		header += " | seconds:%.6f"
	}
	t := table.New(header)
	for _, p := range s.Points {
		t.Row(p.N, p.Depth, p.DepthModel, p.Size, p.Wires, p.Weight.String(), p.MaxWeight.String(), p.MaxFanIn,
			p.Inputs, p.Outputs, p.GateClass, p.Seconds)
	}
	return t.CSV(w)
}
