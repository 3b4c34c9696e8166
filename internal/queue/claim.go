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

	"github.com/tc0lab/tc0/analysis/shard"
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
	var c claim
	known := err == nil && json.Unmarshal(text, &c) == nil && c.ID == c.Job.ID() && c.Job.Check() == nil
	if known && c.ID == j.ID() {
		return nil
	}
	if has, err := hasShards(dir); err != nil {
		return err
	} else if has {
		what := "and no " + claimFile + " that says of which job"
		if known {
			what = "of " + j.differs(&c.Job)
		}
		return fmt.Errorf("%s has files of shards %s; name another folder with --into", dir, what)
	}
	if text, err = json.MarshalIndent(claim{j.ID(), *j}, "", "  "); err != nil {
		return err
	}
	return write(path, string(text), 0o666)
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
		if err == nil && !d.IsDir() && strings.HasSuffix(d.Name(), shard.Extension) && !strings.HasPrefix(d.Name(), ".") {
			has = true
			return fs.SkipAll
		}
		return err
	})
	return has, err
}

// there lists the shards whose files are in a folder. A file that is damaged, or is that of another shard, is none.
func (j *Job) there(dir string) (map[int]bool, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	done := map[int]bool{}
	for _, e := range entries {
		n, count := 0, 0
		if _, err := fmt.Sscanf(e.Name(), "%d-of-%d"+shard.Extension, &n, &count); err != nil || !e.Type().IsRegular() ||
			count != j.Count || e.Name() != shard.Name(n, count) {
			continue
		}
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		if info.Size() > mostFile {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if isShard(text, n, count) == nil {
			done[n] = true
		}
	}
	return done, nil
}

// isShard says how a text is not that of the file of a shard.
func isShard(text []byte, n, count int) error {
	h, _, err := shard.Decode(text)
	if err == nil && (h.Index != n || h.Count != count) {
		err = fmt.Errorf("it is shard %d of %d", h.Index, h.Count)
	}
	return err
}
