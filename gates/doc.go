// Package gates says what one gate is: the kinds there are, the Boolean function
// each of them computes, the circuit class whose basis contains it, and what it
// costs in depth.
//
// The package does not know circuits. Its [Gate.Truth] is written for clarity on plain integers and
// serves as the oracle of every faster evaluator.
package gates
