// Package coq writes what is proved of a family as a file that the Coq proof assistant checks.
//
// The library in the folder proof has the definitions of circuits and of programs over tensors, how programs
// become circuits, and a theorem: the bounds that a short analysis computes hold for every n, and the circuits compute
// what the program means. [Write] prints the open program of a family as a term of that library, with the bounds that
// this package computes. Coq computes them again and accepts no others.
//
// The circuits of the theorem are those of the library. They are made as those of package lower are, under strategies
// that absorb, but are not bit for bit the same: equal conjunctions of a symmetric product are not merged.
package coq
