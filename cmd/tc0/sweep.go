package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/compile"
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
		i, err := s.spec.With("n", n).Instance()
		if err != nil {
			return nil, err
		}
		return compile.LowerContext(ctx, i.Program, s.strategy, nil)
	}
	return analysis.MeasureFamily(a.ctx, member, ns, a.model, func(int) {
		m.set(done, len(ns))
		done++
	})
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
		if _, err := a.writeFile(cmd.Plot, func(w io.Writer) error { return writePlot(w, s.name, sweep) }); err != nil {
			return err
		}
	}
	if a.flags.JSON {
		err = a.emit(struct {
			Subject string `json:"subject"`
			*analysis.Sweep
		}{s.name, sweep})
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
	a.field("basis", "%s (class of the basis of gates)", v.Class)
	for i, text := range v.Assumptions {
		name := "assuming"
		if i > 0 {
			name = ""
		}
		a.field(name, "%s", text)
	}
	a.field("about", "%s", v.Scope)
	a.field("proved", "n/a: everything here is measured")
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
