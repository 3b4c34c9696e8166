package main

import (
	"fmt"
	"strings"

	"github.com/tc0lab/tc0/compile/model"
)

// sizes writes the sizes of layers.
func sizes(layers []int) string {
	var parts []string
	for _, n := range layers {
		parts = append(parts, fmt.Sprint(n))
	}
	return strings.Join(parts, "-")
}

func (r *report) printNetwork(a *app, s *subject) {
	q := s.quantised
	m := q.Model
	c := &m.Config
	switch {
	case len(c.LayerSizes) > 0:
		a.field("kind", "%s %s, %s, %s parameters", c.ModelType, sizes(c.LayerSizes), c.Activation, count(r.Parameters))
	case c.Decoder != nil:
		d := c.Decoder
		a.field("kind", "%s, %s, hidden size %d, %s of size %d (%s of keys and values), intermediate size %d, %s, %s parameters", c.ModelType, plural(d.Layers, "layer"),
			d.Hidden, plural(d.Heads, "head"), d.HeadSize, plural(d.KeyHeads, "head"), d.Intermediate, d.Activation, count(r.Parameters))
	case c.Selective != nil:
		d := c.Selective
		a.field("kind", "%s, %s, hidden size %d, %d inner features with states of %d, convolution of %d, %s parameters", c.ModelType, plural(d.Layers, "layer"),
			d.Hidden, d.Inner, d.State, d.Kernel, count(r.Parameters))
	default:
		a.field("kind", "%s, hidden size %d, intermediate size %d, %s, %s parameters", c.ModelType, c.HiddenSize, c.IntermediateSize, c.Activation, count(r.Parameters))
	}
	switch c.Input.Kind {
	case "image":
		a.field("input", "image of %d×%d pixels of %d bits", c.Input.Rows, c.Input.Columns, c.Input.Bits)
	case "tokens":
		a.field("input", "sequence of %d tokens out of %d", c.Input.Length, c.Input.Vocab)
	default:
		a.field("input", "%d integers of %d bits", c.Input.Length, c.Input.Bits)
	}
	if c.Outputs > 1 {
		a.field("answers", "the last %s answer", plural(c.Outputs, "position"))
	}
	a.field("answer", "one of %s: %s", plural(len(q.Labels), "label"), strings.Join(q.Labels, " "))
	if m.Test != nil {
		a.field("held out", "%s that the training never saw", plural(m.Test.Len(), "input"))
	}
	a.heading("Quantisation (weights: from their largest; activations: from %s)", q.Calibration)
	var rows [][]string
	for _, ch := range q.Choices {
		detail := ""
		switch {
		case ch.Levels > 0:
			detail = plural(ch.Levels, "threshold")
		case ch.Kind == model.Activation && ch.Unit > 0:
			detail = fmt.Sprintf("1 = %s of the sum", plural(ch.Unit, "unit"))
		case ch.Kind == model.Residual && ch.Unit > 1:
			detail = fmt.Sprintf("incoming term × %d", ch.Unit)
		}
		rows = append(rows, []string{ch.Tensor, string(ch.Kind), fmt.Sprint(ch.Bits), fmt.Sprintf("%.4g", ch.Scale), fmt.Sprintf("%s..%s", count(ch.Least), count(ch.Greatest)), detail})
	}
	a.table(cols("tensor", "kind", "#bits", "#scale", "#integers", ""), rows, nil)
	a.printf("  The scale is the real value of the integer 1.\n")
}
