package room

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// limited sets the limit of the runtime for a test, as GOMEMLIMIT does.
func limited(t *testing.T, bytes int64) {
	t.Helper()
	before := debug.SetMemoryLimit(bytes)
	t.Cleanup(func() { debug.SetMemoryLimit(before) })
}

func TestBoundIsAShareOfTheLimit(t *testing.T) {
	limited(t, 1000<<20)
	if got, want := Bound().Bytes, int64(700<<20); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
	if by := Bound().By; by != "70 % of the 1.05 GB of GOMEMLIMIT" {
		t.Errorf("%q", by)
	}
	limited(t, math.MaxInt64)
	if l := Bound(); strings.Contains(l.By, "GOMEMLIMIT") || l.Bytes < 100<<20 || l.Bytes > system().Bytes {
		t.Errorf("without GOMEMLIMIT: %+v", l)
	}
}

// A limit that Tame sets is not taken for one that was given.
func TestTame(t *testing.T) {
	limited(t, math.MaxInt64)
	free := Bound()
	Tame()
	if set := debug.SetMemoryLimit(-1); set <= free.Bytes || set >= system().Bytes {
		t.Errorf("the runtime has the limit %d, with a bound of %d and %d in all", set, free.Bytes, system().Bytes)
	}
	if got := Bound(); got != free {
		t.Errorf("%+v, before %+v", got, free)
	}
	limited(t, 200<<20)
	Tame()
	if set := debug.SetMemoryLimit(-1); set != 200<<20 {
		t.Errorf("a limit that was set became %d", set)
	}
}

func TestAsk(t *testing.T) {
	limited(t, 200<<20) // 140 MiB may be used
	if err := Ask("a list", 60<<20); err != nil {
		t.Error(err)
	}
	err := Ask("a list", 150<<20)
	var short *Error
	if !errors.As(err, &short) || short.Need != 150<<20 || short.Bound.Bytes != 140<<20 {
		t.Fatalf("%v", err)
	}
	for _, want := range []string{"a list: this needs 157 MB", "and may have 147 MB of memory, 70 % of the 210 MB of GOMEMLIMIT"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
	if err := Ask("a list", math.MaxInt64); err == nil || !strings.Contains(err.Error(), "more than 9 EB") {
		t.Errorf("%v", err)
	}
}

// What is in use counts: parts that would fit alone do not fit together. Garbage does not count.
func TestAskCountsWhatIsInUse(t *testing.T) {
	limited(t, 200<<20)
	var kept [][]byte
	refused := false
	for range 10 {
		if Ask("a part", 40<<20) != nil {
			refused = true
			break
		}
		part := make([]byte, 40<<20)
		part[0] = 1
		kept = append(kept, part)
	}
	if !refused || len(kept) == 0 {
		t.Errorf("%d parts of 40 MiB within 140 MiB", len(kept))
	}
	kept = nil
	_ = kept
	if err := Ask("a part", 60<<20); err != nil {
		t.Errorf("after they were dropped: %v", err)
	}
}

func TestMustAndCatch(t *testing.T) {
	limited(t, 200<<20)
	f := func(bytes int64) (err error) {
		defer Catch(&err)
		Must("a list", bytes)
		return nil
	}
	if err := f(1); err != nil {
		t.Error(err)
	}
	var short *Error
	if err := f(1 << 40); !errors.As(err, &short) {
		t.Errorf("%v", err)
	}
	defer func() {
		if recover() != "another" {
			t.Error("another panic was caught")
		}
	}()
	_ = func() (err error) {
		defer Catch(&err)
		panic("another")
	}()
}

func TestProductAndSumEnd(t *testing.T) {
	for _, c := range []struct{ got, want int64 }{
		{Product(3, 4, 5), 60},
		{Product(1<<40, 1<<40, 0), 0},
		{Product(1<<40, 1<<40), math.MaxInt64},
		{Product(1<<40, 1<<40, 2), math.MaxInt64},
		{Sum(1, 2, 3), 6},
		{Sum(math.MaxInt64, 1), math.MaxInt64},
	} {
		if c.got != c.want {
			t.Errorf("%d, want %d", c.got, c.want)
		}
	}
}

func TestControlGroup(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  int64 // 0 for none
	}{
		"none":      {map[string]string{}, 0},
		"unlimited": {map[string]string{"proc/self/cgroup": "0::/a\n", "sys/fs/cgroup/a/memory.max": "max\n"}, 0},
		"version 2": {map[string]string{"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "5000\n"}, 5000},
		"the group around": {map[string]string{
			"proc/self/cgroup": "0::/a/b\n", "sys/fs/cgroup/a/b/memory.max": "5000\n", "sys/fs/cgroup/a/memory.max": "4000\n",
		}, 4000},
		"in a container": {map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "3000\n"}, 3000},
		"version 1": {map[string]string{
			"proc/self/cgroup": "5:cpu:/x\n4:memory:/a\n0::/\n",
			"sys/fs/cgroup/memory/a/memory.limit_in_bytes":    "2000\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes":      "9223372036854771712\n",
			"sys/fs/cgroup/memory/x/memory.limit_in_bytes":    "1\n",
			"sys/fs/cgroup/cpu/x/memory.limit_in_bytes":       "1\n",
			"sys/fs/cgroup/memory/unrelated/memory.other_max": "1\n",
		}, 2000},
	} {
		root := t.TempDir()
		for file, text := range c.files {
			path := filepath.Join(root, file)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := controlGroup(root)
		if ok != (c.want > 0) || got.Bytes != c.want {
			t.Errorf("%s: %+v, %v, want %d", name, got, ok, c.want)
		}
	}
}
