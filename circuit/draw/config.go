package draw

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
)

// Direction is the way depth grows in a figure.
type Direction string

// The directions, by their names in Graphviz.
const (
	LeftRight Direction = "LR"
	BottomTop Direction = "BT"
	TopBottom Direction = "TB"
)

// Defaults of [Config]. Beyond them a figure is neither readable nor quickly laid
// out.
const (
	DefaultMaxGates  = 500
	DefaultMaxWires  = 1500
	DefaultMaxColumn = 40
	DefaultMaxBoxes  = 24
	DefaultWidth     = 8.0 // a column of a two-column article, and a little less than that of most journals
)

// Config says how a circuit is drawn. The zero value works.
type Config struct {
	Title      string           // first line of the caption; empty: none
	DepthModel gates.DepthModel // what a level is; zero: [gates.Standard]
	Direction  Direction        // empty: LeftRight, or BottomTop where a column would be tall

	// A circuit is folded, each stage drawn as one box, if it is asked for or if the
	// figure would exceed one of these limits. 0 is the default, negative no limit.
	Fold      bool
	MaxGates  int
	MaxWires  int // lines drawn
	MaxColumn int // shapes in one column; two wires of a port count as one

	// MaxBoxes is what a folded figure may have at most; 0 or less: DefaultMaxBoxes.
	// Inner stages are merged into the stage around them until it is met, then
	// neighbours into one box.
	MaxBoxes int

	// Unfold names stages that a folded figure draws gate by gate: paths such as
	// "block 1/attention", or names, which may leave out what follows " [" in them and
	// stand for every stage of the name. Where it is not empty the figure is folded.
	Unfold []string

	// Path is the gates of one path, from an input on, each read by the next. They and
	// the lines between them are drawn heavier. Empty: none.
	Path []circuit.Gate

	Width  float64 // of TikZ, in centimetres; 0: DefaultWidth, one column of two
	Pixels int     // width of a PNG; 0: as [RasterConfig] says

	Palette   Palette // zero: [Paper]
	NoCaption bool    // leave the depth, the counts and the legend to the text around the figure
	NoRuler   bool    // leave the levels unmarked

	tight bool // columns stand closer, at the cost of short lines
}

// complete returns cfg with its zero fields filled in, or says what is wrong with it.
func (cfg Config) complete() (Config, error) {
	if cfg.DepthModel.Name == "" {
		cfg.DepthModel = gates.Standard()
	}
	if cfg.Palette == (Palette{}) {
		cfg.Palette = Paper()
	}
	if cfg.Width == 0 {
		cfg.Width = DefaultWidth
	}
	if !(cfg.Width >= leastWidth && cfg.Width <= mostWidth) {
		return cfg, fmt.Errorf("draw: a width of %v cm is outside %v to %v", cfg.Width, leastWidth, mostWidth)
	}
	cfg.MaxGates = orDefault(cfg.MaxGates, DefaultMaxGates)
	cfg.MaxWires = orDefault(cfg.MaxWires, DefaultMaxWires)
	cfg.MaxColumn = orDefault(cfg.MaxColumn, DefaultMaxColumn)
	if cfg.MaxBoxes <= 0 {
		cfg.MaxBoxes = DefaultMaxBoxes
	}
	switch cfg.Direction {
	case "", LeftRight, BottomTop, TopBottom:
	default:
		return cfg, fmt.Errorf("draw: unknown direction %q; known: %s %s %s", string(cfg.Direction), LeftRight, BottomTop, TopBottom)
	}
	return cfg, nil
}

// What TeX can typeset, in centimetres.
const (
	leastWidth = 1.0
	mostWidth  = 500.0
)

func orDefault(v, def int) int {
	if v == 0 {
		return def
	}
	return v
}

// ends returns the sides of a node, as Graphviz names them, where lines leave and
// where they arrive.
func (d Direction) ends() (leave, arrive string) {
	switch d {
	case BottomTop:
		return "n", "s"
	case TopBottom:
		return "s", "n"
	}
	return "e", "w"
}
