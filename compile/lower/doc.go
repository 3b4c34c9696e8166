// Package lower makes circuits of programs.
//
// It goes over the operations of a program and keeps, for each element of each value, a
// [circuit.Sum]: an integer expression over gates that costs no depth. Most operations only
// make new sums. These make gates:
//
//	Step      one threshold gate for each jump of the function, on one shared sum
//	Contract  an AND for each pair of literals of two unknown numbers, or none
//	          where a threshold gate absorbs the other literal
//	Quotient  [num − t·den ≥ 0] for each output level t
//	RootQuotient  [x ≥ τ·√y] for each output level, by the squares and the sign of x
//	MaxStep   [x_j − x_k ≥ t] for each pair and jump, then an AND for each candidate
//	Lookup    [x ≥ t] for each row of a table
//	ArgMax    [x_j − x_k ≥ 0] for each pair, then an AND for each candidate
//
// What a Step or a quotient makes is a code: literals that rise one after another. To
// compare a code costs nothing, since the answer is one of its literals. To multiply it by
// another costs an AND for each pair.
//
// A [Strategy] chooses the codes, and so trades depth against size; it never changes what is
// computed. Softmax attention has depth 3 under [MinDepth]. ANDs of input bits make the
// scores. Thresholds of exp(score) absorb the literals of the values. Thresholds of the
// quotient compare Σ exp·value with t·Σ exp. Compare the upper bounds of Merrill and
// Sabharwal (TACL 2023), which such circuits make concrete.
package lower
