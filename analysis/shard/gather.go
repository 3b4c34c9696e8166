package shard

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
)

// A MissingError says which shards a folder lacks.
type MissingError struct {
	Folder  string
	Missing []int // in increasing order
	Count   int
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s: %d of %d shards are missing: --array=%s", e.Folder, len(e.Missing), e.Count,
		Array(e.Missing))
}

// Folder reads the files of a folder that have names of shards, and those of the folders in it. They must
// all be of one job. A shard that is
// there twice counts once, whatever the times that its two files name. The header is that of the job; its
// Index is 0. Shards may be missing if another one says that it
// decides the whole, which [OverUntil] looks at.
//
// The error is a [*FileError] for a file that is damaged, is of another job, or is of a shard that another
// file has other results for, and a [*MissingError] if shards are missing.
func Folder(folder string) (*Job, Header, error) {
	j := &Job{about: sha256.New(), folder: folder}
	enough := false
	err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		bad := func(err error) error { return &FileError{path, err} }
		if is, err := filepath.Match(pattern, d.Name()); err != nil || !is {
			return err
		}
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		if info.Size() > MostBytes {
			return bad(fmt.Errorf("it has %d bytes; at most %d are read", info.Size(), MostBytes))
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		h, lines, err := decode(text)
		if err != nil {
			return bad(err)
		}
		if j.parts == nil {
			j.header, j.parts, j.files = h, make([][]line, h.Count), make([]string, h.Count)
		} else if err := j.header.differs(h); err != nil {
			return bad(err)
		}
		if other := j.files[h.Index-1]; other != "" {
			if !sameResults(j.parts[h.Index-1], lines) {
				return bad(fmt.Errorf("shard %d has other results in %s", h.Index, other))
			}
			return nil
		}
		j.files[h.Index-1], j.parts[h.Index-1] = path, lines
		enough = enough || decides(lines)
		return nil
	})
	if err != nil {
		return nil, Header{}, err
	}
	if j.parts == nil {
		return nil, Header{}, &FileError{folder, errors.New("no file of a shard (*" + Extension + ") is in it")}
	}
	j.header.Index = 0
	if missing := j.missing(); len(missing) > 0 && !enough {
		return nil, j.header, &MissingError{folder, missing, j.header.Count}
	}
	return j, j.header, nil
}

// missing returns the shards that no file is of, in increasing order.
func (j *Job) missing() []int {
	var missing []int
	for i, path := range j.files {
		if path == "" {
			missing = append(missing, i+1)
		}
	}
	return missing
}

// decides reports whether a shard says that it is enough without the others.
func decides(lines []line) bool {
	return slices.ContainsFunc(lines, func(l line) bool { return l.Enough })
}

// sameResults compares the results of two processes for one shard, which may have taken different times.
func sameResults(a, b []line) bool {
	return slices.EqualFunc(a, b, func(a, b line) bool {
		one, other := untimed(a.Result), untimed(b.Result)
		a.Result, b.Result = nil, nil
		return reflect.DeepEqual(a, b) && reflect.DeepEqual(one, other)
	})
}

// untimed decodes a result without its times, which all are called seconds.
func untimed(text json.RawMessage) any {
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return string(text)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "seconds")
			for _, x := range v {
				walk(x)
			}
		case []any:
			for _, x := range v {
				walk(x)
			}
		}
	}
	walk(v)
	return v
}

// Unread returns an error if the files have stages that the command did not ask for.
func (j *Job) Unread() error {
	for i, lines := range j.parts {
		if j.files[i] != "" && len(lines) != j.stages {
			return &MixedError{j.files[i], fmt.Sprintf("it has %d stages of work; here there are %d", len(lines), j.stages)}
		}
	}
	return nil
}

// Same reports whether another version or command line made the files than a process has.
func (h Header) Same(version string, args []string) error {
	return Header{Version: version, Args: slices.Clone(args), Count: h.Count}.differs(h)
}
