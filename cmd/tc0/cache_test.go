package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// heavy is a circuit that is kept, with as many gates and terms as that takes.
const heavy = "attention:n=20"

// entries are the files in the cache.
func entries(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(os.Getenv(cacheVariable), "*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Verbs print and write the same without the cache, when they fill it and when they read it.
func TestCacheChangesNothing(t *testing.T) {
	t.Setenv(cacheVariable, filepath.Join(t.TempDir(), "circuits"))
	dir := t.TempDir()
	for _, line := range []string{
		"stat " + heavy,
		"build " + heavy + " -o " + filepath.Join(dir, "c.tc0"),
		"eval " + heavy + " --in " + filepath.Join(dir, "in.txt"),
		"restrict " + heavy + " --trials 1",
	} {
		in := strings.Repeat("0", 20*4*3) + "\n"
		if err := os.WriteFile(filepath.Join(dir, "in.txt"), []byte(in), 0o666); err != nil {
			t.Fatal(err)
		}
		var first, wrote string
		for i, more := range []string{"--no-cache", "", ""} {
			args := append(strings.Fields(line), "--deterministic", "--json")
			if more != "" {
				args = append(args, more)
			}
			status, text, notes := try(t, args...)
			if status != statusHolds {
				t.Fatalf("%s: status %d, %s", line, status, notes)
			}
			file, _ := os.ReadFile(filepath.Join(dir, "c.tc0"))
			if i == 0 {
				first, wrote = text, string(file)
			} else if text != first || string(file) != wrote {
				t.Errorf("%s: run %d prints or writes something else", line, i)
			}
		}
		if n := len(entries(t)); n != 1 {
			t.Errorf("%s: %d entries", line, n)
		}
	}
}

// Verbs that build many circuits read them from the cache, too: a damaged one is told, and nothing else changes.
func TestCacheOfMany(t *testing.T) {
	for _, line := range []string{
		"sweep attention --n 2,20",
		"frontier " + heavy + " --strategies min-depth,balanced",
		"unroll attention --steps 1,20 --n steps",
	} {
		t.Setenv(cacheVariable, filepath.Join(t.TempDir(), "circuits"))
		run := func(more ...string) (text, notes string) {
			t.Helper()
			status, text, notes := try(t, append(append(strings.Fields(line), "--deterministic", "--json"), more...)...)
			if status == statusBad {
				t.Fatalf("%s: status %d, %s", line, status, notes)
			}
			return text, notes
		}
		without, _ := run("--no-cache")
		if n := len(entries(t)); n != 0 {
			t.Errorf("%s: %d entries without the cache", line, n)
		}
		filled, _ := run()
		kept := entries(t)
		if filled != without || len(kept) == 0 {
			t.Errorf("%s: %d entries, and it prints the same: %v", line, len(kept), filled == without)
			continue
		}
		read, notes := run()
		if read != without || notes != "" || len(entries(t)) != len(kept) {
			t.Errorf("%s: read, it prints the same: %v, and %q", line, read == without, notes)
		}
		file, err := os.ReadFile(kept[0])
		if err != nil {
			t.Fatal(err)
		}
		file[len(file)/2] ^= 1
		if err := os.WriteFile(kept[0], file, 0o600); err != nil {
			t.Fatal(err)
		}
		if again, notes := run(); again != without || !strings.Contains(notes, "a damaged entry of the cache") {
			t.Errorf("%s: %q", line, notes)
		}
	}
}

func TestCacheVerb(t *testing.T) {
	t.Setenv(cacheVariable, filepath.Join(t.TempDir(), "circuits"))
	list := func(args ...string) (c cachedCircuits) {
		t.Helper()
		status, text, notes := try(t, append([]string{"cache", "--json"}, args...)...)
		if err := json.Unmarshal([]byte(text), &c); err != nil || status != statusHolds {
			t.Fatalf("%d, %v: %s%s", status, err, text, notes)
		}
		return c
	}
	if c := list(); len(c.Entries) != 0 || c.Folder != os.Getenv(cacheVariable) || c.Most != mostCached {
		t.Errorf("%+v", c)
	}
	for range 2 {
		if status, _, notes := try(t, "stat", heavy); status != statusHolds || notes != "" {
			t.Fatalf("%d, %s", status, notes)
		}
	}
	if _, _, notes := try(t, "stat", "attention:n=2"); notes != "" {
		t.Error(notes)
	}
	c := list()
	if len(c.Entries) != 1 || c.Bytes < 100_000 || c.Bytes != c.Entries[0].Bytes {
		t.Fatalf("%+v", c)
	}

	// A damaged one is told, removed and made again.
	path := filepath.Join(c.Folder, c.Entries[0].File)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file[len(file)/2] ^= 1
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	status, text, notes := try(t, "stat", heavy, "--json", "--deterministic")
	if status != statusHolds || strings.Count(notes, "\n") != 1 || !strings.Contains(notes, "a damaged entry of the cache") {
		t.Errorf("%d, %q", status, notes)
	}
	if _, again, notes := try(t, "stat", heavy, "--json", "--deterministic"); again != text || notes != "" {
		t.Errorf("then %q", notes)
	}
	if c := list("clear"); c.Removed != 1 || len(c.Entries) != 0 || len(entries(t)) != 0 {
		t.Errorf("%+v", c)
	}
	if status, _, notes := try(t, "cache", "clean"); status != statusBad || !strings.Contains(notes, `unknown action on the cache "clean"`) {
		t.Errorf("%d, %s", status, notes)
	}
}

// What differs in the weights alone has another key.
func TestKeysDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, line := range []string{
		"mlp:n=3", "mlp:n=4", "mlp:n=3,seed=2", "mlp:n=3,strategy=min-size", "mlp:n=3,basis=MAJ", "glu:n=3", "parity:n=4", "parity:n=5",
		"most-frequent", "adder",
	} {
		a := &app{ctx: t.Context(), stderr: os.Stderr}
		a.flags.Quiet = true
		s, err := a.openMember(target{Subject: line})
		if err != nil {
			t.Fatal(err)
		}
		key := string(s.key())
		if other, is := seen[key]; is || len(key) == 0 {
			t.Errorf("%s has the key of %s", line, other)
		}
		seen[key] = line
		again, err := a.openMember(target{Subject: line})
		if err != nil || string(again.key()) != key {
			t.Errorf("%s has two keys, %v", line, err)
		}
	}
}
