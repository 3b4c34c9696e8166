package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/equiv"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/circuit/vector"
	"github.com/tc0lab/tc0/internal/scratch"
	"github.com/tc0lab/tc0/internal/table"
)

type optimiseCmd struct {
	target
	Output string   `short:"o" placeholder:"FILE" help:"Write the smaller circuit, in the format of the extension: ${formats}."`
	Pass   []string `placeholder:"NAME" help:"Passes to run, in this order: ${passes}. All unless given, but those whose gates FILE would have to take apart again."`
	Rounds int      `placeholder:"N" help:"Run them so often at most. Until nothing changes unless given."`

	Prove time.Duration `default:"10s" placeholder:"TIME" help:"How long to look for a proof that nothing changed (${default}); 0: not at all."`
}

func (optimiseCmd) Help() string {
	var b strings.Builder
	b.WriteString(`The function stays the same, and so do ports and stages; no pass raises depth, size or wires.
What comes out is compared with what went in: on all inputs where there are at most 2^20, else on
65,536 random ones, and then a proof is looked for that both are the same, as with tc0 equiv --proof:
by merging equal gates and by a solver, and checked.

The passes:

`)
	for _, p := range optimise.Passes() {
		fmt.Fprintf(&b, "  %-12s %s\n", p.Name, p.Doc)
	}
	b.WriteString(`
Examples:

  tc0 optimise c6288.bench -o smaller.bench
  tc0 optimise net.th --pass thresholds --pass dead
  tc0 optimise voter.aig --json
`)
	return b.String()
}

func passNames() []string {
	var names []string
	for _, p := range optimise.Passes() {
		names = append(names, p.Name)
	}
	return names
}

// optimised is the JSON of a circuit that was made smaller.
type optimised struct {
	Subject string `json:"subject"`
	*optimise.Report
	Passes  []passTotal   `json:"passes"`
	LeftOut []string      `json:"passes_left_out,omitempty"` // since the format of the file lacks their gates
	Checked *equiv.Result `json:"checked"`
	File    *exported     `json:"file,omitempty"`
}

// passTotal is what the runs of one pass saved together.
type passTotal struct {
	Pass    string      `json:"pass"`
	Depth   int         `json:"depth"`
	Size    int         `json:"size"`
	Wires   int64       `json:"wires"`
	Weight  circuit.Int `json:"weight"`
	Changed int         `json:"changed"`
}

// optimiseLimit is up to how many inputs all of them are compared.
const optimiseLimit = 20

func (cmd *optimiseCmd) Run(a *app) error {
	if cmd.Rounds < 0 {
		return errf("--rounds=%d: at least 1 is needed", cmd.Rounds)
	}
	if cmd.Prove < 0 {
		return errf("--prove=%v: a time is needed, or 0", cmd.Prove)
	}
	format, err := circuitFormat(cmd.Output)
	if err != nil {
		return err
	}
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	passes := cmd.passes(format)
	m := a.meter("optimising " + s.short())
	better, report, err := optimise.Optimise(a.ctx, c, optimise.Config{
		Model: a.model, Passes: passes, Rounds: cmd.Rounds,
		Progress: func(_ int, _ string, done, all int) { m.set(done, all) },
	})
	m.end()
	if err != nil {
		return err
	}
	r := &optimised{Subject: s.name(), Report: report, Passes: totals(report)}
	if cmd.Pass == nil && passes != nil {
		r.LeftOut = slices.DeleteFunc(passNames(), func(name string) bool { return slices.Contains(passes, name) })
	}
	if r.Checked, err = cmd.sameFunction(a, s, c, better); err != nil {
		return err
	}
	fine := r.Checked.Verdict == equiv.Proved || r.Checked.Verdict == equiv.Consistent && r.Checked.Random > 0
	if fine && format != nil {
		if r.File, err = cmd.write(a, s, better, format); err != nil {
			return err
		}
	}
	return a.show(r, func() { cmd.print(a, s, r) }, fine)
}

// passes returns the passes to run: those that were asked for, else all but those that make
// gates which the format of the file has to take apart again.
func (cmd *optimiseCmd) passes(format *exchange.Format) []string {
	if cmd.Pass != nil || format == nil {
		return cmd.Pass
	}
	var names []string
	for _, name := range passNames() {
		switch has := format.Repertoire; {
		case name == "parities" && !has.Xor, name == "takein" && !has.Threshold:
		default:
			names = append(names, name)
		}
	}
	return names
}

// sameFunction compares two circuits.
func (cmd *optimiseCmd) sameFunction(a *app, s subject, c, d *circuit.Circuit) (*equiv.Result, error) {
	m := a.meter("comparing " + s.short())
	defer m.end()
	cfg := equiv.Config{
		Seed:     a.flags.Seed,
		Progress: func(_ string, done, all int) { m.set(done, all) },
	}
	switch {
	case len(c.Inputs()) > optimiseLimit && cmd.Prove == 0:
		cfg.Method = equiv.Simulate
	case len(c.Inputs()) > optimiseLimit:
		dir, remove, err := scratch.Folder("", "tc0-proof-")
		if err != nil {
			return nil, err
		}
		defer remove()
		cfg.ProofFolder, cfg.Timeout = dir, cmd.Prove
	default:
		cfg.Method, cfg.Timeout = equiv.Exhaustive, math.MaxInt64 // until it is done; an interrupt ends it
	}
	return equiv.Check(a.ctx, c, d, cfg)
}

func (cmd *optimiseCmd) write(a *app, s subject, c *circuit.Circuit, format *exchange.Format) (*exported, error) {
	design := designOf(s)
	if c != s.its().circuit { // what the comments of the file count is no longer so
		design = &netlist.Design{Circuit: c, Name: design.Name, Comments: []string{"made smaller by tc0 optimise"}}
	}
	return a.export(cmd.Output, format, design, a.measureAs(s, c), nil)
}

// totals adds up the runs of each pass, in the order in which they first ran.
func totals(r *optimise.Report) []passTotal {
	list := []passTotal{}
	for _, s := range r.Savings {
		if slices.ContainsFunc(list, func(p passTotal) bool { return p.Pass == s.Pass }) {
			continue
		}
		saved, changed := r.Total(s.Pass)
		list = append(list,
			passTotal{s.Pass, saved.Depth, saved.Size, saved.Wires, saved.Weight, changed})
	}
	return list
}

func (cmd *optimiseCmd) print(a *app, s subject, r *optimised) {
	a.title(s)
	a.Heading("What was saved (measured)")
	t := table.New(" | #depth | #gates:, | #wires:, | #weight")
	for i, c := range []optimise.Count{r.Before, r.After} {
		t.Row([]string{"before", "after"}[i], c.Depth, c.Size, c.Wires, c.Weight)
	}
	a.Table(t)
	a.Printf("  Depth under the %s model: %s.\n", a.model.Name, a.model.Note)
	if len(r.Passes) == 0 {
		a.Printf("\n  No pass found anything to save.\n")
	} else {
		t := table.New("pass | #gates changed:, | #depth | #gates:, | #wires:, | #weight")
		for _, p := range r.Passes {
			t.Row(p.Pass, p.Changed, p.Depth, p.Size, p.Wires, p.Weight)
		}
		a.Heading("By pass")
		a.Table(t)
		a.Printf("  What each pass saved, all its runs together; what it added is negative.\n")
		for _, s := range r.Savings {
			if s.Dropped {
				a.Printf("  Round %d of %s would have made the circuit worse and was left out.\n", s.Round, s.Pass)
			}
		}
		stable := "; the last one changed nothing"
		if !r.Stable {
			stable = "; another one might save more"
		}
		a.Printf("  %s%s.\n", plural(r.Rounds, "round"), stable)
	}
	switch {
	case r.Checked.Verdict == equiv.Refuted:
		d := r.Checked.Difference
		a.Field("WRONG", "the function has changed: on %s it was %s and is %s. Please report this.",
			vector.PortText(d.Inputs), vector.PortText(d.A), vector.PortText(d.B))
	case r.Checked.Verdict == equiv.Proved && r.Checked.Exhaustive > 0:
		a.Printf("  The function is the same on all %s inputs.\n", count(r.Checked.Exhaustive))
	case r.Checked.Verdict == equiv.Proved:
		a.Indented("The function is the same, proved: " + r.Checked.How + ".")
	case r.Checked.Random == 0: // all are few, and yet too many for the time
		a.Field("NOT COMPARED", "%s; nothing is written", r.Checked.How)
	default:
		a.Printf("  The function is the same on %s random inputs, seed %d.\n", count(r.Checked.Random), *r.Checked.Seed)
	}
	if r.File != nil {
		if len(r.LeftOut) > 0 {
			a.Printf("  Passes left out, since %s would have to take their gates apart again: %s.\n", cmd.Output,
				commas(r.LeftOut))
		}
		a.Printf("\n")
		a.printExport("optimised", r.File)
	}
}
