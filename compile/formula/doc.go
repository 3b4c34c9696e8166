// Package formula reads what a program costs for every n.
//
// An open program leaves the size of a dimension open; see [program.OpenDim]. It is the list
// of operations for every n, since what makes it cannot know n. [Of] reads such a list under
// a strategy and returns depth, gates, wires and weight as polynomials in n and the other
// sizes. It makes no circuit. It keeps for each value which families of gates its elements
// are sums of, and follows what lowering does with them.
//
// The formulas are upper bounds by construction. They are exact for weights in general
// position, where no weight vanishes and no two sums coincide; each operation says whether
// its number of gates is such.
//
// [SymmetryOf] says in what way the positions of a program are alike. Where they are, the
// number of gates is a polynomial in n, so that a few circuits fix it.
package formula
