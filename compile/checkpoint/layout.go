package checkpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// Folder is a model folder that is not written yet.
type Folder struct {
	Layout   string   // whose names the checkpoint has
	Type     string   // of the model
	Config   []byte   // config.json
	Settings []byte   // tc0.json; nil for a model of another kind than language
	Notes    []string // what was left out, added or taken for granted

	tensors []*Tensor
}

// layout is a way to name the tensors of one kind of network.
type layout struct {
	name string
	// first are tensors that tell it from the others; one is enough
	first   []string
	convert func(v *conversion) error
}

// layouts returns those with names of their own, in the order in which they are looked for.
func layouts() []layout {
	return []layout{
		{"nanoGPT", []string{"transformer.wte.weight", "wte.weight"}, convertGPT},
		{"llama2.c", []string{"tok_embeddings.weight"}, convertLlama},
		{"microgpt", []string{"layer0.attn_wq"}, convertMicroGPT},
	}
}

// conversion is a checkpoint on its way to a folder.
type conversion struct {
	*Checkpoint
	Options
	*Folder
	config map[string]any // to be config.json; nil if Folder.Config is it already
	used   map[string]bool
}

// Convert finds the layout of a checkpoint and makes a model folder of it. Its errors are [*Error]. One
// about a layout that is not known names the tensors that were found.
func (c *Checkpoint) Convert(o Options) (*Folder, error) {
	mapped, err := c.mapped(o.Map)
	if err != nil {
		return nil, err
	}
	f := &Folder{Notes: slices.Clone(c.notes)}
	v := &conversion{Checkpoint: mapped, Options: o, Folder: f, used: map[string]bool{}}
	if o.Map != nil {
		for _, name := range c.Names() {
			named := func(ours string) bool { return o.Map[ours] == name || o.Map[ours] == name+".T" }
			if !slices.ContainsFunc(mapped.Names(), named) {
				v.note("left out: %s, which the map does not name", name)
			}
		}
	}
	if err := v.convert(); err != nil {
		return nil, err
	}
	if v.config != nil {
		if v.Folder.Config, err = indented(v.config); err != nil {
			return nil, c.fail("", "%v", err)
		}
	}
	return v.Folder, nil
}

// mapped returns the checkpoint with the names that a map gives. ".T" behind a name asks for the transpose.
func (c *Checkpoint) mapped(names map[string]string) (*Checkpoint, error) {
	if names == nil {
		return c, nil
	}
	m := *c
	m.Tensors = map[string]*Tensor{}
	for ours, theirs := range names {
		if t := c.Tensors[theirs]; t != nil {
			m.Tensors[ours] = t.named(ours)
			continue
		}
		plain, turned := strings.CutSuffix(theirs, ".T")
		t := c.Tensors[plain]
		if t == nil || !turned {
			return nil, c.fail(theirs, "is in the map and not in the file, which has %s", c.found())
		}
		if len(t.Shape) != 2 {
			return nil, c.fail(plain, "has shape %v, and the map asks for the transpose of a matrix", t.Shape)
		}
		m.Tensors[ours] = t.transposed(ours)
	}
	return &m, nil
}

// found names the tensors with their shapes, in short.
func (c *Checkpoint) found() string {
	const most = 12
	var list []string
	for i, name := range c.Names() {
		if i == most {
			list = append(list, fmt.Sprintf("and %d more", len(c.Tensors)-most))
			break
		}
		q := brief.Quote(name)
		list = append(list, fmt.Sprintf("%s %v", q[1:len(q)-1], c.Tensors[name].Shape))
	}
	return strings.Join(list, ", ")
}

func (v *conversion) note(format string, args ...any) {
	v.Notes = append(v.Notes, fmt.Sprintf(format, args...))
}

// convert looks for the layout: first by config.json, then by names.
func (v *conversion) convert() error {
	if v.Options.Config != nil {
		var c struct {
			Type string `json:"model_type"`
		}
		if err := json.Unmarshal(v.Options.Config, &c); err != nil {
			return v.fail("", "the config.json for it is not JSON: %v", err)
		}
		if c.Type != "" {
			return v.published(c.Type)
		}
	}
	for _, l := range layouts() {
		for _, name := range l.first {
			if t := v.Tensors[name]; t != nil && len(t.Shape) == 2 {
				v.Layout = l.name
				return l.convert(v)
			}
		}
	}
	if _, ok := v.cells(); ok {
		v.Layout = "torch.nn"
		return convertRecurrent(v)
	}
	chain, err := v.chain()
	if err != nil {
		return err
	}
	if chain != nil {
		v.Layout = "torch.nn.Sequential"
		return v.perceptron(chain)
	}
	return v.unknown()
}

// published keeps the names: config.json says what the network is. The matrices of a GPT-2 that are Linear
// are turned, for the published ones are Conv1D; and the layers of a perceptron get their names.
func (v *conversion) published(kind string) error {
	v.Layout, v.Type, v.Folder.Config, v.Folder.Settings = "Hugging Face", kind, v.Options.Config, v.Options.Settings
	prefix, gpt := v.gptPrefix()
	uses := []string{}
	switch {
	case kind == "gpt2" && gpt && v.linear(prefix):
		v.Layout = "nanoGPT"
		v.gptTensors(prefix, true)
	case kind == "mlp" && v.Tensors["layers.0.weight"] == nil:
		chain, err := v.chain()
		if err != nil {
			return err
		}
		if chain == nil {
			v.all()
			break
		}
		uses = []string{useOrder}
		v.Layout = "torch.nn.Sequential"
		v.layers(v.linked(chain, make([]bool, len(chain))))
	default:
		v.all()
	}
	if kind != "mlp" && kind != "attention-classifier" {
		return v.settings(positions(v.Options.Config), nil)
	}
	v.Folder.Settings = nil
	if err := v.idle(uses...); err != nil || v.Name == "" {
		return err
	}
	var err error
	if v.Folder.Config, err = with(v.Options.Config, map[string]any{"name": v.Name}); err != nil {
		return v.fail("", "the config.json for it is not JSON: %v", err)
	}
	return nil
}

// all keeps all tensors.
func (v *conversion) all() {
	for _, name := range v.Names() {
		v.keep(v.Tensors[name])
	}
}

// positions returns for how many positions a config.json says that a language model was made; 0 if it does not say.
func positions(config []byte) int {
	var given struct {
		A int `json:"max_position_embeddings"`
		B int `json:"n_positions"`
		C int `json:"block_size"`
		D int `json:"max_positions"`
	}
	if err := json.Unmarshal(config, &given); err != nil {
		return 0 // package model says what is wrong with it
	}
	return max(given.A, given.B, given.C, given.D)
}

// keep adds a tensor to the folder.
func (v *conversion) keep(t *Tensor) { v.tensors = append(v.tensors, t) }

// take returns a tensor that must be there, with the given shape; −1 is any size.
func (v *conversion) take(name string, shape ...int) (*Tensor, error) {
	t := v.Tensors[name]
	if t == nil {
		return nil, v.fail(name, "is missing, as %s has it; there are %s", v.Layout, v.found())
	}
	same := func(got, want int) bool { return got == want || want < 0 }
	if !slices.EqualFunc(t.Shape, shape, same) {
		return nil, v.fail(name, "has shape %v, want %v, as %s has it", t.Shape, shape, v.Layout)
	}
	v.used[name] = true
	return t, nil
}

// rest refuses tensors that the layout has no place for.
func (v *conversion) rest() error {
	for _, name := range v.Names() {
		if !v.used[name] {
			return v.fail(name, "is not part of a network as %s has it", v.Layout)
		}
	}
	return nil
}

// settings makes tc0.json of a language model that was made for some positions, 0 if that is not known. What a
// person asks for counts, then a tc0.json beside the file, then the fields that the layout knows. uses are the
// options that the layout has a use for, next to the length.
func (v *conversion) settings(positions int, known map[string]any, uses ...string) error {
	if err := v.idle(append(uses, useLength)...); err != nil {
		return err
	}
	if positions > 0 && v.Length > positions {
		return v.fail("", "--length %d: the network was made for %d positions", v.Length, positions)
	}
	asked := map[string]any{}
	if v.Name != "" {
		asked["name"] = v.Name
	}
	if v.Length > 0 {
		asked["length"] = v.Length
	}
	var err error
	if v.Options.Settings != nil {
		if v.Folder.Settings, err = with(v.Options.Settings, asked); err != nil {
			return v.fail("", "the tc0.json for it is not JSON: %v", err)
		}
		return nil
	}
	const usual = 16
	if v.Length == 0 {
		length := usual
		if positions > 0 {
			length = min(usual, positions)
		}
		asked["length"] = length
		v.note("taken: a circuit of %d positions; tc0 import --length asks for another", length)
	}
	asked["name"] = v.called()
	maps.Copy(asked, known)
	v.Folder.Settings, err = indented(asked)
	return err
}

// integer returns a size from the metadata, or else what a flag says; 0 if neither has it. Both must agree.
func (v *conversion) integer(name, flag string, given int) (int, error) {
	i, there := v.Metadata[name].(int64)
	switch {
	case !there:
		return given, nil
	case i < 1 || i > maxTensor:
		return 0, v.fail("", "says %s %d, which is outside 1..%d", name, i, maxTensor)
	case given > 0 && int64(given) != i:
		return 0, v.fail("", "%s %d: the file says %s %d; leave the flag out", flag, given, name, i)
	}
	return int(i), nil
}

// agree refuses a file whose metadata has another size than its tensors.
func (v *conversion) agree(name string, size int) error {
	if i, there := v.Metadata[name].(int64); there && i != int64(size) {
		return v.fail("", "says %s %d, and by its tensors it is %d", name, i, size)
	}
	return nil
}

// heads returns how many heads a transformer has, by its metadata or --heads.
func (v *conversion) heads(name string) (int, error) {
	n, err := v.integer(name, useHeads, v.Heads)
	if err == nil && n == 0 {
		err = v.lacks("does not say how many heads it has; --heads says it")
	}
	return n, err
}

// real returns a number from the metadata, or the usual one, with a note.
func (v *conversion) real(name string, usual float64) float64 {
	switch x := v.Metadata[name].(type) {
	case float64:
		return x
	case int64:
		return float64(x)
	}
	v.note("taken: %s %v, as %s has it; the file does not say", name, usual, v.Layout)
	return usual
}

// equal reports whether two tensors have the same values.
func (t *Tensor) equal(o *Tensor) (bool, error) {
	a, err := t.Values()
	if err != nil {
		return false, err
	}
	b, err := o.Values()
	return slices.Equal(t.Shape, o.Shape) && slices.Equal(a, b), err
}
