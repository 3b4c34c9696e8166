package queue

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
)

// Status is what a server has.
type Status struct {
	Jobs    []JobStatus `json:"jobs"`
	Workers []State     `json:"workers"`
}

// JobStatus is how far a job is, as the server knows it.
type JobStatus struct {
	Job     string  `json:"job"`
	Command string  `json:"command"` // line of the whole job, without how its result is shown; "" if it cannot be read
	Version string  `json:"version"` // of the program that does it; "" likewise
	Waiting int     `json:"waiting"` // shards that nobody does
	Running int     `json:"running"`
	Done    int     `json:"done"`
	Aside   []Fault `json:"aside"` // the last fault of each shard that is set aside
}

// Ask asks a server for its status.
func Ask(ctx context.Context, l Link) (*Status, error) {
	conn, js, err := l.dial(ctx, "status")
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	s := &Status{Jobs: []JobStatus{}}
	if s.Workers, err = seenWorkers(ctx, js); err != nil && !over(err) {
		return nil, err
	}
	names := js.StreamNames(ctx, jetstream.WithStreamListSubject("tc0.result.>"))
	for name := range names.Name() {
		job, ok := strings.CutPrefix(name, resultStream(""))
		if !ok {
			continue
		}
		one, err := s.job(ctx, js, job)
		if over(err) { // it has ended just now
			continue
		}
		if err != nil {
			return nil, err
		}
		s.Jobs = append(s.Jobs, *one)
	}
	slices.SortFunc(s.Jobs, func(a, b JobStatus) int { return strings.Compare(a.Job, b.Job) })
	return s, names.Err()
}

// job asks for one job.
func (s *Status) job(ctx context.Context, js jetstream.JetStream, job string) (*JobStatus, error) {
	one := &JobStatus{Job: job, Aside: []Fault{}}
	results, err := js.Stream(ctx, resultStream(job))
	if err != nil {
		return nil, err
	}
	var j Job
	text := results.CachedInfo().Config.Metadata[jobKey]
	if json.Unmarshal([]byte(text), &j) == nil && j.ID() == job && j.Check() == nil {
		one.Command, one.Version = j.Command(), j.Version
	}
	found, err := records(ctx, results, job, 0)
	if err != nil {
		return nil, err
	}
	for shard, r := range found {
		if r.done {
			one.Done++
		}
		if r.done || !r.settled() {
			continue
		}
		f := Fault{Shard: shard}
		m, err := results.GetLastMsgForSubject(ctx, r.last)
		if err == nil {
			err = json.Unmarshal(m.Data, &f)
		}
		if err != nil {
			f.Why = "its report is not readable"
		}
		f.Shard, f.Worker, f.Why = shard, printable(f.Worker), printable(f.Why)
		one.Aside = append(one.Aside, f)
	}
	slices.SortFunc(one.Aside, func(a, b Fault) int { return a.Shard - b.Shard })
	work, err := js.Stream(ctx, workStream)
	if err != nil {
		return nil, err
	}
	info, err := work.Info(ctx, jetstream.WithSubjectFilter(workSubjects+job+".>"))
	if err != nil {
		return nil, err
	}
	for _, w := range s.Workers {
		if w.Job == job {
			one.Running++
		}
	}
	one.Waiting = max(0, len(info.State.Subjects)-one.Running)
	return one, nil
}

// seenWorkers lists the workers that were there a moment ago.
func seenWorkers(ctx context.Context, js jetstream.JetStream) ([]State, error) {
	states := []State{}
	workers, err := js.KeyValue(ctx, workerBucket)
	if err != nil {
		return states, err
	}
	keys, err := workers.ListKeys(ctx)
	if err != nil {
		return states, err
	}
	var names []string
	for key := range keys.Keys() {
		names = append(names, key)
	}
	slices.Sort(names)
	for _, key := range names {
		entry, err := workers.Get(ctx, key)
		if errors.Is(err, jetstream.ErrKeyNotFound) { // it has left
			continue
		}
		if err != nil {
			return states, err
		}
		var s State
		if json.Unmarshal(entry.Value(), &s) != nil {
			continue // it says nothing that can be shown
		}
		for _, text := range []*string{&s.Worker, &s.Version, &s.Job, &s.Trouble} {
			*text = printable(*text)
		}
		states = append(states, s)
	}
	return states, nil
}
