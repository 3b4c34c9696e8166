package queue

import (
	"context"
	"encoding/json"
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
	consumerStem = "job-"
	jobKey       = "tc0-job" // in the metadata of the results: the job, as JSON
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
func consumerOf(job string) string   { return consumerStem + job }
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
func prepareWork(ctx context.Context, js jetstream.JetStream) (jetstream.Stream, error) {
	work, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: workStream, Subjects: []string{workSubjects + ">"}, Retention: jetstream.WorkQueuePolicy,
		MaxMsgSize: mostTask, MaxMsgsPerSubject: 1,
	})
	if err != nil {
		return nil, fmt.Errorf("stream %s: %w", workStream, err)
	}
	// Earlier versions had one for all jobs, beside which there can be no other.
	if err := work.DeleteConsumer(ctx, "workers"); err != nil && !over(err) {
		return nil, err
	}
	_, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{
		Bucket: workerBucket, TTL: seen, Storage: jetstream.MemoryStorage, MaxValueSize: mostState, MaxBytes: 64 << 20,
	})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", workerBucket, err)
	}
	return work, nil
}

// prepareConsumer makes what gives the shards of one job to workers. A work queue lets no two consumers have the same
// message, so that there is none for all jobs.
func prepareConsumer(ctx context.Context, work jetstream.Stream, job string, silence time.Duration) error {
	_, err := work.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerOf(job), FilterSubject: workSubjects + job + ".>", AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: silence, MaxDeliver: -1, MaxAckPending: -1, MaxWaiting: mostLinks,
	})
	if err != nil {
		return fmt.Errorf("consumer %s: %w", consumerOf(job), err)
	}
	return nil
}

// prepareResult makes what one job has, besides.
func prepareResult(ctx context.Context, js jetstream.JetStream, j *Job) (jetstream.Stream, error) {
	text, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	job := j.ID()
	_, err = js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: objectBucket(job)})
	if err != nil {
		return nil, fmt.Errorf("bucket %s: %w", objectBucket(job), err)
	}
	result, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: resultStream(job), Subjects: []string{"tc0.result." + job + ".>"}, MaxMsgsPerSubject: 1,
		Metadata: map[string]string{jobKey: string(text)},
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

// remove removes a job from the server.
func remove(ctx context.Context, js jetstream.JetStream, job string) error {
	work, err := js.Stream(ctx, workStream)
	if err == nil {
		err = work.Purge(ctx, jetstream.WithPurgeSubject(workSubjects+job+".>"))
	}
	for _, next := range []func() error{
		func() error { return js.DeleteConsumer(ctx, workStream, consumerOf(job)) },
		func() error { return js.DeleteObjectStore(ctx, objectBucket(job)) },
		func() error { return js.DeleteStream(ctx, resultStream(job)) }, // at last: by it a job is known
	} {
		if err != nil && !over(err) {
			return err
		}
		err = next()
	}
	if over(err) {
		return nil
	}
	return err
}

// over reports whether an error is that what a job needs is not there.
func over(err error) bool {
	return errors.Is(err, jetstream.ErrStreamNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) ||
		errors.Is(err, jetstream.ErrConsumerNotFound)
}
