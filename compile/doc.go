// Package compile turns models into circuits: it has the blocks that models are made of,
// and the families of programs that blocks with generic weights make.
//
// # Blocks
//
// A block, such as [Attention], [MLP] or [Mamba], is a struct of sizes whose zero values are
// defaults. Its Program method makes a [program.Program] for n positions: a short list of
// tensor operations on integers. OpenProgram makes the one list of operations for every n,
// and so cannot know n: to ask for the size is an error, see [program.OpenDim]. What the
// author of the model meant, in real numbers, is written apart from the program, as the
// textbook has it, in the block's Real method. Functions such as [Attend] and [Normalise]
// append parts of models to a program, so that trained models are built of them, too.
//
// Rounding happens only in operations that say so: Step and MaxStep, whose functions are
// staircases, and Quotient and RootQuotient, which round down. Everything between them is
// exact. The meaning of a program never depends on how it is lowered.
//
// # Families
//
// A [Family] is an entry in a table: its name, texts and parameters, and a function from
// the parameters to a block. [Families] lists them all, [ParseSpec] reads one with
// parameters as "attention:n=8,d=4", and [Spec.Instance] builds it. The file of a block has
// the entry of its family, at its end; glu.go is a small one to begin a new block with.
//
// # Where the rest is
//
// The operations of programs, their integer reference and their listing are in package
// [github.com/tc0lab/tc0/compile/program], how a program becomes gates in
// [github.com/tc0lab/tc0/compile/lower], and what an open program costs for every n in
// [github.com/tc0lab/tc0/compile/formula].
//
// The value of a tensor element is a sum, an integer expression over gates that costs no
// depth. Only these operations make gates:
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
// A [lower.Strategy] chooses encodings and so trades depth against size.
//
// # Attention
//
// The construction of softmax attention in depth 3 is: ANDs of input bits make the
// scores; thresholds of exp(score) absorb the literals of the values; quotient
// thresholds compare Σ exp·value with t·Σ exp. Compare the upper bounds of Merrill
// and Sabharwal (TACL 2023), which such circuits make concrete.
package compile
