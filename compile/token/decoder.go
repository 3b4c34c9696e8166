package token

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/internal/brief"
)

// setDecoder reads how tokens are written as a text.
func (t *Tokenizer) setDecoder(raw json.RawMessage) *Error {
	var steps []func([]string) []string
	err := eachComponent(raw, "decoder", func(c component) *Error {
		step, err := c.decoder()
		steps = append(steps, step)
		return err
	})
	separator := ""
	if len(steps) == 0 {
		separator = " " // the library writes tokens so if it has no decoder
	}
	t.decode = t.chain(steps, separator)
	return err
}

// decoder returns one step.
func (c *component) decoder() (func([]string) []string, *Error) {
	switch c.Type {
	case "ByteLevel":
		return bytesOfAlphabet, nil
	case "ByteFallback":
		return bytesOfNames, nil
	case "Fuse":
		return func(tokens []string) []string { return []string{strings.Join(tokens, "")} }, nil
	case "Replace":
		// Only texts: an expression can fail.
		if c.Pattern == nil || c.Pattern.String == "" || c.Pattern.Regex != "" {
			return nil, fault("pattern", "a String is wanted, not empty")
		}
		return eachToken(func(_ int, s string) string {
			return strings.ReplaceAll(s, c.Pattern.String, c.Content)
		}), nil
	case "Strip":
		if utf8.RuneCountInString(c.Content) != 1 || c.Start < 0 || c.Stop < 0 {
			return nil, fault("content", "%s is not one character, or start and stop are negative", brief.Quote(c.Content))
		}
		return eachToken(func(_ int, s string) string {
			for range min(c.Start, len(s)) {
				s = strings.TrimPrefix(s, c.Content)
			}
			for range min(c.Stop, len(s)) {
				s = strings.TrimSuffix(s, c.Content)
			}
			return s
		}), nil
	case "Metaspace":
		scheme, err := c.scheme()
		if err != nil {
			return nil, err
		}
		return eachToken(func(i int, s string) string {
			if i == 0 && scheme != "never" { // of the first token all marks go, as in the library
				return strings.ReplaceAll(s, c.Replacement, "")
			}
			return strings.ReplaceAll(s, c.Replacement, " ")
		}), nil
	}
	return nil, fault("type", "%s is not built here; known: ByteFallback, ByteLevel, Fuse, Metaspace, Replace, Sequence, Strip",
		brief.Quote(c.Type))
}

func eachToken(f func(i int, s string) string) func([]string) []string {
	return func(tokens []string) []string {
		out := make([]string, len(tokens))
		for i, s := range tokens {
			out[i] = f(i, s)
		}
		return out
	}
}

// bytesOfAlphabet writes the bytes that are spelt in the alphabet; other tokens stay as they are.
func bytesOfAlphabet(tokens []string) []string {
	var b strings.Builder
	for _, s := range tokens {
		if raw, ok := unspell(s); ok {
			s = raw
		}
		b.WriteString(s)
	}
	return []string{validUTF8(b.String())}
}

// byteOfName returns the byte of a token such as <0x0A>.
func byteOfName(s string) (byte, bool) {
	if len(s) != 6 || !strings.HasPrefix(s, "<0x") || s[5] != '>' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[3:5], 16, 8)
	return byte(v), err == nil
}

// bytesOfNames writes runs of tokens such as <0x0A> as bytes. A run that is no UTF-8 becomes as many U+FFFD.
func bytesOfNames(tokens []string) []string {
	var out []string
	var run []byte
	flush := func() {
		switch {
		case len(run) == 0:
		case utf8.Valid(run):
			out = append(out, string(run))
		default:
			for range run {
				out = append(out, "\uFFFD")
			}
		}
		run = nil
	}
	for _, s := range tokens {
		if c, ok := byteOfName(s); ok {
			run = append(run, c)
			continue
		}
		flush()
		out = append(out, s)
	}
	flush()
	return out
}
