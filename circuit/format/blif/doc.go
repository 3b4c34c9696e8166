// Package blif reads and writes combinational circuits in the Berkeley Logic Interchange
// Format (University of California, Berkeley, 1992).
//
// # Grammar
//
// A file is lines of words. A "#" begins a comment, up to the end of the line. A line that
// ends with a backslash goes on in the next one; lines end with LF or CR LF.
//
//	file      = model { statement } [ ".end" ]
//	model     = ".model" [ name ]
//	statement = ".inputs" { name }
//	          | ".outputs" { name }
//	          | ".names" { name } name
//	            { row }
//	          | timing
//	row       = [ cube ] ( "0" | "1" )
//	cube      = ( "0" | "1" | "-" ) { "0" | "1" | "-" }
//
// A name has printable signs in UTF-8, without a space and without "#".
//
// .names defines the signal of its last name by the others. The sign of a cube in the place of an
// input asks the input to be 0 or 1, or does not matter. A cube is the conjunction of these
// conditions, and the rows are a disjunction. Rows that end with 1 say where the signal is 1, rows
// that end with 0 where it is 0; one .names has rows of one sort only. Without rows it is 0.
// Without inputs, a row is a single 0 or 1, and the signal is a constant, which is not a gate.
//
// Statements stand in any order, and a signal may be read before it is defined. There may be
// several .inputs and .outputs lines. The .end may be missing, as in ABC. After it, the file ends.
//
// Statements about time, area, load and drive are skipped, since they cannot change the function:
// .area, .delay, .wire, .wire_load_slope, .input_arrival, .output_required, .input_drive,
// .output_load, .max_input_load, and the same with .default_ before the last five. All others are
// refused: latches (.latch, .mlatch), hierarchy (.subckt, .gate, .search, a second .model), clocks,
// finite state machines and don't-cares (.exdc).
//
// # Gates
//
// One cube is one gate: AND, OR, NAND, NOR, NOT or BUF of literals. So are rows of one literal
// each, and the parity of two to four inputs in full, which is a XOR or XNOR. Any other cover is a
// disjunction (OR, or NOR) whose inputs are the cubes of one literal and a gate for each cube of
// more. A complement is not a gate; it belongs to the gate that reads it. An input without a
// literal is not a wire of the circuit, but the wires of the design count it.
//
// # What is written
//
// Each gate as one .names: AND, OR, NAND and NOR of any fan-in as one cube, XOR and XNOR of up to
// four inputs as all the cubes of their parity. An output that is not a gate of its own (an input,
// a complement, a second name) is a .names of one input. A constant is a .names without inputs.
// Comments come first, among them those that describe ports; see package netlist.
package blif
