package queue

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Worker does shards, one at a time.
type Worker struct {
	Link    Link
	Program Program
	Given   []string      // paths of model folders and files, of which jobs may have the digests
	Idle    time.Duration // ends when there is nothing to do for so long; 0: never
	Say     func(string)  // what to tell the person who started it; may be nil

	Job string // the ID of the only job whose shards it does; "" for any

	version string
	given   map[string]string
	pass    map[string]time.Time // jobs that it cannot do, by ID, and until when it passes over them
	told    map[string]time.Time // what it said of troubles, and when
	work    jetstream.Stream     // nil until it is found
	last    string               // job
	conn    *nats.Conn
	js      jetstream.JetStream

	lock  sync.Mutex
	state State
}

// State is what a worker says of itself.
type State struct {
	Worker  string    `json:"worker"`
	Version string    `json:"version"`
	Job     string    `json:"job,omitempty"` // what it does; "" for nothing
	Shard   int       `json:"shard,omitempty"`
	Since   time.Time `json:"since"`
	Done    int       `json:"done"`
	Failed  int       `json:"failed"`
	Trouble string    `json:"trouble,omitempty"` // why it cannot do what it was given last
}

// lost is how many times a shard is delivered to workers of which nothing is heard again.
const lost = 20

// Run works until the context ends, which gives back what is not done, or until it is idle for too long.
//
// Errors: the cause of the end of the context; a program that does not run; given paths that cannot be read; and a
// server that does not let it in.
func (w *Worker) Run(ctx context.Context) (err error) {
	if w.version, err = w.Program.Version(ctx); err != nil {
		return err
	}
	if w.given, err = given(w.Given); err != nil {
		return err
	}
	sweep(w.Program.Dir)
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	w.state = State{Worker: fmt.Sprintf("%s-%d-%s", plain(host), os.Getpid(), rand.Text()[:4]), Version: w.version}
	w.pass, w.told = map[string]time.Time{}, map[string]time.Time{}
	began := time.Now()
	conn, js, err := w.Link.reach(ctx, w.state.Worker, func(err error) error {
		if w.Idle > 0 && time.Since(began) > w.Idle {
			return fmt.Errorf("no server answered for %v: %w", w.Idle, err)
		}
		w.trouble("%s: no server answers (%v); this worker waits for it", w.Link.URL, err)
		return nil
	})
	if err != nil {
		return err
	}
	defer conn.Close()
	w.conn, w.js = conn, js
	told := make(chan struct{})
	telling, stop := context.WithCancel(ctx)
	go func() { defer close(told); w.tell(telling) }()
	defer func() { stop(); <-told }()
	return w.loop(ctx)
}

// plain makes a part of a key of a text.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 128 && nameText.MatchString(string(r)) || r == '-' {
			return r
		}
		return '_'
	}, text)
}

// loop takes shards.
func (w *Worker) loop(ctx context.Context) error {
	busy := time.Now()
	wait := retry // after trouble
	for ctx.Err() == nil {
		if w.Idle > 0 && time.Since(busy) > w.Idle {
			w.say("nothing was to do for %v", w.Idle)
			return nil
		}
		if w.conn.IsClosed() {
			return fmt.Errorf("%s: the server does not let this worker in any more", w.Link.URL)
		}
		m, silence, err := w.next(ctx)
		if m == nil {
			if err != nil {
				if ctx.Err() == nil && !w.conn.IsConnected() {
					w.trouble("%s: no server answers; this worker waits for it", w.Link.URL)
				}
				_ = pause(ctx, retry) // no server, or no queue on it yet
			}
			continue
		}
		err = w.one(ctx, m, silence)
		var u *unableError
		if errors.As(err, &u) { // others can do it, and this worker can do other jobs
			w.pass[u.job] = time.Now().Add(passing)
			w.trouble("%v", err)
			continue
		}
		busy = time.Now()
		if err == nil {
			wait = retry
			continue
		}
		if ctx.Err() == nil {
			w.trouble("%v", err)
			_ = pause(ctx, wait)
			wait = min(2*wait, time.Minute)
		}
	}
	return context.Cause(ctx)
}

// unableError is that a worker cannot do a job, whatever shard of it, and others may.
type unableError struct {
	job string
	why error
}

func (e *unableError) Error() string { return e.why.Error() }
func (e *unableError) Unwrap() error { return e.why }

// one does the shard of a message and acknowledges it. The error is a trouble of this worker, not of the shard.
func (w *Worker) one(ctx context.Context, m jetstream.Msg, silence time.Duration) error {
	t, err := Decode(m.Data())
	if err == nil && m.Subject() != workSubject(t.ID(), t.Shard) {
		err = fmt.Errorf("the message is of another job or shard than its subject %.80q", m.Subject())
	}
	if err != nil {
		_ = m.TermWithReason("no task")
		w.say("refused: %v", err)
		return nil
	}
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	d := &delivery{Msg: m, task: t, meta: meta}
	if t.Version != w.version {
		return w.back(ctx, d, &unableError{t.ID(), fmt.Errorf("job %s needs %s, and this is %s", t.ID(), t.Version, w.version)})
	}
	r, err := w.known(ctx, t)
	if err != nil {
		return w.back(ctx, d, err)
	}
	if r.settled() {
		return w.end(ctx, m)
	}
	w.set(func(s *State) { s.Job, s.Shard, s.Since = t.ID(), t.Shard, time.Now() })
	defer w.set(func(s *State) { s.Job, s.Shard = "", 0 })
	alive, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go keep(alive, m, silence/3)
	go w.watch(alive, t, func() { stop(errEnded) })
	// Of each delivery but this one it is known what became of it, unless its worker died.
	if n := int(meta.NumDelivered) - 1 - r.fails - r.backs; n >= lost {
		err = failed("%d workers took it, and nothing was heard of them again", n)
	} else {
		err = w.Program.do(alive, t, w.given, func(file string) error { return send(ctx, w.js, t, w.name(), file) })
	}
	var f *failure
	switch {
	case err == nil:
		w.set(func(s *State) { s.Done++; s.Trouble = "" })
		return w.end(ctx, m)
	case over(err), ctx.Err() == nil && errors.Is(err, errEnded):
		_ = m.Term()
		return nil
	case ctx.Err() == nil && errors.As(err, &f):
		return w.fail(ctx, d, f)
	}
	return w.back(ctx, d, err)
}

// delivery is a shard that was given to this worker.
type delivery struct {
	jetstream.Msg
	task *Task
	meta *jetstream.MsgMetadata
}

// keep tells the server that a shard is in work.
func keep(ctx context.Context, m jetstream.Msg, every time.Duration) {
	for pause(ctx, every) == nil {
		_ = m.InProgress() // if the link is cut, the shard may go to another worker, too
	}
}

// errEnded is why a shard in work is given up: the job has ended, since it is decided or was cancelled.
var errEnded = errors.New("the job has ended")

// watch looks now and then whether the job of a shard in work is there, and calls ended once it is not.
func (w *Worker) watch(ctx context.Context, t *Task, ended func()) {
	for pause(ctx, 2*time.Second) == nil {
		ask, cancel := context.WithTimeout(ctx, short)
		_, err := w.js.Stream(ask, resultStream(t.ID()))
		cancel()
		if over(err) {
			ended()
			return
		}
	}
}

// known returns what the results have of a shard. A job that has ended has it settled.
func (w *Worker) known(ctx context.Context, t *Task) (r record, err error) {
	err = lasting(ctx, short, func(ctx context.Context) error {
		s, err := w.js.Stream(ctx, resultStream(t.ID()))
		if err != nil {
			return err
		}
		found, err := records(ctx, s, t.ID(), t.Shard)
		r = found[t.Shard]
		return err
	})
	if over(err) {
		return record{done: true}, nil
	}
	return r, err
}

// end acknowledges a message. Without an answer it is delivered again, and then found done.
func (w *Worker) end(ctx context.Context, m jetstream.Msg) error {
	ctx, cancel := context.WithTimeout(ctx, short)
	defer cancel()
	_ = m.DoubleAck(ctx)
	return nil
}

// fail notes that a shard failed, and gives it to others or, after the last time, to none.
func (w *Worker) fail(ctx context.Context, d *delivery, f *failure) error {
	t := d.task
	w.set(func(s *State) { s.Failed++ })
	w.say("shard %d of %d of job %s failed: %v", t.Shard, t.Count, t.ID(), f)
	data, err := json.Marshal(Fault{t.Shard, w.name(), f.why})
	if err != nil {
		return err
	}
	err = publish(ctx, w.js, t.ID(), eventSubject(t, "fail", d.meta), data)
	if over(err) {
		_ = d.Term()
		return nil
	}
	r := record{}
	if err == nil {
		r, err = w.known(ctx, t)
	}
	switch {
	case err != nil:
		return w.back(ctx, d, err)
	case r.settled():
		_ = d.TermWithReason("failed too often")
		return nil
	}
	return d.Nak()
}

// back gives a message back because of a trouble of this worker, or its end, which it returns.
func (w *Worker) back(ctx context.Context, d *delivery, trouble error) error {
	wait := time.Duration(0)
	if ctx.Err() == nil {
		wait = retry
		w.set(func(s *State) { s.Trouble = firstLine(trouble.Error()) })
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), retry)
	defer cancel()
	// So that it does not look like a worker that died. If it cannot be said, it does.
	_ = once(bye, w.js, eventSubject(d.task, "back", d.meta), []byte(w.name()))
	if err := d.NakWithDelay(wait); err != nil {
		return fmt.Errorf("%w; %w", trouble, err)
	}
	_ = w.conn.FlushWithContext(bye) // before the process ends
	return trouble
}

// trouble says what keeps it from work, but the same thing at most once a minute.
func (w *Worker) trouble(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	maps.DeleteFunc(w.told, func(_ string, at time.Time) bool { return time.Since(at) > time.Minute })
	if _, ok := w.told[text]; !ok {
		w.told[text] = time.Now()
		w.say("%s", text)
	}
}

func (w *Worker) say(format string, args ...any) {
	if w.Say != nil {
		w.Say(printable(fmt.Sprintf(format, args...)))
	}
}

func (w *Worker) name() string { return w.state.Worker } // never changed

// set changes the state.
func (w *Worker) set(change func(*State)) {
	w.lock.Lock()
	defer w.lock.Unlock()
	change(&w.state)
}

// tell says every while what the worker does, and at last that it leaves.
func (w *Worker) tell(ctx context.Context) {
	for {
		w.lock.Lock()
		s := w.state
		w.lock.Unlock()
		wait := seen / 5
		if err := w.put(ctx, s); err != nil { // there may be no queue yet
			wait = retry
		}
		if pause(ctx, wait) != nil {
			break
		}
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if workers, err := w.js.KeyValue(bye, workerBucket); err == nil {
		_ = workers.Delete(bye, w.name())
	}
}

// put writes the state where others see it.
func (w *Worker) put(ctx context.Context, s State) error {
	ctx, cancel := context.WithTimeout(ctx, short)
	defer cancel()
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	workers, err := w.js.KeyValue(ctx, workerBucket)
	if err != nil {
		return err
	}
	_, err = workers.Put(ctx, s.Worker, text)
	return err
}
