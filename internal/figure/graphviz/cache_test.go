//go:build unix

package graphviz_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tc0lab/tc0/internal/figure/graphviz"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// asked says what this binary does when a test starts it anew: "import" nothing, "draw" a
// figure, or "full" the same where files cannot grow, as on a full disk.
const asked = "TC0_GRAPHVIZ_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(asked) {
	case "":
		os.Exit(m.Run())
	case "import":
		os.Exit(0)
	case "full":
		const bytes = 1 << 20
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: bytes, Max: bytes}); err != nil {
			panic(err)
		}
	}
	out, err := graphviz.Layout("digraph { a -> b }", "svg")
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(out)
	os.Exit(0)
}

// anew starts this binary with a folder for caches, or for "" without any, and returns what it
// prints.
func anew(t *testing.T, what, cache string) []byte {
	t.Helper()
	cmd := exec.CommandContext(tooltest.Context(t), os.Args[0])
	for _, v := range os.Environ() {
		if name, _, _ := strings.Cut(v, "="); name != "HOME" && name != "XDG_CACHE_HOME" && name != "TMPDIR" {
			cmd.Env = append(cmd.Env, v)
		}
	}
	temp := t.TempDir()
	cmd.Env = append(cmd.Env, asked+"="+what, "TMPDIR="+temp)
	if cache != "" {
		cmd.Env = append(cmd.Env, "XDG_CACHE_HOME="+cache)
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, out)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left in the folder for temporary files (%v)", left, err)
	}
	return out
}

// only returns the one file of a pattern.
func only(t *testing.T, pattern string) string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) != 1 {
		t.Fatalf("%s is %q (%v), want one file", pattern, names, err)
	}
	return names[0]
}

func do(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Whatever is in the place of the cache, the figure is drawn, and a cache that can be made is
// whole afterwards.
func TestAnyCache(t *testing.T) {
	cache := t.TempDir()
	if anew(t, "import", cache); len(entries(t, cache)) > 0 {
		t.Fatalf("an import has an effect: %v", entries(t, cache))
	}
	want := anew(t, "draw", cache)
	if !bytes.Contains(want, []byte("<svg")) {
		t.Fatalf("the figure is %s", want)
	}
	folder := only(t, filepath.Join(cache, "tc0/graphviz/*"))
	digest := only(t, filepath.Join(folder, "*.sha256"))
	code := strings.TrimSuffix(digest, ".sha256")
	whole, err := os.ReadFile(code)
	do(t, err)
	byteAt := func(i int) error { // another byte there
		damaged := bytes.Clone(whole)
		damaged[i] ^= 0x40
		return os.WriteFile(code, damaged, 0o600)
	}
	remove := func() error { return os.RemoveAll(folder) }
	for name, spoil := range map[string]func(){
		"sound":          func() {},
		"damaged header": func() { do(t, byteAt(18)) },
		"damaged code":   func() { do(t, byteAt(len(whole)/2)) },
		"damaged end":    func() { do(t, byteAt(len(whole)-1)) },
		"truncated":      func() { do(t, os.Truncate(code, int64(len(whole)/3))) },
		"foreign":        func() { do(t, os.WriteFile(code, []byte("a shopping list"), 0o600)) },
		"pipe":           func() { do(t, os.Remove(code), syscall.Mkfifo(code, 0o600)) },
		"pipe as digest": func() { do(t, os.Remove(digest), syscall.Mkfifo(digest, 0o600)) },
		"digest only":    func() { do(t, os.Remove(code)) },
		"folder":         func() { do(t, os.Remove(code), os.MkdirAll(filepath.Join(code, "in it"), 0o700)) },
		"dangling link":  func() { do(t, os.Remove(code), os.Symlink("nowhere", code)) },
		"pipe as folder": func() { do(t, remove(), syscall.Mkfifo(folder, 0o600)) },
		"file as the cache": func() {
			do(t, remove(), os.Remove(filepath.Dir(folder)), os.WriteFile(filepath.Dir(folder), nil, 0o600))
		},
		"link as the cache":  func() { do(t, remove(), os.Remove(filepath.Dir(folder)), os.Symlink("..", filepath.Dir(folder))) },
		"a file of its name": func() { do(t, os.WriteFile(filepath.Join(folder, "other"), []byte("x"), 0o600)) },
	} {
		t.Run(name, func(t *testing.T) {
			spoil()
			if got := anew(t, "draw", cache); !bytes.Equal(got, want) {
				t.Errorf("the figure is %s", got)
			}
			if left := entries(t, folder); len(left) != 2 {
				t.Errorf("the cache has %v", left)
			}
			data, err := os.ReadFile(code)
			do(t, err)
			sum, err := os.ReadFile(digest)
			do(t, err)
			if want := sha256.Sum256(data); hex.EncodeToString(want[:]) != string(sum) || len(data) < 1<<20 {
				t.Errorf("the cache of %d bytes has the digest %s, want %x", len(data), sum, want)
			}
		})
	}
}

func entries(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	list, err := os.ReadDir(dir)
	do(t, err)
	return list
}

// Without a cache, the figure is drawn, too.
func TestNoCache(t *testing.T) {
	readOnly, file, full := t.TempDir(), filepath.Join(t.TempDir(), "file"), t.TempDir()
	do(t, os.Chmod(readOnly, 0o500), os.WriteFile(file, nil, 0o600)) // the former is no bar to root
	for name, test := range map[string]struct{ what, cache string }{
		"no home":        {"draw", ""},
		"nothing there":  {"draw", "/dev/null/none"},
		"read-only":      {"draw", readOnly},
		"a file":         {"draw", file},
		"a full disk":    {"full", full},
		"full, no cache": {"full", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := anew(t, test.what, test.cache); !bytes.Contains(got, []byte("<svg")) {
				t.Errorf("the figure is %s", got)
			}
		})
	}
	if names, err := filepath.Glob(filepath.Join(full, "tc0/graphviz/*/*")); err != nil || len(names) > 0 {
		t.Errorf("on a full disk %q is left (%v)", names, err)
	}
}
