package queue

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// sweepJob is a job for the fake program.
func sweepJob(count int) Job {
	return Job{
		Version: fakeVersion, Verb: "sweep", Subjects: []Subject{{Name: "parity"}}, Args: []string{"--n=1..9", "--seed=7"}, Count: count,
	}
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

// dialled is a link to a server that lasts as long as the test.
func dialled(t *testing.T, link Link) jetstream.JetStream {
	t.Helper()
	conn, js, err := link.dial(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return js
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
	ends []context.CancelFunc
	wait sync.WaitGroup
}

// stop ends them.
func (w *team) stop() {
	for _, end := range w.ends {
		end()
	}
	w.wait.Wait()
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
	w.ends = append(w.ends, stop)
	t.Cleanup(w.stop)
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
	c := &Coordinator{Read: readFake, Job: j, Into: into, Link: l, Silence: 2 * time.Second}
	return c.Run(tooltest.Context(t))
}

// expect compares the files of a job with those that one process makes, but for some.
func expect(t *testing.T, j Job, into string, size func(shard int) int, without ...int) {
	t.Helper()
	missing := map[int]bool{}
	for _, shard := range without {
		missing[shard] = true
	}
	entries, err := filepath.Glob(filepath.Join(into, "*.jsonl"))
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
	until(t, func() bool {
		status, err := Ask(t.Context(), s.Link())
		return err == nil && len(status.Jobs) == 0 && len(status.Workers) == 3
	})
	if w.says() != "" {
		t.Errorf("workers say %s", w.says())
	}
}

// A shard that panics, eats memory, complains or makes nothing is set aside, and why is said. The rest goes on.
func TestPoisonedShards(t *testing.T) {
	poison := map[int]string{
		2: "exit status 2: panic: poisoned", 6: "exit status 2: tc0: parity:n=6: no such circuit",
		8: "it ended well and made no file 8 of 9",
	}
	what := "panic=2,bad=6,nothing=8"
	if runtime.GOOS == "linux" {
		poison[5] = "memory"
		what += ",memory=5"
	}
	s := serve(t, t.TempDir())
	var w team
	for range 2 {
		p := program(t, what)
		p.Time, p.Memory = time.Hour, 512e6
		w.start(t, s.Link(), p)
	}
	j, into := sweepJob(9), t.TempDir()
	err := coordinate(t, s.Link(), j, into)
	var aside *AsideError
	if !errors.As(err, &aside) || aside.Count != 9 || len(aside.Faults) != len(poison) {
		t.Fatalf("%+v, %v", aside, err)
	}
	for _, f := range aside.Faults {
		if !strings.HasPrefix(f.Why, poison[f.Shard]) || poison[f.Shard] == "" {
			t.Errorf("shard %d: %q, want %q", f.Shard, f.Why, poison[f.Shard])
		}
		line := fmt.Sprintf("shard %d of 9 of job %s failed: ", f.Shard, j.ID())
		if n := strings.Count(w.says(), line); n != Failures {
			t.Errorf("shard %d failed %d times, want %d", f.Shard, n, Failures)
		}
	}
	if !strings.Contains(err.Error(), "of 9 shards failed 3 times each and are set aside; shard 2: exit status 2: panic: poisoned; shard ") {
		t.Errorf("%v", err)
	}
	var without []int
	for shard := range poison {
		without = append(without, shard)
	}
	expect(t, j, into, nil, without...)

	// The same job, begun again where nothing is poisoned, does just these.
	var healthy team
	w.stop()
	healthy.start(t, s.Link(), program(t, "ok"))
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}

// A shard that never ends is set aside, and the rest goes on.
func TestEndlessShard(t *testing.T) {
	s := serve(t, t.TempDir())
	var w team
	p := program(t, "never=2")
	p.Time = 2 * time.Second
	w.start(t, s.Link(), p)
	j, into := sweepJob(3), t.TempDir()
	err := coordinate(t, s.Link(), j, into)
	want := "1 of 3 shards failed 3 times and is set aside; shard 2: time: it did not end in 2s"
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	expect(t, j, into, nil, 2)
}

// What is said of memory tells it from other faults, also where the runtime has no page left to say so.
func TestWhyMemory(t *testing.T) {
	for _, test := range []struct {
		says   string
		memory int64
		want   string
	}{
		{"fatal error: runtime: out of memory", 512e6, "memory: it needs more than 512 MB: fatal error: runtime: out of memory"},
		{
			"SIGSEGV: segmentation violation\nPC=0x4", 512e6,
			"memory, it seems: it crashes, where it may have 512 MB: SIGSEGV: segmentation violation",
		},
		{"SIGSEGV: segmentation violation\nPC=0x4", 0, "exit status 2: SIGSEGV: segmentation violation"},
	} {
		p := Program{Memory: test.memory}
		if err := p.why(&child.Result{Err: []byte(test.says), Status: 2}, nil); err == nil || err.Error() != test.want {
			t.Errorf("of %q it says %v, want %s", test.says, err, test.want)
		}
	}
}

// A worker that is stopped gives its shard back at once: no silence would end in the time of this test.
func TestStoppedWorkerGivesBack(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(1), t.TempDir()
	c := &Coordinator{Read: readFake, Job: j, Into: into, Link: s.Link(), Silence: 24 * time.Hour}
	done := make(chan error)
	go func() { done <- c.Run(tooltest.Context(t)) }()
	var first, second team
	stop := first.start(t, s.Link(), program(t, "never=1"))
	running(t, s.Link(), 1)
	stop()
	first.wait.Wait()
	second.start(t, s.Link(), program(t, "ok"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}

// until waits for a condition.
func until(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(tooltest.Limit(t)); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it never comes")
		}
	}
}

// running waits until so many shards are in work.
func running(t *testing.T, l Link, n int) (s *Status) {
	t.Helper()
	until(t, func() (ok bool) {
		var err error
		s, err = Ask(t.Context(), l)
		return err == nil && len(s.Jobs) == 1 && s.Jobs[0].Running == n
	})
	return s
}

// A worker whose disk is full is no fault of the shard: another one does it.
func TestFullDisk(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(3), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, s.Link(), j, into) }()
	var full, other team
	full.start(t, s.Link(), program(t, "full=all"))
	until(t, func() bool { return strings.Count(full.says(), "no space left on device") > Failures })
	other.start(t, s.Link(), program(t, "ok"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}

// A model folder is the worker's own, of the digest that the job states, and has the name that it has in the job.
func TestGivenSubject(t *testing.T) {
	mine, other := t.TempDir(), t.TempDir()
	for dir, text := range map[string]string{mine: "{}", other: "{ }"} {
		if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	digest, err := Digest(mine)
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, t.TempDir())
	j, into := sweepJob(2), t.TempDir()
	j.Subjects = []Subject{{"models/of mine", digest}}
	done := make(chan error)
	go func() { done <- coordinate(t, s.Link(), j, into) }()
	var without, with team
	without.start(t, s.Link(), program(t, "ok"), other)
	want := "this worker was not given models/of mine, digest " + digest
	until(t, func() bool { return strings.Contains(without.says(), want) })
	with.start(t, s.Link(), program(t, "ok"), other, mine)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)

	// What was given and has changed since is refused.
	at, changed := t.TempDir(), map[string]string{digest: other}
	if err := j.lay(at, changed); err == nil || !strings.Contains(err.Error(), "has changed since this worker began") {
		t.Errorf("%v", err)
	}
}

// A worker of another version takes no shard.
func TestOtherVersion(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(1), t.TempDir()
	j.Version = "tc0 v9"
	ctx, stop := context.WithCancel(tooltest.Context(t))
	done := make(chan error)
	go func() { done <- (&Coordinator{Read: readFake, Job: j, Into: into, Link: s.Link()}).Run(ctx) }()
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	want := "job " + j.ID() + " needs tc0 v9, and this is " + fakeVersion
	until(t, func() bool { return strings.Contains(w.says(), want) })
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	expect(t, j, into, nil, 1)
}

// A command that is wrong ends, and is not tried with every shard.
func TestBadUse(t *testing.T) {
	s := serve(t, t.TempDir())
	var w team
	w.start(t, s.Link(), program(t, "wrong=all"))
	var use *UseError
	err := coordinate(t, s.Link(), sweepJob(1000), t.TempDir())
	if !errors.As(err, &use) || use.Why != `unknown subject "parity"` {
		t.Errorf("%v", err)
	}
	if n := strings.Count(w.says(), "failed"); n > 100*Failures {
		t.Errorf("%d shards were tried", n/Failures)
	}
	status, err := Ask(t.Context(), s.Link())
	if err != nil || len(status.Jobs) > 0 {
		t.Errorf("after the job: %+v, %v", status, err)
	}
}

func TestAsideError(t *testing.T) {
	e := &AsideError{Count: 99}
	for shard := 1; shard <= 40; shard++ {
		why := "time"
		if shard > 12 {
			why = fmt.Sprint("panic ", shard/5)
		}
		e.Faults = append(e.Faults, Fault{shard, "w", why})
	}
	want := "40 of 99 shards failed 3 times each and are set aside; shards 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, …: time; " +
		"shards 13, 14: panic 2; shards 15, 16, 17, 18, 19: panic 3; shards 20, 21, 22, 23, 24: panic 4; " +
		"shards 25, 26, 27, 28, 29: panic 5; and for 3 more reasons"
	if e.Error() != want {
		t.Errorf("%v\nwant %s", e, want)
	}
}
