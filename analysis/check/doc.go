// Package check checks proofs about the cost of families of circuits.
//
// It is small, and separate from the code that makes proofs. It takes a proof as data, does its
// arithmetic again (the sums over the derivation, the levels along it, the values of the formulas),
// builds flat circuits for the n it is asked for, counts them itself, and compares. It trusts only
// the circuit builder and the evaluation of polynomials.
//
// What it cannot see is whether the induction of the derivation is sound: that each line
// holds for every n. That is the argument of package compile's reading, on which the proof
// rests for the n that were not built.
package check
