package formattest

import (
	"context"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// must takes the results of a call that must not fail: must(call())(t) is the first result.
func must[T any](v T, err error) func(rapid.TB) T {
	return func(t rapid.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// Built returns the circuit of a builder.
func Built(t rapid.TB, b *circuit.Builder) *circuit.Circuit {
	t.Helper()
	return must(b.Circuit())(t)
}

// Random returns a random circuit.
func Random(t rapid.TB, cfg random.Config) *circuit.Circuit {
	t.Helper()
	return must(random.Circuit(cfg))(t)
}

// express returns a circuit in the gates of the format.
func (f Format) express(t rapid.TB, c *circuit.Circuit) *circuit.Circuit {
	t.Helper()
	return must(basis.Express(context.Background(), c, f.Repertoire))(t)
}

// Expressed writes a circuit in the gates of the format.
func (f Format) Expressed(t rapid.TB, c *circuit.Circuit) []byte {
	t.Helper()
	return f.Written(t, netlist.Of(f.express(t, c)))
}
