package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type fourierCmd struct {
	target
	Output  string `placeholder:"NAME" help:"The output wire: the name of a port, or NAME.K for wire K of one with several. Unless given: the first."`
	Samples int    `default:"0" placeholder:"N" help:"Random points, where there are more than 20 input bits. Unless given: 20000, or fewer where there are many inputs."`
	Plot    string `placeholder:"FILE" help:"Write a plot of the weight by level: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
	shardFlags
}

func (fourierCmd) Help() string {
	return `An output wire as a Boolean function of the input bits, which are uniform: how often it is 1, how
often flipping each input flips it (its influence), their sum (the average sensitivity), and the Fourier weight
by level, which tells how many inputs matter together. All of it is exact up to 20 input bits, and sampled
above: there the weights of the first levels are estimated.

Functions of AC0 circuits have nearly all their weight on low levels (Linial, Mansour and Nisan 1993); parity
has all of it on the highest.

Examples:

  tc0 fourier majority:n=15 --plot majority.svg
  tc0 fourier parity:n=12
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
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	wire, err := wireOf(c, cmd.Output)
	if err != nil {
		return err
	}
	m := a.meter("analysing " + s.name())
	samples := cmd.Samples
	if samples == 0 { // each point has all its neighbours tried
		samples = max(500, min(20_000, 2_000_000/(len(c.Inputs())+1)))
	}
	f, err := analysis.AnalyseBoolean(a.ctx, c, wire, samples, a.flags.Seed)
	m.end()
	if err != nil {
		return err
	}
	a.save(cmd.Plot, func(w io.Writer) error { return writeWeights(w, format, title(s), f) })
	return a.show(struct {
		Subject string `json:"subject"`
		*analysis.Boolean
	}{s.name(), f}, func() {
		a.title(s)
		a.printBoolean(f, c)
		a.printSaved(cmd.Plot)
	}, true)
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

// writeWeights draws the Fourier weight by level as bars.
func writeWeights(w io.Writer, format, title string, f *analysis.Boolean) error {
	p := chart.New("level", "Fourier weight")
	values := make([]float64, len(f.Weights))
	for k, v := range f.Weights {
		values[k] = max(0, v)
	}
	p.Bars(values, fmt.Sprintf("%s, %s", title, f.Output))
	p.Y.Min, p.Y.Max = 0, 1.05*max(0.01, slices.Max(values))
	return chart.Write(w, format, 5, p)
}
