package shard_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"testing"

	"github.com/tc0lab/tc0/analysis/shard"
	"github.com/tc0lab/tc0/internal/brief/brieftest"
)

// No bytes bring the reader down, and what it accepts is whole.
func FuzzDecode(f *testing.F) {
	folder := f.TempDir()
	j, err := shard.Begin(header(1, 3))
	if err != nil {
		f.Fatal(err)
	}
	if _, err := command(shard.With(f.Context(), j), 5, 1); err != nil {
		f.Fatal(err)
	}
	path, err := j.Write(folder)
	if err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("{\"tc0\":\"v\",\"args\":[\"x\"],\"shard\":1,\"of\":1}\n{\"sha256\":\"\"}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := shard.Decode(text)
		if err == nil && (h.Index < 1 || h.Index > h.Count || h.Stages != bytes.Count(text, []byte("\n"))-2) {
			t.Errorf("%+v", h)
		}
		brieftest.Check(t, err)
	})
}

// Whatever a file with a good digest says, an error about it is short.
func TestErrorsAreShort(t *testing.T) {
	const one = `{"tc0":"v","args":["x"],"shard":1,"of":1}` + "\n" + `{"unit":1,"result":{"a":"b"}}` + "\n"
	refused := 0
	for text := range brieftest.Long([]byte(one)) {
		text = fmt.Appendf(text, "{\"sha256\":\"%x\"}\n", sha256.Sum256(text))
		if _, err := shard.Decode(text); brieftest.Check(t, err) {
			refused++
		}
	}
	if refused < 30 {
		t.Errorf("%d were refused", refused)
	}
}
