package main

import (
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/queue"
	"github.com/tc0lab/tc0/internal/table"
)

func TestShowStatus(t *testing.T) {
	now := time.Unix(1000, 0)
	s := &queue.Status{
		Jobs: []queue.JobStatus{{
			Job: "ab", Command: "tc0 sweep parity", Version: "tc0 v1", Waiting: 3, Running: 2, Done: 5,
			Aside: []queue.Fault{{Shard: 7, Worker: "w", Why: "time"}},
		}},
		Workers: []queue.State{
			{Worker: "a", Done: 2},
			{Worker: "b", Job: "ab", Shard: 9, Since: time.Unix(925, 0), Failed: 1},
			{Worker: "c", Trouble: "disk full"},
		},
	}
	var p table.Page
	show(&p, s, now)
	const want = `job ab: 3 waiting, 2 running, 5 done, 1 set aside
  tc0 sweep parity (tc0 v1)
  shard 7: time (worker w)
worker a: 2 done, 0 failed; waits
worker b: 0 done, 1 failed; shard 9 of job ab for 1m15s
worker c: 0 done, 0 failed; disk full
`
	if got := p.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestLine(t *testing.T) {
	p := queue.Progress{Count: 100, Done: 42, Aside: 1, Workers: []queue.State{
		{Worker: "a", Shard: 43}, {Worker: "b"}, {Worker: "c", Trouble: "disk full"},
	}}
	for columns, want := range map[int]string{
		200: "42 of 100 shards, 1 set aside, 4 a second; workers: 3 (a shard 43, b waits, c in trouble)",
		75:  "42 of 100 shards, 1 set aside, 4 a second; workers: 3 (a shard 43 …",
	} {
		if got := line(p, 2, columns, 10*time.Second); got != want {
			t.Errorf("in %d columns: %q, want %q", columns, got, want)
		}
	}
	if got := line(queue.Progress{}, 0, 80, 0); got != "waiting for the server" {
		t.Errorf("before: %q", got)
	}
}
