package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// claimFile says of which job the files of a folder are.
const claimFile = "job.json"

// claim is what is in it.
type claim struct {
	ID  string `json:"id"`
	Job Job    `json:"job"`
}

// claimFolder makes a folder the job's own, or makes sure that it is, so that files of another job are never taken for
// shards of this one.
func (j *Job) claimFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	path := filepath.Join(dir, claimFile)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	c := readClaim(text)
	if c != nil && c.ID == j.ID() {
		return nil
	}
	if has, err := hasShards(dir); err != nil {
		return err
	} else if has {
		what := "and no " + claimFile + " that says of which job"
		if c != nil {
			what = "of " + j.differs(&c.Job)
		}
		return fmt.Errorf("%s has files of shards %s; name another folder with --into", dir, what)
	}
	if text, err = json.MarshalIndent(claim{j.ID(), *j}, "", "  "); err != nil {
		return err
	}
	return write(path, string(text), 0o666)
}

// readClaim reads the text of such a file; nil for one that says of no job.
func readClaim(text []byte) *claim {
	c := new(claim)
	if json.Unmarshal(text, c) != nil || c.ID != c.Job.ID() || c.Job.Check() != nil {
		return nil
	}
	return c
}

// differs says which other job one is.
func (j *Job) differs(other *Job) string {
	same := *other
	same.Version, same.Count = j.Version, j.Count
	switch {
	case same.ID() != j.ID() && other.Command() == j.Command():
		return "another job, the same command about models or files of other content"
	case same.ID() != j.ID():
		return "another job, " + other.Command()
	case other.Version != j.Version:
		return fmt.Sprintf("another version, %s, and this is %s", other.Version, j.Version)
	}
	return fmt.Sprintf("the same job cut into %d shards, not %d; --shards=%d goes on with them", other.Count, j.Count, other.Count)
}

// Command is the command line of the job, without how its result is shown.
func (j *Job) Command() string {
	return Shell(append([]string{"tc0"}, j.words()...)...)
}

// Shell writes words as a shell reads them.
func Shell(words ...string) string {
	words = slices.Clone(words)
	for i, word := range words {
		if word == "" || strings.ContainsAny(word, " \t'\"\\$&|;()<>*?`#~!") {
			words[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return printable(strings.Join(words, " "))
}

// hasShards reports whether files of shards are in a folder, or in those below it, which tc0 gather reads, too.
func hasShards(dir string) (has bool, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(d.Name(), extension) && !strings.HasPrefix(d.Name(), ".") {
			has = true
			return fs.SkipAll
		}
		return err
	})
	return has, err
}

// there lists the shards whose files are in the folder. A file that is damaged, or is that of another shard, is none.
func (c *Coordinator) there() (map[int]bool, error) {
	entries, err := os.ReadDir(c.Into)
	if err != nil {
		return nil, err
	}
	done := map[int]bool{}
	for _, e := range entries {
		n, count := 0, 0
		if _, err := fmt.Sscanf(e.Name(), "%d-of-%d", &n, &count); err != nil || !e.Type().IsRegular() ||
			!fileOf(e.Name(), n, c.Job.Count) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		if info.Size() > mostFile {
			continue
		}
		text, err := os.ReadFile(filepath.Join(c.Into, e.Name()))
		if err != nil {
			return nil, err
		}
		if c.is(text, n) == nil {
			done[n] = true
		}
	}
	return done, nil
}

// is says how a text is not that of the file of a shard, and notes if it decides the whole.
func (c *Coordinator) is(text []byte, shard int) error {
	in, err := c.Read(text)
	switch {
	case err != nil:
		return err
	case in.Shard != shard || in.Count != c.Job.Count:
		return fmt.Errorf("it is shard %d of %d", in.Shard, in.Count)
	}
	c.enough = c.enough || in.Enough && c.Job.Verb == decidable
	return nil
}
