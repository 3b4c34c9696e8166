package main

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/compile"
)

type listCmd struct{}

func (listCmd) Help() string {
	return `The depth of a family is that of its construction under the strategy min-depth; the depth of a model is measured on its circuit.
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
	Class string `json:"class,omitempty"`
	Tests int    `json:"test_inputs"`
}

func (cmd *listCmd) Run(a *app) error {
	var families []listedFamily
	for _, f := range compile.Families() {
		l := listedFamily{Name: f.Name, Doc: f.Doc, Depth: f.Depth, Class: f.Class}
		for _, p := range f.Params {
			l.Parameters = append(l.Parameters, listedParameter{p.Name, p.Doc, p.Default, p.Choices})
		}
		families = append(families, l)
	}
	var models []listedModel
	for _, name := range tc0.ModelNames() {
		s, err := a.open(target{Subject: name})
		if err != nil {
			return err
		}
		l := listedModel{Name: name, Doc: s.description}
		// A language model takes long to build.
		if !s.quantised.Model.Config.Language() {
			m, err := a.measure(s)
			if err != nil {
				return err
			}
			l.Depth, l.Size, l.Class = m.Depth, m.Size, m.Class
		}
		if d := s.quantised.Model.Test; d != nil {
			l.Tests = d.Len()
		}
		models = append(models, l)
	}
	for _, name := range tc0.DenoiserNames() {
		s, err := a.open(target{Subject: name})
		if err != nil {
			return err
		}
		m, err := a.measure(s)
		if err != nil {
			return err
		}
		models = append(models, listedModel{s.name, s.description, m.Depth, m.Size, m.Class, len(s.sampler.Test)})
	}
	problems := listProblems()
	if a.flags.JSON {
		return a.emit(map[string]any{"families": families, "problems": problems, "models": models, "formats": listFormats()})
	}
	a.printf("Families: NAME:parameter=value,...\n\n")
	var rows [][]string
	for _, f := range families {
		rows = append(rows, []string{f.Name, f.Doc, f.Depth, f.Class})
	}
	a.table(cols("family", "what", "depth", "class"), rows, nil)
	for _, f := range families {
		a.printf("\nParameters of %s\n\n", f.Name)
		var rows [][]string
		for _, p := range f.Parameters {
			value := p.Default
			if value == "" {
				value = "(none)"
			}
			if len(p.Choices) > 0 {
				p.Doc += ": " + strings.Join(p.Choices, ", ")
			}
			rows = append(rows, []string{p.Name, value, p.Doc})
		}
		a.table(cols("parameter", "default", "what"), rows, nil)
	}
	a.printProblems(problems)
	a.printf("\nTrained models\n\n")
	rows = nil
	for _, m := range models {
		row := []string{m.Name, m.Doc, fmt.Sprint(m.Depth), count(m.Size), m.Class}
		if m.Size == 0 {
			row = []string{m.Name, m.Doc, "", "", ""}
		}
		rows = append(rows, row)
	}
	a.table(cols("model", "what", "#depth", "#gates", "basis"), rows, nil)
	a.printf("\nThe depth of a family is that of its construction under the strategy min-depth; the class is that of\n" +
		"its circuits. The depth and the gates of a model are measured on its circuit; that of a\n" +
		"language model takes long to build, and tc0 stat NAME does it.\n")
	a.printf("\nFiles\n\n")
	rows = nil
	for _, f := range listFormats() {
		read := "yes"
		if !f.Read {
			read = "no"
		}
		rows = append(rows, []string{strings.Join(f.Extensions, " "), f.Doc, read})
	}
	a.table(cols("file", "what", "can be read"), rows, nil)
	return nil
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
