package queue

import (
	"context"
	"fmt"
	"regexp"
)

var idText = regexp.MustCompile(`^[0-9a-f]{16}$`)

// Cancel removes a job from a server: its shards that wait, and its results. What a worker has in work comes to
// nothing.
//
// Errors: a job that the server does not have, and those of the server.
func Cancel(ctx context.Context, l Link, job string) error {
	if !idText.MatchString(job) {
		return fmt.Errorf("%.40q is no job: 16 hexadecimal digits, as tc0-queue status shows them", job)
	}
	conn, js, err := l.dial(ctx, "cancel")
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := js.Stream(ctx, resultStream(job)); over(err) {
		return fmt.Errorf("there is no job %s; tc0-queue status shows those that are there", job)
	} else if err != nil {
		return err
	}
	return remove(ctx, js, job)
}
