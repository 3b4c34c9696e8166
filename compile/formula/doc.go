// Package formula reads what a program costs for every n.
//
// An open program leaves the size of a dimension open; see [program.OpenDim]. It is the same list of
// operations for every n, because the code that makes it cannot know n. [Of] reads such a list under a
// strategy. It returns depth, gates, wires and weight as polynomials in n and the other sizes. It makes
// no circuit. The elements of a value are sums of families of gates. Of keeps these families for each
// value, and follows what lowering does with them.
//
// The formulas are upper bounds by construction. They are exact for weights in general position: weights
// are not 0, and sums do not coincide. Each operation says whether its number of gates is exact in this
// sense.
//
// [StepsOf] reads how deep a program in steps is, also if their number T is left open; see
// [program.OpenCount].
//
// [SymmetryOf] says in what way the positions of a program are alike. If they are alike, the number of
// gates is a polynomial in n, and a few circuits determine it.
package formula
