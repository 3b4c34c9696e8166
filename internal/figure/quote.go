package figure

import (
	"fmt"
	"strings"

	"github.com/emicklei/dot"

	"github.com/tc0lab/tc0/internal/press"
)

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// Escape makes text safe in a Graphviz label, HTML-like or not: entities are read in
// both, and in both a backslash before some letters stands for something else.
func Escape(text string) string {
	return strings.ReplaceAll(entities.Replace(text), `\`, `\\`)
}

// Quote writes text as a Graphviz string. The dot package would quote as Go does,
// whose escapes of spaces and letters beyond ASCII Graphviz does not know.
func Quote(text string) dot.Literal {
	return dot.Literal(`"` + strings.ReplaceAll(Escape(text), "\n", `\n`) + `"`)
}

// Sized writes text in a size in points, for an HTML-like label.
func Sized(points int, text string) string {
	return fmt.Sprintf(`<font point-size="%d">%s</font>`, points, Escape(text))
}

// Heading writes the title of a figure, for an HTML-like label.
func Heading(text string) string {
	return `<font point-size="13"><b>` + Escape(text) + `</b></font>`
}

// Remark writes what is read last, small and faint, for an HTML-like label.
func Remark(p *press.Palette, text string) string {
	return fmt.Sprintf(`<font point-size="9" color=%q>%s</font>`, p.Faint, Escape(text))
}
