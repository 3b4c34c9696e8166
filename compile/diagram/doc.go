// Package diagram draws programs as block diagrams that can go into a paper. It shows the
// operations of a program as boxes, and what it costs to compute each.
//
// A box is one operation. Its look tells its cost, also in print without colour:
//
//   - a dark box with a thick border and a mark such as +1 adds so many layers of gates;
//   - a tinted box has gates and adds no layer: its gates stand beside or within those of
//     other operations;
//   - a white box has no gate of its own and adds no layer. It is exact integer arithmetic,
//     which needs only wires, or a function whose gates are there already.
//
// An arrow is a use of a value. Its label is the shape of the value, by the names of its
// dimensions. Their sizes are in the caption. Rounded boxes are inputs and outputs.
// Frames are the stages of the program. Repeat and Scan make copies of a body. The
// figure shows one of them, in a frame with their number: "state" is what a copy gets from
// the copy before, and "next state" is what it hands on.
//
// Layers and gates are bounds, by the formulas of package formula under a strategy. So a
// program whose dimension n is open can be drawn too: it has formulas in n where a program
// of one size has numbers. If a circuit is given, its depth and the gates of its stages are
// counted, and written without the sign ≤.
//
// A program with too many operations to read is folded. Its innermost stages become boxes
// with a double border. If that is not enough, neighbours become one box. Every operation
// is counted.
//
// The same program and [Config] always give the same text.
package diagram
