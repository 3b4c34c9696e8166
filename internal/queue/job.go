package queue

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/tc0lab/tc0/internal/brief"
)

// Limits of what a message may ask for.
const (
	MostShards = 100_000 // of one job
	mostTask   = 16 << 10
	mostArgs   = 64
	mostText   = 1024 // bytes of one argument
	mostInput  = 4096
)

// Subject is what a verb is about.
type Subject struct {
	Name   string `json:"name"`             // of a family, a problem or a shipped model, with parameters; with a digest, a path
	Digest string `json:"digest,omitempty"` // of the model folder or the file there, as [Digest] makes it
}

// Job is what is cut into shards.
type Job struct {
	Version  string    `json:"version"` // of the program that is to run it, as tc0 version prints it
	Verb     string    `json:"verb"`
	Subjects []Subject `json:"subjects"`
	Input    string    `json:"input,omitempty"` // the text behind them, of tc0 run
	Files    []Subject `json:"files,omitempty"` // that flags name, each with its digest
	Args     []string  `json:"args"`            // flags, each as --name or --name=value
	Count    int       `json:"count"`
}

// Task is one shard of a job: all that a worker reads.
type Task struct {
	Job
	Shard int `json:"shard"` // 1..Count
}

// Encode returns the message of a task.
func (t *Task) Encode() ([]byte, error) {
	data, err := json.Marshal(t)
	if err == nil {
		_, err = Decode(data)
	}
	return data, err
}

// Decode reads the message of a task. It has to be what Encode writes, byte for byte, so that it can be read in one way
// only, and all in it has to be allowed.
func Decode(data []byte) (*Task, error) {
	if len(data) > mostTask {
		return nil, fmt.Errorf("the message has %d bytes; the limit is %d", len(data), mostTask)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	t := new(Task)
	if err := d.Decode(t); err != nil {
		return nil, fmt.Errorf("the message is no task: %s", brief.Error(err))
	}
	again, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, data) {
		return nil, fmt.Errorf("the message is no task as it would be written: its fields, each once, in their order, and nothing else")
	}
	if err := t.Job.Check(); err != nil {
		return nil, err
	}
	if t.Shard < 1 || t.Shard > t.Count {
		return nil, fmt.Errorf("shard: %d is not from 1 to %d", t.Shard, t.Count)
	}
	return t, nil
}

var (
	plainText  = regexp.MustCompile(`^[ -~]+$`)
	digestText = regexp.MustCompile(`^[0-9a-f]{64}$`)
	// A subject that is a name: separators of folders are in none, and neither is what could be a flag.
	nameText = regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9_]*(:[-A-Za-z0-9_=,.+*^()%]*)?$`)
)

// Check says what of a job is not allowed.
func (j *Job) Check() error {
	v := verbs[j.Verb]
	switch {
	case v == nil:
		return fmt.Errorf("verb: %q is none of those that have shards: %s", j.Verb, strings.Join(Verbs(), ", "))
	case len(j.Version) > 200 || !plainText.MatchString(j.Version):
		return fmt.Errorf("version: %.40q is not the text that tc0 version prints", j.Version)
	case j.Count < 1 || j.Count > MostShards:
		return fmt.Errorf("count: %d is not from 1 to %d", j.Count, MostShards)
	case len(j.Subjects) != v.subjects:
		return fmt.Errorf("subjects: there are %d, and tc0 %s takes %d", len(j.Subjects), j.Verb, v.subjects)
	case j.Args == nil:
		return fmt.Errorf("args: they are missing; [] is none")
	case len(j.Args) > mostArgs:
		return fmt.Errorf("args: there are %d; the limit is %d", len(j.Args), mostArgs)
	}
	if err := j.checkInput(v); err != nil {
		return fmt.Errorf("input: %w", err)
	}
	if err := j.checkSubjects(); err != nil {
		return err
	}
	for _, arg := range j.Args {
		if err := v.check(arg, j.Files); err != nil {
			return fmt.Errorf("args: %w", err)
		}
	}
	return nil
}

// checkInput looks at the text behind the subjects. It is no flag, and what a terminal obeys is not in it.
func (j *Job) checkInput(v *verb) error {
	switch {
	case j.Input == "":
		return nil
	case !v.input:
		return fmt.Errorf("tc0 %s takes none", j.Verb)
	case len(j.Input) > mostInput:
		return fmt.Errorf("it has %d bytes; the limit is %d", len(j.Input), mostInput)
	case strings.HasPrefix(j.Input, "-") || printable(j.Input) != j.Input:
		return fmt.Errorf("%.40q begins like a flag, or has characters that cannot be printed", j.Input)
	}
	return nil
}

// checkSubjects looks at what the job is about.
func (j *Job) checkSubjects() error {
	all := slices.Concat(j.Subjects, j.Files)
	for i, s := range all {
		switch err := s.check(); {
		case err != nil:
			return fmt.Errorf("subjects: %w", err)
		case i >= len(j.Subjects) && s.Digest == "":
			return fmt.Errorf("files: %.40q has no digest", s.Name)
		case i >= len(j.Subjects) && j.flagOf(s.Name) == "":
			return fmt.Errorf("files: no flag names %.40q", s.Name)
		}
		for _, o := range all[:i] {
			if s.Digest != "" && o.Digest != "" && s != o && (within(s.Name, o.Name) || within(o.Name, s.Name)) {
				return fmt.Errorf("subjects: %.40q and %.40q lie in each other", o.Name, s.Name)
			}
		}
	}
	return nil
}

// flagOf returns the flag that names a file; "" for none.
func (j *Job) flagOf(name string) string {
	for _, arg := range j.Args {
		if flag, text, ok := strings.Cut(arg, "="); ok && text == name {
			return flag
		}
	}
	return ""
}

// within reports whether a path is another one or lies in it.
func within(path, other string) bool { return strings.HasPrefix(path+"/", other+"/") }

func (s *Subject) check() error {
	switch {
	case len(s.Name) > mostText:
		return fmt.Errorf("a name of %d bytes; the limit is %d", len(s.Name), mostText)
	case s.Digest == "" && !nameText.MatchString(s.Name):
		return fmt.Errorf("%.40q is no name of a family, a problem or a shipped model; a path needs a digest", s.Name)
	case s.Digest == "":
		return nil
	case !digestText.MatchString(s.Digest):
		return fmt.Errorf("%.80q is no digest: 64 hexadecimal digits", s.Digest)
	case !plainText.MatchString(s.Name) || strings.HasPrefix(s.Name, "-") || strings.Contains(s.Name, `\`) ||
		!filepath.IsLocal(s.Name) || filepath.ToSlash(filepath.Clean(s.Name)) != s.Name || s.Name == ".":
		return fmt.Errorf("%.40q is no path that lies in the folder where the command runs, such as models/mine", s.Name)
	}
	return nil
}

// ID names a job: the same job has the same, so that one which is begun again goes on.
func (j *Job) ID() string {
	text, err := json.Marshal(j)
	if err != nil {
		panic("queue: a job without a text: " + err.Error()) // it has texts and numbers only
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// words are the arguments of the job as a whole.
func (j *Job) words() []string {
	args := []string{j.Verb}
	for _, s := range j.Subjects {
		args = append(args, s.Name)
	}
	if j.Input != "" {
		args = append(args, j.Input)
	}
	return append(args, j.Args...)
}

// command returns the arguments that make the program do a shard.
func (t *Task) command(into string) []string {
	return append(t.words(), "--shard="+strconv.Itoa(t.Shard)+"/"+strconv.Itoa(t.Count), "--into="+into)
}
