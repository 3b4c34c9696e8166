// Package compile turns models into circuits. It has the blocks that models are made of. It also
// has families of programs, which blocks with generic weights make.
//
// # Blocks
//
// A block, such as [Attention], [MLP] or [Mamba], is a struct of sizes. A size of zero stands for
// a default. The method Program makes a [program.Program] for n positions: a short list of
// tensor operations on integers. The method OpenProgram makes one list of operations for every
// n. It cannot know n: to ask for the size is an error, see [program.OpenDim]. The method Real
// computes the same model in real numbers, as textbooks write it, without the program. Functions
// such as [Attend] and [Normalise] append parts of models to a program. Trained models are built
// of them, too.
//
// Only a few operations round. Step and MaxStep apply staircases. Quotient and RootQuotient round
// down. Everything between them is exact. The meaning of a program never depends on how it is
// lowered.
//
// # Families
//
// A [Family] is an entry in a table. It has a name, texts and parameters, and a function from the
// parameters to a block. [Families] lists them all. [ParseSpec] reads a family with parameters,
// such as "attention:n=8,d=4", and [Spec.Instance] builds it. The file of a block has the entry
// of its family at its end. To write a new block, begin with a copy of glu.go, which is small.
//
// # Where the rest is
//
// Package [github.com/tc0lab/tc0/compile/program] has the operations of programs, their integer
// reference and their listing. Package [github.com/tc0lab/tc0/compile/lower] turns programs into
// gates. Package [github.com/tc0lab/tc0/compile/formula] says what an open program costs for
// every n.
//
// The value of a tensor element is a sum: an integer expression over gates. A sum costs no depth.
// Only these operations make gates:
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
// A [lower.Strategy] chooses encodings and so trades depth against size.
//
// # Attention
//
// Softmax attention has depth 3. First, ANDs of input bits make the scores. Then thresholds of
// exp(score) absorb the literals of the values. Last, quotient thresholds compare Σ exp·value
// with t·Σ exp. Such circuits make the upper bounds of Merrill and Sabharwal (TACL 2023)
// concrete.
package compile
