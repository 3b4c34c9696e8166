package token

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tc0lab/tc0/internal/brief"
	"google.golang.org/protobuf/encoding/protowire"
)

// Types of pieces, as in the file.
const (
	plainPiece = iota + 1
	unknownPiece
	controlPiece
	userPiece
	unusedPiece
	bytePiece
)

// sentence is tokenizer.model: what sentencepiece_model.proto calls ModelProto, as far as it matters.
type sentence struct {
	text  []string
	score []float64
	kind  []int

	// The defaults are those of the format.
	model                      uint64 // 1 is Unigram, 2 BPE, 3 Word, 4 Char
	suffix, byteFallback       bool
	bos, eos                   int
	surface                    string // for what is unknown
	prefix, trim, escape       bool
	charsMap, rules, backwards bool
	ids                        map[string]int
	rank                       []int // of a piece among the scores
	bytes                      []int // by byte; nil: none
	unknown                    int
	user                       additions // pieces that are never joined
}

// message calls f with each field of a message.
func message(data []byte, f func(field protowire.Number, number uint64, data []byte)) error {
	for len(data) > 0 {
		field, kind, n := protowire.ConsumeTag(data)
		if n < 0 {
			return protowire.ParseError(n)
		}
		data = data[n:]
		var number uint64
		var part []byte
		switch kind {
		case protowire.VarintType:
			number, n = protowire.ConsumeVarint(data)
		case protowire.BytesType:
			part, n = protowire.ConsumeBytes(data)
		case protowire.Fixed32Type:
			var v uint32
			v, n = protowire.ConsumeFixed32(data)
			number = uint64(v)
		default:
			n = protowire.ConsumeFieldValue(field, kind, data)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		f(field, number, part)
		data = data[n:]
	}
	return nil
}

// readSentence reads the fields of the file.
func readSentence(data []byte) (*sentence, error) {
	s := &sentence{
		model: 1, bos: 1, eos: 2, surface: " ⁇ ", prefix: true, trim: true, escape: true,
		ids: map[string]int{}, unknown: -1, user: additions{},
	}
	var inner []error
	err := message(data, func(field protowire.Number, _ uint64, part []byte) {
		switch field {
		case 1:
			if len(s.text) <= mostTokens {
				inner = append(inner, s.readPiece(part))
			}
		case 2:
			inner = append(inner, s.readTrainer(part))
		case 3:
			inner = append(inner, s.readNormaliser(part))
		case 5:
			inner = append(inner, message(part, func(field protowire.Number, _ uint64, part []byte) {
				s.backwards = s.backwards || field == 2 && len(part) > 0
			}))
		}
	})
	return s, errors.Join(append(inner, err)...)
}

func (s *sentence) readPiece(data []byte) error {
	text, score, kind := "", 0.0, plainPiece
	err := message(data, func(field protowire.Number, number uint64, part []byte) {
		switch field {
		case 1:
			text = string(part)
		case 2:
			score = float64(math.Float32frombits(uint32(number)))
		case 3:
			kind = int(min(number, 100))
		}
	})
	s.text, s.score, s.kind = append(s.text, text), append(s.score, score), append(s.kind, kind)
	return err
}

func (s *sentence) readTrainer(data []byte) error {
	return message(data, func(field protowire.Number, number uint64, part []byte) {
		switch field {
		case 3:
			s.model = number
		case 24:
			s.suffix = number != 0
		case 35:
			s.byteFallback = number != 0
		case 41:
			s.bos = int(int32(number))
		case 42:
			s.eos = int(int32(number))
		case 44:
			s.surface = string(part)
		}
	})
}

func (s *sentence) readNormaliser(data []byte) error {
	return message(data, func(field protowire.Number, number uint64, part []byte) {
		switch field {
		case 2:
			s.charsMap = len(part) > 0
		case 3:
			s.prefix = number != 0
		case 4:
			s.trim = number != 0
		case 5:
			s.escape = number != 0
		case 6:
			s.rules = len(part) > 0
		}
	})
}

// check refuses what is not built here, and makes the tables.
func (s *sentence) check() *Error {
	names := []string{"", "Unigram", "BPE", "Word", "Char"}
	switch {
	case s.model != 2 && s.model < uint64(len(names)):
		return fault("trainer_spec.model_type", "%q is not built here; known: BPE", names[s.model])
	case s.model != 2:
		return fault("trainer_spec.model_type", "%d is not known; known: 2, which is BPE", s.model)
	case s.suffix:
		return fault("trainer_spec.treat_whitespace_as_suffix", "true is not built here; known: false")
	case s.charsMap || s.rules:
		return fault("normalizer_spec.precompiled_charsmap", "a map of characters is not built here; known: none (identity)")
	case s.backwards:
		return fault("denormalizer_spec.precompiled_charsmap", "a map of characters is not built here; known: none")
	case !s.escape:
		return fault("normalizer_spec.escape_whitespaces", "false is not built here; known: true")
	case len(s.text) == 0 || len(s.text) > mostTokens:
		return fault("pieces", "there are %d or more; 1 to %d are possible", len(s.text), mostTokens)
	}
	for i, text := range s.text {
		field := fmt.Sprintf("pieces[%d]", i)
		if _, again := s.ids[text]; again || text == "" || !utf8.ValidString(text) {
			return fault(field, "%s is empty, no UTF-8 or there twice", brief.Quote(text))
		}
		s.ids[text] = i
		switch s.kind[i] {
		case plainPiece, controlPiece:
		case unknownPiece:
			if s.unknown >= 0 {
				return fault(field, "is the second unknown piece, after %d", s.unknown)
			}
			s.unknown = i
		case userPiece:
			s.user.add(addition{content: text, id: i})
		case bytePiece:
			c, ok := byteOfName(text)
			if !ok || !s.byteFallback {
				return fault(field, "%s is no byte such as <0x0A>, or byte_fallback is not set", brief.Quote(text))
			}
			if s.bytes == nil {
				s.bytes = slices.Repeat([]int{-1}, 256)
			}
			s.bytes[c] = i
		default:
			return fault(field, "type %d is not built here; known: normal, unknown, control, user-defined, byte", s.kind[i])
		}
	}
	if s.unknown < 0 {
		return fault("pieces", "there is no unknown piece")
	}
	if s.byteFallback && (s.bytes == nil || slices.Contains(s.bytes, -1)) {
		return fault("pieces", "not all 256 bytes are there, and byte_fallback is set")
	}
	s.setRanks()
	return nil
}

// setRanks orders the scores. Equal scores have the same rank.
func (s *sentence) setRanks() {
	scores := slices.Clone(s.score)
	slices.SortFunc(scores, func(x, y float64) int {
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	at := map[float64]int{}
	for i, v := range scores {
		if _, ok := at[v]; !ok {
			at[v] = i
		}
	}
	s.rank = make([]int, len(s.score))
	for i, v := range s.score {
		s.rank[i] = at[v]
	}
}

// mark stands for a blank.
const mark = "▁"

// normalise puts the marks.
func (s *sentence) normalise(text string) (string, error) {
	if s.trim {
		text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
	}
	if text == "" {
		return "", nil
	}
	if s.prefix {
		text = " " + text
	}
	return strings.ReplaceAll(text, " ", mark), nil
}

// encode appends the pieces of a normalised text.
func (s *sentence) encode(ids []int, text string) ([]int, error) {
	var list []symbol
	for _, u := range s.user.cut(text) {
		if u.id >= 0 {
			list = append(list, symbol{from: u.from, to: u.from + len(u.text), id: u.id, fixed: true})
			continue
		}
		for i, r := range u.text {
			from, to := u.from+i, u.from+i+utf8.RuneLen(r)
			list = append(list, symbol{from: from, to: to, id: s.plain(text[from:to])})
		}
	}
	list = merge(list, func(left, right *symbol) (rank, id int, ok bool) {
		if id = s.plain(text[left.from:right.to]); id < 0 {
			return 0, 0, false
		}
		return s.rank[id], id, true
	})
	for _, x := range list {
		switch {
		case x.id >= 0:
			ids = append(ids, x.id)
		case s.bytes == nil:
			ids = append(ids, s.unknown)
		default:
			for _, c := range []byte(text[x.from:x.to]) {
				ids = append(ids, s.bytes[c])
			}
		}
	}
	return ids, nil
}

// plain returns the piece of a text, or −1.
func (s *sentence) plain(text string) int {
	if id, ok := s.ids[text]; ok && (s.kind[id] == plainPiece || s.kind[id] == userPiece) {
		return id
	}
	return -1
}

// decode writes pieces. Control pieces have no text.
func (s *sentence) decode(t *Tokenizer, ids []int) string {
	var b strings.Builder
	var run []byte
	flush := func() {
		for _, r := range string(run) { // a byte that is no UTF-8 is U+FFFD here
			b.WriteRune(r)
		}
		run = nil
	}
	begun := false
	for _, id := range ids {
		if id < 0 || id >= len(s.kind) {
			flush()
			b.WriteString(t.Token(id))
			continue
		}
		if s.kind[id] == bytePiece {
			c, _ := byteOfName(s.text[id])
			run, begun = append(run, c), true
			continue
		}
		flush()
		switch s.kind[id] {
		case controlPiece:
			continue
		case unknownPiece:
			b.WriteString(s.surface)
		default:
			text := s.text[id]
			if !begun && (s.prefix || s.trim) {
				text = strings.TrimPrefix(text, mark)
			}
			b.WriteString(strings.ReplaceAll(text, mark, " "))
		}
		begun = true
	}
	flush()
	return b.String()
}

// readPieces reads tokenizer.model. In tokenizer_config.json beside it, add_bos_token and add_eos_token say what
// stands around a text. Unless given, a text begins with the piece for that, and has none at its end, as Llama has it.
func readPieces(fsys fs.FS, dir string, data []byte) (*Tokenizer, error) {
	s, err := readSentence(data)
	if err != nil {
		return nil, &Error{What: "is not a model of SentencePiece", Err: err}
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	t := &Tokenizer{
		names: s.text, raw: additions{}, normalised: additions{}, encode: s.encode,
		normalise: []func(string) (string, error){s.normalise},
	}
	t.decode = func(ids []int) string { return s.decode(t, ids) }
	var options struct {
		Begin *bool `json:"add_bos_token"`
		End   bool  `json:"add_eos_token"`
	}
	name := path.Join(dir, optionsName)
	text, err := readFile(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	default:
		if err := json.Unmarshal(text, &options); err != nil {
			return nil, &Error{File: name, What: "is not as wanted", Err: err}
		}
	}
	for _, end := range []struct {
		wanted, needed bool
		id             int
		list           *[]int
	}{
		{orTrue(options.Begin), options.Begin != nil, s.bos, &t.before},
		{options.End, options.End, s.eos, &t.after},
	} {
		switch is := end.id >= 0 && end.id < len(s.kind) && s.kind[end.id] == controlPiece; {
		case end.wanted && is:
			*end.list = []int{end.id}
		case end.wanted && end.needed:
			return nil, &Error{File: name, What: fmt.Sprintf("add_bos_token or add_eos_token is set, and piece %d is no control piece",
				end.id)}
		}
	}
	return t, nil
}
