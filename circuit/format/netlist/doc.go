// Package netlist has the common parts of the readers and writers of foreign circuit formats.
//
// A reader takes its lines from [Lines], which bounds them: a line has at most [LongestLine] bytes,
// and comments and empty lines have [MostIdle] bytes together. So a file without an end, such as a
// pipe that never ends its line, is refused with the place and what was too long. A byte-order mark
// in front of the first line is left out. Mostly a [Scanner] cuts the lines into words with their
// places. If signals have names, a [File] adds a [Netlist]: it collects gates by the names of the
// signals they drive, in any order. If signals have numbers, an [Index] finds their meaning.
// Lines of a common sort, which most are, a format may read before they are cut, by [Lexis.Plain]: with
// [Netlist.DefineLine], or as [Word] values of its [Signs], which [Netlist.DefineWords] takes. It leaves all
// others alone.
// [Order] then puts the gates in order, or names a loop of them with their places. The result is a
// [Design]: a circuit with its name, its comments, notes of what the reader changed, and the names
// of its signals. [Design.Group] makes integers of single bits a[0], a[1] and so on.
//
// A writer starts with a Design. [Fit] refuses gates that the format does not have. [Names] gives
// every wire a name that the format can write, and a [Printer] writes the text.
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
// weighted+OFFSET:W,W,...; NAME goes on to the end of the line; it is quoted as in Go if it would
// not come back otherwise. Other tools ignore comments. A reader takes the bits for the ports that
// the comments describe, in order, and refuses a file if the comments describe more or fewer bits.
package netlist
