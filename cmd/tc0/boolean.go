package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
)

type fourierCmd struct {
	target
	Output  string `placeholder:"NAME" help:"The output wire: the name of a port, or NAME.K for wire K of one with several. Unless given: the first."`
	Samples int    `default:"0" placeholder:"N" help:"Random points, where there are more than 20 input bits. Unless given: 20000, or fewer where there are many inputs."`
	Plot    string `placeholder:"FILE" help:"Write a plot of the weight by level: .svg, .png or .pdf."`
}

func (fourierCmd) Help() string {
	return `An output wire as a Boolean function of the input bits, which are uniform: how often it is 1, how often flipping each input flips it (its influence), their sum (the average sensitivity), and the Fourier weight by level, which tells how many inputs matter together. All of it is exact up to 20 input bits, and sampled above: there the weights of the first levels are estimated.

Functions of AC0 circuits have nearly all their weight on low levels (Linial, Mansour and Nisan 1993); parity has all of it on the highest.

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
	if len(names) > 12 {
		names = append(names[:12], "…")
	}
	return 0, fmt.Errorf("--output=%s: there is no such output wire; known: %s", name, strings.Join(names, ", "))
}

func (cmd *fourierCmd) Run(a *app) error {
	if cmd.Samples != 0 && cmd.Samples < leastSamples {
		return fmt.Errorf("--samples=%d: at least %d are needed", cmd.Samples, leastSamples)
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
	m := a.meter("analysing " + s.name)
	samples := cmd.Samples
	if samples == 0 { // each point has all its neighbours tried
		samples = max(500, min(20_000, 2_000_000/(len(c.Inputs())+1)))
	}
	f, err := analysis.AnalyseBoolean(a.ctx, c, wire, samples, a.flags.Seed)
	m.end()
	if err != nil {
		return err
	}
	if cmd.Plot != "" {
		if _, err := a.writeFile(cmd.Plot, func(w io.Writer) error { return writeWeights(w, format, s.title(), f) }); err != nil {
			return err
		}
	}
	if a.flags.JSON {
		return a.emit(struct {
			Subject string `json:"subject"`
			*analysis.Boolean
		}{s.name, f})
	}
	a.title(s)
	how := "exact, on all inputs"
	if !f.Exact {
		how = fmt.Sprintf("sampled, %s points, seed %d", count(f.Samples), a.flags.Seed)
	}
	a.heading("Output %s as a Boolean function (%s)", f.Output, how)
	ones := fmt.Sprintf("%.6g of the inputs", f.Ones)
	if !f.Exact {
		ones += fmt.Sprintf(" ± %.2g", math.Sqrt(f.Ones*(1-f.Ones)/float64(f.Samples)))
		if f.Ones == 0 || f.Ones == 1 {
			ones = fmt.Sprintf("%g of the inputs that were drawn; of all it is within %.2g of that, with 95 %% confidence", f.Ones, 3/float64(f.Samples))
		}
	}
	a.field("ones", "%s", ones)
	a.field("sensitivity", "%.6g on average: how many of the %s flip the output", f.Sensitivity, plural(f.Inputs, "input bit"))
	if len(f.Influences) == 0 {
		a.field("influences", "none: there are no inputs")
	} else if least, most := slices.Min(f.Influences), slices.Max(f.Influences); least == most {
		a.field("influences", "%.6g of every input", most)
	} else {
		a.field("influences", "from %.6g to %.6g; most of %s", least, most, analysis.WireNames(c.InputPorts())[slices.Index(f.Influences, most)])
	}
	a.printCoded(f.Codes)
	var rows [][]string
	rest := 1.0
	for k, w := range f.Weights {
		row := []string{fmt.Sprint(k), fmt.Sprintf("%.6f", w)}
		rest -= w
		if f.Exact {
			row = append(row, fmt.Sprintf("%.6f", max(0, rest)))
		} else {
			row = append(row, fmt.Sprintf("± %.6f", f.Errors[k]))
		}
		rows = append(rows, row)
	}
	last := "#weight above"
	if !f.Exact {
		last = "#standard error"
	}
	a.heading("Fourier weight by level")
	a.table(cols("#level", "#weight", last), rows, nil)
	if !f.Exact {
		a.printf("%s\n", indented(fmt.Sprintf("Estimates without bias, which may be a little below 0; %.4f is left for the levels above.", max(0, rest))))
	}
	if cmd.Plot != "" {
		a.printf("\nwritten: %s\n", cmd.Plot)
	}
	return nil
}

// leastSamples is the least number of points of a sampled analysis.
const leastSamples = 100

// printCoded warns of input ports whose bits are not independent.
func (a *app) printCoded(ports []string) {
	if len(ports) == 0 {
		return
	}
	names := strings.Join(ports[:min(3, len(ports))], ", ")
	if len(ports) > 3 {
		names += ", …"
	}
	a.field("note", "the bits of %s are a code, and random bits are seldom one: this is about the circuit on all bits, not about the function that it was built for", names)
}

type restrictCmd struct {
	target
	Free   string `default:"0.02,0.05,0.1,0.2,0.5,1" placeholder:"LIST" help:"The fractions ρ of inputs that stay free. Unless given: ${default}."`
	Trials int    `default:"100" placeholder:"N" help:"Random restrictions for each fraction (${default})."`
	Plot   string `placeholder:"FILE" help:"Write a plot of the gates that are left: .svg, .png or .pdf."`
}

func (restrictCmd) Help() string {
	return `Each input stays free with probability ρ and is fixed to a random bit otherwise; what the constants decide is folded away, and what is left is counted. Circuits of AND and OR gates of small depth collapse: that is how parity and majority are shown not to be in AC0 (Furst, Saxe and Sipser 1984; Håstad 1986). Parity itself is parity of what is left.

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
			return fmt.Errorf("--free=%s: %q is not a number in 0..1", cmd.Free, part)
		}
		fractions = append(fractions, v)
	}
	slices.Sort(fractions)
	if cmd.Trials < 1 {
		return fmt.Errorf("--trials=%d: at least 1 is needed", cmd.Trials)
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	m := a.meter("restricting " + s.name)
	all, err := analysis.Restrict(a.ctx, c, fractions, cmd.Trials, a.flags.Seed, a.model, m.set)
	m.end()
	if err != nil {
		return err
	}
	if cmd.Plot != "" {
		if _, err := a.writeFile(cmd.Plot, func(w io.Writer) error { return writeRestrictions(w, format, s.title(), all) }); err != nil {
			return err
		}
	}
	if a.flags.JSON {
		return a.emit(struct {
			Subject      string                 `json:"subject"`
			DepthModel   string                 `json:"depth_model"`
			Depth        int                    `json:"depth"`
			Size         int                    `json:"size"`
			Seed         uint64                 `json:"seed"`
			Codes        []string               `json:"coded_inputs,omitempty"`
			Restrictions []analysis.Restriction `json:"restrictions"`
		}{s.name, a.model.Name, c.Levels(a.model).Depth, c.Size(), a.flags.Seed, analysis.CodedInputs(c), all})
	}
	a.title(s)
	a.heading("Random restrictions (measured, %d for each fraction, seed %d)", cmd.Trials, a.flags.Seed)
	var rows [][]string
	for _, r := range all {
		rows = append(rows, []string{
			fmt.Sprintf("%.4g", r.Free), fmt.Sprintf("%.1f", r.Inputs), fmt.Sprintf("%.1f", r.Live), fmt.Sprintf("%.1f", r.Size),
			fmt.Sprintf("%.1f %%", 100*r.Share), fmt.Sprintf("%.2f", r.Depth), fmt.Sprintf("%.1f %%", 100*r.Constant),
		})
	}
	a.table(cols("#ρ", "#free inputs", "#that matter", "#gates left", "#of them all", "#depth left", "#outputs decided"), rows, nil)
	a.printCoded(analysis.CodedInputs(c))
	a.printf("  Means over the trials. Of %s, depth %d in the %s model. An input matters if an output still reads it.\n", plural(c.Size(), "gate"), c.Levels(a.model).Depth, a.model.Name)
	if cmd.Plot != "" {
		a.printf("\nwritten: %s\n", cmd.Plot)
	}
	return nil
}
