package queue

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// leave leaves a job on a server, as a coordinator does that is interrupted.
func leave(t *testing.T, l Link, j Job) {
	t.Helper()
	ctx, stop := context.WithCancel(tooltest.Context(t))
	done := make(chan error)
	go func() { done <- (&Coordinator{Read: readFake, Job: j, Into: t.TempDir(), Link: l}).Run(ctx) }()
	until(t, func() bool {
		status, err := Ask(t.Context(), l)
		if err != nil {
			return false
		}
		for _, one := range status.Jobs {
			if one.Job == j.ID() {
				return one.Waiting == j.Count
			}
		}
		return false
	})
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// One worker passes over the shards of jobs that it cannot do, says so of each once, and does others.
func TestPassesOver(t *testing.T) {
	s := serve(t, t.TempDir())
	version, subject := sweepJob(30), sweepJob(30)
	version.Version = "tc0 v9"
	subject.Subjects = []Subject{{"models/mine", goodDigest}}
	leave(t, s.Link(), version)
	leave(t, s.Link(), subject)
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	wants := []string{
		"job " + version.ID() + " needs tc0 v9, and this is " + fakeVersion,
		"this worker was not given models/mine, digest " + goodDigest + "; --subject gives it",
	}
	until(t, func() bool { return strings.Contains(w.says(), wants[0]) && strings.Contains(w.says(), wants[1]) })
	for seed := range 3 {
		j, into := sweepJob(20), t.TempDir()
		j.Args = []string{"--seed=" + string(rune('1'+seed))}
		if err := coordinate(t, s.Link(), j, into); err != nil {
			t.Fatal(err)
		}
		expect(t, j, into, nil)
	}
	status, err := Ask(t.Context(), s.Link())
	if err != nil || len(status.Jobs) != 2 || status.Jobs[0].Waiting != 30 || status.Jobs[1].Waiting != 30 {
		t.Errorf("%+v, %v", status, err)
	}
	// A job that is left does not keep a worker from being idle.
	idle := &Worker{Link: s.Link(), Program: program(t, "ok"), Idle: time.Millisecond}
	if err := idle.Run(tooltest.Context(t)); err != nil {
		t.Error(err)
	}
}

// A worker of one job does its shards only, and one of any job those of each.
func TestWorkerOfOneJob(t *testing.T) {
	s := serve(t, t.TempDir())
	left, mine, into := sweepJob(8), sweepJob(9), t.TempDir()
	leave(t, s.Link(), left)
	log := filepath.Join(t.TempDir(), "log")
	p := program(t, "log=all")
	p.Env = append(p.Env, fakeVar+"_FILE="+log)
	ctx, stop := context.WithCancel(tooltest.Context(t))
	done := make(chan error)
	go func() { done <- (&Worker{Link: s.Link(), Program: p, Job: mine.ID()}).Run(ctx) }()
	if err := coordinate(t, s.Link(), mine, into); err != nil {
		t.Fatal(err)
	}
	expect(t, mine, into, nil)
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	text, err := os.ReadFile(log)
	if n := strings.Count(string(text), "\n"); err != nil || n != 9 {
		t.Errorf("%d shards were begun, want 9: %v", n, err)
	}
	var each team
	each.start(t, s.Link(), program(t, "ok"))
	into = t.TempDir()
	if err := coordinate(t, s.Link(), left, into); err != nil {
		t.Fatal(err)
	}
	expect(t, left, into, nil)
}

// A worker says once that no server answers, and ends when it is idle for too long.
func TestNoServer(t *testing.T) {
	var said []string
	w := &Worker{
		Link: Link{URL: "nats://127.0.0.1:1"}, Program: program(t, "ok"), Idle: 2 * retry,
		Say: func(text string) { said = append(said, text) },
	}
	err := w.Run(tooltest.Context(t))
	if err == nil || !strings.HasPrefix(err.Error(), "nats://127.0.0.1:1: no server answered for 1s") {
		t.Errorf("%v", err)
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "nats://127.0.0.1:1: no server answers") {
		t.Errorf("it says %q", said)
	}
}

// What is no address of a server is refused at once.
func TestLinkCheck(t *testing.T) {
	for _, url := range []string{
		"", "nonsense", "http://127.0.0.1:4222", "127.0.0.1:4222", "nats://", "nats://:4222", "nats://h:0", "nats://h:70000",
		"nats://h:1,nonsense", "nats:h:1", "nats://%zz", "ws://h:1",
	} {
		l := Link{URL: url}
		if _, _, err := l.dial(tooltest.Context(t), "test"); err == nil || l.Check() == nil {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{"nats://h", "tls://h:4222", "nats://[::1]:4222,nats://10.0.0.1:4222"} {
		if err := (&Link{URL: url}).Check(); err != nil {
			t.Errorf("%q: %v", url, err)
		}
	}
	s := serve(t, t.TempDir())
	l := Link{URL: "nats://" + s.Address, Token: "of another server"}
	if _, _, err := l.dial(tooltest.Context(t), "test"); err == nil || !strings.Contains(err.Error(), "--token-file") {
		t.Errorf("another token: %v", err)
	}
}
