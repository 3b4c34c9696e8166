package shard

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"reflect"
	"sync"
)

// Job is the part that one process has in the work of a command: see the comment of the package. A nil
// job is a command that does all by itself.
type Job struct {
	header Header
	lines  []line     // of the shard that this process does, as far as it has come
	parts  [][]line   // of all shards, by shard, if they are gathered
	files  []string   // that those are from; "" where a shard is missing
	folder string     // that the files are in
	stages int        // that were begun
	noTime bool       // times are left out of the file
	about  hash.Hash  // of what the work is about, as far as it is known
	lock   sync.Mutex // of all above; stages begin one after another
}

// Header says what the shard of a file is one of.
type Header struct {
	Version string   `json:"tc0"`   // of the program that did it
	Args    []string `json:"args"`  // the command line, without what only changes how results are shown
	Index   int      `json:"shard"` // from 1
	Count   int      `json:"of"`    // shards of the job
}

// line is what a shard found in one stage.
type line struct {
	Stage string `json:"stage"`
	Units int    `json:"units"` // of the stage, in all shards
	// About is the hash of all that the stage depends on beside the command line: circuits, weights, data.
	About  string          `json:"about"`
	Result json.RawMessage `json:"result,omitempty"` // nothing if no unit falls to the shard
	Enough bool            `json:"enough,omitempty"` // the result decides the whole, says who wrote it
}

// Begin is the job of a process that does one shard.
func Begin(h Header) (*Job, error) {
	if h.Count < 1 || h.Index < 1 || h.Index > h.Count {
		return nil, fmt.Errorf("shard: no shard %d of %d", h.Index, h.Count)
	}
	return &Job{header: h, about: sha256.New()}, nil
}

// LeaveOutTimes has the file name no times, so that it has the same bytes each time.
func (j *Job) LeaveOutTimes() { j.noTime = true }

// Stages returns how many stages have begun.
func (j *Job) Stages() int {
	j.lock.Lock()
	defer j.lock.Unlock()
	return j.stages
}

// key is that of a job in a context.
type key struct{}

// With returns a context whose stages are those of a job; of none if it is nil.
func With(ctx context.Context, j *Job) context.Context { return context.WithValue(ctx, key{}, j) }

// Of returns the job of a context; nil if it has none.
func Of(ctx context.Context) *Job {
	j, _ := ctx.Value(key{}).(*Job)
	return j
}

// Partial reports whether the process does one shard only, so that its results are not those of the job.
func (j *Job) Partial() bool { return j != nil && j.header.Index > 0 }

// Gathers reports whether all results come from files.
func (j *Job) Gathers() bool { return j != nil && j.header.Index == 0 }

// About tells the job what its next stages depend on beside the command line: the bytes that
// write writes, such as a circuit or a data set. A process that gathers refuses results that were about others.
func (j *Job) About(what string, write func(w io.Writer) error) error {
	if j == nil {
		return nil
	}
	j.lock.Lock()
	defer j.lock.Unlock()
	fmt.Fprintf(j.about, "\n%s\n", what)
	return write(j.about)
}

// A MixedError says that a result is about something else than the command that gathers.
type MixedError struct{ Path, What string }

func (e *MixedError) Error() string { return e.Path + ": " + e.What }

// begin numbers a stage and returns its line, still without a result.
func (j *Job) begin(stage string, n int) (number int, l line) {
	j.lock.Lock()
	defer j.lock.Unlock()
	j.stages++
	return j.stages - 1, line{Stage: stage, Units: n, About: hex.EncodeToString(j.about.Sum(nil)[:8])}
}

// Part is what one process found: the result for its units.
type Part[T any] struct {
	Units
	Result T
	File   string // that it comes from; "" if it was found here
}

// Over does the n units of a stage and returns the results: one part for each shard that has a unit, and
// all of them but in a process that does one shard. Do computes the result for some units at once; it must be
// a value that JSON gives back as it was. If it is a list it has one element for each unit.
//
// The error is that of do, or in a process that gathers a [*MixedError] or a [*MissingError].
func Over[T any](ctx context.Context, stage string, n int, do func(ctx context.Context, u Units) (T, error)) (
	[]Part[T], error,
) {
	return OverUntil(ctx, stage, n, do, func(T) bool { return false })
}

// OverUntil is [Over] where one result may decide the whole, such as a counterexample: with one that is enough, shards
// may be missing. Whoever gathers must try such a result again, since anyone may have written the file.
func OverUntil[T any](
	ctx context.Context, stage string, n int, do func(ctx context.Context, u Units) (T, error), enough func(T) bool,
) ([]Part[T], error) {
	j := Of(ctx)
	if j == nil {
		if n == 0 {
			return nil, nil
		}
		result, err := do(ctx, All(n))
		return []Part[T]{{All(n), result, ""}}, err
	}
	ctx = With(ctx, nil) // a stage within a stage is work of its unit
	number, l := j.begin(stage, n)
	if j.Gathers() {
		return gathered(j, number, l, enough)
	}
	u := share(n, number, j.header.Index-1, j.header.Count)
	var parts []Part[T]
	if u.Len > 0 {
		result, err := do(ctx, u)
		if err != nil {
			return nil, err
		}
		if l.Result, err = json.Marshal(result); err != nil {
			return nil, fmt.Errorf("shard: the result of stage %s: %w", stage, err)
		}
		l.Enough = enough(result)
		parts = []Part[T]{{u, result, ""}}
	}
	j.lock.Lock()
	defer j.lock.Unlock()
	j.lines = append(j.lines, l)
	return parts, nil
}

// gathered returns what the files have for a stage.
func gathered[T any](j *Job, number int, want line, enough func(T) bool) ([]Part[T], error) {
	var parts []Part[T]
	decided := false
	for i, lines := range j.parts {
		if j.files[i] == "" {
			continue
		}
		bad := func(format string, args ...any) ([]Part[T], error) {
			return nil, &MixedError{j.files[i], fmt.Sprintf(format, args...)}
		}
		if number >= len(lines) {
			return bad("it has %d stages of work and no %s", len(lines), want.Stage)
		}
		l := lines[number]
		switch {
		case l.Stage != want.Stage || l.Units != want.Units:
			return bad("its stage %d is %s of %d units; here it is %s of %d", number+1, l.Stage, l.Units, want.Stage,
				want.Units)
		case l.About != want.About:
			return bad("it is about another circuit or other data than %s here: weights, files or inputs have changed since",
				want.Stage)
		}
		u := share(want.Units, number, i, j.header.Count)
		if u.Len == 0 {
			continue
		}
		p := Part[T]{Units: u, File: j.files[i]}
		d := json.NewDecoder(bytes.NewReader(l.Result))
		d.DisallowUnknownFields()
		if err := d.Decode(&p.Result); err != nil {
			return bad("the result of %s cannot be read: %v", want.Stage, err)
		}
		if !fits(reflect.ValueOf(p.Result), u.Len) {
			return bad("the result of %s is not one for each of its %d units", want.Stage, u.Len)
		}
		if l.Enough && !enough(p.Result) {
			return bad("it says that it decides %s, and does not: remove it, and the shard can be done again", want.Stage)
		}
		decided = decided || l.Enough
		parts = append(parts, p)
	}
	if missing := j.missing(); len(missing) > 0 && !decided {
		return nil, &MissingError{j.folder, missing, j.header.Count}
	}
	return parts, nil
}

// fits reports whether a result that is a list has so many elements, and nothing is null that should not be.
func fits(v reflect.Value, n int) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return !v.IsNil()
	case reflect.Slice:
		for i := range v.Len() {
			if v.Index(i).Kind() == reflect.Pointer && v.Index(i).IsNil() {
				return false
			}
		}
		return v.Len() == n
	}
	return true
}

// List does the n units of a stage, those of one process at once, and returns their results by unit: nil
// where another process does it.
func List[T any](ctx context.Context, stage string, n int, do func(ctx context.Context, u Units) ([]T, error)) (
	[]*T, error,
) {
	all := make([]*T, n)
	parts, err := Over(ctx, stage, n, do)
	for _, p := range parts {
		for k := range p.Result {
			all[p.At(k)] = &p.Result[k]
		}
	}
	return all, err
}

// Each is [List] for units that are done one by one.
func Each[T any](ctx context.Context, stage string, n int, do func(ctx context.Context, unit int) (T, error)) (
	[]*T, error,
) {
	return List(ctx, stage, n, func(ctx context.Context, u Units) ([]T, error) {
		results := make([]T, 0, u.Len)
		for k := range u.Len {
			if err := ctx.Err(); err != nil {
				return results, err
			}
			result, err := do(ctx, u.At(k))
			if err != nil {
				return results, err
			}
			results = append(results, result)
		}
		return results, nil
	})
}

// One does a stage of one unit. Its result is nil where another process does it.
func One[T any](ctx context.Context, stage string, do func(ctx context.Context) (T, error)) (*T, error) {
	all, err := Each(ctx, stage, 1, func(ctx context.Context, _ int) (T, error) { return do(ctx) })
	if err != nil {
		return nil, err
	}
	return all[0], nil
}
