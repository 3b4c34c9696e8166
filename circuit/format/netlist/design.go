package netlist

import "github.com/tc0lab/tc0/circuit"

// Design is a circuit with the other contents of its file.
type Design struct {
	Circuit  *circuit.Circuit
	Name     string   // of the model; "" if it does not have one
	Comments []string // in order, without the signs that mark them, and without those that describe ports

	// Notes say what a reader changed, one line each: names that were there before, latches cut.
	Notes []string

	// Signals has the name of each gate, by gate, "" if it does not have one. It is nil if the
	// format does not have names.
	Signals []string

	// Wires is how many inputs the gates of the file have, as they are written: constants,
	// repeated inputs and weights of 0 included. It is 0 for a design that was not read.
	Wires int64
}

// Of returns the design of a circuit that comes from no file.
func Of(c *circuit.Circuit) *Design { return &Design{Circuit: c} }
