// Package analysis measures circuits and families of circuits, and judges claims about them.
//
//	Measure       depth, size, wires, weights, gates by kind and by level
//	Ledger        the same, stage by stage
//	CriticalPath  one longest path from an input to an output
//	Verify        the circuit against the integer reference of its program
//	RealError     the integer reference against real numbers
//	Sweep         a family measured over n, with growth patterns, fits and a verdict
//	Prove         a family for every n: formulas, derivation, circuits that agree
//
// Everything except Prove is measured on circuits that were built. Then a [Verdict] says at best
// that the measurements are consistent with a claim. A single circuit is in no class. The class of a
// [Sweep] is that of the gates whose fan-in grows. A [Proof] is about every n, by construction. It is
// data, of package analysis/proof, and package analysis/check checks it. Package analysis/depthtest has
// assertions for tests.
package analysis
