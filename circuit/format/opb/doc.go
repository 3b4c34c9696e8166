// Package opb writes circuits as pseudo-Boolean constraints in OPB, the format of the
// pseudo-Boolean competitions, which minisat+, clasp, RoundingSat and others read.
//
// A threshold gate is two linear inequalities for any weights. Package circuit/format/pb describes
// the constraints, the variables, and the constraints that are left out when a literal is asserted.
// A file that asserts the output asks: is there an input for which the output is 1?
//
// # Grammar
//
//	file       = header { comment } { constraint } .
//	header     = "* #variable= " count " #constraint= " count "\n" .
//	comment    = "* " text "\n" .
//	constraint = { weight " x" variable " " } ">= " bound " ;\n" .
//	weight     = ( "+" | "-" ) digits .
//	bound      = [ "-" ] digits .
//
// Variables are x1, x2 and so on. The counts are exact. Complements are written out, −w·¬x as w·x
// with another bound, since some readers do not know them. The comments say what the variables
// stand for, see [pb.Encoding.Describe]. Each begins with "* : ", so that it does not look like a
// header.
//
// # Solvers
//
// A model is given as a line "v x1 -x2 …"; variables 1 to n are the input wires, in
// order, and a variable that is not mentioned may be either.
//
// Weights are written exactly, of any size, after what they have in common is divided out. minisat+
// 1.0 as packaged by Debian takes them of any size, too. clasp 3.3 refuses a file if a weight or a
// bound, or the sum of the weights of a constraint, does not fit a signed integer of 32 bits.
package opb
