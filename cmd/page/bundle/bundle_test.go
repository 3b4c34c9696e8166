package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder is that of package page.
const folder = ".."

func committed(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestScriptsAreOfTheirSources(t *testing.T) {
	sum, err := digest(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scripts {
		if line, _, _ := strings.Cut(string(committed(t, name+".js")), "\n"); line != head(sum) {
			t.Errorf("%s.js is out of date; go generate ./cmd/page makes it: it begins with %q, want %q", name, line, head(sum))
		}
	}
}

func TestCoreIsOfItsSources(t *testing.T) {
	sum, err := coreDigest(folder)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(committed(t, "core.sum"))); got != sum {
		t.Errorf("core.wasm.gz is out of date; go generate ./cmd/page makes it: it is of sources %s, want %s", got, sum)
	}
}

// Only the libraries of the lock make the same bytes, so npm has to have brought them.
func TestScriptsAreWhatTheLibrariesMake(t *testing.T) {
	if _, err := os.Stat(filepath.Join(folder, "node_modules")); err != nil {
		t.Skip("npm has brought no libraries here: npm ci in cmd/page; the digests of sources are compared all the same")
	}
	if err := install(folder); err != nil {
		t.Skip(err)
	}
	made := map[string][]byte{}
	if err := bundled(folder, made); err != nil {
		t.Fatal(err)
	}
	for name, want := range made {
		if !bytes.Equal(committed(t, name), want) {
			t.Errorf("%s is not what go generate ./cmd/page makes", name)
		}
	}
	if len(made) != 3 {
		t.Errorf("%d files were made, want 3", len(made))
	}
}
