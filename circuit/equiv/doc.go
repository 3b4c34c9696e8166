// Package equiv finds out whether two circuits compute the same function.
//
// [Check] goes from what is cheap to what is sure. It pairs the ports of the two by their
// names. It evaluates both on random inputs, which finds most differences. If there are few
// inputs it tries them all. Else it makes the [Miter] of the two, the circuit that is 1 where
// they differ, merges the gates in it that are shown to be equal, and asks solvers whether
// what is left can be 1: solvers of clauses, of inequalities and of SMT, all of them at the
// same time.
//
// A [Result] is proved, refuted with an input, or consistent, where nothing more is known.
// An input that a solver finds is tried; that it finds none is taken at its word.
package equiv
