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
}

// Load reads the model in a folder of a file system: config.json, which says what
// architecture it has; tc0.json of a language model; the weights; and the data. Its errors
// are [*LoadError].
func Load(fsys fs.FS, dir string) (*Model, error) {
	d, err := readDocument(fsys, path.Join(dir, "config.json"))
	if err != nil {
		return nil, err
	}
	m := &Model{Config: Config{Outputs: 1}, tables: foldedVocabulary}
	if m.architecture, err = d.architecture(); err != nil {
		return nil, err
	}
	c := &m.Config
	c.ModelType = m.architecture.name
	if err := m.architecture.configure(d, c); err != nil {
		return nil, err
	}
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

// Correct counts the inputs of d that the network in float64 answers rightly.
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
	m, err := Load(os.DirFS(name), ".")
	var e *LoadError
	if errors.As(err, &e) {
		e.File = filepath.Join(name, filepath.FromSlash(e.File))
	}
	return m, err
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
