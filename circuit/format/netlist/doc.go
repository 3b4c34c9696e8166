// Package netlist is what the readers and writers of other people's circuit formats
// have in common.
//
// A reader starts with a [Scanner], which cuts the file into lines of words that know their
// place. Where signals have names, a [File] adds a [Netlist]: it collects gates by the names
// of what they drive, in any order. Where signals have numbers, an [Index] tells what they
// stand for. [Order] then puts the gates in order, or names a loop of them with their places.
// What comes out is a [Design], a circuit together with what the file says besides: its name,
// its comments and the names of its signals.
//
// A writer starts with a Design. [Fit] refuses gates that the format has no words for.
// [Names] gives every wire a name that the format can write, and a [Printer] writes the text.
//
// An [Error] tells what is wrong with a file, and where.
//
// # Ports
//
// Most formats know single bits only, and a circuit has ports that are integers. A wire
// i of a port x of several wires is written as the bit x.i. So that reading the file
// gives the same circuit back, a comment describes the ports, one line each, in order:
//
//	tc0 input WIRES FORMAT NAME
//	tc0 output WIRES FORMAT NAME
//
// FORMAT is unsigned, signed (two's complement), thermometer+OFFSET, one-hot+OFFSET or
// weighted+OFFSET:W,W,...; NAME goes on to the end of the line, quoted as in Go if it
// would not come back otherwise. Every other tool reads over a comment. A reader takes
// the bits for the ports that the comments describe, in order, and refuses a file whose
// comments describe other numbers of them.
package netlist
