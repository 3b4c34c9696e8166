//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// halves is the majority of 14 bits by cases: k of the first seven and 8 − k of the last seven.
// No step before a solver shows that.
func halves() string {
	names := func(from, to int) string {
		var list []string
		for i := from; i < to; i++ {
			list = append(list, fmt.Sprintf("x%d", i))
		}
		return strings.Join(list, " ")
	}
	text, cases := "halves\n.model halves\n.input "+names(0, 14)+"\n.output y\n", ""
	for k := 1; k <= 7; k++ {
		text += fmt.Sprintf(".threshold %s a%d\n1 1 1 1 1 1 1 %d\n", names(0, 7), k, k)
		text += fmt.Sprintf(".threshold %s b%d\n1 1 1 1 1 1 1 %d\n", names(7, 14), k, 8-k)
		text += fmt.Sprintf(".threshold a%d b%d c%d\n1 1 2\n", k, k, k)
		cases += fmt.Sprintf("c%d ", k)
	}
	return text + ".threshold " + cases + "y\n1 1 1 1 1 1 1 1\n.end\n"
}

// What ends the command ends the solvers that it asks, with what they started, and their files. A
// kill leaves it no time for files, and Linux ends only the solver itself.
func TestEndOfSolvers(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for end, test := range map[syscall.Signal]struct {
		script string
		status int
		files  bool // that are left
	}{
		syscall.SIGINT:  {"sleep 1000 & echo $$ $! > PIDS.new; mv PIDS.new PIDS; wait", statusInterrupted, false},
		syscall.SIGTERM: {"trap '' TERM INT; echo $$ > PIDS.new; mv PIDS.new PIDS; while :; do sleep 1; done", statusInterrupted, false},
		syscall.SIGKILL: {"echo $$ > PIDS.new; mv PIDS.new PIDS; exec sleep 1000", -1, true},
	} {
		t.Run(end.String(), func(t *testing.T) {
			if end == syscall.SIGKILL && runtime.GOOS != "linux" {
				t.Skip("only Linux ends a solver with the command")
			}
			dir, temp := t.TempDir(), t.TempDir()
			pids := filepath.Join(dir, "pids")
			if err := os.WriteFile(filepath.Join(dir, "halves.th"), []byte(halves()), 0o644); err != nil {
				t.Fatal(err)
			}
			script := "#!/bin/sh\n" + strings.ReplaceAll(test.script, "PIDS", pids) + "\n"
			if err := os.WriteFile(filepath.Join(dir, "clasp"), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(tooltest.Context(t), binary, "equiv", "majority:n=14", "halves.th",
				"--method", "solve", "--solver", "clasp", "--timeout", "1h")
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), beTC0+"=1", "TMPDIR="+temp, "PATH="+dir+":"+os.Getenv("PATH"))
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error, 1)
			go func() { ended <- cmd.Wait() }()
			for waiting := true; waiting; {
				select {
				case err := <-ended:
					t.Fatalf("it ended before a solver was asked: %v", err)
				case <-time.After(10 * time.Millisecond):
					_, err := os.Stat(pids)
					waiting = err != nil
				}
			}
			if err := cmd.Process.Signal(end); err != nil {
				t.Fatal(err)
			}
			<-ended
			if got := cmd.ProcessState.ExitCode(); got != test.status {
				t.Errorf("exit status %d, want %d", got, test.status)
			}
			tooltest.Gone(t, pids)
			if left, err := os.ReadDir(temp); err != nil || len(left) > 0 != test.files {
				t.Errorf("%v is left in the folder for temporary files (%v)", left, err)
			}
		})
	}
}
