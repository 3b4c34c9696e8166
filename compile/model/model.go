package model

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/gates"
)

// Model is a trained network.
type Model struct {
	Config      Config
	Weights     map[string]*Tensor
	Test        *Dataset // nil if the folder has none
	Calibration *Dataset // nil if the folder has none

	architecture architecture
}

// Load reads the model in a folder of a file system. Its errors are [*LoadError].
func Load(fsys fs.FS, dir string) (*Model, error) {
	name := path.Join(dir, "config.json")
	text, err := readFile(fsys, name)
	if err != nil {
		return nil, err
	}
	c, err := parseConfig(text)
	if err != nil {
		var e *LoadError
		if errors.As(err, &e) {
			e.File = name
		}
		return nil, err
	}
	m := &Model{Config: *c, Weights: map[string]*Tensor{}}
	if m.architecture, err = findArchitecture(c.ModelType); err != nil {
		return nil, err
	}
	if m.architecture.parse != nil {
		if err := loadSettings(fsys, dir, &m.Config, m.positions()); err != nil {
			return nil, err
		}
	}
	if err := m.loadWeights(fsys, path.Join(dir, "model.safetensors")); err != nil {
		return nil, err
	}
	if m.Test, err = loadDataset(fsys, path.Join(dir, "test.safetensors"), &m.Config); err != nil {
		return nil, err
	}
	if m.Calibration, err = loadDataset(fsys, path.Join(dir, "calibration.safetensors"), &m.Config); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Model) loadWeights(fsys fs.FS, name string) error {
	f, err := readTensors(fsys, name)
	if err != nil {
		return err
	}
	specs := m.architecture.tensors(&m.Config)
	names := make([]tensorSpec, len(specs)) // as the file calls them
	for i, spec := range specs {
		names[i] = spec
		names[i].name = f.published(spec.name, specs[0].name, prefixes[m.Config.ModelType])
		if spec.transposed {
			names[i].shape = []int{spec.shape[1], spec.shape[0]}
		}
		t, err := f.real(names[i])
		if err != nil {
			return err
		}
		if spec.transposed {
			t = t.transpose()
		}
		if spec.parts == nil {
			m.Weights[spec.name] = t
		}
		for k, part := range spec.parts {
			m.Weights[spec.name+" "+part] = t.rows(k, len(spec.parts))
		}
	}
	return f.only(names, m.mayIgnore)
}

// mayIgnore accepts a tensor that is no weight of its own: a buffer, or the tied
// unembedding written down a second time.
func (m *Model) mayIgnore(f *tensorFile, name string) (bool, error) {
	if !m.Config.Language() {
		return false, nil
	}
	for _, suffix := range ignoredTensors {
		if strings.HasSuffix(name, suffix) {
			return true, nil
		}
	}
	if name != "lm_head.weight" {
		return false, nil
	}
	embed := m.Weights[m.architecture.tensors(&m.Config)[0].name]
	again, err := f.real(tensorSpec{name: name, shape: embed.Shape})
	if err == nil && !slices.Equal(again.Data, embed.Data) {
		err = f.fail(name, "%v", errUntied)
	}
	return err == nil, err
}

// positions returns how many positions the network was made for.
func (m *Model) positions() int {
	if d := m.Config.Decoder; d != nil {
		return d.Positions
	}
	return most
}

// Find reads a model by its name among the shipped ones, or by the path of its
// folder. A name with no separator in it is looked for among the shipped models
// first; "./name" is always a folder.
//
// Errors: [*LoadError], or [*gates.UnknownError] if there is no such model.
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
