// Package program has programs: short lists of tensor operations on integers. Circuits are made
// of them.
//
// To build a [Program], call its methods, one for each operation. Each method takes values of
// the program and returns a new value. A value has a shape of named dimensions. It also has a
// range, and all its elements are always in the range. Ranges are as exact as the operations
// show. The numbers that a caller gives, and the numbers at input and output ports, have 64 bits.
// Values between them may be of any size, so a sum over n does not end where 64 bits end. The
// program keeps its first error, and every reader of the program gets it.
//
// A program is a list, and its readers go over the list. [Program.Reference] computes it in
// integers. Package lower makes its circuit. Package formula reads what it costs for every n.
// [Program.String] lists it. The reference and the circuit agree on every input, bit for bit.
//
// One table has everything that the package knows of an operation: its arguments, its range, how
// it runs, what it needs, and what the listing says. To add an operation, add a row, a method
// that appends it, and a row in the tables of the readers.
//
// Only Step, MaxStep and the quotients round. Everything between them is exact. The meaning of a
// program never depends on how it is lowered.
//
// A program may leave the size of a dimension open; see [OpenDim]. Then it is the same list of
// operations for every n. The code that makes it cannot know n: to ask for the size is an error.
// An open program can be read, but not run or lowered.
//
// [Program.Check] derives everything that a program keeps once more, and compares.
package program
