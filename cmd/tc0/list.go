package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/handwritten"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/problem"
	"github.com/tc0lab/tc0/internal/table"
)

type listCmd struct {
	Name string `arg:"" optional:"" help:"A family, a problem or a shipped model, to be told all about it; or families, problems, models or formats, for all of these; or a format, such as .gates."`
}

func (listCmd) Help() string {
	return `The depth of a family is that of its construction under the strategy min-depth; its class is the one that
tc0 prove derives for it. The depth of a model is measured on its circuit; a single network is in no class.

Examples:

  tc0 list
  tc0 list attention
  tc0 list problems
  tc0 list .gates
  tc0 list --full
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
	all := []listedParameter{}
	for _, p := range params {
		all = append(all, listedParameter{p.Name, p.Doc, p.Default, p.Choices})
	}
	return all
}

// listModel opens a trained model and counts its circuit, if that is soon built.
func (a *app) listModel(name string) (l listedModel, err error) {
	if slices.Contains(tc0.DenoiserNames(), name) {
		s, err := openDiffusion(target{Subject: name})
		if err != nil {
			return l, err
		}
		l = listedModel{Name: s.name(), Doc: s.description, Tests: len(s.sampler.Test)}
		return l, a.count(&l, s)
	}
	s, err := openModel(target{Subject: name})
	if err != nil {
		return l, err
	}
	l = listedModel{Name: name, Doc: s.description}
	if d := s.quantised.Model.Test; d != nil {
		l.Tests = d.Len()
	}
	if s.quantised.Model.Config.Language() {
		return l, nil
	}
	return l, a.count(&l, s)
}

func (a *app) count(l *listedModel, s subject) error {
	m, err := a.measure(s)
	if err == nil {
		l.Depth, l.Size, l.Gates = m.Depth, m.Size, m.GateClass.String()
	}
	return err
}

func modelNames() []string { return slices.Concat(tc0.ModelNames(), tc0.DenoiserNames()) }

func familyNames() []string {
	var names []string
	for _, f := range compile.Families() {
		names = append(names, f.Name)
	}
	return names
}

// subjectNames are all subjects that have a name.
func subjectNames() []string { return slices.Concat(familyNames(), problem.Names(), modelNames()) }

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

// listed is what there is, or what was asked for of it. It is the JSON of the lists.
type listed struct {
	Families []listedFamily  `json:"families,omitempty"`
	Problems []listedProblem `json:"problems,omitempty"`
	Models   []listedModel   `json:"models,omitempty"`
	Formats  []listedFormat  `json:"formats,omitempty"`
}

func (cmd *listCmd) Run(a *app) error {
	if cmd.Name == "" && !a.flags.Full && !a.flags.JSON {
		a.printNames()
		return nil
	}
	l, err := cmd.list(a)
	if err != nil {
		return err
	}
	if len(l.Families)+len(l.Problems)+len(l.Models)+len(l.Formats) == 0 {
		return unknown("family, problem or model", cmd.Name,
			append(subjectNames(), "families", "problems", "models", "formats"))
	}
	return a.show(l, func() {
		if cmd.Name != "" && len(l.Families)+len(l.Problems)+len(l.Models) == 1 {
			a.printOne(l)
		} else {
			a.printList(l)
		}
	}, true)
}

// list collects what has the name, or is of the kind that it names; without a name all.
func (cmd *listCmd) list(a *app) (l listed, err error) {
	wanted := func(kind, name string) bool { return cmd.Name == "" || cmd.Name == kind || cmd.Name == name }
	for _, f := range compile.Families() {
		if !wanted("families", f.Name) {
			continue
		}
		class, err := a.classOfFamily(f)
		if err != nil {
			return l, err
		}
		l.Families = append(l.Families, listedFamily{f.Name, f.Doc, f.Depth, class, listParameters(f.Params)})
	}
	for _, p := range problem.All() {
		if wanted("problems", p.Name) {
			params := listParameters(p.Params)
			l.Problems = append(l.Problems, listedProblem{p.Name, p.Doc, params, p.Provable(), *factsOfProblem(p)})
		}
	}
	for _, name := range modelNames() {
		if wanted("models", name) {
			m, err := a.listModel(name)
			if err != nil {
				return l, err
			}
			l.Models = append(l.Models, m)
		}
	}
	l.Formats = listFormats(cmd.Name)
	return l, nil
}

// printNames prints a screen of what there is.
func (a *app) printNames() {
	const width = 78
	cut := func(text string) string {
		if letters := []rune(text); len(letters) > width {
			return string(letters[:width-1]) + "…"
		}
		return text
	}
	a.Printf("A subject is NAME or NAME:parameter=value,... tc0 list NAME tells more of one.\n\nFamilies\n")
	for _, f := range compile.Families() {
		a.Printf("%s\n", cut(fmt.Sprintf("  %-12s %s", f.Name, f.Doc)))
	}
	var files []string
	for _, f := range exchange.Formats() {
		files = append(files, f.Extensions...)
	}
	for _, group := range []struct {
		title string
		names []string
	}{{"Problems", problem.Names()}, {"Models", modelNames()}, {"Files", files}} {
		line := fmt.Sprintf("%-9s", group.title)
		for i, name := range group.names {
			if len(line)+1+len(name) > width {
				a.Printf("%s\n", line)
				line = strings.Repeat(" ", 9)
			}
			if line += " " + name; i < len(group.names)-1 {
				line += ","
			}
		}
		a.Printf("%s\n", line)
	}
	a.Printf("A subject may also be a model folder, or a file of weights. tc0 list --full has all.\n")
}

// printOne prints all about the one thing in the lists.
func (a *app) printOne(l listed) {
	var lines [][2]string
	var params []listedParameter
	add := func(label, text string) { lines = append(lines, [2]string{label, text}) }
	for _, f := range l.Families {
		a.Printf("%s\n%s\n", f.Name, f.Doc)
		add("depth", f.Depth+" under the strategy min-depth")
		add("class", f.Class+", as tc0 prove derives it")
		params = f.Parameters
	}
	for _, p := range l.Problems {
		a.Printf("%s\n%s\n", p.Name, p.Doc)
		add("depth", p.Depth)
		add("class", p.Class+" (of the problem, cited)")
		add("shape", string(p.Shape))
		add("proof", map[bool]string{true: "tc0 prove " + p.Name, false: "no formulas for every n are derived"}[p.Provable])
		params = p.Parameters
	}
	for _, m := range l.Models {
		a.Printf("%s\n%s\n", m.Name, m.Doc)
		if m.Size == 0 {
			add("depth", "tc0 stat "+m.Name+" builds the circuit, which takes long, and measures it")
		} else {
			add("depth", fmt.Sprintf("%d, measured under the standard model", m.Depth))
			add("gates", fmt.Sprintf("%s, of %s", count(int64(m.Size)), m.Gates))
		}
		add("tests", plural(m.Tests, "held-out input"))
	}
	a.Printf("\n")
	for _, line := range lines {
		a.Text(line[0], line[1])
	}
	if len(params) > 0 {
		a.Printf("\n")
		a.printParameters(params)
	}
}

func (a *app) printParameters(params []listedParameter) {
	t := table.New("parameter | default | what")
	for _, p := range params {
		if len(p.Choices) > 0 {
			p.Doc += ": " + commas(p.Choices)
		}
		t.Row(p.Name, cmp.Or(p.Default, "(none)"), p.Doc)
	}
	a.Table(t)
}

func (a *app) printList(l listed) {
	if len(l.Families) > 0 {
		a.Printf("Families: NAME:parameter=value,...\n\n")
		t := table.New("family | what | depth | class")
		for _, f := range l.Families {
			t.Row(f.Name, f.Doc, f.Depth, f.Class)
		}
		a.Table(t)
		for _, f := range l.Families {
			a.Printf("\nParameters of %s\n\n", f.Name)
			a.printParameters(f.Parameters)
		}
	}
	a.printProblems(l.Problems)
	if len(l.Models) > 0 {
		a.Printf("\nTrained models\n\n")
		t := table.New("model | what | #depth | #gates:, | basis")
		for _, m := range l.Models {
			if m.Size == 0 {
				t.Row(m.Name, m.Doc, "", "", "")
			} else {
				t.Row(m.Name, m.Doc, m.Depth, m.Size, "of "+m.Gates)
			}
		}
		a.Table(t)
	}
	if len(l.Families)+len(l.Models) > 0 {
		a.Printf(
			"\nThe depth of a family is that of its construction under the strategy min-depth. Its class is that of\n" +
				"the circuits as they are built, over n, all other parameters at their defaults, as tc0 prove derives\n" +
				"it. The depth and the gates of a model are measured on its circuit; a single network is in no class,\n" +
				"and the basis is that of its gates. The circuit of a language model takes long to build, and\n" +
				"tc0 stat NAME does it.\n")
	}
	if len(l.Formats) > 0 {
		a.Printf("\nFiles\n\n")
		t := table.New("file | what | can be read")
		for _, f := range l.Formats {
			t.Row(strings.Join(f.Extensions, " "), f.Doc, yesOrNo(f.Read))
		}
		a.Table(t)
		if grammar := l.Formats[0].Grammar; grammar != "" {
			a.Printf("\n%s", grammar)
		} else {
			a.Printf("\ntc0 list .gates tells how to write a .gates file.\n")
		}
	}
}

func (a *app) printProblems(problems []listedProblem) {
	if len(problems) == 0 {
		return
	}
	a.Printf("\nProblems: NAME:parameter=value,... (the class is that of the problem, cited)\n\n")
	if !a.flags.Full && len(problems) > 1 {
		t := table.New("problem | depth here | class")
		for _, p := range problems {
			t.Row(p.Name, p.Depth, p.Class)
		}
		a.Table(t)
		a.Printf("\ntc0 list NAME tells more of one, and --full of all.\n")
		return
	}
	t := table.New("problem | what | parameters | depth here | prove | shape | class")
	for _, p := range problems {
		var params []string
		for _, q := range p.Parameters {
			params = append(params, strings.TrimSuffix(q.Name+"="+q.Default, "="))
		}
		t.Row(p.Name, p.Doc, strings.Join(params, " "), p.Depth, yesOrNo(p.Provable), p.Shape, p.Class)
	}
	a.Table(t)
	a.Printf("\ntc0 prove NAME proves the depth and the size of a problem for every n, where it says so.\n")
}

// listedFormat is a file format.
type listedFormat struct {
	Name       string   `json:"name"`
	Extensions []string `json:"extensions"`
	Doc        string   `json:"doc"`
	Read       bool     `json:"read"`              // all can be written
	Grammar    string   `json:"grammar,omitempty"` // of the one that was asked for, if a person writes it
}

// listFormats returns the formats of a name or an extension; of the name formats, or none, all.
func listFormats(name string) []listedFormat {
	var list []listedFormat
	for _, f := range exchange.Formats() {
		own := name == f.Name || slices.Contains(f.Extensions, name)
		if !own && name != "" && name != "formats" {
			continue
		}
		l := listedFormat{Name: f.Name, Extensions: f.Extensions, Doc: f.Doc, Read: f.Readable()}
		if own && f.Name == "gates" {
			l.Grammar = handwritten.Grammar
		}
		list = append(list, l)
	}
	return list
}
