package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
)

type sweepCmd struct {
	target
	N    string `name:"n" default:"2,4,8,16" placeholder:"LIST" help:"The n to measure: numbers and ranges, such as 2,4,8 or 2..64 (every n) or 2..64*2 (doubling) or 2..64+4 (steps of 4). Unless given: ${default}."`
	CSV  string `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
	Plot string `placeholder:"FILE" help:"Write a plot of depth and size over n, as wide as a column of a paper: .svg, .png or .pdf."`

	Beside   []string `placeholder:"SUBJECT" sep:"none" help:"Measure this family, too, and put it beside; may be given more than once."`
	LaTeX    bool     `name:"latex" xor:"format" help:"Print the table as LaTeX, which compiles as it is."`
	Markdown bool     `xor:"format" help:"Print the table as Markdown."`
}

func (sweepCmd) Help() string {
	return `Each member of the family is built and measured. If depth or size is a polynomial in n, in log n or an exponential at all the n that were measured, that formula is printed; else curves are fitted. The verdict is "consistent" if the depth is the same at all of them and "refuted" if not, and never more than measured: tc0 prove is about every n. For a trained network that reads a sequence, n is its length.

A sweep that is interrupted prints what it has measured.

Examples:

  tc0 sweep attention:d=4,bits=3 --n 2,4,8,16,32
  tc0 sweep mlp:layers=3 --n 2..20 --csv mlp.csv --plot mlp.svg
  tc0 sweep attention --beside s4 --beside rnn --n 2..32*2 --plot depths.pdf
`
}

// mostN bounds how many n one sweep measures.
const mostN = 10_000

// parseN reads a list of numbers and ranges, and sorts it.
func parseN(list string) ([]int, error) {
	var ns []int
	number := func(text, part string) (int, error) {
		v, err := strconv.Atoi(text)
		if err != nil || v < 1 {
			return 0, fmt.Errorf("--n=%s: %q in %q is not a whole number of at least 1", list, text, part)
		}
		return v, nil
	}
	for part := range strings.SplitSeq(list, ",") {
		low, high, isRange := strings.Cut(part, "..")
		if !isRange {
			high = low
		}
		step, factor := 1, 1
		var err error
		if i := strings.IndexAny(high, "*+"); i >= 0 {
			v, err := number(high[i+1:], part)
			switch {
			case err != nil:
				return nil, err
			case high[i] == '+':
				step = v
			case v < 2:
				return nil, fmt.Errorf("--n=%s: the factor in %q must be at least 2", list, part)
			default:
				step, factor = 0, v
			}
			high = high[:i]
		}
		var from, to int
		if from, err = number(low, part); err != nil {
			return nil, err
		}
		if to, err = number(high, part); err != nil {
			return nil, err
		}
		if from > to {
			return nil, fmt.Errorf("--n=%s: the range %q is empty", list, part)
		}
		for n := from; n <= to; n = n*factor + step {
			if ns = append(ns, n); len(ns) > mostN {
				return nil, fmt.Errorf("--n=%s: more than %d values", list, mostN)
			}
		}
	}
	slices.Sort(ns)
	return slices.Compact(ns), nil
}

// sweep measures a family over n.
func (a *app) sweep(s *subject, ns []int) (*analysis.Sweep, error) {
	m := a.meter("measuring " + s.name)
	defer m.end()
	done := 0
	member := func(ctx context.Context, n int) (*circuit.Circuit, error) {
		if s.kind == isModel {
			lengths, _ := s.quantised.Lengths()
			p, err := lengths.Program(n)
			if err != nil {
				return nil, err
			}
			return s.lower(ctx, p, nil)
		}
		if s.kind == isProblem {
			return a.problemMember(s, s.problem.With("n", n))
		}
		spec := s.spec.With("n", n)
		if err := spec.CheckBasis(s.basis); err != nil {
			return nil, err
		}
		i, err := spec.Instance()
		if err != nil {
			return nil, err
		}
		return s.lower(ctx, i.Program, nil)
	}
	sweep, err := analysis.MeasureFamily(a.ctx, member, ns, a.model, func(n int, soFar []analysis.Point) {
		m.set(done, len(ns))
		done++
		// If an interrupt comes in the middle of something that cannot be stopped.
		a.keep(func(w io.Writer) {
			fmt.Fprintf(w, "%s, interrupted at n=%d, measured before:\n", s.name, n)
			for _, p := range soFar {
				fmt.Fprintf(w, "n=%d: depth %d, %s, %s\n", p.N, p.Depth, plural(p.Size, "gate"), plural(p.Wires, "wire"))
			}
		})
	})
	a.keep(nil)
	if len(sweep.Points) == 0 {
		return nil, err
	}
	for i := range sweep.Points {
		sweep.Points[i].Class = s.class(sweep.Points[i].Class)
	}
	if s.basis == basis.NC1 {
		sweep.Class = s.class(sweep.Class)
		judgeLogarithm(sweep)
	}
	return sweep, err
}

// judgeLogarithm judges, for a basis of gates of few inputs, the growth of the depth,
// which no such basis can keep the same: it rises by about as much at each doubling of
// n if it is a logarithm, and by more and more if it is a power.
func judgeLogarithm(sweep *analysis.Sweep) {
	points, v := sweep.Points, &sweep.Verdict
	if len(points) < 2 {
		return // the claim is about one member
	}
	rise := func(i int) float64 {
		p, q := points[i], points[i+1]
		return float64(q.Depth-p.Depth) / math.Log2(float64(q.N)/float64(p.N))
	}
	const slack = 2 // levels; depths are whole numbers, and so do not rise evenly
	first, last := rise(0), rise(len(points)-2)
	v.Claim = fmt.Sprintf("the depth of the circuits of this family rises by at most %.4g at each doubling of n, as a logarithm does: twice what it rises by from n=%d to n=%d, and %d more", 2*max(first, 0)+slack, points[0].N, points[1].N, slack)
	var depths []string
	for _, p := range points {
		depths = append(depths, fmt.Sprintf("%d at n=%d", p.Depth, p.N))
	}
	if len(depths) > 8 {
		depths = append(append(depths[:4:4], "…"), depths[len(depths)-3:]...)
	}
	v.Verdict, v.Reason = analysis.Consistent, "measured only: depth "+strings.Join(depths, ", ")
	if last > 2*max(first, 0)+slack {
		v.Verdict = analysis.Refuted
		v.Reason = fmt.Sprintf("measured: depth %s; by %.4g a doubling at last", strings.Join(depths, ", "), last)
	}
}

// Run measures the families and prints what was measured, even if it was stopped.
func (cmd *sweepCmd) Run(a *app) error {
	ns, err := parseN(cmd.N)
	if err != nil {
		return err
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	if len(cmd.Beside) > 0 && cmd.CSV != "" {
		return fmt.Errorf("--csv=%s is of one family; --beside adds others", cmd.CSV)
	}
	var subjects []*subject
	for _, name := range append([]string{cmd.Subject}, cmd.Beside...) {
		t := cmd.target
		t.Subject = name
		s, err := cmd.family(a, t)
		if err != nil {
			return err
		}
		subjects = append(subjects, s)
	}
	var all []plotted
	var stopped error
	for _, s := range subjects {
		sweep, err := a.sweep(s, ns)
		if sweep != nil {
			all = append(all, plotted{s.title(), sweep})
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
	if err := cmd.write(a, format, all); err != nil {
		return err
	}
	switch {
	case a.flags.JSON:
		err = cmd.emit(a, subjects, all)
	case cmd.LaTeX:
		writeSweepLaTeX(&a.out, all)
	case cmd.Markdown:
		writeSweepMarkdown(&a.out, all)
	default:
		for i, f := range all {
			a.title(subjects[i])
			a.heading("Growth over n (measured, %s)", analysis.NSet(f.sweep.CheckedN))
			a.printSweep(f.sweep)
			a.heading("Verdict: %s (measured only)", f.sweep.Verdict.Verdict)
			a.printVerdict(f.sweep.Verdict)
			if i < len(all)-1 {
				a.printf("\n")
			}
		}
		for _, file := range []string{cmd.CSV, cmd.Plot} {
			if file != "" {
				a.printf("\nwritten: %s", file)
			}
		}
		if cmd.CSV+cmd.Plot != "" {
			a.printf("\n")
		}
	}
	var refuted error
	for _, f := range all {
		refuted = cmp.Or(refuted, judged(f.sweep.Verdict))
	}
	if stopped != nil {
		return stopped
	}
	return errors.Join(err, refuted)
}

// family opens one of the families.
func (cmd *sweepCmd) family(a *app, t target) (*subject, error) {
	s, err := a.open(t)
	if err != nil {
		return nil, err
	}
	if s.kind == isModel {
		if _, ok := s.quantised.Lengths(); ok {
			return s, nil
		}
	}
	if s.kind == isProblem {
		if n := s.problem.Args["n"]; n != "" {
			return nil, fmt.Errorf("%s names n=%s, and --n=%s says which n to measure: leave one of them out", s.problem.Short(), n, cmd.N)
		}
		return s, nil
	}
	if s.kind != isFamily {
		return nil, fmt.Errorf("%s is a %s: it has one size, and only a family is measured over n", s.name, s.kind)
	}
	if n := s.spec.Args["n"]; n != "" {
		return nil, fmt.Errorf("%s names n=%s, and --n=%s says which n to measure: leave one of them out", s.spec.Short(), n, cmd.N)
	}
	s.name = s.spec.String()
	return s, nil
}

// write writes the files that were asked for.
func (cmd *sweepCmd) write(a *app, format string, all []plotted) error {
	if cmd.CSV != "" {
		if _, err := a.writeFile(cmd.CSV, func(w io.Writer) error { return writeCSV(w, all[0].sweep) }); err != nil {
			return err
		}
	}
	if cmd.Plot == "" {
		return nil
	}
	_, err := a.writeFile(cmd.Plot, func(w io.Writer) error { return writePlot(w, format, all) })
	return err
}

// sweptJSON is the JSON of one family.
type sweptJSON struct {
	Subject string `json:"subject"`
	Basis   string `json:"basis"`
	*analysis.Sweep
	Beside []sweptJSON `json:"beside,omitempty"`
}

func (cmd *sweepCmd) emit(a *app, subjects []*subject, all []plotted) error {
	var rows []sweptJSON
	for i, f := range all {
		rows = append(rows, sweptJSON{subjects[i].name, subjects[i].basis.String(), f.sweep, nil})
	}
	rows[0].Beside = rows[1:]
	return a.emit(rows[0])
}

// judged is what a command returns after a verdict is printed.
func judged(v analysis.Verdict) error {
	if v.Verdict == analysis.Refuted {
		return errFalse
	}
	return nil
}

func (a *app) printSweep(sweep *analysis.Sweep) {
	var rows [][]string
	for _, p := range sweep.Points {
		rows = append(rows, []string{
			fmt.Sprint(p.N), fmt.Sprint(p.Depth), count(p.Size), count(p.Wires), bigText(p.Weight), bigText(p.MaxWeight),
			count(p.MaxFanIn), count(p.Inputs), seconds(p.Seconds),
		})
	}
	a.table(cols("#n", "#depth", "#gates", "#wires", "#weight", "#max |w|", "#max fan-in", "#input bits", "#built in"), rows, nil)
	if len(sweep.Points) > 0 {
		a.printf("  Depth in the %s model: %s.\n", sweep.DepthModel, sweep.Points[0].DepthNote)
	}
	described := false
	for _, name := range []string{"depth", "size", "wires", "weight"} {
		p, exact := sweep.Patterns[name]
		g, grows := sweep.Growth[name]
		fits := sweep.Fits[name]
		switch described = true; {
		case exact && p.Kind == "constant":
			a.printf("  %-6s is %s at all of them.\n", name, groupedDigits(p.Formula))
		case exact:
			a.printf("  %-6s is %s at all of them.\n", name, groupedDigits(p.Formula))
		case grows:
			a.printf("  %-6s grows about as n^%.2f (R² %.4f); between the two greatest n as n^%.2f.\n", name, g.Exponent, g.R2, g.Last)
		case len(fits) > 0 && fits[0].Residual < 0.05:
			a.printf("  %-6s is fitted best by %s (relative errors %.2g).\n", name, fits[0].Formula, fits[0].Residual)
		}
	}
	if described {
		a.printf("  Formulas and fits describe these n and say nothing of others.\n")
	}
	if len(sweep.Missing) > 0 {
		a.printf("  Stopped before %s.\n", analysis.NSet(sweep.Missing))
	}
}

func (a *app) printVerdict(v analysis.Verdict) {
	a.field("claim", "%s", v.Claim)
	a.field("because", "%s", v.Reason)
	if v.Verdict == analysis.Proved {
		a.field("class", "%s, of this family of circuits", v.Class)
	} else {
		a.field("basis", "%s (class of the basis of gates)", v.Class)
	}
	for i, text := range v.Assumptions {
		name := "assuming"
		if i > 0 {
			name = ""
		}
		a.field(name, "%s", text)
	}
	a.field("about", "%s", v.Scope)
	if v.Verdict != analysis.Proved {
		a.field("proved", "n/a: this claim is measured")
	}
}

func writeCSV(w io.Writer, sweep *analysis.Sweep) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"n", "depth", "depth_model", "size", "wires", "weight", "max_weight", "max_fan_in", "inputs", "outputs", "class", "seconds"})
	for _, p := range sweep.Points {
		_ = c.Write([]string{
			strconv.Itoa(p.N), strconv.Itoa(p.Depth), p.DepthModel, strconv.Itoa(p.Size), strconv.FormatInt(p.Wires, 10),
			p.Weight.String(), p.MaxWeight.String(), strconv.Itoa(p.MaxFanIn), strconv.Itoa(p.Inputs), strconv.Itoa(p.Outputs),
			p.Class, strconv.FormatFloat(p.Seconds, 'f', 6, 64),
		})
	}
	c.Flush()
	return c.Error()
}
