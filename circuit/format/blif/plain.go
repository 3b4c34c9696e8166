package blif

import (
	"bytes"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// plain reads .names and the rows of covers, which most lines are, without cutting them into tokens.
// It leaves everything else to line, also what is wrong with a line.
func (f *file) plain(text []byte, line int) (size, lines int) {
	if f.at != f.first || f.part != inModel && f.part != inCover {
		return 0, 0
	}
	for {
		rest, n := text[size:], 0
		switch {
		case len(rest) == 0:
		case rest[0] != '.':
			n = f.plainRow(rest)
		case bytes.HasPrefix(rest, namesWord):
			n = f.plainNames(rest, line+lines)
		}
		if n == 0 {
			break
		}
		size += n
		lines++
	}
	for i := range separators {
		f.found[i] = f.found[i] || bytes.IndexByte(text[:size], separators[i]) >= 0
	}
	f.size += size
	return size, lines
}

var (
	namesWord = []byte(".names ")
	gateLine  = netlist.GateLine{Signs: netlist.PlainSigns("#"), Last: '\\'} // which the next line may continue
)

// plainNames begins a cover. It returns the length of the line, or 0 if it has not read it.
func (f *file) plainNames(text []byte, line int) int {
	inputs, size := f.DefineLine(&gateLine, text, netlist.Blanks(text, len(namesWord)), line, len(f.covers))
	if size > 0 {
		f.inputs, f.part = inputs, inCover
		netlist.Double(&f.covers, 1)
		f.covers = append(f.covers, cover{first: len(f.cubes)})
	}
	return size
}

// plainRow adds a row to the last cover, if the text begins with CUBE VALUE and nothing is wrong with it. It returns
// the length of the line, or 0 if it has not read it.
func (f *file) plainRow(text []byte) int {
	n := f.inputs
	if f.part != inCover || n == 0 || len(text) < n+3 || text[n] != ' ' || text[n+1]&^1 != '0' {
		return 0
	}
	for _, sign := range text[:n] {
		if sign != '0' && sign != '1' && sign != '-' {
			return 0
		}
	}
	end, ok := netlist.LineEnd(text, n+2)
	c, off := &f.covers[len(f.covers)-1], text[n+1] == '0'
	if !ok || c.rows > 0 && off != c.off {
		return 0
	}
	netlist.Double(&f.cubes, n)
	f.cubes = append(f.cubes, text[:n]...)
	c.off = off
	c.rows++
	return end
}
