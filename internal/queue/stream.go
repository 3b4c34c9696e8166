package queue

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Names on the server.
const (
	workStream   = "TC0_WORK"
	workSubjects = "tc0.work."
	consumerName = "workers"
	workerBucket = "tc0-workers"
)

// seen is how long a worker counts as there after its last word.
const seen = 10 * time.Second

// Limits of what workers send.
const (
	mostInline = 512 << 10 // bytes of a file in the message itself
	mostFile   = 256 << 20 // of any
	mostState  = 4096      // of what a worker says of itself
)

// Failures is how often a shard may fail.
const Failures = 3

func resultStream(job string) string { return "TC0_RESULT_" + job }
func objectBucket(job string) string { return "tc0-" + job }

func workSubject(job string, shard int) string { return workSubjects + job + "." + strconv.Itoa(shard) }
func doneSubject(job string, shard int) string { return resultSubject(job, shard) + ".done" }

func resultSubject(job string, shard int) string {
	return "tc0.result." + job + "." + strconv.Itoa(shard)
}

// eventSubject is for what became of one delivery of a shard: fail, or back.
func eventSubject(t *Task, event string, m *jetstream.MsgMetadata) string {
	return fmt.Sprintf("%s.%s.%d-%d", resultSubject(t.ID(), t.Shard), event, m.Sequence.Stream, m.NumDelivered)
}

// record is what the results have of a shard.
type record struct {
	done         bool
	fails, backs int
	last         string // subject of a failure
}

// settled reports whether nobody is to do the shard.
func (r record) settled() bool { return r.done || r.fails >= Failures }

// records reads what the results have of the shards of a job; of one if it is not 0.
func records(ctx context.Context, results jetstream.Stream, job string, shard int) (map[int]record, error) {
	filter := "tc0.result." + job + ".>"
	if shard != 0 {
		filter = resultSubject(job, shard) + ".>"
	}
	info, err := results.Info(ctx, jetstream.WithSubjectFilter(filter))
	if err != nil {
		return nil, err
	}
	found := map[int]record{}
	for subject := range info.State.Subjects {
		shard, event, ok := shardOf(subject, "tc0.result."+job+".")
		if !ok {
			continue
		}
		r := found[shard]
		switch event, _, _ := strings.Cut(event, "."); event {
		case "done":
			r.done = true
		case "fail":
			r.fails++
			r.last = max(r.last, subject)
		case "back":
			r.backs++
		}
		found[shard] = r
	}
	return found, nil
}

// shardOf reads the shard from a subject, and what follows it.
func shardOf(subject, prefix string) (shard int, rest string, ok bool) {
	text, ok := strings.CutPrefix(subject, prefix)
	number, rest, _ := strings.Cut(text, ".")
	shard, err := strconv.Atoi(number)
	return shard, rest, ok && err == nil && strconv.Itoa(shard) == number
}

// prepareWork makes what all jobs share.
func prepareWork(ctx context.Context, js jetstream.JetStream, silence time.Duration) (jetstream.Stream, error) {
	work, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: workStream, Subjects: []string{workSubjects + ">"}, Retention: jetstream.WorkQueuePolicy,
		MaxMsgSize: mostTask, MaxMsgsPerSubject: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", workStream, err)
	}
	_, err = work.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerName, AckPolicy: jetstream.AckExplicitPolicy, AckWait: silence, MaxDeliver: -1,
		MaxAckPending: -1, MaxWaiting: mostLinks,
	})
	if err != nil {
		return nil, fmt.Errorf("consumer %s: %w", consumerName, err)
	}
	_, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: workerBucket, TTL: seen, Storage: jetstream.MemoryStorage, MaxValueSize: mostState, MaxBytes: 64 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", workerBucket, err)
	}
	return work, nil
}

// prepareResult makes what one job has.
func prepareResult(ctx context.Context, js jetstream.JetStream, job string) (jetstream.Stream, error) {
	_, err := js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: objectBucket(job)})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", objectBucket(job), err)
	}
	result, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: resultStream(job), Subjects: []string{"tc0.result." + job + ".>"}, MaxMsgsPerSubject: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", resultStream(job), err)
	}
	return result, nil
}

// once publishes a message on a subject that has none. That it has one already is no error.
func once(ctx context.Context, js jetstream.JetStream, subject string, data []byte) error {
	_, err := js.Publish(ctx, subject, data, jetstream.WithExpectLastSequencePerSubject(0))
	if taken(err) {
		return nil
	}
	return err
}

// taken reports whether a subject has a message already.
func taken(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence
}

// short is how long a small request may take.
const short = 10 * time.Second

// lasting does something again until it succeeds, since links are cut and servers begin anew. One try may take
// so long. It ends with an error only if the context ends, the job, whose streams are gone then, or the connection
// for good.
func lasting(ctx context.Context, try time.Duration, do func(context.Context) error) error {
	for {
		part, cancel := context.WithTimeout(ctx, try)
		err := do(part)
		cancel()
		switch {
		case err == nil || over(err) || errors.Is(err, nats.ErrConnectionClosed):
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		if err := pause(ctx, retry); err != nil {
			return err
		}
	}
}

// over reports whether an error is that what a job needs is not there.
func over(err error) bool {
	return errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) ||
		errors.Is(err, jetstream.ErrConsumerNotFound)
}
