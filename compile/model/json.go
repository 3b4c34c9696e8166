package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Bounds on the sizes of files, in bytes.
const (
	maxFile = 1 << 30
	maxText = 1 << 26 // of a JSON file
)

// openFile opens a regular file of bounded size, and returns its size.
func openFile(fsys fs.FS, name string, most int64) (fs.File, int64, error) {
	info, err := fs.Stat(fsys, name)
	switch {
	case err != nil:
		return nil, 0, &LoadError{File: name, What: "cannot be read", Err: err}
	case !info.Mode().IsRegular():
		return nil, 0, &LoadError{File: name, What: "is not a file"}
	case info.Size() > most:
		return nil, 0, tooLong(name, info.Size(), most)
	}
	f, err := fsys.Open(name)
	if err != nil {
		return nil, 0, &LoadError{File: name, What: "cannot be read", Err: err}
	}
	return f, info.Size(), nil
}

func tooLong(name string, size, most int64) error {
	return &LoadError{File: name, What: fmt.Sprintf("has %d bytes; at most %d are read", size, most)}
}

// readRest reads on to the end of a file that may be longer than it says, behind the bytes before.
func readRest(f io.Reader, name string, before []byte, most int64) ([]byte, error) {
	data := bytes.NewBuffer(before)
	_, err := data.ReadFrom(io.LimitReader(f, most+1-int64(len(before))))
	switch {
	case err != nil:
		return nil, &LoadError{File: name, What: "cannot be read", Err: err}
	case int64(data.Len()) > most:
		return nil, tooLong(name, int64(data.Len()), most)
	}
	return data.Bytes(), nil
}

// readText reads a text, without a byte-order mark.
func readText(fsys fs.FS, name string) ([]byte, error) {
	f, _, err := openFile(fsys, name, maxText)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := readRest(f, name, nil, maxText)
	return bytes.TrimPrefix(text, []byte("\uFEFF")), err
}

// document is a JSON file of a model. It reads all JSON files, so every error in them is a
// [*LoadError] with the file. If the line and column are known, the error has them, too.
type document struct {
	name string
	text []byte
}

// readDocument reads a file, which is not parsed yet.
func readDocument(fsys fs.FS, name string) (document, error) {
	text, err := readText(fsys, name)
	return document{name, text}, err
}

// decode reads the document into v, and then checks it. The document must be one object, and must
// have only fields of v. Nothing may follow the object.
func (d document) decode(v any, check func() *fieldError) error {
	dec := json.NewDecoder(bytes.NewReader(d.text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return d.jsonError(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d.at(dec.InputOffset(), &LoadError{What: "something follows the end of the object"})
	}
	err := check()
	if err == nil {
		err = d.explicitZero()
	}
	return d.place(err)
}

// explicitZero refuses a field of the quantisation that is given as 0 or null. 0 bits have no
// meaning. To choose a default, leave the field out.
func (d document) explicitZero() *fieldError {
	var given struct {
		Quantization map[string]json.RawMessage `json:"quantization"`
	}
	if err := json.Unmarshal(d.text, &given); err != nil {
		return badField("quantization", "%v", err)
	}
	for _, name := range sortedKeys(given.Quantization) {
		raw := given.Quantization[name]
		var v any
		if err := json.Unmarshal(raw, &v); err != nil || v == nil || v == 0.0 {
			return badField("quantization."+name, "%s is out of range; leave the field out for its default", raw)
		}
	}
	return nil
}

// jsonError finds the place and the field of an error of package json.
func (d document) jsonError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &syntax):
		// The offset is behind the byte that is wrong.
		return d.at(syntax.Offset-1, &LoadError{What: "is not JSON", Err: err})
	case errors.As(err, &kind):
		what := fmt.Sprintf("%s where %v is wanted", kind.Value, kind.Type)
		return d.at(kind.Offset-1, &LoadError{Name: kind.Field, What: what})
	case unknown:
		return d.place(badField(strings.Trim(name, `"`), "is not known"))
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return d.at(int64(len(d.text)), &LoadError{What: "ends in the middle of the object"})
	}
	return &LoadError{File: d.name, What: "cannot be read", Err: err}
}

// at fills in the file, and the line and column of an offset.
func (d document) at(offset int64, e *LoadError) error {
	before := d.text[:min(max(offset, 0), int64(len(d.text)))]
	e.File = d.name
	e.Line = 1 + bytes.Count(before, []byte{'\n'})
	e.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return e
}

// place turns what is wrong with a field into an error with its place; nil if nothing is.
func (d document) place(f *fieldError) error {
	if f == nil {
		return nil
	}
	e := &LoadError{File: d.name, Name: f.name, What: f.what}
	if i := d.key(f.name); i >= 0 {
		return d.at(int64(i), e)
	}
	return e
}

// key returns where the last part of a dotted name stands as a key, or −1.
func (d document) key(name string) int {
	key := []byte(`"` + name[strings.LastIndexByte(name, '.')+1:] + `"`)
	for from := 0; ; {
		i := bytes.Index(d.text[from:], key)
		if i < 0 {
			return -1
		}
		from += i + len(key)
		if bytes.HasPrefix(bytes.TrimLeft(d.text[from:], " \t\r\n"), []byte{':'}) {
			return from - len(key)
		}
	}
}

// fieldError is what is wrong with one field, before its place is known.
type fieldError struct{ name, what string }

func badField(name, format string, args ...any) *fieldError {
	return &fieldError{name, fmt.Sprintf(format, args...)}
}

// limited is an integer field and its limits. The limits are 0 and 0 if the field must be absent.
type limited struct {
	name      string
	v, lo, hi int
}

// within checks integer fields against their limits.
func within(fields ...limited) *fieldError {
	for _, f := range fields {
		switch {
		case f.hi == 0 && f.v != 0:
			return badField(f.name, "has no meaning in this type of model or input")
		case f.v < f.lo || f.v > f.hi:
			return badField(f.name, "%d is outside %d..%d", f.v, f.lo, f.hi)
		}
	}
	return nil
}

// fields are the fields of config.json in a family of networks. Each has a function that reads it.
// The function is nil if the field does not change what the network computes.
type fields map[string]func(raw json.RawMessage) error

// read reads an object. Every field must be known, and some fields must be there.
func (f fields) read(d document, needed ...string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(d.text, &object); err != nil {
		return d.jsonError(err)
	}
	for _, name := range sortedKeys(object) {
		read, known := f[name]
		if !known {
			return d.place(badField(name,
				"is not known, and it may change what is computed; known: %s", list(sortedKeys(f))))
		}
		if read == nil {
			continue
		}
		if err := read(object[name]); err != nil {
			return d.place(badField(name, "%s: %v", clip(string(object[name])), err))
		}
	}
	for _, name := range needed {
		if raw, ok := object[name]; !ok || string(raw) == "null" {
			return &LoadError{File: d.name, Name: name, What: "is missing"}
		}
	}
	return nil
}

// nested reads an object inside of a field. null means that there is none.
func (f fields) nested(raw json.RawMessage) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return errors.New("an object is wanted")
	}
	for _, name := range sortedKeys(object) {
		read, known := f[name]
		if !known {
			return fmt.Errorf("field %s is not known, and it may change what is computed; known: %s",
				quote(name), list(sortedKeys(f)))
		}
		if err := read(object[name]); err != nil {
			return fmt.Errorf("field %s: %w", quote(name), err)
		}
	}
	return nil
}

// into reads a number, a string or a truth value.
func into[T any](to *T) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var v *T
		if err := json.Unmarshal(raw, &v); err != nil {
			return fmt.Errorf("a %T is wanted", *to)
		}
		if v != nil { // null means the default
			*to = *v
		}
		return nil
	}
}

// checked reads a value that must be right.
func checked[T any](to *T, check func(v T) error) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if err := into(to)(raw); err != nil || string(raw) == "null" {
			return err
		}
		return check(*to)
	}
}

// sizeInto reads an integer of at least 1.
func sizeInto(to *int) func(json.RawMessage) error { return fromOne(to, most) }

// tokensInto reads a vocabulary, or a number of positions.
func tokensInto(to *int) func(json.RawMessage) error { return fromOne(to, mostTokens) }

// fromOne reads an integer from 1 to hi.
func fromOne(to *int, hi int) func(json.RawMessage) error {
	return checked(to, func(v int) error {
		if v < 1 || v > hi {
			return fmt.Errorf("is outside 1..%d", hi)
		}
		return nil
	})
}

// positive reads a real number above 0.
func positive(to *float64) func(json.RawMessage) error {
	return checked(to, func(v float64) error {
		if !(v > 0 && v < 1e300) {
			return errors.New("must be positive")
		}
		return nil
	})
}

// among reads one of some words.
func among[T ~string](to *T, words ...T) func(json.RawMessage) error {
	return checked(to, func(word T) error {
		if !slices.Contains(words, word) {
			return fmt.Errorf("is not known; known: %s", fmt.Sprint(words))
		}
		return nil
	})
}

// only accepts the one value that asks for what is built here.
func only(why, value string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return err
		}
		if compact.String() != value {
			return fmt.Errorf("%s is not built here; known: %s", why, value)
		}
		return nil
	}
}

// with returns the fields together with fields that do not change the function of a trained
// network. These are the given fields, and fields that most families have.
func (f fields) with(inert ...string) fields {
	all := maps.Clone(f)
	for _, name := range slices.Concat(inertFields, inert) {
		all[name] = nil
	}
	return all
}

// inertFields do not change the function of a network in any family.
var inertFields = []string{
	"_name_or_path", "architectures", "bos_token_id", "chunk_size_feed_forward", "dtype", "eos_token_id",
	"gradient_checkpointing", "id2label", "initializer_range", "label2id", "model_type", "output_past", "pad_token_id",
	"pretraining_tp", "return_dict", "task_specific_params", "torch_dtype", "transformers_version", "use_cache",
}
