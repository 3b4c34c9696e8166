package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// sweepJob is a job for the fake program.
func sweepJob(count int) Job {
	return Job{fakeVersion, "sweep", []Subject{{Name: "parity"}}, []string{"--n=1..9", "--seed=7"}, count}
}

// serve starts a server.
func serve(t *testing.T, store string) *Server {
	t.Helper()
	s, err := Serve(Serving{Store: store})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// program is the fake one, with what is poisoned.
func program(t *testing.T, what string) Program {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return Program{Path: path, Env: []string{fakeVar + "=" + what}, Time: tooltest.Limit(t), Dir: t.TempDir()}
}

// team is workers that run until the test ends.
type team struct {
	lock sync.Mutex
	said []string
	wait sync.WaitGroup
}

// start starts a worker and returns what ends it.
func (w *team) start(t *testing.T, l Link, p Program, given ...string) context.CancelFunc {
	ctx, stop := context.WithCancel(tooltest.Context(t))
	worker := &Worker{Link: l, Program: p, Given: given, Say: func(text string) {
		w.lock.Lock()
		defer w.lock.Unlock()
		w.said = append(w.said, text)
	}}
	w.wait.Go(func() {
		if err := worker.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("a worker: %v", err)
		}
	})
	t.Cleanup(func() { stop(); w.wait.Wait() })
	return stop
}

func (w *team) says() string {
	w.lock.Lock()
	defer w.lock.Unlock()
	return strings.Join(w.said, "\n")
}

// coordinate has a job done, with a short silence.
func coordinate(t *testing.T, l Link, j Job, into string) error {
	t.Helper()
	c := &Coordinator{Job: j, Into: into, Link: l, Silence: 2 * time.Second}
	return c.Run(tooltest.Context(t))
}

// expect compares the files of a job with those that one process makes, but for some.
func expect(t *testing.T, j Job, into string, size func(shard int) int, without ...int) {
	t.Helper()
	missing := map[int]bool{}
	for _, shard := range without {
		missing[shard] = true
	}
	entries, err := os.ReadDir(into)
	if err != nil || len(entries) != j.Count-len(without) {
		t.Errorf("there are %d files, want %d; %v", len(entries), j.Count-len(without), err)
	}
	for shard := 1; shard <= j.Count; shard++ {
		name := filepath.Join(into, fmt.Sprintf("%04d-of-%04d.jsonl", shard, j.Count))
		got, err := os.ReadFile(name)
		if missing[shard] {
			if err == nil {
				t.Errorf("there is %s", name)
			}
			continue
		}
		task := Task{j, shard}
		args := task.command("")
		n := 10
		if size != nil {
			n = size(shard)
		}
		if want := fakeShard(args[:len(args)-2], shard, j.Count, n); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes, want %d; %v", name, len(got), len(want), err)
		}
	}
}

// Three workers do what one process does, a large file and one with a mismatch too.
func TestThreeWorkers(t *testing.T) {
	s := serve(t, t.TempDir())
	var w team
	for range 3 {
		w.start(t, s.Link(), program(t, "big=5,mismatch=7"))
	}
	j, into := sweepJob(40), t.TempDir()
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, func(shard int) int {
		if shard == 5 {
			return 200_000
		}
		return 10
	})
	status, err := Ask(t.Context(), s.Link())
	if err != nil || len(status.Jobs) > 0 || len(status.Workers) != 3 {
		t.Errorf("after the job: %+v, %v", status, err)
	}
	if w.says() != "" {
		t.Errorf("workers say %s", w.says())
	}
}
