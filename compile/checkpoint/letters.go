package checkpoint

import (
	"fmt"
	"strconv"
	"unicode"
)

// LettersFile is the file in which nanoGPT keeps its letters.
const LettersFile = "meta.pkl"

// ReadLetters reads the letters of a nanoGPT: a pickle of a dict whose itos has a text for each number from 0 on. No
// code is run. What does not print gets a sign: ⏎ for a line break, ⇥ for a tab, else its escape in Go. Its
// errors are of one line.
func ReadLetters(data []byte) ([]string, error) {
	root, what := unpickle(data)
	if what != "" {
		return nil, fmt.Errorf("%s", what)
	}
	top, _ := root.(*dict)
	if top == nil {
		return nil, fmt.Errorf("is no dict with itos, the letters by their numbers")
	}
	byNumber, _ := top.values["itos"].(*dict)
	if byNumber == nil || len(byNumber.keys) == 0 {
		return nil, fmt.Errorf("has no itos, the letters by their numbers")
	}
	letters := make([]string, len(byNumber.keys))
	for i := range letters {
		text, ok := byNumber.values[int64(i)].(string)
		if !ok || text == "" {
			return nil, fmt.Errorf("itos has no text for %d, and %d numbers", i, len(letters))
		}
		letters[i] = sign(text)
	}
	return letters, nil
}

// sign is a text that prints.
func sign(text string) string {
	switch text {
	case "\n":
		return "⏎"
	case "\t":
		return "⇥"
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			q := strconv.Quote(text)
			return q[1 : len(q)-1]
		}
	}
	return text
}

// lettered returns the field of tc0.json with the letters beside the file, if they are those of the vocabulary.
func (v *conversion) lettered(vocabulary int) map[string]any {
	switch {
	case v.Letters == nil || v.Options.Settings != nil:
		return nil
	case len(v.Letters) != vocabulary:
		v.note("left out: %s, which has %d letters for %d tokens", LettersFile, len(v.Letters), vocabulary)
		return nil
	}
	v.note("taken: the names of %d tokens, from %s; ⏎ is a line break", vocabulary, LettersFile)
	return map[string]any{"tokens": v.Letters}
}
