// Package diagram draws programs as block diagrams that can go into a paper: the
// operations of a compile.Program as boxes, and what it costs to compute each.
//
// A box is one operation. What it is drawn like tells what it costs, in print without
// colour too:
//
//   - a dark box with a thick border and a mark such as +1 adds so many layers of gates;
//   - a tinted box has gates and adds no layer, since they stand beside or within those
//     of other operations;
//   - a white box has no gate of its own and adds no layer: exact integer arithmetic,
//     which is wires, or a function whose gates are there already.
//
// An arrow is a use of a value, and its label is the shape of the value by the names of
// its dimensions; their sizes are in the caption. Rounded boxes are inputs and outputs.
// Frames are the stages of the program. The copies of a body that Repeat or Scan made
// are drawn once, in a frame with their number: "state" is what a copy gets from the one
// before, and "next state" what it hands on.
//
// Layers and gates are bounds, those of compile.Program.Formulas under a strategy. So a
// program whose dimension n is open is drawn too, with formulas in n where a program of
// one size has numbers. Of a circuit that was built, the depth and the gates of stages
// are counted and written without the sign ≤.
//
// A program of more operations than can be read is folded: its innermost stages become
// boxes with a double border, and at last neighbours one box, until what is left can be
// read. No operation is left out of the count.
//
// The same program and [Config] always give the same text.
package diagram
