// Package lower makes circuits of programs.
//
// It goes over the operations of a program. For each element of each value it keeps a
// [circuit.Sum]: an integer expression over gates. A sum costs no depth. Most operations only make
// new sums. These make gates:
//
//	Step      one threshold gate for each jump of the function, on one shared sum
//	Contract  an AND for each pair of literals of two unknown numbers; no gate
//	          where a threshold gate absorbs the other literal
//	Quotient  [num − t·den ≥ 0] for each output level t
//	RootQuotient  [x ≥ τ·√y] for each output level, by the squares and the sign of x
//	MaxStep   [x_j − x_k ≥ t] for each pair and jump, then an AND for each candidate
//	Lookup    [x ≥ t] for each row of a table
//	ArgMax    [x_j − x_k ≥ 0] for each pair, then an AND for each candidate
//
// A Step or a quotient makes a code: literals that rise one after another. To compare a code with
// a number costs nothing, because the answer is one of its literals. To multiply two codes costs
// an AND for each pair of literals.
//
// The [Plan] says which literals code the value of an operation, on which level and of which kind. It
// depends on the operations and on the strategy only, and not on a size or on a number that may change
// with n. Package formula follows the same plan for every n. To keep to it, an element that is multiplied
// is a formal list: a term for each literal of its code, constants and complements among them. So a
// product has no more terms than the plan has. A gate that turns out to be cheaper than planned is
// on a lower level, and no gate is on a higher one.
//
// [Accounted] lowers a program and notes for each gate which operations asked for it.
//
// A [Strategy] chooses the codes, and so trades depth against size. It never changes the function.
// Softmax attention has depth 3 under [MinDepth]. ANDs of input bits make the scores. Thresholds of
// exp(score) absorb the literals of the values. Thresholds of the quotient compare Σ exp·value with
// t·Σ exp. Such circuits make the upper bounds of Merrill and Sabharwal (TACL 2023) concrete.
package lower
