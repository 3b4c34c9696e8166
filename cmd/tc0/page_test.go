package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/table"
)

// What a verb prints by default fits one screen, and says what else there is.
func TestFirstPage(t *testing.T) {
	t.Setenv("TC0_FULL", "0")
	t.Chdir(t.TempDir())
	printed := func(line string) string {
		t.Helper()
		var stdout, stderr bytes.Buffer
		a := &app{ctx: t.Context(), stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
		if status := a.main(strings.Fields(line)); status == statusBad {
			t.Fatalf("%s: %s", line, &stderr)
		}
		return stdout.String()
	}
	for line, want := range map[string]string{
		"report digits":                      "Verdict: consistent (measured only)",
		"report attention:n=3,d=2,bits=2":    "Verdict: proved (by construction)",
		"report parity:n=6":                  "ACC0, not AC0",
		"report rule110:n=6,steps=2":         "Growth over n",
		"prove layer":                        "class       TC0",
		"prove adder":                        "depth       ≤ 11 (standard model)",
		"unroll --steps 1..3":                "no step is deeper than the single step: proved",
		"unroll cot:n=2 --steps 1..3":        "Verdict on the steps: proved",
		"speedup digits diffusion:n=2":       "Time on P processors",
		"list":                               "Families",
		"list problems":                      "iterated-addition",
		"list models":                        "digits",
		"stat layer:n=2,d=2":                 "whole circuit",
		"verify digits":                      "held-out test inputs",
		"sweep attention:d=1,bits=2 --n 2,3": "Depth in the standard model",
	} {
		text := printed(line)
		if n := strings.Count(text, "\n"); n > firstPage {
			t.Errorf("%s prints %d lines:\n%s", line, n, text)
		}
		if !strings.Contains(text, want) {
			t.Errorf("%s does not print %q:\n%s", line, want, text)
		}
		if found := claims(text); len(found) > 0 {
			t.Errorf("%s claims too much: %q", line, found)
		}
	}
	short, full := printed("report digits"), printed("report digits --full")
	if !strings.Contains(short, "--full prints more: Quantisation; ") || strings.Contains(full, "--full prints more") {
		t.Errorf("what is left out is not said:\n%s", short)
	}
	kept, _, _ := strings.Cut(short, "--full prints more")
	for line := range strings.Lines(kept) {
		if !strings.Contains(full, line) {
			t.Errorf("a short page has a line that the whole page has not: %s", line)
		}
	}
}

// A terminal of 60 columns, or one without letters beyond ASCII, is enough.
func TestNarrowTerminal(t *testing.T) {
	for _, line := range []string{"sweep parity --n 2,4", "stat layer:n=2,d=2", "prove attention", "report parity:n=4", "list problems"} {
		t.Chdir(t.TempDir())
		var stdout, stderr bytes.Buffer
		a := &app{Page: table.Page{Width: 60, Plain: true}, ctx: t.Context(), stdout: &stdout, stderr: &stderr}
		if status := a.main(strings.Fields(line)); status != statusHolds {
			t.Fatalf("%s: %s", line, &stderr)
		}
		for row := range strings.Lines(stdout.String()) {
			if len(strings.TrimRight(row, "\n")) > 60 {
				t.Errorf("%s: %d columns: %s", line, len(row)-1, row)
			}
			if strings.ContainsFunc(row, func(r rune) bool { return r > 126 || r == '?' }) {
				t.Errorf("%s: not ASCII, or a letter is lost: %s", line, row)
			}
		}
	}
}

// The locale is that of the first variable that is set.
func TestLocale(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", true},
		{"", "", "C", false},
		{"C.UTF-8", "", "C", true},
		{"", "POSIX", "en_GB.UTF-8", false},
		{"", "", "en_GB.utf8", true},
		{"", "", "de_DE.ISO-8859-1", false},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_CTYPE": c.ctype, "LANG": c.lang}
		if got := utf8Locale(func(name string) string { return env[name] }); got != c.want {
			t.Errorf("%v: %t", c, got)
		}
	}
}

// The tab key completes verbs, flags of the verb that stands there, and subjects.
func TestCompletion(t *testing.T) {
	for line, want := range map[string]string{
		"tc0 st": "stat", "tc0 stat att": "attention", "tc0 stat --dep": "--depth-model", "tc0 stat digits --path": "--path",
		"tc0 optimize --pas": "--pass", "tc0 run flip": "flip-flop", "tc0 zz": "",
	} {
		t.Setenv("COMP_LINE", line)
		var stdout, stderr bytes.Buffer
		a := &app{ctx: t.Context(), stdout: &stdout, stderr: &stderr}
		if status := a.main(nil); status != statusHolds || strings.TrimSpace(stdout.String()) != want {
			t.Errorf("%s: %q, status %d: %s", line, &stdout, status, &stderr)
		}
	}
}
