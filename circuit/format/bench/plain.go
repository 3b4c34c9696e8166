package bench

import (
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// nameSigns are those of names that no other sign of ASCII parts.
var nameSigns = netlist.PlainSigns(signs + "#")

// plain reads definitions, name = KIND(name, ...), of gates that are no tables, without cutting them into tokens. It
// leaves everything else to statement, also what is wrong with a line.
func (f *file) plain(text []byte, line int) (size, lines int) {
	for {
		n := f.plainLine(text[size:], line+lines)
		if n == 0 {
			break
		}
		size += n
		lines++
	}
	f.empty = f.empty && lines == 0
	return size, lines
}

// plainLine returns the length of the line that it has read, or 0.
func (f *file) plainLine(text []byte, line int) int {
	out, i := nameSigns.Next(text, 0)
	i, ok := sign(text, i, '=')
	if !ok || out.Size == 0 {
		return 0
	}
	word, i := nameSigns.Next(text, i)
	kind, ok := plainKind(word.Upper())
	if !ok {
		return 0
	}
	i, ok = sign(text, i, '(')
	names := f.words[:0]
	for ok {
		var name netlist.Word
		if name, i = nameSigns.Next(text, i); name.Size == 0 {
			return 0
		}
		names = append(names, name)
		i, ok = sign(text, i, ',')
	}
	f.words = names
	i, ok = sign(text, i, ')')
	if !ok || len(names) == 0 || kind.FanIn() == 1 && len(names) != 1 {
		return 0
	}
	i, ok = netlist.LineEnd(text, i)
	if !ok || !f.DefineWords(out, names, text, line, int(kind)) {
		return 0
	}
	return i
}

// sign returns the offset behind a sign, and the blanks around it. It reports false if something else is there.
func sign(text []byte, at int, is byte) (int, bool) {
	at = netlist.Blanks(text, at)
	if at == len(text) || text[at] != is {
		return at, false
	}
	return netlist.Blanks(text, at+1), true
}

// The words for kinds of gate, as [netlist.Word.Upper] has them.
const (
	andWord  = 'A' | 'N'<<8 | 'D'<<16
	orWord   = 'O' | 'R'<<8
	nandWord = 'N' | 'A'<<8 | 'N'<<16 | 'D'<<24
	norWord  = 'N' | 'O'<<8 | 'R'<<16
	xorWord  = 'X' | 'O'<<8 | 'R'<<16
	xnorWord = 'X' | 'N'<<8 | 'O'<<16 | 'R'<<24
	nxorWord = 'N' | 'X'<<8 | 'O'<<16 | 'R'<<24
	notWord  = 'N' | 'O'<<8 | 'T'<<16
	invWord  = 'I' | 'N'<<8 | 'V'<<16
	buffWord = 'B' | 'U'<<8 | 'F'<<16 | 'F'<<24
	bufWord  = 'B' | 'U'<<8 | 'F'<<16
)

// plainKind returns the kind of gate of a word in any case.
func plainKind(upper uint64) (kind gates.Kind, ok bool) {
	switch upper {
	case andWord:
		return gates.And, true
	case orWord:
		return gates.Or, true
	case nandWord:
		return gates.Nand, true
	case norWord:
		return gates.Nor, true
	case xorWord:
		return gates.Xor, true
	case xnorWord, nxorWord:
		return gates.Xnor, true
	case notWord, invWord:
		return gates.Not, true
	case buffWord, bufWord:
		return gates.Buf, true
	}
	return 0, false
}
