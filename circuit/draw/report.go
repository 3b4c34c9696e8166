package draw

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// Report says what a figure shows and how well it can be read.
type Report struct {
	Folded string // why stages are boxes though that was not asked for; empty: they are not
	Alike  int    // gates that are drawn together with others
	Parts  int    // shapes that stand for them

	Wide, High float64 // of the picture, in points; 0 in a format that is not laid out
	Smallest   float64 // size of its smallest text, in points
	Column     float64 // the width it was laid out for, in centimetres

	Title   string   // what stands under the picture, or is to stand there
	Counts  string   // depth and size
	Aside   []string // weights and bounds that have a letter in the picture
	Legend  []string // what the signs mean
	Caption bool     // they are in the figure
}

// Readable is the size in points of text that is read without effort. Smaller text is warned of.
const Readable = 6.0

// At returns the size in points of the smallest text of the picture in a column of so many
// centimetres. A picture that is narrower is not enlarged, and none is higher than a page.
func (r *Report) At(width float64) float64 {
	if r.Wide == 0 {
		return 0
	}
	return r.Smallest * min(1, width*pointsACentimetre/r.Wide, pageHeight/r.High)
}

// LaTeX returns the text of a \caption for the figure.
func (r *Report) LaTeX() string {
	sentence := func(text string) string {
		if rest, ok := strings.CutPrefix(text, "depth"); ok {
			return "Depth" + rest
		}
		return text
	}
	counts, legend := sentence(r.Counts), sentence(strings.Join(r.Legend, "; "))
	var parts []string
	for _, part := range []string{r.Title, counts, strings.Join(r.Aside, "; "), legend} {
		if part != "" {
			parts = append(parts, press.LaTeX(part)+".")
		}
	}
	return fmt.Sprintf(`\caption{%s}`, strings.Join(parts, " "))
}

// report says what the scene shows.
func (s *scene) report() *Report {
	r := &Report{
		Folded: s.folded, Title: s.cfg.Title, Counts: s.caption, Column: s.cfg.Width,
		Aside: s.aside.entries, Legend: s.legend, Caption: !s.cfg.NoCaption,
	}
	for i := range s.nodes {
		if n := &s.nodes[i]; n.isGate() && len(n.more) > 0 {
			r.Alike += len(n.more) + 1
			r.Parts++
		}
	}
	return r
}

// report says what the sheet shows and how large it is.
func (t *sheet) report() *Report {
	r := t.scene.report()
	r.Wide, r.High, r.Smallest = t.wide(), t.high(), t.smallText()
	return r
}
