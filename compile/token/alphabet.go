package token

import (
	"strings"

	"golang.org/x/text/encoding/unicode"
)

// alphabet has the character that byte-level BPE writes for each byte: the byte itself where it is printed in
// Latin-1, else one of those from U+0100 on.
var alphabet, inAlphabet = makeAlphabet()

func makeAlphabet() (of [256]rune, back map[rune]byte) {
	back = map[rune]byte{}
	other := rune(256)
	for i := range of {
		of[i] = rune(i)
		if i < '!' || i > '~' && i < '¡' || i == 0xAD {
			of[i] = other
			other++
		}
		back[of[i]] = byte(i)
	}
	return of, back
}

// spell writes the bytes of a text in the alphabet.
func spell(text string) string {
	var b strings.Builder
	for i := range len(text) {
		b.WriteRune(alphabet[text[i]])
	}
	return b.String()
}

// unspell returns the bytes that a token stands for; ok is false if not all its characters are in the alphabet.
func unspell(token string) (text string, ok bool) {
	var b strings.Builder
	for _, r := range token {
		c, ok := inAlphabet[r]
		if !ok {
			return "", false
		}
		b.WriteByte(c)
	}
	return b.String(), true
}

// validUTF8 puts U+FFFD for what is no UTF-8, one for each longest beginning of a character.
func validUTF8(s string) string {
	valid, err := unicode.UTF8.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return valid
}
