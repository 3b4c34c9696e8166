// Package program has programs: short lists of tensor operations on integers, from which
// circuits are made.
//
// A [Program] is built by calling its methods, one for each operation. Each takes values
// that are there and returns a new one. A value has a shape of named dimensions and a range
// that no element ever leaves. Ranges are exact as far as the operations show them, and an
// operation whose range would leave 64 bits is refused. So nothing overflows later. The
// first error sticks; whoever reads the program gets it.
//
// A program is a list, and its readers go over the list. [Program.Reference] computes it in
// integers. Package lower makes the circuit of it. Package formula reads what it costs for
// every n. [Program.String] lists it. The reference and the circuit agree on every input,
// bit for bit.
//
// All that the package knows of an operation stands in one table: its arguments, its range,
// how it runs, what it needs, what the listing says. A new operation is a new row, a method
// that appends it, and a row in the tables of the readers.
//
// Rounding happens only in operations that say so, which are Step and the quotients; all
// between them is exact. The meaning of a program never depends on how it is lowered.
//
// A program may leave the size of a dimension open; see [OpenDim]. Then it is the same list
// of operations for every n, since what makes it cannot know n: to ask for the size is an
// error. It can be read, but not run or lowered.
//
// [Program.Check] derives again all that a program keeps, and compares.
package program
