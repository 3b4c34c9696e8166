// Package pla reads and writes two-level circuits as the tables of Espresso (.pla).
//
// # Grammar
//
// A file is lines of words. A "#" begins a comment.
//
//	file   = { header } { row } [ ".e" | ".end" ]
//	header = ".i" count | ".o" count | ".p" count | ".ilb" { name } | ".ob" { name }
//	       | ".type" ( "f" | "fd" | "fr" | "fdr" )
//	row    = cube values, with spaces and "|" anywhere between the signs
//
// .i and .o come first, each once, and no header follows a row. A cube has a sign for each input: 1, 0, or
// - (also 2) for any value. Then comes a sign for each output: 1 (also 4), 0, - (also 2), or ~ (also 3), which
// says nothing. An output is 1 where the cube of a row with a 1 for it is. What else a sign says, the type tells:
//
//	f    0, - and ~ say nothing; an output is 0 where no row says 1
//	fd   - says that any value will do; 0 and ~ say nothing; an output is 0 where no row says anything.
//	     This is the type of a file that names none.
//	fr   0 says that the output is 0; - and ~ say nothing; where no row says anything, any value will do
//	fdr  as fr, and - says that any value will do
//
// Where any value will do the output is 0: a circuit has a value everywhere, and this one needs no gates
// that the rows do not show. A note says so. Where rows of type fr or fdr say 0 and 1 of one input, the file
// is refused; this is told by comparing all pairs of rows, of which there are at most [MostCompared].
//
// A row is an AND gate of its literals, or the literal itself, or the constant 1 if it has none. An
// output is the OR of its rows, or the row if there is one. So the depth is at most 2. Inputs without a
// name are x0, x1, ..., outputs y0, y1, .... Comments that describe ports are obeyed: see package netlist.
//
// What is refused: a row in several lines, values that are no bits (.mv, .symbolic), states (.kiss),
// phases, labels and pairs. Lines and comments are bounded as in package netlist, inputs and outputs by
// [netlist.Affords].
//
// # What is written
//
// A circuit of two levels as it is: each output a literal of an input, an AND or an OR of those, or an OR
// of such ANDs; complements are moved inwards where that does not add a level. Equal rows of several
// outputs are one. Any other circuit of up to [MostInputs] inputs by its truth table: each output is an
// irredundant cover, by basis.Cover, and not one of fewest rows. Others are refused with a [*LimitError].
// There is no .type, since no output sign is - or ~.
package pla
