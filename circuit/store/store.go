// Package store keeps circuits in a folder, under keys that say what they were made of, so that they need not be made
// again.
//
// Several processes may use one folder. An entry is written beside its name and then renamed, so it is there whole or
// not at all. It is not trusted: it begins with its key, and the circuit in it has its checksum and is checked as any
// file is, by [circuit.Read]. The folder is bounded: what was not read for the longest time is removed first.
package store

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/scratch"
)

const (
	extension = ".entry"
	magic     = "tc0 cache 1\n"
)

// Folder is a folder of circuits.
type Folder struct {
	Path string
	Most int64 // bytes of all entries
}

// Key says what a circuit was made of, in two parts: what it is, and which program made it. Equal keys mean equal
// circuits.
type Key struct{ what, maker [sha256.Size]byte }

// NewKey returns the key of a circuit. What says what it is, whatever program makes it.
func NewKey(what []byte) Key { return Key{what: sha256.Sum256(what)} }

// By returns the key with the program that makes the circuit.
func (k Key) By(maker string) Key {
	k.maker = sha256.Sum256([]byte(maker))
	return k
}

// prefix begins the names of entries for one circuit by any program.
func (k Key) prefix() string { return hex.EncodeToString(k.what[:16]) + "-" }

func (k Key) file() string { return k.prefix() + hex.EncodeToString(k.maker[:8]) + extension }

// head is what an entry begins with.
func (k Key) head() []byte { return slices.Concat([]byte(magic), k.what[:], k.maker[:]) }

// Has reports whether there is an entry for the circuit, by whatever program.
func (f *Folder) Has(k Key) bool {
	names, _ := filepath.Glob(filepath.Join(f.Path, k.prefix()+"*"+extension))
	return len(names) > 0
}

// DamagedError says that an entry was not what it should be. It is removed.
type DamagedError struct {
	File string
	Err  error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("%s: a damaged entry of the cache, which is removed: %v", e.File, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// Get returns the circuit of a key, or nil if there is none. Errors: a [*DamagedError].
func (f *Folder) Get(k Key) (*circuit.Circuit, error) {
	path := filepath.Join(f.Path, k.file())
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	c, err := read(file, err, k)
	if err != nil {
		return nil, &DamagedError{path, cmp.Or(os.RemoveAll(path), err)}
	}
	now := time.Now()
	_ = os.Chtimes(path, now, now) // in a folder that cannot be written it is not used less
	return c, nil
}

func read(file *os.File, err error, k Key) (*circuit.Circuit, error) {
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, cmp.Or(err, errors.New("it is no file"))
	}
	r := bufio.NewReaderSize(file, 1<<20)
	head := make([]byte, len(k.head()))
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	if !bytes.Equal(head, k.head()) {
		return nil, errors.New("it has another key")
	}
	return circuit.Read(r)
}

// Put keeps a circuit. One that would take more than half of the folder is not kept.
func (f *Folder) Put(k Key, c *circuit.Circuit) error {
	if err := os.MkdirAll(f.Path, 0o700); err != nil {
		return err
	}
	file, err := scratch.Create(filepath.Join(f.Path, k.file()), 0o600)
	if err != nil {
		return err
	}
	w := &limited{w: file, left: f.Most / 2}
	b := bufio.NewWriterSize(w, 1<<20)
	b.Write(k.head())
	err = cmp.Or(c.Write(b), b.Flush())
	if errors.Is(err, errLarge) {
		file.Drop()
		return nil
	}
	if err != nil {
		file.Drop()
		return err
	}
	if err := file.Keep(); err != nil {
		return err
	}
	return f.shrink(k.file())
}

var errLarge = errors.New("store: the circuit is too large to keep")

// limited ends writing what is too large.
type limited struct {
	w    io.Writer
	left int64
}

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= int64(len(p)); l.left < 0 {
		return 0, errLarge
	}
	return l.w.Write(p)
}

// Entry is an entry of a folder.
type Entry struct {
	File  string
	Bytes int64
	Used  time.Time // when it was written or last read
}

// Entries lists the entries, the last used first.
func (f *Folder) Entries() ([]Entry, error) {
	files, err := os.ReadDir(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, file := range files {
		info, err := file.Info()
		if err != nil || !strings.HasSuffix(file.Name(), extension) { // another process may have removed it
			continue
		}
		entries = append(entries, Entry{file.Name(), info.Size(), info.ModTime()})
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(a.File, b.File))
	})
	return entries, nil
}

// shrink removes what was used last the longest ago, until the rest fits. The new entry stays.
func (f *Folder) shrink(added string) error {
	entries, err := f.Entries()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.File == added })
	if i > 0 {
		entry := entries[i]
		entries = slices.Insert(slices.Delete(entries, i, i+1), 0, entry)
	}
	total := int64(0)
	for _, e := range entries {
		if total += e.Bytes; total > f.Most {
			if err := f.remove(e); err != nil {
				return err
			}
			total -= e.Bytes
		}
	}
	return nil
}

func (f *Folder) remove(e Entry) error {
	err := os.Remove(filepath.Join(f.Path, e.File))
	if errors.Is(err, fs.ErrNotExist) { // another process was as fast
		return nil
	}
	return err
}

// Clear removes all entries, and returns those that it removed.
func (f *Folder) Clear() ([]Entry, error) {
	entries, err := f.Entries()
	for i, e := range entries {
		if err := f.remove(e); err != nil {
			return entries[:i], err
		}
	}
	return entries, err
}
