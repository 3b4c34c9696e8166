// Package draw makes figures of circuits that can go into a paper.
//
// A figure shows gates in columns by level, so that depth can be read off along
// one side. Three kinds of line are told apart without colour:
//
//   - a thin line is a wire, from a gate to a gate; an open dot at its end is a
//     complement;
//   - a thick line is an integer, from a shared sum Σ to whatever reads it. A sum
//     costs no depth, and so it stands between two levels;
//   - a dashed line has a negative weight. Weights other than 1 and −1 are written
//     on the line.
//
// A gate that alone reads its sum takes the lines of the sum itself. Stages are
// boxes around their gates, nested as the stages are.
//
// A circuit too large to be read gate by gate is folded: each stage becomes one
// box that tells its gates, wires and levels, and the arrows between the boxes
// carry the number of wires they stand for. No gate is left out of the count.
//
// [DOT] writes the figure for Graphviz, to be edited by hand or laid out by its
// programs. [SVG] lays it out here, by Graphviz compiled to WebAssembly, so that
// nothing needs to be installed. The same circuit and [Config] always give the
// same text.
package draw
