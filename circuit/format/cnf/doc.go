// Package cnf writes circuits as clauses in DIMACS CNF, which SAT solvers read.
//
// Each gate has a variable and the clauses of its function (Tseitin 1968): for an AND or OR of k
// literals, k clauses of two and one of k+1; for a XOR of two literals, four clauses of three. A
// file that asserts the output asks: is there an input for which the output is 1? Variables are
// those of package circuit/format/pb: 1 to n are the input wires, in order, then come the constant
// false, if it is read, and the gates that are needed.
//
// # Grammar
//
//	file    = { comment } header { clause } .
//	comment = "c " text "\n" .
//	header  = "p cnf " variables " " clauses "\n" .
//	clause  = { literal " " } "0\n" .
//	literal = [ "-" ] variable .
//
// The counts are exact. The comments say what the variables stand for, see [pb.Encoding.Describe];
// each begins with "c : ", since some solvers read comments that begin with one of their words.
package cnf
