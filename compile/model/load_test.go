package model

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/gates"
)

func TestLoad(t *testing.T) {
	f := tinyMLP(2)
	f.test = map[string]stored{"inputs": octets([]int{1, 3}, 1, 2, 3), "labels": octets([]int{1}, 1)}
	m := mustLoad(t, f.fs(t), "tiny")
	if got, want := m.Weights["layers.0.weight"].Data, []float64{3, -1, 2, -3, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("layers.0.weight is %v, want %v", got, want)
	}
	if !slices.Equal(m.Test.Inputs[0], []int64{1, 2, 3}) || m.Test.Labels[0][0] != 1 || m.Test.Len() != 1 {
		t.Errorf("the test data are %v", m.Test)
	}
	if m.Calibration.Len() != 2 {
		t.Errorf("%d calibration inputs, want 2", m.Calibration.Len())
	}
	// relu(3·1 − 2 + 2·3) = 7, relu(−3 + 2·2 + 3 − 2) = 2
	got := m.Forward([]int64{1, 2, 3})
	if want := []float64{7*0.375 - 2*0.25 + 1.5625, -7*0.25 + 2*0.375 + 1.25}; !slices.Equal(got, want) {
		t.Errorf("Forward: %v, want %v", got, want)
	}
	if m.Predict([]int64{1, 2, 3})[0] != 0 || m.Correct(m.Test) != 0 || m.Correct(m.Calibration) != 2 {
		t.Errorf(
			"Predict: %d; correct: %d and %d",
			m.Predict([]int64{1, 2, 3}),
			m.Correct(m.Test),
			m.Correct(m.Calibration),
		)
	}
}

func TestElementTypes(t *testing.T) {
	f := tinyMLP(2)
	doubles, halves, brains := []byte(nil), []byte(nil), []byte(nil)
	for i, v := range []float64{3, -1, 2, -3, 2, 1} {
		doubles = binary.LittleEndian.AppendUint64(doubles, math.Float64bits(v))
		halves = binary.LittleEndian.AppendUint16(halves, []uint16{0x4200, 0xbc00, 0x4000, 0xc200, 0x4000, 0x3c00}[i])
		brains = binary.LittleEndian.AppendUint16(brains, uint16(math.Float32bits(float32(v))>>16))
	}
	for kind, data := range map[string][]byte{"F64": doubles, "F16": halves, "BF16": brains} {
		f.weights["layers.0.weight"] = stored{kind, []int{2, 3}, data}
		m := mustLoad(t, f.fs(t), "tiny")
		if got, want := m.Weights["layers.0.weight"].Data, []float64{3, -1, 2, -3, 2, 1}; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
	for bits, want := range map[uint16]float64{
		0: 0, 1: 0x1p-24, 0x03ff: 0x3ffp-24, 0x0400: 0x1p-14, 0x7bff: 65504,
		0x7c00: math.Inf(1), 0xfc00: math.Inf(-1), 0x3555: 0.333251953125,
	} {
		if got := checkpoint.Half(bits); got != want {
			t.Errorf("half(%#04x) = %v, want %v", bits, got, want)
		}
	}
	if !math.IsNaN(checkpoint.Half(0x7e00)) {
		t.Error("0x7e00 is not a number")
	}
	f = tinyMLP(2)
	wide := []byte(nil)
	for _, v := range []uint64{0, 1} {
		wide = binary.LittleEndian.AppendUint64(wide, v)
	}
	f.calibration["labels"] = stored{"I64", []int{2}, wide}
	if m := mustLoad(t, f.fs(t), "tiny"); !slices.Equal(slices.Concat(m.Calibration.Labels...), []int{0, 1}) {
		t.Errorf("labels of 64 bits: %v", m.Calibration.Labels)
	}
}

// Whatever is wrong is said in one line that names the file and the thing.
func TestLoadErrors(t *testing.T) {
	config := func(key string, value any) func(*folder) { return func(f *folder) { f.config[key] = value } }
	weight := func(name string, s stored) func(*folder) { return func(f *folder) { f.weights[name] = s } }
	data := func(name string, s stored) func(*folder) { return func(f *folder) { f.calibration[name] = s } }
	nan, inf := float32(math.NaN()), float32(math.Inf(-1))
	for _, test := range []struct {
		what string
		base folder
		edit func(*folder)
		want string
	}{
		{"unknown type", tinyMLP(2), config("model_type", "cnn"), `field "model_type": unknown model type "cnn"; known: attention-classifier, decoder, gemma, gpt2, gpt_neox, gru, llama, lstm, mamba, microgpt, mistral, mlp, qwen2, qwen3, rnn`},
		{"unknown field", tinyMLP(2), config("layer_szes", 1), `field "layer_szes": is not known`},
		{"field of another type", tinyMLP(2), config("hidden_size", 3), `field "hidden_size": has no meaning`},
		{"wrong JSON type", tinyMLP(2), config("layer_sizes", "3"), `field "layer_sizes": string where []int is wanted`},
		{"no name", tinyMLP(2), config("name", ""), `field "name": "" is not a name`},
		{"name with a line break", tinyMLP(2), config("name", "a\nb"), `field "name": "a\nb" is not a name`},
		{"activation", tinyMLP(2), config("activation", "swish"), `field "activation": unknown activation "swish"; known: gelu`},
		{"labels", tinyMLP(2), config("labels", []string{"one"}), `field "labels": 1 labels for 2 outputs`},
		{"empty label", tinyMLP(2), config("labels", []string{"one", ""}), `field "labels": label 1, ""`},
		{"weight bits", tinyMLP(2), config("quantization", map[string]any{"weight_bits": 99}), `field "quantization.weight_bits": 99 is outside 2..16`},
		{"no weight bits", tinyMLP(2), config("quantization", map[string]any{"weight_bits": 0}), `field "quantization.weight_bits": 0 is out of range`},
		{"null activation bits", tinyMLP(2), config("quantization", map[string]any{"activation_bits": nil}), `field "quantization.activation_bits": null is out of range`},
		{"activation bits", tinyMLP(2), config("quantization", map[string]any{"activation_bits": -1}), `field "quantization.activation_bits": -1 is outside 2..12`},
		{"percentile", tinyMLP(2), config("quantization", map[string]any{"percentile": 101}), `field "quantization.percentile": 101 is outside 50..100`},
		{"span in an mlp", tinyMLP(2), config("quantization", map[string]any{"score_span": 8}), `field "quantization.score_span": has no meaning`},
		{"exponential in an mlp", tinyMLP(2), config("quantization", map[string]any{"exp_levels": 4}), `field "quantization.exp_levels": has no meaning`},
		{"layers", tinyMLP(2), config("layer_sizes", []int{3}), `field "layer_sizes": 1 sizes`},
		{"huge layer", tinyMLP(2), config("layer_sizes", []int{3, 1 << 40, 2}), `field "layer_sizes": layer 1 has 1099511627776 units`},
		{"input size", tinyMLP(2), config("layer_sizes", []int{4, 2, 2}), `field "layer_sizes": the first is 4, and the input has 3 numbers`},
		{"input kind", tinyMLP(2), config("input", map[string]any{"kind": "tokens", "length": 3, "vocab": 2}), `field "input.kind": unknown kind "tokens"; known for this type of model: image, vector`},
		{"input bits", tinyMLP(2), config("input", map[string]any{"kind": "vector", "length": 3, "bits": 40, "scale": 1}), `field "input.bits": 40 is outside 1..16`},
		{"input scale", tinyMLP(2), config("input", map[string]any{"kind": "vector", "length": 3, "bits": 4}), `field "input.scale": 0 is not`},
		{"image too large", tinyMLP(2), config("input", map[string]any{"kind": "image", "rows": 1 << 16, "columns": 1 << 16, "bits": 1, "scale": 1}), `field "input.columns": 65536×65536 pixels`},
		{"hidden size", tinyAttention(), config("hidden_size", 0), `field "hidden_size": 0 is outside 1..1048576`},
		{"intermediate size", tinyAttention(), config("intermediate_size", -3), `field "intermediate_size": -3 is outside`},
		{"layer sizes", tinyAttention(), config("layer_sizes", []int{1}), `field "layer_sizes": has no meaning`},

		{"missing tensor", tinyMLP(2), func(f *folder) { delete(f.weights, "layers.1.bias") }, `model.safetensors: tensor "layers.1.bias": is missing`},
		{"extra tensor", tinyMLP(2), weight("layers.2.bias", reals([]int{1}, 1)), `model.safetensors: tensor "layers.2.bias": is not part of`},
		{"shape", tinyMLP(2), weight("layers.0.weight", reals([]int{3, 2}, 1, 2, 3, 4, 5, 6)), `tensor "layers.0.weight": has shape [3 2], want [2 3] by config.json`},
		{"rank", tinyMLP(2), weight("layers.0.bias", reals([]int{2, 1}, 1, 2)), `tensor "layers.0.bias": has shape [2 1], want [2]`},
		{"dtype", tinyMLP(2), weight("layers.0.bias", octets([]int{2}, 1, 2)), `tensor "layers.0.bias": elements are of type U8, want F64, F32, F16 or BF16`},
		{"NaN", tinyMLP(2), weight("layers.0.weight", reals([]int{2, 3}, 1, 2, 3, 4, nan, 6)), `tensor "layers.0.weight": element [1,1] is NaN`},
		{"infinity", tinyMLP(2), weight("layers.1.bias", reals([]int{2}, 1, inf)), `tensor "layers.1.bias": element [1] is -Inf`},
		{"attention shape", tinyAttention(), weight("embed.weight", reals([]int{1, 2}, 1, 2)), `tensor "embed.weight": has shape [1 2], want [2 2]`},

		{"input out of range", tinyMLP(2), data("inputs", octets([]int{2, 3}, 3, 0, 3, 0, 4, 0)), `calibration.safetensors: tensor "inputs": element [1,1] is 4, outside 0..3`},
		{"token out of range", tinyAttention(), data("inputs", octets([]int{4, 3}, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 2)), `tensor "inputs": element [3,2] is 2, outside 0..1`},
		{"label out of range", tinyMLP(2), data("labels", octets([]int{2}, 0, 2)), `tensor "labels": element [1] is 2, outside 0..1`},
		{"number of labels", tinyMLP(2), data("labels", octets([]int{1}, 0)), `tensor "labels": has shape [1], want [2]`},
		{"width of data", tinyMLP(2), data("inputs", octets([]int{2, 2}, 0, 0, 0, 0)), `tensor "inputs": has shape [2 2], want [2 3]`},
		{"scalar data", tinyMLP(2), data("inputs", octets([]int{}, 0)), `tensor "inputs": has shape [], want [0 3]`},
		{"type of data", tinyMLP(2), data("labels", reals([]int{2}, 0, 0)), `tensor "labels": elements are of type F32, want U8`},
		{"negative data", tinyMLP(2), data("labels", stored{"I8", []int{2}, []byte{0, 255}}), `tensor "labels": element [1] is -1`},
		{"missing data", tinyMLP(2), func(f *folder) { f.test = map[string]stored{"inputs": octets([]int{1, 3}, 1, 2, 3)} }, `test.safetensors: tensor "labels": is missing`},
		{"extra data", tinyMLP(2), data("names", octets([]int{1}, 0)), `calibration.safetensors: tensor "names": is not part of`},
		{"empty data", tinyMLP(2), func(f *folder) {
			f.calibration = map[string]stored{"inputs": octets([]int{0, 3}), "labels": octets([]int{0})}
		}, `calibration.safetensors: tensor "inputs": is empty`},
	} {
		test.edit(&test.base)
		_, err := Load(test.base.fs(t), "tiny")
		expect(t, test.what, err, test.want)
	}
}

// expect checks the message of a LoadError.
func expect(t *testing.T, what string, err error, want string) {
	t.Helper()
	var e *LoadError
	switch {
	case err == nil:
		t.Errorf("%s: no error", what)
	case !errors.As(err, &e):
		t.Errorf("%s: %T is no LoadError: %v", what, err, err)
	case !strings.HasPrefix(err.Error(), "tiny/"),
		!strings.Contains(err.Error(), want),
		strings.ContainsAny(err.Error(), "\n\r"),
		len(err.Error()) > 500:
		t.Errorf("%s:\n got %s\nwant %s", what, err, want)
	}
}

func TestConfigErrorsHaveAPlace(t *testing.T) {
	good := tinyMLP(2).fs(t)
	for _, test := range []struct{ config, want string }{
		{"{\n \"name\": \"x\",\n \"name \" 3}", `config.json:3:10: is not JSON: invalid character '3' after object key`},
		{"{\"model_type\": \"mlp\",\n  \"quantization\": {\"weight_bits\": 1.5}}", `config.json:2:37: field "quantization.weight_bits": number 1.5 where int is wanted`},
		{"{\"model_type\": \"mlp\",\n  \"nmae\": 3}", `config.json:2:3: field "nmae": is not known`},
		{"{\"name\": ", `config.json:1:10: ends in the middle`},
		{"", `config.json:1:1: ends in the middle`},
		{"{\"model_type\": \"cnn\"}", `config.json:1:2: field "model_type": unknown model type "cnn"`},
		{"{}", `config.json: field "model_type": unknown model type ""`},
		{"[]", `config.json:1:1: array where`},
		{string(good["tiny/config.json"].Data) + " {}", `something follows the end`},
		{"{\"model_type\": \"" + strings.Repeat("\\n", 5000) + "\"}", `unknown model type "\n`},
		{"{\"model_type\": \"mlp\", \"" + strings.Repeat("x", 5000) + "\": 1}", `field "xxx`},
	} {
		good["tiny/config.json"] = &fstest.MapFile{Data: []byte(test.config)}
		_, err := Load(good, "tiny")
		expect(t, test.config[:min(len(test.config), 60)], err, test.want)
	}
}

// The words of the quantisation are no numbers, and are not taken for a 0.
func TestWeightScaleInConfig(t *testing.T) {
	f := tinyMLP(2)
	f.config["quantization"] = map[string]any{"weight_bits": 3, "weight_scale": "channel"}
	if m := mustLoad(t, f.fs(t), "tiny"); m.Config.Quantisation.WeightScale != "channel" {
		t.Errorf("%+v", m.Config.Quantisation)
	}
}

func TestMissingFiles(t *testing.T) {
	for _, name := range []string{"config.json", "model.safetensors"} {
		f := tinyMLP(2).fs(t)
		delete(f, "tiny/"+name)
		_, err := Load(f, "tiny")
		expect(t, name, err, "tiny/"+name+": cannot be read: file does not exist")
		if !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: the error is not fs.ErrNotExist", name)
		}
		f["tiny/"+name] = &fstest.MapFile{Mode: fs.ModeDir}
		_, err = Load(f, "tiny")
		expect(t, name, err, "tiny/"+name+": is not a file")
	}
	f := tinyMLP(2)
	f.calibration = nil
	if m := mustLoad(t, f.fs(t), "tiny"); m.Calibration != nil || m.Test != nil {
		t.Error("data came out of nothing")
	}
}

func TestFind(t *testing.T) {
	shipped := tinyMLP(2).fs(t)
	m, err := Find("tiny", shipped)
	if err != nil || m.Config.Name != "tiny" {
		t.Fatalf("%v, %v", m, err)
	}
	_, err = Find("tinny", shipped)
	var unknown *gates.UnknownError
	if !errors.As(err, &unknown) || unknown.Name != "tinny" || !slices.Equal(unknown.Known, []string{"tiny"}) {
		t.Errorf("an unknown name: %v", err)
	}
	if _, err := Find("tinny", nil); err == nil || !strings.HasPrefix(err.Error(), "tinny: cannot be read: ") {
		t.Errorf("no folder: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "mine")
	if err := os.CopyFS(dir, mustSub(t, shipped, "tiny")); err != nil {
		t.Fatal(err)
	}
	if m, err := Find(dir, nil); err != nil || m.Config.Name != "tiny" {
		t.Errorf("by path: %v", err)
	}
	weights := filepath.Join(dir, "model.safetensors")
	data, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Find(weights, nil); err == nil || !strings.Contains(err.Error(), weights+": is not a folder") {
		t.Errorf("a file instead of a folder: %v", err)
	}
	if err := os.WriteFile(weights, bytes.TrimSuffix(data, data[len(data)-1:]), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Find(dir, shipped); err == nil || !strings.HasPrefix(err.Error(), weights+": ") {
		t.Errorf("a truncated file: %v", err)
	}
}

func mustSub(t *testing.T, fsys fs.FS, dir string) fs.FS {
	t.Helper()
	sub, err := fs.Sub(fsys, dir)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}
