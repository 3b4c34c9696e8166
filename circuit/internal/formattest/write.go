package formattest

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/basis"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// Text returns the text that is written.
func Text(t rapid.TB, write func(io.Writer) error) string {
	t.Helper()
	var file bytes.Buffer
	if err := write(&file); err != nil {
		t.Fatal(err)
	}
	return file.String()
}

// mostRooms is the size of a file up to which FullDisk lets it end at every byte.
const mostRooms = 1 << 12

var errFull = errors.New("disk full")

// disk is a writer with room for a number of bytes.
type disk int

func (d *disk) Write(p []byte) (int, error) {
	if len(p) > int(*d) {
		return 0, errFull
	}
	*d -= disk(len(p))
	return len(p), nil
}

// FullDisk asserts that an error of the underlying writer is returned at any place in the file, and
// that there is no error if there is room for all.
func FullDisk(t testing.TB, write func(io.Writer) error) {
	t.Helper()
	size := len(Text(t, write))
	rooms := []int{0, size / 2, size - 1}
	if size <= mostRooms {
		rooms = nil
		for room := range size {
			rooms = append(rooms, room)
		}
	}
	for _, room := range rooms {
		d := disk(room)
		if err := write(&d); !errors.Is(err, errFull) {
			t.Fatalf("room for %d of %d bytes: error %v", room, size, err)
		}
	}
	d := disk(size)
	if err := write(&d); err != nil {
		t.Errorf("room for all: error %v", err)
	}
}

// RefuseGate asserts that a format does not have a gate, and that nothing is written then.
func RefuseGate(
	t *testing.T, write func(io.Writer, *netlist.Design) error, want string,
	gate func(b *circuit.Builder, x []circuit.Lit) circuit.Lit,
) {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 5)
	b.Output("y", b.And(gate(b, x), x[0]))
	var unfit *netlist.UnfitError
	var file bytes.Buffer
	err := write(&file, netlist.Of(Built(t, b)))
	if !errors.As(err, &unfit) || unfit.Gate != 6 || err.Error() != want || file.Len() > 0 {
		t.Errorf("error %v after %d bytes, want %s", err, file.Len(), want)
	}
}

// Large returns a circuit of n gates of a repertoire.
func Large(b *testing.B, set basis.Repertoire, n int) *circuit.Circuit {
	b.Helper()
	return Random(b, random.Config{Seed: 1, Inputs: 100, Gates: n, FanIn: 3, Set: set, Keep: true})
}

// BenchmarkWrite measures writing a circuit, in gates a second.
func (f Format) BenchmarkWrite(b *testing.B, c *circuit.Circuit) {
	rate(b, c.Len(), func() error { return f.Write(io.Discard, netlist.Of(c)) })
}

// rate measures work on a number of gates.
func rate(b *testing.B, gates int, work func() error) {
	b.ReportAllocs()
	for b.Loop() {
		if err := work(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*gates)/b.Elapsed().Seconds(), "gates/s")
}

// BenchmarkRead measures reading a circuit, in gates a second.
func (f Format) BenchmarkRead(b *testing.B, c *circuit.Circuit) {
	file := f.Written(b, netlist.Of(c))
	rate(b, c.Len(), func() error {
		_, err := f.Read(bytes.NewReader(file))
		return err
	})
}
