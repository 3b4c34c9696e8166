// Package blif reads and writes combinational circuits, and those whose latches are cut, in the
// Berkeley Logic Interchange Format (University of California, Berkeley, 1992).
//
// # Grammar
//
// A file is lines of words. A "#" begins a comment, up to the end of the line. A line that
// ends with a backslash goes on in the next one; lines end with LF or CR LF.
//
//	file      = model { model }
//	model     = ".model" [ name ] { statement } [ ".end" ]
//	statement = ".inputs" { name }
//	          | ".outputs" { name }
//	          | ".names" { name } name
//	            { row }
//	          | ".conn" name name
//	          | ".subckt" name { port "=" name }
//	          | ".gate" name { pin "=" name }
//	          | ".latch" name name [ type clock ] [ first ]
//	          | other
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
// several .inputs and .outputs lines. The .end may be missing, as in ABC.
//
// An output that is named again gets another name, which a note of the design says. A byte-order
// mark at the start is left out.
//
// The first model is the circuit. The others are put in the place of its instances, .subckt, and of
// those in them; a signal in an instance has the name of the model, a number and its own name, such
// as half/1/c. So a file may become many more gates than it has lines: up to 2^26 bytes of names
// and 64 for each byte of the file, a name counted as 64 more. A model must not have an instance in
// itself.
//
// .conn says that the second signal is the first one, as in the BLIF of VTR and Yosys: it is no
// gate. .gate is a cell of a [Library], and refused without one. .latch is refused unless [Config]
// says that latches are cut: then the signal that it drives is an input behind the others, and its
// next value an output behind the others, named like the latch with _next behind it; .clock,
// .cycle, .clock_event and .latch_order are skipped then.
//
// Statements about time, area, load, drive and names are skipped, since they cannot change the
// function: .area, .delay, .and_gate_delay, .wire, .wire_load_slope, .input_arrival,
// .input_required, .output_arrival, .output_required, .input_drive, .output_load, .max_input_load,
// the same with .default_ before some of them, and .attr, .param and .cname. All others are
// refused: latches of a library (.mlatch), other files (.search), models without contents
// (.blackbox), finite state machines and don't-cares (.exdc).
//
// A line, with those that continue it, has at most [netlist.LongestLine] bytes, and comments and
// empty lines have [netlist.MostIdle] together.
//
// # Gates
//
// One cube is one gate: AND, OR, NAND, NOR, NOT or BUF of literals. So are rows of one literal
// each, and the parity of two to four inputs in full, which is a XOR or XNOR. Any other cover is a
// disjunction (OR, or NOR) whose inputs are the cubes of one literal and a gate for each cube of
// more. A cell of a library is a gate for each operator of its function. A complement is not a
// gate; it belongs to the gate that reads it. An input without a literal is not a wire of the
// circuit, but the wires of the design count it.
//
// # What is written
//
// Each gate as one .names: AND, OR, NAND and NOR of any fan-in as one cube, XOR and XNOR of up to
// four inputs as all the cubes of their parity. An output that is not a gate of its own (an input,
// a complement, a second name) is a .names of one input. A constant is a .names without inputs.
// Comments come first, among them those that describe ports; see package netlist.
package blif
