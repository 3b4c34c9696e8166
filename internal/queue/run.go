package queue

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/command"
	"github.com/tc0lab/tc0/internal/room"
	"github.com/tc0lab/tc0/internal/scratch"
)

// Program is what does shards, and its bounds.
type Program struct {
	Path   string
	Env    []string      // besides that of this process, NAME=VALUE
	Time   time.Duration // that one shard may take
	Memory int64         // bytes that one process of a shard may have; 0 for no bound
	Dir    string        // where shards are done; "" for the folder of the system for temporary files
}

// shardFolder begins the name of a folder in which a shard is done.
const shardFolder = "tc0-shard-"

// mostPrinted bounds what the program may print; a shard prints nothing that counts.
const mostPrinted = 1 << 20

// Version is that of the program, as a file of a shard has it: where it does not say which source the program is made
// of, there is a digest of the program, too.
func (p *Program) Version(ctx context.Context) (string, error) {
	path, err := exec.LookPath(p.Path)
	if err != nil {
		return "", err
	}
	r, err := child.Run(ctx, child.Command{
		Name: path, Args: []string{"version"}, Env: p.Env, Time: time.Minute, Most: mostPrinted,
	})
	if err == nil {
		err = r.Failed
	}
	if err != nil {
		return "", fmt.Errorf("%s version: %w", path, err)
	}
	line, _, _ := strings.Cut(string(r.Out), "\n")
	line = strings.TrimSpace(line)
	return command.Exact(line, path)
}

// failure is why a shard failed, of its own. Other errors of doing one are those of this worker.
type failure struct{ why string }

func (f *failure) Error() string { return f.why }

func failed(format string, args ...any) error { return &failure{fmt.Sprintf(format, args...)} }

// folder makes a folder for a shard, and holds it. Until it is held, a worker that begins may sweep it away.
func (p *Program) folder() (dir string, leave func(), err error) {
	const tries = 10
	for range tries {
		dir, remove, e := scratch.Folder(p.Dir, shardFolder)
		if e != nil {
			return "", nil, e
		}
		release, e := hold(dir)
		if e == nil {
			if _, e = os.Stat(dir); e == nil {
				return dir, func() { release(); remove() }, nil
			}
			release()
		}
		remove()
		err = e
	}
	return "", nil, err
}

// do runs the program for a shard, and calls use with the file that it makes, which is gone afterwards.
//
// Errors: *failure; the cause of the end of the context; those of use; and others, such as a full disk, that this
// worker has and another may not have.
func (p *Program) do(ctx context.Context, t *Task, given map[string]string, use func(file string) error) error {
	dir, leave, err := p.folder()
	if err != nil {
		return err
	}
	defer leave()
	at, into := filepath.Join(dir, "at"), filepath.Join(dir, "into")
	for _, d := range []string{at, into} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return err
		}
	}
	if err := t.lay(at, given); err != nil {
		return err
	}
	c := child.Command{
		Name: p.Path, Args: t.command(into), Dir: at, Time: p.Time, Memory: p.Memory, Most: mostPrinted,
		// So that the program finds its bounds before it is ended by them, and says what is too large.
		Env: append([]string{}, p.Env...),
	}
	if p.Memory > 0 {
		c.Env = append(c.Env, "GOMEMLIMIT="+strconv.FormatInt(p.Memory/4*3, 10))
	}
	ended, err := child.Run(ctx, c)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	why := p.why(ended, err)
	file, e := find(into, t.Shard, t.Count)
	if why == nil && e == nil && file == "" {
		why = failed("it ended well and made no file %d of %d", t.Shard, t.Count)
	}
	if why != nil {
		if e := space(dir, ended); e != nil {
			return e
		}
		return why
	}
	if e != nil {
		return e
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if info.Size() > mostFile {
		return failed("its file has %s; the limit is %s", room.Text(info.Size()), room.Text(mostFile))
	}
	return use(file)
}

// why says how a shard failed. The exit status 1 is that a check found something: a result, as 0 is.
func (p *Program) why(r *child.Result, err error) error {
	says := firstLine(string(r.Err))
	var crash *child.SignalError
	switch {
	case errors.Is(err, child.ErrTooLong):
		return failed("time: it did not end in %v", p.Time)
	case errors.Is(err, child.ErrTooMuch):
		return failed("it prints more than %s", room.Text(mostPrinted))
	case errors.As(err, &crash) && strings.Contains(crash.State, "killed"):
		return failed("it was killed, as the system does when memory is short: %s", crash.State)
	case errors.As(err, &crash):
		return failed("%v", crash)
	case err != nil: // it did not start
		return err
	case r.Status <= 1:
		return nil
	case strings.Contains(string(r.Err), "out of memory") || strings.Contains(string(r.Err), "cannot allocate memory"):
		return failed("memory: it needs more than %s: %s", room.Text(p.Memory), says)
	case p.Memory > 0 && strings.Contains(string(r.Err), "SIGSEGV"): // of the runtime, where the system refuses it a page
		return failed("memory, it seems: it crashes, where it may have %s: %s", room.Text(p.Memory), says)
	}
	return failed("exit status %d: %s", r.Status, says)
}

// space tells whether the disk is full, so that the failure is none of the shard.
func space(dir string, r *child.Result) error {
	full := syscall.ENOSPC
	if strings.Contains(string(r.Err), full.Error()) {
		return fmt.Errorf("%s: %w", dir, full)
	}
	probe := filepath.Join(dir, "probe")
	defer os.Remove(probe)
	return os.WriteFile(probe, make([]byte, 64<<10), 0o600)
}

// firstLine is the first line of a text that says something, for a message.
func firstLine(text string) string {
	const most = 300
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(printable(line))
		if line != "" {
			if len(line) > most {
				line = strings.ToValidUTF8(line[:most], "") + "…"
			}
			return line
		}
	}
	return "it says nothing"
}

// printable leaves out what a terminal would obey.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
}

// FreeMemory is a bound for the memory of one shard on a machine that does nothing else.
func FreeMemory() int64 { return room.Bound().Bytes }
