package checkpoint

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// The pickles of a text, a dict of keys and values, and a square tensor at a place of the storage of 64 numbers.
func pickledText(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

func pickledDict(items ...string) string {
	var b strings.Builder
	b.WriteString("}(")
	for i, item := range items {
		if i%2 == 0 {
			item = pickledText(item)
		}
		b.WriteString(item)
	}
	return b.String() + "u"
}

func pickledSquare(at, n byte) string {
	return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickledText("storage") + "ctorch\nFloatStorage\n" + pickledText("0") +
		pickledText("cpu") + "K\x40tQK" + string([]byte{at}) + "K" + string([]byte{n}) + "K" + string([]byte{n}) +
		"\x86K" + string([]byte{n}) + "K\x01\x86\x89ccollections\nOrderedDict\n)RtR"
}

// numberedState is a file of torch whose storage has the numbers 0..63.
func numberedState(t *testing.T, root string) []byte {
	var data bytes.Buffer
	for i := range 64 {
		if err := binary.Write(&data, binary.LittleEndian, float32(i)); err != nil {
			t.Fatal(err)
		}
	}
	return archive(t, zip.Store, "a/data.pkl", "\x80\x02"+root+".", "a/data/0", data.String())
}

// A state dict is found in the file, and what else there is is said; its layers have the order of the dict.
func TestStateDicts(t *testing.T) {
	net := func(at byte) string {
		return pickledDict("input.weight", pickledSquare(at, 2), "hidden.weight", pickledSquare(at+4, 2), "head.weight", pickledSquare(at+8, 2))
	}
	auto := pickledDict("encoder.0.weight", pickledSquare(0, 2), "encoder.2.weight", pickledSquare(4, 2),
		"decoder.0.weight", pickledSquare(8, 2), "decoder.2.weight", pickledSquare(12, 2))
	for _, test := range []struct {
		what, root, key string
		firsts          []float64 // of the layers, in order
		want            string    // in the notes or the error
	}{
		{"order of the file", net(0), "", []float64{0, 4, 8}, "feeds the next, in the order of the file: input, hidden, head"},
		{"autoencoder", auto, "", []float64{0, 4, 8, 12}, "in the order of the file: encoder.0, encoder.2, decoder.0, decoder.2"},
		{"numbers against the file", pickledDict("fc2.weight", pickledSquare(0, 2), "fc1.weight", pickledSquare(4, 2),
			"out.weight", pickledSquare(8, 2)), "", nil, "that of the file, fc2, fc1, out, does not fit their sizes and numbers"},
		{"numbers", pickledDict("fc2.weight", pickledSquare(0, 2), "fc1.weight", pickledSquare(4, 2)), "", []float64{4, 0}, "fc1, fc2"},
		{"a part", auto, "decoder", []float64{8, 12}, "left out: 2 tensors that are not under decoder"},
		{"two", pickledDict("ema", net(0), "model", net(16)), "", []float64{16, 20, 24}, "taken: the tensors under model; there are others under ema: --key"},
		{"the other", pickledDict("ema", net(0), "model", net(16)), "ema", []float64{0, 4, 8}, ""},
		{"the only one", pickledDict("net", net(0), "opt", "}"), "", []float64{0, 4, 8}, "taken: the tensors under net, the only ones"},
		{"neither is usual", pickledDict("G", net(0), "D", net(16)), "", nil, "has tensors under G, D; --key says which are meant, such as --key G"},
		{"one of them", pickledDict("G", net(0), "D", net(16)), "D", []float64{16, 20, 24}, ""},
		{"deep", pickledDict("state", pickledDict("net", net(0))), "", []float64{0, 4, 8}, "under state.net, the only ones"},
		{"no such key", net(0), "no", nil, `has no tensors under "no"; it has head.weight [2 2]`},
		{"none", pickledDict("net", "}"), "", nil, "has no tensors"},
	} {
		c, err := OpenKey(fstest.MapFS{"x.pt": {Data: numberedState(t, test.root)}}, "x.pt", test.key)
		var f *Folder
		if err == nil {
			f, err = c.Convert(Options{Name: "x", Activation: "relu", InputBits: 1, InputScale: 1})
		}
		if test.firsts == nil {
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: error %v, want %s", test.what, err, test.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.what, err)
			continue
		}
		var firsts []float64
		for _, tensor := range f.tensors {
			v, err := tensor.Values()
			if err != nil {
				t.Fatal(err)
			}
			firsts = append(firsts, v[0])
		}
		if notes := strings.Join(f.Notes, "\n"); !slices.Equal(firsts, test.firsts) || !strings.Contains(notes, test.want) {
			t.Errorf("%s: layers %v, want %v; notes %q, want %q", test.what, firsts, test.firsts, notes, test.want)
		}
	}
}

// A Lightning checkpoint is told by its bytes.
func TestNamesThatSayLittle(t *testing.T) {
	state := pickledDict("state_dict", pickledDict("model.0.weight", pickledSquare(0, 2)))
	for _, test := range []struct {
		name string
		data []byte
		want string
	}{
		{"x.ckpt", numberedState(t, state), ""},
		{"x.ckpt", []byte("\x00\x01\x02\x03\x04\x05\x06\x07"), "is no checkpoint of PyTorch or Lightning"},
		{"x.safetensors", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n"), "is a Git LFS pointer"},
		{"x.pt", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 1\n"), "git lfs pull fetches it"},
		{"x.bin", []byte("<!DOCTYPE html><html>404</html>"), "is a web page"},
	} {
		c, err := read(test.name, test.data)
		if test.want == "" && (err != nil || c.Tensors["model.0.weight"] == nil) || test.want != "" && (err == nil ||
			!strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	if _, err := CheckSafetensors(strings.NewReader("version https://git-lfs.github.com"), 34); err == nil ||
		!strings.Contains(err.Error(), "Git LFS pointer") {
		t.Errorf("the header of a pointer: %v", err)
	}
}

// What is not built is named, with the tensor that tells it.
func TestModulesThatAreNotBuilt(t *testing.T) {
	const linear = `{"0.weight": [[1, 2], [3, 4]], `
	for file, want := range map[string]string{
		linear + `"1.weight": [1, 1], "1.bias": [0, 0], "1.running_mean": [0, 0]}`: `tensor "1.running_mean": belongs to a batch norm, which is not built; fold it`,
		linear + `"1.weight": [1, 1], "1.bias": [0, 0]}`:                           `tensor "1.weight": belongs to a norm or a PReLU, which is not built but in a decoder`,
		linear + `"1.weight": [1]}`:                                                `tensor "1.weight": belongs to a norm or a PReLU`,
		linear + `"1.weight": [[[[1]]]]}`:                                          `tensor "1.weight": belongs to a convolution`,
		linear + `"1.weight_g": [[1]], "1.weight_v": [[1]]}`:                       `tensor "1.weight_g": belongs to a weight norm`,
		linear + `"a.self_attn.in_proj_weight": [[1]]}`:                            `belongs to an attention of torch.nn.MultiheadAttention`,
	} {
		c, err := read("x.json", []byte(file))
		if err == nil {
			_, err = c.Convert(Options{Usual: "x"})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", file, err, want)
		}
	}
}

// What a flag says and what the file says must agree.
func TestHeadsOfFileAndFlag(t *testing.T) {
	for _, test := range []struct {
		metadata map[string]any
		flag     int
		want     int
		err      string
	}{
		{map[string]any{"n_head": int64(2)}, 0, 2, ""},
		{map[string]any{"n_head": int64(2)}, 2, 2, ""},
		{map[string]any{}, 4, 4, ""},
		{map[string]any{"n_head": int64(2)}, 4, 0, "--heads 4: the file says n_head 2"},
		{map[string]any{"n_head": int64(0)}, 4, 0, "n_head 0, which is outside 1.."},
		{map[string]any{}, 0, 0, "--heads says it"},
	} {
		v := &conversion{Checkpoint: &Checkpoint{File: "x", Metadata: test.metadata}, Options: Options{Heads: test.flag}}
		got, err := v.heads("n_head")
		right := test.err == "" && err == nil || test.err != "" && err != nil && strings.Contains(err.Error(), test.err)
		if got != test.want || !right {
			t.Errorf("%v and --heads %d: %d, %v", test.metadata, test.flag, got, err)
		}
	}
	v := &conversion{Checkpoint: &Checkpoint{File: "x", Metadata: map[string]any{"n_layer": int64(2)}}}
	if err := v.agree("n_layer", 1); err == nil || v.agree("n_layer", 2) != nil || v.agree("n_embd", 3) != nil {
		t.Errorf("n_layer 2 and one layer: %v", err)
	}
}

const letters = "\x80\x04}(\x8c\x04itos}(K\x00\x8c\x01\nK\x01\x8c\x01 K\x02\x8c\x01au\x8c\x0avocab_sizeK\x03u."

func TestLettersOfNanoGPT(t *testing.T) {
	if got, err := ReadLetters([]byte(letters)); err != nil || !slices.Equal(got, []string{"⏎", " ", "a"}) {
		t.Errorf("%q, %v", got, err)
	}
	for data, want := range map[string]string{
		"\x80\x04cos\nsystem\n.": "no code is run",
		"\x80\x04}.":             "has no itos",
		"\x80\x04].":             "is no dict with itos",
		"\x80\x04}(\x8c\x04itos}(K\x01\x8c\x01auu.":         "itos has no text for 0",
		"\x80\x04}(\x8c\x04itos}(K\x00K\x01uu.":             "itos has no text for 0",
		"\x80\x04}(\x8c\x04itos}(K\x00\x8c\x01aK\x01X\xff.": "truncated",
	} {
		if got, err := ReadLetters([]byte(data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v, want %s", data, got, err, want)
		}
	}
}

func FuzzLetters(f *testing.F) {
	f.Add([]byte(letters))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadLetters(data)
		if err == nil && (len(got) == 0 || slices.Contains(got, "")) || err != nil && strings.ContainsAny(err.Error(), "\n\r") {
			t.Fatalf("%q, %v", got, err)
		}
	})
}
