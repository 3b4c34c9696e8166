package draw

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// preambleText and unreadableText are remarks before the picture.
const (
	preambleText = "%% %s\n%% \n" +
		`%% A figure in TikZ. pdflatex makes a page of it that is as large as the figure. A paper with
%% \usepackage{tikz} can \input it, which skips all but the figure, or can take the lines
%% between the two marks and have a \caption of its own.` + "\n%% \n" +
		`%% The picture is scaled by %.4f to %.2f cm. Its smallest text has %.1f points.`
	unreadableText = `%% That is less than %.0f points: it takes %.1f cm for these, or fewer shapes, for which stages
%% can be folded or outputs be drawn alone.`
)

// preamble writes what is needed around the picture, which is skipped where the file is
// read by another document: LaTeX lets \@nodocument be \relax at \begin{document}.
func (t *tikz) preamble() {
	if t.cfg.Title != "" {
		t.line("%% %s", t.cfg.Title)
	}
	t.line(preambleText, t.scene.caption, t.scale, t.wide()*t.scale/pointsACentimetre, smallText*t.scale)
	if !t.readable() {
		t.line(unreadableText, smallest, t.wide()*smallest/smallText/pointsACentimetre)
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

// styleText is the styles: @9 stands for a font of 9 points, @thin and @thick for widths.
const styleText = `  every node/.style={inner sep=0bp,outer sep=0bp,text=tctext,@10.95},%
  tc port/.style={draw=tcportline,fill=tcportfill,line width=1bp},%
  tc rounded/.style={rounded corners=4bp},%
  tc constant/.style={rectangle,draw=tcconstantline,fill=tcconstantfill,line width=1bp},%
  tc logic/.style={circle,draw=tclogicline,fill=tclogicfill,line width=1bp,@12},%
  tc parity/.style={draw=tcparityline,fill=tcparityfill,line width=1bp,line join=round},%
  tc threshold/.style={rectangle,draw=tcthresholdline,fill=tcthresholdfill,line width=1bp},%
  tc sum/.style={circle,draw=tcsumline,fill=tcsumfill,line width=1.4bp},%
  tc box/.style={draw=tcwire,fill=white,line width=1bp},%
  tc on path/.style={draw=tcpath,line width=2.4bp},%
  tc stage/.style={draw=tcstageline,fill=tcstagefill,line width=0.8bp,rounded corners=6bp},%
  tc inner/.style={draw=tcinnerline,fill=tcinnerfill,line width=0.8bp,rounded corners=6bp},%
  tc name/.style={anchor=base,@10},%
  tc small/.style={anchor=base,@9},%
  tc level/.style={anchor=base,text=tcfaint,@10},%
  tc ruler/.style={draw=tcstageline,line width=0.5bp},%
  tc wire/.style={draw=tcwire,@thin},%
  tc integer/.style={@thick},%
  tc negative/.style={dash pattern=on 4bp off 2bp,draw=tcnegative},%
  tc dot/.style={fill=white,solid,@thin},%
  tc weight/.style={fill=white,inner sep=0.8bp,rounded corners=1bp,@9}]
`

var fontPattern = regexp.MustCompile(`@([0-9.]+)`)

// styles writes the styles and the colours, which hold in the picture only.
func (t *tikz) styles() {
	text := fontPattern.ReplaceAllString(styleText, `font=\sffamily\fontsize{$1}{$1}\selectfont`)
	width := func(points float64) string { return fmt.Sprintf("line width=%.1fbp", points) }
	t.text.WriteString(strings.NewReplacer("@thin", width(thin), "@thick", width(thick)).Replace(text))
	p := &t.cfg.Palette
	for _, ink := range inks(p) {
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

// hex writes a colour as LaTeX does.
func hex(colour string) string { return strings.ToUpper(strings.TrimPrefix(colour, "#")) }

func (t *tikz) colour(name, colour string) {
	t.line(`\definecolor{tc%s}{HTML}{%s}%%`, name, hex(colour))
}

// captionText writes title, caption and legend under the picture, in sizes that do not
// shrink with it.
func (t *tikz) captionText() {
	if t.cfg.Title != "" {
		t.line(`\par\vspace{4bp}{\fontsize{9}{11}\selectfont\bfseries %s\par}`, press.LaTeX(t.cfg.Title))
	}
	if t.cfg.NoCaption {
		return
	}
	t.line(`\par\vspace{2bp}{\fontsize{8}{9.6}\selectfont %s\par}`, press.LaTeX(t.scene.caption))
	if legend := strings.Join(t.legend, " "); legend != "" {
		t.line(`{\fontsize{7}{8.4}\selectfont\color[HTML]{%s}%s\par}`,
			hex(t.cfg.Palette.Faint), press.LaTeX(legend))
	}
}
