package token

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of ours.
const (
	mostTokens = 1 << 20 // in a vocabulary
	mostText   = 1 << 20 // bytes of a text
)

// Tokenizer cuts texts into tokens, which are numbers from 0 on.
type Tokenizer struct {
	names      []string  // by number; "" where there is no token
	raw        additions // tokens that are found in the text as it is
	normalised additions // tokens that are found after normalisation
	normalise  []func(string) (string, error)
	split      []splitter
	encode     func(ids []int, word string) ([]int, error)
	decode     func(ids []int) string

	before, after []int // what stands around the text of a prompt
}

// Size returns one more than the greatest number of a token.
func (t *Tokenizer) Size() int { return len(t.names) }

// Token returns the name of a token, as the vocabulary has it. A number without a token has a name in brackets.
func (t *Tokenizer) Token(id int) string {
	if id >= 0 && id < len(t.names) && t.names[id] != "" {
		return t.names[id]
	}
	return "⟨" + strconv.Itoa(id) + "⟩"
}

// Encode returns the tokens of a text in UTF-8, which may have up to 1 MiB. The tokens that a prompt begins
// with are not among them.
//
// Errors: the text is too long or not in UTF-8, or the vocabulary lacks a character of it.
func (t *Tokenizer) Encode(text string) ([]int, error) {
	if len(text) > mostText {
		return nil, fmt.Errorf("a text of %d bytes; at most %d are cut into tokens", len(text), mostText)
	}
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("the text is not UTF-8")
	}
	ids := []int{}
	for _, s := range t.raw.cut(text) {
		if s.id >= 0 {
			ids = append(ids, s.id)
			continue
		}
		normal := s.text
		var err error
		for _, f := range t.normalise {
			if normal, err = f(normal); err != nil {
				return nil, err
			}
		}
		for _, u := range t.normalised.cut(normal) {
			if u.id >= 0 {
				ids = append(ids, u.id)
			} else if ids, err = t.words(ids, piece{u.text, s.from == 0 && u.from == 0}); err != nil {
				return nil, err
			}
		}
	}
	return ids, nil
}

// words appends the tokens of a text without added tokens.
func (t *Tokenizer) words(ids []int, text piece) ([]int, error) {
	words := []piece{text}
	var err error
	for _, f := range t.split {
		if words, err = f(words); err != nil {
			return nil, err
		}
	}
	for _, w := range words {
		if ids, err = t.encode(ids, w.text); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Prompt returns the tokens of a text, with those that the tokenizer puts around a text, such as one for its
// beginning. Its errors are those of Encode.
func (t *Tokenizer) Prompt(text string) ([]int, error) {
	ids, err := t.Encode(text)
	if err != nil {
		return nil, err
	}
	return append(append(append([]int{}, t.before...), ids...), t.after...), nil
}

// Decode returns the text of tokens. Bytes that are no UTF-8 become U+FFFD. A number without a token is
// written as [Tokenizer.Token] does.
func (t *Tokenizer) Decode(ids []int) string { return t.decode(ids) }

// chain returns a decoder that writes the names of tokens, and changes them step by step.
func (t *Tokenizer) chain(steps []func([]string) []string, separator string) func(ids []int) string {
	return func(ids []int) string {
		tokens := make([]string, len(ids))
		for i, id := range ids {
			tokens[i] = t.Token(id)
		}
		for _, f := range steps {
			tokens = f(tokens)
		}
		return strings.Join(tokens, separator)
	}
}
