// Package compile turns models into circuits.
//
// # Program
//
// A [Program] is a short list of tensor operations on integers, with named
// dimensions and an exact range for each value. Blocks such as [Attention] and
// [MLP] append operations to it. It has several readings: [Program.Reference]
// computes it in integers, [Lower] makes the circuit of it, and its listing is
// what [Program.String] prints. The two must agree on every input, bit for bit.
// What the author of the model meant, in real numbers, is written apart from the
// textbook formula, in a block's Real method.
//
// Rounding happens only in operations that say so (Step, Quotient); everything
// between them is exact. The meaning of a program never depends on how it is
// lowered.
//
// # Lowering
//
// The value of a tensor element is a circuit.Sum: an integer expression over gates
// that costs no depth. Only these operations make gates:
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
// A [Strategy] chooses encodings and so trades depth against size; see there.
//
// # Every n
//
// A program may leave the size of a dimension open: see [OpenDim] and [FamilyFunc]. Then it
// is the list of operations for every n, since what makes it cannot know n: to ask for the
// size is an error. [Program.Formulas] reads such a program and returns what it costs for
// every n; [Program.Symmetry] says in what way its positions are alike.
//
// # Attention
//
// The construction of softmax attention in depth 3 is: ANDs of input bits make the
// scores; thresholds of exp(score) absorb the literals of the values; quotient
// thresholds compare Σ exp·value with t·Σ exp. Compare the upper bounds of Merrill
// and Sabharwal (TACL 2023), which such circuits make concrete.
package compile
