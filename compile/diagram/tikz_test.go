package diagram

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/compile/lower"
	"github.com/tc0lab/tc0/internal/tooltest"
)

func TestTikZ(t *testing.T) {
	program, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Skip("pdflatex is not installed")
	}
	for _, spec := range []string{"attention", "transformer:n=2,layers=4"} {
		for _, none := range []bool{false, true} {
			var b bytes.Buffer
			cfg := Config{Strategy: lower.MinDepth, NoCaption: none}
			r, err := Write(context.Background(), &b, programOf(t, spec), "tex", cfg)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "a.tex"), b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			said, err := tooltest.Output(t, dir, "", program, "-interaction=nonstopmode", "-halt-on-error", "a.tex")
			if err != nil || !strings.Contains(said, "(1 page") || strings.Contains(said, "Overfull") {
				t.Errorf("%s: %v\n%s", spec, err, said)
			}
			if !strings.HasPrefix(r.LaTeX(), `\caption{`) || r.Caption == none ||
				strings.Contains(b.String(), "% \\caption{") != none {
				t.Errorf("%s: the caption %s is in the figure: %v, want %v", spec, r.LaTeX(), r.Caption, !none)
			}
		}
	}
}

// A deep program stands in columns, in which text is larger, and each arrow between them ends in a number from
// which one goes on.
func TestColumns(t *testing.T) {
	p := programOf(t, "mlp:n=3,layers=12")
	var one, many bytes.Buffer
	tall, err := Write(context.Background(), &one, p, "svg", Config{Strategy: lower.MinDepth, Columns: 1})
	if err != nil {
		t.Fatal(err)
	}
	wide, err := Write(context.Background(), &many, p, "svg", Config{Strategy: lower.MinDepth})
	if err != nil {
		t.Fatal(err)
	}
	if tall.At(17) >= 6 || wide.At(17) < 6 {
		t.Errorf("text of %.1f points in a column and %.1f in several", tall.At(17), wide.At(17))
	}
	for _, n := range []string{"1", "2"} {
		if got := strings.Count(many.String(), ">"+n+"</text>"); got != 2 || strings.Contains(one.String(), ">"+n+"</text>") {
			t.Errorf("the number %s stands %d times, want 2", n, got)
		}
	}
}

func TestNoTwoBoxesShareAName(t *testing.T) {
	for _, spec := range specs() {
		for _, fold := range []bool{false, true} {
			s, err := newScene(programOf(t, spec), Config{Fold: fold}, 0)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for i := range s.boxes {
				b := &s.boxes[i]
				if b.role == roleInput || b.role == roleOutput || b.role == roleState {
					continue
				}
				if name := b.name + " " + b.detail; seen[name] {
					t.Errorf("%s: two boxes are called %s", spec, name)
				} else {
					seen[name] = true
				}
			}
		}
	}
}
