package main

import (
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
	Plot string `placeholder:"FILE.svg" help:"Write a plot over n, both axes logarithmic."`
}

func (sweepCmd) Help() string {
	return `Each member of the family is built and measured. The growth of size, wires and weight is a power of n fitted to the n that were measured; the verdict is "consistent" if the depth is the same at all of them and "refuted" if not, and never more than measured.

Examples:

  tc0 sweep attention:d=4,bits=3 --n 2,4,8,16,32
  tc0 sweep mlp:layers=3 --n 2..20 --csv mlp.csv --plot mlp.svg
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
	m := a.meter("measuring " + s.spec.Family.Name)
	defer m.end()
	done := 0
	member := func(ctx context.Context, n int) (*circuit.Circuit, error) {
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
	sweep, err := analysis.MeasureFamily(a.ctx, member, ns, a.model, func(int) {
		m.set(done, len(ns))
		done++
	})
	if err != nil {
		return nil, err
	}
	for i := range sweep.Points {
		sweep.Points[i].Class = s.class(sweep.Points[i].Class)
	}
	sweep.Class = s.class(sweep.Class)
	if s.basis == basis.NC1 {
		judgeLogarithm(sweep)
	}
	return sweep, nil
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

func (cmd *sweepCmd) Run(a *app) error {
	ns, err := parseN(cmd.N)
	if err != nil {
		return err
	}
	if cmd.Plot != "" && !strings.HasSuffix(cmd.Plot, ".svg") {
		return fmt.Errorf("%s: unknown plot format; known: .svg", cmd.Plot)
	}
	s, err := a.open(cmd.target)
	if err != nil {
		return err
	}
	if s.kind != isFamily {
		return fmt.Errorf("%s is a %s: it has one size, and only a family is measured over n", s.name, s.kind)
	}
	if n := s.spec.Args["n"]; n != "" {
		return fmt.Errorf("%s names n=%s, and --n=%s says which n to measure: leave one of them out", s.spec.Short(), n, cmd.N)
	}
	s.name = s.spec.String()
	sweep, err := a.sweep(s, ns)
	if err != nil {
		return err
	}
	if cmd.CSV != "" {
		if _, err := a.writeFile(cmd.CSV, func(w io.Writer) error { return writeCSV(w, sweep) }); err != nil {
			return err
		}
	}
	if cmd.Plot != "" {
		if _, err := a.writeFile(cmd.Plot, func(w io.Writer) error { return writePlot(w, s.plotTitle(), sweep) }); err != nil {
			return err
		}
	}
	if a.flags.JSON {
		err = a.emit(struct {
			Subject string `json:"subject"`
			Basis   string `json:"basis"`
			*analysis.Sweep
		}{s.name, s.basis.String(), sweep})
	} else {
		a.title(s)
		a.heading("Growth over n (measured, %s)", analysis.NSet(ns))
		a.printSweep(sweep)
		a.heading("Verdict: %s (measured only)", sweep.Verdict.Verdict)
		a.printVerdict(sweep.Verdict)
		for _, file := range []string{cmd.CSV, cmd.Plot} {
			if file != "" {
				a.printf("\nwritten: %s", file)
			}
		}
		if cmd.CSV+cmd.Plot != "" {
			a.printf("\n")
		}
	}
	return errors.Join(err, judged(sweep.Verdict))
}

// plotTitle is the name of s, and its basis if that is not in the name.
func (s *subject) plotTitle() string {
	if s.basis != basis.TC0 && s.spec.Args["basis"] == "" {
		return fmt.Sprintf("%s in basis %v", s.name, s.basis)
	}
	return s.name
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
	for _, name := range []string{"size", "wires", "weight"} {
		if g, ok := sweep.Growth[name]; ok {
			a.printf("  %-6s grows about as n^%.2f (R² %.4f); between the two greatest n as n^%.2f.\n", name, g.Exponent, g.R2, g.Last)
		}
	}
	if len(sweep.Growth) > 0 {
		a.printf("  The powers are fitted to these n and say nothing of others.\n")
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
		a.field("proved", "n/a: everything here is measured")
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
