package th

import (
	"bytes"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

var gateWord = []byte(".threshold ")

// plain reads the two lines of a gate without cutting them into tokens. It leaves everything else to
// line, also what is wrong with a line.
func (f *file) plain(text []byte, at netlist.Pos) bool {
	switch {
	case f.waiting:
		return f.plainWeights(text)
	case f.part != inGates || !bytes.HasPrefix(text, gateWord):
		return false
	}
	names, ok := netlist.PlainWords(text, len(gateWord), at, f.names[:0])
	f.names = names
	last := len(names) - 1
	if !ok || last < 0 || names[last].Is(constant) {
		return false
	}
	for i := range names {
		if names[i].Text[0] == '.' {
			return false
		}
	}
	// What is defined already fails here and changes nothing, so that line tells of it.
	return f.begin(names[last], names[:last], at.Line) == nil
}

// plainWeights reads integers of up to 18 digits, which most are.
func (f *file) plainWeights(text []byte) bool {
	begin := len(f.numbers)
	netlist.Double(&f.numbers, f.inputs+1)
	for i := 0; i < len(text); i++ {
		start := i
		for i < len(text) && text[i] > ' ' {
			i++
		}
		if i < len(text) && text[i] != ' ' && text[i] != '\t' {
			f.numbers = f.numbers[:begin]
			return false
		}
		if i == start {
			continue
		}
		v, ok := shortInt(text[start:i])
		if !ok {
			f.numbers = f.numbers[:begin]
			return false
		}
		f.numbers = append(f.numbers, v)
	}
	if len(f.numbers) != begin+f.inputs+1 {
		f.numbers = f.numbers[:begin]
		return false
	}
	f.waiting = false
	return true
}

// shortInt returns an integer of up to 18 digits, which most are.
func shortInt(text []byte) (int64, bool) {
	digits, negative := text, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		digits, negative = text[1:], text[0] == '-'
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	v := int64(0)
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, false
		}
		v = 10*v + int64(d-'0')
	}
	if negative {
		v = -v
	}
	return v, true
}
