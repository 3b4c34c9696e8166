package draw

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// document is what stands around the picture.
func (t *tikz) document() *press.Document {
	legend := strings.Join(slices.Concat(t.aside.entries, t.legend), "; ")
	return &press.Document{
		Advice: t.report().LaTeX(), Least: Readable,
		Title: t.cfg.Title, Caption: t.scene.caption, Legend: legend, NoCaption: t.cfg.NoCaption,
		Width: t.cfg.Width, Wide: t.wide(), Scale: t.scale, Smallest: t.smallText(), Faint: t.cfg.Palette.Faint,
	}
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

func (t *tikz) colour(name, colour string) {
	t.line(`\definecolor{tc%s}{HTML}{%s}%%`, name, press.Hex(colour))
}
