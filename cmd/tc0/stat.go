package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/gates"
)

type statCmd struct {
	target
	Path   bool `help:"Print one longest path from an input to an output, too."`
	Levels bool `help:"Print the number of gates at each level, too."`
}

func (statCmd) Help() string {
	return `Everything printed is measured on the circuit, which is built first unless it comes from a file.

Examples:

  tc0 stat attention:n=8,d=4,bits=3
  tc0 stat mlp:n=4 --path --depth-model not-counted
  tc0 stat digits --strategy min-size --json
`
}

// measured is the JSON of a circuit that was measured.
type measured struct {
	Subject     string `json:"subject"`
	Kind        string `json:"kind"`
	Description string `json:"description"`
	Strategy    string `json:"strategy,omitempty"`
	Basis       string `json:"basis"`
	*analysis.Measures
	BuildSeconds float64 `json:"build_seconds"`
}

// measure builds the circuit of s and measures it.
func (a *app) measure(s *subject) (*measured, error) {
	c, err := a.build(s)
	if err != nil {
		return nil, err
	}
	m := &measured{
		Subject: s.name, Kind: string(s.kind), Description: s.description, Basis: s.basis.String(),
		Measures: analysis.Measure(c, a.model), BuildSeconds: s.seconds,
	}
	m.Class = s.class(m.Class)
	if s.kind != isFile && s.kind != isProblem {
		m.Strategy = s.strategy.String()
	}
	return m, nil
}

// outline is measure with nothing but depth and size, which saves counting the wires of
// a large circuit.
func (a *app) outline(s *subject) (*measured, error) {
	c, err := a.build(s)
	if err != nil {
		return nil, err
	}
	return &measured{Basis: s.basis.String(), Measures: &analysis.Measures{
		Depth: c.Levels(a.model).Depth, DepthModel: a.model.Name, DepthNote: a.model.Note, Size: c.Size(),
	}}, nil
}

// depthText writes the depth, never without what counts as depth.
func (m *measured) depthText() string {
	return depthText(m.Depth, m)
}

// depthText writes a depth under the model that m was measured in.
func depthText(depth int, m *measured) string {
	return fmt.Sprintf("%d (%s model: %s)", depth, m.DepthModel, m.DepthNote)
}

// openMeasured opens the subject of a verb that needs one circuit, and counts it.
func (a *app) openMeasured(t target) (*subject, *measured, error) {
	s, err := a.openMember(t)
	if err != nil {
		return nil, nil, err
	}
	m, err := a.measure(s)
	return s, m, err
}

func (cmd *statCmd) Run(a *app) error {
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	var path []analysis.PathStep
	if cmd.Path {
		path = analysis.CriticalPath(s.circuit, a.model)
	}
	if a.flags.JSON {
		return a.emit(struct {
			*measured
			Path []analysis.PathStep `json:"path,omitempty"`
		}{m, path})
	}
	a.title(s)
	a.heading("Circuit (measured)")
	a.printMeasures(s, m)
	a.heading("Depth ledger by stage (measured)")
	a.printLedger(m.Measures)
	if cmd.Levels {
		a.heading("Gates by level (measured)")
		a.printLevels(m.Measures)
	}
	if cmd.Path {
		a.heading("A longest path (measured)")
		a.printPath(path)
	}
	return nil
}

// title prints what the subject is.
func (a *app) title(s *subject) {
	a.printf("%s\n%s\n", s.name, s.description)
	a.printBasis(s)
}

// bases says what gates the bases have.
var bases = map[basis.Basis]string{
	basis.AC0: "AND and OR gates",
	basis.MAJ: "unweighted MAJORITY gates",
	basis.NC1: "AND, OR and XOR gates of two inputs",
}

// printBasis prints the basis unless it is TC0.
func (a *app) printBasis(s *subject) {
	if s.basis != basis.TC0 {
		a.printf("basis %v: %s\n", s.basis, bases[s.basis])
	}
}

func (a *app) printMeasures(s *subject, m *measured) {
	a.field("depth", "%s", m.depthText())
	a.field("size", "%s: %s", plural(m.Size, "gate"), kinds(m.Measures))
	a.field("wires", "%s, flattened; at most %s into one gate", count(m.Wires), count(m.MaxFanIn))
	a.field("weight", "%s, the wires of the same circuit without weights; the greatest |weight| is %s", bigText(m.Weight), bigText(m.MaxWeight))
	a.field("inputs", "%s, %s", plural(m.Inputs, "bit"), plural(len(s.circuit.InputPorts()), "port"))
	a.field("outputs", "%s, %s", plural(m.Outputs, "bit"), plural(len(s.circuit.OutputPorts()), "port"))
	a.field("basis", "%s: the gates are in the basis of that class. A single finite circuit is in no class; a class is a property of a family.", m.Class)
	switch s.kind {
	case isFile:
	case isProblem:
		a.field("built", "in %s", seconds(s.seconds))
	default:
		a.field("built", "in %s, strategy %s", seconds(s.seconds), s.strategy)
	}
}

// kinds lists the gates by kind, in the order of package gates.
func kinds(m *analysis.Measures) string {
	var parts []string
	var free []string
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
	text := "none"
	if len(parts) > 0 {
		text = strings.Join(parts, ", ")
	}
	if len(free) > 0 {
		text += "; and " + strings.Join(free, ", ") + ", which do not count"
	}
	return text
}

func (a *app) printLedger(m *analysis.Measures) {
	var rows [][]string
	for _, r := range m.Ledger {
		stage := r.Stage
		if stage == "" {
			stage = "(no stage)"
		}
		rows = append(rows, []string{stage, fmt.Sprint(r.Depth), span(r.From, r.To), count(r.Size), count(r.Wires), bigText(r.Weight)})
	}
	a.table(cols("stage", "#depth", "#levels", "#gates", "#wires", "#weight"), rows,
		[]string{"whole circuit", fmt.Sprint(m.Depth), span(slices.IndexFunc(m.Levels, func(n int) bool { return n > 0 }), m.Depth), count(m.Size), count(m.Wires), bigText(m.Weight)})
	a.printf("  The depth of a stage is that of its longest inner path. Stages may stand side by side.\n")
}

// span writes a range of levels.
func span(from, to int) string {
	if from < 0 || from == to {
		return fmt.Sprint(to)
	}
	return fmt.Sprintf("%d–%d", from, to)
}

func (a *app) printLevels(m *analysis.Measures) {
	var rows [][]string
	for level, n := range m.Levels {
		if level > 0 || n > 0 {
			rows = append(rows, []string{fmt.Sprint(level), count(n)})
		}
	}
	a.table(cols("#level", "#gates"), rows, nil)
}

func (a *app) printPath(path []analysis.PathStep) {
	var rows [][]string
	for _, p := range path {
		rows = append(rows, []string{fmt.Sprint(p.Level), fmt.Sprintf("g%d", p.Gate), p.Kind, p.Stage, p.Port})
	}
	a.table(cols("#level", "#gate", "kind", "stage", "port"), rows, nil)
}
