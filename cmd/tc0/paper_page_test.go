package main

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// The paper of docs/paper.md, made of what the commands of that page write, is set in its class and in another of two
// columns: no line sticks out, each font is there, and each reference and each citation leads somewhere.
func TestPaperOfDocs(t *testing.T) {
	for _, tool := range []string{"pdflatex", "bibtex", "sh", "sed"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "paper.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string) string {
		m := regexp.MustCompile("(?ms)^```" + kind + "\n(.*?)^```\n").FindSubmatch(raw)
		if m == nil {
			t.Fatalf("docs/paper.md has no block of %s", kind)
		}
		return string(m[1])
	}
	dir, env := t.TempDir(), docsEnvironment(t)
	for line := range strings.Lines(block("sh")) {
		runLine(t, dir, env, strings.TrimSpace(line))
	}
	text := block("latex")
	for class, head := range map[string]string{
		"article":  `\documentclass[twocolumn]{article}`,
		"IEEEtran": `\documentclass[conference]{IEEEtran}`,
	} {
		if exec.CommandContext(t.Context(), "kpsewhich", class+".cls", "pgfplots.sty").Run() != nil {
			t.Logf("%s is not installed", class)
			continue
		}
		paper := strings.Replace(text, `\documentclass[twocolumn]{article}`, head, 1)
		if err := os.WriteFile(filepath.Join(dir, class+".tex"), []byte(paper), 0o666); err != nil {
			t.Fatal(err)
		}
		var log string
		for _, tool := range []string{"pdflatex", "bibtex", "pdflatex", "pdflatex"} {
			args := []string{class}
			if tool == "pdflatex" {
				args = []string{"-interaction=nonstopmode", "-halt-on-error", class}
			}
			if log, err = tooltest.Output(t, dir, "", tool, args...); err != nil {
				t.Fatalf("%s, %s: %v\n%s", class, tool, err, log)
			}
		}
		for _, fault := range regexp.MustCompile(`(?m)^.*(Overfull .hbox|Font Warning|undefined).*$`).FindAllString(log, -1) {
			t.Errorf("%s: %s", class, fault)
		}
	}
}

func TestPageWidth(t *testing.T) {
	for _, of := range []struct {
		name, text string
		want       float64
	}{
		{"a.pdf", "%PDF-1.7\n/Type /Page /MediaBox [ 0 0 144.0 720 ]\n", 5.08},
		{"b.PDF", "/MediaBox [0 0 72 9]", 2.54},
		{"c.pdf", "/MediaBox 7 0 R", 0},
		{"d.svg", "/MediaBox [0 0 72 9]", 0},
	} {
		path := filepath.Join(t.TempDir(), of.name)
		if err := os.WriteFile(path, []byte(of.text), 0o666); err != nil {
			t.Fatal(err)
		}
		if got := pageWidth(path); math.Abs(got-of.want) > 1e-9 {
			t.Errorf("%s: %v cm, want %v", of.name, got, of.want)
		}
	}
}
