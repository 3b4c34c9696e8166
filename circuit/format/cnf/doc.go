// Package cnf writes circuits as clauses in DIMACS CNF, which SAT solvers read.
//
// Each gate has a variable and the clauses of its function (Tseitin 1968): of an AND of
// k literals k clauses of two and one of k+1, likewise of an OR, of a XOR of two four of
// three. A file that asserts the output asks: is there an input for which the output
// is 1? Variables are those of package circuit/format/pb: 1 to n are the input wires, in order,
// then come the constant false, if it is read, and the gates that are needed.
//
// # Grammar
//
//	file    = { comment } header { clause } .
//	comment = "c " text "\n" .
//	header  = "p cnf " variables " " clauses "\n" .
//	clause  = { literal " " } "0\n" .
//	literal = [ "-" ] variable .
//
// The counts are exact. The comments say what the variables stand for, see
// [pb.Encoding.Describe]; each begins with "c : ", so that none is taken for anything
// else, as some solvers do with comments that begin with a word of theirs.
package cnf
