package checkpoint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/compile/checkpoint"
	"github.com/tc0lab/tc0/compile/model"
)

// perceptron are the flags that the sequential networks of testdata need.
var perceptron = checkpoint.Options{Name: "net", Activation: "relu", InputBits: 2, InputScale: 1}

// imported converts a file of testdata and loads the folder.
func imported(t *testing.T, file string, o checkpoint.Options) *model.Model {
	t.Helper()
	return loaded(t, os.DirFS("testdata"), file, o)
}

// loaded converts a file and loads the folder.
func loaded(t *testing.T, fsys fs.FS, file string, o checkpoint.Options) *model.Model {
	t.Helper()
	c, err := checkpoint.Open(fsys, file)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	folder := converted(t, c, o)
	m, err := model.Load(folder, ".")
	if err != nil {
		t.Fatalf("%s: %v\n%s", file, err, folder["config.json"].Data)
	}
	return m
}

// converted returns the model folder of a checkpoint.
func converted(t testing.TB, c *checkpoint.Checkpoint, o checkpoint.Options) fstest.MapFS {
	t.Helper()
	f, err := c.Convert(o)
	if err != nil {
		t.Fatal(err)
	}
	var weights bytes.Buffer
	if err := f.WriteTensors(&weights); err != nil {
		t.Fatal(err)
	}
	folder := fstest.MapFS{"config.json": {Data: f.Config}, "model.safetensors": {Data: weights.Bytes()}}
	if f.Settings != nil {
		folder["tc0.json"] = &fstest.MapFile{Data: f.Settings}
	}
	return folder
}

// The converted network answers as the framework does that made the file.
func TestConvertedNetworkAnswersAsItsFramework(t *testing.T) {
	text, err := os.ReadFile("testdata/expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var expected map[string][]float64
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	arrays := perceptron
	arrays.Map = map[string]string{"0.weight": "W1.T", "0.bias": "b1", "1.weight": "W2.T", "1.bias": "b2"}
	vector := []int64{1, 0, 3}
	for _, test := range []struct {
		file, want string
		options    checkpoint.Options
	}{
		{"sequential.pth", "sequential.pth", perceptron},
		{"legacy.pth", "sequential.pth", perceptron},
		{"half.pth", "half.pth", perceptron},
		{"columns.npz", "half.pth", arrays},
	} {
		got, want := imported(t, test.file, test.options).Forward(vector), expected[test.want]
		if len(want) == 0 || len(got) != len(want) {
			t.Fatalf("%s: %d logits, want %d", test.file, len(got), len(want))
		}
		worst := 0.0
		for i := range got {
			worst = max(worst, math.Abs(got[i]-want[i]))
		}
		if t.Logf("%s: logits differ by %.1e", test.file, worst); !(worst <= 1e-6) {
			t.Errorf("%s: the logits are %v, want %v", test.file, got, want)
		}
	}
}

func TestElementsOfStateDict(t *testing.T) {
	c, err := checkpoint.Open(os.DirFS("testdata"), "kinds.pt")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	six := []float64{0, 1, 2, 3, 4, 5}
	for name, want := range map[string][]float64{
		"float64": six, "float32": six, "float16": six, "bfloat16": six, "int64": six, "int32": six, "int16": six,
		"int8": six, "uint8": six, "bool": {0, 1, 1, 1, 1, 1}, "part": {8, 9, 14, 15}, "spread": {5, 5, 5},
		"parameter": {1.5},
		"turned":    {0, 6, 12, 18, 1, 7, 13, 19, 2, 8, 14, 20, 3, 9, 15, 21, 4, 10, 16, 22, 5, 11, 17, 23},
	} {
		if c.Tensors[name] == nil {
			t.Fatalf("%s is missing of %v", name, c.Names())
		}
		if got, err := c.Tensors[name].Values(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is %v, %v; want %v", name, got, err, want)
		}
	}
}

func TestConvertSaysWhatIsMissing(t *testing.T) {
	for _, test := range []struct {
		file    string
		options checkpoint.Options
		want    string
	}{
		{"sequential.pth", checkpoint.Options{Name: "x"}, "does not say --activation"},
		{"kinds.pt", checkpoint.Options{Name: "x"}, "the layout is not known: it has bfloat16 [2 3], bool [2 3]"},
		{"half.pth", checkpoint.Options{Map: map[string]string{"a": "b"}}, `tensor "b": is in the map and not in the file, which has 0.bias [5]`},
	} {
		c, err := checkpoint.Open(os.DirFS("testdata"), test.file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Convert(test.options)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %s", test.file, err, test.want)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// The layers of a perceptron stand in the order of their numbers, or in the one that fits. Several orders are refused,
// and so is what is no chain by its names.
func TestOrderOfLayers(t *testing.T) {
	const narrow, wide, square = `[[1, 2], [3, 4], [5, 6]]`, `[[1, 2, 3]]`, `[[1, 2], [3, 4]]`
	const turn = `[[0, 1], [1, 0]]`
	for _, test := range []struct{ file, order, sizes, want string }{
		{`{"fc10.weight": [[1], [2]], "fc9.weight": ` + wide + `, "fc8.weight": ` + narrow + `}`, "", "2 3 1 2", "feeds the next: fc8, fc9, fc10"},
		{`{"l1.weight": ` + square + `, "l2.weight": ` + square + `}`, "", "2 2 2", "feeds the next: l1, l2"},
		{`{"input.weight": ` + narrow + `, "hidden.weight": ` + wide + `}`, "", "2 3 1", "feeds the next: input, hidden"},
		{`{"fc2.weight": ` + narrow + `, "fc1.weight": ` + wide + `}`, "", "2 3 1", "feeds the next: fc2, fc1"}, // no other fits
		{`{"out.weight": ` + square + `, "in.weight": ` + square + `}`, "", "", "fit in more than one order, and a JSON file has none; --order says it, such as --order in,out"},
		{`{"fc1.weight": ` + square + `, "fc2.weight": ` + square + `, "skip.weight": ` + square + `}`, "", "", "more than one order"},
		{`{"fc1.weight": ` + narrow + `, "skip.weight": ` + wide + `}`, "", "", `"skip" is by its name no layer`},
		{`{"embedding.weight": ` + narrow + `, "fc.weight": ` + wide + `}`, "", "", `"embedding" is by its name no layer`},
		{`{"embedding.weight": ` + narrow + `, "fc.weight": ` + wide + `}`, "embedding,fc", "2 3 1", ""},
		{`{"out.weight": ` + square + `, "in.weight": ` + narrow + `}`, "out,in", "2 2 3", ""},
		{`{"out.weight": ` + square + `, "in.weight": ` + square + `}`, "out+in", "2 2", ""},
		{`{"out.weight": ` + square + `, "in.weight": ` + narrow + `}`, "in,out", "", `--order puts "out", which takes 2 numbers, behind "in", which gives 3`},
		{`{"out.weight": ` + square + `, "in.weight": ` + square + `}`, "out", "", `--order does not name layer "in"`},
		{`{"out.weight": ` + square + `, "in.weight": ` + square + `}`, "out,out", "", `--order names "out" twice`},
		{`{"out.weight": ` + square + `, "in.weight": ` + square + `}`, "out,no", "", `--order names "no", and the layers are in, out`},
		{`{"a.weight": [[1, 2, 3], [4, 5, 6]], "b.weight": ` + narrow + `, "c.weight": ` + square + `}`, "", "", "more than one order"},
		{`{"a.weight": [[1, 2, 3]], "b.weight": [[1, 2, 3, 4]]}`, "", "", "the layout is not known"},
		// In a Sequential neighbours have nothing between them.
		{`{"0.weight": ` + square + `, "1.weight": ` + turn + `, "3.weight": ` + square + `}`, "", "2 2 2", "joined: 0 and 1 to one layer"},
		{`{"0.weight": ` + square + `, "2.weight": ` + turn + `, "3.weight": ` + square + `}`, "", "2 2 2", "joined: 2 and 3 to one layer"},
		{`{"0.weight": ` + square + `, "1.weight": ` + square + `}`, "", "", "say --order 0+1 for nothing, or --order 0,1"},
		{`{"0.weight": ` + square + `, "1.weight": ` + square + `}`, "0,1", "2 2 2", ""},
		{`{"net.0.weight": ` + square + `, "net.1.weight": ` + square + `}`, "", "2 2 2", "taken: the activation between net.0 and net.1"},
		{`{"net.0.weight": ` + narrow + `, "net.2.weight": ` + wide + `, "head.weight": [[2], [1], [3], [4]]}`, "", "2 3 1 4", "between net.2 and head, which the file does not say"},
	} {
		c, err := checkpoint.Open(fstest.MapFS{"x.json": {Data: []byte(test.file)}}, "x.json")
		if err != nil {
			t.Fatal(err)
		}
		o := perceptron
		o.Order = test.order
		f, err := c.Convert(o)
		if test.sizes == "" {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v, want %s", test.file, err, test.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.file, err)
			continue
		}
		var config struct {
			Sizes []int `json:"layer_sizes"`
		}
		if err := json.Unmarshal(f.Config, &config); err != nil {
			t.Fatal(err)
		}
		if got := strings.Trim(fmt.Sprint(config.Sizes), "[]"); got != test.sizes {
			t.Errorf("%s: sizes %s, want %s", test.file, got, test.sizes)
		}
		notes := strings.Join(f.Notes, "\n")
		if !strings.Contains(notes, test.want) || test.want == "" && notes != "" {
			t.Errorf("%s: notes %q, want %q", test.file, notes, test.want)
		}
	}
}

// Layers with nothing between them, and an offset of the inputs, change no answer.
func TestJoinedLayersAndOffset(t *testing.T) {
	const net = `{"0.weight": [[1, 2], [3, -4]], "0.bias": [1, -2], "1.weight": [[2, 1], [0, -1]], "1.bias": [3, 5], ` +
		`"3.weight": [[1, -1]]}`
	o := perceptron
	o.InputOffset = -1.5
	m := loaded(t, fstest.MapFS{"x.json": {Data: []byte(net)}}, "x.json", o)
	for _, in := range [][]int64{{0, 0}, {1, 3}, {3, 0}} {
		x, y := float64(in[0])-1.5, float64(in[1])-1.5
		a, b := x+2*y+1, 3*x-4*y-2
		want := max(0, 2*a+b+3) - max(0, -b+5)
		if got := m.Forward(in); len(got) != 1 || math.Abs(got[0]-want) > 1e-9 {
			t.Errorf("on %v the network answers %v, want %v", in, got, want)
		}
	}
}

func TestRecurrentNetworksByTheirNames(t *testing.T) {
	const cells = `"r.weight_ih_l0": [[1, 2]], "r.weight_hh_l0": [[1]]`
	const square = `"r.weight_ih_l0": [[1, 2], [3, 4]], "r.weight_hh_l0": [[1, 2], [3, 4]]`
	for _, test := range []struct{ file, activation, want string }{
		{`{` + cells + `, "out.weight": [[1], [2]], "out.bias": [1, 2]}`, "", `"hidden_size": 1`}, // one-hot tokens
		{`{` + cells + `, "out.weight": [[1], [2]]}`, "relu", `"nonlinearity": "relu"`},
		{`{` + cells + `, "a.weight": [[1], [2], [3]], "b.weight": [[1, 2], [3, 4], [5, 6]]}`, "", `"embedding_size": 2`},
		{`{` + square + `, "decoder.weight": [[1, 2]], "encoder.weight": [[3, 4]]}`, "", `"vocab_size": 1`},
		{`{` + square + `, "a.weight": [[1, 2]], "b.weight": [[3, 4]]}`, "", `of "a.weight" and "b.weight" one is the embedding`},
		{`{` + cells + `, "out.weight": [[1], [2], [3]]}`, "", "its cells read 2 numbers, and its head has 3 rows"},
		{`{` + cells + `, "out.weight": [[1], [2]], "x.weight": [[1], [2]], "y.weight": [[1], [2]]}`, "", "has 3 matrices beside its cells"},
		{`{` + cells + `, "out.weight": [[1], [2]], "r.weight_ih_l0_reverse": [[1, 2]]}`, "", "_reverse\": belongs to a recurrent network of both directions, which is not built"},
		{`{"r.weight_ih_l0": [[1, 2]], "r.weight_hh_l0": [[1, 2]], "out.weight": [[1], [2]]}`, "", "a cell has 1, 3 or 4 times as many rows"},
		{`{` + cells + `}`, "", "has recurrent cells alone; only language models are read"},
		{`{` + cells + `, "emb.weight": [[1, 2], [3, 4], [5, 6]], "fc.weight": [[1], [2]]}`, "", `tensor "fc.weight": has 2 rows, and there are 3 tokens in "emb.weight": a classifier`},
		{`{"weight_ih_l0": [[1], [1], [1]], "weight_hh_l0": [[1], [1], [1]], "h.weight": [[1]]}`, "relu", "--activation has no meaning for a model of type gru"},
	} {
		c, err := checkpoint.Open(fstest.MapFS{"x.json": {Data: []byte(test.file)}}, "x.json")
		if err != nil {
			t.Fatal(err)
		}
		f, err := c.Convert(checkpoint.Options{Usual: "x", Activation: test.activation})
		got := fmt.Sprint(err)
		if err == nil {
			got = string(f.Config)
			var b bytes.Buffer
			if err := f.WriteTensors(&b); err != nil {
				t.Fatal(err)
			}
			folder := fstest.MapFS{"config.json": {Data: f.Config}, "tc0.json": {Data: f.Settings}, "model.safetensors": {Data: b.Bytes()}}
			if _, err := model.Load(folder, "."); err != nil {
				t.Errorf("%s: %v", test.file, err)
			}
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.file, got, test.want)
		}
	}
}

// A nanoGPT takes the letters beside it if there are as many as tokens, and no number of heads that it has not.
func TestOptionsOfNanoGPT(t *testing.T) {
	c, err := checkpoint.Open(os.DirFS("testdata/layouts"), "nanogpt/ckpt.pt")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	heads, _ := c.Metadata["n_head"].(int64)
	vocabulary := c.Tensors["transformer.wte.weight"].Shape[0]
	var letters []string
	for i := range vocabulary {
		letters = append(letters, string(rune('a'+i)))
	}
	f, err := c.Convert(checkpoint.Options{Usual: "x", Heads: int(heads), Letters: letters})
	if err != nil {
		t.Fatal(err)
	}
	var settings struct{ Tokens []string }
	if err := json.Unmarshal(f.Settings, &settings); err != nil || !slices.Equal(settings.Tokens, letters) {
		t.Errorf("tokens %q, %v; want %q", settings.Tokens, err, letters)
	}
	f, err = c.Convert(checkpoint.Options{Usual: "x", Letters: letters[1:]})
	if err != nil {
		t.Fatal(err)
	}
	left := fmt.Sprintf("left out: meta.pkl, which has %d letters for %d tokens", vocabulary-1, vocabulary)
	if strings.Contains(string(f.Settings), "tokens") || !slices.Contains(f.Notes, left) {
		t.Errorf("%s, notes %q; want %q", f.Settings, f.Notes, left)
	}
	_, err = c.Convert(checkpoint.Options{Usual: "x", Heads: int(2 * heads)})
	want := fmt.Sprintf("--heads %d: the file says n_head %d", 2*heads, heads)
	if heads == 0 || err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
