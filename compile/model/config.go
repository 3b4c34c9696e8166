package model

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/compile/token"
	"github.com/tc0lab/tc0/internal/brief"
)

// Config is what config.json says. Unknown fields are refused. Fields that the type of model does
// not use are refused, too.
type Config struct {
	ModelType        string             `json:"model_type"`
	Name             string             `json:"name"`
	Description      string             `json:"description,omitempty"`
	Input            Input              `json:"input"`
	LayerSizes       []int              `json:"layer_sizes,omitempty"`       // mlp: inputs, hidden layers, outputs
	HiddenSize       int                `json:"hidden_size,omitempty"`       // attention-classifier
	IntermediateSize int                `json:"intermediate_size,omitempty"` // attention-classifier
	Activation       string             `json:"activation"`                  // of hidden units, as in package compile
	NegativeSlope    *float64           `json:"negative_slope,omitempty"`    // mlp with leaky_relu; default 0.01
	Bias             *bool              `json:"bias,omitempty"`              // mlp: has biases; default: those in the file
	Task             string             `json:"task,omitempty"`              // mlp: "classification" or "regression"
	Labels           []string           `json:"labels"`                      // names of the outputs
	Quantisation     Quantisation       `json:"quantization"`
	Accuracy         map[string]float64 `json:"accuracy,omitempty"` // what the training measured

	// The rest is for language models. Their config.json is in the form of their family.
	Decoder   *Decoder   `json:"-"` // of all decoders; else nil
	Selective *Selective `json:"-"` // mamba; else nil
	Recurrent *Recurrent `json:"-"` // rnn, gru, lstm; else nil
	Outputs   int        `json:"-"` // number of last positions that answer, or of numbers of a regression; else 1
	Text      Text       `json:"-"` // how texts are written
	// Tokenizer cuts texts into tokens. It is nil if tc0.json names the tokens, or the folder has no tokenizer.
	Tokenizer *token.Tokenizer `json:"-"`
	positions int              // that the network was made for
	epsilon   float64          // of the norms of a language model
}

// Language reports whether the model is a language model. Then the labels are the tokens of the
// input, and the answers are the next tokens.
func (c *Config) Language() bool { return c.Decoder != nil || c.Selective != nil || c.Recurrent != nil }

// Regression reports whether the answers are numbers, not labels. Then the labels, if there are any, name the
// numbers.
func (c *Config) Regression() bool { return c.Task == regression }

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
const most = 1 << 20

// mostTokens is the greatest vocabulary of a language model, and the greatest number of its positions.
const mostTokens = 1 << 20

// check compares the fields with each other and with their ranges; inputs may be of the given
// kinds.
func (c *Config) check(kinds []string) *fieldError {
	if err := checkName(c.Name); err != nil {
		return err
	}
	if err := c.Input.check(kinds); err != nil {
		return err
	}
	if len(c.Labels) > most {
		return badField("labels", "%d labels; at most %d are possible", len(c.Labels), most)
	}
	for i, l := range c.Labels {
		if !printable(l) {
			return badField("labels",
				"label %d, %s, is not up to 100 printable characters", i, brief.Quote(l))
		}
	}
	return c.Quantisation.checkField()
}

func checkName(name string) *fieldError {
	if !printable(name) || strings.Contains(name, "/") { // it begins stage names
		return badField("name", "%s is not a name: up to 100 printable characters, no slash", brief.Quote(name))
	}
	return nil
}

func (in Input) check(kinds []string) *fieldError {
	if !slices.Contains(kinds, in.Kind) {
		return badField("input.kind", "unknown kind %s; known for this type of model: %s", brief.Quote(in.Kind), list(kinds))
	}
	image, tokens := in.Kind == "image", in.Kind == "tokens"
	for _, f := range []struct {
		limited
		used bool
	}{
		{limited{"input.rows", in.Rows, 1, most}, image},
		{limited{"input.columns", in.Columns, 1, most}, image},
		{limited{"input.length", in.Length, 1, most}, !image},
		{limited{"input.bits", in.Bits, 1, 16}, !tokens},
		{limited{"input.vocab", in.Vocab, 1, most}, tokens},
	} {
		if !f.used {
			f.lo, f.hi = 0, 0
		}
		if err := within(f.limited); err != nil {
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

// Settings are what tc0.json says of a language model, in addition to the config.json of its
// family. They say what the network is for, and what circuit to make.
type Settings struct {
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Tokens      []string `json:"tokens,omitempty"`  // names, as many as the vocabulary has; unless given, those of the tokenizer, or numbers
	Length      int      `json:"length"`            // positions of the circuit
	Outputs     int      `json:"outputs,omitempty"` // number of last positions that answer; 0 means 1
	Text
	Quantisation Quantisation       `json:"quantization"`
	Accuracy     map[string]float64 `json:"accuracy,omitempty"` // what the training measured
}

// Text says how a person writes a text for a language model, and reads its answer.
type Text struct {
	Prefix   string `json:"prefix,omitempty"`   // put before a text that lacks it
	Suffix   string `json:"suffix,omitempty"`   // put behind a text that lacks it
	End      string `json:"end,omitempty"`      // token after which the answer ends
	Answers  int    `json:"answers,omitempty"`  // tokens of an answer; 0: to the end token or the last position
	Reversed bool   `json:"reversed,omitempty"` // the answer is written back to front
	Example  string `json:"example,omitempty"`  // of a text
	// ReversedNumbers says that the network reads each run of digits of a text back to front.
	ReversedNumbers bool `json:"reversed_numbers,omitempty"`
}

// settingsName is the file of a [Settings].
const settingsName = "tc0.json"

// loadSettings reads tc0.json, after config.json.
func loadSettings(fsys fs.FS, dir string, c *Config) error {
	d, err := readDocument(fsys, path.Join(dir, settingsName))
	if errors.Is(err, fs.ErrNotExist) {
		const what = `is missing; it says what the circuit is to be, such as {"name": "mine", "length": 16}`
		return &LoadError{File: d.name, What: what}
	}
	if err != nil {
		return err
	}
	var s Settings
	if err := d.decode(&s, func() *fieldError {
		if s.Tokens == nil {
			if c.Tokenizer, err = readTokenizer(fsys, dir); c.Tokenizer != nil {
				s.Tokens = tokenNames(c.Tokenizer, c.Input.Vocab)
			}
		}
		if err != nil {
			return nil // of another file
		}
		if bad := c.spanless(s.Quantisation); bad != nil {
			bad.name = "quantization." + bad.name
			return bad
		}
		return s.check(c.Input.Vocab, c.positions)
	}); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	c.Name, c.Description, c.Labels = s.Name, s.Description, s.Tokens
	c.Input.Length, c.Outputs, c.Text = s.Length, s.Outputs, s.Text
	c.Quantisation, c.Accuracy = s.Quantisation, s.Accuracy
	return nil
}

// readTokenizer reads the tokenizer of a folder; nil if it has none.
func readTokenizer(fsys fs.FS, dir string) (*token.Tokenizer, error) {
	t, err := token.Read(fsys, dir)
	var bad *token.Error
	switch {
	case errors.Is(err, token.ErrNone):
		return nil, nil
	case errors.As(err, &bad):
		return nil, &LoadError{File: bad.File, Name: bad.Field, What: bad.What, Err: bad.Err}
	}
	return t, err
}

// tokenNames returns the names of a vocabulary for stage names and tables. A token that is not fit for them is
// named after its number.
func tokenNames(t *token.Tokenizer, vocabulary int) []string {
	names := make([]string, vocabulary)
	seen := map[string]bool{}
	for i := range names {
		name := t.Token(i)
		for brackets := 1; !printable(name) || seen[name]; brackets++ {
			name = strings.Repeat("⟨", brackets) + strconv.Itoa(i) + strings.Repeat("⟩", brackets)
		}
		names[i], seen[name] = name, true
	}
	return names
}

// check fills in missing settings, and compares the others with the network.
func (s *Settings) check(vocabulary, positions int) *fieldError {
	if err := checkName(s.Name); err != nil {
		return err
	}
	s.Outputs = cmp.Or(s.Outputs, 1)
	if err := within(
		limited{"length", s.Length, 1, positions},
		limited{"outputs", s.Outputs, 1, s.Length},
		limited{"answers", s.Answers, 0, s.Length},
	); err != nil {
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
		if !printable(t) || seen[t] {
			return badField("tokens",
				"token %d, %s, is not up to 100 printable characters, or is there twice", i, brief.Quote(t))
		}
		seen[t] = true
	}
	if s.End != "" && !seen[s.End] {
		return badField("end", "%s is none of the tokens", brief.Quote(s.End))
	}
	return s.Quantisation.checkField()
}

// WithQuantisation returns the file of a model's folder that says how finely it is rounded, with another quantisation
// in it: tc0.json of a language model, else config.json. The rest of the file keeps its meaning.
func (m *Model) WithQuantisation(fsys fs.FS, dir string, q Quantisation) (name string, text []byte, err error) {
	var v any
	if m.Config.Language() {
		name = settingsName
		d, err := readDocument(fsys, path.Join(dir, name))
		if err != nil {
			return name, nil, err
		}
		var s Settings
		if err := d.decode(&s, func() *fieldError { return nil }); err != nil {
			return name, nil, err
		}
		s.Quantisation, v = q, &s
	} else {
		c := m.Config
		name, c.Quantisation, v = "config.json", q, &c
		if c.ModelType == "mlp" {
			c.Quantisation.ExpLevels = 0 // it has no exponential
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err = e.Encode(v)
	return name, out.Bytes(), err
}
