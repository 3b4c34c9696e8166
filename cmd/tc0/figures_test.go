package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// docsFigures are the figures of docs and the commands that draw them, without "tc0 draw" and the
// file.
var docsFigures = []struct{ file, args string }{
	{"attention.svg", "attention:n=2,d=1,bits=2"},
	{"mlp.svg", "mlp:n=3,hidden=2,out=1,bits=2"},
	{"digits.svg", "digits"},
	{"attention-blocks.svg", "attention --blocks"},
}

// drawFigure runs tc0 draw and returns the file that it writes and what it prints.
func drawFigure(t *testing.T, file, args string) (figure []byte, printed string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(file))
	c := exec.CommandContext(t.Context(), binary, append([]string{"draw", "-q", "-o", path}, strings.Fields(args)...)...)
	c.Env = append(os.Environ(), beTC0+"=1", "SOURCE_DATE_EPOCH=0")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("tc0 draw %s: %v\n%s", args, err, out)
	}
	if figure, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return figure, string(out)
}

// The figures of docs are what the program draws.
func TestFiguresOfDocs(t *testing.T) {
	for _, f := range docsFigures {
		path := filepath.Join("..", "..", "docs", f.file)
		got, _ := drawFigure(t, f.file, f.args)
		if *updateDocs {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/%s is not what tc0 draw %s draws; go test ./cmd/tc0 -run TestFiguresOfDocs -update-docs writes it",
				f.file, f.args)
		}
	}
}
