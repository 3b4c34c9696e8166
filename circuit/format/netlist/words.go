package netlist

import (
	"encoding/binary"
	"math/bits"
)

// Word is a word of a line that is read without cutting it into tokens.
type Word struct {
	head uint64 // its bytes as [word] has them, if there are up to eight
	At   int32  // where it begins in the text
	Size int32  // in bytes; 0: there is no word
}

// In returns the word as it stands in its text.
func (w Word) In(text []byte) []byte { return text[w.At : w.At+w.Size] }

// Upper returns a word of up to eight bytes as a number, the first as its low byte, with capital letters for small
// ones, or 0 for a longer one. No word with a sign other than letters has the number of one of letters only.
func (w Word) Upper() uint64 {
	if w.Size > wordBytes {
		return 0
	}
	return w.head &^ (0x20 * each)
}

// Signs says of each byte whether it is part of a plain word.
type Signs [256]bool

// PlainSigns returns the printable signs of ASCII but for the given ones and the space. So each plain word is a
// name.
func PlainSigns(but string) *Signs {
	var is Signs
	for b := byte('!'); b <= '~'; b++ {
		is[b] = true
	}
	for i := range but {
		is[but[i]] = false
	}
	return &is
}

const (
	each = 0x0101010101010101
	top  = 0x80 * each
)

// stops returns the top bits of the bytes of x that are below '0', '=' or beyond '~'. It is right up to the lowest of
// them. All other bytes are part of words, and most words have no others.
func stops(x uint64) uint64 {
	y := x ^ '='*each
	return ((x-'0'*each)&^x | (y-each)&^y | x | (x + each)) & top
}

// Next returns the plain word at an offset of a text and the offset behind it. It looks at eight bytes at a time, and
// finds no word in the last seven.
func (is *Signs) Next(text []byte, at int) (w Word, end int) {
	if at+wordBytes > len(text) {
		return Word{}, at
	}
	x := binary.LittleEndian.Uint64(text[at:])
	n := bits.TrailingZeros64(stops(x)) / 8
	if n == wordBytes || is[byte(x>>(8*n))] {
		n = is.more(text, at, n)
	}
	return Word{head: x & (1<<(8*n) - 1), At: int32(at), Size: int32(n)}, at + n
}

// more returns how long a word is that has n bytes or more.
func (is *Signs) more(text []byte, at, n int) int {
	for at+n < len(text) && is[text[at+n]] {
		n++
	}
	return n
}

// Blanks returns the offset behind the spaces and tabs at an offset of a text.
func Blanks(text []byte, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\t') {
		at++
	}
	return at
}

// LineEnd returns the offset behind the end of a line that is at an offset of a text, LF or CR LF. It reports false if
// something else is there.
func LineEnd(text []byte, at int) (int, bool) {
	if at+1 < len(text) && text[at] == '\r' {
		at++
	}
	return at + 1, at < len(text) && text[at] == '\n'
}
