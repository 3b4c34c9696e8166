package token

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
	"golang.org/x/text/unicode/norm"
)

// tokenizerFile is tokenizer.json.
type tokenizerFile struct {
	Version       string          `json:"version"`
	Truncation    json.RawMessage `json:"truncation"` // of batches, as is padding: no text is cut here
	Padding       json.RawMessage `json:"padding"`
	AddedTokens   []addedToken    `json:"added_tokens"`
	Normalizer    json.RawMessage `json:"normalizer"`
	PreTokenizer  json.RawMessage `json:"pre_tokenizer"`
	PostProcessor json.RawMessage `json:"post_processor"`
	Decoder       json.RawMessage `json:"decoder"`
	Model         json.RawMessage `json:"model"`
}

type addedToken struct {
	ID         int    `json:"id"`
	Content    string `json:"content"`
	SingleWord bool   `json:"single_word"`
	Lstrip     bool   `json:"lstrip"`
	Rstrip     bool   `json:"rstrip"`
	Normalized *bool  `json:"normalized"` // unless given, not special
	Special    bool   `json:"special"`
}

// component is a normaliser, a pre-tokenizer, a post-processor or a decoder. It has the fields of all that are known.
type component struct {
	Type string `json:"type"`

	Normalizers   []json.RawMessage `json:"normalizers"` // of a sequence
	Pretokenizers []json.RawMessage `json:"pretokenizers"`
	Processors    []json.RawMessage `json:"processors"`
	Decoders      []json.RawMessage `json:"decoders"`

	Pattern          *pattern `json:"pattern"`
	Content          string   `json:"content"`
	Prepend          string   `json:"prepend"`
	Behavior         string   `json:"behavior"`
	Invert           bool     `json:"invert"`
	AddPrefixSpace   *bool    `json:"add_prefix_space"` // true unless given
	TrimOffsets      *bool    `json:"trim_offsets"`     // changes no token
	UseRegex         *bool    `json:"use_regex"`        // true unless given
	Replacement      string   `json:"replacement"`
	StrRep           string   `json:"str_rep"` // the replacement again
	PrependScheme    string   `json:"prepend_scheme"`
	Split            *bool    `json:"split"` // true unless given
	IndividualDigits bool     `json:"individual_digits"`
	Start            int      `json:"start"`
	Stop             int      `json:"stop"`

	Single        []map[string]templatePart `json:"single"`
	Pair          json.RawMessage           `json:"pair"`
	SpecialTokens map[string]struct {
		ID     string
		IDs    []int
		Tokens []string
	} `json:"special_tokens"`
}

// templatePart is a text or a token in a template.
type templatePart struct {
	ID     string `json:"id"`
	TypeID int    `json:"type_id"` // changes no token
}

// pattern is a text or an expression.
type pattern struct {
	String string
	Regex  string
}

func (p *pattern) finder() (finder, error) {
	switch {
	case p == nil || (p.String == "") == (p.Regex == ""):
		return nil, errNoPattern
	case p.String != "":
		return literal(p.String), nil
	}
	return expression(p.Regex)
}

func given(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func orTrue(v *bool) bool { return v == nil || *v }

// mostNested is how deep sequences of sequences are read: a limit of ours.
const mostNested = 8

// components reads a component, and the parts of a sequence in its place.
func components(raw json.RawMessage, field string, nested int) (list []component, fields []string, bad *Error) {
	if !given(raw) {
		return nil, nil, nil
	}
	var c component
	if err := object(raw, field, &c); err != nil {
		return nil, nil, err
	}
	if c.Type != "Sequence" {
		return []component{c}, []string{field}, nil
	}
	if nested == mostNested {
		return nil, nil, fault(field, "more than %d sequences are nested", mostNested)
	}
	parts := slices.Concat(c.Normalizers, c.Pretokenizers, c.Processors, c.Decoders)
	for i, part := range parts {
		of, names, err := components(part, fmt.Sprintf("%s[%d]", field, i), nested+1)
		if err != nil {
			return nil, nil, err
		}
		list, fields = append(list, of...), append(fields, names...)
	}
	return list, fields, nil
}

// eachComponent reads the components of a field.
func eachComponent(raw json.RawMessage, field string, add func(c component) *Error) *Error {
	list, fields, err := components(raw, field, 0)
	for i, c := range list {
		if err != nil {
			break
		}
		if err = add(c); err != nil {
			err.Field = under(fields[i], err.Field)
		}
	}
	return err
}

// readTokenizer reads tokenizer.json.
func readTokenizer(_ fs.FS, _ string, text []byte) (*Tokenizer, error) {
	var file tokenizerFile
	if err := object(text, "", &file); err != nil {
		return nil, err
	}
	t := &Tokenizer{raw: additions{}, normalised: additions{}}
	for _, read := range []func() *Error{
		func() *Error { return t.setModel(file.Model) },
		func() *Error { return eachComponent(file.Normalizer, "normalizer", t.addNormaliser) },
		func() *Error { return t.setAdded(file.AddedTokens) },
		func() *Error { return eachComponent(file.PreTokenizer, "pre_tokenizer", t.addSplitter) },
		func() *Error { return eachComponent(file.PostProcessor, "post_processor", t.addProcessor) },
		func() *Error { return t.setDecoder(file.Decoder) },
	} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// setModel reads the vocabulary and its merges.
func (t *Tokenizer) setModel(raw json.RawMessage) *Error {
	var kind struct{ Type string }
	if !given(raw) {
		return fault("model", "is missing")
	}
	if err := json.Unmarshal(raw, &kind); err != nil {
		return &Error{Field: "model", What: "is not an object", Err: err}
	}
	if kind.Type != "BPE" && kind.Type != "" { // old files have no type
		return fault("model.type", "%s is not built here; known: BPE", brief.Quote(kind.Type))
	}
	var m struct {
		Type          string            `json:"type"`
		Dropout       float64           `json:"dropout"` // of training
		Unknown       *string           `json:"unk_token"`
		SubwordPrefix string            `json:"continuing_subword_prefix"`
		WordSuffix    string            `json:"end_of_word_suffix"`
		Fuse          bool              `json:"fuse_unk"`
		ByteFallback  bool              `json:"byte_fallback"`
		IgnoreMerges  bool              `json:"ignore_merges"`
		Vocab         map[string]int    `json:"vocab"`
		Merges        []json.RawMessage `json:"merges"`
	}
	if err := object(raw, "model", &m); err != nil {
		return err
	}
	if m.SubwordPrefix != "" || m.WordSuffix != "" {
		return fault("model.continuing_subword_prefix", "%s, and end_of_word_suffix %s: only empty ones are built here",
			brief.Quote(m.SubwordPrefix), brief.Quote(m.WordSuffix))
	}
	if m.Dropout != 0 {
		return fault("model.dropout", "%v draws lots; only 0 is built here", m.Dropout)
	}
	b := &bpe{ids: m.Vocab, merges: map[[2]int]product{}, whole: m.IgnoreMerges, unknown: -1, fuse: m.Fuse}
	var err *Error
	if t.names, err = index("model.vocab", m.Vocab); err != nil {
		return err
	}
	for i, raw := range m.Merges {
		field := fmt.Sprintf("model.merges[%d]", i)
		left, right, err := readPair(raw)
		if err == nil {
			err = b.addMerge("", left, right)
		}
		if err != nil {
			err.Field = field
			return err
		}
	}
	if m.Unknown != nil {
		id, ok := m.Vocab[*m.Unknown]
		if !ok {
			return fault("model.unk_token", "%s is not in the vocabulary", brief.Quote(*m.Unknown))
		}
		b.unknown = id
	}
	if m.ByteFallback {
		b.setBytes()
	}
	t.encode = b.encode
	return nil
}

// readPair reads a merge: "a b" or ["a", "b"].
func readPair(raw json.RawMessage) (left, right string, err *Error) {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return pair(one)
	}
	var two []string
	if json.Unmarshal(raw, &two) != nil || len(two) != 2 {
		return "", "", fault("", "%s is not a merge: two tokens", brief.Quote(string(raw)))
	}
	return two[0], two[1], nil
}

// setAdded reads the added tokens, behind the normaliser.
func (t *Tokenizer) setAdded(list []addedToken) *Error {
	for i, a := range list {
		field := fmt.Sprintf("added_tokens[%d]", i)
		x := addition{a.Content, a.ID, a.Lstrip, a.Rstrip, a.SingleWord}
		normalised := !a.Special
		if a.Normalized != nil {
			normalised = *a.Normalized
		}
		if err := t.addToken(field, x, false); !normalised || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		t.raw.remove(x)
		for _, f := range t.normalise {
			var err error
			if x.content, err = f(x.content); err != nil {
				return &Error{Field: field, What: "cannot be normalised", Err: err}
			}
		}
		if x.content == "" {
			return fault(field, "%s is empty after normalisation", brief.Quote(a.Content))
		}
		t.normalised.add(x)
	}
	return nil
}

func (t *Tokenizer) addNormaliser(c component) *Error {
	var f func(s string) (string, error)
	switch form := norm.Form(slices.Index([]string{"NFC", "NFD", "NFKC", "NFKD"}, c.Type)); {
	case form >= 0 && form <= norm.NFKD:
		f = func(s string) (string, error) { return form.String(s), nil }
	case c.Type == "Prepend":
		f = func(s string) (string, error) {
			if s == "" {
				return s, nil
			}
			return c.Prepend + s, nil
		}
	case c.Type == "Replace":
		find, err := c.Pattern.finder()
		if err != nil {
			return &Error{Field: "pattern", What: "cannot be used", Err: err}
		}
		f = func(s string) (string, error) { return replace(s, find, c.Content) }
	default:
		return fault("type", "%s is not built here; known: NFC, NFD, NFKC, NFKD, Prepend, Replace, Sequence", brief.Quote(c.Type))
	}
	t.normalise = append(t.normalise, f)
	return nil
}

// replace writes content for all that matches.
func replace(s string, find finder, content string) (string, error) {
	list, err := find(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, p := range list {
		if p.match {
			b.WriteString(content)
		} else {
			b.WriteString(s[p.from:p.to])
		}
		if b.Len() > 4*mostText {
			return "", fmt.Errorf("a normalised text of more than %d bytes", 4*mostText)
		}
	}
	return b.String(), nil
}

func (t *Tokenizer) addSplitter(c component) *Error {
	add := func(f ...splitter) { t.split = append(t.split, f...) }
	switch c.Type {
	case "ByteLevel":
		if orTrue(c.AddPrefixSpace) {
			add(prefixed())
		}
		if orTrue(c.UseRegex) {
			find, err := expression(gpt2Pattern)
			if err != nil {
				return &Error{What: "the expression of GPT-2", Err: err}
			}
			add(splitAt(find, behaviours["Isolated"], false))
		}
		add(byteLevel())
	case "Split":
		find, err := c.Pattern.finder()
		if err != nil {
			return &Error{Field: "pattern", What: "cannot be used", Err: err}
		}
		behaviour, ok := behaviours[c.Behavior]
		if !ok {
			return fault("behavior", "%s is not known; known: Contiguous, Isolated, MergedWithNext, MergedWithPrevious, Removed",
				brief.Quote(c.Behavior))
		}
		add(splitAt(find, behaviour, c.Invert))
	case "Digits":
		behaviour := "Contiguous"
		if c.IndividualDigits {
			behaviour = "Isolated"
		}
		add(splitAt(digits, behaviours[behaviour], false))
	case "Metaspace":
		scheme, err := c.scheme()
		if err != nil {
			return err
		}
		add(metaspace(c.Replacement, scheme))
		if orTrue(c.Split) {
			add(splitAt(literal(c.Replacement), behaviours["MergedWithNext"], false))
		}
	default:
		return fault("type", "%s is not built here; known: ByteLevel, Digits, Metaspace, Sequence, Split", brief.Quote(c.Type))
	}
	return nil
}

// scheme says where a Metaspace puts a mark: always, first or never.
func (c *component) scheme() (string, *Error) {
	if c.Replacement == "" {
		return "", fault("replacement", "is missing")
	}
	switch {
	case c.PrependScheme == "" && orTrue(c.AddPrefixSpace):
		return "always", nil
	case c.PrependScheme == "":
		return "never", nil
	case slices.Contains([]string{"always", "first", "never"}, c.PrependScheme):
		return c.PrependScheme, nil
	}
	return "", fault("prepend_scheme", "%s is not known; known: always, first, never", brief.Quote(c.PrependScheme))
}

func (t *Tokenizer) addProcessor(c component) *Error {
	switch c.Type {
	case "ByteLevel": // it changes places in the text, and no token
	case "TemplateProcessing":
		text := 0
		for _, part := range c.Single {
			if _, ok := part["Sequence"]; ok {
				text++
				continue
			}
			s, ok := c.SpecialTokens[part["SpecialToken"].ID]
			if !ok {
				return fault("single", "%s is none of the special_tokens", brief.Quote(part["SpecialToken"].ID))
			}
			for _, id := range s.IDs {
				if id < 0 || id >= len(t.names) {
					return fault("special_tokens", "%d is outside the vocabulary of %d", id, len(t.names))
				}
			}
			if text == 0 {
				t.before = append(t.before, s.IDs...)
			} else {
				t.after = append(t.after, s.IDs...)
			}
		}
		if text != 1 {
			return fault("single", "has the text %d times; once is wanted", text)
		}
	default:
		return fault("type", "%s is not built here; known: ByteLevel, Sequence, TemplateProcessing", brief.Quote(c.Type))
	}
	return nil
}
