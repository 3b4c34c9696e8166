// Package th reads and writes circuits of threshold gates in the format of threABC
// (github.com/nianzelee/threABC), which extends ABC by threshold logic.
//
// # Grammar
//
// A file is lines of words; blank lines matter only as the first line.
//
//	file   = [ comment ] model { input } { output } { gate } [ ".end" ]
//	comment = any line
//	model  = ".model" [ name ]
//	input  = ".input" { name }
//	output = ".output" { name }
//	gate   = ".threshold" { name } name
//	         { weight } bound
//
// A name is of printable signs in UTF-8 and does not begin with a dot.
//
// A gate takes two lines. The last name of the first is the signal that it drives, the others are
// its inputs; the second line has a weight for each input and the bound. The gate is 1 if the sum
// of the weights of those inputs that are 1 is at least the bound. Weights and bounds are integers
// in decimal, with a sign or without, of any size that a circuit holds (2^65536). A gate may come
// before those it reads, and may have no inputs: then it is the constant [0 ≥ bound]. The name
// CONST1 is the constant 1, as threABC writes it, and has no definition. At least one .input and
// one .output line must be there, with or without names; .inputs and .outputs are understood, too.
// Lines end with LF or CR LF.
//
// Every gate stays one, a buffer (weight 1, bound 1) as well: a THRESHOLD gate on a sum of one
// term. An input that a gate names repeatedly has the sum of its weights, and an input of weight 0
// is not a wire of the circuit; the wires of the design count both as the file does.
//
// The only comment of the format is the first line, unless that is the line of the model and no
// other such line follows it. It is divided at tabs: the parts are the comments of the design,
// those that describe ports among them; see package netlist.
//
// A byte-order mark at the start is left out. A line has at most [netlist.LongestLine] bytes, and
// empty lines have [netlist.MostIdle] together.
//
// # What is written
//
// Each gate as one threshold gate, sums flattened. A complemented input has the opposite weight,
// with the bound moved by as much; NOT and BUF gates are looked through, as they cost nothing under
// the standard depth model. A complemented output is absorbed by its gate, which then is the
// complement, unless that gate has another reader; otherwise it is a gate of one input with weight
// −1 and bound 0. An output that is a BUF, an input, or a gate that another output names, is a gate
// with weight 1 and bound 1; a constant is a gate on CONST1. The constants among the inputs of a
// gate go into its bound.
//
// The gates that drive outputs come first. threABC itself reads more narrowly than this:
// weights of 32 bits, first lines and lines of weights of less than 1000 bytes, and as the
// first gates one of one input for each output, in their order. [circuit.Builder.Buf] in a
// builder that keeps gates makes such a gate.
package th
