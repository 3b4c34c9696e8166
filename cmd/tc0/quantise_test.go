package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tc0lab/tc0/compile/model"
)

// An interrupted search prints and writes the best settings so far, and they load.
func TestInterruptedSearchKeepsTheBest(t *testing.T) {
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
		got, text := interrupted(t, dir, []string{"quantise", dir, "--settings", "100000"}, delay)
		if got == statusHolds {
			t.Skip("the search had ended before it was interrupted")
		}
		if got == -1 || got == statusInterrupted && text == "" {
			continue // it was not up yet
		}
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
