package queue

import (
	"errors"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// A job that is cancelled is gone, another one stays, and who waits for it is told. Its folder needs no server for it.
func TestCancel(t *testing.T) {
	store := t.TempDir()
	s := serve(t, store)
	one, other := sweepJob(4), sweepJob(5)
	leave(t, s.Link(), one)
	leave(t, s.Link(), other)
	status, err := Ask(t.Context(), s.Link())
	if err != nil || len(status.Jobs) != 2 || status.Jobs[0].Command != "tc0 sweep parity --n=1..9 --seed=7" ||
		status.Jobs[0].Version != fakeVersion {
		t.Errorf("%+v, %v", status, err)
	}
	waits, told := make(chan error), make(chan bool, 1)
	c := &Coordinator{Read: readFake, Job: one, Into: t.TempDir(), Link: s.Link(), Progress: func(Progress) {
		select {
		case told <- true:
		default:
		}
	}}
	go func() { waits <- c.Run(tooltest.Context(t)) }()
	<-told // that it waits
	if err := Cancel(tooltest.Context(t), s.Link(), one.ID()); err != nil {
		t.Fatal(err)
	}
	if err := <-waits; err == nil || !strings.Contains(err.Error(), "another command has ended it") {
		t.Errorf("a job that was cancelled: %v", err)
	}
	if err := Cancel(tooltest.Context(t), s.Link(), "../x"); err == nil || !strings.Contains(err.Error(), "16 hexadecimal digits") {
		t.Errorf("%v", err)
	}
	s.Close()

	alone, err := Serve(Serving{Store: store, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	var used *InUseError
	if _, err := Serve(Serving{Store: store}); !errors.As(err, &used) || used.Address != s.Address ||
		!strings.Contains(err.Error(), "--nats nats://"+s.Address+" --token-file ") {
		t.Errorf("two servers of one folder: %v", err)
	}
	if err := Cancel(tooltest.Context(t), alone.Inside(), other.ID()); err != nil {
		t.Fatal(err)
	}
	if status, err := Ask(t.Context(), alone.Inside()); err != nil || len(status.Jobs) != 0 {
		t.Errorf("%+v, %v", status, err)
	}
	if err := Cancel(tooltest.Context(t), alone.Inside(), other.ID()); err == nil || !strings.Contains(err.Error(), "there is no job") {
		t.Errorf("twice: %v", err)
	}
}
