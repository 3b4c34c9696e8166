// Package problem has families of circuits for problems that theory speaks of: from AND,
// which one gate decides, to circuit value, of which no circuit of small depth is known.
//
// Each [Problem] is a family of circuits, the best that is built here, with a reference in
// plain Go to compare it with, the class of the problem with its source and the
// hypothesis that it rests on, and a word on why it is wide or deep. Three numbers are
// kept apart: the depth of the circuit here, which is measured; the best known depth of the
// function, from the literature; and the class of the problem.
//
// Wherever a 0/1 value is read by threshold gates only, it is a sum of gates of which at
// most one is 1, and not a gate of its own: so an OR of disjoint cases costs no depth, and
// a step of a cellular automaton, of a group product or of a finite automaton is one level.
//
// The table of problems is in table.go, which says how to add one; each problem is one function
// in a file of its kind, and bit.go has what their circuits are built of.
package problem
