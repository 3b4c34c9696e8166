package model

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestCases loads folders that were once read wrongly or refused without need. What is in each stands in its
// what.txt. Those not named here are taken.
func TestCases(t *testing.T) {
	refused := map[string]string{
		"byte-255":              `test.safetensors: tensor "labels": element [0,0] is 255, which means no answer`,
		"no-model-type":         `config.json: field "model_type": is missing; known: attention-classifier`,
		"partial-in-parameters": `config.json:16:2: field "rope_parameters": partial_rotary_factor 0.5 is not built`,
		"two-thetas":            `config.json:16:2: field "rope_theta": 10000, and rope_parameters.rope_theta is 2`,
	}
	folders, err := os.ReadDir("testdata/cases")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		name := folder.Name()
		if strings.HasPrefix(name, "config-") {
			continue // it has no weights
		}
		_, err := Load(os.DirFS("testdata/cases"), name)
		switch want := refused[name]; {
		case want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), name+"/"+want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// A tensor of zeros must not round away what stands beside it.
func TestZerosKeepAnswers(t *testing.T) {
	for _, name := range []string{"zero-first-layer", "zero-token-table"} {
		m := mustLoad(t, os.DirFS("testdata/cases"), name)
		q, err := m.Quantise(Quantisation{WeightBits: 12, ActivationBits: 10})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		data, _, err := m.calibration()
		if err != nil {
			t.Fatal(err)
		}
		changed := 0
		for _, in := range data {
			got, err := q.Predict(in)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, m.Predict(in)) {
				changed++
			}
		}
		if changed*50 > len(data) {
			t.Errorf("%s: %d of %d answers change", name, changed, len(data))
		}
	}
}
