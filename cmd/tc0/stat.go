package main

import (
	"cmp"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"

	gonum "gonum.org/v1/gonum/graph"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/compile/model"
	"github.com/tc0lab/tc0/compile/poly"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/table"
)

type statCmd struct {
	target
	Path        bool   `help:"Print one longest path from an input to an output, and what lies on all of them, too."`
	Levels      bool   `help:"Print the number of gates at each level, too."`
	Bottlenecks bool   `help:"Print the gates that every path from an input to an output passes, too."`
	Output      string `placeholder:"NAME" help:"The output that --path and --bottlenecks are about: a port, or NAME.3 for wire 3 of one. Unless given: all."`
	From        string `and:"reach" placeholder:"PLACE" help:"Print whether a path leads from here to the place of --to, too: a port (x[0]), wire 3 of one (x[0].3), a stage, or a gate (g17)."`
	To          string `and:"reach" placeholder:"PLACE" help:"Where the path of --from is to lead."`
	Stages      bool   `help:"Print the graph of the stages, too: how many wires go from each to each. tc0 draw --fold draws it."`
	N           string `name:"n" placeholder:"LIST" help:"The lengths to evaluate the formulas of --estimate at; unless given: 1024 or the greatest."`
	Bits        int    `placeholder:"B" help:"Bits of an activation for --estimate; unless given, as tc0.json says, else 6."`
	Residual    int    `name:"residual-bits" placeholder:"B" help:"Bits of a residual sum for --estimate; unless given, as tc0.json says, else two more."`
	Limits      string `placeholder:"LIST" help:"Limits of the integers for --estimate, such as weight=127,gain=100000; unless given, the greatest that quantisation can give. They matter to the weight alone."`
	StageDepth  int    `default:"1" placeholder:"N" help:"How many names of nested stages --stages tells apart (${default})."`
}

func (statCmd) Help() string {
	return `Everything printed is measured on the circuit, which is built first unless it comes from a file.

With --estimate nothing of that size is built. Of one circuit a forecast is printed. Of a family without n, and of a
folder of a model, the numbers are upper bounds, as tc0 prove derives them.

Examples:

  tc0 stat attention:n=8,d=4,bits=3
  tc0 stat --estimate ./gpt2 --n 8,1024 --bits 8
  tc0 stat --estimate transformer:n=1024,d=4096,heads=32,vocab=128256
  tc0 stat mlp:n=4 --path --depth-model not-counted
  tc0 stat c432.bench --bottlenecks --output 223
  tc0 stat attention:n=2,d=1,bits=2 --from 'x[0,0]' --to quotient
  tc0 stat layer:n=4,d=2 --stages --stage-depth 2
  tc0 stat digits --strategy min-size --json
`
}

// inspected is the JSON of a circuit that was measured.
type inspected struct {
	*measured
	*analysis.Structure
}

func (cmd *statCmd) Run(a *app) error {
	if cmd.Output != "" && !cmd.Path && !cmd.Bottlenecks {
		return errf("--output %s: it says which output --path or --bottlenecks is about, and neither is given", cmd.Output)
	}
	if cmd.Estimate && cmd.isCounted() {
		return cmd.estimate(a)
	}
	if !cmd.Estimate && (cmd.N != "" || cmd.Bits != 0 || cmd.Residual != 0 || cmd.Limits != "") {
		return errf("--n, --bits, --residual-bits and --limits are of --estimate, which is not given")
	}
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	progress := a.meter("following the wires of " + s.name())
	g, err := analysis.Inspect(s.its().circuit, a.model, analysis.Questions{
		Path: cmd.Path, Bottlenecks: cmd.Bottlenecks, Output: cmd.Output, From: cmd.From, To: cmd.To,
		Stages: cmd.Stages, StageDepth: cmd.StageDepth,
	})
	progress.end()
	if err != nil {
		return err
	}
	return a.show(inspected{m, g}, func() {
		a.title(s)
		a.printMeasures(s, m)
		if cmd.Levels {
			a.Heading("Gates by level (measured)")
			t := table.New("#level | #gates:,")
			for level, n := range m.Levels {
				if level > 0 || n > 0 {
					t.Row(level, n)
				}
			}
			a.Table(t)
		}
		a.printStructure(m, g)
	}, true)
}

// estimated is a bound for every set of weights.
type estimated struct {
	Quantity string        `json:"quantity"`
	Formula  poly.Poly     `json:"formula"` // in n
	At       []circuit.Int `json:"at"`
}

// isCounted reports whether --estimate is about all circuits of a family, or about all sets of weights of a model in a
// folder, and not about one circuit.
func (cmd *statCmd) isCounted() bool {
	if cmd.N != "" || cmd.Bits != 0 || cmd.Residual != 0 || cmd.Limits != "" || filepath.Base(cmd.Subject) == "config.json" {
		return true
	}
	if spec, err := compile.ParseSpec(cmd.Subject); err == nil {
		return !spec.HasN() || spec.Member(spec.Args.Int("n")) != nil
	}
	info, err := os.Stat(cmd.Subject)
	return err == nil && info.IsDir() && !isDiffusion(cmd.Subject)
}

// counted opens what --estimate is about: a family, or the folder of a model. It also returns the n to count for.
func (cmd *statCmd) counted(a *app) (s subject, ns []int, err error) {
	if spec, err := compile.ParseSpec(cmd.Subject); err == nil {
		if cmd.Bits != 0 || cmd.Residual != 0 || cmd.Limits != "" {
			return nil, nil, errf("--bits, --residual-bits and --limits are of trained models, and %s is a family",
				spec.Family.Name)
		}
		f, err := openFamily(cmd.target)
		if err != nil {
			return nil, nil, err
		}
		if f.named() != "" {
			return f, []int{f.spec.Args.Int("n")}, nil
		}
		return f, nil, nil
	}
	within, err := model.ParseLimits(cmd.Limits)
	if err != nil {
		return nil, nil, errf("--limits=%s: %v", cmd.Limits, err)
	}
	s, err = openShape(cmd.target, model.Quantisation{ActivationBits: cmd.Bits, ResidualBits: cmd.Residual}, within)
	return s, nil, err
}

// estimate bounds the circuits of a family, or of all sets of weights of a model.
func (cmd *statCmd) estimate(a *app) error {
	s, ns, err := cmd.counted(a)
	if err != nil {
		return err
	}
	claim, err := s.claim()
	if err != nil {
		return err
	}
	switch {
	case claim.Fixed && cmd.N != "":
		return errf("--n=%s: %s is one network, which has no n", cmd.N, s.its().path)
	case claim.Fixed:
		ns = []int{1}
	case cmd.N != "":
		if ns, err = parseN("n", cmd.N); err != nil {
			return err
		}
	case ns == nil:
		ns = []int{1024}
		if claim.MostN > 0 {
			ns[0] = min(ns[0], claim.MostN)
		}
	}
	m := a.meter("deriving formulas")
	f, err := formulaOf(claim.Family, s.its().strategy)
	m.end()
	if err != nil {
		return err
	}
	rows := []estimated{
		{"depth", f.Depth, nil}, {"gates", f.InN(f.Gates), nil}, {"wires", f.InN(f.Wires), nil}, {"weight", f.Weight, nil},
	}
	for _, n := range ns {
		if least := max(claim.LeastN, int(f.From)); !claim.Fixed && (n < least || claim.MostN > 0 && n > claim.MostN) {
			return errf("--n=%d: %s has the lengths from %d%s", n, claim.Name, least, upTo(claim.MostN))
		}
		for i := range rows {
			v, _ := f.At(rows[i].Formula, big.NewInt(int64(n)))
			rows[i].At = append(rows[i].At, circuit.BigInt(v))
		}
	}
	return a.showEstimate(s, claim, ns, rows)
}

// formulaOf derives the formulas of a family.
func formulaOf(family analysis.Family, strategy lower.Strategy) (*formula.Costs, error) {
	open, err := family.OpenProgram()
	if err != nil {
		return nil, err
	}
	return formula.Of(open, strategy)
}

// upTo ends a range of lengths.
func upTo(most int) string {
	if most == 0 {
		return " on"
	}
	return fmt.Sprintf(" to %d", most)
}

// printStructure prints what was found in the graph of a circuit.
func (a *app) printStructure(m *measured, g *analysis.Structure) {
	if g.Critical != nil {
		a.Heading("A longest path (measured)")
		a.printPath(g.Path)
		a.printCritical(m, g.Critical)
	}
	if g.Bottlenecks != nil {
		a.printBottlenecks(g.Bottlenecks)
	}
	if r := g.Reach; r != nil {
		a.Heading("From %s to %s (measured)", r.From, r.To)
		a.Text("reaches", map[bool]string{true: "yes", false: "no: no path leads there"}[r.Reaches])
		if r.Reaches {
			a.Field("depth", "%s along a shortest path, %s along a longest one (%s model)",
				count(r.Shortest), count(r.Longest), m.DepthModel)
			a.printPath(r.Path)
		}
	}
	if g.Stages != nil {
		a.printStages(g.Stages)
	}
}

// printPath prints gates that follow one another.
func (a *app) printPath(path []analysis.PathStep) {
	t := table.New("#level | #gate:g%d | kind | stage | port")
	for _, p := range path {
		t.Row(p.Level, p.Gate, p.Kind, p.Stage, p.Port)
	}
	a.Table(t)
}

// printCritical prints what lies on longest paths.
func (a *app) printCritical(m *measured, p *analysis.CriticalPart) {
	a.Heading("All longest paths (measured)")
	a.Field("paths", "%s, of depth %s", table.Big(p.Paths), count(p.Depth))
	a.Field("gates", "%s of %s, and %s", count(p.Gates), count(m.Size), plural(p.Inputs, "input"))
	a.Field("wires", "%s as they are stored, with %s between the gates", count(p.Wires), plural(p.Sums, "shared sum"))
	const most = 60
	if p.Depth > most {
		a.Printf("  How many are at each of the %s levels is in --json.\n", count(p.Depth))
	} else {
		t := table.New("#level | #gates:, | #of:,")
		for level, n := range p.Levels {
			if m.Levels[level] > 0 {
				t.Row(level, n, m.Levels[level])
			}
		}
		a.Table(t)
	}
	if p.Graph == nil {
		return
	}
	a.Heading("The gates on longest paths (measured)")
	t := table.New("#level | #gate:g%d | kind | stage | port | reads, of these")
	for _, g := range p.Graph {
		reads := ""
		if len(g.Reads) > 0 {
			reads = "g" + joined(g.Reads, " g")
		}
		t.Row(g.Level, g.Gate, g.Kind, g.Stage, g.Port, reads)
	}
	a.Table(t)
}

// printBottlenecks prints the gates that all paths pass.
func (a *app) printBottlenecks(list []analysis.Bottleneck) {
	a.Heading("Gates that every path from an input passes (measured)")
	t := table.New("output | #level | #gate:g%d | kind | stage | port")
	var alone, none []string
	for _, b := range list {
		switch {
		case len(b.Gates) == 0:
			none = append(none, cmp.Or(b.Output, "all outputs together (--output NAME asks for one)"))
		case b.Output != "" && len(b.Gates) == 1:
			alone = append(alone, b.Output)
		default:
			for _, p := range b.Gates {
				t.Row(cmp.Or(b.Output, "(all)"), p.Level, p.Gate, p.Kind, p.Stage, p.Port)
			}
		}
	}
	if t.Len() > 0 {
		a.Table(t)
	}
	if len(alone) > 0 {
		a.Text("own gate", "and no other: "+commas(alone))
	}
	if len(none) > 0 {
		a.Text("none", commas(none))
	}
}

// printStages prints the stages and the wires between them.
func (a *app) printStages(s *graph.Stages) {
	name := func(n gonum.Node) string { return cmp.Or(n.(graph.Stage).Path, "(no stage)") }
	a.Heading("Stages (measured)")
	t := table.New("stage | #last level | #gates:,")
	for _, n := range s.List() {
		t.Row(name(n), n.Level, n.Gates)
	}
	a.Table(t)
	a.Heading("Wires between stages (measured)")
	t = table.New("from | to | #wires")
	for _, e := range gonum.WeightedEdgesOf(s.WeightedEdges()) {
		t.Row(name(e.From()), name(e.To()), count(int64(e.Weight())))
	}
	if t.Len() > 0 {
		a.Table(t)
	} else {
		a.Text("none", "no wire leads from one stage to another")
	}
	a.Printf("  Inputs belong to no stage. Wires within a stage are left out. Levels are of the standard model.\n")
}

// printMeasures prints the numbers of the circuit and where its depth comes from.
func (a *app) printMeasures(s subject, m *measured) {
	a.printCircuit(s, m)
	a.Heading("Depth ledger by stage (measured)")
	a.printLedger(m)
}

// printCircuit prints the numbers of the circuit.
func (a *app) printCircuit(s subject, m *measured) {
	a.Heading("Circuit (measured)")
	a.Text("depth", m.depthText())
	a.Field("size", "%s: %s", plural(m.Size, "gate"), kinds(m.Measures))
	a.Field("wires", "%s, flattened; at most %s into one gate", count(m.Wires), count(m.MaxFanIn))
	a.Aside(func() {
		a.Field("weight", "%s, the wires of the same circuit without weights; the greatest |weight| is %s",
			table.Big(m.Weight), table.Big(m.MaxWeight))
	})
	a.Aside(func() { a.printWires(s, m) })
	a.Aside(func() { a.printMade(m) })
}

// printWires prints how many inputs and outputs there are.
func (a *app) printWires(s subject, m *measured) {
	c := s.its().circuit
	a.Field("inputs", "%s, %s", plural(m.Inputs, "bit"), plural(len(c.InputPorts()), "port"))
	constant := ""
	if m.Constants == m.Outputs {
		constant = ", all constant: no input changes them"
	}
	a.Field("outputs", "%s, %s%s", plural(m.Outputs, "bit"), plural(len(c.OutputPorts()), "port"), constant)
}

// printMade prints of what and how a circuit is made.
func (a *app) printMade(m *measured) {
	a.Field("basis", "gates of %s. A single finite circuit is in no class; a class is a property of a family.", m.GateClass)
	var how []string
	if m.BuildSeconds > 0 { // a file is built already
		how = append(how, "in "+seconds(m.BuildSeconds))
	}
	if m.Strategy != "" {
		how = append(how, "strategy "+m.Strategy)
	}
	if len(how) > 0 {
		a.Text("built", commas(how))
	}
}

// printLedger prints where the depth comes from.
func (a *app) printLedger(m *measured) {
	t := table.New("stage | #depth | #levels | #gates:, | #wires:, | #weight")
	for _, r := range m.Ledger {
		t.Row(cmp.Or(r.Stage, "(no stage)"), r.Depth, span(r.From, r.To), r.Size, r.Wires, r.Weight)
	}
	first := slices.IndexFunc(m.Levels, func(n int) bool { return n > 0 })
	t.Total = t.Cells("whole circuit", m.Depth, span(first, m.Depth), m.Size, m.Wires, m.Weight)
	a.Table(t)
	a.Printf("  The depth of a stage is that of its longest inner path. Stages may stand side by side.\n")
}

// kinds lists the gates by kind, in the order of package gates.
func kinds(m *analysis.Measures) string {
	var parts, free []string
	cost := gates.Standard().Cost
	for _, k := range gates.Kinds() {
		switch n := m.Gates[k.String()]; {
		case n == 0:
		case cost[k] == 0:
			free = append(free, count(n)+" "+k.String())
		default:
			parts = append(parts, count(n)+" "+k.String())
		}
	}
	text := cmp.Or(commas(parts), "none")
	if len(free) > 0 {
		text += "; and " + commas(free) + ", which do not count"
	}
	return text
}

// span writes a range of levels.
func span(from, to int) string {
	if from < 0 || from == to {
		return fmt.Sprint(to)
	}
	return fmt.Sprintf("%d–%d", from, to)
}
