package chart

import (
	"fmt"
	"image/color"
	"io"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/tc0lab/tc0/internal/press"
)

// packages is what a document needs for a chart in pgfplots.
const packages = `\usepackage{pgfplots}
\pgfplotsset{compat=1.16}
\usepgfplotslibrary{groupplots}`

// texWidth is that of a panel, in centimetres, and texSmall the type of names.
const (
	texWidth = 6
	texSmall = `\sffamily\fontsize{7}{8.4}\selectfont`
)

// texLegend is how wide a legend may be that is centred below the axis.
const texLegend = columnWidth - 30

const texRemark = `%% A plot in pgfplots. pdflatex makes a page of it that is as large as the plot. A paper with
%%   %s
%% can \input it, which skips all but the plot.
`

// writeTeX writes charts for pgfplots: the same points, ticks, marks and dashes.
func writeTeX(w io.Writer, height vg.Length, charts []*Chart) error {
	var b strings.Builder
	fmt.Fprintf(&b, texRemark, strings.ReplaceAll(packages, "\n", "\n%   "))
	b.WriteString(press.Page(packages))
	b.WriteString("\\tczbegin\n%%% picture\n\\begin{tikzpicture}[font=\\sffamily\\fontsize{8}{9.6}\\selectfont]\n")
	for i, m := range marks {
		fmt.Fprintf(&b, "\\definecolor{tcz%d}{HTML}{%s}\n", i, hex(m.ink))
	}
	// Axis labels, ticks and the white between two panels take a centimetre or so.
	inner := float64(height)/float64(len(charts)) - 1
	data := make([]draw.Canvas, len(charts))
	for i := range data {
		data[i].Max = vg.Point{X: texWidth * vg.Centimeter, Y: vg.Length(inner) * vg.Centimeter}
	}
	labels := direct(charts, data)
	rows := legend(charts, texLegend, labels != nil)
	fmt.Fprintf(&b, `\begin{groupplot}[
  group style={group size=1 by %d, vertical sep=0.9cm},
  scale only axis, width=%dcm, height=%.2fcm, axis lines=left, axis line style={-}, clip=false,
  title style={align=center},
  grid=major, grid style={black!12}, tick align=outside, minor tick length=2pt, major tick length=4pt,
  scaled ticks=false, legend cell align=left,
  legend style={font=`+texSmall+`,
    draw=none, fill=none, at={(0.5,0)}, anchor=north, yshift=-0.9cm, legend columns=%d, cells={align=left},
    /tikz/every even column/.append style={column sep=4pt}}]
`, len(charts), texWidth, inner, legendColumns(rows))
	for i, p := range charts {
		p.teX(&b)
		if labels != nil {
			teXLabels(&b, data[i], labels[i])
		}
	}
	teXLegend(&b, rows)
	b.WriteString("\\end{groupplot}\n\\end{tikzpicture}%\n%%% end of picture\n\\tczend\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// teXLabels writes the names beside the lines of a panel, where they are in pictures.
func teXLabels(b *strings.Builder, c draw.Canvas, labels []label) {
	size := c.Size()
	for _, l := range labels {
		x := max(l.box.Min.X, nearest) // not on the axis
		fmt.Fprintf(b, "\\node[anchor=south west, inner sep=0pt, text=tcz%d, font=%s] at (rel axis cs:%.3f,%.3f) {%s};\n",
			l.series.mark%len(marks), texSmall, x/size.X, l.box.Min.Y/size.Y, latex(l.series.name))
	}
}

// teXLegend writes the legend of all panels into the last one.
func teXLegend(b *strings.Builder, rows [][]entry) {
	for _, row := range rows {
		for _, e := range row {
			name := strings.ReplaceAll(latex(e.text), "\n", `\\`)
			fmt.Fprintf(b, "\\addlegendimage{%s}\n\\addlegendentry{%s}\n", e.legendStyle(), name)
		}
	}
}

// teX writes one panel.
func (p *Chart) teX(b *strings.Builder) {
	b.WriteString("\\nextgroupplot[")
	for _, axis := range []struct {
		name string
		*plot.Axis
	}{{"x", &p.X}, {"y", &p.Y}} {
		if _, log := axis.Scale.(plot.LogScale); log {
			fmt.Fprintf(b, "%smode=log, ", axis.name)
		}
		fmt.Fprintf(b, "%[1]smin=%[2]s, %[1]smax=%[3]s,\n  ", axis.name, number(axis.Min), number(axis.Max))
		var major, labels, minor []string
		for _, tick := range axis.Tick.Marker.Ticks(axis.Min, axis.Max) {
			if tick.Value < axis.Min || tick.Value > axis.Max {
				continue
			}
			if at := number(tick.Value); tick.IsMinor() {
				minor = append(minor, at)
			} else {
				major, labels = append(major, at), append(labels, "{"+latex(tick.Label)+"}")
			}
		}
		fmt.Fprintf(b, "%[1]stick={%[2]s}, %[1]sticklabels={%[3]s}, minor %[1]stick={%[4]s},\n  %[1]slabel={%[5]s}, ",
			axis.name, strings.Join(major, ","), strings.Join(labels, ","), strings.Join(minor, ","),
			latex(axis.Label.Text))
	}
	fmt.Fprintf(b, "title={%s}]\n", strings.ReplaceAll(latex(p.Title.Text), "\n", `\\`))
	for _, s := range p.series {
		fmt.Fprintf(b, "\\addplot[%s, forget plot] coordinates {", s.style())
		for _, at := range s.xys {
			fmt.Fprintf(b, "(%s,%s) ", exact(at.X), exact(at.Y))
		}
		b.WriteString("};\n")
		for i, label := range s.labels {
			fmt.Fprintf(b, "\\node[anchor=south west, inner sep=2pt] at (axis cs:%s,%s) {%s};\n",
				exact(s.xys[i].X), exact(s.xys[i].Y), latex(label))
		}
	}
}

// legendColumns is how many names stand in a row of the legend.
func legendColumns(rows [][]entry) int {
	const short = 24 // letters of a name that takes half the column
	for _, row := range rows {
		for _, e := range row {
			if utf8.RuneCountInString(e.name) > short {
				return 1
			}
		}
	}
	return 2
}

// style returns the options of pgfplots for a series.
func (s *series) style() string {
	ink := fmt.Sprintf("tcz%d", s.mark%len(marks))
	switch s.kind {
	case points:
		return "only marks, color=black!50, mark=o, mark size=2pt"
	case bars:
		return fmt.Sprintf("ybar, bar width=%.2fpt, draw=none, fill=%s", float64(barWidth(len(s.xys))), ink)
	case theory:
		return fmt.Sprintf("color=%s, line width=0.7pt, %s, mark=none", ink, dashed(theoryDashes))
	case guide:
		return "color=black!65, line width=0.7pt, " + dashed(guideDashes) + ", mark=none"
	}
	m := marks[s.mark%len(marks)]
	return fmt.Sprintf("color=%s, line width=0.9pt, %s, mark=%s, mark size=1.8pt, mark options={solid}",
		ink, dashed(m.dashes), m.tikz)
}

// legendStyle is that of the picture in the legend: of bars, a square.
func (s *series) legendStyle() string {
	if s.kind == bars {
		return fmt.Sprintf("only marks, mark=square*, color=tcz%d", s.mark%len(marks))
	}
	return s.style()
}

// dashed writes lengths of dashes and of the white between them.
func dashed(lengths []vg.Length) string {
	if lengths == nil {
		return "solid"
	}
	var parts []string
	for i, v := range lengths {
		parts = append(parts, fmt.Sprintf("%s %gpt", [2]string{"on", "off"}[i%2], float64(v)))
	}
	return "dash pattern=" + strings.Join(parts, " ")
}

func hex(c color.RGBA) string { return fmt.Sprintf("%02X%02X%02X", c.R, c.G, c.B) }

// latex writes text for LaTeX, its exponents in one piece and in 6 points: those of mathematics would have 5.
func latex(text string) string {
	at := 0
	var b strings.Builder
	plain := func(text string) {
		for i, part := range strings.Split(text, "\n") {
			if i > 0 {
				b.WriteString("\n")
			}
			b.WriteString(press.LaTeX(part))
		}
	}
	for _, m := range exponent.FindAllStringIndex(text, -1) {
		plain(text[at:m[0]])
		digits := strings.ReplaceAll(plainDigits.Replace(text[m[0]:m[1]]), "−", "-")
		b.WriteString(`\raisebox{0.8ex}{\fontsize{6}{6}\selectfont ` + strings.ReplaceAll(digits, "-", `\ensuremath{-}`) + `}`)
		at = m[1]
	}
	plain(text[at:])
	return b.String()
}
