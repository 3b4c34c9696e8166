package circuit_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/internal/longtest"
)

// smallCircuit has a bit of everything that a file can hold.
func smallCircuit(t testing.TB) *circuit.Circuit {
	t.Helper()
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	y := b.InputPort("y", circuit.Format{Kind: circuit.OneHot, Offset: circuit.NewInt(-300)}, 2)
	b.Begin("first")
	and := b.And(x[0], x[1].Not(), x[2])
	b.Begin("inner")
	s := b.Sum(circuit.Weigh(3, x[0]), circuit.Weigh(-2, x[1]), circuit.Weigh(5, and))
	ge := b.Threshold(s, circuit.NewInt(2))
	b.End()
	maj := b.Majority(x[0].Not(), x[1], y[0])
	b.End()
	nested := b.Sum(circuit.Term{Weight: circuit.NewInt(2), Of: s}, circuit.Weigh(7, maj))
	huge := b.Sum(circuit.Term{Weight: circuit.Pow2(70), Of: nested}, circuit.Weigh(1, y[1]))
	b.Output("and", and.Not())
	b.Output("ge", ge, b.Threshold(nested, circuit.NewInt(5)), b.Threshold(huge, circuit.Pow2(72)))
	b.OutputPort(
		"mod",
		circuit.Format{Kind: circuit.Thermometer, Offset: circuit.Pow2(65)},
		b.ModSum(5, []int64{1, 4}, s),
	)
	b.OutputSum("sum", huge.Plus(circuit.NewInt(-4)))
	c, err := b.Circuit()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func fileOf(t rapid.TB, c *circuit.Circuit) []byte {
	t.Helper()
	var file bytes.Buffer
	if err := c.Write(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// seal gives a file that was tampered with the right checksum again.
func seal(body []byte) []byte {
	sum := sha256.Sum256(body)
	return append(bytes.Clone(body), sum[:]...)
}

func body(file []byte) []byte { return file[:len(file)-sha256.Size] }

// byHand is short enough to be read by hand against the grammar in write.go.
func byHand(t testing.TB) *circuit.Circuit {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 3)
	b.Begin("s")
	m := b.Majority(x[0], x[1].Not(), x[2])
	b.End()
	b.OutputPort("m", circuit.Format{Kind: circuit.Thermometer, Offset: circuit.NewInt(-2)}, m.Not())
	return built(t, b)
}

// TestFileBytes pins the format down.
func TestFileBytes(t *testing.T) {
	c := byHand(t)
	want := strings.Join([]string{
		"89746330" + "0d0a1a0a" + "01", // magic, version
		"00" + "00",                    // no numbers, no moduli
		"01" + "00" + "01" + "73",      // one stage: parent 0, "s"
		"01" + "04" + "01",             // one run: from gate 4 on, stage 1
		"05" + "02",                    // 5 gates and 2 sums with gate 0 and sum 0
		"0c" + "02" + "00" + "00",      // sum 1: 3 gates, neither nested nor big: 1, 2, 3 …
		"02" + "01" + "02",             // … with weights 1, −1, 1
		"01" + "01" + "01",             // gates 1 to 3: inputs
		"2b",                           // gate 4: a MAJORITY of sum 0 + 1
		"03",                           // input ports
		"04" + "785b305d" + "00" + "01",
		"04" + "785b315d" + "00" + "01",
		"04" + "785b325d" + "00" + "01",
		"01",               // output ports
		"01" + "6d",        // "m"
		"0a" + "03" + "02", // thermometer with offset −2
		"01" + "12",        // one wire: ¬g4, literal 9
	}, "")
	file := fileOf(t, c)
	if got := hex.EncodeToString(body(file)); got != want {
		t.Errorf("file\n%s, want\n%s", got, want)
	}
	if !bytes.Equal(file, seal(body(file))) {
		t.Error("the checksum is not the SHA-256 of the rest")
	}
}

func TestReadRefusesTruncation(t *testing.T) {
	file := fileOf(t, smallCircuit(t))
	for n := range file {
		_, err := circuit.Read(bytes.NewReader(file[:n]))
		var bad *circuit.FormatError
		if !errors.As(err, &bad) {
			t.Fatalf("cut off after %d of %d bytes: %v", n, len(file), err)
		}
		if n > 8 && (!errors.Is(err, io.ErrUnexpectedEOF) || bad.Offset != int64(n)) {
			t.Errorf("cut off after %d bytes: %v", n, err)
		}
	}
}

// TestReadRefusesFlips changes each byte in every bit. The checksum catches what
// the grammar does not.
func TestReadRefusesFlips(t *testing.T) {
	file := fileOf(t, smallCircuit(t))
	for i := range file {
		for bit := range 8 {
			bad := bytes.Clone(file)
			bad[i] ^= 1 << bit
			var refused *circuit.FormatError
			if _, err := circuit.Read(bytes.NewReader(bad)); !errors.As(err, &refused) {
				t.Fatalf("bit %d of byte %d flipped: %v", bit, i, err)
			}
		}
	}
}

// TestReadSealedFlips gives the changed file a right checksum, so that the grammar
// and Check alone decide. What is accepted must be a circuit, and have this file.
// It changes every single bit, every pair of neighbours, and makes one in eight of
// the other changes.
func TestReadSealedFlips(t *testing.T) {
	sealedFlips(t, 30, func(i, change int) bool {
		low := change & -change
		return change == low || change == 3*low || (change+i)%8 == 0
	})
}

// TestLongReadSealedFlips makes every change of every byte.
func TestLongReadSealedFlips(t *testing.T) {
	longtest.Need(t)
	sealedFlips(t, 100, func(int, int) bool { return true })
}

// sealedFlips makes the wanted changes of each byte i. At least so many of the files
// are accepted.
func sealedFlips(t *testing.T, least int, want func(i, change int) bool) {
	t.Helper()
	file := fileOf(t, smallCircuit(t))
	accepted := 0
	for i := range body(file) {
		for change := 1; change < 256; change++ {
			if !want(i, change) {
				continue
			}
			bad := bytes.Clone(body(file))
			bad[i] ^= byte(change)
			if readsWell(t, seal(bad)) {
				accepted++
			}
		}
	}
	if accepted < least { // another weight or name is as good
		t.Errorf("%d changed files were accepted; the checksum is to blame", accepted)
	}
}

// readsWell reads a file that need not be right, and asserts that Read either
// refuses it with a FormatError or returns a circuit that has just this file.
func readsWell(t testing.TB, file []byte) bool {
	t.Helper()
	c, err := circuit.Read(bytes.NewReader(file))
	if err != nil {
		var refused *circuit.FormatError
		if !errors.As(err, &refused) || refused.Err == nil || refused.What == "" || refused.Offset > int64(len(file)) {
			t.Fatalf("error %#v", err)
		}
		return false
	}
	if err := c.Check(); err != nil {
		t.Fatalf("read, but %v", err)
	}
	if again := fileOf(t, c); !bytes.Equal(again, file) {
		t.Fatalf("file %x is written again as %x", file, again)
	}
	return true
}

func TestReadErrors(t *testing.T) {
	file := fileOf(t, smallCircuit(t))
	edit := func(at int, bytes ...byte) []byte {
		b := append([]byte(nil), body(file)...)
		copy(b[at:], bytes)
		return seal(b)
	}
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "not a file in the native format"},
		{"another format", []byte("aag 7 2 0 2 3\n"), "not a file in the native format"},
		{
			"carriage returns stripped", bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")),
			"not a file in the native format",
		},
		{"version 2", edit(8, 2), "version 2 of the format; this program reads version 1"},
		{"bytes at the end", append(bytes.Clone(file), 0), "there are bytes after it"},
		{"two files", append(bytes.Clone(file), file...), "there are bytes after it"},
		{
			"long form of 1", seal(append(append(bytes.Clone(file[:8]), 0x81, 0x00), body(file)[9:]...)),
			"not in its shortest form",
		},
	} {
		_, err := circuit.Read(bytes.NewReader(test.file))
		var bad *circuit.FormatError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// TestReadRefusesSecondForms writes something in another way than Write does. There
// is one file for a circuit.
func TestReadRefusesSecondForms(t *testing.T) {
	file := hex.EncodeToString(body(fileOf(t, byHand(t))))
	for _, test := range []struct{ name, from, to, want string }{
		{"an offset of 0", "0a0302", "0a00", "an offset of 0, which is left out"},
		{"an offset of −0", "0a0302", "0a01", "a number that is −0"},
		{"an offset with a zero byte", "0a0302", "0a050002", "not in its shortest form"},
		{"no weights", "0a0302", "120000", "no weights where some are said to follow"},
		{"no nested sums", "0c02000002", "0e0002000002", "sum 1 says it has nested sums and has none"},
		{"a long count", "05020c", "8500020c", "not in its shortest form"},
		{"65 bits", "05020c", "ffffffffffffffffff02020c", "an integer of more than 64 bits"},
		{"a run of the root", "010401", "010400", "the runs of stages are not in normal form"},
		{"a format that is none", "0a0302", "200302", "format 32 does not exist"},
	} {
		changed, err := hex.DecodeString(strings.Replace(file, test.from, test.to, 1))
		if err != nil || !strings.Contains(file, test.from) {
			t.Fatalf("%s: %v", test.name, err)
		}
		_, err = circuit.Read(bytes.NewReader(seal(changed)))
		var bad *circuit.FormatError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.name, err, test.want)
		}
	}
}

// TestReadUnwraps asserts that a well-formed file of no circuit tells what is wrong
// with the circuit.
func TestReadUnwraps(t *testing.T) {
	b := circuit.NewBuilder()
	x := b.Inputs("x", 2)
	b.Output("y", b.And(x...))
	file := body(fileOf(t, built(t, b)))
	// The last name is that of the output; name the second input like the first.
	at := bytes.Index(file, []byte("x[1]"))
	file[at+2] = '0'
	_, err := circuit.Read(bytes.NewReader(seal(file)))
	var bad *circuit.CheckError
	if !errors.As(err, &bad) || bad.Where != "port x[0]" {
		t.Errorf("error %v, want one about port x[0]", err)
	}
}

// TestReadReaderError asserts that an error of the reader comes through as itself:
// the file is not to blame.
func TestReadReaderError(t *testing.T) {
	file := fileOf(t, smallCircuit(t))
	for n := range file {
		broken := errors.New("the disk is gone")
		_, err := circuit.Read(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken)))
		var bad *circuit.FormatError
		if !errors.Is(err, broken) || errors.As(err, &bad) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
	}
	if _, err := circuit.Read(iotest.OneByteReader(iotest.DataErrReader(bytes.NewReader(file)))); err != nil {
		t.Errorf("byte by byte: %v", err)
	}
}

func TestWriteError(t *testing.T) {
	c := smallCircuit(t)
	r, w := io.Pipe()
	broken := errors.New("the disk is full")
	r.CloseWithError(broken)
	if err := c.Write(w); !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
}

// TestReadHugeCounts puts a huge number in every place of a file. None may take
// memory that the file's few bytes do not account for.
func TestReadHugeCounts(t *testing.T) {
	file := body(fileOf(t, smallCircuit(t)))
	for _, huge := range []uint64{1 << 28, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 40, 1<<63 - 1, 1<<64 - 1} {
		for i := 8; i < len(file); i++ {
			// In place of the byte, and before it.
			for _, rest := range [][]byte{file[i+1:], file[i:]} {
				bad := binary.AppendUvarint(bytes.Clone(file[:i]), huge)
				bad = append(bad, rest...)
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				readsWell(t, seal(bad))
				runtime.ReadMemStats(&after)
				if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
					t.Fatalf("%d at byte %d: %d bytes allocated", huge, i, grown)
				}
			}
		}
	}
}

// TestReadMemory bounds the memory of the worst file there is: many sums of one
// term, each three bytes.
func TestReadMemory(t *testing.T) {
	const sums = 1 << 20
	file := append([]byte("\x89tc0\r\n\x1a\n"), 1, 0, 0, 0, 0, 1) // up to: one gate
	file = binary.AppendUvarint(file, sums+1)
	file = append(file, bytes.Repeat([]byte{4, 0, 2}, sums)...)
	file = append(file, 0, 0)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	c, err := circuit.Read(bytes.NewReader(seal(file)))
	runtime.ReadMemStats(&after)
	if err != nil || c.SumCount() != sums+1 {
		t.Fatal(c, err)
	}
	if perByte := (after.TotalAlloc - before.TotalAlloc) / (3 * sums); perByte > 256 {
		t.Errorf("%d bytes allocated for each byte of the file", perByte)
	}
}

// TestReadEndless puts zeros without an end behind every beginning of a file, and behind tables and
// a circuit that claim to be huge. What is read of them is bounded.
func TestReadEndless(t *testing.T) {
	file := body(fileOf(t, smallCircuit(t)))
	begins := func(beginning []byte) {
		t.Helper()
		zeros := &endless{}
		c, err := circuit.Read(io.MultiReader(bytes.NewReader(beginning), zeros))
		if c != nil || err == nil || zeros.read > 1<<18 {
			t.Fatalf("%d zeros read after %x: %v", zeros.read, beginning, err)
		}
	}
	for i := range file {
		begins(file[:i])
	}
	magic, billion := "\x89tc0\r\n\x1a\n\x01", "\x80\x94\xeb\xdc\x03"
	for _, tables := range []string{"", "\x00", "\x00\x00", "\x00\x00\x00", "\x00\x00\x00\x00"} {
		begins([]byte(magic + tables + billion))
		begins([]byte(magic + tables + billion + billion))
		begins([]byte(magic + tables + "\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	}
	long := &endless{}
	name := append([]byte("\x89tc0\r\n\x1a\n"), 1, 0, 0, 1, 0)
	_, err := circuit.Read(io.MultiReader(bytes.NewReader(binary.AppendUvarint(name, 1<<40)), long))
	if err == nil || !strings.Contains(err.Error(), "stages, at byte 19: a name of 1099511627776 bytes, more than 16777216") {
		t.Errorf("error %v", err)
	}
}

// endless is a file of zeros without an end, which counts how many are read.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	clear(p)
	e.read += len(p)
	return len(p), nil
}

// TestWriteIsDeterministic builds the same circuit twice and writes each twice.
func TestWriteIsDeterministic(t *testing.T) {
	for seed := range uint64(10) {
		var files [][]byte
		for range 2 {
			c, err := randomMirror(seed, seed%2 == 0, 200).finish(true)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, fileOf(t, c), fileOf(t, c))
		}
		for _, f := range files[1:] {
			if !bytes.Equal(f, files[0]) {
				t.Fatalf("seed %d: the files differ", seed)
			}
		}
	}
}

// FuzzRead reads arbitrary bytes as they are and with a right checksum.
func FuzzRead(f *testing.F) {
	f.Add([]byte{})
	f.Add(body(fileOf(f, smallCircuit(f))))
	empty, err := circuit.NewBuilder().Circuit()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body(fileOf(f, empty)))
	for seed := range uint64(4) {
		c, err := randomMirror(seed, seed%2 == 0, 20).finish(seed < 2)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body(fileOf(f, c)))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		readsWell(t, file)
		if !readsWell(t, seal(file)) {
			return
		}
		c, err := circuit.Read(bytes.NewReader(seal(file)))
		if err != nil {
			t.Fatal(err)
		}
		back, err := circuit.Read(bytes.NewReader(fileOf(t, c)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := circuitDiff(c, back); diff != "" {
			t.Fatal(diff)
		}
		if err := c.Prune().Check(); err != nil {
			t.Fatal(err)
		}
		c.Stats()
		if _, err := c.Eval(make([]bool, len(c.Inputs()))); err != nil {
			t.Fatal(err)
		}
	})
}
