// Package figure holds what the figures of circuits and those of programs share.
//
// A figure begins as words and colours: names from files become text that is safe
// ([Clean], [Quote], [Escape]), numbers become readable ([Count], [Rounded]), and a
// [Palette] gives each kind of shape its ink. A graph of the dot package becomes the
// text that Graphviz reads ([Text]), with what holds for all shapes of a [Look].
// [Layout] places it, by Graphviz compiled to WebAssembly in this process, and [Polisher]
// mends the SVG where Graphviz cannot be asked to. A program of the machine makes a
// picture of it ([Rasterise]), and [LaTeX] and [Maths] write its words for TeX.
//
// Errors begin with the name of package draw, through which most callers come here.
package figure
