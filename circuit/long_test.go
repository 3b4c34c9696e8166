package circuit_test

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

// TestLongTenMillionGates takes a circuit of 10^7 gates through everything but its
// evaluation, in less than 4 GiB.
func TestLongTenMillionGates(t *testing.T) {
	longtest.Need(t)
	const n = 1300 // a multiplier of n bits has about 6·n² gates
	c, err := buildOurs(n, 0).Circuit()
	if err != nil {
		t.Fatal(err)
	}
	if c.Size() < 10_000_000 {
		t.Fatalf("only %d gates", c.Size())
	}
	if err := c.Check(); err != nil {
		t.Fatal(err)
	}
	depth := c.Levels(gates.Standard()).Depth
	if depth < 2*n || depth > 7*n { // a carry goes through every column and every row
		t.Errorf("depth %d", depth)
	}
	st := c.Stats()
	if st.Wires != 2*int64(c.Size()) || st.Depth != depth || st.Class != gates.AC0 {
		t.Errorf("%d gates have %d wires, depth %d, class %v", c.Size(), st.Wires, st.Depth, st.Class)
	}

	name := filepath.Join(t.TempDir(), "multiplier.tc0")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Write(file); err != nil {
		t.Fatal(err)
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		t.Fatal(err)
	}
	if perGate := float64(size) / float64(c.Size()); perGate > 7 {
		t.Errorf("the file has %.2f bytes a gate", perGate)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	back, err := circuit.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	same := &comparer{want: bufio.NewReaderSize(file, 1<<16)}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if err := back.Write(same); err != nil || same.n != size {
		t.Errorf("written again, it has %d bytes, before %d: %v", same.n, size, err)
	}
	if p := back.Prune(); p.Size() != c.Size() {
		t.Errorf("pruned to %d gates of %d", p.Size(), c.Size())
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}

	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf(
		"%d gates, depth %d, %.2f bytes a gate in the file, %d MiB from the system",
		c.Size(),
		depth,
		float64(size)/float64(c.Size()),
		m.Sys>>20,
	)
	if m.Sys > 4<<30 {
		t.Errorf("%d bytes were taken from the system, more than 4 GiB", m.Sys)
	}
}

// comparer is a writer that fails at the first byte that is not the next one of
// want.
type comparer struct {
	want *bufio.Reader
	n    int64
}

func (c *comparer) Write(p []byte) (int, error) {
	for i, got := range p {
		b, err := c.want.ReadByte()
		if err != nil {
			return i, err
		}
		if b != got {
			return i, io.ErrShortWrite
		}
		c.n++
	}
	return len(p), nil
}
