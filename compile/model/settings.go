package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
)

// Settings are what tc0.json says of a language model beside the config.json of its
// family: what the network is for, and what the circuit is to be.
type Settings struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Tokens      []string `json:"tokens,omitempty"`  // names, as many as the vocabulary has; numbers if there are none
	Length      int      `json:"length"`            // positions of the circuit
	Outputs     int      `json:"outputs,omitempty"` // the last so many positions answer; 0 means the last one
	Text
	Quantisation Quantisation       `json:"quantization"`
	Accuracy     map[string]float64 `json:"accuracy,omitempty"` // what the training measured
}

// Text says how a person writes a text for a language model, and reads its answer.
type Text struct {
	Prefix   string `json:"prefix,omitempty"`   // put before a text that lacks it
	Suffix   string `json:"suffix,omitempty"`   // put behind a text that lacks it
	End      string `json:"end,omitempty"`      // token after which the answer ends
	Answers  int    `json:"answers,omitempty"`  // an answer ends after so many tokens; 0: at the end token or the last position
	Reversed bool   `json:"reversed,omitempty"` // the answer is written back to front
	Example  string `json:"example,omitempty"`  // of a text
}

// settingsName is the file of a [Settings].
const settingsName = "tc0.json"

// loadSettings reads tc0.json for a network of the given vocabulary and the given
// number of positions.
func loadSettings(fsys fs.FS, dir string, c *Config, positions int) error {
	name := path.Join(dir, settingsName)
	if _, err := fs.Stat(fsys, name); errors.Is(err, fs.ErrNotExist) {
		return &LoadError{File: name, What: `is missing; it says what the circuit is to be, such as {"name": "mine", "length": 16}`}
	}
	text, err := readFile(fsys, name)
	if err != nil {
		return err
	}
	s, err := parseSettings(text, c.Input.Vocab, positions)
	if err != nil {
		var e *LoadError
		if errors.As(err, &e) {
			e.File = name
		}
		return err
	}
	c.Name, c.Description, c.Labels = s.Name, s.Description, s.Tokens
	c.Input.Length, c.Outputs, c.Text = s.Length, s.Outputs, s.Text
	c.Quantisation, c.Accuracy = s.Quantisation, s.Accuracy
	return nil
}

// parseSettings reads tc0.json. Its errors lack the file.
func parseSettings(text []byte, vocabulary, positions int) (*Settings, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	s := new(Settings)
	if err := dec.Decode(s); err != nil {
		return nil, jsonError(text, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, at(text, dec.InputOffset(), &LoadError{What: "something follows the end of the object"})
	}
	err := s.check(vocabulary, positions)
	if err == nil {
		err = explicitZero(text)
	}
	if err != nil {
		return nil, placed(text, err)
	}
	return s, nil
}

// placed turns a fieldError into a LoadError with the line of the field.
func placed(text []byte, err error) error {
	var f *fieldError
	if !errors.As(err, &f) {
		return &LoadError{What: "cannot be used", Err: err}
	}
	e := &LoadError{Name: f.name, What: f.what}
	if i := findKey(text, f.name); i >= 0 {
		at(text, int64(i), e)
	}
	return e
}

func (s *Settings) check(vocabulary, positions int) error {
	if s.Name == "" || !printable(s.Name) {
		return badField("name", "%s is not a name: up to 100 printable characters, no slash", quote(s.Name))
	}
	if err := inside("length", s.Length, true, 1, positions); err != nil {
		return err
	}
	if s.Outputs == 0 {
		s.Outputs = 1
	}
	if err := inside("outputs", s.Outputs, true, 1, s.Length); err != nil {
		return err
	}
	if s.Tokens == nil {
		for i := range vocabulary {
			s.Tokens = append(s.Tokens, strconv.Itoa(i))
		}
	}
	if len(s.Tokens) != vocabulary {
		return badField("tokens", "%d names for a vocabulary of %d", len(s.Tokens), vocabulary)
	}
	seen := map[string]bool{}
	for i, t := range s.Tokens {
		if t == "" || !printable(t) || seen[t] {
			return badField("tokens", "token %d, %s, is not up to 100 printable characters without a slash, or is there twice", i, quote(t))
		}
		seen[t] = true
	}
	if s.End != "" && !slices.Contains(s.Tokens, s.End) {
		return badField("end", "%s is none of the tokens", quote(s.End))
	}
	if err := inside("answers", s.Answers, true, 0, s.Length); err != nil {
		return err
	}
	if err := s.Quantisation.check(); err != nil {
		return badField("quantization."+err.name, "%s", err.what)
	}
	return nil
}

// field is one field of the config.json of a family of networks.
type field struct {
	name string
	// read takes the value; nil if the field says nothing of what is computed.
	read func(raw json.RawMessage) error
	// need says that there is no default.
	need bool
}

// readFields reads an object of which every field must be known. Its errors lack
// the file.
func readFields(text []byte, fields []field) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(text, &object); err != nil {
		return jsonError(text, err)
	}
	var known []string
	for _, f := range fields {
		known = append(known, f.name)
	}
	slices.Sort(known)
	for _, name := range sortedKeys(object) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if i < 0 {
			return placed(text, badField(name, "is not known, and it may change what is computed; known: %s", list(known)))
		}
		if fields[i].read == nil {
			continue
		}
		if err := fields[i].read(object[name]); err != nil {
			return placed(text, badField(name, "%s: %v", clip(string(object[name])), err))
		}
	}
	for _, f := range fields {
		if _, ok := object[f.name]; f.need && !ok {
			return &LoadError{Name: f.name, What: "is missing"}
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
		if v == nil { // null means the default
			return nil
		}
		*to = *v
		return nil
	}
}

// sizeInto reads an integer of at least 1.
func sizeInto(to *int) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if err := into(to)(raw); err != nil {
			return err
		}
		if *to < 1 || *to > most {
			return fmt.Errorf("is outside 1..%d", most)
		}
		return nil
	}
}

// positive reads a real number above 0.
func positive(to *float64) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		if err := into(to)(raw); err != nil {
			return err
		}
		if !(*to > 0 && *to < 1e300) {
			return errors.New("must be positive")
		}
		return nil
	}
}

// only accepts the values that ask for what is built here, null among them if the
// list says so.
func only(why string, values ...string) func(json.RawMessage) error {
	return func(raw json.RawMessage) error {
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return err
		}
		if !slices.Contains(values, compact.String()) {
			return fmt.Errorf("%s is not built here; known: %s", why, list(values))
		}
		return nil
	}
}

// inert returns fields that say nothing of what a trained network computes.
func inert(names ...string) []field {
	var fields []field
	for _, n := range names {
		fields = append(fields, field{name: n})
	}
	return fields
}

// inertFields are those that most families have.
func inertFields() []field {
	return inert("_name_or_path", "architectures", "bos_token_id", "chunk_size_feed_forward", "dtype", "eos_token_id", "gradient_checkpointing",
		"id2label", "initializer_range", "label2id", "model_type", "output_past", "pad_token_id", "pretraining_tp", "return_dict", "task_specific_params",
		"torch_dtype", "transformers_version", "use_cache")
}
