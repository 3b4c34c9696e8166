package graph_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/bench"
	view "github.com/tc0lab/tc0/circuit/graph"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
	"github.com/tc0lab/tc0/gates"
)

// iscas returns a circuit of ISCAS-85.
func iscas(t testing.TB, name string) *circuit.Circuit {
	t.Helper()
	d, err := bench.Read(bytes.NewReader(formattest.Known(t, "iscas85/"+name+".bench")))
	if err != nil {
		t.Fatal(err)
	}
	return d.Circuit
}

// randomCircuit returns a small circuit of gates of all kinds, with nested sums.
func randomCircuit(t *rapid.T) *circuit.Circuit {
	c, err := random.Circuit(random.Config{
		Seed:   rapid.Uint64().Draw(t, "seed"),
		Inputs: rapid.IntRange(2, 6).Draw(t, "inputs"),
		Gates:  rapid.IntRange(1, 25).Draw(t, "gates"),
		Set: basis.Repertoire{
			Or: true, Xor: true, Wide: true, WideXor: true, Complements: true, Threshold: true, Mod: true,
		},
		FanIn: 4,
		Keep:  rapid.Bool().Draw(t, "keep"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// million makes a chain of about a million gates.
func million(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 64)
	last := x[0]
	for i := range 330_000 {
		last = b.Or(b.And(last, x[1+i%63]), b.Xor(last, x[1+(i+7)%63]))
	}
	b.Output("y", last)
	return built(t, b)
}

// TestMillion asks the questions of a circuit so deep that no recursion would do.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("a circuit of a million gates")
	}
	c := million(t)
	v := view.Of(c, gates.Standard())
	part, necks := v.Critical(), v.Bottlenecks().To()
	if part.Depth != c.Depth() || len(part.Nodes) < 900_000 || len(necks) != 1 {
		t.Errorf("%d nodes on longest paths of length %d, %d bottlenecks", len(part.Nodes), part.Depth, len(necks))
	}
	// Each of the steps but the first, which reads two inputs, doubles their number.
	if n := part.Paths().BitLen(); n < 329_990 || n > 330_010 {
		t.Errorf("about 2^%d longest paths", n)
	}
}

func BenchmarkMillion(b *testing.B) {
	c := million(b)
	v := view.Of(c, gates.Standard())
	b.Run("view", func(b *testing.B) {
		for b.Loop() {
			view.Of(c, gates.Standard())
		}
	})
	b.Run("critical", func(b *testing.B) {
		for b.Loop() {
			v.Critical()
		}
	})
	b.Run("paths", func(b *testing.B) {
		part := v.Critical()
		for b.Loop() {
			part.Paths()
		}
	})
	b.Run("stages", func(b *testing.B) {
		for b.Loop() {
			view.NewStages(c, 1)
		}
	})
	b.Run("bottlenecks", func(b *testing.B) {
		for b.Loop() {
			v.Bottlenecks().To()
		}
	})
	b.Run("route", func(b *testing.B) {
		for b.Loop() {
			v.Route([]circuit.Gate{1}, []circuit.Gate{circuit.Gate(c.Len() - 1)})
		}
	})
}
