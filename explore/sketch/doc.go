// Package sketch draws a view of package explore as a figure for print: SVG, and TikZ for LaTeX.
//
// The shapes stand where the view has them. They have the colours of other figures on white:
// rounded shapes are logic, hexagons parity, boxes thresholds, circles sums. A figure has the
// names of the stages, the levels, how many wires a line stands for or what one weighs, and, if
// the state of the view has an input or a level, the values. A caption and a legend say the rest.
// No number stands on another or on a shape; one that has no room is left out, and the legend
// says so.
//
// [Write] makes the text. [Session] is a session of explore that knows one method more:
//
//	draw   {state, format}    → {text}: the figure of a view; format "svg" or "tex"
//
// So the page and the command give the same bytes. The layout is that of the view: no program
// is started and nothing else is read, and the package is part of the WebAssembly of the page.
package sketch
