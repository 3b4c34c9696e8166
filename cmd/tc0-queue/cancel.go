package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tc0lab/tc0/internal/queue"
)

type cancelCmd struct {
	Job string `arg:"" help:"The job, as tc0-queue status shows it."`

	linkFlags
}

func (cancelCmd) Help() string {
	return `Take a job out of the queue: its shards that wait, and the results of those that are done. A tc0-queue run that
waits for it ends with an error. The queue of this machine need not be under way.

Examples:

  tc0-queue cancel 0123456789abcdef
  tc0-queue cancel 0123456789abcdef --nats nats://127.0.0.1:4222 --token-file token
`
}

// Run cancels the job.
func (cmd *cancelCmd) Run(a *app) error {
	link, err := cmd.link()
	if err != nil {
		return err
	}
	if cmd.NATS == "" {
		store, err := cmd.store()
		if err != nil {
			return err
		}
		s, err := queue.Serve(queue.Serving{Store: store, Alone: true})
		var used *queue.InUseError
		switch {
		case err == nil:
			defer s.Close()
			link = s.Inside()
		case !errors.As(err, &used): // else the one who uses it serves
			return err
		}
	}
	ctx, cancel := context.WithTimeout(a.ctx, answers)
	defer cancel()
	err = queue.Cancel(ctx, link, cmd.Job)
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: no server answers: %w", link.URL, err)
	}
	return err
}
