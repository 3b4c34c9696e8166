package pla

import (
	"io"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/circuit/internal/random"
)

func format() formattest.Format {
	return formattest.Format{Read: Read, Write: Write, Repertoire: Repertoire()}
}

// TestComputes reads a table in each type: bit m of a number is the value of an output where input
// i is bit i of m.
func TestComputes(t *testing.T) {
	const body = ".i 2\n.o 3\n11 10~\n00 |-01\n-1 -~4\n"
	// y0: 11; y1: no row; y2: 00 and -1.
	want := []uint64{0b1000, 0, 0b1101}
	const free = "line 4 has outputs for which any value will do; they are 0 there; 1 more like it"
	const unsaid = "where no row says anything any value will do; outputs are 0 there"
	for kind, notes := range map[string][]string{
		"f": nil, "fd": {free}, "fr": {unsaid}, "fdr": {strings.Replace(free, "4", "5", 1), unsaid}, "": {free},
	} {
		file := body
		if kind != "" {
			file = strings.Replace(body, "11 ", ".type "+kind+"\n11 ", 1)
		}
		if kind == "fd" || kind == "fdr" {
			notes[0] = strings.Replace(free, "4", "5", 1)
		}
		d := format().Evaluates(t, file, want)
		formattest.Noted(t, d, "x0 x1", "y0 y1 y2", notes...)
	}
}

func TestReadNames(t *testing.T) {
	d := format().Computes(t, "# first\n.i 3 # three\n.o 2\n.ilb a b c\n.ob sum carry\n.p 7\n"+
		"1 0 0 10\n010|10\n001 10\n111 10\n11- 01\n1-1 01\n-11 01\n.end\n", []uint64{0b10010110, 0b11101000})
	formattest.Noted(t, d, "a b c", "sum carry")
	n := formattest.CountsOf(d.Circuit)
	if n.Gates != 9 || n.Depth != 3 || d.Circuit.Depth() != 2 || d.Wires != 12+6+7 {
		t.Errorf("%+v, %d wires in the file", n, d.Wires)
	}
	d = format().Parsed(t, []byte("# tc0 input 2 signed x\n# tc0 output 2 unsigned y\n.i 2\n.o 2\n1- 10\n-- 01\n.e\n"))
	formattest.Noted(t, d, "x", "y")
	format().ExactTrip(t, d)
	format().ExactTrip(t, format().Parsed(t, []byte(".i 0\n.o 2\n01\n")))
	format().ExactTrip(t, format().Parsed(t, []byte(".i 2\n.o 0\n")))
}

func TestReadBadFiles(t *testing.T) {
	const head = ".i 2\n.o 1\n"
	format().Refuse(t, []formattest.Bad{
		{"empty", "", 1, 1, "", "the file ends where .i is expected"},
		{"no .o", ".i 2\n", 2, 1, "", "the file ends where .o is expected"},
		{"no .i", ".o 2\n1 1\n", 2, 1, "1", ".i is expected before the first row"},
		{".i twice", ".i 2\n.i 2\n", 2, 1, ".i", "stands in line 1 already"},
		{".i of nothing", ".i\n", 1, 3, "", "the number of inputs is expected here"},
		{".o of a word", ".o two\n", 1, 4, "two", "an integer that is not negative is expected here"},
		{"two numbers", ".i 2 3\n", 1, 6, "3", "the end of the line is expected here"},
		{"names before .i", ".ilb a b\n", 1, 1, ".ilb", ".i is expected before"},
		{"names", head + ".ilb a\n", 3, 1, ".ilb", "has 1 names; .i says 2"},
		{"names twice", head + ".ob y\n.ob y\n", 4, 1, ".ob", "stands in a line before already"},
		{"a name twice", head + ".ilb a a\n", 3, 8, "a", "is the name of an input already"},
		{"type", head + ".type fx\n", 3, 7, "fx", "is no type that is read: f, fd, fr and fdr are"},
		{"type of nothing", head + ".type\n", 3, 6, "", "f, fd, fr or fdr is expected here"},
		{"values", ".mv 4 3 -3\n", 1, 1, ".mv", "is not read: .i .o .p .ilb .ob .type .e are"},
		{"a header below", head + "11 1\n.type f\n", 4, 1, ".type", "a row or .e is expected here; what describes the table comes before its rows"},
		{"short", head + "11\n", 3, 3, "", "a row has 3 signs in its line, for 2 inputs and 1 outputs; there are 2"},
		{"long", head + "11 11\n", 3, 5, "1", "a row has 3 signs, for 2 inputs and 1 outputs; this is more"},
		{"an input", head + "1x 1\n", 3, 2, "x", "a sign of an input is 0, 1 or -"},
		{"an output", head + "11 x\n", 3, 4, "x", "a sign of an output is 0, 1, - or ~"},
		{"behind the end", head + ".e\n11 1\n", 4, 1, "11", "nothing is expected after .e"},
		{"both", head + ".type fr\n1- 1\n00 0\n-1 0\n", 6, 1, "", "says 0 where line 4 says 1 for one input and one output; in type fr a value is one of the two"},
		{"both, 0 first", head + ".type fdr\n-- 0\n11 1\n", 5, 1, "", "says 1 where line 4 says 0 for one input and one output; in type fdr a value is one of the two"},
		{"many inputs", ".i 1000000000\n.o 1\n", 1, 4, "1000000000", "1000000000 inputs in a file of 19 bytes; .ilb names them"},
	})
	format().Promises(t, ".i 1000000000\n.o 1\n", ".i 1\n.o 2000000000\n")
	many := head + ".type fr\n" + strings.Repeat("11 1\n", 1<<14)
	if _, err := Read(strings.NewReader(many)); err == nil || !strings.Contains(err.Error(), "more than are compared, which is a limit") {
		t.Errorf("%v", err)
	}
}

// TestWriteTwoLevels asserts that what is of two levels has the rows that it shows, with many inputs, too.
func TestWriteTwoLevels(t *testing.T) {
	b := circuit.NewBuilder()
	b.Keep()
	x := b.InputPort("x", circuit.Format{Kind: circuit.TwosComplement}, 20)
	and, nor := b.And(x[0], x[1].Not(), circuit.True), b.Nor(x[2], b.Not(x[3]))
	b.Output("or", b.Or(and, nor, x[4], x[0], b.And(x[0], x[0].Not())))
	b.Output("and", and)
	b.Output("nand", b.Nand(x[5], x[6]))
	b.Output("buf", b.Buf(x[7].Not()))
	b.Output("one", circuit.True)
	b.Output("zero", b.Or())
	b.Output("not and", b.And(b.Buf(x[8]), x[9]).Not())
	b.Output("empty", b.And(x[8], x[8].Not()))
	d := netlist.Of(formattest.Built(t, b))
	d.Comments = []string{"two levels"}
	formattest.Golden(t, "levels.pla", string(format().Written(t, d)))
	format().ExactTrip(t, format().Trip(t, d))
}

// TestWriteTables asserts the rows of functions that are not of two levels, and the limit.
func TestWriteTables(t *testing.T) {
	for _, test := range []struct {
		n, rows int
		gate    func(b *circuit.Builder, x []circuit.Lit) circuit.Lit
	}{
		{3, 3, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Majority(x...) }},
		{4, 8, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }},
		{8, 128, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.Xor(x...) }},
		{7, 35, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(3, x...) }},
		{16, 120, func(b *circuit.Builder, x []circuit.Lit) circuit.Lit { return b.AtLeast(2, x...) }},
	} {
		b := circuit.NewBuilder()
		b.Output("y", test.gate(b, b.Inputs("x", test.n)))
		d := netlist.Of(formattest.Built(t, b))
		format().Trip(t, d)
		table, err := tableOf(d.Circuit)
		if err != nil || len(table.cubes) != test.rows {
			t.Errorf("%d inputs: %d rows, want %d; %v", test.n, len(table.cubes), test.rows, err)
		}
	}
	b := circuit.NewBuilder()
	b.Output("y", b.Majority(b.Inputs("x", 17)...))
	err := Write(io.Discard, netlist.Of(formattest.Built(t, b)))
	const want = "pla: output y is no OR of ANDs of inputs, and the circuit has 17 inputs: a truth table is written for at most 16, which is a limit"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestRandom takes random circuits there and back; what was read comes back with its counts.
func TestRandom(t *testing.T) {
	for seed := range uint64(40) {
		c := formattest.Random(t, random.Config{
			Seed: seed, Inputs: 1 + int(seed)%10, Gates: 12, Set: Repertoire(), Keep: seed%2 == 0,
		})
		back := format().Trip(t, netlist.Of(c))
		if d := back.Circuit.Depth(); d > 2 {
			t.Errorf("depth %d", d)
		}
		format().ExactTrip(t, back)
	}
}

func TestNames(t *testing.T) {
	names := []string{".e", "a b", "a_b", "#", "|", "a|b", "", "é", "\xff", "1", "-", "x0", "y0"}
	b := circuit.NewBuilder()
	var x []circuit.Lit
	for _, name := range names {
		x = append(x, b.Input(name))
	}
	for i, name := range names {
		b.Output(name, b.And(x[i].Not(), x[(i+1)%len(x)]))
	}
	format().ExactTrip(t, format().Trip(t, netlist.Of(formattest.Built(t, b))))
}

// TestABC has ABC compare what is written with the same circuit in its own reader of another format.
func TestABC(t *testing.T) {
	for seed := range uint64(3) {
		c := formattest.Random(t, random.Config{Seed: seed, Inputs: 8, Gates: 20, Set: Repertoire()})
		file := format().Written(t, netlist.Of(c))
		files := map[string][]byte{"a.pla": file, "b.blif": blifOf(t, c)}
		formattest.Says(t, formattest.ABC(t, files, "read_pla a.pla; strash; cec b.blif"), formattest.Equal)
	}
}

func TestFullDisk(t *testing.T) {
	b := circuit.NewBuilder()
	b.Output("y", b.Majority(b.Inputs("x", 5)...))
	d := netlist.Of(formattest.Built(t, b))
	formattest.FullDisk(t, func(w io.Writer) error { return Write(w, d) })
}

// TestTruncated reads a file cut off at every byte.
func TestTruncated(t *testing.T) {
	file := []byte("# tc0 input 2 unsigned x\n# tc0 output 1 signed y\n.i 2\r\n.o 1\n.ilb a b\n.ob y\n.type fr\n1- 1\n0|0 0 # row\n.e\n")
	format().Parsed(t, file)
	for n := range file {
		format().Accepted(t, file[:n])
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		".i 2\n.o 3\n.type fd\n11 10~\n00 |-01\n-1 -~4\n.e\n",
		"# tc0 input 2 signed x\n# tc0 output 2 unsigned y\n.i 2\n.o 2\n.ilb a b\n.ob c d\n.p 2\n1- 10\n-- 01\n.end\n",
		".i 0\n.o 1\n.type fr\n1\n", ".i 3\n.o 1\n.type fdr\n1 1 1 1\n0-0 0\n",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) { format().Hostile(t, file) })
}
