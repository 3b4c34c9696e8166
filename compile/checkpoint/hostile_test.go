package checkpoint

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

// archive makes a zip archive of pairs of names and texts.
func archive(t testing.TB, method uint16, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		w, err := z.CreateHeader(&zip.FileHeader{Name: files[i], Method: method})
		if err == nil {
			_, err = w.Write([]byte(files[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pickled makes a checkpoint of PyTorch with one storage of 8 bytes.
func pickled(t testing.TB, pickle string) []byte {
	return archive(t, zip.Store, "a/data.pkl", "\x80\x02"+pickle, "a/data/0", "\x00\x00\x80\x3f\x00\x00\x00\x40")
}

// tensor is the pickle of a dict with a tensor w of a storage of 2 numbers: the offset, shape and strides are given.
func tensor(offset, shape, strides string) string {
	return "}X\x01\x00\x00\x00w" + "ctorch._utils\n_rebuild_tensor_v2\n(" +
		"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQ" +
		offset + shape + strides + "\x89ccollections\nOrderedDict\n)RtRs."
}

// legacy makes a file of torch before 1.6 with what stands behind the pickles.
func legacy(rest string) []byte {
	return []byte(legacyBegin + "M\xe9\x03.}X\x0d\x00\x00\x00little_endian\x88s." +
		tensor("K\x00", "K\x02\x85", "K\x01\x85") + "]X\x01\x00\x00\x000a." + rest)
}

// numpy makes an array file of one header.
func numpy(header, data string) []byte {
	return fmt.Appendf(nil, "\x93NUMPY\x01\x00%c%c%s%s", len(header)%256, len(header)/256, header, data)
}

// headed makes a safetensors file without numbers.
func headed(text string) []byte {
	return append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)
}

// read opens a file and reads all values.
func read(name string, data []byte) (c *Checkpoint, err error) {
	c, err = Open(fstest.MapFS{name: {Data: data}}, name)
	if err != nil {
		return nil, err
	}
	for _, name := range c.Names() {
		v, err := c.Tensors[name].Values()
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		n := 1
		for _, d := range c.Tensors[name].Shape {
			n *= d
		}
		if len(v) != n {
			return nil, fmt.Errorf("tensor %q has %d values and shape %v", name, len(v), c.Tensors[name].Shape)
		}
	}
	return c, c.Close()
}

func TestTensorOfPickle(t *testing.T) {
	c, err := read("x.pt", pickled(t, tensor("K\x01", "K\x01\x85", "K\x01\x85")))
	if err != nil || len(c.Tensors) != 1 {
		t.Fatalf("%v, %v", c, err)
	}
	if v, _ := c.Tensors["w"].Values(); len(v) != 1 || v[0] != 2 {
		t.Errorf("w is %v, want [2]", v)
	}
}

func TestHostileFiles(t *testing.T) {
	huge := "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f" // 2^63 − 1
	zeros := strings.Repeat("\x00", freeSize+1)
	good := pickled(t, tensor("K\x00", "K\x02\x85", "K\x01\x85"))
	for _, test := range []struct {
		what, name string
		data       []byte
		want       string
	}{
		{"code", "x.pt", pickled(t, "cos\nsystem\n(X\x02\x00\x00\x00lstR."), `asks for "os.system", which is not read, and no code is run`},
		{"code by the stack", "x.pt", pickled(t, "\x8c\x08builtins\x8c\x04eval\x93)R."), `asks for "builtins.eval"`},
		{"code by a call", "x.pt", pickled(t, "cposix\nsystem\n\x8c\x02ls\x85R."), `asks for "posix.system"`},
		{"code by a method", "x.pt", pickled(t, "}(\x8c\x01ac__builtin__\neval\nub."), `asks for "__builtin__.eval"`},
		{"code as an instance", "x.pt", pickled(t, "(X\x02\x00\x00\x00lsios\nsystem\n."), "has operation 0x69"},
		{"code as an object", "x.pt", pickled(t, "(ccollections\nOrderedDict\nX\x02\x00\x00\x00lso."), "has operation 0x6f"},
		{"code by an attribute", "x.pt", pickled(t, "ctorch._utils\n_rebuild_tensor_v2.__globals__\n."), `asks for "torch._utils._rebuild_tensor_v2.__globals__"`},
		{"code by a reference", "x.pt", pickled(t, "Pos.system\n."), "has operation 0x50"},
		{"code by a number", "x.pt", pickled(t, "\x82\x01."), "has operation 0x82"},
		{"set of a name", "x.pt", pickled(t, "ctorch\nSize\n}b."), "sets attributes of what is no dict"},
		{"object", "x.pt", pickled(t, ")\x81."), "has operation 0x81"},
		{"call of a text", "x.pt", pickled(t, "X\x01\x00\x00\x00a)R."), "calls what is no name"},
		{"empty stack", "x.pt", pickled(t, "."), "takes a value that is not there"},
		{"endless", "x.pt", pickled(t, "}"), "the pickle is truncated"},
		{"long text", "x.pt", pickled(t, "X\xff\xff\xff\xff"), "a text has 4294967295 bytes"},
		{"shape of 2^63", "x.pt", pickled(t, tensor("K\x00", huge+"\x85", "K\x00\x85")), `tensor "w": has shape [9223372036854775807]`},
		{"stride", "x.pt", pickled(t, tensor("K\x00", "K\x02\x85", huge+"\x85")), "which is no part of a storage"},
		{"beyond", "x.pt", pickled(t, tensor("K\x01", "K\x02\x85", "K\x01\x85")), "beyond the 2 numbers of its storage"},
		{"spread", "x.pt", pickled(t, tensor("K\x00", "J\x00\x00\x00\x7f\x85", "K\x00\x85")), "at most 134217728 numbers are read"},
		{"product", "x.pt", pickled(t, tensor("K\x00", strings.Repeat("J\x00\x00\x01\x00", 3)+"\x87", "K\x00K\x00K\x00\x87")), "at most 134217728 numbers are read"},
		{"product that wraps", "x.pt", pickled(t, tensor("K\x00", strings.Repeat("\x8a\x05\x00\x00\x00\x00\x01", 2)+"\x86", "K\x00K\x00\x86")), "at most 134217728 numbers are read"},
		{"repeated", "x.pt", pickled(t, tensor("K\x00", "J\x00\x00\x00\x07\x85", "K\x00\x85")), "repeats the 2 numbers of its storage to 117440512"},
		{"negative", "x.pt", pickled(t, tensor("K\x00", "J\xff\xff\xff\xff\x85", "K\x01\x85")), "which is no part of a storage"},
		{"truncated", "x.pt", good[:len(good)-9], "is a truncated or wrong zip archive"},
		{"llama2.c of 640 features", "x.bin", append([]byte{0x80, 2, 0, 0}, bytes.Repeat([]byte{1, 0, 0, 0}, 6)...), "tensor \"tok_embeddings.weight\": is truncated"},
		{"pickle", "x.pt", []byte("\x80\x02}q\x01q\x01."), "is a pickle and no state dict of torch"},
		{"old form with code", "x.pt", []byte(legacyBegin + "\x80\x02cos\nsystem\n."), `asks for "os.system"`},
		{"old form of another protocol", "x.pt", []byte(legacyBegin + "K\x01."), "is of protocol 1 of torch; known: 1001"},
		{"old form, truncated", "x.pt", legacy("\xff\xff\xff\xff\xff\xff\xff\x7f"), "is truncated in storage"},
		{"old form, cut", "x.pt", legacy("\x02\x00\x00\x00\x00\x00\x00\x00\x01\x00"), "is truncated in storage"},
		{"old form, over-long", "x.pt", legacy("\x02\x00\x00\x00\x00\x00\x00\x0012345678and more"), "is over-long: the last 8 bytes"},
		{"bomb", "x.npz", archive(t, zip.Deflate, "a.npy", zeros), "at most 100 to 1 is read"},
		{"bomb of torch", "x.pt", archive(t, zip.Deflate, "a/data.pkl", "}.", "a/data/0", zeros), "at most 100 to 1 is read"},
		{"twice", "x.npz", archive(t, zip.Store, "a.npy", "", "a.npy", ""), `the archive has "a.npy" twice`},
		{"array of 2^63", "x.npy", numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }", ""), "at most 134217728 numbers are read"},
		{"array whose product wraps", "x.npy", numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", ""), "at most 134217728 numbers are read"},
		{"safetensors whose product wraps", "x.safetensors", headed(`{"a": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 0]}}`), `tensor "a": has shape [4611686018427387904 4], which fits no file`},
		{"safetensors of 2^63", "x.safetensors", headed(`{"a": {"dtype": "U8", "shape": [9223372036854775808], "data_offsets": [0, 0]}}`), "which takes 9223372036854775808 bytes"},
		{"llama2.c of 2^31", "x.bin", slices.Concat(slices.Repeat([]byte{255, 255, 255, 127}, 7)), "is neither a PyTorch archive nor a file of llama2.c"},
		{"array of objects", "x.npy", numpy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "x"), `has elements of type "|O"`},
		{"short array", "x.npy", numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "1234"), "has shape [2] of F32, which takes"},
		{"rows", "x.json", []byte(`{"a": [[1, 2], [3]]}`), `tensor "a": has rows of different lengths`},
		{"deep", "x.json", []byte(`{"a": ` + strings.Repeat("[", 1000)), "has more than 8 dimensions"},
		{"no JSON", "x.json", []byte(`{"a": [1,`), "is not JSON"},
		{"short file of llama2.c", "x.bin", bytes.Repeat([]byte{1, 0, 0, 0}, 7), "is truncated"},
		{"no file of llama2.c", "x.bin", bytes.Repeat([]byte{0xff}, 28), "is neither a PyTorch archive nor a file of llama2.c"},
		{"GGUF", "x.bin", []byte("GGUF\x03\x00\x00\x00"), "is a GGUF network, which is not read yet"},
		{"ONNX", "x.onnx", []byte("\x08\x07"), "is an ONNX network, which is not read yet"},
		{"pointing outside", "model.safetensors.index.json", []byte(`{"weight_map": {"a": "../x.safetensors"}}`), `tensor "a": is in "../x.safetensors", which is no file of the same folder`},
		{"pointing to a root", "model.safetensors.index.json", []byte(`{"weight_map": {"a": "/x.safetensors"}}`), "which is no file of the same folder"},
		{"lost shard", "model.safetensors.index.json", []byte(`{"weight_map": {"a": "x.safetensors"}}`), "x.safetensors: cannot be read"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := read(test.name, test.data)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v, want %s", test.what, err, test.want)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
			t.Errorf("%s: %d bytes were taken", test.what, took)
		}
	}
}

// Every beginning of a good file is refused, but that of the whole.
func TestTruncatedFiles(t *testing.T) {
	for name, step := range map[string]int{
		"sequential.pth": 1, "legacy.pth": 1, "columns.npz": 1, "layouts/llama2c-bin/model.bin": 1, "kinds.pt": 16,
		"layouts/pythia/pytorch_model.bin": 16, "layouts/gpt2-bin/pytorch_model.bin": 16, "layouts/nanogpt/ckpt.pt": 16,
		"layouts/qwen3/model.safetensors": 16, "layouts/microgpt/weights.json": 256, "layouts/numpy/weights.npz": 16,
	} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(data); n += step {
			if c, err := read(path.Base(name), data[:n]); err == nil {
				t.Fatalf("%s: %d of %d bytes are read as %v", name, n, len(data), c.Names())
			}
		}
		if _, err := read(path.Base(name), data); err != nil {
			t.Error(err)
		}
	}
}

// An index that names a symbolic link out of its folder is refused, and one to a file beside it is followed.
func TestIndexOfLinks(t *testing.T) {
	const index = "model.safetensors.index.json"
	dir := t.TempDir()
	one := append(headed(`{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}`), 7)
	for name, data := range map[string][]byte{
		"out.safetensors": one, "in/real.safetensors": one, "in/" + index: []byte(`{"weight_map": {"a": "x.safetensors"}}`),
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	link := filepath.Join(dir, "in", "x.safetensors")
	for target, refused := range map[string]bool{
		"real.safetensors": false, "../out.safetensors": true, filepath.Join(dir, "out.safetensors"): true, "x.safetensors": true,
		"..": true, "none.safetensors": true,
	} {
		os.Remove(link)
		if err := os.Symlink(target, link); err != nil {
			t.Skip(err)
		}
		c, err := Open(os.DirFS(filepath.Join(dir, "in")), index)
		switch {
		case refused && (err == nil || !strings.Contains(err.Error(), "a symbolic link out of the folder of the index")):
			t.Errorf("a link to %s: %v", target, err)
		case !refused && (err != nil || len(c.Tensors) != 1):
			t.Errorf("a link to %s: %v", target, err)
		}
		if c != nil {
			c.Close()
		}
	}
}

// fuzz checks that a reader gives tensors whose values have their shapes, or an Error of one line.
func fuzz(f *testing.F, name string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) { check(t, name, data) })
}

func check(t *testing.T, name string, data []byte) {
	c, err := read(name, data)
	var e *Error
	if err != nil && (!errors.As(err, &e) || strings.ContainsAny(err.Error(), "\n\r")) {
		t.Fatalf("%T: %v", err, err)
	}
	brieftest.Check(t, err)
	if err == nil && len(c.Tensors) == 0 {
		t.Fatal("no tensors and no error")
	}
}

func seed(f *testing.F, name string) []byte {
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		f.Fatal(err)
	}
	return data
}

func FuzzTorch(f *testing.F) {
	fuzz(f, "x.pt", seed(f, "kinds.pt"), seed(f, "half.pth"), pickled(f, tensor("K\x00", "K\x02\x85", "K\x01\x85")))
}

// FuzzPickle reads pickles that no archive hides from the fuzzer, with one storage behind them.
func FuzzPickle(f *testing.F) {
	f.Add([]byte(tensor("K\x00", "K\x02\x85", "K\x01\x85")))
	f.Add([]byte("}(X\x01\x00\x00\x00a](K\x01K\x02eu."))
	f.Add([]byte("cos\nsystem\n."))
	f.Fuzz(func(t *testing.T, data []byte) { check(t, "x.pt", pickled(t, string(data))) })
}

func FuzzLegacy(f *testing.F) {
	fuzz(f, "x.pt", seed(f, "legacy.pth"), legacy("\x02\x00\x00\x00\x00\x00\x00\x0012345678"))
}

func FuzzArrays(f *testing.F) { fuzz(f, "x.npz", seed(f, "columns.npz")) }
func FuzzLlama(f *testing.F)  { fuzz(f, "x.bin", seed(f, "layouts/llama2c-bin/model.bin")) }
func FuzzLists(f *testing.F) {
	fuzz(f, "x.json", []byte(`{"a": [[1, 2], [3, 4e5]], "b": {"c": [1]}, "n": 3}`))
}

func FuzzSafetensors(f *testing.F) {
	fuzz(f, "x.safetensors", []byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
}

func FuzzArray(f *testing.F) {
	fuzz(f, "x.npy", numpy("{'descr': '>f4', 'fortran_order': True, 'shape': (1, 2), }", "12345678"))
}

// FuzzIndex reads an index beside a file that it may name.
func FuzzIndex(f *testing.F) {
	f.Add([]byte(`{"weight_map": {"a": "x.safetensors"}}`))
	one := append(headed(`{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}`), 7)
	const name = "model.safetensors.index.json"
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Open(fstest.MapFS{name: {Data: data}, "x.safetensors": {Data: one}}, name)
		var e *Error
		if err != nil && (!errors.As(err, &e) || strings.ContainsAny(err.Error(), "\n\r")) {
			t.Fatalf("%T: %v", err, err)
		}
		brieftest.Check(t, err)
		if err == nil && (len(c.Tensors) != 1 || c.Tensors["a"] == nil) {
			t.Fatalf("%v", c.Names())
		}
	})
}

// Whatever a file says, an error about it is short.
func TestErrorsAreShort(t *testing.T) {
	const index = "model.safetensors.index.json"
	one := append(headed(`{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}`), 7)
	refused := 0
	note := func(err error) {
		if brieftest.Check(t, err) {
			refused++
		}
	}
	for text := range brieftest.Long([]byte(`{"metadata": {"size": 1}, "weight_map": {"a": "x.safetensors"}}`)) {
		_, err := Open(fstest.MapFS{index: {Data: text}, "x.safetensors": {Data: one}}, index)
		note(err)
	}
	for text := range brieftest.Long([]byte(`{"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]}}`)) {
		_, err := read("x.safetensors", append(headed(string(text)), 7))
		note(err)
	}
	for text := range brieftest.Long([]byte(`{"0.weight": [[1, 2], [3, 4e5]], "0.bias": [1, 2], "n_head": 1}`)) {
		c, err := read("x.json", text)
		if err == nil {
			_, err = c.Convert(Options{Usual: "x"})
		}
		note(err)
	}
	for text := range brieftest.Long([]byte(`{"layers.0.weight": "a.T"}`)) {
		_, err := ReadMap(text)
		note(err)
		_, err = ReadLetters(text)
		note(err)
	}
	if refused < 60 {
		t.Errorf("%d were refused", refused)
	}
}

// FuzzConvert converts lists of numbers with a map and a config.json, and writes the tensors.
func FuzzConvert(f *testing.F) {
	const square = `[[1, 2], [3, 4]]`
	f.Add(`{"0.weight": [[1, 2]], "0.bias": [3]}`, ``, ``)
	f.Add(`{"a": [[1, 2]], "b": [3]}`, `{"layers.0.weight": "a.T"}`, `{"model_type": "mlp"}`)
	f.Add(`{"wte": `+square+`, "wpe": `+square+`, "lm_head": `+square+`, "layer0.attn_wq": `+square+`, "n_head": 1}`, ``, ``)
	f.Add(`{"tok_embeddings.weight": `+square+`, "layers.0.attention.wq.weight": `+square+
		`, "layers.0.attention.wk.weight": `+square+`, "layers.0.feed_forward.w1.weight": `+square+`, "n_heads": 1}`, ``, ``)
	f.Add(`{"wte.weight": `+square+`, "wpe.weight": `+square+`, "h.0.attn.c_attn.weight": `+square+
		`, "h.0.mlp.c_fc.weight": `+square+`, "n_head": 1}`, ``, ``)
	f.Add(`{"rnn.weight_ih_l0": `+square+`, "rnn.weight_hh_l0": `+square+`, "fc.weight": `+square+`, "emb.weight": `+square+`}`, ``, ``)
	f.Add(`{"wte.weight": [[1]], "h.0.attn.c_attn.weight": [[1], [2], [3]]}`, ``, `{"model_type": "gpt2"}`)
	f.Fuzz(func(t *testing.T, lists, names, config string) {
		c, err := read("x.json", []byte(lists))
		if err != nil {
			return
		}
		o := Options{Usual: "x", Config: []byte(config)}
		if config == "" {
			o.Config = nil
		}
		if names != "" {
			if o.Map, err = ReadMap([]byte(names)); err != nil {
				return
			}
		}
		folder, err := c.Convert(o)
		var e *Error
		switch {
		case err != nil && (!errors.As(err, &e) || strings.ContainsAny(err.Error(), "\n\r")):
			t.Fatalf("%T: %v", err, err)
		case err != nil:
			return
		}
		var b bytes.Buffer
		if err := folder.WriteTensors(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := read("x.safetensors", b.Bytes()); err != nil && len(folder.tensors) > 0 {
			t.Fatal(err)
		}
	})
}
