package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/tc0lab/tc0/circuit/draw"
)

type drawCmd struct {
	target
	Output string `short:"o" required:"" placeholder:"FIG" help:"The figure to write; its extension names the format (.dot, .svg)."`
	Fold   bool   `help:"Draw each stage as one box. Large circuits always are."`
	Title  string `placeholder:"TEXT" help:"First line of the caption; the subject unless given."`
}

func (drawCmd) Help() string {
	return `Examples:

  tc0 draw attention:n=2,d=1,bits=2 -o head.svg
  tc0 draw mlp:n=3,hidden=2,out=1 -o mlp.dot
  tc0 draw digits --fold -o digits.svg
`
}

// figureFormat finds a format by the extension of a file.
func figureFormat(path string) (draw.Format, error) {
	var known []string
	for _, f := range draw.Formats() {
		if filepath.Ext(path) == "."+f.Name {
			return f, nil
		}
		known = append(known, "."+f.Name)
	}
	return draw.Format{}, fmt.Errorf("%s: unknown figure format %q; known: %s", path, filepath.Ext(path), strings.Join(known, " "))
}

func (cmd *drawCmd) Run(a *app) error {
	format, err := figureFormat(cmd.Output)
	if err != nil {
		return err
	}
	s, m, err := a.openMeasured(cmd.target)
	if err != nil {
		return err
	}
	title := cmd.Title
	if title == "" {
		title = s.title()
	}
	bytes, err := a.drawFile(cmd.Output, format, s, draw.Config{Title: title, Fold: cmd.Fold, DepthModel: a.model})
	if err != nil {
		return err
	}
	if a.flags.JSON {
		return a.emit(writtenFile{cmd.Output, format.Name, bytes, m})
	}
	a.printf("%s: %s, %s\ndepth %s\n", cmd.Output, plural(m.Size, "gate"), plural(m.Wires, "wire"), m.depthText())
	a.printBasis(s)
	return nil
}

// drawFile draws the circuit of s into a file.
func (a *app) drawFile(path string, format draw.Format, s *subject, cfg draw.Config) (int64, error) {
	m := a.meter("drawing " + path)
	defer m.end()
	return a.writeFile(path, func(w io.Writer) error { return format.Write(w, s.circuit, cfg) })
}
