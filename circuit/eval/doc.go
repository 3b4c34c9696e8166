// Package eval computes circuits on many input vectors at a time.
//
// # Use
//
// [Compile] turns a circuit into a [Plan], once. [Plan.Run] evaluates the plan on a
// bit matrix of input vectors; [Plan.Stream] does so a tile at a time, in memory
// that does not grow with the number of vectors.
//
// # Technique
//
// A plan is a straight line of steps over slots. One pass over it computes a tile of 512 input
// vectors, lanes, held in the bits of eight machine words for each value, or two tiles. Slots are used again
// after their last reader. So memory depends on the values that live at one time, and not on the
// number of gates or inputs. Gates are made depth first from the outputs if half as many values live at one time
// then, and in the order of the circuit if not. Tiles are independent and are shared out to all processors.
//
// Package kernel computes the steps: in assembly where the processor has AVX2 or AVX-512, in portable Go elsewhere.
// Steps of one operation are brought together within windows of 512, so that a kernel branches seldom.
//
// A logic gate of two inputs is one operation a word. A plan that has run on some half a million lanes covers its
// logic by functions of up to three operands, which loads and stores about half as much; gates within such a
// function are not computed then. Integer sums are bit-sliced:
// a sum is a list of bit planes, computed once by full adders over words for all
// the gates that read it, and a threshold gate is a comparison of the planes with a
// constant, one operation a plane. Because numbers are handled plane by plane,
// weights and thresholds may have any size. Tall columns are added by the
// carry-save tree of Harley and Seal (Warren, Hacker's Delight, 2nd edition,
// section 5-1), low ones by counters of 5, 7 or 15 operands, so that what is between the adders is not stored.
//
// [circuit.Circuit.Eval] is the simple evaluator that this one is checked against.
package eval
