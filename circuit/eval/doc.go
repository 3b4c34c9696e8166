// Package eval computes a circuit on many input vectors at a time.
//
// # Use
//
// [Compile] turns a circuit into a [Plan], once; [Plan.Run] evaluates the plan on
// a bit matrix of input vectors, and [Plan.Stream] on any number of vectors that
// are produced and consumed a tile at a time, in bounded memory.
//
// # Technique
//
// Bit slicing: a machine word holds one wire of 64 input vectors, its lanes, so
// that one AND instruction evaluates an AND gate on 64 vectors. A tile is 8 words,
// 512 lanes and one cache line a wire; every instruction of a plan works on whole
// tiles. More lanes are an outer loop over tiles, which the workers share out.
//
// A plan is a straight-line program over slots of one tile each. It is made in the
// order in which the gates were made, and the slot of a value is taken again after
// the last instruction that reads it, so that a plan needs as many slots as values
// are live at once, mostly far fewer than there are gates. A value is kept in
// whichever polarity comes cheapest; complements are masks, or move through XOR
// gates and adders at no cost.
//
// A sum is evaluated once for all gates that read it, as planes: plane k holds bit
// k of the sum, less a constant that makes it non-negative. Each weight is written
// in signed binary digits; a digit of weight 2^k puts the literal, or for a
// negative digit its complement, into column k, since −x = ¬x − 1. Columns are
// reduced from the low end by full adders: three entries of a column become one,
// and one of the next column. An adder of three complemented inputs gives both its
// outputs complemented, so each column is reduced polarity by polarity and only the
// last few entries are mixed. Wide columns go through a carry-save counter of 16
// inputs at a time whose state stays in registers, in the manner of Harley and
// Seal (Warren, Hacker's Delight, 2nd ed., section 5-1; Muła, Kurz and Lemire,
// Computer Journal 2018, arXiv:1611.07612). Literals of equal weight are counted
// first and their count is multiplied. A threshold gate is then a comparison of the
// planes with a constant, one operation a plane.
//
// A sum of one shared sum and one or two literals, which is what
// [circuit.Builder.Absorb] makes, is never computed: a comparison with it is a
// choice, by the literals, among comparisons with the shared sum.
package eval
