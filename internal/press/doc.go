// Package press holds the words and the colours of all figures, whatever places their shapes.
//
// Names from files become safe text ([Clean]). Numbers become readable ([Count], [Rounded]). A
// [Palette] gives each kind of shape its ink. [LaTeX] and [Maths] write words for TeX.
//
// It starts no program, so that it is in the WebAssembly of the page too.
package press
