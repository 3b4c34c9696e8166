package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			a := &app{ctx: context.Background(), stdout: &stdout, stderr: &stderr}
			if status := a.main(append(args, "--latex")); status != statusHolds {
				t.Fatalf("status %d: %s", status, &stderr)
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "x.tex"), stdout.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			log, err := tooltest.Output(t, dir, "", latex, "-interaction=nonstopmode", "-halt-on-error", "x.tex")
			if err != nil {
				t.Fatalf("%v: %s", err, regexp.MustCompile(`(?m)^!.*\n.*\n.*`).FindString(log))
			}
			if wide := regexp.MustCompile(`Overfull .hbox \(([2-9][0-9]|[0-9]{3,})\.[^\n]*`).FindString(log); wide != "" {
				t.Errorf("%s", wide)
			}
		})
	}
}
