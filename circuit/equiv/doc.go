// Package equiv finds out whether two circuits compute the same function.
//
// [Check] begins with cheap tests and ends with sure ones. It pairs the ports of the two by their
// names. It evaluates both on random inputs, which finds most differences. If there are few inputs,
// it tries them all. If there are many, it makes the [Miter] of the two, the circuit that is 1
// where they differ. It merges the gates of the miter that are shown to be equal. Then it asks
// solvers whether the rest can be 1: solvers of clauses, of inequalities and of SMT, all at the
// same time.
//
// A [Result] is proved, or refuted with an input, or consistent if more is not known. An input that
// a solver finds is tried. If a solver says that there is no such input, Check believes it, provided
// that the solver ended well: with one answer, the exit status of that answer, and no error. Of any
// other, a [SolverRun] says what was seen.
package equiv
