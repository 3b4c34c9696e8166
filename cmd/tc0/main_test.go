package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rsc.io/script"
	"rsc.io/script/scripttest"

	"github.com/tc0lab/tc0/internal/longtest"
)

// beTC0 is the variable that makes the test binary behave as the command.
const beTC0 = "TC0_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(beTC0) != "" {
		main()
	}
	os.Setenv("TC0_FULL", "1") // tests look at all that is printed; TestFirstPage does not
	os.Exit(withCache(m))
}

// withCache runs the tests with a cache of their own, and not that of the person who runs them.
func withCache(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tc0-test-cache-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	os.Setenv(cacheVariable, dir)
	return m.Run()
}

// TestScripts runs the scripts in testdata/script. Besides the usual commands they
// have those below.
func TestScripts(t *testing.T) { runScripts(t, "*.txt") }

// TestLongScripts runs those that take minutes together.
func TestLongScripts(t *testing.T) {
	longtest.Need(t)
	runScripts(t, filepath.Join("long", "*.txt"))
}

func runScripts(t *testing.T, pattern string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	engine := script.NewEngine()
	engine.Cmds = scripttest.DefaultCmds()
	engine.Conds = scripttest.DefaultConds()
	engine.Cmds["tc0"] = commandOf(binary)
	engine.Cmds["exits"] = commandOf(binary)
	engine.Cmds["json"] = jsonCommand()
	engine.Cmds["files"] = filesCommand()
	engine.Cmds["model"] = modelCommand()
	env := append(os.Environ(), beTC0+"=1")
	scripttest.Test(t, context.Background(), engine, env, filepath.Join("..", "..", "testdata", "script", pattern))
}

// command runs the command of this folder:
//
//	tc0 ARGUMENT...      exits with status 0
//	exits N ARGUMENT...  exits with status N
//
// An argument "<FILE" is standard input. Nothing that is printed may claim too much, and a
// report has no depth without what counts as depth.
func commandOf(binary string) script.Cmd {
	return script.Command(
		script.CmdUsage{Summary: "run tc0", Args: "[status] args... [<stdin]"},
		func(s *script.State, args ...string) (script.WaitFunc, error) {
			want := 0
			if len(args) > 0 {
				if n, err := strconv.Atoi(args[0]); err == nil {
					want, args = n, args[1:]
				}
			}
			cmd := exec.CommandContext(s.Context(), binary)
			cmd.Dir, cmd.Env = s.Getwd(), s.Environ()
			for _, arg := range args {
				if name, ok := strings.CutPrefix(arg, "<"); ok {
					text, err := os.ReadFile(s.Path(name))
					if err != nil {
						return nil, err
					}
					cmd.Stdin = bytes.NewReader(text)
					continue
				}
				cmd.Args = append(cmd.Args, arg)
			}
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				return nil, err
			}
			return func(*script.State) (string, string, error) {
				err := cmd.Wait()
				var exit *exec.ExitError
				if err != nil && !errors.As(err, &exit) {
					return stdout.String(), stderr.String(), err
				}
				if got := cmd.ProcessState.ExitCode(); got != want {
					return stdout.String(), stderr.String(), fmt.Errorf("exit status %d, want %d", got, want)
				}
				if found := claims(stdout.String() + stderr.String()); len(found) > 0 {
					return stdout.String(), stderr.String(), fmt.Errorf("it claims too much: %q", found)
				}
				if err := fitsSchema(args, stdout.String()); err != nil {
					return stdout.String(), stderr.String(), err
				}
				other := slices.ContainsFunc(args, func(arg string) bool {
					return arg == "--help" || arg == "--json" || arg == "--depth-model" || arg == "--estimate"
				})
				if want == 0 && len(args) > 0 && args[0] == "report" && !other && !strings.Contains(stdout.String(), "standard model") {
					return stdout.String(), stderr.String(), errors.New("no depth model")
				}
				return stdout.String(), stderr.String(), nil
			}, nil
		},
	)
}

// jsonCommand compares a place in the JSON that was printed last:
//
//	json PATH VALUE   a path such as verified.checks.0.inputs; len is the length of a list
func jsonCommand() script.Cmd {
	return script.Command(
		script.CmdUsage{Summary: "check the JSON on standard output", Args: "path value"},
		func(s *script.State, args ...string) (script.WaitFunc, error) {
			if len(args) != 2 {
				return nil, script.ErrUsage
			}
			d := json.NewDecoder(strings.NewReader(s.Stdout()))
			d.UseNumber()
			var v any
			if err := d.Decode(&v); err != nil {
				return nil, err
			}
			if d.More() {
				return nil, errors.New("something follows the object")
			}
			for key := range strings.SplitSeq(args[0], ".") {
				switch x := v.(type) {
				case map[string]any:
					value, ok := x[key]
					if !ok {
						return nil, fmt.Errorf("there is no %s in %s", key, args[0])
					}
					v = value
				case []any:
					i, err := strconv.Atoi(key)
					switch {
					case key == "len":
						v = len(x)
					case err != nil || i < 0 || i >= len(x):
						return nil, fmt.Errorf("there is no %s in %s", key, args[0])
					default:
						v = x[i]
					}
				default:
					return nil, fmt.Errorf("there is nothing in %v", v)
				}
			}
			if got := fmt.Sprint(v); got != args[1] {
				return nil, fmt.Errorf("%s is %s, want %s", args[0], got, args[1])
			}
			return nil, nil
		},
	)
}

// filesCommand checks that a folder has just the named files, hidden ones included.
func filesCommand() script.Cmd {
	return script.Command(
		script.CmdUsage{Summary: "check the files in a folder", Args: "dir [name...]"},
		func(s *script.State, args ...string) (script.WaitFunc, error) {
			if len(args) == 0 {
				return nil, script.ErrUsage
			}
			entries, err := os.ReadDir(s.Path(args[0]))
			if err != nil {
				return nil, err
			}
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			if want := slices.Sorted(slices.Values(args[1:])); !slices.Equal(names, want) {
				return nil, fmt.Errorf("%s has the files %q, want %q", args[0], names, want)
			}
			return nil, nil
		},
	)
}

// longestDelay is how long a command may take before it is interrupted. The tests below begin
// with a moment and double it until the command was up by then, as fast as the machine is.
const longestDelay = 3 * time.Minute

// An interrupt ends the command, with the status that shells use, and leaves no file.
func TestInterrupt(t *testing.T) {
	for _, args := range [][]string{
		{"sweep", "attention:d=8", "--n", "64..400", "--csv", "out.csv"},
		{"build", "attention:n=100,d=8,bits=4", "-o", "out.tc0"},
		{"verify", "mlp:n=100", "--inputs", "1000000000"},
		{"eval", "mlp:n=3"}, // waits for its input
	} {
		dir := t.TempDir()
		// A signal that comes before the command listens to it kills it; then it is
		// given longer to start, as a busy machine may need.
		got := -1
		for delay := 300 * time.Millisecond; got == -1 && delay < longestDelay; delay *= 2 {
			got, _ = interrupted(t, dir, args, delay)
		}
		if got != statusInterrupted {
			t.Errorf("%v: exit status %d, want %d", args, got, statusInterrupted)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%v: left %v (%v)", args, entries, err)
		}
	}
}

// TestInterruptedSweepPrintsWhatItHas stops a sweep half-way: what was measured is printed.
func TestInterruptedSweepPrintsWhatItHas(t *testing.T) {
	for delay := time.Second; delay < longestDelay; delay *= 2 {
		got, text := interrupted(t, t.TempDir(), []string{"sweep", "attention:d=2", "--n", "2..400"}, delay)
		if got == -1 || got == statusInterrupted && text == "" {
			continue // it was not up yet
		} else if got != statusInterrupted {
			t.Fatalf("exit status %d, want %d", got, statusInterrupted)
		}
		if !strings.Contains(text, "Stopped before n in") && !strings.Contains(text, "interrupted at n=") ||
			!regexp.MustCompile(`(?m)(^ +2 │ +3 │|^n=2: depth 3,)`).MatchString(text) {
			t.Errorf("printed %q", text)
		}
		return
	}
	t.Error("the sweep never came up")
}

// interrupted starts the command in a folder, interrupts it after the delay and returns its exit status, -1 if the
// signal killed it, and what it printed.
func interrupted(t *testing.T, dir string, args []string, delay time.Duration) (status int, printed string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var stdout bytes.Buffer
	cmd := exec.CommandContext(t.Context(), binary, args...)
	cmd.Dir, cmd.Env, cmd.Stdout = dir, append(os.Environ(), beTC0+"=1"), &stdout
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(delay)
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	return cmd.ProcessState.ExitCode(), stdout.String()
}

// TestInterruptedUnrollPrintsWhatItHas stops a trained diffusion model in the middle of a
// number of steps: what the circuits before it draw is printed.
func TestInterruptedUnrollPrintsWhatItHas(t *testing.T) {
	for delay := time.Second; delay < longestDelay; delay *= 2 {
		ctx, cancel := context.WithTimeout(t.Context(), delay)
		var out, notes bytes.Buffer
		a := &app{ctx: ctx, stdin: strings.NewReader(""), stdout: &out, stderr: &notes}
		status := a.main([]string{"unroll", "digit-denoiser", "--steps", "1,1000", "--samples", "40"})
		cancel()
		if status != statusInterrupted {
			t.Fatalf("status %d: %s", status, notes.String())
		}
		if regexp.MustCompile(`(?m)^  1 │ +\d+\.\d+ │ +\d+\.\d+ │ +0 of 40$`).MatchString(out.String()) {
			return
		}
	}
	t.Error("no number of steps was ever finished")
}
