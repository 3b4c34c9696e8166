// Package smtlib writes circuits in SMT-LIB 2.6, the language of SMT solvers.
//
// # What is written
//
// An input wire is a Boolean constant, a gate a Boolean constant that is equal to its
// function, a sum an integer constant, defined once for all the gates that read it:
//
//	file       = { comment } options { input } { gate } { output } [ question ] .
//	comment    = "; " text "\n" .
//	options    = "(set-option :produce-models true)" "(set-logic " logic ")" .
//	input      = "(declare-const " symbol " Bool)" .
//	gate       = { sum } definition .
//	sum        = definition, of sort Int .
//	output     = definition .
//	definition = "(declare-const " symbol sort ")" "(assert (= " symbol term "))" .
//	question   = { "(assert " literal ")" } "(check-sat)" "(get-value (" { symbol } "))" .
//
// The terms are and, or, xor and not of literals; for a threshold gate (>= sum t), for a MOD gate
// (= (mod sum m) r), for a sum (+ (ite x w 0) (* w sum) ...). The logic is QF_LIA, or QF_UF if
// there is no sum. An output has a definition unless a gate or an input has its name. Inputs are
// declared, and asked for, in the order of the input wires, all of them; other wires only if a root
// depends on them: an asserted literal, or an output if nothing is asserted.
//
// If literals are asserted, the file asks a question: is there an input for which all of them are
// 1? The values are those of an answer "sat"; after "unsat", solvers answer the get-value with an
// error.
//
// Symbols are the names of ports, with a number for ports of several wires, such as x.0,
// in bars where they need it. Signs that cannot be in bars become underscores.
//
// # Speed
//
// Measured with Z3 4.8.12. Definitions by define-fun instead of constants: not ready after
// 20 s on a chain of 10 000 XOR gates that takes 0.3 s so. Sums as constants rather than
// terms in place: three times as fast where hundreds of gates read one sum of 200 terms,
// up to three times as slow in layers of small gates with a sum each. Config.Pseudo: ten
// times as fast on such layers and three to five times on chains of 10 000 to 100 000
// gates; but much slower, or not ready after 20 s instead of 2 s, where many thresholds
// read the same long sum.
package smtlib
