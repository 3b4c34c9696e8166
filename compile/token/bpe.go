package token

import (
	"fmt"
	"unicode/utf8"

	"github.com/tc0lab/tc0/internal/brief"
)

// bpe is byte-pair encoding with a list of merges.
type bpe struct {
	ids     map[string]int
	merges  map[[2]int]product
	whole   bool // a word that is a token is not cut
	bytes   []int
	unknown int  // for characters that the vocabulary lacks; −1: none
	fuse    bool // several of them in a row are one token
}

// product is what a merge makes, and its place in the list.
type product struct{ rank, id int }

// addMerge appends a merge. Both parts and what they make must be tokens.
func (b *bpe) addMerge(field, left, right string) *Error {
	var id [3]int
	for i, s := range []string{left, right, left + right} {
		k, ok := b.ids[s]
		if !ok {
			return fault(field, "%s and %s: %s is not in the vocabulary", brief.Quote(left), brief.Quote(right), brief.Quote(s))
		}
		id[i] = k
	}
	b.merges[[2]int{id[0], id[1]}] = product{len(b.merges), id[2]}
	return nil
}

// setBytes looks up the tokens <0x00> to <0xFF>. −1 is for those that are not there.
func (b *bpe) setBytes() {
	b.bytes = make([]int, 256)
	for i := range b.bytes {
		id, ok := b.ids[fmt.Sprintf("<0x%02X>", i)]
		if !ok {
			id = -1
		}
		b.bytes[i] = id
	}
}

// encode appends the tokens of a word.
func (b *bpe) encode(ids []int, word string) ([]int, error) {
	if id, ok := b.ids[word]; ok && b.whole {
		return append(ids, id), nil
	}
	symbols, err := b.symbols(word)
	if err != nil {
		return nil, err
	}
	symbols = merge(symbols, func(left, right *symbol) (rank, id int, ok bool) {
		p, ok := b.merges[[2]int{left.id, right.id}]
		return p.rank, p.id, ok
	})
	for _, s := range symbols {
		ids = append(ids, s.id)
	}
	return ids, nil
}

// symbols cuts a word into characters that are tokens, bytes where they are none, or unknown ones.
func (b *bpe) symbols(word string) ([]symbol, error) {
	var list []symbol
	afterUnknown := false
	for i, r := range word {
		to := i + utf8.RuneLen(r)
		id, ok := b.ids[word[i:to]]
		switch {
		case ok:
			list = append(list, symbol{from: i, to: to, id: id})
		case b.hasBytes(word[i:to]):
			for k := i; k < to; k++ {
				list = append(list, symbol{from: k, to: k + 1, id: b.bytes[word[k]]})
			}
			ok = true
		case b.unknown < 0:
			return nil, fmt.Errorf("the vocabulary has no token for %q, and none for unknown characters", r)
		case b.fuse && afterUnknown:
			list[len(list)-1].to = to
		default:
			list = append(list, symbol{from: i, to: to, id: b.unknown})
		}
		afterUnknown = !ok
	}
	return list, nil
}

// hasBytes reports whether there are tokens for all bytes of a text.
func (b *bpe) hasBytes(s string) bool {
	for i := range len(s) {
		if b.bytes == nil || b.bytes[s[i]] < 0 {
			return false
		}
	}
	return true
}
