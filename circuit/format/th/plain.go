package th

import "github.com/tc0lab/tc0/circuit/format/netlist"

const gateWord = ".threshold "

var gateLine = netlist.GateLine{Signs: netlist.PlainSigns(""), First: '.', Not: constant}

// plain reads gates without cutting their two lines into tokens. It leaves everything else to
// line, also what is wrong with a line.
func (f *file) plain(text []byte, line int) (size, lines int) {
	if f.part != inGates {
		return 0, 0
	}
	for {
		rest, n := text[size:], 0
		switch {
		case f.waiting:
			n = f.plainWeights(rest)
		case len(rest) > len(gateWord) && string(rest[:len(gateWord)]) == gateWord:
			n = f.plainNames(rest, line+lines)
		}
		if n == 0 {
			return size, lines
		}
		size += n
		lines++
	}
}

// plainNames begins a gate. It returns the length of the line, or 0 if it has not read it.
func (f *file) plainNames(text []byte, line int) int {
	inputs, size := f.DefineLine(&gateLine, text, netlist.Blanks(text, len(gateWord)), line, len(f.first))
	if size > 0 {
		f.begin(inputs, line)
	}
	return size
}

// plainWeights reads integers of up to 18 digits, which most are. It returns the length of the line, or 0 if it has
// not read it.
func (f *file) plainWeights(text []byte) int {
	netlist.Double(&f.numbers, f.inputs+1)
	numbers := f.numbers
	i := netlist.Blanks(text, 0)
	for k := range f.inputs + 1 {
		end := i + 1
		if end < len(text) && text[i]-'0' <= 9 && text[end] <= ' ' { // a digit alone
			numbers = append(numbers, 2*(text[i]-'0')) // as addNumber does
		} else if end++; end < len(text) && text[i] == '-' && text[i+1]-'1' < 9 && text[end] <= ' ' {
			numbers = append(numbers, 2*(text[i+1]-'0')-1)
		} else {
			v, e, ok := shortInt(text, i)
			if !ok {
				return 0
			}
			numbers, end = addNumber(numbers, v), e
		}
		i = netlist.Blanks(text, end)
		if i == end && k < f.inputs {
			return 0
		}
	}
	i, ok := netlist.LineEnd(text, i)
	if !ok {
		return 0
	}
	f.numbers, f.waiting = numbers, false
	return i
}

// mostDigits of an integer are read without looking for overflow.
const mostDigits = 18

// shortInt returns the integer at an offset of a text, if it has up to 18 digits, and the offset behind it.
func shortInt(text []byte, at int) (v int64, end int, ok bool) {
	negative := false
	if at < len(text) && (text[at] == '-' || text[at] == '+') {
		negative = text[at] == '-'
		at++
	}
	end = at
	for end < len(text) && text[end]-'0' <= 9 {
		v = 10*v + int64(text[end]-'0')
		end++
	}
	if negative {
		v = -v
	}
	return v, end, end > at && end-at <= mostDigits
}
