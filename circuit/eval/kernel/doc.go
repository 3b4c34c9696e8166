// Package kernel computes the steps of plans, package eval's, on many lanes at a time: in assembly for AVX2 and for
// AVX-512, and in portable Go, which the other two are checked against.
//
// # Code
//
// Code is a list of 32-bit words. A header has an operation in its low 8 bits and a count in the others; what follows
// depends on the operation; a header of 0 ends the code. Values are named by 16 times their number. Value 0 is zeros.
//
//	logic              count times: 2 or 3 operands, result
//	Not                count times: operand, result
//	Half               count times: 2 operands, sum, carry
//	Full               count times: 3 operands, sum, carry
//	Five               count times: 5 operands, sum, 2 carries
//	Seven              count times: 7 operands, planes of weight 1, 2, 4
//	Fifteen            count times: 15 operands, planes of weight 1, 2, 4, 8
//	Eights             count times: 8 operands and the carry of weight 8; then planes of weight 1, 2, 4
//	Sixteens           the same with 16 operands, and 4 planes
//	SixtyFours         the same with 64 operands, and 6 planes
//	AtLeast            result, lowest plane, then count planes, each with a bit of the constant in bit 0
//	AndN               result, number of operands, number of those that are complemented, both kinds in turn
//	XorN               result, then count operands
//
// The logic is that of the 38 functions of two or three operands that are 0 where all operands are, one of each class
// that differs in the order of operands: [Tables].
//
// A result may take the place of an operand of the same step, but in Eights, Sixteens, SixtyFours, AtLeast, AndN and
// XorN.
//
// # Assembly
//
// The command in folder gen, a module of its own, makes the assembly and the portable logic. An AVX-512 kernel
// has VPTERNLOG, any function of three operands: a full adder is two of them. Assembly cannot be interrupted,
// and the collector of garbage waits for it: so code should be run in pieces of some thousand words.
// With the build tag purego there is no assembly.
package kernel

//go:generate go run -C gen . -out ../run_amd64.s -stubs ../run_amd64.go -pkg kernel -portable ../logic.go
//go:generate go test -run TestKernelsAreOfTheirSources . -update
