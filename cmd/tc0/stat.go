package main

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/table"
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

func (cmd *statCmd) Run(a *app) error {
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	var path []analysis.PathStep
	if cmd.Path {
		path = analysis.CriticalPath(s.its().circuit, a.model)
	}
	return a.show(struct {
		*measured
		Path []analysis.PathStep `json:"path,omitempty"`
	}{m, path}, func() {
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
		if cmd.Path {
			a.Heading("A longest path (measured)")
			t := table.New("#level | #gate:g%d | kind | stage | port")
			for _, p := range path {
				t.Row(p.Level, p.Gate, p.Kind, p.Stage, p.Port)
			}
			a.Table(t)
		}
	}, true)
}

// printMeasures prints the numbers of the circuit and where its depth comes from.
func (a *app) printMeasures(s subject, m *measured) {
	a.Heading("Circuit (measured)")
	c := s.its().circuit
	a.Text("depth", m.depthText())
	a.Field("size", "%s: %s", plural(m.Size, "gate"), kinds(m.Measures))
	a.Field("wires", "%s, flattened; at most %s into one gate", count(m.Wires), count(m.MaxFanIn))
	a.Field("weight", "%s, the wires of the same circuit without weights; the greatest |weight| is %s",
		table.Big(m.Weight), table.Big(m.MaxWeight))
	a.Field("inputs", "%s, %s", plural(m.Inputs, "bit"), plural(len(c.InputPorts()), "port"))
	a.Field("outputs", "%s, %s", plural(m.Outputs, "bit"), plural(len(c.OutputPorts()), "port"))
	a.Field(
		"basis",
		"%s: the gates are in the basis of that class. A single finite circuit is in no class; a class is a property of a family.",
		m.Class,
	)
	if m.BuildSeconds > 0 { // a file is built already
		how := "in " + seconds(m.BuildSeconds)
		if m.Strategy != "" {
			how += ", strategy " + m.Strategy
		}
		a.Text("built", how)
	}
	a.Heading("Depth ledger by stage (measured)")
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
