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
//     on the line, where there is room; the legend says where there is none.
//
// A gate that alone reads its sum takes the lines of the sum itself and shows it, as
// Σ ≥ 3. Stages are boxes around their gates, nested as the stages are. A path can be
// highlighted: it is heavier than all other lines, in grey too.
//
// A circuit too large to be read gate by gate is folded: each stage becomes one
// box that tells its gates, wires and levels, and the arrows between the boxes
// carry the number of wires they stand for. No gate is left out of the count. Stages
// can be unfolded by name, and are then drawn gate by gate between the boxes of the
// others.
//
// To draw only what some outputs depend on, draw the circuit's [circuit.Circuit.Cone].
//
// # Formats
//
// [DOT] writes the figure for Graphviz, to be edited by hand or laid out by its
// programs. [SVG] lays it out here, by Graphviz compiled to WebAssembly, so that
// nothing needs to be installed. [TikZ] writes the same layout for LaTeX. The same
// circuit and [Config] always give the same text in these three.
//
// [PNG] and [PDF] are made of the SVG by a program that has to be installed; their fonts
// are the machine's.
package draw
