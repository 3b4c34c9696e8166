// Package check checks proofs about the cost of families of circuits.
//
// It is separate from the code that makes proofs, and takes no decision from it. It has rules of its own for what
// lowering makes for each operation of a program: families of gates, with their indices, fan-in, weights
// and levels. With these it derives every row of a proof again from the open program of the family, and all
// sums over the rows, and compares each number. Formulas are compared as polynomials, exactly; they
// are read from their texts. Then it builds flat circuits for the n it is asked for, counts them gate by
// gate, and compares. It trusts the program, the circuit builder and exact arithmetic.
//
// What it cannot see is whether its rules are right for the n that were not built. They are short, and tests
// compare them with circuits and, on random programs, with the rules of package compile/formula.
package check
