// Package bench reads and writes circuits in the ISCAS .bench format, in which the
// ISCAS-85 benchmarks (Brglez and Fujiwara 1985) are distributed.
//
// # Grammar
//
// A file is a list of lines. A line is empty or has one statement, and may end with a comment.
//
//	line      = [ statement ] [ "#" comment ]
//	statement = "INPUT" "(" name ")"
//	          | "OUTPUT" "(" name ")"
//	          | name "=" kind "(" name { "," name } ")"
//	          | name "=" "LUT" table "(" name { "," name } ")"
//	          | name "=" "MUX" "(" name "," name "," name ")"
//	          | name "=" "DFF" "(" name ")"
//	          | name "=" constant [ "(" ")" ]
//	kind      = "AND" | "OR" | "NAND" | "NOR" | "XOR" | "XNOR" | "NXOR"
//	          | "NOT" | "INV" | "BUFF" | "BUF"
//	constant  = "gnd" | "CONST0" | "vdd" | "CONST1"
//	table     = "0x" hex-digit { hex-digit }
//
// The words are understood in any case, names are not changed. A name is of printable
// signs in UTF-8 except the space and # ( ) , =. Statements stand in any order, so that a gate may
// come before those that it reads. Lines end with LF or CR LF.
//
// NOT, INV, BUFF and BUF have one input, the others one or more. They stay gates: under the depth
// model [github.com/tc0lab/tc0/gates.NotCounted] the levels are those of the published tables. A
// constant is not a gate. The names gnd and vdd, in lower case only, are constants, too, if gates
// read them and the file does not define them. An output that is declared again gets another name.
//
// MUX has the input that selects first, as in circuits with locked logic: MUX(s, a, b) is a where s
// is 0, and b where it is 1. Some tools have it last, so a note of the design says what was read.
// It becomes an OR of two ANDs and a NOT.
//
// DFF is a latch, and refused unless [Config] says that latches are cut. Then the signal that it
// drives is an input behind the others, and its next value an output behind the others, named like
// the latch with _next behind it.
//
// LUT is an extension of ABC and mockturtle: bit i of the table, counted from the low one,
// is the value for the inputs whose binary number is i, the first input being the low bit;
// up to 15 inputs. It becomes one gate if the table is that of an AND, OR, NAND, NOR, XOR,
// XNOR, NOT or BUF of literals, else an OR of one AND for each 1 of the table. Either way
// complements are NOT gates.
//
// A byte-order mark at the start is left out. A line has at most [netlist.LongestLine] bytes, and
// comments and empty lines have [netlist.MostIdle] together.
//
// # What is written
//
// Each gate as it is. A complemented literal is a NOT gate, one for each gate that is read
// complemented; a constant is a signal of its own. An output that is not a gate of its own (an
// input, a constant, a complement, a second name) is a BUFF, a NOT or a constant. Comments come
// first, among them those that describe ports; see package netlist.
//
// ABC reads XOR and XNOR of two inputs only, and takes every line that begins with INPUT
// or OUTPU for a declaration; so [Repertoire] has XOR of two inputs, and no name begins
// like that. Wider XORs, which other tools read, are written as they stand.
package bench
