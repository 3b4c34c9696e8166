package token

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// mostFile is the greatest number of bytes of a file that is read: a limit of ours.
const mostFile = 1 << 26

// names of the files.
const (
	tokenizerName = "tokenizer.json"
	vocabName     = "vocab.json"
	mergesName    = "merges.txt"
	addedName     = "added_tokens.json"
	pieceName     = "tokenizer.model"
	optionsName   = "tokenizer_config.json"
)

// ErrNone says that a folder has none of the files of a tokenizer.
var ErrNone = errors.New("no tokenizer is there")

// Read reads the tokenizer in a folder of a file system. If the folder has none, the error wraps [ErrNone].
// Its errors are [*Error].
func Read(fsys fs.FS, dir string) (*Tokenizer, error) {
	for _, kind := range []struct {
		name string
		read func(fsys fs.FS, dir string, text []byte) (*Tokenizer, error)
	}{
		{tokenizerName, readTokenizer},
		{vocabName, readVocabulary},
		{pieceName, readPieces},
	} {
		name := path.Join(dir, kind.name)
		text, err := readFile(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t, err := kind.read(fsys, dir, text)
		var e *Error
		if errors.As(err, &e) && e.File == "" {
			e.File = name
		}
		return t, err
	}
	const what = "is missing; so are vocab.json with merges.txt, and tokenizer.model"
	return nil, &Error{File: path.Join(dir, tokenizerName), What: what, Err: ErrNone}
}

// readFile reads a regular file of bounded size.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, &Error{File: name, What: "cannot be read", Err: err}
	case !info.Mode().IsRegular():
		return nil, &Error{File: name, What: "is not a file"}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, &Error{File: name, What: "cannot be read", Err: err}
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, mostFile+1))
	switch {
	case err != nil:
		return nil, &Error{File: name, What: "cannot be read", Err: err}
	case len(text) > mostFile:
		return nil, &Error{File: name, What: fmt.Sprintf("has more than %d bytes; no more are read", mostFile)}
	}
	return bytes.TrimPrefix(text, []byte("\uFEFF")), nil
}

// object reads JSON into v, and refuses fields that v has not.
func object(text []byte, field string, v any) *Error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) {
			return fault(under(field, kind.Field), "%s where %v is wanted", kind.Value, kind.Type)
		}
		if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return fault(under(field, strings.Trim(name, `"`)), "is not known, and it may change the tokens")
		}
		return &Error{Field: field, What: "is not JSON", Err: err}
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return fault(field, "something follows the end of the object")
	}
	return nil
}

// under returns the path of a field in another.
func under(field, name string) string { return strings.Trim(field+"."+name, ".") }

// index returns the names of a vocabulary by number.
func index(field string, ids map[string]int) ([]string, *Error) {
	if len(ids) == 0 {
		return nil, fault(field, "has no tokens")
	}
	top := 0
	for s, id := range ids {
		if id < 0 || id >= mostTokens {
			return nil, fault(field, "token %s is number %d; 0..%d are possible", brief.Quote(s), id, mostTokens-1)
		}
		top = max(top, id)
	}
	names := make([]string, top+1)
	for s, id := range ids {
		if s == "" {
			return nil, fault(field, "token %d has no characters", id)
		}
		if names[id] != "" {
			return nil, fault(field, "%s and %s are both number %d", brief.Quote(min(s, names[id])), brief.Quote(max(s, names[id])), id)
		}
		names[id] = s
	}
	return names, nil
}

// readVocabulary reads vocab.json, with merges.txt beside it.
func readVocabulary(fsys fs.FS, dir string, text []byte) (*Tokenizer, error) {
	b := &bpe{ids: map[string]int{}, merges: map[[2]int]product{}, unknown: -1}
	if err := object(text, "", &b.ids); err != nil {
		return nil, err
	}
	t := &Tokenizer{raw: additions{}, normalised: additions{}, encode: b.encode}
	var bad *Error
	if t.names, bad = index("", b.ids); bad != nil {
		return nil, bad
	}
	merges := path.Join(dir, mergesName)
	text, err := readFile(fsys, merges)
	if err != nil {
		return nil, err
	}
	made := map[string]bool{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if line == "" || strings.HasPrefix(line, "#version") {
			continue
		}
		left, right, err := pair(line)
		if err == nil && strings.HasSuffix(right, "</w>") {
			err = fault("", "%s ends a word; only merges of bytes are built here", brief.Quote(right))
		}
		if err == nil {
			err = b.addMerge("", left, right)
		}
		if err != nil {
			err.File, err.What = merges, fmt.Sprintf("line %d: %s", i+1, err.What)
			return nil, err
		}
		made[left+right] = true
	}
	for id, s := range t.names {
		if s == "" {
			continue
		}
		raw, ok := unspell(s)
		switch {
		case ok && (len(raw) == 1 || made[s]):
		case !ok && made[s]:
			return nil, fault("", "token %d, %s, is not spelt in the alphabet of bytes; only byte-level merges are built here",
				id, brief.Quote(s))
		default: // no text is cut so, unless it is an added token
			t.raw.add(addition{content: s, id: id})
		}
	}
	expr, err := expression(gpt2Pattern)
	if err != nil {
		return nil, &Error{What: "the expression of GPT-2", Err: err}
	}
	t.split = []splitter{splitAt(expr, behaviours["Isolated"], false), byteLevel()}
	t.decode = t.chain([]func([]string) []string{bytesOfAlphabet}, "")
	return t, t.readAdded(fsys, path.Join(dir, addedName))
}

// pair cuts a merge in two.
func pair(merge string) (left, right string, err *Error) {
	left, right, ok := strings.Cut(merge, " ")
	if !ok || left == "" || right == "" || strings.Contains(right, " ") {
		return "", "", fault("", "%s is not a merge: two tokens with a blank between them", brief.Quote(merge))
	}
	return left, right, nil
}

// readAdded reads added_tokens.json, if it is there: more tokens with their numbers.
func (t *Tokenizer) readAdded(fsys fs.FS, name string) error {
	text, err := readFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var ids map[string]int
	bad := object(text, "", &ids)
	for s, id := range ids {
		if bad == nil {
			bad = t.addToken("", addition{content: s, id: id}, false)
		}
	}
	if bad != nil {
		bad.File = name
		return bad
	}
	return nil
}

// addToken appends an added token, or makes one of a token that the vocabulary has.
func (t *Tokenizer) addToken(field string, x addition, normalised bool) *Error {
	switch {
	case x.id < 0 || x.id >= mostTokens:
		return fault(field, "token %s is number %d; 0..%d are possible", brief.Quote(x.content), x.id, mostTokens-1)
	case x.content == "":
		return fault(field, "token %d has no characters", x.id)
	case x.id < len(t.names) && t.names[x.id] != "" && t.names[x.id] != x.content:
		return fault(field, "%s and %s are both number %d", brief.Quote(t.names[x.id]), brief.Quote(x.content), x.id)
	}
	for x.id >= len(t.names) {
		t.names = append(t.names, "")
	}
	t.names[x.id] = x.content
	if normalised {
		t.normalised.add(x)
	} else {
		t.raw.add(x)
	}
	return nil
}
