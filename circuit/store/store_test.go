package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tc0lab/tc0/circuit"
)

// conjunction is a circuit that grows with n.
func conjunction(t testing.TB, n int) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", n)
	for i := 1; i < n; i++ {
		b.Output(fmt.Sprintf("y%d", i), b.And(x[:i+1]...))
	}
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func written(t testing.TB, c *circuit.Circuit) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func key(what string) Key { return NewKey([]byte(what)).By("1") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPutAndGet(t *testing.T) {
	f := &Folder{filepath.Join(t.TempDir(), "a", "b"), 1 << 20}
	if c, err := f.Get(key("x")); c != nil || err != nil || f.Has(key("x")) {
		t.Errorf("%v, %v before anything is put", c, err)
	}
	c := conjunction(t, 20)
	must(t, f.Put(key("x"), c))
	got, err := f.Get(key("x"))
	if err != nil || !bytes.Equal(written(t, got), written(t, c)) {
		t.Errorf("another circuit, %v", err)
	}
	if c, err := f.Get(NewKey([]byte("x")).By("2")); c != nil || err != nil || !f.Has(NewKey([]byte("x"))) {
		t.Errorf("%v, %v of another program", c, err)
	}
	if c, err := f.Get(key("y")); c != nil || err != nil || f.Has(key("y")) {
		t.Errorf("%v, %v of another circuit", c, err)
	}
	entries, err := f.Entries()
	if err != nil || len(entries) != 1 || entries[0].Bytes < int64(len(written(t, c))) {
		t.Errorf("%v, %v", entries, err)
	}
	if removed, err := f.Clear(); len(removed) != 1 || err != nil || f.Has(key("x")) {
		t.Errorf("%v, %v", removed, err)
	}
}

// A damaged entry is an error that names the file, and is gone.
func TestDamaged(t *testing.T) {
	f := &Folder{t.TempDir(), 1 << 20}
	must(t, f.Put(key("x"), conjunction(t, 20)))
	must(t, f.Put(key("y"), conjunction(t, 20)))
	path := filepath.Join(f.Path, key("x").file())
	whole, err := os.ReadFile(path)
	must(t, err)
	other, err := os.ReadFile(filepath.Join(f.Path, key("y").file()))
	must(t, err)
	texts := map[string][]byte{"empty": nil, "more": append(bytes.Clone(whole), 0), "of another key": other}
	for _, at := range []int{0, len(magic) - 1, len(magic), len(magic) + 40, len(whole) / 2, len(whole) - 1} {
		text := bytes.Clone(whole)
		text[at] ^= 1
		texts[fmt.Sprint("bit at ", at)] = text
		texts[fmt.Sprint("cut at ", at)] = whole[:at]
	}
	for name, text := range texts {
		must(t, os.WriteFile(path, text, 0o600))
		c, err := f.Get(key("x"))
		var damaged *DamagedError
		if c != nil || !errors.As(err, &damaged) || damaged.File != path {
			t.Errorf("%s: %v, %v", name, c, err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: it is still there", name)
		}
	}
	must(t, os.Mkdir(path, 0o700))
	if c, err := f.Get(key("x")); c != nil || err == nil {
		t.Errorf("a folder: %v, %v", c, err)
	}
	must(t, f.Put(key("x"), conjunction(t, 3)))
}

// What was not read for the longest time goes first, and never the new one.
func TestBounded(t *testing.T) {
	c := conjunction(t, 20)
	size := int64(len(written(t, c)) + len(key("").head()))
	f := &Folder{t.TempDir(), 3*size + size/2}
	old := time.Now().Add(-time.Hour)
	for i, name := range []string{"a", "b", "c"} {
		must(t, f.Put(key(name), c))
		at := old.Add(time.Duration(i) * time.Minute)
		must(t, os.Chtimes(filepath.Join(f.Path, key(name).file()), at, at))
	}
	if got, err := f.Get(key("a")); got == nil || err != nil {
		t.Fatal(err)
	}
	must(t, f.Put(key("d"), c))
	for name, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if f.Has(key(name)) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	small := &Folder{t.TempDir(), 2*size - 2}
	must(t, small.Put(key("a"), c))
	if entries, err := small.Entries(); len(entries) > 0 || err != nil {
		t.Errorf("%v, %v: more than half of the folder", entries, err)
	}
}

// Many at a time put, get and clear; each gets a whole circuit or none.
func TestTogether(t *testing.T) {
	c := conjunction(t, 30)
	want := written(t, c)
	f := &Folder{t.TempDir(), 4 * int64(len(want))}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for k := range 20 {
				name := fmt.Sprint((i + k) % 5)
				if err := f.Put(key(name), c); err != nil {
					t.Error(err)
				}
				got, err := f.Get(key(name))
				if err != nil || got != nil && !bytes.Equal(written(t, got), want) {
					t.Errorf("%v", err)
				}
				if k%7 == 0 {
					if _, err := f.Clear(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
}

func FuzzGet(f *testing.F) {
	folder := &Folder{f.TempDir(), 1 << 20}
	if err := folder.Put(key("x"), conjunction(f, 5)); err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(folder.Path, key("x").file())
	whole, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:80])
	f.Fuzz(func(t *testing.T, file []byte) {
		folder := &Folder{t.TempDir(), 1 << 20}
		if err := os.WriteFile(filepath.Join(folder.Path, key("x").file()), file, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := folder.Get(key("x"))
		var damaged *DamagedError
		if (c == nil) != errors.As(err, &damaged) {
			t.Fatalf("%v, %v", c, err)
		}
		if c != nil && !bytes.HasSuffix(file, written(t, c)) {
			t.Fatal("a circuit that is not in the file")
		}
	})
}
