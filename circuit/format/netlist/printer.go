package netlist

import (
	"bufio"
	"io"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/circuit"
)

// Printer writes the text of a file. An error of the writer below stays until Flush.
type Printer struct{ *bufio.Writer }

// NewPrinter returns a printer to w.
func NewPrinter(w io.Writer) Printer { return Printer{bufio.NewWriterSize(w, 1<<16)} }

// Text writes the parts one behind another: strings, and numbers as decimals. It panics at
// a part of any other type.
func (p Printer) Text(parts ...any) {
	for _, part := range parts { // none of them escapes: numbers do not take memory
		if text, ok := part.(string); ok { // faster than as a case
			p.WriteString(text)
			continue
		}
		switch v := part.(type) {
		case circuit.Gate:
			p.number(int64(v))
		case circuit.Int:
			if small, ok := v.Int64(); ok {
				p.number(small)
			} else {
				p.WriteString(v.String())
			}
		case circuit.SumID:
			p.number(int64(v))
		case int:
			p.number(int64(v))
		case int64:
			p.number(v)
		case uint32:
			p.number(int64(v))
		default:
			panic("netlist: a part of a text is neither a string nor a number")
		}
	}
}

func (p Printer) number(v int64) { p.Write(strconv.AppendInt(p.AvailableBuffer(), v, 10)) }

// AppendInt appends a number to a text.
func AppendInt(text []byte, v circuit.Int) []byte {
	if small, ok := v.Int64(); ok {
		return strconv.AppendInt(text, small, 10)
	}
	return append(text, v.String()...)
}

// List writes n parts and separators between them.
func (p Printer) List(separator string, n int, part func(i int)) {
	for i := range n {
		if i > 0 {
			p.Text(separator)
		}
		part(i)
	}
}

// Comments writes lines of comments, each behind the mark, without spaces at the end.
func (p Printer) Comments(mark string, lists ...[]string) {
	for _, lines := range lists {
		for _, line := range lines {
			p.Text(strings.TrimSpace(mark+line), "\n")
		}
	}
}

// Model writes the names of a model, of its inputs and of its outputs, behind the words of the
// format for these. The name becomes one word, since other programs expect that.
func (p Printer) Model(name string, sp Spelling, n *Names, inputs, outputs string) {
	if name == "" {
		name = "circuit"
	}
	name = strings.Map(func(r rune) rune {
		if !sp.Legal(r, false) {
			return '_'
		}
		return r
	}, name)
	p.Text(".model ", name)
	for side, names := range [][]string{n.Inputs, n.Outputs} {
		p.Text("\n", [2]string{inputs, outputs}[side])
		for _, name := range names {
			p.Text(" ", name)
		}
	}
	p.Text("\n")
}
