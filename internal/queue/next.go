package queue

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// passing is how long a worker passes over a job that it cannot do.
const passing = time.Minute

// patience is how long a worker waits for a shard of the jobs that it knows, before it looks whether there are others.
const patience = 5 * time.Second

// next asks for a shard; nil for none. It returns how long a worker may be silent, too.
func (w *Worker) next(ctx context.Context) (jetstream.Msg, time.Duration, error) {
	jobs, err := w.jobs(ctx)
	if err == nil && len(jobs) == 0 {
		return nil, 0, pause(ctx, retry)
	}
	wait := patience
	if w.Idle > 0 {
		wait = min(wait, w.Idle)
	}
	for _, job := range jobs {
		var m jetstream.Msg
		var silence time.Duration
		if m, silence, err = w.of(ctx, job, max(wait/time.Duration(len(jobs)), retry/5)); m != nil || err != nil {
			w.last = job
			return m, silence, err
		}
	}
	return nil, 0, err
}

// jobs lists the jobs, by ID, whose shards this worker may take: first those that have some, of which the one after the
// last comes first, so that each has its turn.
func (w *Worker) jobs(ctx context.Context) ([]string, error) {
	now := time.Now()
	passed := func(job string) bool { return now.Before(w.pass[job]) }
	if w.Job != "" {
		return slices.DeleteFunc([]string{w.Job}, passed), nil
	}
	ask, cancel := context.WithTimeout(ctx, short)
	defer cancel()
	if w.work == nil {
		work, err := w.js.Stream(ask, workStream)
		if err != nil {
			return nil, err
		}
		w.work = work
	}
	type one struct {
		job         string
		empty, past bool
	}
	var all []one
	list := w.work.ListConsumers(ask)
	for c := range list.Info() {
		if job, ok := strings.CutPrefix(c.Name, consumerStem); ok && !passed(job) {
			all = append(all, one{job, c.NumPending == 0, job <= w.last})
		}
	}
	order := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	slices.SortFunc(all, func(a, b one) int {
		return cmp.Or(order(a.empty)-order(b.empty), order(a.past)-order(b.past), strings.Compare(a.job, b.job))
	})
	var jobs []string
	for _, o := range all {
		jobs = append(jobs, o.job)
	}
	return jobs, list.Err()
}

// of asks for a shard of a job, and waits for it; nil for none.
func (w *Worker) of(ctx context.Context, job string, wait time.Duration) (jetstream.Msg, time.Duration, error) {
	ask, cancel := context.WithTimeout(ctx, short)
	defer cancel()
	c, err := w.js.Consumer(ask, workStream, consumerOf(job))
	if err != nil {
		return nil, 0, err
	}
	batch, err := c.Fetch(1, jetstream.FetchMaxWait(wait))
	if err != nil {
		return nil, 0, err
	}
	for {
		select {
		case m, ok := <-batch.Messages():
			if !ok {
				return nil, 0, batch.Error()
			}
			return m, c.CachedInfo().Config.AckWait, nil
		case <-ctx.Done():
			select {
			case m, ok := <-batch.Messages(): // on its way already: it is given back
				if ok {
					_ = m.Nak()
				}
			case <-time.After(retry / 5):
			}
			return nil, 0, ctx.Err()
		}
	}
}
