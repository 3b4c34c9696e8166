package shard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/analysis/shard"
)

// found is a result of a unit.
type found struct {
	Square  int     `json:"square"`
	Share   float64 `json:"share"`
	Seconds float64 `json:"seconds"`
}

// command is a command of several stages, of which the last has one unit.
func command(ctx context.Context, n int, seconds float64) (string, error) {
	var b strings.Builder
	squares, err := shard.Each(ctx, "squares", n, func(_ context.Context, i int) (found, error) {
		return found{i * i, 1 / float64(i+3), seconds}, nil
	})
	if err != nil {
		return "", err
	}
	for i, r := range squares {
		if r != nil {
			fmt.Fprintln(&b, i, r.Square, r.Share)
		}
	}
	parts, err := shard.Over(ctx, "sum", n/2, func(ctx context.Context, u shard.Units) (sum int, err error) {
		if shard.Of(ctx) != nil {
			return 0, errors.New("a stage within a unit would be split again")
		}
		for k := range u.Len {
			sum += u.At(k)
		}
		return sum, nil
	})
	sum := 0
	for _, p := range parts {
		sum += p.Result
	}
	fmt.Fprintln(&b, "sum", sum)
	if err != nil {
		return "", err
	}
	last, err := shard.One(ctx, "last", func(context.Context) (string, error) { return "<&>\n", nil })
	if last != nil {
		fmt.Fprintln(&b, *last)
	}
	return b.String(), err
}

func header(i, n int) shard.Header {
	return shard.Header{Version: "v1", Args: []string{"square", "--n=7"}, Index: i, Count: n}
}

// tester is a test or a check of a property.
type tester interface {
	rapid.TB
	Context() context.Context
}

// do does one shard and returns the path of its file.
func do(t tester, folder string, h shard.Header, n int, about string, seconds float64) string {
	t.Helper()
	j, err := shard.Begin(h)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.About("data", func(w io.Writer) error { _, err := io.WriteString(w, about); return err }); err != nil {
		t.Fatal(err)
	}
	if _, err := command(shard.With(t.Context(), j), n, seconds); err != nil {
		t.Fatal(err)
	}
	path, err := j.Write(folder)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// gathered runs the command on the files of a folder.
func gathered(t tester, folder string, n int, about string) (string, error) {
	t.Helper()
	j, _, err := shard.Folder(folder)
	if err != nil {
		return "", err
	}
	if err := j.About("data", func(w io.Writer) error { _, err := io.WriteString(w, about); return err }); err != nil {
		t.Fatal(err)
	}
	text, err := command(shard.With(t.Context(), j), n, 0)
	if err == nil {
		err = j.Unread()
	}
	return text, err
}

// Whatever the number of shards, their files give what one process gives.
func TestAnyNumberOfShards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, count := rapid.IntRange(0, 40).Draw(t, "units"), rapid.IntRange(1, 50).Draw(t, "shards")
		want, err := command(t.Context(), n, 0)
		if err != nil {
			t.Fatal(err)
		}
		folder, err := os.MkdirTemp("", "shards")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		for i := range count {
			do(t, folder, header(i+1, count), n, "same", float64(i))
		}
		if got, err := gathered(t, folder, n, "same"); err != nil || got != want {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
	})
}

// The header of a job that does all, and what its methods say of it.
func TestNoJob(t *testing.T) {
	var j *shard.Job
	if j.Partial() || j.Gathers() || j.About("", nil) != nil {
		t.Error("a nil job is no command that does all by itself")
	}
	if shard.Of(t.Context()) != nil {
		t.Error("a context has a job that nobody gave it")
	}
}

// An error of a unit is that of the stage, and of a process that does all, what was found before it comes along.
func TestErrors(t *testing.T) {
	failed := errors.New("failed")
	unit := func(_ context.Context, i int) (int, error) {
		if i == 3 {
			return 0, failed
		}
		return i, nil
	}
	all, err := shard.Each(t.Context(), "x", 5, unit)
	if !errors.Is(err, failed) || len(all) != 5 || all[2] == nil || *all[2] != 2 || all[3] != nil {
		t.Errorf("%v, %v", all, err)
	}
	j, _ := shard.Begin(header(1, 2)) // units 0, 2, 4
	if all, err = shard.Each(shard.With(t.Context(), j), "x", 5, unit); err != nil || all[3] != nil || *all[4] != 4 {
		t.Errorf("%v, %v", all, err)
	}
	j, _ = shard.Begin(header(2, 2))
	if _, err = shard.Each(shard.With(t.Context(), j), "x", 5, unit); !errors.Is(err, failed) {
		t.Error(err)
	}
	for _, h := range []shard.Header{header(0, 2), header(3, 2), header(1, 0)} {
		if _, err := shard.Begin(h); err == nil {
			t.Errorf("shard %d of %d", h.Index, h.Count)
		}
	}
}

// What does not belong together is refused, and the message says which file and why.
func TestFolder(t *testing.T) {
	const n = 7
	fill := func(t *testing.T) string {
		folder := t.TempDir()
		for i := range 4 {
			do(t, folder, header(i+1, 4), n, "same", 1)
		}
		return folder
	}
	whole := func(t *testing.T, folder string) string {
		t.Helper()
		text, err := gathered(t, folder, n, "same")
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	refused := func(t *testing.T, folder, want string) {
		t.Helper()
		if _, err := gathered(t, folder, n, "same"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	t.Run("twice", func(t *testing.T) {
		folder := fill(t)
		want := whole(t, folder)
		do(t, filepath.Join(folder, "other host"), header(2, 4), n, "same", 5) // at another speed
		if got := whole(t, folder); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		do(t, filepath.Join(folder, "z"), header(3, 4), n+1, "same", 1)
		refused(t, folder, "z/0003-of-0004.jsonl: shard 3 has other results in "+folder)
	})
	t.Run("missing", func(t *testing.T) {
		folder := fill(t)
		os.Remove(filepath.Join(folder, shard.Name(1, 4)))
		os.Remove(filepath.Join(folder, shard.Name(3, 4)))
		refused(t, folder, "2 of 4 shards are missing: --array=1,3")
		var missing *shard.MissingError
		if _, _, err := shard.Folder(folder); !errors.As(err, &missing) || !slices.Equal(missing.Missing, []int{1, 3}) {
			t.Error(err)
		}
	})
	t.Run("other files", func(t *testing.T) {
		folder := fill(t)
		want := whole(t, folder)
		if err := os.WriteFile(filepath.Join(folder, "log.jsonl"), []byte("{}"), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(filepath.Join(folder, "0009-of-0009.jsonl"), 0o777); err != nil {
			t.Fatal(err)
		}
		if got := whole(t, folder); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
	t.Run("empty", func(t *testing.T) { refused(t, t.TempDir(), "no file of a shard") })
	t.Run("version", func(t *testing.T) {
		folder := fill(t)
		h := header(2, 4)
		h.Version = "v2"
		do(t, folder, h, n, "same", 1)
		refused(t, folder, "0002-of-0004.jsonl: it was made by version v2 of tc0, not v1")
	})
	t.Run("args", func(t *testing.T) {
		folder := fill(t)
		h := header(4, 4)
		h.Args = []string{"cube"}
		do(t, folder, h, n, "same", 1)
		refused(t, folder, "0004-of-0004.jsonl: it is of another job: tc0 cube; not tc0 square --n=7")
	})
	t.Run("count", func(t *testing.T) {
		folder := fill(t)
		do(t, folder, header(5, 5), n, "same", 1)
		refused(t, folder, "0005-of-0005.jsonl: it is one of 5 shards, not of 4")
	})
	t.Run("data", func(t *testing.T) {
		folder := fill(t)
		do(t, folder, header(4, 4), n, "other", 1)
		refused(t, folder, "0004-of-0004.jsonl: it is about another circuit or other data than squares here")
	})
	t.Run("units", func(t *testing.T) {
		folder := fill(t)
		do(t, folder, header(4, 4), n+1, "same", 1)
		refused(t, folder, "0004-of-0004.jsonl: its stage 1 is squares of 8 units; here it is squares of 7")
	})
	t.Run("stages", func(t *testing.T) {
		folder := fill(t)
		j, _, err := shard.Folder(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Unread(); err == nil || !strings.Contains(err.Error(), "3 stages of work; here there are 0") {
			t.Error(err)
		}
	})
	for _, damage := range []struct {
		name, want string
		damage     func(text []byte) []byte
	}{
		{"cut", "it is cut off", func(text []byte) []byte { return text[:len(text)/2] }},
		{"no last line", "it is cut off: its last line is no sha256", func(text []byte) []byte {
			return text[:bytes.LastIndexByte(text[:len(text)-1], '\n')+1]
		}},
		{"changed", "it is damaged", func(text []byte) []byte { return bytes.Replace(text, []byte("16"), []byte("17"), 1) }},
		{"nothing", "it is cut off", func([]byte) []byte { return nil }},
	} {
		t.Run(damage.name, func(t *testing.T) {
			folder := fill(t)
			path := filepath.Join(folder, shard.Name(1, 4))
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage.damage(text), 0o666); err != nil {
				t.Fatal(err)
			}
			refused(t, folder, "0001-of-0004.jsonl: "+damage.want)
			if done, err := shard.Done(folder, header(1, 4)); done || err == nil {
				t.Errorf("done %v, %v", done, err)
			}
		})
	}
}

func TestDone(t *testing.T) {
	folder := t.TempDir()
	if done, err := shard.Done(folder, header(2, 3)); done || err != nil {
		t.Error(done, err)
	}
	do(t, folder, header(2, 3), 5, "", 1)
	if done, err := shard.Done(folder, header(2, 3)); !done || err != nil {
		t.Error(done, err)
	}
	other := header(2, 3)
	other.Args = []string{"cube"}
	var wrong *shard.FileError
	if done, err := shard.Done(folder, other); done || !errors.As(err, &wrong) {
		t.Error(done, err)
	}
	if files, _ := os.ReadDir(folder); len(files) != 1 {
		t.Errorf("%v is left", files)
	}
	text, err := os.ReadFile(filepath.Join(folder, shard.Name(2, 3)))
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, shard.Name(3, 3)), text, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	if done, err := shard.Done(folder, header(3, 3)); done || err == nil || !strings.Contains(err.Error(), "it has shard 2") {
		t.Error(done, err)
	}
}

// Without times, the same shard is the same bytes.
func TestLeaveOutTimes(t *testing.T) {
	bytesOf := func(seconds float64, leave bool) string {
		j, err := shard.Begin(header(1, 2))
		if err != nil {
			t.Fatal(err)
		}
		if leave {
			j.LeaveOutTimes()
		}
		if _, err := command(shard.With(t.Context(), j), 5, seconds); err != nil {
			t.Fatal(err)
		}
		text, err := j.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if bytesOf(1, false) == bytesOf(2, false) {
		t.Error("times are left out where they are not to be")
	}
	if one, two := bytesOf(1, true), bytesOf(2, true); one != two || !strings.Contains(one, `"square":16`) {
		t.Errorf("%s\n%s", one, two)
	}
}

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text, env    string
		index, count int
		want         string // in the error
	}{
		{"3/7", "", 3, 7, ""},
		{"7/7", "", 7, 7, ""},
		{"0/7", "", 0, 0, `"0" is no shard of 7`},
		{"8/7", "", 0, 0, `"8" is no shard of 7`},
		{"3", "", 0, 0, "it is I/N"},
		{"", "", 0, 0, "it is I/N"},
		{"3/0", "", 0, 0, `"0" is no number of shards`},
		{"3/100001", "", 0, 0, "is no number of shards"},
		{"a/b", "", 0, 0, `"b" is no number of shards`},
		{"auto", "SLURM_ARRAY_TASK_ID=4 SLURM_ARRAY_TASK_COUNT=9 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=9", 4, 9, ""},
		{"auto", "SLURM_ARRAY_TASK_ID=17 SLURM_ARRAY_TASK_COUNT=5 SLURM_ARRAY_TASK_MIN=3 SLURM_ARRAY_TASK_MAX=20", 0, 0, "no whole job 1-N; say auto/N"},
		{"auto", "SLURM_ARRAY_TASK_ID=4", 0, 0, `SLURM_ARRAY_TASK_COUNT="" is no number`},
		{"auto/20", "SLURM_ARRAY_TASK_ID=17", 17, 20, ""},
		{"auto/20", "SLURM_ARRAY_TASK_ID=0", 0, 0, "SLURM_ARRAY_TASK_ID=0 is no shard of 20"},
		{"auto/20", "SLURM_ARRAY_TASK_ID=x", 0, 0, `SLURM_ARRAY_TASK_ID="x" is no number`},
		{"auto/5", "JOB_COMPLETION_INDEX=0", 1, 5, ""},
		{"auto/5", "JOB_COMPLETION_INDEX=4", 5, 5, ""},
		{"auto/5", "JOB_COMPLETION_INDEX=5", 0, 0, "counts from 0 to 4"},
		{"auto/5", "JOB_COMPLETION_INDEX=-1", 0, 0, "counts from 0 to 4"},
		{"auto/5", "SLURM_ARRAY_TASK_ID=2 PARALLEL_SEQ=3", 0, 0, "SLURM_ARRAY_TASK_ID and PARALLEL_SEQ are set"},
		{"auto", "JOB_COMPLETION_INDEX=4", 0, 0, "say auto/N"},
		{"auto/5", "PARALLEL_SEQ=5", 5, 5, ""},
		{"auto/5", "", 0, 0, "none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and PARALLEL_SEQ is set"},
	} {
		env := func(name string) string {
			for pair := range strings.FieldsSeq(test.env) {
				if key, value, _ := strings.Cut(pair, "="); key == name {
					return value
				}
			}
			return ""
		}
		index, count, err := shard.Parse(test.text, env)
		switch {
		case test.want == "" && (err != nil || index != test.index || count != test.count):
			t.Errorf("%s with %s: %d of %d, %v; want %d of %d", test.text, test.env, index, count, err, test.index, test.count)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s with %s: error %v, want %q in it", test.text, test.env, err, test.want)
		}
	}
}

func TestArray(t *testing.T) {
	for want, numbers := range map[string][]int{
		"": nil, "3": {3}, "3,17-20": {3, 17, 18, 19, 20}, "1-2,4": {1, 2, 4}, "1,3,5": {1, 3, 5},
	} {
		if got := shard.Array(numbers); got != want {
			t.Errorf("%v: %q, want %q", numbers, got, want)
		}
	}
}
