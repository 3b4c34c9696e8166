package netlist

// What a byte is in a line of plain words.
const (
	inPlain byte = iota
	blank
	notPlain
)

var plainClass = func() (class [256]byte) {
	for b := range class {
		switch {
		case b == ' ' || b == '\t':
			class[b] = blank
		case b <= ' ' || b > '~':
			class[b] = notPlain
		}
	}
	return class
}()

// PlainWords appends the words of a line, from an offset on, to those that it is given. Spaces and
// tabs part them. It reports false if there is a byte that is not a printable sign of ASCII; so each
// word is a name.
func PlainWords(text []byte, from int, at Pos, words []Token) ([]Token, bool) {
	for i := from; i < len(text); i++ {
		start := i
		for i < len(text) && plainClass[text[i]] == inPlain {
			i++
		}
		if i > start {
			words = append(words, Token{text[start:i], Pos{at.Line, at.Col + start}})
		}
		if i < len(text) && plainClass[text[i]] == notPlain {
			return words, false
		}
	}
	return words, true
}
