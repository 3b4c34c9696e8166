// Package aiger reads and writes and-inverter graphs in the AIGER format, by which ABC,
// model checkers and SAT solvers exchange circuits: the ASCII form and the binary form,
// versions 1.0 and 1.9, combinational circuits and those whose latches are cut.
//
// # Grammar
//
//	file     = header inputs latches outputs ands { symbol } [ comments ]
//	header   = kind " " M " " I " " L " " O " " A [ " " B [ " " C [ " " J [ " " F ]]]] EOL
//	kind     = "aag" | "aig"                     ASCII or binary
//	inputs   = { literal EOL }                   I lines; none in the binary form
//	latches  = { literal " " next [ " " first ] EOL }   L lines in the ASCII form
//	         | { next [ " " first ] EOL }        L lines in the binary form
//	outputs  = { literal EOL }                   O lines
//	ands     = { lhs " " rhs " " rhs EOL }       A lines in the ASCII form
//	         | { delta delta }                   A pairs in the binary form
//	symbol   = ( "i" | "l" | "o" ) position " " name EOL
//	comments = "c" [ text ] EOL { text EOL }
//	EOL      = LF | CR LF
//
// M is the greatest variable, I, L, O and A count inputs, latches, outputs and AND gates;
// B, C, J and F count bad-state properties, invariant constraints, justice properties and
// fairness constraints. Numbers are decimal, without leading zeros, and parted by one
// space. A literal is 2·variable, or 2·variable + 1 for its complement; literal 0 is the
// constant false and 1 is true. A position counts from 0. A name is the rest of the line,
// in UTF-8.
//
// In the ASCII form inputs and left-hand sides are literals of variables 1..M, even, each defined
// once. Some variables may be undefined, and gates may stand before the gates that they read. In
// the binary form, M = I + L + A: the inputs are the variables 1..I, and latches and gates follow
// in order, with lhs > rhs0 ≥ rhs1. A gate is the deltas lhs − rhs0 and rhs0 − rhs1, each in groups
// of seven bits, the low ones first, in bytes whose top bit says that another follows.
//
// Text right behind the c, as ABC writes it, is the first comment; it does not begin with a digit,
// which makes the line a symbol. The last line need not have an end; empty lines between symbols
// are read over.
//
// # What is read
//
// A latch is refused, unless [Config] says that latches are cut: then it is an input behind the
// others, and its next value an output behind the others, named like the latch with _next behind
// it; first values are left out. A property of version 1.9 is refused. The gates of a file are kept
// as they are, redundant ones included, as AND gates of two inputs that may be complemented, so
// that counts and levels (AND gates only: the standard depth model) are the published ones. An
// input or output without a symbol is named by its position, such as i0 and o0. Inputs have
// different names, and outputs have different names: a symbol that repeats one gets a number behind
// it, and of two symbols of one position the first stays. A note of the design says so. An input
// and an output may have the same name. A byte-order mark at the start is left out.
//
// Memory depends on what has been read of the file. A line has at most [netlist.LongestLine] bytes,
// and comments and empty lines have [netlist.MostIdle] together. In a binary file inputs do not
// take any bytes, so at most 4096 inputs and 8 for each byte of the file are read.
//
// # What is written
//
// Gates other than AND of two inputs are refused with a [*netlist.UnfitError]; [basis.Express]
// makes them of ANDs. Variables are numbered without gaps, inputs first, then gates in the order of
// the circuit. Symbols are written, except names such as i0 in their place. Ports of several wires
// are described in comments: see package netlist. The names of gates and the stages of a circuit
// are lost.
//
// Source: A. Biere, The AIGER And-Inverter Graph (AIG) Format, version 20071012;
// A. Biere, K. Heljanko, S. Wieringa, AIGER 1.9 And Beyond, report 11/2, FMV, Johannes
// Kepler University, 2011.
package aiger
