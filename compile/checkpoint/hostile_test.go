package checkpoint

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
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

// numpy makes an array file of one header.
func numpy(header, data string) []byte {
	return fmt.Appendf(nil, "\x93NUMPY\x01\x00%c%c%s%s", len(header)%256, len(header)/256, header, data)
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
		{"object", "x.pt", pickled(t, ")\x81."), "has operation 0x81"},
		{"call of a text", "x.pt", pickled(t, "X\x01\x00\x00\x00a)R."), "calls what is no name"},
		{"empty stack", "x.pt", pickled(t, "."), "takes a value that is not there"},
		{"endless", "x.pt", pickled(t, "}"), "the pickle is truncated"},
		{"long text", "x.pt", pickled(t, "X\xff\xff\xff\xff"), "a text has 4294967295 bytes"},
		{"shape of 2^63", "x.pt", pickled(t, tensor("K\x00", huge+"\x85", "K\x00\x85")), `tensor "w": has shape [9223372036854775807]`},
		{"stride", "x.pt", pickled(t, tensor("K\x00", "K\x02\x85", huge+"\x85")), "which is no part of a storage"},
		{"beyond", "x.pt", pickled(t, tensor("K\x01", "K\x02\x85", "K\x01\x85")), "beyond the 2 numbers of its storage"},
		{"spread", "x.pt", pickled(t, tensor("K\x00", "J\x00\x00\x00\x7f\x85", "K\x00\x85")), "at most 134217728 numbers are read"},
		{"truncated", "x.pt", good[:len(good)-9], "is a truncated or wrong zip archive"},
		{"old form", "x.pt", []byte("\x80\x02\x8a\x0al\xfc"), "as torch wrote before 1.6"},
		{"bomb", "x.npz", archive(t, zip.Deflate, "a.npy", zeros), "at most 100 to 1 is read"},
		{"twice", "x.npz", archive(t, zip.Store, "a.npy", "", "a.npy", ""), `the archive has "a.npy" twice`},
		{"array of 2^63", "x.npy", numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,), }", ""), "at most 134217728 numbers are read"},
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
	for _, name := range []string{"sequential.pth", "columns.npz", "layouts/llama2c-bin/model.bin"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for n := range data {
			if c, err := read(path.Base(name), data[:n]); err == nil {
				t.Fatalf("%s: %d of %d bytes are read as %v", name, n, len(data), c.Names())
			}
		}
		if _, err := read(path.Base(name), data); err != nil {
			t.Error(err)
		}
	}
}

// fuzz checks that a reader gives tensors whose values have their shapes, or an Error of one line.
func fuzz(f *testing.F, name string, seeds ...[]byte) {
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := read(name, data)
		var e *Error
		if err != nil && (!errors.As(err, &e) || strings.ContainsAny(err.Error(), "\n\r")) {
			t.Fatalf("%T: %v", err, err)
		}
		if err == nil && len(c.Tensors) == 0 {
			t.Fatal("no tensors and no error")
		}
	})
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

// FuzzPickle reads pickles that no archive hides from the fuzzer.
func FuzzPickle(f *testing.F) {
	f.Add([]byte(tensor("K\x00", "K\x02\x85", "K\x01\x85")))
	f.Add([]byte("}(X\x01\x00\x00\x00a](K\x01K\x02eu."))
	f.Add([]byte("cos\nsystem\n."))
	f.Fuzz(func(t *testing.T, data []byte) {
		if v, what := unpickle(data); what != "" && v != nil {
			t.Fatalf("%v and %s", v, what)
		}
	})
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

func FuzzIndex(f *testing.F) {
	fuzz(f, "model.safetensors.index.json", []byte(`{"weight_map": {"a": "x.safetensors"}}`))
}
