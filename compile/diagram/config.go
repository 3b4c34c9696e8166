package diagram

import (
	"cmp"
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/figure"
	"github.com/tc0lab/tc0/internal/press"
)

// Defaults of [Config]. Beyond them a figure is not readable.
const (
	DefaultMaxOperations = 120
	DefaultMaxBoxes      = 40
)

// Config says how a program is drawn. The zero value works.
type Config struct {
	Title    string         // first line of the caption; empty: the program's name, unless NoCaption is set
	Strategy lower.Strategy // of the layers and gates; zero: the plain thermometer, as of [lower.Program]

	// Circuit is what the program was lowered to by the strategy. Then the depth and the
	// gates of the whole and of stages are counted in it; nil: they are bounds by formula.
	Circuit *circuit.Circuit

	Direction draw.Direction // the way data flow; empty: TopBottom
	Unroll    bool           // draw each copy of a repeated body; else one of them

	// A program is folded on request, or if it has more operations than MaxOperations,
	// repeated ones counted once. Then stages become boxes, innermost first, and after
	// that neighbours become one box, until there are at most MaxBoxes. Outputs do not
	// count. 0 or less is the default. Where it would be too small to read on the page, it is folded
	// innermost stages first, but in DOT. NoFold draws each operation all the same.
	Fold, NoFold  bool
	MaxOperations int
	MaxBoxes      int

	Columns   int          // side by side; 0: as many as it takes to be read on a page, but one of DOT
	Width     float64      // of the page or column that it is laid out for, in centimetres; 0: 17
	Pixels    int          // width of a PNG; 0: that of [draw.Config]
	Palette   draw.Palette // zero: [draw.Paper]
	NoCaption bool         // leave the depth, the sizes and the legend to the text around the figure
}

// complete returns cfg with its zero fields filled in, or says what is wrong with it.
func (cfg Config) complete() (Config, error) {
	cfg.Palette = cmp.Or(cfg.Palette, press.Paper())
	cfg.Width = cmp.Or(cfg.Width, 17)
	if !(cfg.Width >= 1 && cfg.Width <= 500) {
		return cfg, fmt.Errorf("diagram: a width of %v cm is outside 1 to 500", cfg.Width)
	}
	if cfg.MaxOperations <= 0 {
		cfg.MaxOperations = DefaultMaxOperations
	}
	if cfg.MaxBoxes <= 0 {
		cfg.MaxBoxes = DefaultMaxBoxes
	}
	cfg.Direction = cmp.Or(cfg.Direction, figure.TopBottom)
	return cfg, cfg.Direction.Check("diagram")
}
