package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/internal/longtest"
)

// docsFigures are the figures of docs and the commands that draw them, without "tc0 draw" and the
// file.
var docsFigures = []struct{ file, args string }{
	{"attention.svg", "attention:n=2,d=1,bits=2"},
	{"mlp.svg", "mlp:n=3,hidden=2,out=1,bits=2"},
	{"digits.svg", "digits"},
	{"attention-blocks.svg", "attention --blocks"},
}

// docsPlots are the plots of docs and the commands that make them.
var docsPlots = []struct{ file, args string }{
	{"argument.svg", "unroll --steps 1..16"},
	{"denoiser.svg", "unroll digit-denoiser --steps 1..64*2"},
}

// The plots of docs are what the program plots.
func TestLongPlotsOfDocs(t *testing.T) {
	longtest.Need(t)
	for _, p := range docsPlots {
		path := filepath.Join(t.TempDir(), p.file)
		args := append(strings.Fields(p.args), "--deterministic", "-q", "--plot", path)
		if status, _, notes := try(t, args...); status != statusHolds {
			t.Fatalf("tc0 %s: status %d, %s", p.args, status, notes)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sameOrUpdated(t, filepath.Join("..", "..", "docs", p.file), got)
	}
}

// The zigzag of the transformer in argument.svg is what docs/serial.md says.
func TestZigzag(t *testing.T) {
	gates := func(n int, stage string) int {
		t.Helper()
		_, text, notes := try(t, "stat", fmt.Sprintf("transformer:n=%d", n), "--json")
		var m struct {
			Ledger []struct {
				Stage string
				Size  int
			}
		}
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err, notes)
		}
		for _, row := range m.Ledger {
			if row.Stage == stage {
				return row.Size
			}
		}
		t.Fatalf("no stage %s", stage)
		return 0
	}
	last := gates(10, "layer 1/norm 1")
	for n := 11; n <= 16; n++ {
		norm := gates(n, "layer 1/norm 1")
		at := norm - last // the gates of position n
		want := map[int]int{13: 33, 15: 28}[n]
		if want != 0 && at != want || want == 0 && at != 37 && at != 38 {
			t.Errorf("the norm of position %d has %d gates", n, at)
		}
		fewer := gates(n, "layer 1/attention/scores") < gates(n-1, "layer 1/attention/scores")
		if fewer != (want != 0) {
			t.Errorf("n=%d has fewer gates of scores than n=%d: %v", n, n-1, fewer)
		}
		last = norm
	}
}

// drawFigure runs tc0 draw and returns the file that it writes and what it prints.
func drawFigure(t *testing.T, file, args string) (figure []byte, printed string) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), filepath.Base(file))
	c := exec.CommandContext(t.Context(), binary, append([]string{"draw", "-q", "-o", path}, strings.Fields(args)...)...)
	c.Env = append(os.Environ(), beTC0+"=1", "SOURCE_DATE_EPOCH=0")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("tc0 draw %s: %v\n%s", args, err, out)
	}
	if figure, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return figure, string(out)
}

// The figures of docs are what the program draws.
func TestFiguresOfDocs(t *testing.T) {
	for _, f := range docsFigures {
		path := filepath.Join("..", "..", "docs", f.file)
		got, _ := drawFigure(t, f.file, f.args)
		if *updateDocs {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("docs/%s is not what tc0 draw %s draws; go test ./cmd/tc0 -run TestFiguresOfDocs -update-docs writes it",
				f.file, f.args)
		}
	}
}
