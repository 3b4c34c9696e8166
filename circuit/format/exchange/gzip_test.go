package exchange_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/format/exchange"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

// TestGzip writes a circuit compressed in every format, and reads it back where that can be.
func TestGzip(t *testing.T) {
	c := formattest.Random(t, random.Config{Seed: 3, Inputs: 8, Gates: 25, Set: find(t, "x.aig").Repertoire})
	d := netlist.Of(c)
	for _, known := range exchange.Formats() {
		f := find(t, "dir.gz/a"+known.Extensions[0]+".GZ")
		var file, again bytes.Buffer
		for _, w := range []io.Writer{&file, &again} {
			if err := f.Write(w, d, exchange.Options{}); err != nil {
				t.Fatal(err)
			}
		}
		isGzip := bytes.HasPrefix(file.Bytes(), []byte("\x1f\x8b"))
		if f.Name != known.Name || !bytes.Equal(file.Bytes(), again.Bytes()) || !isGzip {
			t.Errorf("%s is written as %s, in %q and %q", known.Name, f.Name, file.Bytes(), again.Bytes())
		}
		if !f.Readable() {
			continue
		}
		whole := file.Bytes()
		got, err := f.Read(bytes.NewReader(whole))
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		formattest.SameFunction(t, c, got.Circuit)
		if f.Name == "pla" || f.Name == "gates" { // a table, and a text, of which some beginnings are whole
			continue
		}
		for _, n := range []int{0, 1, 9, len(whole) / 2, len(whole) - 9} {
			_, err := f.Read(bytes.NewReader(whole[:n]))
			if err == nil || !strings.Contains(err.Error(), "the compressed file is damaged: unexpected EOF") {
				t.Errorf("%s, %d of %d bytes: %v", f.Name, n, len(whole), err)
			}
		}
	}
	if _, err := exchange.Find("a.gz"); err == nil || !strings.Contains(err.Error(), ".gz") {
		t.Errorf("a file of no format: %v", err)
	}
}

func TestGzipDamaged(t *testing.T) {
	for file, want := range map[string]string{
		"INPUT(a)\nINPUT(b)\n": "the compressed file is damaged: gzip: invalid header",
		"":                     "the compressed file is damaged: unexpected EOF",
		"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00\xff\xff": "the compressed file is damaged: flate: corrupt input before offset 1",
	} {
		_, err := find(t, "a.bench.gz").Read(strings.NewReader(file))
		var e *netlist.Error
		if !errors.As(err, &e) || e.Error() != want {
			t.Errorf("%q: error %v, want %s", file, err, want)
		}
	}
}

// bomb is the text once and then zeros or comments, some GB of them, compressed.
func bomb(t *testing.T, more string) []byte {
	t.Helper()
	var file bytes.Buffer
	z, err := gzip.NewWriterLevel(&file, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	block := []byte(strings.Repeat(more, (1<<20)/len(more)))
	for range 80 {
		if _, err := z.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestGzipBomb asserts that a small file that inflates to a large one is refused by the bounds of
// its reader or, of lines that these allow, by that on inflation.
func TestGzipBomb(t *testing.T) {
	for more, want := range map[string]string{
		"\x00":       "the line is longer than 16777216 bytes",
		"#\n":        "more than 67108864 bytes of comments and empty lines",
		"INPUT(a)\n": "is defined already: it is an input, line 1",
	} {
		_, err := find(t, "a.bench.gz").Read(bytes.NewReader(bomb(t, more)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", more, err, want)
		}
	}
	z, err := exchange.Inflate(bytes.NewReader(bomb(t, "OUTPUT(a)\n")))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, z)
	const want = "the compressed file inflates to more than 67108864 bytes and 100 times its length"
	if err == nil || err.Error() != want || n > exchange.FreelyInflated {
		t.Errorf("after %d bytes: %v, want %s", n, err, want)
	}
}

// FuzzGzip asserts that any bytes are refused with an error of the file, or give a circuit.
func FuzzGzip(f *testing.F) {
	for _, text := range []string{"INPUT(a)\nOUTPUT(y)\ny = NOT(a)\n", "", "INPUT(a"} {
		var file bytes.Buffer
		z := gzip.NewWriter(&file)
		if _, err := io.WriteString(z, text); err != nil {
			f.Fatal(err)
		}
		if err := z.Close(); err != nil {
			f.Fatal(err)
		}
		f.Add(file.Bytes())
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		zipped := benchFormat
		zipped.Read = find(t, "a.bench.gz").Read
		zipped.Accepted(t, file)
	})
}
