package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/floats"

	"github.com/tc0lab/tc0/gates"
)

// Model is a trained network.
type Model struct {
	Config      Config
	Weights     Weights
	Test        *Dataset // nil if the folder has none
	Calibration *Dataset // nil if the folder has none

	architecture architecture
	tables       int // greatest vocabulary for which the first layer is tables; see embedding
	// unknown says that the weights have shapes and no numbers. The program for every length then has all sets of
	// weights in its bounds, and there is no other program.
	unknown bool
}

// Load reads the model in a folder of a file system: config.json, which says what
// architecture it has; tc0.json of a language model; the weights; and the data. Its errors
// are [*LoadError].
func Load(fsys fs.FS, dir string) (*Model, error) {
	m, d, err := configured(fsys, dir)
	if err != nil {
		return nil, err
	}
	c := &m.Config
	if c.Language() {
		if err := loadSettings(fsys, dir, c); err != nil {
			return nil, err
		}
		if err := c.Decoder.check(d, c.Input.Length); err != nil {
			return nil, err
		}
	}
	weights := path.Join(dir, "model.safetensors")
	if m.Weights, err = readWeights(fsys, weights, m.architecture.tensors(c), m.architecture.prefix); err != nil {
		return nil, err
	}
	m.derive()
	if m.Test, err = loadDataset(fsys, path.Join(dir, "test.safetensors"), c); err != nil {
		return nil, err
	}
	m.Calibration, err = loadCalibration(fsys, path.Join(dir, "calibration.safetensors"), c)
	return m, err
}

// configured returns a model of which config.json is read, and that file.
func configured(fsys fs.FS, dir string) (*Model, document, error) {
	d, err := readDocument(fsys, path.Join(dir, "config.json"))
	if err != nil {
		return nil, d, err
	}
	m := &Model{Config: Config{Outputs: 1}, tables: foldedVocabulary}
	if m.architecture, err = d.architecture(); err != nil {
		return nil, d, err
	}
	m.Config.ModelType = m.architecture.name
	return m, d, m.architecture.configure(d, &m.Config)
}

// LoadShape reads a model without its weights: config.json, and tc0.json of a language model if there is one. Without
// it the circuit has the length that the model was made for. Such a model has no formula and no circuit; see
// [Model.Bounds]. Its errors are [*LoadError].
func LoadShape(fsys fs.FS, dir string) (*Model, error) {
	m, d, err := configured(fsys, dir)
	if err != nil {
		return nil, err
	}
	c := &m.Config
	switch _, err := fs.Stat(fsys, path.Join(dir, settingsName)); {
	case !c.Language():
	case errors.Is(err, fs.ErrNotExist):
		c.Name, c.Input.Length = c.ModelType, c.positions
		if d := c.Decoder; d != nil && d.Window > 0 {
			c.Input.Length = min(c.positions, d.Window)
		}
		for i := range c.Input.Vocab {
			c.Labels = append(c.Labels, strconv.Itoa(i))
		}
	default:
		if err := loadSettings(fsys, dir, c); err != nil {
			return nil, err
		}
	}
	if err := c.Decoder.check(d, c.Input.Length); err != nil {
		return nil, err
	}
	m.unknown, m.Weights = true, Weights{}
	for _, t := range m.architecture.tensors(c) {
		if t.parts == nil {
			m.Weights[t.name] = &Tensor{Shape: t.shape}
		}
		for _, part := range t.parts {
			s := slices.Clone(t.shape)
			s[0] /= len(t.parts)
			m.Weights[t.name+" "+part] = &Tensor{Shape: s}
		}
	}
	m.derive()
	return m, nil
}

// FindShape is [LoadShape] for the path of a folder.
func FindShape(name string) (*Model, error) { return inFolder(name, LoadShape) }

// inFolder reads a model in a folder. Errors name the whole path of a file.
func inFolder(name string, load func(fs.FS, string) (*Model, error)) (*Model, error) {
	m, err := load(os.DirFS(name), ".")
	var e *LoadError
	if errors.As(err, &e) {
		e.File = filepath.Join(name, filepath.FromSlash(e.File))
	}
	return m, err
}

// architecture returns the type of model that a config.json names.
func (d document) architecture() (architecture, error) {
	var c struct {
		ModelType string `json:"model_type"`
	}
	if err := json.Unmarshal(d.text, &c); err != nil || c.ModelType == "" {
		var object map[string]json.RawMessage
		if json.Unmarshal(d.text, &object) == nil && len(object) > 0 && object["model_type"] == nil {
			return architecture{}, &LoadError{File: d.name, Name: "model_type", What: "is missing; known: " + knownTypes()}
		}
		// What else is wrong with it comes first.
		if err := d.decode(new(Config), func() *fieldError { return nil }); err != nil {
			return architecture{}, err
		}
	}
	a, err := findArchitecture(c.ModelType)
	if err != nil {
		return a, d.place(badField("model_type", "%v", err))
	}
	return a, nil
}

// role returns what a tensor is for, if it is the embedding or the head, which the logits come from; else "". A
// matrix that is both is an embedding.
func (m *Model) role(tensor string) string {
	first, last := "embed.weight", recurrentHead // of an attention-classifier
	switch c := &m.Config; {
	case c.Decoder != nil:
		first, last = c.weight(embeddings, 0), c.weight(head, 0)
	case c.Selective != nil:
		first, last = mambaEmbedding, c.Selective.unembedding()
	case c.Recurrent != nil:
		first = recurrentEmbedding
	case len(c.LayerSizes) > 0:
		first, last = "", layerName(len(c.LayerSizes)-2)+".weight"
	}
	switch tensor {
	case first:
		return "embedding"
	case last:
		return "head"
	}
	return ""
}

// Forward returns the logits of the network in float64, from the textbook formula: for each output
// in turn, one for each label. It does not use the program, so a mistake in either of them shows.
// The input must have one integer for each input port, in range.
func (m *Model) Forward(in []int64) []float64 {
	if ports := m.Config.Input.Ports(); len(in) != ports {
		panic(fmt.Sprintf("model: %d integers for %d input ports", len(in), ports))
	}
	for i, v := range in {
		if top := m.Config.Input.Top(); v < 0 || v > top {
			panic(fmt.Sprintf("model: input %d is %d, outside 0..%d", i, v, top))
		}
	}
	return m.architecture.forward(m, in, func(string, []float64) {})
}

// Predict returns for each output the index of the label with the largest logit, the
// leftmost of equals. A regression has no labels: it returns nil.
func (m *Model) Predict(in []int64) []int {
	if m.Config.Regression() {
		return nil
	}
	var answers []int
	for logits := range slices.Chunk(m.Forward(in), len(m.Config.Labels)) {
		answers = append(answers, floats.MaxIdx(logits))
	}
	return answers
}

// Correct counts the inputs of d that the network in float64 answers rightly. Of data without labels, as of a
// regression, none is.
func (m *Model) Correct(d *Dataset) int {
	right, _ := d.correct(func(in []int64) ([]int, error) { return m.Predict(in), nil })
	return right
}

// Find reads a model by its name among the shipped ones, or by the path of its
// folder. A name with no separator in it is looked for among the shipped models
// first; "./name" is always a folder.
//
// Errors: [*LoadError], or [*gates.UnknownError] if the model is unknown.
func Find(name string, shipped fs.FS) (*Model, error) {
	plain := name != "." && fs.ValidPath(name) && !strings.ContainsAny(name, `/\`)
	if plain && shipped != nil {
		if info, err := fs.Stat(shipped, name); err == nil && info.IsDir() {
			return Load(shipped, name)
		}
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && shipped != nil:
		return nil, &gates.UnknownError{What: "model or folder", Name: name, Known: names(shipped)}
	case err != nil:
		return nil, &LoadError{File: name, What: "cannot be read", Err: err}
	case !info.IsDir():
		return nil, &LoadError{File: name, What: "is not a folder with config.json and model.safetensors"}
	}
	return inFolder(name, Load)
}

// names returns the folders of a file system.
func names(fsys fs.FS) []string {
	entries, _ := fs.ReadDir(fsys, ".")
	var list []string
	for _, e := range entries {
		if e.IsDir() {
			list = append(list, e.Name())
		}
	}
	return list
}
