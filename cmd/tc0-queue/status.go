package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tc0lab/tc0/internal/queue"
	"github.com/tc0lab/tc0/internal/table"
)

type statusCmd struct {
	JSON bool `name:"json" help:"Print one JSON object and nothing else."`

	linkFlags
}

func (statusCmd) Help() string {
	return `Of each job: its command line and the version of tc0 that it needs, the shards that wait, that are in work, that are done, and those that are set aside, with why. Of
each worker: what it does, and how long. A worker of which nothing was heard for 10 s is not shown.

Examples:

  tc0-queue status
  tc0-queue status --nats nats://127.0.0.1:4222 --json
`
}

// answers is how long a server may take to answer.
const answers = 5 * time.Second

// Run shows the status.
func (cmd *statusCmd) Run(a *app) error {
	link, err := cmd.link()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(a.ctx, answers)
	defer cancel()
	s, err := queue.Ask(ctx, link)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: no server answers: no tc0-queue run is under way there", link.URL)
	}
	if err != nil {
		return err
	}
	if cmd.JSON {
		text, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(a.stdout, "%s\n", text)
		return err
	}
	var p table.Page
	show(&p, s, time.Now())
	_, err = a.stdout.Write(p.Bytes())
	return err
}

// show writes a status for people.
func show(p *table.Page, s *queue.Status, now time.Time) {
	if len(s.Jobs) == 0 {
		p.Printf("no job\n")
	}
	for _, j := range s.Jobs {
		p.Printf("job %s: %d waiting, %d running, %d done, %d set aside\n", j.Job, j.Waiting, j.Running, j.Done, len(j.Aside))
		if j.Command != "" {
			p.Printf("  %s (%s)\n", j.Command, j.Version)
		}
		for _, f := range j.Aside {
			p.Printf("  shard %d: %s (worker %s)\n", f.Shard, f.Why, f.Worker)
		}
	}
	if len(s.Workers) == 0 {
		p.Printf("no worker\n")
	}
	for _, w := range s.Workers {
		what := "waits"
		switch {
		case w.Trouble != "":
			what = w.Trouble
		case w.Job != "":
			what = "shard " + strconv.Itoa(w.Shard) + " of job " + w.Job + " for " + now.Sub(w.Since).Round(time.Second).String()
		}
		p.Printf("worker %s: %d done, %d failed; %s\n", w.Worker, w.Done, w.Failed, what)
	}
}
