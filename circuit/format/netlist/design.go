package netlist

import "github.com/tc0lab/tc0/circuit"

// Design is a circuit with what a file says of it besides.
type Design struct {
	Circuit  *circuit.Circuit
	Name     string   // of the model; "" if there is none
	Comments []string // in order, without the signs that mark them; those of ports apart

	// Signals has the name of each gate, by gate, "" where there is none. It is nil if the
	// format knows no names.
	Signals []string

	// Wires is how many inputs the gates of the file have, as they are written: constants,
	// repeated inputs and weights of 0 included. It is 0 for a design that was not read.
	Wires int64
}

// Of returns the design of a circuit that comes from no file.
func Of(c *circuit.Circuit) *Design { return &Design{Circuit: c} }
