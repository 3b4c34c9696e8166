package model

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// A tensor that is missing is looked for under other names.
func TestMissingTensorsSayWhatIsThere(t *testing.T) {
	f := tinyMLP(2)
	f.weights["layers.1.bais"] = f.weights["layers.1.bias"]
	delete(f.weights, "layers.1.bias")
	_, err := Load(f.fs(t), "tiny")
	expect(t, "a bias of another name", err, `model.safetensors: tensor "layers.1.bias": is missing; the nearest name there `+
		`is "layers.1.bais"; there are layers.K.bias, layers.K.weight, layers.K.bais`)
	f = tinyMLP(2)
	f.weights = map[string]stored{}
	_, err = Load(f.fs(t), "tiny")
	expect(t, "no tensors", err, `is missing; there are no tensors`)
	var many []string
	for i := range 50 {
		many = append(many, strings.Repeat("x", 10*i)+".y")
	}
	if text := there("x.y", many); len(text) > 500 || !strings.HasSuffix(text, " more") || !strings.Contains(text, `is ".y";`) {
		t.Errorf("%d bytes: %s", len(text), text)
	}
}

// Fields that change nothing are taken by every type of decoder, and flags that are off; flags that are on are
// refused by name.
func TestInertFieldsOfEveryDecoder(t *testing.T) {
	for _, k := range kinds {
		if k.config["model_type"] == "decoder" {
			continue // its fields are its own
		}
		files, _ := k.folder(t, 4)
		plain := files["tiny/config.json"].Data
		load := func(fields map[string]any) error {
			files["tiny/config.json"] = &fstest.MapFile{Data: merged(t, plain, fields)}
			_, err := Load(files, "tiny")
			return err
		}
		if err := load(map[string]any{
			"attention_dropout": 0.1, "attn_pdrop": 0.1, "attention_probs_dropout_prob": 0, "hidden_dropout_prob": 0,
			"summary_type": "cls_index", "is_llama_config": true, "quantization_config": nil, "use_cache": true, "mlp_bias": false,
			"final_logit_softcapping": nil, "use_bidirectional_attention": false, "rope_interleaved": false, "_name_or_path": "x",
		}); err != nil {
			t.Errorf("%s: %v", k.name, err)
		}
		err := load(map[string]any{"use_bidirectional_attention": true})
		expect(t, k.name, err, `field "use_bidirectional_attention": true: attention to later positions is not built here; known: false`)
	}
	for _, test := range []struct {
		kind   string
		fields map[string]any
	}{
		{"gemma", map[string]any{"sliding_window": 2, "use_sliding_window": false, "layer_types": nil, "max_window_layers": 28}},
		{"mistral", map[string]any{"attention_bias": false, "max_window_layers": 28, "use_sliding_window": false}},
		{"qwen2", map[string]any{"attention_bias": true, "use_mrope": false}},
	} {
		for _, k := range kinds {
			if k.name != test.kind {
				continue
			}
			files, _ := k.folder(t, 4)
			files["tiny/config.json"].Data = merged(t, files["tiny/config.json"].Data, test.fields)
			if _, err := Load(files, "tiny"); err != nil {
				t.Errorf("%s: %v", k.name, err)
			}
		}
	}
}

// A span of scores is refused where there are none: in the file, and when it is asked for.
func TestSpanWithoutScores(t *testing.T) {
	const want = `has no meaning in a model of type mamba, which has no attention`
	_, err := Load(changed(t, "mamba", "tc0.json", map[string]any{"quantization": map[string]any{"score_span": 8}}), "mamba")
	if err == nil || !strings.Contains(err.Error(), `field "quantization.score_span": `+want) {
		t.Errorf("%v, want %s", err, want)
	}
	_, err = mustLoad(t, familyFiles(), "mamba").Quantise(Quantisation{ScoreSpan: 8})
	wantError(t, err, `model "tiny mamba": quantise: "score_span": `+want)
}

// Data without labels are no panic: nothing is right, and the error says so.
func TestDataWithoutLabels(t *testing.T) {
	m := mustLoad(t, caseFiles(), "calibration-no-labels")
	d := m.Calibration
	if _, err := mustQuantise(t, m, Quantisation{}).Correct(d); !errors.Is(err, ErrNoLabels) {
		t.Errorf("Correct: %v", err)
	}
	forward := func(i int) ([]float64, error) { return m.Forward(d.Inputs[i]), nil }
	if _, err := d.Perplexity(5, forward); !errors.Is(err, ErrNoLabels) {
		t.Errorf("Perplexity: %v", err)
	}
	if right, asked := d.RightTokens(0, m.Predict(d.Inputs[0])); right != 0 || asked != 0 || m.Correct(d) != 0 {
		t.Errorf("%d of %d are right", right, asked)
	}
}

// What changes is counted as the data ask for it, and activations are spread over bins.
func TestChangedAndSpreads(t *testing.T) {
	m := mustLoad(t, caseFiles(), "zero-token-table")
	q := mustQuantise(t, m, Quantisation{WeightBits: 2, ActivationBits: 2})
	d, from := m.Sample(30)
	if d.Len() != 30 || d.Labels != nil || from != "random tokens" {
		t.Fatalf("%d inputs, %s", d.Len(), from)
	}
	changed, answers, err := q.Changed(d)
	if err != nil || answers != 120 || changed == 0 {
		t.Errorf("%d of %d changed, %v", changed, answers, err)
	}
	if e, err := q.Together(t.Context(), d.Inputs); err != nil || e.Changed != changed || e.Answers != answers {
		t.Errorf("%+v, want %d of %d (%v)", e, changed, answers, err)
	}
	for range d.Inputs {
		d.Labels = append(d.Labels, []int{-1, -1, -1, -1})
	}
	if changed, answers, err = q.Changed(d); changed != 0 || answers != 0 || err != nil {
		t.Errorf("nothing is asked for, and %d of %d changed (%v)", changed, answers, err)
	}
	scores := 0
	for _, s := range m.Spreads(d.Inputs, 7) {
		total := 0.0
		for _, share := range s.Shares {
			total += share
		}
		if s.Scores {
			scores++
		}
		if len(s.Shares) != 7 || total < 0.999 || total > 1.001 || s.Least > s.Median || s.Median > s.Most {
			t.Errorf("%+v", s)
		}
	}
	if scores != 1 {
		t.Errorf("%d spreads of scores, want that of one layer", scores)
	}
	if d, _ := mustLoad(t, tinyMLP(2).fs(t), "tiny").Sample(1); d.Len() != 1 || len(d.Labels) != 1 {
		t.Errorf("%+v", d)
	}
}
