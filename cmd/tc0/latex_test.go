package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/tc0lab/tc0/internal/tooltest"
)

// TestLaTeXCompiles sets what tc0 prove and tc0 sweep print, where LaTeX is installed. No
// line may stick out of the page.
func TestLaTeXCompiles(t *testing.T) {
	latex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed")
	}
	for name, args := range map[string][]string{
		"attention": {"prove", "attention"}, "large": {"prove", "attention:d=64,heads=8,bits=8"}, "layer": {"prove", "layer"}, "gru": {"prove", "gru"}, "bits": {"prove", "attention", "--log-bits", "1"},
		"digits": {"prove", "digits"}, "adder": {"prove", "adder", "--check", "none"}, "mamba": {"prove", "mamba:kind=block"}, "transformer": {"prove", "transformer:d=2,layers=2"},
		"unique-hard": {"prove", "attention:kind=unique-hard,causal=1"}, "sweep": {"sweep", "attention:d=2", "--n", "2..6"},
		"beside": {"sweep", "attention:d=2,bits=2", "--n", "2..4", "--beside", "s4", "--beside", "transformer:d=2,layers=2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			typeset(t, latex, printedLaTeX(t, append(args, "--standalone")), 20)
			text := printedLaTeX(t, args)
			for _, head := range heads {
				typeset(t, latex, head+"\\begin{document}\n\\title{x}\\maketitle\nText before.\n\n"+text+"\nText after.\n\\end{document}\n", 2)
			}
		})
	}
}

// heads are papers in one column and in two, which a theorem is pasted into. The last has the columns and margins that
// the Association for Computing Machinery asks for.
var heads = []string{
	"\\documentclass{article}\n" + preamble,
	"\\documentclass[10pt,twocolumn]{article}\n\\usepackage[margin=0.75in,columnsep=0.25in]{geometry}\n" + preamble,
	"\\documentclass[9pt,twocolumn]{extarticle}\n\\usepackage[top=57pt,bottom=73pt,inner=54pt,outer=54pt,columnsep=24pt]{geometry}\n" + preamble,
}

const preamble = "\\usepackage{amsmath,amsthm,booktabs}\n\\newtheorem{theorem}{Theorem}\n"

func printedLaTeX(t *testing.T, args []string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{ctx: context.Background(), stdout: &stdout, stderr: &stderr}
	if status := a.main(append(args, "--latex")); status != statusHolds {
		t.Fatalf("status %d: %s", status, &stderr)
	}
	return stdout.String()
}

// typeset sets a document of which no line may stick out of the page by so many points.
func typeset(t *testing.T, latex, text string, points int) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "x.tex"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	log, err := tooltest.Output(t, dir, "", latex, "-interaction=nonstopmode", "-halt-on-error", "x.tex")
	if err != nil {
		t.Fatalf("%v: %s", err, regexp.MustCompile(`(?m)^!.*\n.*\n.*`).FindString(log))
	}
	for _, wide := range regexp.MustCompile(`Overfull .hbox \(([0-9]+)\.[^\n]*\n[^\n]*`).FindAllStringSubmatch(log, -1) {
		if n, err := strconv.Atoi(wide[1]); err != nil || n >= points {
			t.Errorf("%s", wide[0])
		}
	}
}
