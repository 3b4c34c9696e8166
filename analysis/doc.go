// Package analysis says what a circuit, or a family of circuits, is worth.
//
//	Measure       depth, size, wires, weights, gates by kind and by level
//	Ledger        the same, stage by stage
//	CriticalPath  one longest path from an input to an output
//	Verify        the circuit against the integer reference of its program
//	RealError     the integer reference against real numbers
//	Sweep         a family measured over n, with growth fits and a verdict
//
// Everything here is measured on circuits that were built. Nothing is proved: a
// [Verdict] says at best that the measurements are consistent with a claim, and a
// class such as TC0 is that of a basis of gates, since a single finite circuit
// belongs to no class.
package analysis
