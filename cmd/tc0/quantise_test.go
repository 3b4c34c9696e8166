package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tc0lab/tc0/compile/model"
)

// An interrupted search prints and writes the best settings so far, and they load.
func TestInterruptedSearchKeepsTheBest(t *testing.T) {
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	files, err := flipFlopOf4()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for delay := 500 * time.Millisecond; delay < longestDelay; delay *= 2 {
		cmd := exec.CommandContext(t.Context(), binary, "quantise", dir, "--settings", "100000")
		cmd.Env = append(os.Environ(), beTC0+"=1")
		var stdout bytes.Buffer
		cmd.Stdout = &stdout
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(delay)
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		got := cmd.ProcessState.ExitCode()
		if got == statusHolds {
			t.Skip("the search had ended before it was interrupted")
		}
		if got == -1 || got == statusInterrupted && stdout.Len() == 0 {
			continue // it was not up yet
		}
		text := stdout.String()
		if got != statusInterrupted || !strings.Contains(text, "the search was interrupted") ||
			!strings.Contains(text, "written: "+filepath.Join(dir, "tc0.json")) {
			t.Fatalf("exit status %d; printed %q", got, text)
		}
		m, err := model.Find(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		q, err := m.Quantise(model.Quantisation{})
		if err != nil || q.Quantisation.Percentile == 0 {
			t.Fatalf("%+v, %v", q, err)
		}
		return
	}
	t.Error("the search never came up")
}
