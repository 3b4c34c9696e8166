// Package analysis says what a circuit, or a family of circuits, is worth.
//
//	Measure       depth, size, wires, weights, gates by kind and by level
//	Ledger        the same, stage by stage
//	CriticalPath  one longest path from an input to an output
//	Verify        the circuit against the integer reference of its program
//	RealError     the integer reference against real numbers
//	Sweep         a family measured over n, with growth patterns, fits and a verdict
//	Prove         a family for every n: formulas, derivation, circuits that agree
//
// All but Prove is measured on circuits that were built, and then a [Verdict] says at best
// that the measurements are consistent with a claim; the class of a circuit is that of its
// basis of gates, since a single finite circuit belongs to no class. A [Proof] is about every
// n, by construction. It is data, which package analysis/check checks; package
// analysis/depthtest has assertions for tests.
package analysis
