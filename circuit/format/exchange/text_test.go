package exchange_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tc0lab/tc0/circuit/format/bench"
	"github.com/tc0lab/tc0/circuit/format/blif"
	"github.com/tc0lab/tc0/circuit/format/th"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
	"github.com/tc0lab/tc0/internal/longtest"
)

// The formats of lines of text that are read and written.
var (
	benchFormat = formattest.Format{Read: bench.Read, Write: bench.Write, Repertoire: bench.Repertoire()}
	blifFormat  = formattest.Format{Read: blif.Read, Write: blif.Write, Repertoire: blif.Repertoire()}
	thFormat    = formattest.Format{Read: th.Read, Write: th.Write, Repertoire: th.Repertoire()}
)

// must takes the results of a call that is to have no error: must(call())(t) is the first.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestTruncated(t *testing.T) {
	truncate(t, benchFormat, []byte("# tc0 input 2 unsigned x\n# tc0 output 2 unsigned y\n"+
		"INPUT(x.0)\r\nINPUT(x.1)\nOUTPUT(y.0)\nOUTPUT(y.1)\n"+
		"y.0 = LUT 0x6 (x.0, x.1)\ny.1 = AND(x.0, x.1) # carry\n"))
	truncate(t, blifFormat, []byte("# tc0 input 2 unsigned x\n# tc0 output 2 unsigned y\n"+
		".model m\r\n.inputs x.0 \\\n x.1\n.outputs y.0 y.1\n"+
		".names x.0 x.1 y.0\n10 1\n01 1\n.names k\n1\n.names k x.0 x.1 y.1 # carry\n111 1\n.end\n"))
	truncate(t, thFormat, []byte("a\ttc0 input 2 unsigned x\ttc0 output 1 signed y\n"+
		".model m\r\n.input x.0 x.1\n.output y\n.threshold z y\n-1 0\n"+
		".threshold x.0 CONST1 x.1 z\n12 -3 18446744073709551616 40\n.end\n"))
}

func TestDeepChain(t *testing.T) { deepChains(t, 300_000) }

func TestLongDeepChain(t *testing.T) {
	longtest.Need(t)
	deepChains(t, 1_000_000)
}

func deepChains(t *testing.T, n int) {
	t.Helper()
	deepChain(t, n, benchFormat,
		func(in, out int) string { return fmt.Sprintf("INPUT(x%d)\nOUTPUT(x%d)\n", in, out) },
		func(in, out int) string { return fmt.Sprintf("x%d = NOT(x%d)\n", out, in) })
	deepChain(t, n, blifFormat,
		func(in, out int) string { return fmt.Sprintf(".model m\n.inputs x%d\n.outputs x%d\n", in, out) },
		func(in, out int) string { return fmt.Sprintf(".names x%d x%d\n0 1\n", in, out) })
	deepChain(t, n, thFormat,
		func(in, out int) string { return fmt.Sprintf("c\n.model m\n.input %d\n.output %d\n", in, out) },
		func(in, out int) string { return fmt.Sprintf(".threshold %d %d\n1 1\n", in, out) })
}

// TestMemory asserts that memory goes by the size of the file, even where a line is as long
// as the file, and where a cover of BLIF has as many rows as columns.
func TestMemory(t *testing.T) {
	frugal(t, benchFormat, "long line", "INPUT(a)\nx = AND("+strings.Repeat("a,", 1<<20)+"a)\n")
	const n = 1 << 19
	frugal(t, thFormat, "long line", "c\n.model m\n.input a\n.output y\n"+
		".threshold "+strings.Repeat("a ", n)+"y\n"+strings.Repeat("1 ", n+1)+"\n")
	var square strings.Builder
	var inputs []string
	for i := range 1000 {
		inputs = append(inputs, fmt.Sprint("x", i))
	}
	fmt.Fprintf(&square, ".model m\n.inputs %s\n.outputs y\n.names %[1]s y\n", strings.Join(inputs, " "))
	for i := range 1000 {
		square.WriteString(strings.Repeat("-", i) + "1" + strings.Repeat("0", 999-i) + " 1\n")
	}
	for name, file := range map[string]string{
		"long line": ".model m\n.inputs a\n.names " + strings.Repeat("a ", n) + "y\n" +
			strings.Repeat("1", n) + " 1\n",
		"many rows":   ".model m\n.inputs a b\n.names a b y\n" + strings.Repeat("1- 1\n01 1\n", 1<<17),
		"square":      square.String(),
		"many inputs": ".model m\n.inputs " + strings.Join(inputs, "\n.inputs ") + "\n",
	} {
		frugal(t, blifFormat, name, file)
	}
}

func TestFailingReader(t *testing.T) {
	brokenReader(t, benchFormat, "INPUT(a)\n")
	brokenReader(t, blifFormat, "", ".model m\n", ".model m\n.inputs a\n.names a y\n")
	brokenReader(t, thFormat, "", "c\n.model m\n", "c\n.model m\n.input a\n.output y\n.threshold a y\n",
		"c\n.model m\n.input a\n.output a\n")
}

// deepChain reads n gates that stand before those they read, so that the first waits
// for all others. The head names the input and the output, gate writes one that reads another.
func deepChain(t *testing.T, n int, f formattest.Format, head, gate func(in, out int) string) {
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

// frugal asserts that the memory to read a file goes by its size.
func frugal(t *testing.T, f formattest.Format, name, file string) {
	t.Helper()
	allocated := must(f.Allocated(t, []byte(file)))(t)
	if most := uint64(200*len(file) + 1<<20); allocated > most {
		t.Errorf("%s: a file of %d bytes allocates %d", name, len(file), allocated)
	}
}

// brokenReader asserts that an error of the reader behind each of the texts is returned.
func brokenReader(t *testing.T, f formattest.Format, texts ...string) {
	t.Helper()
	broken := errors.New("broken pipe")
	for _, text := range texts {
		_, err := f.Read(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("after %q: error %v, want %v", text, err, broken)
		}
	}
}

// truncate reads the file cut off at every byte. It asserts that the error is one of the
// file, or that there is none and the circuit passes its check.
func truncate(t *testing.T, f formattest.Format, file []byte) {
	t.Helper()
	f.Parsed(t, file)
	for n := range file {
		f.Accepted(t, file[:n])
	}
}
