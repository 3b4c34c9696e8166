package press

import (
	"cmp"
	"fmt"
	"strings"
)

// Document is what stands around a picture in TikZ: pdflatex makes one page of it, as large as the
// figure, and a paper can take it in by \input.
type Document struct {
	Title     string // first line of the caption; empty: none
	Caption   string
	Legend    string
	NoCaption bool   // write title and figure alone; a remark in the file still has the caption
	Advice    string // where there is no caption: the text of one, for LaTeX
	Note      string // one more remark before the picture; empty: none

	Width    float64 // of all, in centimetres
	Wide     float64 // of the picture, in points, before it is scaled
	Scale    float64
	Smallest float64 // points of the smallest text in the picture before it is scaled
	Least    float64 // points that text is to have at least; 0: Readable
	Faint    string  // the colour of the legend, as #rrggbb
}

// Readable is how many points text has at least that is still read.
const Readable = 5.0

const pointsACentimetre = 72 / 2.54

// preambleText and unreadableText are remarks before the picture.
const (
	preambleText = "%% %s\n%% \n" +
		`%% A figure in TikZ. pdflatex makes a page of it that is as large as the figure. A paper with
%% \usepackage{tikz} can \input it, which skips all but the figure, or can take the lines
%% between the two marks and have a \caption of its own.` + "\n%% \n" +
		`%% The picture is scaled by %.4f to %.2f cm. Its smallest text has %.1f points.` + "\n"
	unreadableText = `%% That is less than %.0f points: it takes %.1f cm for these, or fewer shapes, for which stages
%% can be folded or outputs be drawn alone.` + "\n"
)

// pageText is skipped where the file is read by another document: LaTeX lets \@nodocument be
// \relax at \begin{document}.
const pageText = `\expandafter\ifx\csname @nodocument\endcsname\relax
\def\tczbegin{\leavevmode}\def\tczend{}%
\else
\documentclass{article}
\usepackage{tikz}
\pagestyle{empty}
\begin{document}
\newsavebox{\tczpage}
\def\tczbegin{\setbox\tczpage=\hbox\bgroup}
\def\tczend{\egroup
  \ifx\pdfpagewidth\undefined\let\pdfpagewidth\pagewidth\let\pdfpageheight\pageheight\fi
  \pdfpagewidth=\wd\tczpage
  \pdfpageheight=\dimexpr\ht\tczpage+\dp\tczpage\relax
  \hoffset=-1in\voffset=-1in
  \shipout\box\tczpage
  \end{document}}
\fi
`

// Page returns what a file in LaTeX has before \tczbegin: alone it becomes a page that uses these
// packages, as large as what is between \tczbegin and \tczend. Another document that reads it skips this.
func Page(packages string) string {
	return strings.Replace(pageText, `\usepackage{tikz}`, packages, 1)
}

// Begin returns what comes before \begin{tikzpicture}.
func (d *Document) Begin() string {
	var b strings.Builder
	if d.Title != "" {
		fmt.Fprintf(&b, "%% %s\n", d.Title)
	}
	fmt.Fprintf(&b, preambleText, d.Caption, d.Scale, d.Wide*d.Scale/pointsACentimetre, d.Smallest*d.Scale)
	if least := cmp.Or(d.Least, Readable); d.Smallest*d.Scale < least {
		fmt.Fprintf(&b, unreadableText, least, d.Wide*least/d.Smallest/pointsACentimetre)
	}
	if d.NoCaption && d.Advice != "" {
		fmt.Fprintf(&b, "%% A caption for it:\n%% %s\n", d.Advice)
	}
	if d.Note != "" {
		fmt.Fprintf(&b, "%% %s.\n", d.Note)
	}
	b.WriteString(pageText)
	fmt.Fprintf(&b, "\\tczbegin\\parbox{%.2fcm}{\\centering\\sffamily\n", d.Width)
	fmt.Fprintf(&b, "%%%%%% picture\n\\scalebox{%.4f}{%%\n", d.Scale)
	return b.String()
}

// End returns what comes after \end{tikzpicture}: title, caption and legend, in sizes that do not
// shrink with the picture.
func (d *Document) End() string {
	var b strings.Builder
	b.WriteString("}%\n%%% end of picture\n")
	if d.Title != "" {
		fmt.Fprintf(&b, "\\par\\vspace{4bp}{\\fontsize{9}{11}\\selectfont\\bfseries %s\\par}\n", LaTeX(d.Title))
	}
	if !d.NoCaption {
		fmt.Fprintf(&b, "\\par\\vspace{2bp}{\\fontsize{8}{9.6}\\selectfont %s\\par}\n", LaTeX(d.Caption))
		if d.Legend != "" {
			fmt.Fprintf(&b, "{\\fontsize{7}{8.4}\\selectfont\\color[HTML]{%s}%s\\par}\n", Hex(d.Faint), LaTeX(d.Legend))
		}
	}
	b.WriteString("}\\tczend\n")
	return b.String()
}

// Hex writes a colour, given as #rrggbb, as LaTeX does.
func Hex(colour string) string { return strings.ToUpper(strings.TrimPrefix(colour, "#")) }
