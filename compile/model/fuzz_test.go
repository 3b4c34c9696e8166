package model

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

// FuzzLoad checks that no files of a model make the reader fail otherwise than with
// a LoadError of one line, and that what it reads can be run and quantised, or is
// refused with an error.
func FuzzLoad(f *testing.F) {
	for _, base := range []folder{tinyMLP(1), tinyMLP(2), tinyAttention()} {
		files := base.fs(f)
		f.Add(
			files["tiny/config.json"].Data,
			files["tiny/model.safetensors"].Data,
			files["tiny/calibration.safetensors"].Data,
		)
	}
	f.Add([]byte("{"), withHeader("{}", nil), []byte(nil))
	f.Fuzz(func(t *testing.T, config, weights, data []byte) {
		m, err := Load(fstest.MapFS{
			"tiny/config.json":             {Data: config},
			"tiny/model.safetensors":       {Data: weights},
			"tiny/calibration.safetensors": {Data: data},
		}, "tiny")
		if err != nil {
			var e *LoadError
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "tiny/") {
				t.Fatalf("%T: %v", err, err)
			}
			brieftest.Check(t, err)
			return
		}
		in := make([]int64, m.Config.Input.Ports())
		if got := m.Predict(in); m.Config.Regression() {
			if len(m.Forward(in)) != m.Config.Outputs {
				t.Fatalf("%d numbers of %d", len(m.Forward(in)), m.Config.Outputs)
			}
		} else if got[0] < 0 || got[0] >= len(m.Config.Labels) {
			t.Fatalf("label %d of %d", got, len(m.Config.Labels))
		}
		q, err := m.Quantise(Quantisation{})
		if err != nil {
			var e *QuantiseError
			if !errors.As(err, &e) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if _, err := q.Correct(m.Calibration); err != nil && !errors.Is(err, ErrNoLabels) {
			t.Fatal(err)
		}
	})
}

// FuzzSafetensors checks the reader of one file: an error of one line that names
// it, or tensors that lie inside it.
func FuzzSafetensors(f *testing.F) {
	f.Add(store(tinyMLP(2).weights))
	f.Add(withHeader(`{"__metadata__":{"a":"b"},"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}`, []byte{1, 2}))
	f.Add(
		withHeader(`{"w":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,18446744073709551615]}}`, nil),
	)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := readTensors(fstest.MapFS{"x.safetensors": {Data: data}}, "x.safetensors")
		if err != nil {
			var e *LoadError
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "x.safetensors: ") {
				t.Fatalf("%T: %v", err, err)
			}
			brieftest.Check(t, err)
			return
		}
		total := 0
		for _, v := range file.tensors[0].Tensors() {
			total += len(v.TensorView.Data())
		}
		if total > len(data) {
			t.Fatalf("%d bytes of tensors in a file of %d", total, len(data))
		}
	})
}

// FuzzLoadLanguage does the same for the folders of language models.
func FuzzLoadLanguage(f *testing.F) {
	for _, family := range families {
		files := changed(f, family, "", nil).(fstest.MapFS)
		f.Add(
			files[family+"/config.json"].Data,
			files[family+"/tc0.json"].Data,
			files[family+"/model.safetensors"].Data,
		)
	}
	f.Fuzz(func(t *testing.T, config, settings, weights []byte) {
		m, err := Load(fstest.MapFS{
			"tiny/config.json":       {Data: config},
			"tiny/tc0.json":          {Data: settings},
			"tiny/model.safetensors": {Data: weights},
		}, "tiny")
		if err != nil {
			var e *LoadError
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "tiny/") {
				t.Fatalf("%T: %v", err, err)
			}
			brieftest.Check(t, err)
			return
		}
		if !m.Config.Language() || m.Config.Input.Length > 16 || len(weights) > 1<<16 {
			return
		}
		q, err := m.Quantise(Quantisation{})
		if err != nil {
			var e *QuantiseError
			if !errors.As(err, &e) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if _, err := q.Predict(make([]int64, m.Config.Input.Length)); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzLoadDenoiser does the same for the folders of diffusion models.
func FuzzLoadDenoiser(f *testing.F) {
	config, weights := tinyDenoiser()
	f.Add(config, weights)
	f.Add([]byte("{"), []byte(nil))
	f.Fuzz(func(t *testing.T, config, weights []byte) {
		d, err := LoadDenoiser(fstest.MapFS{
			"tiny/config.json":       {Data: config},
			"tiny/model.safetensors": {Data: weights},
		}, "tiny")
		if err != nil {
			var e *LoadError
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), "tiny/") {
				t.Fatalf("%T: %v", err, err)
			}
			brieftest.Check(t, err)
			return
		}
		if len(weights) > 1<<14 {
			return
		}
		s := Sampler{Denoiser: d, Steps: 2, Ancestral: true}
		p, err := s.Program()
		if err != nil {
			return
		}
		in := make([]int64, len(p.Inputs()))
		if out, err := p.Reference(in); err != nil || len(out) != len(s.Real(in)) {
			t.Fatalf("%v, %v", out, err)
		}
	})
}

// Whatever the files of a model say, an error about them is short.
func TestErrorsAreShort(t *testing.T) {
	refused := 0
	for _, family := range families[:3] {
		files := changed(t, family, "", nil).(fstest.MapFS)
		for _, name := range []string{family + "/config.json", family + "/tc0.json"} {
			good := files[name].Data
			for text := range brieftest.Long(good) {
				files[name].Data = text
				if _, err := Load(files, family); brieftest.Check(t, err) {
					refused++
				}
			}
			files[name].Data = good
		}
	}
	tiny := tinyMLP(2).fs(t)
	config, err := fs.ReadFile(tiny, "tiny/config.json")
	if err != nil {
		t.Fatal(err)
	}
	weights, err := fs.ReadFile(tiny, "tiny/model.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	size := 8 + binary.LittleEndian.Uint64(weights)
	for i, header := range [][]byte{config, weights[8:size]} {
		for text := range brieftest.Long(header) {
			files := fstest.MapFS{"tiny/config.json": {Data: config}, "tiny/model.safetensors": {Data: weights}}
			if i == 0 {
				files["tiny/config.json"] = &fstest.MapFile{Data: text}
			} else {
				data := slices.Concat(withHeader(string(text), nil), weights[size:])
				files["tiny/model.safetensors"] = &fstest.MapFile{Data: data}
			}
			m, err := Load(files, "tiny")
			if err == nil {
				_, err = m.Quantise(Quantisation{})
			}
			if brieftest.Check(t, err) {
				refused++
			}
		}
	}
	if refused < 200 {
		t.Errorf("%d were refused", refused)
	}
}
