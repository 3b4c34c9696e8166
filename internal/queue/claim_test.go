package queue

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A folder with files of another job is refused before any work, and says which job; the job's own goes on.
func TestFolderOfAnotherJob(t *testing.T) {
	s := serve(t, t.TempDir())
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	first, into := sweepJob(3), t.TempDir()
	if err := coordinate(t, s.Link(), first, into); err != nil {
		t.Fatal(err)
	}
	other, counted, versioned, content := sweepJob(3), sweepJob(4), sweepJob(3), sweepJob(3)
	other.Args = []string{"--n=1..8"}
	versioned.Version = "tc0 v9"
	content.Subjects = []Subject{{"parity", goodDigest}}
	for want, j := range map[string]Job{
		"another job, tc0 sweep parity --n=1..9 --seed=7; name another folder with --into": other,
		"the same job cut into 3 shards, not 4; --shards=3 goes on with them":              counted,
		"another version, " + fakeVersion + ", and this is tc0 v9":                         versioned,
		"another job, the same command about models or files of other content":             content,
	} {
		if err := coordinate(t, Link{URL: "nats://127.0.0.1:1"}, j, into); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	expect(t, first, into, nil)
	w.stop()
	if err := coordinate(t, s.Link(), first, into); err != nil { // without a worker
		t.Error(err)
	}
	for _, text := range []string{"", `{"id":"x"}`} { // it does not say of which job
		if err := os.WriteFile(filepath.Join(into, claimFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		err := first.claimFolder(into)
		if want := "has files of shards and no job.json that says of which job"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	// A folder without files of shards may be had, whatever was there before.
	if err := os.RemoveAll(into); err != nil {
		t.Fatal(err)
	}
	for _, j := range []Job{first, other} {
		if err := j.claimFolder(into); err != nil {
			t.Error(err)
		}
	}
}

// What is read of a folder is a job that is allowed, and its own name.
func FuzzClaim(f *testing.F) {
	j := sweepJob(3)
	text, err := json.Marshal(claim{j.ID(), j})
	if err != nil {
		f.Fatal(err)
	}
	if c := readClaim(text); c == nil || c.ID != j.ID() {
		f.Fatalf("%s is read as %+v", text, c)
	}
	f.Add(text)
	f.Add([]byte(`{"id":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := readClaim(text)
		if c == nil {
			return
		}
		again, err := json.Marshal(c)
		if err != nil || c.Job.Check() != nil || readClaim(again) == nil {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// Files that are damaged, or are those of other shards, are made again.
func TestDamagedShards(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(5), t.TempDir()
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	w.stop()
	read := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join(into, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := read("0002-of-0005.jsonl")
	for name, text := range map[string][]byte{
		"0001-of-0005.jsonl": nil, "0002-of-0005.jsonl": good[:len(good)/2], "0003-of-0005.jsonl": good,
		"0004-of-0005.jsonl": append(read("0004-of-0005.jsonl"), 'x'),
	} {
		if err := os.WriteFile(filepath.Join(into, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c := &Coordinator{Read: readFake, Job: j, Into: into}
	if done, err := c.there(); err != nil || len(done) != 1 || !done[5] {
		t.Errorf("%v, %v; only 5 is whole", done, err)
	}
	var again team
	again.start(t, s.Link(), program(t, "ok"))
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}

// A command line can be given to a shell again.
func TestCommand(t *testing.T) {
	j := Job{Verb: "run", Subjects: []Subject{{Name: "most-frequent"}}, Input: "it's a b", Args: []string{"--seed=7"}}
	if got, want := j.Command(), `tc0 run most-frequent 'it'\''s a b' --seed=7`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
