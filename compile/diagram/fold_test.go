package diagram

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/draw"
	"github.com/tc0lab/tc0/compile/program"
)

// Folded, the boxes count all operations, and the layers and gates of the whole are
// those of the formulas.
func TestFold(t *testing.T) {
	operations := regexp.MustCompile(`>(\d+) operations?<`)
	for _, spec := range specs() {
		p := programOf(t, spec)
		if err := p.Err(); err != nil {
			t.Fatal(err)
		}
		c := findCopies(p, false)
		want := 0
		for id := range p.Nodes() {
			if c.show[id] == id {
				want++
			}
		}
		for _, most := range []int{0, 1} {
			text := drawn(t, p, Config{Fold: true, MaxBoxes: most})
			got := 0
			ids, _ := read(t, text)
			for _, id := range ids {
				if strings.HasPrefix(id, "op") {
					got++
				}
			}
			for _, m := range operations.FindAllStringSubmatch(text, -1) {
				n, err := strconv.Atoi(m[1])
				if err != nil {
					t.Fatal(err)
				}
				got += n
			}
			if got != want {
				t.Errorf("%s: %d operations are counted, want %d", spec, got, want)
			}
			if most == 1 && strings.Contains(text, "subgraph cluster") {
				t.Errorf("%s: a stage is left that is not folded", spec)
			}
		}
	}
}

// wide is a program of one stage that is too large to be drawn.
func wide(t testing.TB, stage string, operations int) *program.Program {
	t.Helper()
	p := program.New("wide")
	x := p.Input("x", program.Shape{program.NewDim("n", 2)}, 2, true)
	for i := range operations {
		if stage != "" {
			p.Begin(fmt.Sprint(stage, i/10))
		}
		x = p.Affine(1, x, int64(i%3-1))
		if stage != "" {
			p.End()
		}
	}
	p.Output("y", x)
	if err := p.Err(); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLargePrograms(t *testing.T) {
	for _, c := range []struct {
		stage      string
		operations int
		want       int
	}{
		{"part ", 119, 120}, {"part ", 120, 13}, {"part ", 200, 21}, {"part ", 2000, 34}, {"", 200, 34}, // neighbours, six at a time
	} {
		ids, _ := read(t, drawn(t, wide(t, c.stage, c.operations), Config{}))
		if got := len(ids) - 1; got != c.want {
			t.Errorf("%d operations in stages %q: %d boxes, want %d", c.operations, c.stage, got, c.want)
		}
	}
}

// A figure that would be too small to read has stages as boxes, and says so; not more of them than it takes.
func TestReadable(t *testing.T) {
	for spec, want := range map[string]struct {
		cfg    Config
		folded string
		has    string
	}{
		"layer":                    {Config{}, "text would have 3.8 pt at 17 cm with operations drawn", "norm 1"},
		"layer:n=2":                {Config{NoFold: true}, "", "RootQuotient"},
		"glu":                      {Config{}, "", "Contract"},
		"transformer:n=4,layers=4": {Config{}, "it has 177 operations, and at most 120 are drawn", "layer 1"},
	} {
		var b bytes.Buffer
		r, err := Write(t.Context(), &b, programOf(t, spec), "svg", want.cfg)
		if err != nil {
			t.Fatal(err)
		}
		if r.Folded != want.folded {
			t.Errorf("%s: folded since %q, want %q", spec, r.Folded, want.folded)
		}
		if texts := wellFormed(t, b.Bytes()); !strings.Contains(texts, want.has) {
			t.Errorf("%s: %q is not in the figure", spec, want.has)
		}
		if at := r.At(17); at < draw.Readable && !want.cfg.NoFold {
			t.Errorf("%s: text of %.1f points", spec, at)
		}
	}
}
