package formattest

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/gates"
)

// Computes reads a file, asserts its outputs, and takes it there and back: bit m of a number
// is the value of an output for the inputs whose number is m.
func (f Format) Computes(t *testing.T, file string, want []uint64) *netlist.Design {
	t.Helper()
	d := f.Parsed(t, []byte(file))
	out := Run(t, d.Circuit, Vectors(len(d.Circuit.Inputs())))
	got := make([]uint64, out.Wires())
	for w := range got {
		got[w] = out.Row(w)[0]
	}
	if !slices.Equal(got, want) {
		t.Errorf("computes %x, want %x", got, want)
	}
	f.ExactTrip(t, d)
	return d
}

// Sizes of a DeepChain: those of usual tests, and of long ones.
const (
	Deep    = 300_000
	Deepest = 1_000_000
)

// DeepChain reads n gates that stand before those they read, so that the first waits
// for all others. The head names the input and the output, gate writes one that reads another.
func (f Format) DeepChain(
	t *testing.T, n int, head func(in, out int) string, gate func(in, out int) string,
) {
	t.Helper()
	var file strings.Builder
	file.WriteString(head(0, n))
	for i := n; i > 0; i-- {
		file.WriteString(gate(i-1, i))
	}
	if depth := f.Parsed(t, []byte(file.String())).Circuit.Levels(gates.NotCounted()).Depth; depth != n {
		t.Errorf("depth %d, want %d", depth, n)
	}
}

// Frugal asserts that the memory to read a file goes by its size.
func (f Format) Frugal(t *testing.T, name, file string) {
	t.Helper()
	allocated := must(f.Allocated(t, []byte(file)))(t)
	if most := uint64(200*len(file) + 1<<20); allocated > most {
		t.Errorf("%s: a file of %d bytes allocates %d", name, len(file), allocated)
	}
}

// Broken asserts that an error of the reader behind each of the texts is returned.
func (f Format) Broken(t *testing.T, texts ...string) {
	t.Helper()
	broken := errors.New("broken pipe")
	for _, text := range texts {
		_, err := f.Read(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("after %q: error %v, want %v", text, err, broken)
		}
	}
}
