package main

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/diagram"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/program"
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
		return fmt.Errorf("--blocks: the layers of operations are those of the %s depth model, not of %s", gates.Standard().Name, a.model.Name)
	}
	s, err := a.open(cmd.target)
	if err != nil {
		return err
	}
	if s.basis != basis.TC0 {
		return fmt.Errorf("--blocks: the gates of operations are those of basis %v, not of %v", basis.TC0, s.basis)
	}
	p := s.program
	switch {
	case s.kind == isFamily && !s.spec.HasN():
		p, err = s.spec.OpenProgram()
	case s.kind == isFamily:
		err = s.choose()
		p = s.program
	case p == nil:
		err = fmt.Errorf("--blocks: %s is a %s, which has no program of operations; a family or a model has one", s.name, s.kind)
	}
	if err != nil {
		return err
	}
	if cfg.Title == "" {
		cfg.Title = s.title()
	}
	cfg.Strategy = s.strategy
	if p.Open() {
		return a.drawFamily(cmd.Output, format, s, p, cfg)
	}
	m, err := a.measure(s)
	if err != nil {
		return err
	}
	cfg.Circuit = s.circuit
	bytes, err := a.blockFile(cmd.Output, format, p, cfg)
	if err != nil {
		return err
	}
	if a.flags.JSON {
		return a.emit(writtenFile{cmd.Output, format, bytes, m})
	}
	a.printf("%s: %s, %s\ndepth %s\n", cmd.Output, plural(m.Size, "gate"), plural(m.Wires, "wire"), m.depthText())
	return nil
}

// drawFamily draws a program for every n.
func (a *app) drawFamily(path, format string, s *subject, p *program.Program, cfg diagram.Config) error {
	bytes, err := a.blockFile(path, format, p, cfg)
	if err != nil {
		return err
	}
	f, err := formula.Of(p, cfg.Strategy)
	if err != nil {
		return err
	}
	if a.flags.JSON {
		return a.emit(drawnFamily{
			writtenFile{File: path, Format: format, Bytes: bytes},
			s.name, cfg.Strategy.String(), a.model.Name,
			f.InN(f.Depth).String(), f.InN(f.Gates).String(),
		})
	}
	a.printf("%s: at most %s gates for every n ≥ %d\ndepth at most %s (%s model: %s)\n",
		path, pretty(f.InN(f.Gates)), f.From, pretty(f.Depth), a.model.Name, a.model.Note)
	return nil
}

// blockConfig returns the format of a block diagram and what the flags say of it.
func (cmd *drawCmd) blockConfig() (string, diagram.Config, error) {
	format := strings.TrimPrefix(filepath.Ext(cmd.Output), ".")
	palette, err := draw.ParsePalette(cmd.Palette)
	cfg := diagram.Config{Title: cmd.Title, Fold: cmd.Fold, Palette: palette, Direction: draw.Direction(cmd.Direction), NoCaption: cmd.NoCaption}
	switch {
	case !slices.Contains(diagram.Formats(), format):
		return "", cfg, fmt.Errorf("%s: unknown format %q of a block diagram; known: .%s", cmd.Output, filepath.Ext(cmd.Output), strings.Join(diagram.Formats(), " ."))
	case err != nil:
		return "", cfg, fmt.Errorf("--palette: %w", err)
	case cmd.Path:
		return "", cfg, fmt.Errorf("--path shows gates, and --blocks operations: give one of them")
	case len(cmd.Cone) > 0:
		return "", cfg, fmt.Errorf("--cone shows gates, and --blocks operations: give one of them")
	case len(cmd.Unfold) > 0:
		return "", cfg, fmt.Errorf("--unfold shows gates, and --blocks operations: give one of them")
	case cmd.Width != 0 && (format != "png" || cmd.Width != float64(int(cmd.Width)) || cmd.Width < 1):
		return "", cfg, fmt.Errorf("--width: of block diagrams a .png has a width, a whole number of pixels")
	}
	cfg.Pixels = int(cmd.Width)
	return format, cfg, nil
}

// blockFile draws a program into a file.
func (a *app) blockFile(path, format string, p *program.Program, cfg diagram.Config) (int64, error) {
	m := a.meter("drawing " + path)
	defer m.end()
	return a.writeFile(path, func(w io.Writer) error { return diagram.Write(a.ctx, w, p, format, cfg) })
}
