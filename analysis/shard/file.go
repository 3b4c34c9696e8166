package shard

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
	"github.com/tc0lab/tc0/internal/scratch"
)

// Extension ends the names of files with the results of a shard.
const Extension = ".jsonl"

// MostBytes is the greatest size of such a file.
const MostBytes = 1 << 30

// Name is that of the file of a shard.
func Name(index, count int) string { return fmt.Sprintf("%04d-of-%04d%s", index, count, Extension) }

// seal is the last line of a file.
type seal struct {
	Sum string `json:"sha256"` // of all lines before
}

// A FileError says what is wrong with a file.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns what is wrong.
func (e *FileError) Unwrap() error { return e.Err }

// Bytes returns the file of the shard that this process has done.
func (j *Job) Bytes() ([]byte, error) {
	j.lock.Lock()
	defer j.lock.Unlock()
	if j.header.Index == 0 {
		return nil, errors.New("shard: a process that gathers has no results of its own")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(j.header); err != nil {
		return nil, err
	}
	for _, l := range j.lines {
		if j.noTime && l.Result != nil {
			var err error
			if l.Result, err = json.Marshal(untimed(l.Result)); err != nil {
				return nil, err
			}
		}
		if err := e.Encode(l); err != nil {
			return nil, err
		}
	}
	err := e.Encode(seal{sum(b.Bytes())})
	return b.Bytes(), err
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

// Write writes the file into a folder, which is made, and returns its path. Whoever reads the
// folder meanwhile sees the whole file or none.
func (j *Job) Write(folder string) (string, error) {
	text, err := j.Bytes()
	if err != nil {
		return "", err
	}
	return Store(folder, j.header, text)
}

// Store writes the bytes of the file of a shard into a folder, as [Job.Write] does.
func Store(folder string, h Header, text []byte) (path string, err error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", err
	}
	path = filepath.Join(folder, Name(h.Index, h.Count))
	f, err := scratch.Create(path, 0o666)
	if err != nil {
		return "", err
	}
	if _, err = f.Write(text); err == nil {
		err = f.Sync()
	}
	if err != nil {
		f.Drop()
		return "", err
	}
	return path, f.Keep()
}

// Done reports whether a folder has the shard of a header already. The error is a [*FileError] if its
// file is damaged, or if the folder has files of another job.
func Done(folder string, h Header) (bool, error) {
	if err := otherJob(folder, h); err != nil {
		return false, err
	}
	path := filepath.Join(folder, Name(h.Index, h.Count))
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	have, _, err := decode(text)
	switch {
	case err != nil:
		err = fmt.Errorf("%w; remove it, and the shard can be done again", err)
	case have.Index != h.Index:
		err = fmt.Errorf("it has shard %d; remove it, and shard %d can be done", have.Index, h.Index)
	default:
		err = h.differs(have)
	}
	if err != nil {
		return false, &FileError{path, err}
	}
	return true, nil
}

// Decided returns the path of a file of a folder that says that it decides the whole job of a header; "" for none. Only
// files that end so are read.
func Decided(folder string, h Header) (string, error) {
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return "", err
	}
	for _, path := range files {
		ends, err := endsWith(path, `,"enough":true}`+"\n")
		if err != nil {
			return "", err
		}
		if !ends {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		have, lines, err := decode(text)
		if err == nil && h.differs(have) == nil && decides(lines) {
			return path, nil
		}
	}
	return "", nil
}

// endsWith reports whether the last line before the seal of a file ends so.
func endsWith(path, text string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	last, err := json.Marshal(seal{sum(nil)})
	if err != nil {
		return false, err
	}
	found := make([]byte, len(text))
	at := info.Size() - int64(len(last)+1+len(text))
	if at < 0 {
		return false, nil
	}
	_, err = f.ReadAt(found, at)
	return string(found) == text, err
}

// otherJob looks at the header of one file of a folder, and refuses one of another job.
func otherJob(folder string, h Header) error {
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil {
		return err
	}
	for _, path := range files {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		line, err := bufio.NewReader(io.LimitReader(f, 1<<20)).ReadBytes('\n')
		f.Close()
		var other Header
		if err != nil || strictly(line, &other) != nil { // it is damaged, which does not concern this shard
			continue
		}
		if err := h.differs(other); err != nil {
			return &FileError{path, err}
		}
		break
	}
	return nil
}

// pattern is that of the names of files of shards.
const pattern = "[0-9]*-of-[0-9]*" + Extension

// differs says how another file is of another job; nil if it is of the same.
func (h Header) differs(other Header) error {
	switch {
	case h.Version != other.Version:
		return fmt.Errorf("it was made by version %s of tc0, not %s", other.Version, h.Version)
	case !slices.Equal(h.Args, other.Args):
		return fmt.Errorf("it is of another job: tc0 %s; not tc0 %s", strings.Join(other.Args, " "),
			strings.Join(h.Args, " "))
	case h.Count != other.Count:
		return fmt.Errorf("it is one of %d shards, not of %d", other.Count, h.Count)
	}
	return nil
}

// File is what a file of a shard says of itself.
type File struct {
	Header
	Stages int  // of work
	Enough bool // it says that one of them decides the whole, so that other shards are not needed
}

// Decode reads the file of a shard and checks its sum.
func Decode(text []byte) (File, error) {
	h, lines, err := decode(text)
	return File{h, len(lines), decides(lines)}, err
}

func decode(text []byte) (h Header, lines []line, err error) {
	rest, ok := bytes.CutSuffix(text, []byte("\n"))
	if !ok {
		return h, nil, errors.New("it is cut off")
	}
	all := bytes.Split(rest, []byte("\n"))
	if len(all) < 2 {
		return h, nil, errors.New("it is cut off")
	}
	var end seal
	last := len(all) - 1
	if err := strictly(all[last], &end); err != nil || end.Sum == "" {
		return h, nil, errors.New("it is cut off: its last line is no sha256")
	}
	if before := text[:len(text)-len(all[last])-1]; sum(before) != end.Sum {
		return h, nil, errors.New("it is damaged: its sha256 is another one")
	}
	if err := strictly(all[0], &h); err != nil {
		return h, nil, fmt.Errorf("line 1: %w", err)
	}
	if h.Count < 1 || h.Count > Most || h.Index < 1 || h.Index > h.Count || len(h.Args) == 0 {
		return h, nil, fmt.Errorf("line 1: no shard %d of %d", h.Index, h.Count)
	}
	lines = make([]line, last-1)
	for i := range lines {
		if err := strictly(all[i+1], &lines[i]); err != nil {
			return h, nil, fmt.Errorf("line %d: %w", i+2, err)
		}
	}
	return h, lines, nil
}

func strictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return errors.New(brief.Error(err))
	}
	if d.More() {
		return errors.New("more than one value")
	}
	return nil
}
