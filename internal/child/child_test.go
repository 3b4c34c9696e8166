//go:build unix

package child_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/child"
	"github.com/tc0lab/tc0/internal/tooltest"
)

// parent is the variable that makes the test binary run a shell script, and wait for it.
const parent = "TC0_CHILD_TEST_SCRIPT"

func TestMain(m *testing.M) {
	if script := os.Getenv(parent); script != "" {
		_, _ = child.Run(context.Background(), shell(script))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func shell(script string) child.Command {
	return child.Command{Name: "sh", Args: []string{"-c", script}}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	c := shell("cat; pwd; echo $TC0_CHILD_TEST; echo complaint >&2; exit 7")
	c.Dir, c.Env, c.Input = dir, []string{"TC0_CHILD_TEST=value"}, strings.NewReader("input ")
	r, err := child.Run(t.Context(), c)
	if err != nil || string(r.Out) != "input "+dir+"\nvalue\n" || string(r.Err) != "complaint\n" || r.Status != 7 {
		t.Errorf("%+v, %v", r, err)
	}
	var exit *exec.ExitError
	if !errors.As(r.Failed, &exit) || exit.ExitCode() != 7 {
		t.Errorf("it failed with %v", r.Failed)
	}
	if r, err := child.Run(t.Context(), shell("cat")); err != nil || len(r.Out) > 0 || r.Status != 0 || r.Failed != nil {
		t.Errorf("without an input: %+v, %v", r, err)
	}
	if _, err := child.Run(t.Context(), child.Command{Name: "no such program"}); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("a program that is not there: %v", err)
	}
}

// A program that does not read its input ends all the same.
func TestInputThatIsNotRead(t *testing.T) {
	c := shell("echo done")
	c.Input = strings.NewReader(strings.Repeat("x", 1<<20))
	if r, err := child.Run(t.Context(), c); string(r.Out) != "done\n" || r.Status != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestBounds(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, test := range map[string]struct {
		ctx    context.Context
		script string
		time   time.Duration
		want   error
		out    string
	}{
		"as much as it may":      {script: "printf 1234567890", out: "1234567890"},
		"more":                   {script: "printf 12345678901", want: child.ErrTooMuch, out: "1234567890"},
		"endless":                {script: "exec yes", want: child.ErrTooMuch, out: "y\ny\ny\ny\ny\n"},
		"endless complaint":      {script: "printf 1; exec yes >&2", want: child.ErrTooMuch, out: "1"},
		"too long":               {script: "printf 1; sleep 1000", time: time.Second, want: child.ErrTooLong, out: "1"},
		"too long, and deaf":     {script: "trap '' TERM INT; while :; do sleep 1; done", time: time.Second, want: child.ErrTooLong},
		"a context that is over": {ctx: ended, script: "printf 1", want: context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			pids := filepath.Join(t.TempDir(), "pids")
			c := shell("echo $$ > '" + pids + "'; " + test.script)
			c.Time, c.Most = test.time, 10
			ctx := test.ctx
			if ctx == nil {
				ctx = t.Context()
			}
			r, err := child.Run(ctx, c)
			if !errors.Is(err, test.want) || string(r.Out) != test.out {
				t.Errorf("%v with %q, want %v with %q", err, r.Out, test.want, test.out)
			}
			if test.ctx == nil {
				tooltest.Gone(t, pids)
			}
		})
	}
}

func TestSignal(t *testing.T) {
	r, err := child.Run(t.Context(), shell("printf 1; kill -SEGV $$"))
	var crash *child.SignalError
	if !errors.As(err, &crash) || !strings.Contains(crash.State, "segmentation fault") || string(r.Out) != "1" || r.Status != -1 {
		t.Errorf("%+v, %v", r, err)
	}
}

// What a program starts and does not wait for ends with it, even if it holds the outputs.
func TestGroupEndsWithItsLeader(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	c := shell("(sleep 1000 & echo $! >> '" + pids + "'; wait) & sleep 1000 & echo $! >> '" + pids + "'; while [ $(wc -l < '" +
		pids + "') -lt 2 ]; do sleep 0.01; done; echo done")
	if r, err := child.Run(t.Context(), c); err != nil || string(r.Out) != "done\n" {
		t.Errorf("%+v, %v", r, err)
	}
	tooltest.Gone(t, pids)
}

func TestContextEndsTheGroup(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		waitFor(t, pids)
	}()
	c := shell("sleep 1000 & echo $! > '" + pids + ".new'; mv '" + pids + ".new' '" + pids + "'; wait")
	if _, err := child.Run(ctx, c); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	tooltest.Gone(t, pids)
}

// waitFor waits until a file is there.
func waitFor(t *testing.T, name string) {
	for end := time.Now().Add(tooltest.Limit(t)); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(name); err == nil {
			return
		}
	}
}
