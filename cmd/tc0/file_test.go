package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// names lists a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return strings.Join(list, " ")
}

func TestWriteFileIsWholeOrNot(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.txt")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a := &app{ctx: ctx}
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	if n, err := a.writeFile(path, text("first")); err != nil || n != 5 {
		t.Fatalf("%d bytes, %v", n, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	if _, err := a.writeFile(path, func(w io.Writer) error {
		_, _ = w.Write(make([]byte, 1<<20))
		return broken
	}); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if _, err := a.writeFile(path, text("second")); err != nil {
		t.Error(err)
	}
	if _, err := a.writeFile(path, func(w io.Writer) error {
		cancel()
		_, err := w.Write(make([]byte, 1<<20))
		return err
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "second" {
		t.Errorf("the file has %q, %v", got, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file has other permissions: %v, %v", info.Mode(), err)
	}
	if got := names(t, dir); got != "a.txt" {
		t.Errorf("the folder has %q", got)
	}
}

func TestWriteFileNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	a := &app{ctx: context.Background()}
	nothing := func(io.Writer) error { return nil }
	for _, path := range []string{dir, filepath.Join(dir, "no", "a.txt")} {
		if _, err := a.writeFile(path, nothing); err == nil ||
			!strings.HasPrefix(err.Error(), path+": cannot be written: ") {
			t.Errorf("%s: error %v", path, err)
		}
	}
	if got := names(t, dir); got != "" {
		t.Errorf("the folder has %q", got)
	}
}
