// Package handwritten reads and writes circuits as a text that a person can write, a gate a line.
//
//	# two of three, and whether a and b differ
//	input a b c
//	output y
//	output differ = not same
//	y    = maj(a, b, c)
//	same = xnor(a, b)
//
// # Grammar
//
//	file    = { line }
//	line    = [ model | input | output | stage | sum | gate ] [ "#" comment ]
//	model   = "model" name
//	input   = "input" name { [ "," ] name } | "input" port [ "=" name { "," name } ]
//	output  = "output" name { [ "," ] name } | "output" ( name | port ) [ "=" literal { "," literal } ]
//	port    = name ":" count ( "bits" | "bit" ) [ format ]
//	format  = "unsigned" | "signed" | ( "thermometer" | "onehot" ) [ integer ]
//	        | "weighted" [ integer ] "(" [ integer { "," integer } ] ")"
//	stage   = "stage" [ name { "/" name } ]
//	sum     = "sum" name "=" terms
//	gate    = name "=" ( literal | call | "[" terms compare terms "]" | mod )
//	call    = kind "(" [ literal { "," literal } ] ")"
//	kind    = "and" | "or" | "nand" | "nor" | "xor" | "xnor" | "not" | "buf" | "maj" | "majority"
//	compare = ">=" | ">" | "<=" | "<"
//	mod     = "mod" count "(" [ terms { "," terms } ] ")" "in" "{" [ count { "," count } ] "}"
//	terms   = [ "-" ] term { ( "+" | "-" ) term }
//	term    = [ count [ "*" ] ] ( literal | name of a sum ) | count
//	literal = { "not" } ( name | "0" | "1" ) | { "not" } "(" literal ")"
//
// A name is a letter or "_", then letters, digits, "_", "." and indices such as [2,3], so x[2,3] is one
// name; any other name, and a word of the format, is in quotes, as in Go: "22", "a b". A "#" begins a
// comment, also between quotes, where it is written \x23. Kinds may be in upper case.
//
// A complement in front of a name is free; "y = not x" is a NOT gate, and "y = x" a BUF, free as well
// under the standard model. "maj" is 1 where more than half of its inputs are. The comparison of sums is
// a THRESHOLD gate: what is on its right side goes to the left, and [S <= T] is [-S >= -T]. "mod 3 (a, b)
// in {1, 2}" is 1 where a + b leaves one of the residues. A sum is a bundle of wires and no gate: lines
// that read it share it, so that a file stays small.
//
// A line reads names of the lines above it; an "output" may stand anywhere. So there are no loops, and
// the order of lines is the order of gates. Every name has one meaning. Input "x : 3 bits" has the
// wires x.0, the low bit, to x.2, unless "=" names them; one bit without a format is x itself. An output
// port reads signals of such names, unless "=" lists what it reads. Gates behind a line "stage" belong to
// that stage, given from the outermost on; "stage" alone is the circuit.
//
// Every gate is kept as it stands. Numbers have the size that a circuit holds (2^65536), moduli
// that of [MostModulus]. A line has at most [netlist.LongestLine] bytes, comments and empty lines
// [netlist.MostIdle] together, and inputs by their number are at most what [netlist.Affords]; more of
// them are named one by one.
//
// # What is written
//
// All of a circuit: every gate of the table of package gates, in order, stages, ports. A sum that several
// gates or another sum read has a line, any other stands in its gate, so the file has the size of the
// circuit and not that of its flattened sums. Gates have the names of their file, of the outputs they
// drive, or g and their number; names of sums are lost. Sums that nothing reads, and stages without a gate
// or input, are left out.
package handwritten
