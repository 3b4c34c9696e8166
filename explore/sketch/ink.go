package sketch

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/internal/press"
)

// colour is the number of a colour in a figure; 0 is none.
type colour int

// inks are the colours of a figure.
type inks struct {
	ground, text, faint, wire, beside, negative, path, selected, one, oneFill,
	port, portLine, constant, constantLine, logic, logicLine, parity, parityLine,
	threshold, thresholdLine, sum, sumLine, stage, stageLine, inner, innerLine colour

	names, hex []string // by colour
}

// Colours that only views have. What is 1 has a heavier line as well.
const (
	selectedHex = "#0072b2"
	oneHex      = "#00664b"
	oneFillHex  = "#9fe0c8"
)

func newInks(p *press.Palette) inks {
	k := inks{names: []string{""}, hex: []string{""}}
	add := func(name, hex string) colour {
		k.names, k.hex = append(k.names, name), append(k.hex, hex)
		return colour(len(k.names) - 1)
	}
	both := func(name string, i press.Ink) (fill, line colour) {
		return add(name+"fill", i.Fill), add(name+"line", i.Line)
	}
	k.ground, k.text, k.faint = add("ground", "#ffffff"), add("text", p.Text), add("faint", p.Faint)
	k.beside = add("beside", p.Beside)
	k.wire, k.negative, k.path = add("wire", p.Wire), add("negative", p.Negative), add("path", p.Path)
	selected, one, oneFill := selectedHex, oneHex, oneFillHex
	if *p == press.Grey() {
		selected, one, oneFill = p.Text, p.Text, p.Beside
	}
	k.selected, k.one, k.oneFill = add("selected", selected), add("one", one), add("onefill", oneFill)
	k.port, k.portLine = both("port", p.Port)
	k.constant, k.constantLine = both("constant", p.Constant)
	k.logic, k.logicLine = both("logic", p.Logic)
	k.parity, k.parityLine = both("parity", p.Parity)
	k.threshold, k.thresholdLine = both("threshold", p.Threshold)
	k.sum, k.sumLine = both("sum", p.Sum)
	k.stage, k.stageLine = both("stage", p.Stage)
	k.inner, k.innerLine = both("inner", p.Inner)
	return k
}

// tex defines the colours for LaTeX.
func (k *inks) tex() string {
	var b strings.Builder
	for i, name := range k.names[1:] {
		fmt.Fprintf(&b, "\\definecolor{tc%s}{HTML}{%s}%%\n", name, press.Hex(k.hex[i+1]))
	}
	return b.String()
}
