package model

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// A model whose weights stand in files that an index names is read; an index that is wrong is refused.
func TestShards(t *testing.T) {
	const index = "model.safetensors.index.json"
	m, err := Load(caseFiles(), "sharded")
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Weights["wte.weight"]; got == nil || len(got.Data) != 5*6 {
		t.Fatalf("the embedding is %v", got)
	}
	files := fstest.MapFS{}
	for _, name := range []string{"config.json", "tc0.json", index, "model-00001-of-00001.safetensors"} {
		data, err := os.ReadFile("testdata/cases/sharded/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	good := string(files[index].Data)
	for _, test := range []struct{ old, new, want string }{
		{"model-00001-of", "../model-00001-of", `is in "../model-00001-of-00001.safetensors", which is no file of the same folder`},
		{"transformer.wpe.weight", "transformer.other", `tensor "transformer.wpe.weight": is not in the index`},
		{`{"transformer.wte.weight"`, `{"more": "model-00001-of-00001.safetensors", "transformer.wte.weight"`, "has 16 tensors, and the index names 17 of it"},
		{"weight_map", "map", "weight_map is missing or empty"},
		{"model-00001-of-00001.safetensors", "lost.safetensors", "lost.safetensors: cannot be read"},
	} {
		changed := strings.ReplaceAll(good, test.old, test.new)
		if changed == good {
			t.Fatalf("%s is not in the index", test.old)
		}
		files[index] = &fstest.MapFile{Data: []byte(changed)}
		if _, err := Load(files, "."); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %s", test.new, err, test.want)
		}
	}
}
