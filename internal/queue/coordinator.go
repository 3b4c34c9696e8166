package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Coordinator has a job done.
type Coordinator struct {
	Job  Job
	Into string // the folder of the files of its shards; those that are there already are not done again
	Link Link
	// Read reads the file of a shard; an error if it is damaged. It is needed: what a file has in it is no matter of
	// this package.
	Read func(text []byte) (Contents, error)
	// Silence is how long a worker may be silent before its shard goes to another; 0 for 30 s.
	Silence  time.Duration
	Progress func(Progress) // called now and then, and at the end; may be nil

	js      jetstream.JetStream
	work    jetstream.Stream
	done    map[int]bool
	enough  bool            // a file decides the whole
	faults  map[int][]Fault // of shards that are not done
	workers []State
	bad     map[uint64]bool // messages that were removed
}

// Contents is what the file of a shard says of itself.
type Contents struct {
	Shard, Count int
	Enough       bool // it decides the whole, such as a counterexample: other shards are not needed
}

// Progress is how far a job is.
type Progress struct {
	Count, Done int
	Aside       int // shards that are set aside
	Workers     []State
}

// Claim makes the folder that of the job, which Run does, too, or says that it has files of another job.
func (c *Coordinator) Claim() error {
	if err := c.Job.Check(); err != nil {
		return err
	}
	return c.Job.claimFolder(c.Into)
}

// Run feeds the shards that are not there, waits for their files and returns when all are there or set aside, or when
// one decides the whole.
// The same job, begun again after an interrupt, goes on.
//
// Errors: *AsideError, whose other shards are done; *UseError; a job that is not allowed; a folder that cannot be
// written to, or has files of another job; and those of the server.
func (c *Coordinator) Run(ctx context.Context) (err error) {
	if err := c.Claim(); err != nil {
		return err
	}
	c.faults, c.bad = map[int][]Fault{}, map[uint64]bool{}
	if c.done, err = c.there(); err != nil {
		return err
	}
	conn, js, err := c.Link.dial(ctx, "coordinator")
	if err != nil {
		return err
	}
	defer conn.Close()
	c.js = js
	if c.enough {
		return c.clear(ctx)
	}
	if err := c.prepare(ctx); err != nil {
		return err
	}
	err = c.gather(ctx)
	c.report(ctx)
	var use *UseError
	switch {
	case err == nil && c.enough:
	case err == nil:
		err = c.aside()
	case !errors.As(err, &use): // the job goes on when it is begun again
		return err
	}
	return errors.Join(err, c.clear(ctx))
}

// prepare makes what the job needs on the server, and feeds what is not done.
func (c *Coordinator) prepare(ctx context.Context) (err error) {
	silence := c.Silence
	if silence == 0 {
		silence = 30 * time.Second
	}
	if c.work, err = prepareWork(ctx, c.js); err != nil {
		return err
	}
	results, err := prepareResult(ctx, c.js, &c.Job)
	if err != nil {
		return err
	}
	if err := prepareConsumer(ctx, c.work, c.Job.ID(), silence); err != nil {
		return err
	}
	return c.refill(ctx, results)
}

// refill feeds the shards that are neither done nor in the queue: at the beginning all; later none, unless a worker
// acknowledged what it had not stored.
func (c *Coordinator) refill(ctx context.Context, results jetstream.Stream) error {
	id := c.Job.ID()
	// In this order: what leaves the queue in between has a result already.
	queued, err := c.work.Info(ctx, jetstream.WithSubjectFilter(workSubjects+id+".>"))
	if err != nil {
		return err
	}
	found, err := records(ctx, results, id, 0)
	if err != nil {
		return err
	}
	for shard := 1; shard <= c.Job.Count; shard++ {
		_, waits := queued.State.Subjects[workSubject(id, shard)]
		if waits || c.done[shard] || found[shard].settled() || len(c.faults[shard]) >= Failures {
			continue
		}
		if err := c.feed(ctx, shard); err != nil {
			return err
		}
	}
	return nil
}

// feed puts a shard into the queue, if it is not there.
func (c *Coordinator) feed(ctx context.Context, shard int) error {
	t := Task{c.Job, shard}
	data, err := t.Encode()
	if err != nil {
		return err
	}
	return lasting(ctx, short, func(ctx context.Context) error {
		return once(ctx, c.js, workSubject(t.ID(), shard), data)
	})
}

// gather waits for the results.
func (c *Coordinator) gather(ctx context.Context) error {
	results := make(chan jetstream.Msg)
	reading, stop := context.WithCancel(ctx)
	defer stop()
	consumer, err := c.js.OrderedConsumer(ctx, resultStream(c.Job.ID()), jetstream.OrderedConsumerConfig{})
	if err != nil {
		return err
	}
	consume, err := consumer.Consume(func(m jetstream.Msg) {
		select {
		case results <- m:
		case <-reading.Done():
		}
	}, jetstream.PullMaxMessages(64), jetstream.ConsumeErrHandler(func(jetstream.ConsumeContext, error) {}))
	if err != nil {
		return err
	}
	defer consume.Stop()
	often := short + time.Duration(c.Job.Count/1000)*time.Second // a large job has a long list
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for looked := time.Now(); !c.enough && len(c.done)+len(c.set()) < c.Job.Count; {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case m := <-results:
			if err := c.take(ctx, m); err != nil {
				return err
			}
		case <-tick.C:
			c.report(ctx)
			if time.Since(looked) > often {
				if err := c.look(ctx); err != nil {
					return err
				}
				looked = time.Now()
			}
		}
	}
	return nil
}

// look makes sure that the server still has the job, and each shard that is not done. A server that does not
// answer now is asked again later.
func (c *Coordinator) look(ctx context.Context) error {
	ask, cancel := context.WithTimeout(ctx, short)
	defer cancel()
	results, err := c.js.Stream(ask, resultStream(c.Job.ID()))
	if err == nil {
		err = c.refill(ask, results)
	}
	switch {
	case errors.Is(err, nats.ErrConnectionClosed):
		return fmt.Errorf("%s: the server does not let this command in any more: %w", c.Link.URL, err)
	case over(err):
		return fmt.Errorf("the server has lost the job %s, or another command has ended it: %w", c.Job.ID(), err)
	}
	return nil
}

// take takes a result.
func (c *Coordinator) take(ctx context.Context, m jetstream.Msg) error {
	shard, rest, ok := shardOf(m.Subject(), "tc0.result."+c.Job.ID()+".")
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	switch seq := meta.Sequence.Stream; {
	case !ok || shard < 1 || shard > c.Job.Count || c.done[shard] || c.bad[seq]:
	case strings.HasPrefix(rest, "fail."):
		f := Fault{Worker: "of no name"}
		if err := json.Unmarshal(m.Data(), &f); err != nil {
			f.Why = "its report is not readable"
		}
		f.Shard = shard
		c.faults[shard] = append(c.faults[shard], f)
		return c.hopeless()
	case rest == "done":
		err := c.receive(ctx, shard, m.Data())
		var wrong *falseError
		if errors.As(err, &wrong) {
			return c.reject(ctx, shard, seq, wrong)
		}
		c.done[shard] = err == nil
		return err
	}
	return nil
}

// reject has a shard done again whose result is none.
func (c *Coordinator) reject(ctx context.Context, shard int, seq uint64, why error) error {
	c.bad[seq] = true
	c.faults[shard] = append(c.faults[shard], Fault{shard, "of no name", why.Error()})
	err := lasting(ctx, short, func(ctx context.Context) error {
		s, err := c.js.Stream(ctx, resultStream(c.Job.ID()))
		if err != nil {
			return err
		}
		err = s.DeleteMsg(ctx, seq)
		if errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, jetstream.ErrMsgDeleteUnsuccessful) {
			return nil
		}
		return err
	})
	if err != nil || len(c.faults[shard]) >= Failures {
		return err
	}
	return c.feed(ctx, shard)
}

// report tells the progress.
func (c *Coordinator) report(ctx context.Context) {
	if c.Progress == nil {
		return
	}
	ask, cancel := context.WithTimeout(ctx, short)
	defer cancel()
	if workers, err := seenWorkers(ask, c.js); err == nil {
		c.workers = workers
	}
	c.Progress(Progress{c.Job.Count, len(c.done), len(c.set()), c.workers})
}

// clear removes the job from the server.
func (c *Coordinator) clear(ctx context.Context) error {
	return lasting(ctx, short, func(ctx context.Context) error { return remove(ctx, c.js, c.Job.ID()) })
}
