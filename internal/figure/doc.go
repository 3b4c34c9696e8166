// Package figure holds what the figures of circuits and of programs share.
//
// A figure begins as words and colours, which are those of package press. Names from files
// become safe text for Graphviz ([Quote], [Escape]). [Text] writes a graph of the dot package
// as Graphviz reads it, with the attributes of a [Look] for all shapes. [Layout] places the
// shapes. It runs Graphviz, compiled to WebAssembly, in this process. [Polisher] improves the
// SVG where Graphviz has no option for it. [Rasterise] makes a picture of the SVG, by an
// installed program.
//
// Errors begin with the name of package draw, since most callers come through it.
package figure
