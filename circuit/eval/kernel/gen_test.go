package kernel

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/longtest"
)

var update = flag.Bool("update", false, "write gen/sum.txt")

// made are the files that gen makes.
var made = []string{"run_amd64.s", "run_amd64.go", "logic.go"}

// digest is that of the sources of gen and of what it made.
func digest(t *testing.T) string {
	t.Helper()
	sources, err := filepath.Glob("gen/*")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(sources)
	sum := sha256.New()
	for _, name := range append(sources, made...) {
		if name == filepath.Join("gen", "sum.txt") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(sum, filepath.ToSlash(name), len(text))
		sum.Write(text)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// TestKernelsAreOfTheirSources asserts that neither the generator nor what it made was changed alone.
func TestKernelsAreOfTheirSources(t *testing.T) {
	if *update {
		if err := os.WriteFile(filepath.Join("gen", "sum.txt"), []byte(digest(t)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join("gen", "sum.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(string(text)), digest(t); got != want {
		t.Errorf("gen/sum.txt is %s, want %s: go generate ./circuit/eval/kernel makes all files", got, want)
	}
}

// TestLongKernelsAreGenerated runs the generator, which needs avo, and compares.
func TestLongKernelsAreGenerated(t *testing.T) {
	longtest.Need(t)
	folder := t.TempDir()
	for _, name := range made { // its command stands in the files, so they must be made by the same words
		committed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), committed, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	gen := filepath.Join(folder, "gen")
	if err := os.CopyFS(gen, os.DirFS("gen")); err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, words, _ := strings.Cut(string(doc), "//go:generate go run -C gen . ")
	words, _, _ = strings.Cut(words, "\n")
	cmd := exec.Command("go", append([]string{"run", "."}, strings.Fields(words)...)...)
	cmd.Dir = gen
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, name := range made {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what go generate ./circuit/eval/kernel makes", name)
		}
	}
}
