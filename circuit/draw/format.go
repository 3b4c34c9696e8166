package draw

import (
	"io"

	"github.com/tc0lab/tc0/circuit"
)

// Format is a kind of file that a figure can be written as.
type Format struct {
	Name  string // also the extension of the file, without the dot
	Write func(w io.Writer, c *circuit.Circuit, cfg Config) error
}

// Formats returns the kinds of file there are.
func Formats() []Format {
	return []Format{
		{"dot", DOT},
		{"svg", SVG},
	}
}
