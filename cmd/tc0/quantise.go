package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
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
	Uniform  bool   `help:"Give kinds and single roundings no bits of their own."`
	Strategy string `placeholder:"NAME" help:"How the circuit is lowered whose depth and gates are bounded; as in tc0 stat."`
	Output   string `short:"o" placeholder:"FILE" help:"Write the file with the chosen settings here: a tc0.json, or the config.json of a perceptron or classifier. Without it the file in the folder of the model is replaced."`
	DryRun   bool   `help:"Write no file with settings."`
	Plot     string `placeholder:"FIG" help:"Plot answers against gates; the extension names the format (.svg, .png, .pdf, .tex, .csv)."`
	CSV      string `name:"csv" placeholder:"FILE" help:"Write the table to a CSV file, too."`
}

func (quantiseCmd) Help() string {
	return `Settings of the quantisation are tried from coarse to fine until one keeps the target, and a standard deviation more.
Then bits are taken away while the target holds, first where that saves most gates: from all roundings of a sort, then
from those of a kind, such as keys, and then from single ones. A setting is judged by the network in integers, which is
what the circuit computes bit for bit, and by bounds on depth and gates that are derived by formula; no circuit is
built. The search is greedy: a better setting may exist. After an interrupt, the best setting so far counts.

What is kept of a regression is R²: 1 − Σ(y−f)²/Σ(f−mean)², of the numbers y in integers and f in floating point.

The search uses every other input of the test data, and the last figure is measured on the rest. If these are fewer
than 400, the search uses the calibration data, if there are any with answers, and the last figure all test data. If
there are no test data, each gets every other input of the calibration data; without these, they are random inputs, and
what counts is the answer of the network in floating point.

The exit status is 1 if no setting keeps the target, or if the chosen one keeps less on the inputs of the last figure.
It is written all the same.

Examples:

  tc0 quantise adder --dry-run
  tc0 quantise ./mine --target 99.5% --plot frontier.svg
  tc0 quantise digits --target 0.95 -o config.json
  tc0 quantise ./mine --uniform --csv settings.csv
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
	format, err := plotFormat(cmd.Plot)
	if err != nil {
		return err
	}
	if cmd.Settings < 1 {
		return errf("--settings=%d: at least 1 is needed", cmd.Settings)
	}
	m, folder, err := cmd.findModel(a)
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
		Target: target, Data: search.Set, Strategy: strategy, Settings: cmd.Settings, Uniform: cmd.Uniform,
		Tried: func(*tune.Setting) { tried++; meter.set(tried, cmd.Settings) },
	})
	meter.end()
	cut := a.ctx.Err()
	if err != nil && (cut == nil || r.Chosen == nil) {
		return err
	}
	if chosen := r.Chosen; chosen != nil {
		if err := cmd.finish(a, r, m, folder, final); err != nil {
			return err
		}
	}
	if cut != nil {
		a.partial, cmd.CSV, cmd.Plot = true, "", ""
		return errors.Join(a.show(r, func() { cmd.print(a, r) }, true), cut)
	}
	a.save(cmd.CSV, func(w io.Writer) error { return settingsTable(r.Settings).CSV(w) })
	a.save(cmd.Plot, func(w io.Writer) error {
		return plotSettings(w, format, m.Config.Name, r)
	})
	return a.show(r, func() { cmd.print(a, r) }, r.holds())
}

// holds reports whether the target holds: on the inputs that were searched with, and on those that were not.
func (r *quantisedResult) holds() bool {
	return r.Chosen != nil && (r.Final == nil || r.Final.Share() >= r.Target)
}

// finish measures the chosen setting on other inputs, and writes it. After an interrupt it does the latter alone.
func (cmd *quantiseCmd) finish(a *app, r *quantisedResult, m *model.Model, folder string, final tune.Data) (err error) {
	if a.ctx.Err() == nil {
		f := &finalShare{Data: final.From}
		if f.Inputs, f.Measure, err = tune.Final(a.ctx, r.Chosen.Quantised, final.Set, r.Unit); err != nil {
			return err
		}
		r.Final = f
	}
	interrupted := a.ctx
	a.ctx = context.WithoutCancel(a.ctx)
	defer func() { a.ctx = interrupted }()
	r.File, err = cmd.write(a, m, folder, r.Chosen.Quantisation)
	return err
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

// findModel opens the model, and returns its folder, which is "" for a shipped one and for a checkpoint.
func (cmd *quantiseCmd) findModel(a *app) (m *model.Model, folder string, err error) {
	name := cmd.Model
	shipped := slices.Contains(tc0.ModelNames(), name)
	if !shipped && hasCheckpoint(name) {
		if !cmd.DryRun {
			return nil, "", errf("%s has no settings to write; make a model folder of it with tc0 import, or give --dry-run", name)
		}
		m, err = a.importModel(name)
		return m, "", err
	}
	if !shipped && weightless(name) {
		return nil, "", noWeights(target{Subject: name})
	}
	m, err = model.Find(name, tc0.Models())
	if !shipped {
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

// settingsTable lists all settings with what they keep and cost.
func settingsTable(list []*tune.Setting) *table.Table {
	t := table.New(" | #kept | #of | #r2 | #depth ≤ | #gates ≤ | #weight bits | #activation bits | #residual bits | " +
		"#exp levels | #percentile | also | remark")
	for _, s := range list {
		q, depth, gates, r2 := s.Quantisation, "", "", ""
		if s.Gates != nil {
			depth, gates = s.Depth.String(), s.Gates.String()
		}
		if s.R2 != nil {
			r2 = strconv.FormatFloat(*s.R2, 'g', 8, 64)
		}
		t.Row("*"[:btoi(s.Undominated)], s.Kept, s.Asked, r2, depth, gates, q.WeightBits, q.ActivationBits, q.ResidualBits,
			q.ExpLevels, q.Percentile, strings.Join(alsoChosen(q), ", "), s.Failed)
	}
	return t
}

// bestTable lists the settings that none beats. Of those that are as good, it has the first.
func bestTable(list []*tune.Setting) *table.Table {
	t := table.New("#kept | #depth ≤ | #gates ≤ | bits of weights, activations, residuals | #exp levels | #percentile | also")
	last := ""
	for _, s := range list {
		kept := strconv.Itoa(s.Kept)
		if s.R2 != nil {
			kept = fmt.Sprintf("R² %.5f", *s.R2)
		}
		if !s.Undominated || last == kept+s.Gates.String() {
			continue
		}
		last = kept + s.Gates.String()
		q := s.Quantisation
		bits := fmt.Sprintf("%d, %d", q.WeightBits, q.ActivationBits)
		if q.ResidualBits > 0 {
			bits += fmt.Sprintf(", %d", q.ResidualBits)
		}
		also := alsoChosen(q)
		if len(also) > 2 {
			also = append(also[:1:1], fmt.Sprintf("%d more", len(also)-1))
		}
		t.Row(kept, s.Depth.String(), table.Grouped(s.Gates.String()), bits, q.ExpLevels, q.Percentile,
			strings.Join(also, ", "))
	}
	return t
}

// alsoChosen lists what a setting has that most have not, such as bits by name.
func alsoChosen(q model.Quantisation) (list []string) {
	if q.WeightScale == "channel" {
		list = append(list, "scale per channel")
	}
	if q.ScoreSpan > 0 {
		list = append(list, fmt.Sprintf("span %g", q.ScoreSpan))
	}
	if q.Equalise {
		list = append(list, "equal channels")
	}
	for _, name := range q.Bits.Names() {
		list = append(list, fmt.Sprintf("%s %d", name, q.Bits[name]))
	}
	return list
}

// keeps says what a setting keeps.
func keeps(m tune.Measure, unit tune.Unit) string {
	if m.R2 != nil {
		return fmt.Sprintf("R² %.5f, with an error of at most %.4g", *m.R2, m.MaxError)
	}
	return fmt.Sprintf("%d of %d %s (%.1f %%)", m.Kept, m.Asked, unit, 100*m.Share())
}

// printSetting prints the fields of a setting.
func (a *app) printSetting(q model.Quantisation) {
	a.Printf("  weight_bits %d, activation_bits %d", q.WeightBits, q.ActivationBits)
	if q.ResidualBits > 0 {
		a.Printf(", residual_bits %d", q.ResidualBits)
	}
	a.Printf(", exp_levels %d, percentile %v\n", q.ExpLevels, q.Percentile)
	if also := alsoChosen(q); len(also) > 0 {
		a.Printf("  and: %s\n", strings.Join(also, ", "))
	}
}

func (cmd *quantiseCmd) print(a *app, r *quantisedResult) {
	a.Printf("%s\n", r.Model)
	a.Heading("Answers against gates and depth over %d settings", len(r.Settings))
	list := slices.Clone(r.Settings)
	slices.SortStableFunc(list, func(x, y *tune.Setting) int { return cmp.Compare(y.Share(), x.Share()) })
	a.Table(bestTable(list))
	if r.Unit == tune.Numbers {
		a.Printf("  R² compares the numbers of the network in integers with those in floating point, over %d inputs (%s).\n",
			r.Inputs, r.Data)
	} else {
		a.Printf("  Kept are %s that the network in integers answers rightly, of %d that the network in floating point\n"+
			"  does, over %d inputs: %s.\n", r.Unit, r.Right, r.Inputs, r.Data)
	}
	a.Printf("  Depth and gates are upper bounds by formula, strategy %s. No other of the settings tried is as good in\n"+
		"  all three and better in one.\n", r.Strategy)
	if r.Chosen == nil {
		a.Heading("No setting keeps %s", cmd.Target)
		if best := r.Best(); best != nil {
			a.Printf("  Nearest comes this one, which keeps %s:\n", keeps(best.Measure, r.Unit))
			a.printSetting(best.Quantisation)
			a.Printf("  What rounds too coarsely there is told by tc0 report.\n")
		} else {
			a.Printf("  None can be built: %s\n", r.Settings[len(r.Settings)-1].Failed)
		}
		return
	}
	a.Heading("Chosen: the fewest gates that keep %s", cmd.Target)
	a.printSetting(r.Chosen.Quantisation)
	if u := r.Uniform; u != nil && u != r.Chosen {
		a.Printf("  Gates: %s. With the same bits for all of a sort: %s.\n", table.Grouped(r.Chosen.Gates.String()),
			table.Grouped(u.Gates.String()))
	}
	switch f := r.Final; {
	case f == nil:
		a.Printf("  This is the best so far: the search was interrupted, and nothing was measured on other inputs.\n")
	case r.Unit == tune.Numbers:
		a.Printf("  On %s, not searched with: %s.\n", f.Data, keeps(f.Measure, r.Unit))
	default:
		a.Printf("  On %s, not searched with: of what the network in\n"+
			"  floating point answers rightly over %d inputs, the network in integers keeps %s.\n", f.Data, f.Inputs, keeps(f.Measure, r.Unit))
	}
	if r.Final != nil && r.Final.Share() < r.Target {
		a.Printf("  That is less than the target of %s, so the exit status is 1. The search met it by chance on its own inputs; a\n"+
			"  higher --target leaves more room.\n", cmd.Target)
	}
	a.printSaved(r.File, cmd.CSV, cmd.Plot)
}

// plotSettings draws what settings keep against their gates.
func plotSettings(w io.Writer, format, name string, r *quantisedResult) error {
	p := chart.New("gates (bounds by formula)", fmt.Sprintf("kept of %d %s, in percent", r.Right, r.Unit))
	p.Title.Text = name
	if r.Unit == tune.Numbers {
		p.Y.Label.Text = "R² against floating point, in percent"
	}
	p.LogX(chart.Decades)
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
		to.Add(max(gates, 1), 100*max(s.Share(), 0))
	}
	slices.SortFunc(best, func(x, y plotter.XY) int { return cmp.Compare(x.X, y.X) })
	p.Rings(others, "dominated")
	p.Line(best, 0, "undominated settings")
	least := 100 - nice(100-p.Y.Min)
	p.Y.Min, p.Y.Max, p.Y.Tick.Marker = least, 100, chart.Every(least, 100, (100-least)/5)
	return chart.Write(w, format, 6, p)
}

// nice returns the least of 1, 2, 5, 10, 20, 50 and 100 that is not below a share in percent.
func nice(percent float64) float64 {
	for _, v := range []float64{1, 2, 5, 10, 20, 50} {
		if percent <= v {
			return v
		}
	}
	return 100
}
