package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/plotter"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/tune"
	"github.com/tc0lab/tc0/internal/chart"
	"github.com/tc0lab/tc0/internal/table"
)

type quantiseCmd struct {
	Model    string `arg:"" help:"A shipped model (adder) or the folder of a model."`
	Target   string `default:"99%" placeholder:"SHARE" help:"How many of the answers that the network in floating point gives rightly are to be kept: 99% or 0.99 (${default})."`
	Settings int    `default:"150" placeholder:"N" help:"Try at most so many settings (${default})."`
	Strategy string `placeholder:"NAME" help:"How the circuit is lowered whose depth and gates are bounded; as in tc0 stat."`
	Output   string `short:"o" placeholder:"FILE" help:"Write the file with the chosen settings here: a tc0.json, or the config.json of a perceptron or classifier. Without it the file in the folder of the model is replaced."`
	DryRun   bool   `help:"Write no file with settings."`
	Plot     string `placeholder:"FIG" help:"Plot answers against gates; the extension names the format (.svg, .png)."`
	CSV      string `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
}

func (quantiseCmd) Help() string {
	return `Settings of the quantisation are tried from coarse to fine until one keeps the target. Then bits are taken
away one by one while the target holds, first where that saves most gates. A setting is judged by the network in
integers, which is what the circuit computes bit for bit, and by bounds on depth and gates that are derived by formula;
no circuit is built. The search is greedy: a better setting may exist.

The search uses the calibration data, and the last figure is measured on the test data. If a model has one of them only,
each gets every other input of it; if it has none, they are random inputs, and what counts is the answer of the network
in floating point.

Examples:

  tc0 quantise adder --dry-run
  tc0 quantise ./mine --target 99.5% --plot frontier.svg
  tc0 quantise digits --target 0.95 -o config.json
`
}

// quantisedResult is the JSON of what a search found.
type quantisedResult struct {
	Model    string  `json:"model"`
	Strategy string  `json:"strategy"`
	Target   float64 `json:"target"`
	Data     string  `json:"search_data"`
	*tune.Result
	Final *finalShare `json:"final,omitempty"`
	File  string      `json:"file,omitempty"`
}

// finalShare is what the chosen setting keeps of inputs that were not searched with.
type finalShare struct {
	Data   string `json:"data"`
	Inputs int    `json:"inputs"`
	tune.Measure
}

func (cmd *quantiseCmd) Run(a *app) error {
	target, err := share(cmd.Target)
	if err != nil {
		return err
	}
	if ext := filepath.Ext(cmd.Plot); cmd.Plot != "" && !slices.Contains(frontierFormats, ext) {
		return errf("%s: unknown plot format %q; known: %s", cmd.Plot, ext, strings.Join(frontierFormats, " "))
	}
	if cmd.Settings < 1 {
		return errf("--settings=%d: at least 1 is needed", cmd.Settings)
	}
	m, folder, err := findModel(cmd.Model)
	if err != nil {
		return err
	}
	if folder == "" && cmd.Output == "" && !cmd.DryRun {
		return errf("%s is a shipped model, whose folder is not written to; name a file with -o or give --dry-run", cmd.Model)
	}
	strategy, err := strategyOf(cmd.Strategy, m)
	if err != nil {
		return err
	}
	search, final := tune.Split(m)
	r := &quantisedResult{Model: m.Config.Name, Strategy: strategy.String(), Target: target, Data: search.From}
	meter := a.meter("trying settings")
	tried := 0
	r.Result, err = tune.Search(a.ctx, m, tune.Config{
		Target: target, Data: search.Set, Strategy: strategy, Settings: cmd.Settings,
		Tried: func(*tune.Setting) { tried++; meter.set(tried, cmd.Settings) },
	})
	meter.end()
	if err != nil {
		return err
	}
	if chosen := r.Chosen; chosen != nil {
		f := &finalShare{Data: final.From}
		r.Final = f
		if f.Inputs, f.Measure, err = tune.Final(a.ctx, chosen.Quantised, final.Set, r.Unit); err != nil {
			return err
		}
		if r.File, err = cmd.write(a, m, folder, chosen.Quantisation); err != nil {
			return err
		}
	}
	a.save(cmd.CSV, func(w io.Writer) error { return settingsTable(r.Settings, true).CSV(w) })
	a.save(cmd.Plot, func(w io.Writer) error {
		return plotSettings(w, filepath.Ext(cmd.Plot)[1:], m.Config.Name, r)
	})
	return a.show(r, func() { cmd.print(a, r) }, r.Chosen != nil)
}

// share reads a percentage or a part of 1.
func share(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(number, 64)
	if percent {
		v /= 100
	}
	if err != nil || !(v > 0 && v <= 1) {
		return 0, errf("--target=%s: a share above 0 and at most 1 is wanted, such as 99%% or 0.99", text)
	}
	return v, nil
}

// findModel opens a model, and returns its folder, which is "" for a shipped one.
func findModel(name string) (m *model.Model, folder string, err error) {
	m, err = model.Find(name, tc0.Models())
	if !slices.Contains(tc0.ModelNames(), name) {
		folder = name
	}
	return m, folder, err
}

// strategyOf reads the name of a strategy, or chooses that of a model.
func strategyOf(name string, m *model.Model) (lower.Strategy, error) {
	switch {
	case name != "":
		return lower.ParseStrategy(name)
	case m.Config.Language():
		return lower.Balanced, nil
	}
	return lower.MinDepth, nil
}

// write writes the file of the settings, unless that is not wanted, and returns its name.
func (cmd *quantiseCmd) write(a *app, m *model.Model, folder string, q model.Quantisation) (string, error) {
	if cmd.DryRun {
		return "", nil
	}
	fsys, at := tc0.Models(), cmd.Model
	if folder != "" {
		fsys, at = os.DirFS(folder), "."
	}
	name, text, err := m.WithQuantisation(fsys, at, q)
	if err != nil {
		return "", err
	}
	file := cmd.Output
	if file == "" {
		file = filepath.Join(folder, name)
	}
	a.save(file, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	return file, nil
}

// settingsTable lists settings with what they keep and cost.
func settingsTable(list []*tune.Setting, all bool) *table.Table {
	t := table.New(" | #kept | #of | #depth ≤ | #gates ≤ | #weight bits | #activation bits | #residual bits | " +
		"#exp levels | #percentile | remark")
	for _, s := range list {
		if !s.Undominated && !all {
			continue
		}
		q := s.Quantisation
		depth, gates := "", ""
		if s.Gates != nil {
			depth, gates = s.Depth.String(), s.Gates.String()
		}
		if !all {
			gates = table.Grouped(gates)
		}
		t.Row("*"[:btoi(s.Undominated)], s.Kept, s.Asked, depth, gates, q.WeightBits, q.ActivationBits, q.ResidualBits,
			q.ExpLevels, q.Percentile, s.Failed)
	}
	return t
}

func (cmd *quantiseCmd) print(a *app, r *quantisedResult) {
	a.Printf("%s\n", r.Model)
	a.Heading("Answers against gates and depth over %d settings", len(r.Settings))
	list := slices.Clone(r.Settings)
	slices.SortStableFunc(list, func(x, y *tune.Setting) int { return y.Kept - x.Kept })
	a.Table(settingsTable(list, false))
	a.Printf("  Kept are answers of the network in integers, of the %d among %d inputs (%s) that the network in\n"+
		"  floating point answers rightly. Depth and gates are upper bounds by formula, strategy %s. No other of the\n"+
		"  settings tried is as good in all three and better in one.\n", r.Right, r.Inputs, r.Data, r.Strategy)
	if r.Chosen == nil {
		a.Heading("No setting keeps %s", cmd.Target)
		if best := r.Best(); best != nil {
			a.Printf("  The best one keeps %d of %d. What rounds too coarsely there is told by tc0 report.\n", best.Kept, best.Asked)
		} else {
			a.Printf("  None can be built: %s\n", r.Settings[len(r.Settings)-1].Failed)
		}
		return
	}
	a.Heading("Chosen: the fewest gates that keep %s", cmd.Target)
	q, f := r.Chosen.Quantisation, r.Final
	a.Printf("  weight_bits %d, activation_bits %d", q.WeightBits, q.ActivationBits)
	if q.ResidualBits > 0 {
		a.Printf(", residual_bits %d", q.ResidualBits)
	}
	a.Printf(", exp_levels %d, percentile %v\n", q.ExpLevels, q.Percentile)
	a.Printf("  On %s, which was not searched with: the network in floating point answers %d of %d rightly, and\n"+
		"  the network in integers %d of these (%.1f %%).\n", f.Data, f.Asked, f.Inputs, f.Kept,
		100*float64(f.Kept)/float64(max(f.Asked, 1)))
	a.printSaved(r.File, cmd.CSV, cmd.Plot)
}

// plotSettings draws what settings keep against their gates.
func plotSettings(w io.Writer, format, name string, r *quantisedResult) error {
	p := chart.New(10, 9)
	p.Title.Text = name + "\nsettings of the quantisation; gates are bounds by formula"
	p.Title.Padding = 8
	p.X.Label.Text, p.Y.Label.Text = "gates", fmt.Sprintf("kept of %d answers, in percent", r.Right)
	p.LogX(chart.PowersOfTen)
	p.Legend.XOffs, p.Legend.YOffs, p.Legend.Padding = -6, -4, 3
	var best, others chart.Curve
	for _, s := range r.Settings {
		if s.Gates == nil {
			continue
		}
		to := &others
		if s.Undominated {
			to = &best
		}
		gates, _ := s.Gates.Float64()
		to.Add(max(gates, 1), 100*s.Share())
	}
	slices.SortFunc(best, func(x, y plotter.XY) int { return cmp.Compare(x.X, y.X) })
	p.Rings(others, "dominated")
	p.Line(best, 0, "undominated")
	p.X.Min, p.X.Max = chart.Decade(p.X.Min), 10*chart.Decade(p.X.Max)
	least := 10 * math.Floor(p.Y.Min/10)
	p.Y.Min, p.Y.Max, p.Y.Tick.Marker = least, 100+(100-least)/4, chart.Every(least, 100, max(1, (100-least)/5))
	return p.WriteAlone(w, format, 14, 10)
}
