package blif

import (
	"bytes"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// plain reads .names and the rows of covers, which most lines are, without cutting them into tokens.
// It leaves everything else to line, also what is wrong with a line.
func (f *file) plain(text []byte, at netlist.Pos) bool {
	switch {
	case len(text) == 0 || f.at != f.first || f.part != inModel && f.part != inCover:
		return false
	case text[0] != '.':
		return f.part == inCover && f.plainRow(text)
	}
	return bytes.HasPrefix(text, namesWord) && f.plainNames(text, at)
}

var namesWord = []byte(".names ")

// plainNames begins a cover.
func (f *file) plainNames(text []byte, at netlist.Pos) bool {
	names, ok := netlist.PlainWords(text, len(namesWord), at, f.names[:0])
	f.names = names
	last := len(names) - 1
	// What is defined already fails here and changes nothing, so that line tells of it.
	if !ok || last < 0 || bytes.IndexByte(text, '\\') >= 0 ||
		f.Define(names[last], names[:last], len(f.covers)) != nil {
		return false
	}
	for i := range separators {
		f.found[i] = f.found[i] || bytes.IndexByte(text, separators[i]) >= 0
	}
	f.size += len(text) + 1
	f.inputs, f.part = last, inCover
	netlist.Double(&f.covers, 1)
	f.covers = append(f.covers, cover{first: len(f.cubes)})
	return true
}

// plainRow adds a row to the last cover, if the text is CUBE VALUE and nothing is wrong with it.
func (f *file) plainRow(text []byte) bool {
	n := f.inputs
	if n == 0 || len(text) != n+2 || text[n] != ' ' || text[n+1]&^1 != '0' {
		return false
	}
	for _, sign := range text[:n] {
		if sign != '0' && sign != '1' && sign != '-' {
			return false
		}
	}
	c, off := &f.covers[len(f.covers)-1], text[n+1] == '0'
	if c.rows > 0 && off != c.off {
		return false
	}
	netlist.Double(&f.cubes, n)
	f.cubes = append(f.cubes, text[:n]...)
	f.size += len(text) + 1
	c.off = off
	c.rows++
	return true
}
