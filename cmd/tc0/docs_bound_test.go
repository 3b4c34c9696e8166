package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/analysis/paper"
	"github.com/tc0lab/tc0/analysis/proof"
)

// The table of proofs in docs/proofs.md has the bounds that are proved, and the counts that are interpolated.
func TestDocsBoundsAreProved(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "proofs.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, ok := strings.Cut(string(text), "\n| block | depth, at most | gates, at most, for every n | counted |\n|---|---|---|---|\n")
	if !ok {
		t.Fatal("no table")
	}
	rows, _, _ = strings.Cut(rows, "\n\n")
	found := 0
	for row := range strings.Lines(rows) {
		cells := strings.Split(strings.Trim(row, "| \n"), " | ")
		names := strings.Split(cells[0], "`")
		// A row of several families has a bound of each, in the same order.
		gates := strings.Split(cells[2], ", ")
		for i := 1; i < len(names); i += 2 {
			found++
			p := printedProof(t, names[i])
			if got := p.DepthFormula.Pretty(); got != cells[1] {
				t.Errorf("%s: depth %s in docs/proofs.md, %s proved", names[i], cells[1], got)
			}
			inN := strings.ReplaceAll(gates[i/2], "½", "1/2")
			if _, last, ok := strings.Cut(inN, "= "); ok {
				inN = last
			}
			if got := paper.Pretty(p.SizeInN); got != inN {
				t.Errorf("%s: %s gates in docs/proofs.md, %s proved", names[i], inN, got)
			}
			have := "less"
			if e := p.Interpolated; e != nil && !e.Size.Equal(p.SizeInN) {
				have = paper.Pretty(e.Size)
			} else if len(p.SizeMet) > 0 {
				have = "just that"
			}
			if !strings.HasPrefix(cells[3], have) {
				t.Errorf("%s: counted %s in docs/proofs.md, %s in the proof", names[i], cells[3], have)
			}
		}
	}
	if found < 8 {
		t.Errorf("%d families in the table", found)
	}
}

// printedProof is the proof that tc0 prove prints as JSON.
func printedProof(t *testing.T, subject string) *proof.Proof {
	t.Helper()
	var stdout, stderr bytes.Buffer
	a := &app{ctx: context.Background(), stdout: &stdout, stderr: &stderr}
	if status := a.main([]string{"prove", subject, "--json"}); status != statusHolds {
		t.Fatalf("%s: status %d: %s", subject, status, &stderr)
	}
	if err := fitsSchema([]string{"prove", "--json"}, stdout.String()); err != nil {
		t.Error(err)
	}
	p := &proof.Proof{}
	if err := json.Unmarshal(stdout.Bytes(), p); err != nil {
		t.Fatal(err)
	}
	return p
}
