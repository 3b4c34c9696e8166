// Package drat checks proofs that a formula of clauses cannot be satisfied.
//
// A formula is a file in DIMACS form. A proof is a file in the text form of DRAT: each line adds a
// clause or, after the letter d, takes one away. An added clause has to follow by unit propagation
// (RUP): if all its literals are taken to be false, clauses that have one literal left force that
// literal, until a clause has none left. Or it has to be a resolution asymmetric tautology (RAT) in
// its first literal: then each clause with the complement of that literal, joined to it, has to
// follow in this way. Such a clause keeps a satisfiable formula satisfiable, and defines variables.
// A proof ends when the empty clause follows.
//
// The package shares nothing with what makes formulas and proofs. It reads both files itself.
//
// Sources: Goldberg and Novikov, Verification of proofs of unsatisfiability for CNF formulas, DATE
// 2003; Wetzler, Heule and Hunt, DRAT-trim, SAT 2014.
package drat
