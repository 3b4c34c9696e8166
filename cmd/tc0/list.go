package main

import (
	"cmp"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/internal/table"
)

type listCmd struct{}

func (listCmd) Help() string {
	return `The depth of a family is that of its construction under the strategy min-depth; its class is the one that
tc0 prove derives for it. The depth of a model is measured on its circuit; a single network is in no class.
`
}

// listedFamily and listedModel are the JSON of one line each.
type listedFamily struct {
	Name       string            `json:"name"`
	Doc        string            `json:"description"`
	Depth      string            `json:"depth_formula"`
	Class      string            `json:"class"`
	Parameters []listedParameter `json:"parameters"`
}

type listedParameter struct {
	Name    string   `json:"name"`
	Doc     string   `json:"description"`
	Default string   `json:"default,omitempty"`
	Choices []string `json:"choices,omitempty"`
}

type listedModel struct {
	Name  string `json:"name"`
	Doc   string `json:"description"`
	Depth int    `json:"depth,omitempty"`
	Size  int    `json:"size,omitempty"`
	Gates string `json:"gate_class,omitempty"` // the least class that has them; the circuit is in none
	Tests int    `json:"test_inputs"`
}

// listedProblem is the JSON of one line.
type listedProblem struct {
	Name       string            `json:"name"`
	Doc        string            `json:"description"`
	Parameters []listedParameter `json:"parameters"`
	Provable   bool              `json:"provable"`
	problemFacts
}

func listParameters(params []compile.Param) []listedParameter {
	var all []listedParameter
	for _, p := range params {
		all = append(all, listedParameter{p.Name, p.Doc, p.Default, p.Choices})
	}
	return all
}

// listModels opens the trained models and counts the circuits of those that are soon built.
func (a *app) listModels() ([]listedModel, error) {
	var models []listedModel
	for _, name := range tc0.ModelNames() {
		s, err := openModel(target{Subject: name})
		if err != nil {
			return nil, err
		}
		l := listedModel{Name: name, Doc: s.description}
		if !s.quantised.Model.Config.Language() {
			m, err := a.measure(s)
			if err != nil {
				return nil, err
			}
			l.Depth, l.Size, l.Gates = m.Depth, m.Size, m.GateClass.String()
		}
		if d := s.quantised.Model.Test; d != nil {
			l.Tests = d.Len()
		}
		models = append(models, l)
	}
	for _, name := range tc0.DenoiserNames() {
		s, err := openDiffusion(target{Subject: name})
		if err != nil {
			return nil, err
		}
		m, err := a.measure(s)
		if err != nil {
			return nil, err
		}
		models = append(models,
			listedModel{s.name(), s.description, m.Depth, m.Size, m.GateClass.String(), len(s.sampler.Test)})
	}
	return models, nil
}

// classOfFamily names the class of the circuits of a family over n, for each kind that it has, or else for each
// memory, the other parameters at their defaults. It is the class of the proof, so that lists and proofs have one
// source.
func (a *app) classOfFamily(f compile.Family) (string, error) {
	choices, parameter := []string{""}, ""
	for _, name := range []string{"memory", "kind"} {
		for _, p := range f.Params {
			if p.Name == name {
				choices, parameter = p.Choices, name
			}
		}
	}
	var classes []string
	of := map[string][]string{} // choices by class
	for _, choice := range choices {
		text := f.Name
		if choice != "" {
			text += ":" + parameter + "=" + choice
		}
		class, err := a.provedClass(text)
		if err != nil {
			return "", err
		}
		if of[class] == nil {
			classes = append(classes, class)
		}
		if parameter == "memory" {
			choice = "memory=" + choice
		}
		of[class] = append(of[class], choice)
	}
	for i, class := range classes {
		if len(classes) > 1 {
			classes[i] += " (" + strings.Join(of[class], ", ") + ")"
		}
	}
	text := strings.Join(classes, ", ")
	if f.Steps == "steps" {
		text += " with steps fixed"
	}
	for _, p := range f.Params {
		if p.Name == "order" {
			text += ", as unrolled; NC1 by re-association of few states, as a tree"
		}
	}
	return text, nil
}

// provedClass names the class of the proof of a family. No circuit is built for it. A family that is
// refused a proof has no class.
func (a *app) provedClass(text string) (string, error) {
	s, err := openFamily(target{Subject: text})
	if err != nil {
		return "", err
	}
	c, err := s.claim()
	if err != nil {
		return "", err
	}
	c.Wires = 1
	p, err := analysis.Prove(a.ctx, c)
	switch {
	case a.ctx.Err() != nil:
		return "", a.ctx.Err()
	case err != nil:
		return "none that is derived", nil
	}
	return p.Class, nil
}

func (cmd *listCmd) Run(a *app) error {
	var families []listedFamily
	for _, f := range compile.Families() {
		class, err := a.classOfFamily(f)
		if err != nil {
			return err
		}
		families = append(families, listedFamily{f.Name, f.Doc, f.Depth, class, listParameters(f.Params)})
	}
	var problems []listedProblem
	for _, p := range problem.All() {
		params := listParameters(p.Params)
		problems = append(problems, listedProblem{p.Name, p.Doc, params, p.Provable(), *factsOfProblem(p)})
	}
	models, err := a.listModels()
	if err != nil {
		return err
	}
	formats := listFormats()
	return a.show(map[string]any{"families": families, "problems": problems, "models": models, "formats": formats},
		func() { a.printList(families, problems, models, formats) }, true)
}

func (a *app) printList(
	families []listedFamily,
	problems []listedProblem,
	models []listedModel,
	formats []listedFormat,
) {
	a.Printf("Families: NAME:parameter=value,...\n\n")
	t := table.New("family | what | depth | class")
	for _, f := range families {
		t.Row(f.Name, f.Doc, f.Depth, f.Class)
	}
	a.Table(t)
	for _, f := range families {
		a.Printf("\nParameters of %s\n\n", f.Name)
		t := table.New("parameter | default | what")
		for _, p := range f.Parameters {
			if len(p.Choices) > 0 {
				p.Doc += ": " + commas(p.Choices)
			}
			t.Row(p.Name, cmp.Or(p.Default, "(none)"), p.Doc)
		}
		a.Table(t)
	}
	a.Printf("\nProblems: NAME:parameter=value,... (the class is that of the problem, cited)\n\n")
	t = table.New("problem | what | parameters | depth here | prove | shape | class")
	for _, p := range problems {
		var params []string
		for _, q := range p.Parameters {
			params = append(params, strings.TrimSuffix(q.Name+"="+q.Default, "="))
		}
		t.Row(p.Name, p.Doc, strings.Join(params, " "), p.Depth, yesOrNo(p.Provable), p.Shape, p.Class)
	}
	a.Table(t)
	a.Printf("\ntc0 prove NAME proves the depth and the size of a problem for every n, where it says so.\n")
	a.Printf("\nTrained models\n\n")
	t = table.New("model | what | #depth | #gates:, | basis")
	for _, m := range models {
		if m.Size == 0 {
			t.Row(m.Name, m.Doc, "", "", "")
		} else {
			t.Row(m.Name, m.Doc, m.Depth, m.Size, "of "+m.Gates)
		}
	}
	a.Table(t)
	a.Printf(
		"\nThe depth of a family is that of its construction under the strategy min-depth. Its class is that of\n" +
			"the circuits as they are built, over n, all other parameters at their defaults, as tc0 prove derives\n" +
			"it. The depth and the gates of a model are measured on its circuit; a single network is in no class,\n" +
			"and the basis is that of its gates. The circuit of a language model takes long to build, and\n" +
			"tc0 stat NAME does it.\n")
	a.Printf("\nFiles\n\n")
	t = table.New("file | what | can be read")
	for _, f := range formats {
		t.Row(strings.Join(f.Extensions, " "), f.Doc, yesOrNo(f.Read))
	}
	a.Table(t)
}

// listedFormat is a file format.
type listedFormat struct {
	Name       string   `json:"name"`
	Extensions []string `json:"extensions"`
	Doc        string   `json:"doc"`
	Read       bool     `json:"read"` // all can be written
}

func listFormats() []listedFormat {
	var list []listedFormat
	for _, f := range exchange.Formats() {
		list = append(list, listedFormat{f.Name, f.Extensions, f.Doc, f.Readable()})
	}
	return list
}
