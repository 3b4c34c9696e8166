// Package draw makes figures of circuits that can go into a paper.
//
// A figure shows gates in columns by level. So the depth can be read off along one
// side. Three kinds of line can be told apart without colour:
//
//   - a thin line is a wire, from a gate to a gate; an open dot at its end is a
//     complement;
//   - a thick line is an integer. It goes from a shared sum Σ to whatever reads it. A
//     sum costs no depth, and so it stands between two levels;
//   - a dashed line has a negative weight. Weights other than 1 and −1 are written
//     on the line where there is room. The legend says so if there is no room.
//
// If only one gate reads a sum, the lines of the sum go to that gate, and the gate shows
// Σ ≥ 3. Stages are boxes around their gates, and they nest. A path can be highlighted:
// it is heavier than all other lines, also in grey.
//
// A circuit that is too large to read gate by gate is folded. Each stage becomes one box,
// which tells its gates, wires and levels. The number on an arrow between boxes is the
// number of its wires. Every gate is counted. Stages can be unfolded by name. They are
// then drawn gate by gate between the boxes of the others.
//
// To draw only what some outputs depend on, draw the circuit's [circuit.Circuit.Cone].
//
// # Formats
//
// [DOT] writes the figure for Graphviz, to be edited by hand or laid out by its
// programs. [SVG] lays it out in this process, by Graphviz compiled to WebAssembly, so
// nothing needs to be installed. [TikZ] writes the same layout for LaTeX. The same
// circuit and [Config] always give the same text in these three.
//
// [PNG] and [PDF] are made of the SVG by a program that has to be installed; their fonts
// are the machine's.
package draw
