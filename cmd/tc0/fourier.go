package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type fourierCmd struct {
	target
	Beside  []string `placeholder:"SUBJECT" sep:"none" help:"Analyse this circuit, too, and put it beside; may be given more than once."`
	Output  string   `placeholder:"NAME" help:"The output wire: the name of a port, or NAME.K for wire K of one with several. Unless given: the first."`
	Samples int      `default:"0" placeholder:"N" help:"Random points, where there are more than 20 input bits. Unless given: 20000, or fewer where there are many inputs."`
	Plot    string   `placeholder:"FILE" help:"Write a plot of the weight by level: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
	shardFlags
}

func (fourierCmd) Help() string {
	return `An output wire as a Boolean function of the input bits, which are uniform: how often it is 1, how
often flipping each input flips it (its influence), their sum (the average sensitivity), and the Fourier weight
by level, which tells how many inputs matter together. All of it is exact up to 20 input bits, and sampled
above: there the weights of the first levels are estimated.

Functions of AC0 circuits have nearly all their weight on low levels (Linial, Mansour and Nisan 1993); parity
has all of it on the highest. Where a circuit has AND and OR gates alone, what that theorem says of its depth and size is
printed, and drawn where it is below 1; of an OR of ANDs or an AND of ORs of at most w literals, as it is built, the
weight from level k on is at most w/k (Amano 2011).

Examples:

  tc0 fourier majority:n=15 --plot majority.svg
  tc0 fourier parity:n=12
  tc0 fourier majority:n=11 --beside parity:n=11 --beside reachability:n=4 --plot weights.svg
  tc0 fourier rule110:n=11,steps=4 --output 'after[5]'
`
}

// wireOf finds an output wire by its name.
func wireOf(c *circuit.Circuit, name string) (int, error) {
	wire := 0
	var names []string
	for _, p := range c.OutputPorts() {
		for k := range p.Wires {
			if name == "" || name == p.WireName(k) || k == 0 && name == p.Name+".0" {
				return wire, nil
			}
			wire++
		}
		if len(p.Wires) == 1 {
			names = append(names, p.Name)
		} else if len(p.Wires) > 1 {
			names = append(names, fmt.Sprintf("%s.0 to .%d", p.Name, len(p.Wires)-1))
		}
	}
	if len(names) == 0 {
		return 0, errors.New("the circuit has no outputs")
	}
	return 0, errf("--output=%s: there is no such output wire; known: %s", name, commas(firstFew(names, fewNames)))
}

func (cmd *fourierCmd) Run(a *app) error {
	if cmd.Samples != 0 && cmd.Samples < leastSamples {
		return errf("--samples=%d: at least %d are needed", cmd.Samples, leastSamples)
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	var all []analysed
	for _, name := range append([]string{cmd.Subject}, cmd.Beside...) {
		f, err := cmd.analyse(a, name)
		if err != nil {
			return err
		}
		all = append(all, *f)
	}
	a.save(cmd.Plot, func(w io.Writer) error { return writeWeights(w, format, all) })
	all[0].Beside = all[1:]
	return a.show(all[0], func() {
		if len(all) == 1 {
			a.printAnalysed(&all[0])
		} else {
			a.printWeights(all)
			a.Aside(func() {
				for _, f := range all {
					a.Printf("\n")
					a.printAnalysed(&f)
				}
			})
		}
		a.printSaved(cmd.Plot)
	}, true)
}

func (a *app) printAnalysed(f *analysed) {
	a.title(f.subject)
	a.printBoolean(f.Boolean, f.subject.its().circuit)
	a.printTails(f)
}

// printWeights prints the weights of several circuits in one table.
func (a *app) printWeights(all []analysed) {
	a.Heading("Fourier weight by level")
	t, levels := table.New("level"), 0
	for _, f := range all {
		t.Number(f.subject.short())
		levels = max(levels, len(f.Weights))
	}
	row := func(name string, value func(f *analysed) string) {
		cells := []any{name}
		for i := range all {
			cells = append(cells, value(&all[i]))
		}
		t.Row(cells...)
	}
	for k := range levels {
		row(strconv.Itoa(k), func(f *analysed) string {
			if k >= len(f.Weights) {
				return ""
			}
			return fmt.Sprintf("%.6f", f.Weights[k])
		})
	}
	row("sensitivity", func(f *analysed) string { return fmt.Sprintf("%.6g", f.Sensitivity) })
	row("inputs", func(f *analysed) string { return count(f.Inputs) })
	a.Table(t)
}

// analysed is the JSON of one circuit.
type analysed struct {
	Subject string `json:"subject"`
	*analysis.Boolean
	Tails  []analysis.Tail `json:"tails,omitempty"`  // what theorems say of the Fourier weight of high levels
	Beside []analysed      `json:"beside,omitempty"` // the circuits of --beside

	subject subject
}

// analyse analyses an output of one subject.
func (cmd *fourierCmd) analyse(a *app, name string) (*analysed, error) {
	t := cmd.target
	t.Subject = name
	s, c, err := a.openBuilt(t)
	if err != nil {
		return nil, err
	}
	wire, err := wireOf(c, cmd.Output)
	if err != nil {
		return nil, err
	}
	m := a.meter("analysing " + s.name())
	samples := cmd.Samples
	if samples == 0 { // each point has all its neighbours tried
		samples = max(500, min(20_000, 2_000_000/(len(c.Inputs())+1)))
	}
	f, err := analysis.AnalyseBoolean(a.ctx, c, wire, samples, a.flags.Seed)
	m.end()
	if err != nil {
		return nil, err
	}
	return &analysed{s.name(), f, analysis.Tails(c, wire), nil, s}, nil
}

// printTails prints what theorems say of the weight of high levels.
func (a *app) printTails(f *analysed) {
	for _, t := range f.Tails {
		says := fmt.Sprintf("the weight from level k on is at most %s (%s)", t.Formula, t.Source)
		if t.From > f.Inputs {
			says += fmt.Sprintf("; that is below 1 from k = %s on, and there are %s", count(t.From),
				plural(f.Inputs, "input bit"))
		}
		a.Text("theory", says)
	}
}

// printBoolean prints what was found of an output of the circuit.
func (a *app) printBoolean(f *analysis.Boolean, c *circuit.Circuit) {
	how := "exact, on all inputs"
	if !f.Exact {
		how = fmt.Sprintf("sampled, %s points, seed %d", count(f.Samples), a.flags.Seed)
	}
	a.Heading("Output %s as a Boolean function (%s)", f.Output, how)
	ones := fmt.Sprintf("%.6g of the inputs", f.Ones)
	if !f.Exact {
		ones += fmt.Sprintf(" ± %.2g", math.Sqrt(f.Ones*(1-f.Ones)/float64(f.Samples)))
		if f.Ones == 0 || f.Ones == 1 {
			ones = fmt.Sprintf(
				"%g of the inputs that were drawn; of all it is within %.2g of that, with 95 %% confidence", f.Ones,
				3/float64(f.Samples))
		}
	}
	a.Text("ones", ones)
	a.Field("sensitivity", "%.6g on average: how many of the %s flip the output", f.Sensitivity,
		plural(f.Inputs, "input bit"))
	if len(f.Influences) == 0 {
		a.Field("influences", "none: there are no inputs")
	} else if least, most := slices.Min(f.Influences), slices.Max(f.Influences); least == most {
		a.Field("influences", "%.6g of every input", most)
	} else {
		a.Field("influences", "from %.6g to %.6g; most of %s", least, most,
			analysis.WireNames(c.InputPorts())[slices.Index(f.Influences, most)])
	}
	a.printCoded(f.Codes)
	header := "#level | #weight:%.6f | #weight above:%.6f"
	if !f.Exact {
		header = "#level | #weight:%.6f | #standard error:± %.6f"
	}
	t := table.New(header)
	rest := 1.0
	for k, w := range f.Weights {
		rest -= w
		last := max(0, rest)
		if !f.Exact {
			last = f.Errors[k]
		}
		t.Row(k, w, last)
	}
	a.Heading("Fourier weight by level")
	a.Table(t)
	if !f.Exact {
		a.Indented(
			fmt.Sprintf("Estimates without bias, which may be a little below 0; %.4f is left for the levels above.",
				max(0, rest)),
		)
	}
}

// leastSamples is the least number of points of a sampled analysis.
const leastSamples = 100

// printCoded warns of input ports whose bits are not independent.
func (a *app) printCoded(ports []string) {
	if len(ports) == 0 {
		return
	}
	a.Field("note",
		"the bits of %s are a code, and random bits are seldom one: this is about the circuit on all bits, "+
			"not about the function that it was built for", commas(firstFew(ports, 3)))
}

// writeWeights draws the Fourier weight by level: of one circuit as bars, of several as lines. Theorems are about the
// weight from a level on, which the lines show where there is one that says something.
func writeWeights(w io.Writer, format string, all []analysed) error {
	tails := slices.ContainsFunc(all, func(f analysed) bool {
		return slices.ContainsFunc(f.Tails, func(t analysis.Tail) bool { return t.From <= f.Inputs })
	})
	p := chart.New("level", "Fourier weight")
	if tails {
		p = chart.New("level k", "Fourier weight of levels ≥ k")
	}
	most, levels := 0.01, 0
	for i, f := range all {
		name, left := fmt.Sprintf("%s, %s", title(f.subject), f.Output), 1.0
		var line chart.Curve
		var values []float64
		for k, v := range f.Weights {
			v = max(0, v)
			if tails {
				v, left = left, max(0, left-v)
			}
			line.Add(float64(k), v)
			values, most = append(values, v), max(most, v)
		}
		levels = max(levels, len(values))
		if len(all) == 1 && !tails {
			p.Bars(values, name)
			break
		}
		p.Line(line, i, name)
		for _, t := range f.Tails {
			var bound chart.Curve
			for k := max(t.From-1, 1); k < len(values); k++ {
				if at := t.At(k); at <= 1 {
					bound.Add(float64(k), at)
				}
			}
			if len(bound) > 0 {
				of := ""
				if len(all) > 1 {
					of = title(f.subject) + ", "
				}
				p.Theory(bound, i, fmt.Sprintf("%sat most %s (%s)", of, t.Formula, t.Source), f.Subject)
			}
		}
	}
	if len(all) > 1 || tails {
		p.X.Min, p.X.Max, p.X.Tick.Marker = 0, float64(levels-1), chart.Whole(levels-1)
	}
	p.Y.Min, p.Y.Max = 0, 1.05*most
	return chart.Write(w, format, 5, p)
}
