// Package paper writes what package analysis found as an author wants it: a proof as a page
// of text ([Text]), as Markdown ([Markdown]) and as a LaTeX document that compiles as it is
// ([LaTeX]), and what was measured of families as the tables of a document
// ([SweepsMarkdown], [SweepsLaTeX]).
//
// All of them say what was proved, what was measured and what is cited apart from each
// other, and in which depth model.
package paper
