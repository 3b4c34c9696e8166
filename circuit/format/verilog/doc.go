// Package verilog writes a circuit as a module of synthesisable Verilog-2001.
//
// # What is written
//
//	file      = { "// : " text "\n" } "module " name " (" [ port { "," port } ] ");"
//	            { sum | residue | gate } { output } "endmodule" .
//	port      = ( "input" | "output" ) [ "signed" ] [ "[" k-1 ":0]" ] name .
//	sum       = "wire signed [" w-1 ":0] " name " = " term { ( "+" | "-" ) term } ";" .
//	term      = "$signed({1'b0, " bit "})" | "(" bit " ? " weight " : " zero ")" | [ weight " * " ] sum .
//	residue   = "wire [" w-1 ":0] " name " = (" term { " + " term } ") % " m ";" .
//	gate      = "wire " name " = " expression ";" .
//	output    = "assign " name [ "[" i "]" ] " = " literal ";" .
//
// A port of several wires is a vector, signed if it is in two's complement, wire 0 its
// bit 0; a port without wires is left out. The expression of a gate is & | ^ and ~ of
// bits; of a threshold gate a comparison sum >= constant; of a MOD gate comparisons of
// the residue of the sum. Gates that read one sum share its wire, and so do sums.
//
// # Width and sign
//
// An expression of Verilog is unsigned if one of its operands is, and is computed in the width of
// its widest operand and of its target. So all operands of a sum are signed, constants have a
// width, and a sum has the bits of its limits, which hold for its partial sums too, so it cannot
// overflow. Residues are unsigned, since % has the sign of its left operand: the weights are taken
// modulo m before, to 0..m-1, so that the division is of few bits. Modulo a power of two the high
// bits are left out instead.
//
// # Names
//
// A name that is not a simple identifier, or is a keyword, is escaped: \x[2,3] with a space behind
// it. Signs that must not be in such a name, or that confuse preprocessors, become underscores; a
// name that is taken gets a number.
package verilog
