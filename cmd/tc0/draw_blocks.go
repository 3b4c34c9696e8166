package main

import (
	"cmp"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile"
	"github.com/tc0lab/tc0/compile/diagram"
	"github.com/tc0lab/tc0/gates"
)

// drawnFamily is what --json says of the block diagram of a family.
type drawnFamily struct {
	writtenFile
	Subject    string `json:"subject"`
	Strategy   string `json:"strategy"`
	DepthModel string `json:"depth_model"`
	Depth      string `json:"depth_formula"`
	Size       string `json:"size_formula"`
}

// drawBlocks draws the program of the subject as a block diagram: of one circuit with
// what is counted in it, of a family without n with formulas.
func (a *app) drawBlocks(cmd *drawCmd) error {
	format, cfg, err := cmd.blockConfig()
	if err != nil {
		return err
	}
	if a.model.Name != gates.Standard().Name {
		return errf("--blocks: the layers of operations are those of the %s depth model, not of %s",
			gates.Standard().Name, a.model.Name)
	}
	s, err := a.open(cmd.target)
	if err != nil {
		return err
	}
	of := s.its()
	if of.basis != basis.TC0 {
		return errf("--blocks: the gates of operations are those of basis %v, not of %v", basis.TC0, of.basis)
	}
	p, err := s.blocks()
	switch {
	case err != nil:
		return err
	case p == nil:
		return errf("--blocks: %s is a %s, which has no program of operations; a family or a model has one", s.name(),
			s.its().kind)
	}
	cfg.Title = cmp.Or(cfg.Title, title(s))
	cfg.Strategy = of.strategy
	if p.Open() {
		return a.drawFamily(cmd.Output, format, s, p, cfg)
	}
	m, err := a.measure(s)
	if err != nil {
		return err
	}
	cfg.Circuit = of.circuit
	bytes, err := a.blockFile(cmd.Output, format, p, cfg)
	if err != nil {
		return err
	}
	return a.showFigure(s, writtenFile{cmd.Output, format, bytes, m})
}

// drawFamily draws a program for every n.
func (a *app) drawFamily(path, format string, s subject, p *compile.Program, cfg diagram.Config) error {
	bytes, err := a.blockFile(path, format, p, cfg)
	if err != nil {
		return err
	}
	f, err := p.Formulas(cfg.Strategy)
	if err != nil {
		return err
	}
	return a.show(drawnFamily{
		writtenFile{File: path, Format: format, Bytes: bytes},
		s.name(), cfg.Strategy.String(), a.model.Name,
		f.InN(f.Depth).String(), f.InN(f.Gates).String(),
	}, func() {
		a.printf("%s: at most %s gates for every n ≥ %d\ndepth at most %s (%s model: %s)\n",
			path, pretty(f.InN(f.Gates)), f.From, pretty(f.Depth), a.model.Name, a.model.Note)
	}, true)
}

// blockConfig returns the format of a block diagram and what the flags say of it.
func (cmd *drawCmd) blockConfig() (string, diagram.Config, error) {
	format := strings.TrimPrefix(filepath.Ext(cmd.Output), ".")
	palette, err := draw.ParsePalette(cmd.Palette)
	cfg := diagram.Config{Title: cmd.Title, Fold: cmd.Fold, Palette: palette, Direction: draw.Direction(cmd.Direction), NoCaption: cmd.NoCaption}
	switch {
	case !slices.Contains(diagram.Formats(), format):
		return "", cfg, errf("%s: unknown format %q of a block diagram; known: .%s", cmd.Output,
			filepath.Ext(cmd.Output), strings.Join(diagram.Formats(), " ."))
	case err != nil:
		return "", cfg, errf("--palette: %w", err)
	case cmd.Path || len(cmd.Cone)+len(cmd.Unfold) > 0:
		flag := "unfold"
		if len(cmd.Cone) > 0 {
			flag = "cone"
		}
		if cmd.Path {
			flag = "path"
		}
		return "", cfg, errf("--%s shows gates, and --blocks operations: give one of them", flag)
	case cmd.Width != 0 && (format != "png" || cmd.Width != float64(int(cmd.Width)) || cmd.Width < 1):
		return "", cfg, errf("--width: of block diagrams a .png has a width, a whole number of pixels")
	}
	cfg.Pixels = int(cmd.Width)
	return format, cfg, nil
}

// blockFile draws a program into a file.
func (a *app) blockFile(path, format string, p *compile.Program, cfg diagram.Config) (int64, error) {
	m := a.meter("drawing " + path)
	defer m.end()
	return a.writeFile(path, func(w io.Writer) error { return diagram.Write(a.ctx, w, p, format, cfg) })
}
