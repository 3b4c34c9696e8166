package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The site of this project has a page for each file of docs, and every link leads to what is there.
func TestSite(t *testing.T) {
	root, out := filepath.Join("..", ".."), t.TempDir()
	if err := write(root, out); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"docs/*.md", "*.md"} {
		sources, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, source := range sources {
			name, err := filepath.Rel(root, source)
			if err != nil {
				t.Fatal(err)
			}
			if name = filepath.ToSlash(name); !slices.Contains(order, name) {
				t.Errorf("%s is not in the list of pages", name)
			}
		}
	}
	index, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<a href="tutorial.html">tutorial</a>`, `src="docs/attention.svg"`, "<title>tc0 – tc0</title>"} {
		if !strings.Contains(string(index), want) {
			t.Errorf("the first page lacks %q", want)
		}
	}
	files := 0
	if err := filepath.WalkDir(out, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if files < len(order)+6 {
		t.Errorf("%d files, with %d pages", files, len(order))
	}
}

// A link that leads nowhere is an error that names page and link.
func TestDeadLink(t *testing.T) {
	root := t.TempDir()
	for _, source := range order {
		if err := put(filepath.Join(root, filepath.FromSlash(source)), []byte("# A page\n\n[there](gone.svg)\n")); err != nil {
			t.Fatal(err)
		}
	}
	err := write(root, t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "docs/tutorial.md: the link gone.svg leads to no file") {
		t.Error(err)
	}
}
