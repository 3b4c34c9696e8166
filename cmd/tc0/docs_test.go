package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/longtest"
)

var updateDocs = flag.Bool("update-docs", false, "write what commands print into the pages of docs")

// TestLongPagesOfDocs runs every command on the pages of docs, page by page, each page in a folder of its
// own. A block of commands is
//
//	```sh
//	tc0 stat parity:n=4      # a remark
//	```
//
// A line that ends in "# status 1" ends so. If a block ```text follows at once, it is what the commands
// print: all of it, but for lines "…", which stand for any number of lines. A block ```go is a program,
// which is run, or a test, which has to pass.
func TestLongPagesOfDocs(t *testing.T) {
	longtest.Need(t)
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh is here to run the commands of the pages")
	}
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range append(pages, filepath.Join("..", "..", "README.md")) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			// Three pages tell why the program is as it is, one is of another program; they have nothing to run.
			still := []string{"design.md", "coq.md", "performance.md", "queue.md"}
			if ran := runPage(t, page); ran == 0 && !slices.Contains(still, filepath.Base(page)) {
				t.Error("no command ran")
			}
		})
	}
}

// docBlock is a fenced block of a page.
var docBlock = regexp.MustCompile("(?ms)^```(sh|text|go)\n(.*?)^```\n")

// runPage runs the commands of one page and returns how many there were.
func runPage(t *testing.T, page string) int {
	t.Helper()
	path, err := filepath.Abs(page)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	dir, env := t.TempDir(), docsEnvironment(t)
	blocks := docBlock.FindAllStringSubmatchIndex(text, -1)
	ran := 0
	var rewritten strings.Builder
	end := 0
	for i, at := range blocks {
		var printed strings.Builder
		switch text[at[2]:at[3]] {
		case "text":
			continue
		case "go":
			ran++
			printed.WriteString(runGo(t, dir, text[at[4]:at[5]]))
		}
		for line := range strings.Lines(text[at[4]:at[5]]) {
			line = strings.TrimSpace(line)
			if text[at[2]:at[3]] != "sh" || line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			ran++
			printed.WriteString(runLine(t, dir, env, line))
		}
		if i+1 == len(blocks) {
			continue
		}
		next := blocks[i+1]
		if text[next[2]:next[3]] != "text" || strings.TrimSpace(text[at[1]:next[0]]) != "" {
			continue
		}
		shown := text[next[4]:next[5]]
		if *updateDocs && !slices.Contains(strings.Split(shown, "\n"), "…") {
			rewritten.WriteString(text[end:next[4]] + strings.TrimRight(printed.String(), "\n") + "\n")
			end = next[5]
			continue
		}
		if line, ok := prints(printed.String(), shown); !ok {
			t.Errorf("after %q, %q is shown and not printed:\n%s", text[at[4]:at[5]], line, &printed)
		}
	}
	if end > 0 {
		if err := os.WriteFile(path, []byte(rewritten.String()+text[end:]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return ran
}

// docsEnvironment has tc0 on the path: a script that calls this test binary.
func docsEnvironment(t *testing.T) []string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	script := "#!/bin/sh\n" + beTC0 + "=1 exec '" + binary + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "tc0"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "TC0_FULL=0")
}

// runGo runs a program of a page, or a test, and returns what the program prints.
func runGo(t *testing.T, dir, text string) string {
	t.Helper()
	args, name := []string{"run"}, "main.go"
	if !strings.HasPrefix(text, "package main\n") {
		args, name = []string{"test"}, "page_test.go"
	}
	file := filepath.Join(dir, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	// In the folder of this test, so that the imports are those of this module.
	out, err := exec.CommandContext(t.Context(), "go", append(args, file)...).CombinedOutput()
	if err != nil {
		t.Errorf("%v: %s\n%s", err, out, text)
	}
	return string(out)
}

// wantStatus is the exit status that a remark promises.
var wantStatus = regexp.MustCompile(`# status (\d+)`)

// runLine runs a line of a block and returns what it prints.
func runLine(t *testing.T, dir string, env []string, line string) string {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), "sh", "-c", line)
	cmd.Dir, cmd.Env = dir, env
	var notes strings.Builder
	cmd.Stderr = &notes
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	want := 0
	if found := wantStatus.FindStringSubmatch(line); found != nil {
		want, _ = strconv.Atoi(found[1])
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Errorf("%s: status %d, not %d: %s", line, got, want, &notes)
	}
	if found := claims(string(out)); len(found) > 0 {
		t.Errorf("%s claims too much: %q", line, found)
	}
	return string(out)
}

// prints tells whether a command prints what a page shows, and else the first line that it does not.
func prints(printed, shown string) (string, bool) {
	clean := func(text string) []string {
		lines := strings.Split(strings.Trim(duration.ReplaceAllString(text, ""), "\n"), "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
		return lines
	}
	got, free := clean(printed), false
	for _, line := range clean(shown) {
		if line == "…" {
			free = true
			continue
		}
		at := slices.Index(got, line)
		if at < 0 || at > 0 && !free {
			return line, false
		}
		got, free = got[at+1:], false
	}
	if len(got) > 0 && !free {
		return got[0], false
	}
	return "", true
}
