package draw

import (
	"cmp"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/figure"
	"github.com/tc0lab/tc0/internal/press"
)

// Direction is the way depth grows in a figure.
type Direction = figure.Direction

// The directions, by their names in Graphviz.
const (
	LeftRight = figure.LeftRight
	BottomTop = figure.BottomTop
	TopBottom = figure.TopBottom
)

// Palette is the colours of a figure, and Ink those of one kind of shape, as #rrggbb.
type (
	Palette = press.Palette
	Ink     = press.Ink
)

// Paper is the default: tints of the colours that Okabe and Ito chose to be told
// apart by colour-blind readers. Shapes differ too, and the tints differ in grey.
func Paper() Palette { return press.Paper() }

// Grey is a palette for journals that print in black only.
func Grey() Palette { return press.Grey() }

// ParsePalette finds a palette by its name, "paper" or "grey".
func ParsePalette(name string) (Palette, error) { return press.ParsePalette(name) }

// Defaults of [Config]. Beyond them a figure is neither readable nor quickly laid
// out.
const (
	DefaultMaxGates  = 500
	DefaultMaxWires  = 1500
	DefaultMaxColumn = 40
	DefaultMaxBoxes  = 24
	DefaultBundle    = 24
	DefaultWidth     = 8.0 // a column of a two-column article, and a little less than that of most journals
)

// Config says how a circuit is drawn. The zero value works.
type Config struct {
	Title      string           // first line of the caption; empty: none
	DepthModel gates.DepthModel // what a level is; zero: [gates.Standard]
	Direction  Direction        // empty: LeftRight, or BottomTop where a column would be tall

	// A folded circuit shows each stage as one box. It is folded on request, or if the
	// figure would exceed one of these limits. 0 is the default, negative is no limit.
	Fold      bool
	MaxGates  int
	MaxWires  int // lines drawn
	MaxColumn int // shapes in one column; two wires of a port count as one

	NoFold bool // fold for no limit, within MostGates and MostLines

	// Bundle is how many gates a figure may have before those that are alike become one shape, see
	// [DefaultBundle]; 0 is the default, negative is no limit.
	Bundle int

	// MaxBoxes is what a folded figure may have at most; 0 or less: DefaultMaxBoxes.
	// Inner stages are merged into the stage around them until it is met, then
	// neighbours into one box.
	MaxBoxes int

	// Unfold names stages that a folded figure draws gate by gate: paths such as
	// "block 1/attention", or names, which may leave out what follows " [" in them and
	// stand for every stage of the name. The figure is folded if Unfold is not empty.
	Unfold []string

	// Path is the gates of one path, from an input on, each read by the next. They and
	// the lines between them are drawn heavier. Empty: none.
	Path []circuit.Gate

	Width  float64 // of the column that it is laid out for, in centimetres; 0: DefaultWidth, one of two columns
	Pixels int     // width of a PNG; 0: two a point, fewer where a side would exceed 4096

	Palette   Palette // zero: [Paper]
	NoCaption bool    // leave the depth, the counts and the legend to the text around the figure
	NoRuler   bool    // leave the levels unmarked

	space  space
	coarse bool // sums and ports are bundled too
}

// space is how much of it a layout takes.
type space uint8

const (
	roomy space = iota
	close       // columns stand closer, at the cost of short lines
	tight       // and no room is kept for the weights on lines
)

// complete returns cfg with its zero fields filled in, or says what is wrong with it.
func (cfg Config) complete() (Config, error) {
	if cfg.DepthModel.Name == "" {
		cfg.DepthModel = gates.Standard()
	}
	cfg.Palette = cmp.Or(cfg.Palette, Paper())
	cfg.Width = cmp.Or(cfg.Width, DefaultWidth)
	if !(cfg.Width >= leastWidth && cfg.Width <= mostWidth) {
		return cfg, fmt.Errorf("draw: a width of %v cm is outside %v to %v", cfg.Width, leastWidth, mostWidth)
	}
	if cfg.NoFold {
		cfg.MaxGates, cfg.MaxWires, cfg.MaxColumn = -1, -1, -1
	}
	cfg.MaxGates = cmp.Or(cfg.MaxGates, DefaultMaxGates)
	cfg.Bundle = cmp.Or(cfg.Bundle, DefaultBundle)
	cfg.MaxWires = cmp.Or(cfg.MaxWires, DefaultMaxWires)
	cfg.MaxColumn = cmp.Or(cfg.MaxColumn, DefaultMaxColumn)
	if cfg.MaxBoxes <= 0 {
		cfg.MaxBoxes = DefaultMaxBoxes
	}
	if cfg.Direction == "" {
		return cfg, nil
	}
	return cfg, cfg.Direction.Check("draw")
}

// MostGates and MostLines are what a figure may have where [Config.NoFold] is set. They are limits of
// ours: the layout of more takes minutes, and nobody reads it.
const (
	MostGates = 1500
	MostLines = 800
)

// What TeX can typeset, in centimetres.
const (
	leastWidth = 1.0
	mostWidth  = 500.0
)
