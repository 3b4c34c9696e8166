package diagram

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/lower"
)

// Defaults of [Config]. Beyond them a figure is not readable.
const (
	DefaultMaxOperations = 120
	DefaultMaxBoxes      = 40
)

// Config says how a program is drawn. The zero value works.
type Config struct {
	Title    string         // first line of the caption; empty: the program's name, unless NoCaption is set
	Strategy lower.Strategy // of the layers and gates; zero: the plain thermometer, as of [compile.Lower]

	// Circuit is what the program was lowered to by the strategy. Then the depth and the
	// gates of the whole and of stages are counted in it; nil: they are bounds by formula.
	Circuit *circuit.Circuit

	Direction draw.Direction // the way data flow; empty: TopBottom
	Unroll    bool           // draw each copy of a repeated body; else one of them

	// A program is folded if that is asked for or if it has more operations than
	// MaxOperations, repeated ones counted once. Then stages become boxes, innermost
	// first, and then neighbours one box, until there are at most MaxBoxes; the outputs
	// are apart. 0 or less is the default.
	Fold          bool
	MaxOperations int
	MaxBoxes      int

	Pixels    int          // width of a PNG; 0: that of [draw.RasterConfig]
	Palette   draw.Palette // zero: [draw.Paper]
	NoCaption bool         // leave the depth, the sizes and the legend to the text around the figure
}

// complete returns cfg with its zero fields filled in, or says what is wrong with it.
func (cfg Config) complete() (Config, error) {
	if cfg.Palette == (draw.Palette{}) {
		cfg.Palette = draw.Paper()
	}
	if cfg.MaxOperations <= 0 {
		cfg.MaxOperations = DefaultMaxOperations
	}
	if cfg.MaxBoxes <= 0 {
		cfg.MaxBoxes = DefaultMaxBoxes
	}
	switch cfg.Direction {
	case "":
		cfg.Direction = draw.TopBottom
	case draw.LeftRight, draw.BottomTop, draw.TopBottom:
	default:
		return cfg, fmt.Errorf("diagram: unknown direction %q; known: %s %s %s", string(cfg.Direction), draw.LeftRight, draw.BottomTop, draw.TopBottom)
	}
	return cfg, nil
}
