package queue

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tc0lab/tc0/internal/scratch"
)

// receipt says which file a shard made. The file follows it in the message, or is an object of the name.
type receipt struct {
	File   string `json:"file"` // its name, without a folder
	Size   int64  `json:"size"`
	Digest string `json:"digest"` // SHA-256
	Object string `json:"object,omitempty"`
	Worker string `json:"worker"`
}

// extension ends the names of files of shards.
const extension = ".jsonl"

// fileOf reports whether a name is that of the file of a shard, as tc0 --into writes it: 0003-of-0007.jsonl.
func fileOf(name string, shard, count int) bool {
	text, ok := strings.CutSuffix(name, extension)
	left, right, both := strings.Cut(text, "-of-")
	is := func(text string, n int) bool {
		v, err := strconv.ParseUint(text, 10, 32)
		return err == nil && int(v) == n
	}
	return ok && both && len(name) < 40 && is(left, shard) && is(right, count)
}

// find returns the file of a shard in a folder, "" for none.
func find(dir string, shard, count int) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if e.Type().IsRegular() && fileOf(e.Name(), shard, count) {
			return filepath.Join(dir, e.Name()), nil
		}
	}
	return "", nil
}

// send stores the file of a shard. The first that comes counts.
func send(ctx context.Context, js jetstream.JetStream, t *Task, worker, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	r := receipt{
		File: filepath.Base(file), Size: int64(len(data)), Digest: hex.EncodeToString(sum[:]), Worker: worker,
	}
	job := t.ID()
	if len(data) > mostInline {
		r.Object = strconv.Itoa(t.Shard) + "-" + r.Digest
		err := lasting(ctx, transfer(r.Size), func(ctx context.Context) error {
			objects, err := js.ObjectStore(ctx, objectBucket(job))
			if err != nil {
				return err
			}
			if _, err := objects.GetInfo(ctx, r.Object); err == nil { // by another worker
				return nil
			}
			_, err = objects.PutBytes(ctx, r.Object, data)
			return err
		})
		if err != nil {
			return err
		}
		data = nil
	}
	head, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return publish(ctx, js, job, doneSubject(job, t.Shard), append(append(head, '\n'), data...))
}

// publish puts a message into the results of a job until it is there. A job that is over has none.
func publish(ctx context.Context, js jetstream.JetStream, job, subject string, data []byte) error {
	return lasting(ctx, short, func(ctx context.Context) error {
		err := once(ctx, js, subject, data)
		if errors.Is(err, jetstream.ErrNoStreamResponse) {
			if _, e := js.Stream(ctx, resultStream(job)); e != nil {
				return e
			}
		}
		return err
	})
}

// transfer is how long a file may take on a slow link.
func transfer(size int64) time.Duration { return short + time.Duration(size/100_000)*time.Second }

// falseError is that what a worker sent is not what it has to be.
type falseError struct{ what string }

func (e *falseError) Error() string { return e.what }

func falsely(format string, args ...any) error { return &falseError{fmt.Sprintf(format, args...)} }

// receive writes the file of a shard that a message has.
//
// Errors: *falseError, those of writing, and what lasting has.
func (c *Coordinator) receive(ctx context.Context, shard int, message []byte) error {
	head, data, ok := bytes.Cut(message, []byte{'\n'})
	r := new(receipt)
	if err := json.Unmarshal(head, r); err != nil || !ok {
		return falsely("its result is no receipt")
	}
	switch {
	case !fileOf(r.File, shard, c.Job.Count):
		return falsely("its result is a file of the name %.60q", r.File)
	case r.Size < 0 || r.Size > mostFile:
		return falsely("its file has %d bytes; the limit is %d", r.Size, int64(mostFile))
	}
	if r.Object != "" {
		err := lasting(ctx, transfer(r.Size), func(ctx context.Context) (err error) {
			data, err = object(ctx, c.js, objectBucket(c.Job.ID()), r)
			return err
		})
		if err != nil {
			return err
		}
	}
	if sum := sha256.Sum256(data); int64(len(data)) != r.Size || hex.EncodeToString(sum[:]) != r.Digest {
		return falsely("its file is not the one that %.60q made: it has %d bytes, not %d, or another digest",
			r.Worker, len(data), r.Size)
	}
	if err := c.is(data, shard); err != nil {
		return falsely("its file is not that of the shard: %v", err)
	}
	f, err := scratch.Create(filepath.Join(c.Into, r.File), 0o666)
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		f.Drop()
		return err
	}
	return f.Keep()
}

// object reads the object of a receipt, and not much more of it than there should be; nothing, if there is none.
func object(ctx context.Context, js jetstream.JetStream, bucket string, r *receipt) ([]byte, error) {
	objects, err := js.ObjectStore(ctx, bucket)
	if err != nil {
		return nil, err
	}
	o, err := objects.Get(ctx, r.Object)
	switch {
	case errors.Is(err, jetstream.ErrObjectNotFound), errors.Is(err, jetstream.ErrNameRequired):
		return nil, nil
	case err != nil:
		return nil, err
	}
	defer o.Close()
	data, err := io.ReadAll(io.LimitReader(o, r.Size+1))
	if errors.Is(err, jetstream.ErrDigestMismatch) {
		return nil, nil
	}
	return data, err
}
