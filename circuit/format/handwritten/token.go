package handwritten

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tc0lab/tc0/circuit/format/netlist"
)

// kind is what a token is: a byte of its own for each sign.
type kind byte

// The kinds of token that are more than one sign.
const (
	atEnd    kind = 0
	word     kind = 'w' // a name without quotes, or a word of the format
	quoted   kind = 'q'
	number   kind = 'd' // decimal digits
	atLeast  kind = 'G' // >=
	atMost   kind = 'L' // <=
	signs         = "=()[]{},+-*:/<>"
	unsigned      = "an integer that is not negative"
)

// token is a part of a line. The text of a name in quotes is the name.
type token struct {
	netlist.Token
	kind kind
}

// is reports whether t is a word of the format.
func (t token) is(text string) bool { return t.kind == word && t.Is(text) }

func (t token) isName() bool { return t.kind == word || t.kind == quoted }

// instead says what a sign of other languages is here.
var instead = map[string]string{
	"&": "an AND is written and(a, b)", "|": "an OR is written or(a, b)", "^": "a XOR is written xor(a, b)",
	"!": "a complement is written not a", "~": "a complement is written not a", ";": "a line ends without one",
	"\u2265": "it is written >=", "\u2264": "it is written <=", "\u2212": "it is written -", "\u00b7": "it is written *",
}

// longLine is the length of a line whose tokens are counted before they are cut, lest growing takes
// several times their memory.
const longLine = 1 << 12

// cut cuts a line into tokens, in the memory of others.
func cut(tokens []token, text []byte, number int) ([]token, error) {
	if len(text) > longLine {
		n := 0
		for i := space(text); i < len(text); i += space(text[i:]) {
			_, size := first(text[i:])
			i += size
			n++
		}
		tokens = slices.Grow(tokens, n)
	}
	for i := space(text); i < len(text); i += space(text[i:]) {
		t, size := first(text[i:])
		t.Pos = netlist.Pos{Line: number, Col: i + 1}
		switch {
		case t.kind == atEnd && text[i] == '"':
			return nil, t.Errorf(`a name in quotes ends in its line, and is one of Go; a # in it is written \x23`)
		case t.kind == atEnd && text[i] == '.' && i > 0 && digits(text[i-1:]) > 0:
			return nil, t.Errorf("weights and bounds are integers; multiply both sides of the comparison")
		case t.kind == atEnd:
			return nil, t.Errorf("is no sign of the format; %s", cmp.Or(instead[string(t.Text)], "a name with it is written in quotes"))
		}
		tokens = append(tokens, t)
		i += size
	}
	return tokens, nil
}

// space returns how many spaces a text begins with.
func space(text []byte) int { return len(text) - len(bytes.TrimLeft(text, " \t\r\f\v")) }

// first returns the token that a text begins with, and its size.
func first(text []byte) (t token, size int) {
	c := text[0]
	switch {
	case c == '"':
		end := 1
		for end < len(text) && text[end] != '"' {
			if text[end] == '\\' {
				end++
			}
			end++
		}
		raw := text[:min(end+1, len(text))]
		name, err := strconv.Unquote(string(raw))
		if err != nil {
			return token{Token: netlist.Token{Text: raw}}, len(raw)
		}
		return token{netlist.Token{Text: []byte(name)}, quoted}, len(raw)
	case c >= '0' && c <= '9':
		size = digits(text)
		return token{netlist.Token{Text: text[:size]}, number}, size
	case bytes.HasPrefix(text, []byte(">=")):
		return token{netlist.Token{Text: text[:2]}, atLeast}, 2
	case bytes.HasPrefix(text, []byte("<=")):
		return token{netlist.Token{Text: text[:2]}, atMost}, 2
	case bytes.IndexByte([]byte(signs), c) >= 0:
		return token{netlist.Token{Text: text[:1]}, kind(c)}, 1
	}
	if size = bare(text); size > 0 {
		return token{netlist.Token{Text: text[:size]}, word}, size
	}
	_, size = utf8.DecodeRune(text)
	return token{Token: netlist.Token{Text: text[:size]}}, size
}

// digits returns the number of digits that a text begins with.
func digits(text []byte) int { return len(text) - len(bytes.TrimLeft(text, "0123456789")) }

// bare returns the size of the name without quotes that a text begins with; 0: there is none.
func bare(text []byte) int {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		switch {
		case r == utf8.RuneError && size <= 1:
			return at
		case r == '_' || unicode.IsLetter(r) || at > 0 && (r == '.' || unicode.IsDigit(r)):
			at += size
		case r == '[' && at > 0 && index(text[at:]) > 0:
			at += index(text[at:])
		default:
			return at
		}
	}
	return at
}

// index returns the size of the index, such as [2,3], that a text begins with; 0: there is none.
func index(text []byte) int {
	at := 0
	for at == 0 || text[at] == ',' {
		n := digits(text[at+1:])
		if at += 1 + n; n == 0 || at == len(text) {
			return 0
		}
	}
	if text[at] != ']' {
		return 0
	}
	return at + 1
}

// line is a line that is parsed from left to right.
type line struct {
	tokens []token
	at     int
	end    netlist.Pos // behind the last token
}

// peek returns the next token, of the kind atEnd behind the last one.
func (l *line) peek() token {
	if l.at < len(l.tokens) {
		return l.tokens[l.at]
	}
	return token{}
}

// take returns the next token and goes on.
func (l *line) take() token {
	t := l.peek()
	l.at = min(l.at+1, len(l.tokens))
	return t
}

// accept goes on if the next token is of a kind.
func (l *line) accept(k kind) bool {
	if l.peek().kind != k {
		return false
	}
	l.at++
	return true
}

// want goes on, and fails unless the next token is of a kind, which is a sign.
func (l *line) want(k kind) error {
	if !l.accept(k) {
		return l.expected(strconv.Quote(string(rune(k))))
	}
	return nil
}

// ended fails unless the line ends here.
func (l *line) ended() error {
	switch t := l.peek(); {
	case t.kind == atEnd:
		return nil
	case isCallable(t):
		return t.Errorf("the end of the line is expected here; a gate is written %s(a, b)", strings.ToLower(string(t.Text)))
	}
	return l.expected("the end of the line")
}

// expected returns the error that something else should stand here.
func (l *line) expected(what string) error {
	if t := l.peek(); t.kind != atEnd {
		return t.Errorf("%s is expected here", what)
	}
	return l.end.Errorf("%s is expected here", what)
}

// list parses parts with commas between them, up to a sign.
func (l *line) list(end kind, part func() error) error {
	for i := 0; !l.accept(end); i++ {
		if i > 0 && !l.accept(',') {
			return l.expected(`"," or ` + strconv.Quote(string(rune(end))))
		}
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}
