package token

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dlclark/regexp2/v2"
)

// piece is a part of a text.
type piece struct {
	text  string
	first bool // it begins the text
}

// splitter cuts pieces into smaller ones, or changes them.
type splitter func([]piece) ([]piece, error)

// each makes a splitter of a function of one piece. It leaves out what is empty.
func each(f func(piece) ([]string, error)) splitter {
	return func(in []piece) ([]piece, error) {
		var out []piece
		for _, p := range in {
			parts, err := f(p)
			if err != nil {
				return nil, err
			}
			first := p.first
			for _, s := range parts {
				if s != "" {
					out = append(out, piece{s, first})
					first = false
				}
			}
		}
		return out, nil
	}
}

// span is a part of a text that matches a pattern, or one that does not.
type span struct {
	from, to int
	match    bool
}

// finder divides a text into spans.
type finder func(text string) ([]span, error)

// Patterns of an expression can take exponential time. These are limits of ours.
const (
	mostPattern = 1 << 12         // bytes of an expression
	mostMatch   = 5 * time.Second // for one match
	mostStack   = 1 << 22
)

// gpt2Pattern cuts texts for GPT-2.
const gpt2Pattern = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`

// expression returns the finder of a regular expression, which may look ahead.
func expression(expr string) (finder, error) {
	if len(expr) > mostPattern {
		return nil, fmt.Errorf("an expression of %d bytes; at most %d are read", len(expr), mostPattern)
	}
	re, err := regexp2.Compile(expr, regexp2.OptionMaxBacktrackingStackSize(mostStack))
	if err != nil {
		return nil, err
	}
	re.MatchTimeout = mostMatch
	return func(text string) ([]span, error) {
		matches, err := re.FindAllStringIndex(text, -1)
		if err != nil {
			return nil, err
		}
		return fill(len(text), matches), nil
	}, nil
}

// literal returns the finder of a text.
func literal(s string) finder {
	return func(text string) ([]span, error) {
		var matches [][]int
		for at := 0; ; {
			i := strings.Index(text[at:], s)
			if i < 0 {
				return fill(len(text), matches), nil
			}
			matches = append(matches, []int{at + i, at + i + len(s)})
			at += i + len(s)
		}
	}
}

// fill returns matches and what is between them, without what is empty.
func fill(end int, matches [][]int) []span {
	var list []span
	done := 0
	for _, m := range append(matches, []int{end, end}) {
		if done < m[0] {
			list = append(list, span{done, m[0], false})
		}
		if m[0] < m[1] {
			list = append(list, span{m[0], m[1], true})
		}
		done = m[1]
	}
	return list
}

// behaviours say what becomes of the spans that match.
var behaviours = map[string]func([]span) []span{
	"Isolated": func(list []span) []span { return list },
	"Removed": func(list []span) []span {
		var rest []span
		for _, s := range list {
			if !s.match {
				rest = append(rest, s)
			}
		}
		return rest
	},
	"Contiguous": func(list []span) []span {
		return joinSpans(list, func(l, r span) bool { return l.match == r.match })
	},
	"MergedWithPrevious": func(list []span) []span {
		return joinSpans(list, func(l, r span) bool { return !l.match && r.match })
	},
	"MergedWithNext": func(list []span) []span {
		return joinSpans(list, func(l, r span) bool { return l.match && !r.match })
	},
}

// joinSpans joins neighbours. What is joined counts as its last part.
func joinSpans(list []span, may func(l, r span) bool) []span {
	var out []span
	for _, s := range list {
		if n := len(out); n > 0 && may(out[n-1], s) {
			out[n-1].to, out[n-1].match = s.to, s.match
			continue
		}
		out = append(out, s)
	}
	return out
}

// splitAt cuts where a pattern matches or, inverted, where it does not.
func splitAt(find finder, behaviour func([]span) []span, invert bool) splitter {
	return each(func(p piece) ([]string, error) {
		list, err := find(p.text)
		if err != nil {
			return nil, err
		}
		for i := range list {
			list[i].match = list[i].match != invert
		}
		var parts []string
		for _, s := range behaviour(list) {
			parts = append(parts, p.text[s.from:s.to])
		}
		return parts, nil
	})
}

// byteLevel spells pieces in the alphabet of bytes.
func byteLevel() splitter {
	return each(func(p piece) ([]string, error) { return []string{spell(p.text)}, nil })
}

// prefixed puts a blank before pieces without one.
func prefixed() splitter {
	return each(func(p piece) ([]string, error) {
		if strings.HasPrefix(p.text, " ") {
			return []string{p.text}, nil
		}
		return []string{" " + p.text}, nil
	})
}

// metaspace writes mark for a blank, and puts one before each piece ("always") or before the text ("first").
func metaspace(mark, scheme string) splitter {
	return each(func(p piece) ([]string, error) {
		text := strings.ReplaceAll(p.text, " ", mark)
		if (scheme == "always" || scheme == "first" && p.first) && !strings.HasPrefix(text, mark) {
			text = mark + text
		}
		return []string{text}, nil
	})
}

// digits finds the characters that are numbers, each for itself.
func digits(text string) ([]span, error) {
	var matches [][]int
	for i, r := range text {
		if unicode.IsNumber(r) {
			matches = append(matches, []int{i, i + utf8.RuneLen(r)})
		}
	}
	return fill(len(text), matches), nil
}

var errNoPattern = errors.New("one of String and Regex is wanted, not empty")
