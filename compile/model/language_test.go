package model

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0"
	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/longtest"
)

// families are the folders of tiny networks with random weights.
var families = []string{"gpt2", "llama", "mamba", "qwen3"}

func familyFiles() fs.FS { return os.DirFS("../../testdata/families") }

// changed returns the folder of a family with some fields of one of its files set; nil
// removes a field.
func changed(t testing.TB, family, file string, fields map[string]any) fs.FS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"config.json", "tc0.json", "model.safetensors"} {
		data, err := fs.ReadFile(familyFiles(), path.Join(family, name))
		if err != nil {
			t.Fatal(err)
		}
		if name == file {
			object := map[string]any{}
			if err := json.Unmarshal(data, &object); err != nil {
				t.Fatal(err)
			}
			for k, v := range fields {
				object[k] = v
				if v == nil {
					delete(object, k)
				}
			}
			if data, err = json.MarshalIndent(object, "", " "); err != nil {
				t.Fatal(err)
			}
		}
		files[path.Join(family, name)] = &fstest.MapFile{Data: data}
	}
	return files
}

// PyTorch computed the logits from the published definitions.
func TestForwardIsThatOfPyTorch(t *testing.T) {
	for _, family := range families {
		m := mustLoad(t, familyFiles(), family)
		text, err := fs.ReadFile(familyFiles(), family+"/logits.json")
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			Inputs [][]int64
			Logits [][][]float64
		}
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		for i, in := range want.Inputs {
			got := m.Forward(in)
			for k, w := range slices.Concat(want.Logits[i]...) {
				if math.Abs(got[k]-w) > 1e-9 {
					t.Fatalf("%s: input %v: logit %d is %v, and %v by PyTorch", family, in, k, got[k], w)
				}
			}
		}
		if len(want.Inputs) != 12 {
			t.Errorf("%s: %d inputs", family, len(want.Inputs))
		}
	}
}

// With fine roundings the integers come close to the formula, with tables for the
// first layer and without, with a scale for each tensor and for each row.
func TestFineLanguageModels(t *testing.T) { fineLanguageModels(t, 40) }

func TestLongFineLanguageModels(t *testing.T) {
	longtest.Need(t)
	fineLanguageModels(t, 100)
}

// fineLanguageModels compares the answers to the first inputs.
func fineLanguageModels(t *testing.T, inputs int) {
	t.Helper()
	for i, family := range slices.Concat(families, families) {
		m := mustLoad(t, familyFiles(), family)
		if i >= len(families) {
			m.tables = 0
		}
		for _, scale := range []string{"tensor", "channel"} {
			fine := Quantisation{
				WeightBits:     14,
				ActivationBits: 12,
				ResidualBits:   16,
				ExpLevels:      2000,
				Percentile:     100,
				WeightScale:    scale,
			}
			if family == "qwen3" {
				// The norms of heads square exact sums, which must fit 64 bits.
				fine.WeightBits, fine.ActivationBits = 9, 10
			}
			q := mustQuantise(t, m, fine)
			d := &Dataset{}
			everyInput(m, func(in []int64) { d.Inputs = append(d.Inputs, slices.Clone(in)) })
			d.Inputs = d.Inputs[:inputs]
			mean, greatest, size, err := q.LogitError(d)
			if err != nil || mean > 0.02*size || greatest > 0.1*size {
				t.Errorf(
					"%s by %s, tables up to %d tokens: logits are off by %.4g on average, %.4g at most, and are %.4g (%v)",
					family,
					scale,
					m.tables,
					mean,
					greatest,
					size,
					err,
				)
			}
		}
	}
}

// The circuit is the network in integers on every input, and no deeper for longer
// sequences.
func TestLanguageCircuits(t *testing.T) { languageCircuits(t, 3) }

func TestLongLanguageCircuits(t *testing.T) {
	longtest.Need(t)
	languageCircuits(t, 4)
}

func languageCircuits(t *testing.T, most int) {
	t.Helper()
	for _, family := range families {
		depth := map[string]int{}
		for n := 1; n <= most; n++ {
			files := changed(t, family, "tc0.json", map[string]any{"length": n, "outputs": 1})
			m := mustLoad(t, files, family)
			q := mustQuantise(t, m, Quantisation{WeightBits: 4, ActivationBits: 3, ResidualBits: 4, ExpLevels: 5})
			strategies := []lower.Strategy{lower.Balanced}
			if n <= 2 {
				strategies = []lower.Strategy{lower.MinDepth, lower.Balanced, lower.MinSize}
			}
			for _, s := range strategies {
				c := mustLower(t, q.Program, s)
				everyInput(m, func(in []int64) { same(t, q.Program, c, in) })
				if s == lower.Balanced && n >= 2 {
					depth[family] = max(depth[family], c.Depth())
					if n > 2 && c.Depth() != depth[family] {
						t.Errorf("%s: depth %d for n=%d, and %d before", family, c.Depth(), n, depth[family])
					}
				}
			}
		}
	}
}

func TestLanguageModelsSayWhatTheyDoNotKnow(t *testing.T) {
	for _, test := range []struct {
		family, file string
		fields       map[string]any
		want         []string
	}{
		{"llama", "config.json", map[string]any{"logit_scale": 2}, []string{`llama/config.json:`, `field "logit_scale": is not known`, "hidden_size, "}},
		{"llama", "config.json", map[string]any{"hidden_act": "mish"}, []string{`field "hidden_act": "mish": an unknown activation; known: gelu, gelu_fast, gelu_new`}},
		{"llama", "config.json", map[string]any{"rope_scaling": map[string]any{"type": "yarn"}}, []string{`rope_scaling": scaled rotary positions of type "yarn" are not built here; known: default, linear, llama3`}},
		{"llama", "config.json", map[string]any{"num_key_value_heads": 3}, []string{"3 do not divide the 4 heads"}},
		{"llama", "config.json", map[string]any{"hidden_size": nil}, []string{`"hidden_size": is missing`}},
		{"llama", "config.json", map[string]any{"hidden_size": 9}, []string{`tensor "model.embed_tokens.weight": has shape [5 8], want [5 9]`}},
		{"llama", "config.json", map[string]any{"num_hidden_layers": 1}, []string{`tensor "model.layers.1.input_layernorm.weight": is not part`, "known: model.embed_tokens.weight, model.layers.K.input_layernorm.weight"}},
		{"llama", "config.json", map[string]any{"tie_word_embeddings": true}, []string{`"lm_head.weight"`, "differs from the embedding"}},
		{"llama", "config.json", map[string]any{"head_dim": 3}, []string{"3 is odd"}},
		{"llama", "config.json", map[string]any{"num_hidden_layers": 3}, []string{`tensor "model.layers.2.input_layernorm.weight": is missing`}},
		{"llama", "config.json", map[string]any{"model_type": "falcon"}, []string{`unknown model type "falcon"; known: attention-classifier, decoder, gemma, gpt2, gpt_neox, gru, llama, lstm, mamba, microgpt, mistral, mlp, qwen2, qwen3, rnn`}},
		{"qwen3", "config.json", map[string]any{"use_sliding_window": true, "max_window_layers": 1, "sliding_window": 3}, []string{`"sliding_window": 3 positions, and the length in tc0.json is 4: attention to a window is not built here`}},
		{"qwen3", "config.json", map[string]any{"layer_types": []string{"full_attention", "linear_attention"}}, []string{`"linear_attention" is not built here`}},
		{"gpt2", "config.json", map[string]any{"scale_attn_by_inverse_layer_idx": true}, []string{"scaling by layer is not built here"}},
		{"gpt2", "config.json", map[string]any{"n_head": 3}, []string{"3 heads do not share 8 features evenly"}},
		{"gpt2", "tc0.json", map[string]any{"length": 7}, []string{"gpt2/tc0.json:", "7 is outside 1..6"}},
		{"mamba", "config.json", map[string]any{"state_size": "many"}, []string{`field "state_size": "many": a int is wanted`}},
		{"mamba", "tc0.json", map[string]any{"tokens": []string{"a", "b"}}, []string{"2 names for a vocabulary of 5"}},
		{"mamba", "tc0.json", map[string]any{"end": "z"}, []string{`"z" is none of the tokens`}},
		{"mamba", "tc0.json", map[string]any{"outputs": 5}, []string{"5 is outside 1..4"}},
		{"mamba", "tc0.json", map[string]any{"quantization": map[string]any{"weight_scale": "row"}}, []string{`"row" is not known; known: tensor, channel`}},
	} {
		_, err := Load(changed(t, test.family, test.file, test.fields), test.family)
		for _, want := range test.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s with %v: %v, want %s", test.family, test.fields, err, want)
			}
		}
	}
	files := changed(t, "llama", "", nil).(fstest.MapFS)
	delete(files, "llama/tc0.json")
	if _, err := Load(files, "llama"); err == nil ||
		!strings.Contains(
			err.Error(),
			`llama/tc0.json: is missing; it says what the circuit is to be, such as {"name": "mine", "length": 16}`,
		) {
		t.Errorf("without tc0.json: %v", err)
	}
}

// The names of the body alone, without the prefix of a whole model, are known, too.
func TestTensorsOfTheBodyAlone(t *testing.T) {
	want := mustLoad(t, familyFiles(), "qwen3")
	data, err := fs.ReadFile(familyFiles(), "qwen3/model.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	files := changed(t, "qwen3", "", nil).(fstest.MapFS)
	n := int(data[0]) | int(data[1])<<8
	header := strings.ReplaceAll(string(data[8:8+n]), `"model.`, `"`)
	files["qwen3/model.safetensors"] = &fstest.MapFile{Data: withHeader(header, data[8+n:])}
	got := mustLoad(t, files, "qwen3")
	in := []int64{4, 0, 3, 1}
	if !slices.Equal(got.Forward(in), want.Forward(in)) {
		t.Error("the logits differ")
	}
}

// A language model without calibration data is calibrated on random tokens, and says
// so.
func TestCalibrationOnRandomTokens(t *testing.T) {
	q := mustQuantise(t, mustLoad(t, familyFiles(), "gpt2"), Quantisation{})
	if want := "256 sequences of random tokens, since there is no calibration.safetensors"; q.Calibration != want {
		t.Errorf("%q, want %q", q.Calibration, want)
	}
	if q.Quantisation.ResidualBits != 8 {
		t.Errorf("residual bits %d, want 8: two more than an activation has", q.Quantisation.ResidualBits)
	}
}

// A length that no memory holds is refused before any is taken.
func TestTooLongForItsMemory(t *testing.T) {
	m := mustLoad(t, changed(t, "mamba", "tc0.json", map[string]any{"length": 60000}), "mamba")
	_, err := m.Quantise(Quantisation{})
	if want := `model "tiny mamba": quantise: "length": 60000 positions make 28800000000 pairs`; err == nil ||
		!strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// What each rounding does alone is measured, and that of finer roundings is less.
func TestStageErrors(t *testing.T) {
	m := mustLoad(t, familyFiles(), "llama")
	var inputs [][]int64
	everyInput(m, func(in []int64) { inputs = append(inputs, slices.Clone(in)) })
	inputs = inputs[:50]
	errorsOf := func(q Quantisation) map[string]StageError {
		list, err := mustQuantise(t, m, q).StageErrors(t.Context(), inputs)
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]StageError{}
		for _, e := range list {
			byName[e.Tensor] = e
			if e.Answers != 200 {
				t.Errorf("%s: %d answers, want 50 inputs times 4 positions", e.Tensor, e.Answers)
			}
		}
		return byName
	}
	coarse := errorsOf(Quantisation{WeightBits: 4, ActivationBits: 4, ExpLevels: 8, Percentile: 100})
	fine := errorsOf(Quantisation{WeightBits: 9, ActivationBits: 9, ExpLevels: 500, Percentile: 100})
	for _, name := range []string{
		"model.embed_tokens.weight", "model.layers.1.mlp.down_proj.bias", "layer 1/norm 1", "layer 1/query", "layer 2/scores", "layer 2/attention",
		"layer 1/gate", "layer 2/residual 2", "last norm", "all together",
	} {
		c, ok := coarse[name]
		f := fine[name]
		if !ok || c.RMS <= 0 || f.RMS <= 0 || f.RMS > c.RMS/3 {
			t.Errorf("%s: coarse %+v, fine %+v", name, c, f)
		}
	}
}

// The shipped language models answer through the network in integers as well as they
// do in floating point.
func TestShippedLanguageModels(t *testing.T) {
	for _, test := range []struct {
		name  string
		right int // of the first 500 held-out inputs, at least, in integers
	}{{"adder", 495}, {"flip-flop", 495}, {"long-adder", 500}} {
		m := mustLoad(t, tc0.Models(), test.name)
		d := &Dataset{Inputs: m.Test.Inputs[:500], Labels: m.Test.Labels[:500]}
		got, err := mustQuantise(t, m, Quantisation{}).Correct(d)
		if err != nil || got < test.right {
			t.Errorf("%s: %d of 500 right in integers, want at least %d (%v)", test.name, got, test.right, err)
		}
	}
	m := mustLoad(t, tc0.Models(), "words")
	q := mustQuantise(t, m, Quantisation{})
	d := &Dataset{Inputs: m.Test.Inputs[:400], Labels: m.Test.Labels[:400]}
	float, _ := d.Perplexity(len(q.Labels), func(i int) ([]float64, error) { return m.Forward(d.Inputs[i]), nil })
	integers, err := d.Perplexity(len(q.Labels), func(i int) ([]float64, error) {
		out, err := q.Program.Reference(d.Inputs[i])
		_, logits := q.Split(out)
		return logits, err
	})
	if err != nil || integers > 1.03*float || float > 7.5 {
		t.Errorf("words: perplexity %.4f in floating point and %.4f in integers (%v)", float, integers, err)
	}
}

func ExampleQuantised_Split() {
	m, err := Find("flip-flop", tc0.Models())
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := m.Quantise(Quantisation{})
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := q.Program.Reference([]int64{0, 2, 2, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0}) // accbcc...ca
	if err != nil {
		fmt.Println(err)
		return
	}
	answers, _ := q.Split(out)
	for _, a := range answers {
		fmt.Print(q.Labels[a])
	}
	fmt.Println()
	// Output: aaabbbbbbbbbbbba
}
