// Package formula reads what a program costs for every n.
//
// An open program leaves the size of a dimension open; see [program.OpenDim]. It is the same list of
// operations for every n, because the code that makes it cannot know n. [Of] reads such a list under a
// strategy. It returns depth, gates, wires and weights as formulas in n and the other sizes. It makes no
// circuit. All formulas are upper bounds, by construction.
//
// The reading is an induction over the list of operations. It asks the plan ([lower.Plan]) which literals
// code a value, on which level and of which kind. It keeps these literals as groups. A group has indices,
// at most one literal for each setting of them, and bounds on the fan-in and on the weights of its gates.
// An element of a value is a sum over parts of groups. A part says which indices of its group the element
// determines, and which run through all settings. So the number of literals that a gate reads is a product
// of sizes, and so is the number of gates that an operation makes. Gates that an operation needs and that
// another one made are counted there: the row of the operation names it as one that it shares.
//
// Lowering may make less: it merges equal gates, drops constants, and gets a comparison with a code
// for nothing. It never makes more, since it multiplies out the lists of literals that the plan has.
// [lower.Accounted] notes which operation asked for which gate, and tests compare each gate with its row.
//
// A program may have one Scan over n positions. It is read copy by copy until it is steady; scan.go says
// what that is and why a line then bounds the levels for every n. If it does not become steady, Of refuses
// it. [Output] says how the numbers of an output are coded.
//
// [SymmetryOf] says in what way the positions of a program are alike. If they are alike, the number of
// gates is expected to be a polynomial in n. A few circuits determine it and others are compared. It is
// interpolated, and no bound.
package formula
