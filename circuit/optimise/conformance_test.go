package optimise_test

import (
	"bytes"
	"path"
	"testing"

	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/circuit/format/th"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/optimise"
	"github.com/tc0lab/tc0/gates"
)

// The circuits here were made by other people. They are not part of the project, and the
// tests skip where they are absent.

// What is saved of circuits of other people; optimised asserts that they compute the same.
// c1355 is c499 with each XOR made of four NANDs, and comes back to its gates and depth.
func TestConformance(t *testing.T) {
	for _, test := range []struct {
		file          string
		class         gates.Class
		before, after shape
	}{
		{"iscas85/c17.bench", gates.AC0, shape{3, 6, 12}, shape{3, 6, 12}},
		{"iscas85/c432.bench", gates.AC0, shape{12, 120, 296}, shape{12, 93, 269}},
		{"iscas85/c499.bench", gates.AC0, shape{10, 162, 368}, shape{10, 162, 368}},
		{"iscas85/c499.bench", gates.ACC0, shape{10, 162, 368}, shape{7, 106, 312}},
		{"iscas85/c1355.bench", gates.AC0, shape{22, 474, 992}, shape{10, 162, 368}},
		{"iscas85/c1355.bench", gates.ACC0, shape{22, 474, 992}, shape{7, 106, 312}},
		{"iscas85/c6288.bench", gates.AC0, shape{122, 2384, 4768}, shape{73, 1406, 2812}},
		{"th/rand_16_0.th", gates.AC0, shape{2, 2, 17}, shape{1, 1, 16}},
		{"th/rand_40_0.th", gates.AC0, shape{2, 2, 41}, shape{1, 1, 40}},
		{"th/bnn_16_3_16.th", gates.AC0, shape{4, 64, 755}, shape{3, 48, 739}},
	} {
		t.Run(test.file, func(t *testing.T) {
			read := bench.Read
			if path.Ext(test.file) == ".th" {
				read = th.Read
			}
			d, err := read(bytes.NewReader(formattest.Known(t, test.file)))
			if err != nil {
				t.Fatal(err)
			}
			_, r := optimised(t, d.Circuit, optimise.Config{Class: test.class})
			before := shape{r.Before.Depth, r.Before.Size, int(r.Before.Wires)}
			if after := (shape{r.After.Depth, r.After.Size, int(r.After.Wires)}); before != test.before ||
				after != test.after {
				t.Errorf("%+v became %+v, want %+v and %+v", before, after, test.before, test.after)
			}
		})
	}
}

// The pass rewrite alone, run once on ANDs of two literals, leaves no more of them than the command
// rewrite of ABC 1.01, run once on the same ANDs, which leaves want.
func TestRewriteConformance(t *testing.T) {
	for _, test := range []struct {
		file                string
		before, after, want int
	}{
		{"iscas85/c880.bench", 328, 317, 318},
		{"iscas85/c3540.bench", 1039, 952, 966},
		{"iscas85/c6288.bench", 2337, 1885, 2305},
	} {
		t.Run(test.file, func(t *testing.T) {
			d, err := bench.Read(bytes.NewReader(formattest.Known(t, test.file)))
			if err != nil {
				t.Fatal(err)
			}
			c, err := basis.Express(t.Context(), d.Circuit, aiger.Repertoire())
			if err != nil {
				t.Fatal(err)
			}
			c, _ = optimised(t, c, optimise.Config{Passes: []string{"dead", "constants", "merge"}})
			_, r := optimised(t, c, optimise.Config{Passes: []string{"rewrite"}, Rounds: 1})
			if r.Before.Size != test.before || r.After.Size != test.after || test.after > test.want {
				t.Errorf("%d ANDs became %d, want %d and %d", r.Before.Size, r.After.Size, test.before, test.after)
			}
		})
	}
}
