package draw

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/internal/figure"
)

// preamble writes what is needed around the picture, which is skipped where the file is
// read by another document: LaTeX lets \@nodocument be \relax at \begin{document}.
func (t *tikz) preamble() {
	comment := func(text string) { t.line("%% %s", text) }
	if t.title != "" {
		comment(t.title)
	}
	comment(t.scene.caption)
	comment("")
	comment(`A figure in TikZ. pdflatex makes a page of it that is as large as the figure. A paper with`)
	comment(`\usepackage{tikz} can \input it, which skips all but the figure, or can take the lines`)
	comment(`between the two marks and have a \caption of its own.`)
	comment("")
	comment(fmt.Sprintf(`The picture is scaled by %.4f to %.2f cm. Its smallest text has %.1f points.`,
		t.scale, t.wide()*t.scale/pointsACentimetre, smallText*t.scale))
	if !t.readable() {
		comment(fmt.Sprintf(`That is less than %.0f points: it takes %.1f cm for these, or fewer shapes, for which stages`,
			smallest, t.wide()*smallest/smallText/pointsACentimetre))
		comment(`can be folded or outputs be drawn alone.`)
	}
	t.text.WriteString(`\expandafter\ifx\csname @nodocument\endcsname\relax
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
`)
	t.line(`\tczbegin\parbox{%.2fcm}{\centering\sffamily`, t.cfg.Width)
}

// styles writes the styles and the colours, which hold in the picture only.
func (t *tikz) styles() {
	p := &t.cfg.Palette
	style := func(name, text string) { t.line(`  tc %s/.style={%s},%%`, name, text) }
	const font = `font=\sffamily\fontsize{%s}{%s}\selectfont`
	sized := func(size string) string { return fmt.Sprintf(font, size, size) }
	t.line(`  every node/.style={inner sep=0bp,outer sep=0bp,text=tctext,%s},%%`, sized("10.95"))
	style("port", "draw=tcportline,fill=tcportfill,line width=1bp")
	style("rounded", "rounded corners=4bp")
	style("constant", "rectangle,draw=tcconstantline,fill=tcconstantfill,line width=1bp")
	style("logic", "circle,draw=tclogicline,fill=tclogicfill,line width=1bp,"+sized("12"))
	style("parity", "draw=tcparityline,fill=tcparityfill,line width=1bp,line join=round")
	style("threshold", "rectangle,draw=tcthresholdline,fill=tcthresholdfill,line width=1bp")
	style("sum", "circle,draw=tcsumline,fill=tcsumfill,line width=1.4bp")
	style("box", "draw=tcwire,fill=white,line width=1bp")
	style("on path", "draw=tcpath,line width=2.4bp")
	style("stage", "draw=tcstageline,fill=tcstagefill,line width=0.8bp,rounded corners=6bp")
	style("inner", "draw=tcinnerline,fill=tcinnerfill,line width=0.8bp,rounded corners=6bp")
	style("name", "anchor=base,"+sized("10"))
	style("small", "anchor=base,"+sized("9"))
	style("level", "anchor=base,text=tcfaint,"+sized("10"))
	style("ruler", "draw=tcstageline,line width=0.5bp")
	style("wire", fmt.Sprintf("draw=tcwire,line width=%.1fbp", thin))
	style("integer", fmt.Sprintf("line width=%.1fbp", thick))
	style("negative", "dash pattern=on 4bp off 2bp,draw=tcnegative")
	style("dot", fmt.Sprintf("fill=white,solid,line width=%.1fbp", thin))
	t.line(`  tc weight/.style={fill=white,inner sep=0.8bp,rounded corners=1bp,%s}]`, sized("9"))
	for _, ink := range []struct {
		name string
		Ink
	}{
		{"port", p.Port},
		{"constant", p.Constant},
		{"logic", p.Logic},
		{"parity", p.Parity},
		{"threshold", p.Threshold},
		{"sum", p.Sum},
		{"stage", p.Stage},
		{"inner", p.Inner},
	} {
		t.colour(ink.name+"fill", ink.Fill)
		t.colour(ink.name+"line", ink.Line)
	}
	t.colour("text", p.Text)
	t.colour("wire", p.Wire)
	t.colour("negative", p.Negative)
	t.colour("faint", p.Faint)
	t.colour("path", p.Path)
	t.colour("beside", p.Beside)
}

func (t *tikz) colour(name, hex string) {
	t.line(`\definecolor{tc%s}{HTML}{%s}%%`, name, strings.ToUpper(strings.TrimPrefix(hex, "#")))
}

// captionText writes title, caption and legend under the picture, in sizes that do not
// shrink with it.
func (t *tikz) captionText() {
	if t.title != "" {
		t.line(`\par\vspace{4bp}{\fontsize{9}{11}\selectfont\bfseries %s\par}`, figure.LaTeX(t.title))
	}
	if t.cfg.NoCaption {
		return
	}
	t.line(`\par\vspace{2bp}{\fontsize{8}{9.6}\selectfont %s\par}`, figure.LaTeX(t.scene.caption))
	if legend := strings.Join(t.legend, " "); legend != "" {
		t.line(`{\fontsize{7}{8.4}\selectfont\color[HTML]{%s}%s\par}`,
			strings.ToUpper(strings.TrimPrefix(t.cfg.Palette.Faint, "#")), figure.LaTeX(legend))
	}
}
