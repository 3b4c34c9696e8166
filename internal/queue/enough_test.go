package queue

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// A shard that decides the whole ends the job: those that wait are not done, and one that is in work is given up.
func TestEnough(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(40), t.TempDir()
	j.Verb, j.Args, j.Subjects = decidable, []string{"--cubes=8"}, []Subject{{Name: "parity"}, {Name: "majority"}}
	began := filepath.Join(t.TempDir(), "began")
	p := program(t, "log=1,never=1,wait=2,enough=2") // shard 2 waits until shard 1 has begun
	p.Env = append(p.Env, fakeVar+"_FILE="+began)
	var all team
	all.start(t, s.Link(), p)
	all.start(t, s.Link(), p)
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(into, "0001-of-0040.jsonl")); err == nil {
		t.Error("a shard that never ends is done")
	}
	if _, err := os.Stat(filepath.Join(into, "0002-of-0040.jsonl")); err != nil {
		t.Error(err)
	}
	for busy := true; busy; time.Sleep(50 * time.Millisecond) { // the test has a bound on its time
		status, err := Ask(tooltest.Context(t), s.Link())
		if err != nil || len(status.Jobs) != 0 {
			t.Fatalf("%+v, %v", status, err)
		}
		busy = false
		for _, w := range status.Workers {
			busy = busy || w.Shard != 0
		}
	}
	// The folder says so, too, whoever looks into it next.
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Error(err)
	}
}

// Of other verbs no shard is enough, whoever says so.
func TestNotEnough(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(4), t.TempDir()
	var all team
	all.start(t, s.Link(), program(t, "enough=1"))
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(into, "*"+extension))
	if err != nil || len(files) != j.Count {
		t.Errorf("%v, %v", files, err)
	}
}
