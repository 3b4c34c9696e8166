package token

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// addition is a token that is found in a text before it is cut into words.
type addition struct {
	content     string
	id          int
	left, right bool // it takes the white space on this side
	word        bool // it must not touch a letter
}

// additions are such tokens by their first byte, the longest first.
type additions map[byte][]addition

func (a additions) add(x addition) {
	list := append(a[x.content[0]], x)
	slices.SortStableFunc(list, func(x, y addition) int { return len(y.content) - len(x.content) })
	a[x.content[0]] = list
}

// segment is an added token, or with id −1 a text without any.
type segment struct {
	text string
	id   int
	from int // where it begins
}

// cut divides a text into segments that are not empty. Of the tokens that begin first, the longest counts.
func (a additions) cut(text string) []segment {
	var list []segment
	done := 0
	for i := 0; i < len(text); {
		x, ok := a.at(text[i:])
		if !ok {
			i++
			continue
		}
		from, to := i, i+len(x.content)
		i = to
		if x.word && (endsInLetter(text[:from]) || beginsWithLetter(text[to:])) {
			continue
		}
		if x.left {
			from = max(done, len(strings.TrimRightFunc(text[:from], unicode.IsSpace)))
		}
		if x.right {
			to = len(text) - len(strings.TrimLeftFunc(text[to:], unicode.IsSpace))
		}
		if done < from {
			list = append(list, segment{text[done:from], -1, done})
		}
		list = append(list, segment{x.content, x.id, from})
		done, i = to, to
	}
	if done < len(text) {
		list = append(list, segment{text[done:], -1, done})
	}
	return list
}

// at returns the longest token that a text begins with.
func (a additions) at(text string) (addition, bool) {
	for _, x := range a[text[0]] {
		if strings.HasPrefix(text, x.content) {
			return x, true
		}
	}
	return addition{}, false
}

func endsInLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return s != "" && letter(r)
}

func beginsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && letter(r)
}

// letter reports whether a rune is part of a word: \w of Unicode.
func letter(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// remove takes a token out again.
func (a additions) remove(x addition) {
	a[x.content[0]] = slices.DeleteFunc(a[x.content[0]], func(y addition) bool { return y == x })
}
