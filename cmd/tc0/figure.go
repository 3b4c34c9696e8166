package main

import (
	"fmt"

	"github.com/tc0lab/tc0/circuit/draw"
)

// Widths of columns that the size of text is told for, in centimetres: one of two columns, and both.
const (
	oneColumn  = 8.0
	twoColumns = 17.0
)

// figureFacts is what --json says of how a figure shows a circuit.
type figureFacts struct {
	Folded     string  `json:"folded,omitempty"` // why, where it was not asked for
	Alike      int     `json:"bundled_gates"`
	Smallest8  float64 `json:"smallest_text_pt_at_8cm,omitempty"`
	Smallest17 float64 `json:"smallest_text_pt_at_17cm,omitempty"`
	LaTeX      string  `json:"latex_caption"`
}

// drawnFigure is what --json says of a figure.
type drawnFigure struct {
	writtenFile
	*figureFacts
}

func newFigureFacts(r *draw.Report) *figureFacts {
	return &figureFacts{r.Folded, r.Alike, r.At(oneColumn), r.At(twoColumns), r.LaTeX()}
}

// printHow tells what is not drawn gate by gate, how large text is, and what would help if it is
// too small.
func (a *app) printHow(r *draw.Report, format string) {
	if r.Folded != "" {
		a.Printf("folded by stage: %s one by one; --no-fold draws each\n", r.Folded)
	}
	if r.Alike > 0 {
		a.Printf("%s that are alike are drawn as %s; --no-bundle draws each\n",
			plural(r.Alike, "gate"), plural(r.Parts, "shape"))
	}
	a.printText(r, "a wider --width, --fold, --cone PORT, --blocks or a smaller n make")
	if format == "tex" && !r.Caption {
		a.Printf("%s\n", r.LaTeX())
	}
}

// printBlocks tells how large text of a block diagram is.
func (a *app) printBlocks(r *draw.Report, format string) {
	a.printText(r, "a wider --width, --fold or fewer layers make")
	if format == "tex" && !r.Caption {
		a.Printf("%s\n", r.LaTeX())
	}
}

// printText tells how large the smallest text of a figure is, and what helps.
func (a *app) printText(r *draw.Report, help string) {
	if r.Wide == 0 {
		return
	}
	at := func(cm float64) string { return fmt.Sprintf("%.1f pt at %g cm", r.At(cm), cm) }
	a.Printf("smallest text: %s, %s", at(oneColumn), at(twoColumns))
	if r.Column != oneColumn && r.Column != twoColumns {
		a.Printf(", %s", at(r.Column))
	}
	a.Printf("\n")
	if r.At(r.Column) < draw.Readable {
		a.Printf("less than %g pt at %g cm: %s text larger\n", draw.Readable, r.Column, help)
	}
}
