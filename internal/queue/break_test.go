package queue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// process starts a worker in a process of its own, and returns what kills it.
func process(t *testing.T, store, what, gate string) (kill func()) {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(tooltest.Context(t), path)
	cmd.Env = append(os.Environ(), workerVar+"="+store, fakeVar+"="+what, fakeVar+"_FILE="+gate, "TMPDIR="+t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	}
}

// What a worker had in work that is killed goes to another, and the program that it ran ends with it.
func TestKilledWorker(t *testing.T) {
	store := t.TempDir()
	s := serve(t, store)
	j, into := sweepJob(5), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, s.Link(), j, into) }()
	kill := process(t, store, "wait=all", filepath.Join(t.TempDir(), "never there"))
	running(t, s.Link(), 1)
	kill()
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}

// A program that the system kills has failed, and is run again.
func TestKilledProgram(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no signals are there")
	}
	s := serve(t, t.TempDir())
	var w team
	p := program(t, "die=3")
	p.Env = append(p.Env, fakeVar+"_FILE="+filepath.Join(t.TempDir(), "gate"))
	w.start(t, s.Link(), p)
	j, into := sweepJob(4), t.TempDir()
	if err := coordinate(t, s.Link(), j, into); err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
	want := "shard 3 of 4 of job " + j.ID() + " failed: it was killed, as the system does when memory is short: signal: killed"
	if w.says() != want {
		t.Errorf("it says %q, want %q", w.says(), want)
	}
}

// A server that ends, and begins again in the same folder, has the same address, token and queue. Workers and the
// coordinator go on; a shard that was done meanwhile is stored then.
func TestServerBeginsAgain(t *testing.T) {
	store, gate := t.TempDir(), filepath.Join(t.TempDir(), "gate")
	s := serve(t, store)
	j, into := sweepJob(20), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, s.Link(), j, into) }()
	var w team
	for range 3 {
		p := program(t, "wait=7,wait=8,big=8")
		p.Env = append(p.Env, fakeVar+"_FILE="+gate)
		w.start(t, s.Link(), p)
	}
	until(t, func() bool {
		status, err := Ask(t.Context(), s.Link())
		return err == nil && len(status.Jobs) == 1 && status.Jobs[0].Done == 18
	})
	s.Close()
	if err := os.WriteFile(gate, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	time.Sleep(retry) // the program ends, or does not: both are to be right
	again := serve(t, store)
	if again.Address != s.Address || again.Token != s.Token {
		t.Errorf("it is at %s, not %s, or has another token", again.Address, s.Address)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, func(shard int) int {
		if shard == 8 {
			return 200_000
		}
		return 10
	})
}

// A coordinator that is ended, and begun again, goes on: what was done meanwhile is not done again.
func TestCoordinatorBeginsAgain(t *testing.T) {
	s := serve(t, t.TempDir())
	j, into := sweepJob(6), t.TempDir()
	ctx, stop := context.WithCancel(tooltest.Context(t))
	done := make(chan error)
	go func() { done <- (&Coordinator{Read: readFake, Job: j, Into: into, Link: s.Link()}).Run(ctx) }()
	until(t, func() bool {
		status, err := Ask(t.Context(), s.Link())
		return err == nil && len(status.Jobs) == 1 && status.Jobs[0].Waiting == 6
	})
	stop()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	var w team
	w.start(t, s.Link(), program(t, "ok"))
	until(t, func() bool {
		status, err := Ask(t.Context(), s.Link())
		return err == nil && len(status.Jobs) == 1 && status.Jobs[0].Done == 6
	})
	w.stop()
	if err := coordinate(t, s.Link(), j, into); err != nil { // without a worker
		t.Fatal(err)
	}
	expect(t, j, into, nil)
	if err := coordinate(t, s.Link(), j, into); err != nil { // the files are there
		t.Fatal(err)
	}
}

// take takes messages as a worker does.
func take(t *testing.T, js jetstream.JetStream, job Job, n int) []jetstream.Msg {
	t.Helper()
	var all []jetstream.Msg
	until(t, func() bool {
		c, err := js.Consumer(t.Context(), workStream, consumerOf(job.ID()))
		if err != nil {
			return false
		}
		batch, err := c.Fetch(n-len(all), jetstream.FetchMaxWait(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		for m := range batch.Messages() {
			all = append(all, m)
		}
		return len(all) == n
	})
	return all
}

// What is delivered twice, and done twice, counts once: the first file that comes.
func TestDoubleDelivery(t *testing.T) {
	s := serve(t, t.TempDir())
	link := s.Link()
	js := dialled(t, link)
	j, into := sweepJob(2), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, link, j, into) }()
	var tasks []*Task
	for _, m := range take(t, js, j, 2) { // and nothing is heard of this worker
		task, err := Decode(m.Data())
		if err != nil {
			t.Fatal(err)
		}
		tasks = append(tasks, task)
	}
	again := take(t, js, j, 1) // what was silent for too long
	for _, m := range again {
		if meta, err := m.Metadata(); err != nil || meta.NumDelivered != 2 {
			t.Errorf("%+v, %v", meta, err)
		}
	}
	for i, size := range []int{10, 11, 12, 20_000} { // each is another file, the last one large
		for _, task := range tasks[:1+i%2] {
			args := task.command("")
			dir := t.TempDir()
			file := filepath.Join(dir, fmt.Sprintf("%04d-of-%04d.jsonl", task.Shard, task.Count))
			text := fakeShard(args[:len(args)-2], task.Shard, task.Count, size)
			if err := os.WriteFile(file, text, 0o666); err != nil {
				t.Fatal(err)
			}
			if err := send(t.Context(), js, task, "test"+strconv.Itoa(i), file); err != nil && !over(err) {
				t.Fatal(err)
			}
		}
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, func(shard int) int {
		if shard == tasks[0].Shard {
			return 10
		}
		return 11
	})
}

// A shard of which each worker dies is set aside in the end, although nobody says that it failed.
func TestWorkersThatAreLost(t *testing.T) {
	s := serve(t, t.TempDir())
	link := s.Link()
	js := dialled(t, link)
	j, into := sweepJob(1), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, link, j, into) }()
	for range lost {
		for _, m := range take(t, js, j, 1) {
			if err := m.Nak(); err != nil { // as if it had been silent for too long
				t.Fatal(err)
			}
		}
	}
	var w team
	w.start(t, link, program(t, "ok"))
	var aside *AsideError
	want := "20 workers took it, and nothing was heard of them again"
	if err := <-done; !errors.As(err, &aside) || len(aside.Faults) != 1 || aside.Faults[0].Why != want {
		t.Errorf("%v", err)
	}
}

// A worker that acknowledges and stores nothing loses no shard.
func TestAcknowledgedForNothing(t *testing.T) {
	s := serve(t, t.TempDir())
	link := s.Link()
	js := dialled(t, link)
	j, into := sweepJob(3), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, link, j, into) }()
	for _, m := range take(t, js, j, 2) {
		if err := m.DoubleAck(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var w team
	w.start(t, link, program(t, "ok"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}

// A worker that sends what is no result does not end the job: the shard is done again, and is set aside if that
// comes again and again.
func TestFalseResults(t *testing.T) {
	s := serve(t, t.TempDir())
	link := s.Link()
	js := dialled(t, link)
	j, into := sweepJob(8), t.TempDir()
	done := make(chan error)
	go func() { done <- coordinate(t, link, j, into) }()
	const digest = `"digest":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"`
	for i, m := range take(t, js, j, 7) {
		task, err := Decode(m.Data())
		if err != nil {
			t.Fatal(err)
		}
		file := fmt.Sprintf(`"file":"%04d-of-0008.jsonl"`, task.Shard)
		text := []string{
			"nonsense", "{}\n", `{"file":"../../evil",` + digest + "}\n", "{" + file + `,"size":1,` + digest + "}\n",
			"{" + file + `,"size":-1,` + digest + "}\n", "{" + file + `,"size":3,` + digest + `,"object":"none"}` + "\n",
			"{" + file + `,"size":1000000000000,` + digest + `,"object":"none"}` + "\n",
		}[i]
		if err := publish(t.Context(), js, task.ID(), doneSubject(task.ID(), task.Shard), []byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := m.Ack(); err != nil {
			t.Fatal(err)
		}
	}
	// Shards that the job does not have, and reports that are none.
	for _, subject := range []string{"9.done", "0.done", "x.done", "1.fail.x", "-1.fail.1", "1.other"} {
		if err := publish(t.Context(), js, j.ID(), "tc0.result."+j.ID()+"."+subject, []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	var w team
	w.start(t, link, program(t, "ok"))
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	expect(t, j, into, nil)
}
