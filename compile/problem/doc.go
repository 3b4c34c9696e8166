// Package problem has families of circuits for well-known problems of theory. One gate decides the
// easiest, AND. For the hardest, circuit value, circuits of small depth are not known.
//
// Each [Problem] is a family of circuits, the best that is built here. It comes with a reference in plain
// Go, to compare the circuits with. It names the class of the problem, its source and its hypothesis. It
// also says why the problem is wide or deep. Do not mix up three facts: the depth of the circuit here,
// which is measured; the best known depth of the function, from the literature; and the class of the
// problem.
//
// If only threshold gates read a 0/1 value, the value is not a gate of its own. It is a sum of gates, and
// at most one of them is 1. So an OR of disjoint cases costs no depth. One step of a cellular automaton, of
// a group product or of a finite automaton is one level.
//
// The table of problems is in table.go, which also says how to add one. Each problem is one function in a
// file of its kind. The helpers of their circuits are in bit.go.
package problem
