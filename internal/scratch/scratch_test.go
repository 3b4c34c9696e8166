package scratch

import (
	"errors"
	"io/fs"
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

// makers are the ways to make a file: as the system does it, with a name, and without one where nobody
// may give it a name later, which a copy stands for.
var makers = map[string]func(path string, mode fs.FileMode) (*File, error){
	"usual": Create,
	"named": named,
	"copied": func(path string, mode fs.FileMode) (*File, error) {
		f, err := os.CreateTemp(os.TempDir(), "")
		if err == nil {
			err = os.Remove(f.Name()) // such a file can be given no name any more
		}
		return &File{f, path, mode, ""}, err
	},
}

func TestFileIsThereWhenItIsKept(t *testing.T) {
	for how, create := range makers {
		t.Run(how, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "a.txt")
			for _, text := range []string{"first", "another"} {
				f, err := create(path, 0o640)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := f.WriteString(text); err != nil {
					t.Fatal(err)
				}
				if before, _ := os.ReadFile(path); string(before) == text {
					t.Error("the file is there before it is kept")
				}
				if err := f.Keep(); err != nil {
					t.Fatal(err)
				}
				if got, err := os.ReadFile(path); err != nil || string(got) != text {
					t.Errorf("the file has %q, %v", got, err)
				}
			}
			if info, err := os.Stat(path); err != nil {
				t.Error(err)
			} else if mode := info.Mode().Perm(); mode&^0o640 != 0 || mode&0o600 != 0o600 {
				t.Errorf("permissions %v", mode)
			}
			if got := names(t, dir); got != "a.txt" {
				t.Errorf("the folder has %q", got)
			}
		})
	}
	if len(all.names) > 0 {
		t.Errorf("remembered: %v", all.names)
	}
}

func TestDroppedFileIsGone(t *testing.T) {
	for how, create := range makers {
		dir := t.TempDir()
		f, err := create(filepath.Join(dir, "a.txt"), 0o666)
		if err != nil {
			t.Fatal(err)
		}
		f.Drop()
		if got := names(t, dir); got != "" {
			t.Errorf("%s: the folder has %q", how, got)
		}
	}
}

// A folder is in the way, and the file cannot be kept.
func TestFileThatCannotBeKept(t *testing.T) {
	for how, create := range makers {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.txt")
		f, err := create(path, 0o666)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(path, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := f.Keep(); err == nil {
			t.Errorf("%s: no error", how)
		}
		if got := names(t, dir); got != "a.txt" {
			t.Errorf("%s: the folder has %q", how, got)
		}
	}
	if len(all.names) > 0 {
		t.Errorf("remembered: %v", all.names)
	}
}

func TestCreateWithoutFolder(t *testing.T) {
	_, err := Create(filepath.Join(t.TempDir(), "no", "a.txt"), 0o666)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

// TestClear removes a file under way and a folder with something in it.
func TestClear(t *testing.T) {
	var s set
	dir := t.TempDir()
	for _, name := range []string{"kept", "dropped", "folder"} {
		path := filepath.Join(dir, name)
		if err := s.begin(func() (string, error) {
			if name == "folder" {
				return path, os.MkdirAll(filepath.Join(path, "in", "it"), 0o777)
			}
			return path, os.WriteFile(path, nil, 0o666)
		}); err != nil {
			t.Fatal(err)
		}
	}
	s.end(filepath.Join(dir, "kept"))
	s.clear()
	if got := names(t, dir); got != "kept" {
		t.Errorf("the folder has %q", got)
	}
	if s.lock.TryLock() {
		t.Error("something could be made after that")
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	name, remove, err := Folder(dir, "a-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(name, "b"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if !all.names[name] {
		t.Error("the folder would not be cleared")
	}
	remove()
	if got := names(t, dir); got != "" || len(all.names) > 0 {
		t.Errorf("the folder has %q, and remembered are %v", got, all.names)
	}
	if _, _, err := Folder(filepath.Join(dir, "no"), "a-"); err == nil {
		t.Error("no error")
	}
}
