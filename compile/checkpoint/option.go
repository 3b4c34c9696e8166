package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
)

// Options say what the file of a checkpoint does not say. One that a network has no use for is an error.
type Options struct {
	Name        string            // of the model; "": that in the files beside it, or Usual
	Usual       string            // name of a model that has no other
	Length      int               // positions of the circuit of a language model; 0: up to 16
	Heads       int               // of a transformer; 0: as the file says
	Activation  string            // of a perceptron, or of hidden units where a layout leaves it open
	InputBits   int               // of a perceptron: of one unsigned integer
	InputScale  float64           // of a perceptron: real value of 1
	InputOffset float64           // of a perceptron: real value of 0
	Order       string            // of the layers of a perceptron: a comma between, or + where no activation is
	Letters     []string          // names of the tokens of a nanoGPT, as ReadLetters has them; nil: numbers
	Map         map[string]string // from our names of tensors to theirs; nil: they stay
	Config      []byte            // the config.json beside the file, or nil
	Settings    []byte            // the tc0.json beside it, or nil
}

// ReadMap reads a map of names: a JSON object from our names of tensors to theirs. Its errors are of one line.
func ReadMap(text []byte) (names map[string]string, err error) {
	if err := json.Unmarshal(text, &names); err != nil || len(names) == 0 {
		return nil, fmt.Errorf(`is no map of names, such as {"layers.0.weight": "fc1.weight"}`)
	}
	return names, nil
}

// The options that only some networks have a use for.
const (
	useLength     = "--length"
	useHeads      = "--heads"
	useActivation = "--activation"
	useBits       = "--input-bits"
	useScale      = "--input-scale"
	useOffset     = "--input-offset"
	useOrder      = "--order"
)

// idle refuses an option that is given and not among those that are used.
func (v *conversion) idle(used ...string) error {
	for _, o := range []struct {
		name  string
		given bool
	}{
		{useLength, v.Length != 0},
		{useHeads, v.Heads != 0},
		{useActivation, v.Activation != ""},
		{useBits, v.InputBits != 0},
		{useScale, v.InputScale != 0},
		{useOffset, v.InputOffset != 0},
		{useOrder, v.Order != ""},
	} {
		if o.given && !slices.Contains(used, o.name) {
			if v.Options.Config != nil && v.config == nil {
				return v.fail("", "%s has no meaning here: the config.json beside it says what the network is", o.name)
			}
			return v.fail("", "%s has no meaning for a model of type %s in the layout of %s", o.name, v.Type, v.Layout)
		}
	}
	return nil
}

// called returns the name of the model where nothing beside the file has one.
func (v *conversion) called() string {
	if v.Name != "" {
		return v.Name
	}
	return v.Usual
}

// with returns the text of a JSON object with other values of some fields.
func with(text []byte, fields map[string]any) ([]byte, error) {
	if len(fields) == 0 {
		return text, nil
	}
	var object map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&object); err != nil {
		return nil, err
	}
	if object == nil {
		return nil, fmt.Errorf("null is no object")
	}
	for name, value := range fields {
		object[name] = value
	}
	return indented(object)
}

// indented writes a JSON object for people.
func indented(object map[string]any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(object)
	return b.Bytes(), err
}
