package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Config is what config.json says. Unknown fields are refused, and so are fields
// that the type of model has no use for.
type Config struct {
	ModelType        string             `json:"model_type"`
	Name             string             `json:"name"`
	Description      string             `json:"description,omitempty"`
	Input            Input              `json:"input"`
	LayerSizes       []int              `json:"layer_sizes,omitempty"`       // mlp: inputs, hidden layers, outputs
	HiddenSize       int                `json:"hidden_size,omitempty"`       // attention-classifier
	IntermediateSize int                `json:"intermediate_size,omitempty"` // attention-classifier
	Activation       string             `json:"activation"`                  // "relu"
	Labels           []string           `json:"labels"`                      // names of the outputs
	Quantisation     Quantisation       `json:"quantization"`
	Accuracy         map[string]float64 `json:"accuracy,omitempty"` // what the training measured

	// Of language models, whose config.json is that of their family.
	Decoder   *Decoder   `json:"-"` // gpt2, llama, qwen3; else nil
	Selective *Selective `json:"-"` // mamba; else nil
	Outputs   int        `json:"-"` // the last so many positions answer; 1 for other types
	Text      Text       `json:"-"` // how texts are written
}

// Language reports whether the answers are the tokens that follow: the labels are the
// tokens of the input.
func (c *Config) Language() bool { return c.Decoder != nil || c.Selective != nil }

// Input says what one input is.
type Input struct {
	Kind    string  `json:"kind"`              // "image", "vector" or "tokens"
	Rows    int     `json:"rows,omitempty"`    // image
	Columns int     `json:"columns,omitempty"` // image
	Length  int     `json:"length,omitempty"`  // vector and tokens
	Bits    int     `json:"bits,omitempty"`    // image and vector: of an unsigned integer
	Scale   float64 `json:"scale,omitempty"`   // image and vector: real value of 1
	Vocab   int     `json:"vocab,omitempty"`   // tokens: how many there are
}

// Ports returns the number of integers in one input.
func (in Input) Ports() int {
	if in.Kind == "image" {
		return in.Rows * in.Columns
	}
	return in.Length
}

// Top returns the greatest integer of an input; the least is 0.
func (in Input) Top() int64 {
	if in.Kind == "tokens" {
		return int64(in.Vocab) - 1
	}
	return 1<<in.Bits - 1
}

// most is the greatest size of a layer, an input or a vocabulary.
const most = 1 << 16

// fieldError is what is wrong with one field, before the file is known.
type fieldError struct{ name, what string }

func (e *fieldError) Error() string { return e.name + ": " + e.what }

func badField(name, format string, args ...any) *fieldError {
	return &fieldError{name, fmt.Sprintf(format, args...)}
}

// parseConfig reads config.json. Its errors lack the file.
func parseConfig(text []byte) (*Config, error) {
	var kind struct {
		ModelType string `json:"model_type"`
	}
	if err := json.Unmarshal(text, &kind); err == nil && kind.ModelType != "" {
		a, err := findArchitecture(kind.ModelType)
		if err != nil {
			return nil, placed(text, badField("model_type", "%v", err))
		}
		if a.parse != nil {
			c := &Config{ModelType: kind.ModelType, Outputs: 1}
			return c, a.parse(text, c)
		}
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	c := &Config{Outputs: 1}
	if err := dec.Decode(c); err != nil {
		return nil, jsonError(text, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, at(text, dec.InputOffset(), &LoadError{What: "something follows the end of the object"})
	}
	err := c.check()
	if err == nil {
		err = explicitZero(text)
	}
	if err != nil {
		return nil, placed(text, err)
	}
	return c, nil
}

// explicitZero refuses a field of the quantisation that is written down as 0 or
// null: 0 bits are no bits, and a default is chosen by leaving the field out.
func explicitZero(text []byte) error {
	var given struct {
		Quantization map[string]json.RawMessage `json:"quantization"`
	}
	if err := json.Unmarshal(text, &given); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(given.Quantization)) {
		var v *float64
		if err := json.Unmarshal(given.Quantization[name], &v); err != nil {
			return err
		}
		if v == nil || *v == 0 {
			return badField("quantization."+name, "%s is out of range; leave the field out for its default", given.Quantization[name])
		}
	}
	return nil
}

// jsonError finds the place and the field of an error of package json.
func jsonError(text []byte, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	name, unknown := strings.CutPrefix(err.Error(), "json: unknown field ")
	switch {
	case errors.As(err, &syntax):
		// The offset is behind the byte that is wrong.
		return at(text, syntax.Offset-1, &LoadError{What: "is not JSON", Err: err})
	case errors.As(err, &kind):
		return at(text, kind.Offset-1, &LoadError{Name: kind.Field, What: fmt.Sprintf("%s where %v is wanted", kind.Value, kind.Type)})
	case unknown:
		name = strings.Trim(name, `"`)
		e := &LoadError{Name: name, What: "is not known"}
		if i := findKey(text, name); i >= 0 {
			at(text, int64(i), e)
		}
		return e
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return at(text, int64(len(text)), &LoadError{What: "ends in the middle of the object"})
	}
	return &LoadError{What: "cannot be read", Err: err}
}

// at fills in the line and column of an offset.
func at(text []byte, offset int64, e *LoadError) error {
	before := text[:min(max(offset, 0), int64(len(text)))]
	e.Line = 1 + bytes.Count(before, []byte{'\n'})
	e.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return e
}

// findKey returns where the last part of a dotted name stands as a key, or −1.
func findKey(text []byte, name string) int {
	name = name[strings.LastIndexByte(name, '.')+1:]
	key := []byte(`"` + name + `"`)
	for from := 0; ; {
		i := bytes.Index(text[from:], key)
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(key)
		if bytes.HasPrefix(bytes.TrimLeft(text[from:], " \t\r\n"), []byte{':'}) {
			return i
		}
	}
}

// check compares the fields with each other and with their ranges.
func (c *Config) check() error {
	a, err := findArchitecture(c.ModelType)
	if err != nil {
		return badField("model_type", "%v", err)
	}
	if c.Name == "" || !printable(c.Name) {
		return badField("name", "%s is not a name: up to 100 printable characters, no slash", quote(c.Name))
	}
	if c.Activation != "relu" {
		return badField("activation", "unknown activation %s; known: relu", quote(c.Activation))
	}
	if err := c.Input.check(a.input); err != nil {
		return err
	}
	if len(c.Labels) == 0 || len(c.Labels) > most {
		return badField("labels", "%d labels; 1 to %d are possible", len(c.Labels), most)
	}
	for i, l := range c.Labels {
		if l == "" || !printable(l) {
			return badField("labels", "label %d, %s, is not up to 100 printable characters without a slash", i, quote(l))
		}
	}
	if err := c.Quantisation.check(); err != nil {
		return badField("quantization."+err.name, "%s", err.what)
	}
	return a.check(c)
}

func (in Input) check(kinds []string) error {
	if !slices.Contains(kinds, in.Kind) {
		return badField("input.kind", "unknown kind %s; known for this type of model: %s", quote(in.Kind), strings.Join(kinds, ", "))
	}
	image, tokens := in.Kind == "image", in.Kind == "tokens"
	for _, f := range []struct {
		name string
		v    int
		used bool
		most int
	}{
		{"input.rows", in.Rows, image, most},
		{"input.columns", in.Columns, image, most},
		{"input.length", in.Length, !image, most},
		{"input.bits", in.Bits, !tokens, 16},
		{"input.vocab", in.Vocab, tokens, most},
	} {
		if err := inside(f.name, f.v, f.used, 1, f.most); err != nil {
			return err
		}
	}
	if image && in.Rows*in.Columns > most {
		return badField("input.columns", "%d×%d pixels; at most %d are possible", in.Rows, in.Columns, most)
	}
	if !tokens && !(in.Scale > 0) || tokens && in.Scale != 0 {
		return badField("input.scale", "%v is not the real value of one unit of input", in.Scale)
	}
	return nil
}

// inside checks an integer field that is used, or must be absent.
func inside(name string, v int, used bool, lo, hi int) error {
	switch {
	case !used && v != 0:
		return badField(name, "has no meaning in this type of model or input")
	case used && (v < lo || v > hi):
		return badField(name, "%d is outside %d..%d", v, lo, hi)
	}
	return nil
}
