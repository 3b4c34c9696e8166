package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/analysis"
	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/circuit/format/graphml"
	"github.com/tc0lab/tc0/compile/diagram"
	"github.com/tc0lab/tc0/compile/formula"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/figure"
)

type drawCmd struct {
	target
	Output    string       `short:"o" required:"" placeholder:"FIG" help:"The figure to write; its extension names the format: .svg, .pdf, .png, .tex (TikZ), .dot (Graphviz), .graphml (for other programs; figure flags do not touch it), .html (the page of tc0 view in one file)."`
	Fold      bool         `help:"Draw each stage as one box, and how many wires go from each to each: the graph of tc0 stat --stages. Large circuits are, unless --no-fold is given."`
	NoFold    bool         `help:"Draw a large circuit gate by gate (at most 1500 gates and 800 lines), and with --blocks each operation."`
	NoBundle  bool         `help:"Draw each gate. Without it, gates of a large figure that are alike are one shape, ×24, with their lines."`
	Blocks    bool         `help:"Draw the program as a block diagram of operations with shapes and layers, instead of its circuit. Of a family without n too."`
	Unfold    []string     `sep:"none" placeholder:"STAGE" help:"Draw a stage gate by gate and the others as boxes: its name or its path (attention/quotient). Repeatable."`
	Path      bool         `help:"Highlight a longest path."`
	Cone      []string     `sep:"none" placeholder:"PORT" help:"Draw only what an output depends on: a port, or PORT.3 for wire 3 of one. Repeatable. One position of attention is --cone y[0,0]."`
	View      *string      `placeholder:"HASH" help:"Draw what the page of tc0 view shows, where it shows it: what stands behind # in its address, or the whole address. For .svg, .tex, .pdf and .png."`
	Palette   string       `placeholder:"NAME" default:"paper" help:"Colours: paper, or grey for print in black."`
	Width     figure.Width `placeholder:"W" help:"Width of the column that the figure is laid out for, such as 8cm (8cm; of a --view 17cm). Of a .png also its pixels, such as 1200 or 1200px (two a point)."`
	Direction string       `placeholder:"WAY" help:"Where depth grows: LR (to the right), BT (upwards), TB (downwards). LR unless that is too tall."`
	Title     string       `placeholder:"TEXT" help:"First line of the caption; the subject unless given."`
	NoCaption bool         `help:"Leave title, numbers and legend to the text around the figure. So does a .tex, for which the text of a \\caption is printed."`
	Caption   bool         `help:"Have them in a .tex, too."`
}

func (drawCmd) Help() string {
	return `Examples:

  tc0 draw attention:n=2,d=1,bits=2 -o head.svg
  tc0 draw attention:n=2,d=1,bits=2 --path -o head.tex
  tc0 draw addition:n=4 --cone sum.2 --cone sum.3 -o carry.pdf
  tc0 draw digits --unfold output -o digits.png --width 3000
  tc0 draw mlp:n=3,hidden=2,out=1 --palette grey --direction BT -o mlp.dot
  tc0 draw attention --blocks -o attention.pdf
  tc0 draw digits -o digits.html
  tc0 draw attention:n=2,d=1,bits=2 --view 'open=s2,s5&bits=4.6' -o view.svg

A page of tc0 view has its state behind # in its address: what is unfolded
(open), what is left out (filter), what is selected, the inputs (bits), the
level up to which there are values, and of a language model how many tokens are
the text (tokens). --view draws that state as "Save SVG" and
"Save TikZ" of the page do, to the byte; --view "" draws all folded. Values are
drawn if the state has inputs or a level.

A .tex is a document that pdflatex makes one page of, and that a paper can
take in by \input; it is scaled to --width. A .svg or a .pdf is laid out for
--width and has a page of its own width, which is printed for a .pdf: in a
paper \includegraphics[width=8cm] scales it. PNG and PDF are made by rsvg-convert (of librsvg2-bin) or
by a headless Chromium or Chrome, whichever is installed.
`
}

// figureFormat finds a format by the extension of a file.
func figureFormat(path string) (draw.Format, error) {
	var known []string
	for _, f := range append(draw.Formats(), draw.Format{Name: "graphml", Write: writeGraph}) {
		if strings.EqualFold(filepath.Ext(path), "."+f.Name) {
			return f, nil
		}
		known = append(known, "."+f.Name)
	}
	return draw.Format{}, errf("%s: unknown figure format %q; known: %s .html", path, filepath.Ext(path),
		strings.Join(known, " "))
}

// writeGraph writes the circuit for programs that draw graphs by themselves.
func writeGraph(_ context.Context, w io.Writer, c *circuit.Circuit, cfg draw.Config) (*draw.Report, error) {
	return nil, graphml.Write(w, c, graphml.Config{Name: cfg.Title, DepthModel: cfg.DepthModel})
}

// config returns what the flags say of a figure in the given format.
func (cmd *drawCmd) config(format string) (draw.Config, error) {
	palette, err := draw.ParsePalette(cmd.Palette)
	if err != nil {
		return draw.Config{}, errf("--palette: %w", err)
	}
	cfg := draw.Config{
		Title: cmd.Title, Fold: cmd.Fold, Unfold: cmd.Unfold, Palette: palette,
		Direction: draw.Direction(cmd.Direction), NoCaption: cmd.bare(format), NoFold: cmd.NoFold,
	}
	if cmd.NoBundle {
		cfg.Bundle = -1
	}
	if cfg.Width, cfg.Pixels, err = cmd.Width.Of(format); err != nil {
		return cfg, errf("%w", err)
	}
	return cfg, nil
}

// bare reports whether a figure has no caption: that of a .tex is in the text around it.
func (cmd *drawCmd) bare(format string) bool { return cmd.NoCaption || format == "tex" && !cmd.Caption }

func (cmd *drawCmd) Run(a *app) error {
	if cmd.Blocks {
		return a.drawBlocks(cmd)
	}
	if cmd.View != nil {
		return a.drawView(cmd)
	}
	if strings.EqualFold(filepath.Ext(cmd.Output), ".html") {
		return a.drawPage(cmd)
	}
	format, err := figureFormat(cmd.Output)
	if err != nil {
		return err
	}
	cfg, err := cmd.config(format.Name)
	if err != nil {
		return err
	}
	s, c, err := a.openBuilt(cmd.target)
	if err != nil {
		return err
	}
	named := cmd.Title != ""
	if !cfg.NoCaption {
		cfg.Title = cmp.Or(cfg.Title, title(s))
	}
	if len(cmd.Cone) > 0 {
		if c, err = c.Cone(cmd.Cone...); err != nil {
			return err
		}
		if !named && !cfg.NoCaption {
			cfg.Title += ", cone of " + commas(cmd.Cone)
		}
	}
	if cmd.Path {
		for _, step := range analysis.CriticalPath(c, a.model) {
			cfg.Path = append(cfg.Path, step.Gate)
		}
	}
	m := a.measureAs(s, c)
	cfg.DepthModel = a.model
	bytes, r, err := a.drawFile(cmd.Output, format, c, cfg)
	if err != nil {
		return err
	}
	f := drawnFigure{writtenFile: writtenFile{cmd.Output, format.Name, bytes, m}}
	if r != nil {
		f.figureFacts = newFigureFacts(r)
	}
	return a.show(f, func() {
		a.printFigure(s, f.writtenFile)
		if r != nil {
			a.printHow(r, f.File, format.Name)
		}
	}, true)
}

// showFigure tells what was drawn.
func (a *app) showFigure(s subject, f writtenFile) error {
	return a.show(f, func() { a.printFigure(s, f) }, true)
}

// printFigure prints what the circuit of a figure has.
func (a *app) printFigure(s subject, f writtenFile) {
	a.Printf("%s: %s, %s\ndepth %s\n", f.File, plural(f.Size, "gate"), plural(f.Wires, "wire"), f.depthText())
	a.printBasis(s)
}

// drawFile draws a circuit into a file and returns its length and what it shows; nil if that is not
// known.
func (a *app) drawFile(
	path string, format draw.Format, c *circuit.Circuit, cfg draw.Config,
) (n int64, r *draw.Report, err error) {
	defer a.meter("drawing " + path).end()
	n, err = a.writeFile(path, func(w io.Writer) error {
		r, err = format.Write(a.ctx, w, c, cfg)
		return err
	})
	return n, r, err
}

// drawnFamily is what --json says of the block diagram of a family.
type drawnFamily struct {
	writtenFile
	*figureFacts
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
	if !cfg.NoCaption || cmd.NoCaption { // a block diagram has a title always, but for a .tex
		cfg.Title = cmp.Or(cfg.Title, title(s))
	}
	cfg.Strategy = of.strategy
	if p.Open() {
		return a.drawFamily(cmd.Output, format, s, p, cfg)
	}
	m, err := a.measure(s)
	if err != nil {
		return err
	}
	cfg.Circuit = of.circuit
	bytes, r, err := a.blockFile(cmd.Output, format, p, cfg)
	if err != nil {
		return err
	}
	f := writtenFile{cmd.Output, format, bytes, m}
	return a.show(drawnFigure{f, newFigureFacts(r)}, func() {
		a.printFigure(s, f)
		a.printBlocks(r, cmd.Output, format)
	}, true)
}

// drawFamily draws a program for every n.
func (a *app) drawFamily(path, format string, s subject, p *program.Program, cfg diagram.Config) error {
	bytes, r, err := a.blockFile(path, format, p, cfg)
	if err != nil {
		return err
	}
	f, err := formula.Of(p, cfg.Strategy)
	if err != nil {
		return err
	}
	return a.show(drawnFamily{
		writtenFile{File: path, Format: format, Bytes: bytes},
		newFigureFacts(r),
		s.name(), cfg.Strategy.String(), a.model.Name,
		f.InN(f.Depth).String(), f.InN(f.Gates).String(),
	}, func() {
		a.Printf("%s: at most %s gates for every n ≥ %d\ndepth at most %s (%s model: %s)\n",
			path, paper.Pretty(f.InN(f.Gates)), f.From, paper.Pretty(f.Depth), a.model.Name, a.model.Note)
		a.printBlocks(r, path, format)
	}, true)
}

// blockConfig returns the format of a block diagram and what the flags say of it.
func (cmd *drawCmd) blockConfig() (string, diagram.Config, error) {
	format := strings.TrimPrefix(filepath.Ext(cmd.Output), ".")
	palette, err := draw.ParsePalette(cmd.Palette)
	cfg := diagram.Config{
		Title:     cmd.Title,
		Fold:      cmd.Fold,
		NoFold:    cmd.NoFold,
		Palette:   palette,
		Direction: draw.Direction(cmd.Direction),
		NoCaption: cmd.bare(format),
	}
	switch {
	case !slices.Contains(diagram.Formats(), format):
		return "", cfg, errf("%s: unknown format %q of a block diagram; known: .%s", cmd.Output,
			filepath.Ext(cmd.Output), strings.Join(diagram.Formats(), " ."))
	case err != nil:
		return "", cfg, errf("--palette: %w", err)
	case cmd.View != nil:
		return "", cfg, errf("--view shows gates, and --blocks operations: give one of them")
	case cmd.Path || len(cmd.Cone)+len(cmd.Unfold) > 0:
		flag := "unfold"
		if len(cmd.Cone) > 0 {
			flag = "cone"
		}
		if cmd.Path {
			flag = "path"
		}
		return "", cfg, errf("--%s shows gates, and --blocks operations: give one of them", flag)
	}
	if cfg.Width, cfg.Pixels, err = cmd.Width.Of(format); err != nil {
		return "", cfg, errf("%w", err)
	}
	return format, cfg, nil
}

// blockFile draws a program into a file.
func (a *app) blockFile(
	path, format string, p *program.Program, cfg diagram.Config,
) (n int64, r *draw.Report, err error) {
	defer a.meter("drawing " + path).end()
	n, err = a.writeFile(path, func(w io.Writer) error {
		r, err = diagram.Write(a.ctx, w, p, format, cfg)
		return err
	})
	return n, r, err
}

// Widths of columns that the size of text is told for, in centimetres: one of two columns, and both.
const (
	oneColumn  = 8.0
	twoColumns = 17.0
)

// figureFacts is what --json says of how a figure shows a circuit.
type figureFacts struct {
	Folded     string  `json:"folded,omitempty"` // why, where it was not asked for
	Alike      int     `json:"bundled_gates"`
	Smallest8  float64 `json:"smallest_text_pt_at_8cm,omitempty"`
	Smallest17 float64 `json:"smallest_text_pt_at_17cm,omitempty"`
	LaTeX      string  `json:"latex_caption"`
}

// drawnFigure is what --json says of a figure.
type drawnFigure struct {
	writtenFile
	*figureFacts
}

func newFigureFacts(r *draw.Report) *figureFacts {
	return &figureFacts{r.Folded, r.Alike, r.At(oneColumn), r.At(twoColumns), r.LaTeX()}
}

// printHow tells what is not drawn gate by gate, how large text is, and what would help if it is
// too small.
func (a *app) printHow(r *draw.Report, path, format string) {
	a.printFolded(r)
	if r.Alike > 0 {
		a.Printf("%s that are alike are drawn as %s; --no-bundle draws each\n",
			plural(r.Alike, "gate"), plural(r.Parts, "shape"))
	}
	a.printText(r, path, "a wider --width, --fold, --cone PORT, --blocks or a smaller n make")
	if format == "tex" && !r.Caption {
		a.Printf("%s\n", r.LaTeX())
	}
}

// printFolded tells that stages are boxes, where that was not asked for.
func (a *app) printFolded(r *draw.Report) {
	if r.Folded != "" {
		a.Printf("folded by stage: %s one by one; --no-fold draws each\n", r.Folded)
	}
}

// printBlocks tells how large text of a block diagram is.
func (a *app) printBlocks(r *draw.Report, path, format string) {
	a.printFolded(r)
	a.printText(r, path, "a wider --width, --fold or fewer layers make")
	if format == "tex" && !r.Caption {
		a.Printf("%s\n", r.LaTeX())
	}
}

// pageWidth returns the width of the page of a PDF that was written, with its margins and caption, in centimetres; 0 of
// other files, and where the page is not found.
func pageWidth(path string) float64 {
	if !strings.EqualFold(filepath.Ext(path), ".pdf") {
		return 0
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	m := mediaBox.FindSubmatch(raw)
	if m == nil {
		return 0
	}
	points, err := strconv.ParseFloat(string(m[1]), 64)
	if err != nil {
		return 0
	}
	return points * 2.54 / 72
}

var mediaBox = regexp.MustCompile(`/MediaBox\s*\[\s*0 0 ([0-9.]+) `)

// printText tells how large the smallest text of a figure is, and what helps.
func (a *app) printText(r *draw.Report, path, help string) {
	if r.Wide == 0 {
		return
	}
	at := func(cm float64) string { return fmt.Sprintf("%.1f pt at %g cm", r.At(cm), cm) }
	a.Printf("smallest text: %s, %s", at(oneColumn), at(twoColumns))
	if r.Column != oneColumn && r.Column != twoColumns {
		a.Printf(", %s", at(r.Column))
	}
	a.Printf("\n")
	if wide := pageWidth(path); wide > r.Column {
		a.Printf("the page is %.1f cm wide; \\includegraphics[width=%gcm] makes it %[2]g cm and its text %.1f pt, "+
			"a .tex is scaled to --width\n", wide, r.Column, r.Smallest*r.Column/wide)
	}
	if math.Round(10*r.At(r.Column))/10 < draw.Readable { // as it is printed
		a.Printf("less than %g pt at %g cm: %s text larger\n", draw.Readable, r.Column, help)
	}
}
