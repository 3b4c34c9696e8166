package model

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A folder whose tc0.json names no tokens has those of its tokenizer.
func TestTokensOfTokenizer(t *testing.T) {
	load := func(tokenizer string, tokens any) (*Model, error) {
		files := changed(t, "llama", "tc0.json", map[string]any{"tokens": tokens}).(fstest.MapFS)
		files["llama/tokenizer.json"] = &fstest.MapFile{Data: []byte(tokenizer)}
		return Load(files, "llama")
	}
	const good = `{"model":{"type":"BPE","vocab":{"a":0,"\n":1,"ab":2,"b":3},"merges":["a b"]}}`
	m, err := load(good, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "⟨1⟩", "ab", "b", "⟨4⟩"}; !slices.Equal(m.Config.Labels, want) {
		t.Errorf("names %q, want %q", m.Config.Labels, want)
	}
	if ids, err := m.Config.Tokenizer.Encode("ab\na"); err != nil || !slices.Equal(ids, []int{2, 1, 0}) {
		t.Errorf("tokens %v, %v", ids, err)
	}
	named := []string{"p", "q", "r", "s", "t"}
	if m, err = load("{", named); err != nil || m.Config.Tokenizer != nil || !slices.Equal(m.Config.Labels, named) {
		t.Errorf("with names in tc0.json: %v", err)
	}
	_, err = load(`{"model":{"type":"Unigram"}}`, nil)
	const want = `llama/tokenizer.json: field "model.type": "Unigram" is not built here; known: BPE`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}
