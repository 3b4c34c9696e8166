package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// duration is what differs from run to run in a report.
var duration = regexp.MustCompile(`(in )?(under )?[0-9.]+ (µs|ms|s)\b`)

// TestDocsShowARealReport compares the report in docs/report.md with the real one,
// but for times, so that the page never shows what the program does not print.
func TestDocsShowARealReport(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join("..", "..", "docs", "report.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(readme), "tc0 report digits --full\n```\n```text\n")
	shown, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatal("docs/report.md shows no report")
	}
	t.Chdir(t.TempDir())
	var out, notes bytes.Buffer
	a := &app{ctx: context.Background(), stdin: strings.NewReader(""), stdout: &out, stderr: &notes}
	if status := a.main([]string{"report", "digits", "--full"}); status != 0 {
		t.Fatalf("report digits ended with %d: %s", status, notes.String())
	}
	clean := func(text string) []string {
		return strings.Split(strings.TrimSpace(duration.ReplaceAllString(text, "")), "\n")
	}
	want, got := clean(out.String()), clean(shown)
	if !slices.Equal(got, want) {
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("line %d of the report in docs/report.md is\n%s\nand should be\n%s", i+1, got[i], want[i])
			}
		}
		t.Fatalf("the report in docs/report.md has %d lines and should have %d", len(got), len(want))
	}
}
