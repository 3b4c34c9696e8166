package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/explore"
	"github.com/tc0lab/tc0/explore/tour"
	"github.com/tc0lab/tc0/internal/table"
)

type tourCmd struct {
	Name   string `arg:"" optional:"" help:"A tour that comes with the program, or the path of a Markdown file with one. Without it the command lists those that come with the program."`
	Output string `short:"o" placeholder:"FILE.html" help:"Write the page with the tour as one file, which needs no program, and open none."`
	NoOpen bool   `help:"Print the address and open no browser."`
}

func (tourCmd) Help() string {
	return `A tour is a story in steps on a live circuit: each step shows a part of it, with inputs.
The page of tc0 view has the story beside the circuit. The keys → and ←, and Page Down and
Page Up, go to the next step and back while no other part of the page has the focus.

  tc0 tour
  tc0 tour parity
  tc0 tour softmax -o softmax.html
  tc0 tour my-story.md

A tour of your own is a Markdown file. In a page of tc0 view, copy what stands behind # in the address
into a line view:

  # Parity in depth 2

  subject: parity:n=6
  input: 6.b0

  ## The last gate

  Its sum is below its threshold.

  view: open=in0&select=g10
  check: sum g10 -1

The input is that of the first step, as bits= in an address. What lines check: say is measured when the
tour is opened, and a tour that is wrong is refused with the line.
`
}

// listedTour is the JSON of a tour in the list.
type listedTour struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Subject string `json:"subject"`
	Steps   int    `json:"steps"`
}

func (cmd *tourCmd) Run(a *app) error {
	if cmd.Name == "" {
		if cmd.Output != "" || cmd.NoOpen {
			return errf("which tour? %s, or a Markdown file", commas(tour.Names()))
		}
		return a.listTours()
	}
	if e := filepath.Ext(cmd.Output); cmd.Output != "" && !strings.EqualFold(e, ".html") {
		return errf("%s: unknown format %q of a tour; known: .html", cmd.Output, e)
	}
	walk, err := findTour(cmd.Name)
	if err != nil {
		return err
	}
	s, c, opt, err := a.openViewed(target{Subject: walk.Subject})
	if err != nil {
		return errf("%s: subject: %w", walk.File, err)
	}
	opt.Name = walk.Title
	if walk.Input != "" {
		opt.Input = walk.Input
	}
	if cmd.Output != "" {
		if err := fitsInFile(s, c, cmd.Output); err != nil {
			return err
		}
	}
	session, err := explore.Open(c, opt)
	if err != nil {
		return errf("%s: input: %w", walk.File, err)
	}
	if err := walk.Verify(session); err != nil {
		return err
	}
	if cmd.Output != "" {
		return a.writePage(s, session, c, opt, cmd.Output, walk)
	}
	text, err := walk.JSON()
	if err != nil {
		return err
	}
	return a.serve(session, walk.Title, text, cmd.NoOpen)
}

// findTour reads a tour that comes with the program, or one in a file.
func findTour(name string) (*tour.Tour, error) {
	if slices.Contains(tour.Names(), name) {
		return tour.Find(name)
	}
	if !strings.ContainsAny(name, `/\`) && filepath.Ext(name) == "" {
		return nil, unknown("tour", name, tour.Names())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return tour.Read(f, name)
}

// tourList is the JSON of the tours there are.
type tourList struct {
	Tours []listedTour `json:"tours"`
}

func (a *app) listTours() error {
	list := []listedTour{}
	for _, name := range tour.Names() {
		walk, err := tour.Find(name)
		if err != nil {
			return err
		}
		list = append(list, listedTour{name, walk.Title, walk.Subject, len(walk.Steps)})
	}
	return a.show(tourList{list}, func() {
		t := table.New("tour | what | circuit | #steps")
		for _, x := range list {
			t.Row(x.Name, x.Title, x.Subject, x.Steps)
		}
		a.Table(t)
		a.Printf("\ntc0 tour NAME opens one in the browser.\n")
	}, true)
}
