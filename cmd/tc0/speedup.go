package main

import (
	"io"
	"math"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type speedupCmd struct {
	Subject    []string `arg:"" optional:"" help:"Circuits to compare: families, problems, models, files. Unless given: ${compared}."`
	Processors string   `default:"1..16384*4" placeholder:"LIST" help:"Numbers of processors, as in tc0 sweep --n. Unless given: ${default}."`
	Tau        float64  `default:"1" placeholder:"T" help:"Time of a layer of gates, in units of your choice, for the least latency (${default})."`
	Strategy   string   `placeholder:"NAME" help:"How values are encoded: min-depth, balanced, min-size, or parts joined by +."`
	Plot       string   `placeholder:"FILE" help:"Write a plot of the speed-up over the processors: .svg, .png, .pdf, .tex (pgfplots) or .csv (the points)."`
	basisFlag
	estimateFlag
}

// compared are a wide circuit and a deep one, of about as much work.
var compared = []string{"multiplication:n=32", "rule110:n=12,steps=60"}

func (speedupCmd) Help() string {
	return `Total compute is the number of gates, serial compute the depth. On P processors, each of which
computes a gate in a unit of time, a circuit takes as many units as its levels need one after another; no
schedule takes less than the depth, or than work/P. A wide circuit gains from processors as long as its widest
level has gates for them, and a deep one soon stops. A plot has Brent's bounds, too, dashed.

Examples:

  tc0 speedup --plot speedup.svg
  tc0 speedup digits diffusion:n=4,steps=32
`
}

// sped is the JSON of one subject.
type sped struct {
	Subject    string `json:"subject"`
	DepthModel string `json:"depth_model"`
	*analysis.Parallel
	Points  []speedPoint `json:"points"`
	Latency float64      `json:"latency"` // span·tau
	Beside  []sped       `json:"beside,omitempty"`
	title   string
}

type speedPoint struct {
	Processors int     `json:"processors"`
	Time       int     `json:"time"`
	Least      int     `json:"brent_least"`
	Most       int     `json:"brent_most"`
	Speedup    float64 `json:"speedup"`
}

func (cmd *speedupCmd) Run(a *app) error {
	counts, err := parseN("processors", cmd.Processors)
	if err != nil {
		return err
	}
	if !(cmd.Tau > 0) || math.IsInf(cmd.Tau, 0) {
		return errf("--tau=%v must be positive", cmd.Tau)
	}
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	if len(cmd.Subject) == 0 {
		cmd.Subject = compared
	}
	var all []sped
	for _, name := range cmd.Subject {
		s, m, err := a.openMeasured(target{
			Subject: name, Strategy: cmd.Strategy, basisFlag: cmd.basisFlag, estimateFlag: cmd.estimateFlag,
		})
		if err != nil {
			return err
		}
		p := analysis.ParallelOf(m.Measures)
		all = append(all, sped{
			Subject: s.name(), DepthModel: a.model.Name, Parallel: p, Points: speedPoints(p, counts),
			Latency: p.Latency(cmd.Tau), title: title(s),
		})
	}
	a.save(cmd.Plot, func(w io.Writer) error { return writeSpeedup(w, format, all) })
	all[0].Beside = all[1:]
	return a.show(all[0], func() {
		for i, r := range all {
			if i > 0 {
				a.Printf("\n")
			}
			a.Printf("%s\n", r.title)
			if len(all) > 1 {
				a.Detail("Serial and total compute (measured)")
			} else {
				a.Heading("Serial and total compute (measured)")
			}
			a.printParallel(r.Parallel)
			a.Field("latency", "at least %.4g, if a layer takes %.4g (%s depth model)", r.Latency, cmd.Tau,
				a.model.Name)
			a.Heading("Time on P processors (computed from the levels)")
			a.printSpeedPoints(r.Points)
		}
		a.printSaved(cmd.Plot)
	}, true)
}

// speedPoints are the times on so many processors.
func speedPoints(p *analysis.Parallel, processors []int) []speedPoint {
	var all []speedPoint
	for _, k := range processors {
		least, most := p.Brent(k)
		all = append(all, speedPoint{k, p.Time(k), least, most, p.Speedup(k)})
	}
	return all
}

// printSpeedPoints prints them as a table.
func (a *app) printSpeedPoints(points []speedPoint) {
	t := table.New("#processors:, | #time:, | #Brent's bounds | #speed-up:%.2f")
	for _, p := range points {
		t.Row(p.Processors, p.Time, count(p.Least)+"–"+count(p.Most), p.Speedup)
	}
	a.Table(t)
}

// reported are the numbers of processors of a report: powers of 16 up to one that is at
// least the widest level, which that many processors finish at once.
func reported(p *analysis.Parallel) []int {
	list := []int{1}
	for k := 1; k < p.MaxWidth; {
		k *= 16
		list = append(list, k)
	}
	return list
}

// printParallel prints work and span apart.
func (a *app) printParallel(p *analysis.Parallel) {
	if p.Span == 0 {
		a.Field("span", "0: no gate costs depth in this depth model, so that there is nothing to speed up")
		return
	}
	a.Field("span", "%s one after another, the depth: the time with any number of gates side by side",
		plural(p.Span, "gate"))
	a.Field("work", "%s (%s, weight %s): the total, the time of one gate after another", plural(p.Work, "gate"),
		plural(p.Wires, "wire"), table.Big(p.Weight))
	a.Field("parallelism", "%.2f, work over span: the greatest speed-up of this circuit, gate by gate", p.Parallelism)
	a.Field("width",
		"%s on level %d, the widest: beyond so many processors nothing is faster, level by level; half the "+
			"speed-up takes %s", plural(p.MaxWidth, "gate"), p.WidestLevel, count(p.HalfWidth))
}

// writeSpeedup draws the speed-up over the processors, both axes logarithmic, between Brent's bounds on
// it: work over the bounds on the time. A dotted line has a speed-up as great as the processors.
func writeSpeedup(w io.Writer, format string, all []sped) error {
	p := chart.New("processors", "speed-up")
	p.LogX(chart.Decades)
	p.LogY()
	for i, r := range all {
		var xys chart.Curve
		for _, at := range r.Points {
			xys.Add(float64(at.Processors), at.Speedup)
		}
		p.Line(xys, i, r.title)
	}
	for i, r := range all {
		if r.Work == 0 {
			continue // its speed-up is 1 by definition
		}
		var most, least chart.Curve
		for _, at := range r.Points {
			most.Add(float64(at.Processors), float64(r.Work)/float64(at.Least))
			least.Add(float64(at.Processors), float64(r.Work)/float64(at.Most))
		}
		const name = "Brent's bounds on a greedy schedule"
		p.Theory(most, i, name, "the most, "+r.title)
		p.Theory(least, i, name, "the least, "+r.title)
	}
	most := max(1, p.Y.Max)
	p.Guide(chart.Curve{{X: 1, Y: 1}, {X: most, Y: most}}, "speed-up = processors")
	return chart.Write(w, format, 5.5, p)
}
