package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// old is when the last version of a module was long ago: nobody seems to keep it.
var old = time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)

// document is the page while it is written. Texts that are the same stand in it once.
type document struct {
	strings.Builder
	root  string // the folder of the project
	texts []string
	users [][]string // whose the texts are
}

// refer notes that a text goes with some software, and returns its number on the page.
func (d *document) refer(user, text string) string {
	i := slices.Index(d.texts, text)
	if i < 0 {
		i = len(d.texts)
		d.texts, d.users = append(d.texts, text), append(d.users, nil)
	}
	d.users[i] = append(d.users[i], user)
	return fmt.Sprintf("[%d](#text-%d)", i+1, i+1)
}

// shipped refers to a text of this program's own folder.
func (d *document) shipped(user, file string) (string, error) {
	text, err := texts.ReadFile("texts/" + file)
	if err != nil {
		return "", err
	}
	return d.refer(user, tidy(string(text))), nil
}

// page returns THIRD_PARTY.md for the project in the folder.
func page(root string) (string, error) {
	all, err := all(root)
	if err != nil {
		return "", err
	}
	d := &document{root: root}
	d.WriteString(`<!-- Written by go generate. Do not edit. -->

# What is in tc0 that others wrote

tc0 itself is under the licence in LICENSE. A program tc0 that go build makes has the modules, the WebAssembly and the parts of
Go below in it as well, on Linux, macOS or Windows. The numbers are those of the texts at the end. The program tc0-queue has
some of the modules and of Go, and alone those that are named behind the table.

## Modules

| module | version | licence | texts |
|---|---|---|---|
`)
	for _, m := range all {
		var numbers []string
		for _, n := range m.notices {
			numbers = append(numbers, d.refer(m.path, n.text))
		}
		fmt.Fprintf(d, "| %s | %s | %s | %s |\n", m.path, m.version, m.kinds(), strings.Join(numbers, " "))
	}
	var alone []string
	for _, m := range all {
		if m.alone {
			alone = append(alone, m.path)
		}
	}
	fmt.Fprintf(d, `
Only tc0-queue has %s.

Where a module may be had under one of several licences, tc0 takes it under that whose text is below.
`, strings.Join(alone, ", "))
	for _, write := range []func([]*module) error{d.blob, d.scripts, d.golang, d.old} {
		if err := write(all); err != nil {
			return "", err
		}
	}
	d.WriteString("\n## Texts\n")
	for i, text := range d.texts {
		fmt.Fprintf(d, "\n<a id=\"text-%d\"></a>**%d** of %s\n\n```text\n%s```\n", i+1, i+1, strings.Join(d.users[i], ", "), text)
	}
	return d.String(), nil
}

// all returns the modules of both commands.
func all(root string) ([]*module, error) {
	of, err := modules(root, command)
	if err != nil {
		return nil, err
	}
	both, err := modules(root, command, queue)
	for _, m := range both {
		m.alone = !slices.ContainsFunc(of, func(o *module) bool { return o.path == m.path })
	}
	return both, err
}

// golang writes what is there of Go itself.
func (d *document) golang([]*module) error {
	licence, err := d.shipped("Go", "go.txt")
	if err != nil {
		return err
	}
	patents, err := d.shipped("Go", "go-patents.txt")
	if err != nil {
		return err
	}
	fmt.Fprintf(d, `
## Go

The runtime and the standard library of Go, of the version that built the program (go version -m tells it), are in it:
BSD-3-Clause %s, with a grant of patents %s.
`, licence, patents)
	return nil
}

// old writes which modules of an old version come in through others.
func (d *document) old(all []*module) error {
	fmt.Fprintf(d, `
## Old modules that come in through others

No package of tc0 imports these. Others that it needs do, and take versions from before %d, which nobody seems to keep.

| module | version of | comes in through |
|---|---|---|
`, old.Year())
	for _, m := range all {
		if m.time.IsZero() {
			return fmt.Errorf("the module cache does not know of when %s %s is; go mod download -x %s", m.path, m.version, m.path)
		}
		if m.indirect && m.time.Before(old) {
			fmt.Fprintf(d, "| %s | %s | %s |\n", m.path, m.time.Format(time.DateOnly), strings.Join(m.through, ", "))
		}
	}
	return nil
}
