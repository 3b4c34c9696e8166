package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/store"
	"github.com/tc0lab/tc0/compile/program"
	"github.com/tc0lab/tc0/internal/command"
	"github.com/tc0lab/tc0/internal/room"
	"github.com/tc0lab/tc0/internal/table"
)

type cacheCmd struct {
	Action string `arg:"" optional:"" help:"clear removes all circuits; without it the command lists them."`
}

func (cacheCmd) Help() string {
	return `A circuit that takes long to build is kept, and read the next time that any verb needs it. The key is the program
with all its numbers, the strategy, the basis and the version of tc0. A damaged entry is removed and built again.

Together they take at most 2 GB: what was not used for the longest time goes first. --no-cache does without, and
the environment variable TC0_CACHE names another folder.

Examples:

  tc0 cache
  tc0 cache clear
  tc0 stat words --no-cache
`
}

// cacheVariable is the environment variable that names another folder.
const cacheVariable = "TC0_CACHE"

// mostCached is how many bytes the cache may have.
const mostCached = 2e9

// cacheFolder is the folder of circuits of the user.
func cacheFolder() (*store.Folder, error) {
	if dir := os.Getenv(cacheVariable); dir != "" {
		return &store.Folder{Path: dir, Most: mostCached}, nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return &store.Folder{Path: filepath.Join(dir, "tc0", "circuits"), Most: mostCached}, nil
}

// cachedCircuits is the JSON of the cache.
type cachedCircuits struct {
	Folder  string        `json:"folder"`
	Entries []cachedEntry `json:"entries"`
	Bytes   int64         `json:"bytes"`
	Most    int64         `json:"most_bytes"`
	Removed int           `json:"removed,omitempty"`
}

type cachedEntry struct {
	File  string `json:"file"`
	Bytes int64  `json:"bytes"`
	Used  string `json:"used,omitempty"` // left out where times are
}

func (cmd *cacheCmd) Run(a *app) error {
	if cmd.Action != "" && cmd.Action != "clear" {
		return unknown("action on the cache", cmd.Action, []string{"clear"})
	}
	f, err := cacheFolder()
	if err != nil {
		return err
	}
	c := cachedCircuits{Folder: f.Path, Most: f.Most, Entries: []cachedEntry{}}
	if cmd.Action == "clear" {
		removed, err := f.Clear()
		if err != nil {
			return err
		}
		c.Removed = len(removed)
	}
	entries, err := f.Entries()
	if err != nil {
		return err
	}
	for _, e := range entries {
		entry := cachedEntry{File: e.File, Bytes: e.Bytes}
		if !a.flags.Deterministic {
			entry.Used = e.Used.Format(time.DateTime)
		}
		c.Entries, c.Bytes = append(c.Entries, entry), c.Bytes+e.Bytes
	}
	return a.show(c, func() { c.print(a, cmd.Action == "clear") }, true)
}

func (c *cachedCircuits) print(a *app, cleared bool) {
	if cleared {
		a.Printf("%s removed from %s\n", plural(c.Removed, "circuit"), c.Folder)
		return
	}
	a.Printf("%s\n", c.Folder)
	a.Printf("%s, %s of at most %s\n", plural(len(c.Entries), "circuit"), room.Text(c.Bytes), room.Text(c.Most))
	if len(c.Entries) == 0 {
		return
	}
	t := table.New("file | #bytes:, | last used")
	for _, e := range c.Entries {
		t.Row(e.File, e.Bytes, e.Used)
	}
	a.Table(t)
}

// cached is the place of the circuit of a subject in the cache. Its methods may be called on nil, which has no place.
type cached struct {
	a       *app
	folder  *store.Folder
	key     store.Key
	name    string
	seconds float64 // that reading took
}

// cached returns the place of the circuit of s; nil if it has none.
func (a *app) cached(s subject) *cached {
	if a.flags.NoCache || s.its().circuit != nil {
		return nil
	}
	return a.place(s.key(), s.name())
}

// place returns the place of a key, for a circuit of a name, or of none if nobody is to be told of reading it; nil if
// there is none.
func (a *app) place(key []byte, name string) *cached {
	if a == nil || a.flags.NoCache || key == nil {
		return nil
	}
	folder, err := cacheFolder()
	if err != nil { // nobody has a home here
		return nil
	}
	return &cached{a: a, folder: folder, key: store.NewKey(key), name: name}
}

// kept returns the circuit of a key from the cache, or else makes it.
func (c *common) kept(key []byte, make func() (*circuit.Circuit, error)) (*circuit.Circuit, error) {
	place := c.app.place(key, "")
	if built := place.get(); built != nil {
		return built, nil
	}
	built, err := make()
	if err == nil {
		place.put(built)
	}
	return built, err
}

// lower builds the circuit of a program of the subject, which may be another than its own, unless it is in the cache.
func (c *common) lower(
	ctx context.Context, p *program.Program, progress func(done, all, gates int),
) (*circuit.Circuit, error) {
	return c.kept(c.keyOf(p), func() (*circuit.Circuit, error) { return c.lowerAnew(ctx, p, progress) })
}

// meter tells what is done with the circuit, if it has a name.
func (c *cached) meter(doing, where string) *meter {
	if c.name == "" {
		return nil
	}
	return c.a.meter(doing + " " + c.name + where)
}

// get reads the circuit; nil if it is not there.
func (c *cached) get() *circuit.Circuit {
	if c == nil || !c.folder.Has(c.key) { // asking who made it takes longer
		return nil
	}
	maker, err := maker()
	if err != nil {
		return nil
	}
	m := c.meter("reading", " from the cache")
	defer m.end()
	start := time.Now()
	made, err := c.folder.Get(c.key.By(maker))
	var damaged *store.DamagedError
	if errors.As(err, &damaged) {
		c.a.note("tc0: %s", plain(damaged))
	}
	c.seconds = c.a.took(start)
	return made
}

// worthKeeping is how many gates and terms a circuit has that takes longer to build than to read, by far.
const worthKeeping = 200_000

// put keeps a circuit, if building it took long enough.
func (c *cached) put(made *circuit.Circuit) {
	if c == nil {
		return
	}
	size := made.Len()
	for s := range made.SumCount() {
		size += len(made.Refs(circuit.SumID(s)))
	}
	if size < worthKeeping {
		return
	}
	maker, err := maker()
	if err == nil {
		m := c.meter("keeping", " in the cache")
		err = c.folder.Put(c.key.By(maker), made)
		m.end()
	}
	if err != nil {
		c.a.note("tc0: the cache is not written: %s", plain(err))
	}
}

// maker is the version of the program, or else the digest of its executable file: a program of another version may
// make other circuits.
var maker = sync.OnceValues(func() (string, error) {
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" && info.Main.Sum != "" {
			return v + " " + info.Main.Sum, nil
		}
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	return command.Digest(path)
})
