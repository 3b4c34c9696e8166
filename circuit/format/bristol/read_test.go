package bristol_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/bristol"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// fullAdder adds three bits; its outputs are driven out of order.
const fullAdder = "5 8\n3 1 1 1\n1 2\n\n2 1 0 1 3 XOR\n2 1 3 2 6 XOR\n2 1 3 2 4 AND\n2 1 0 1 5 AND\n2 1 4 5 7 XOR\n"

func TestRead(t *testing.T) {
	tests := []struct {
		name, file string
		in, out    []int // widths
		table      []int // of the outputs, on all inputs
		gates      map[gates.Kind]int
		wires      int64
	}{
		{
			"full adder",
			fullAdder,
			[]int{1, 1, 1},
			[]int{2},
			[]int{0, 1, 1, 2, 1, 2, 2, 3},
			map[gates.Kind]int{gates.And: 2, gates.Xor: 3},
			10,
		},
		{"nothing", "0 0\n0\n0\n", nil, nil, []int{0}, nil, 0},
		{"no outputs", "1 2\n1 1\n0\n1 1 0 1 INV\n", []int{1}, nil, []int{0, 0}, map[gates.Kind]int{gates.Not: 1}, 1},
		{
			"every gate", "6 9\n1 2\n2 3 3\n1 1 0 3 INV\n1 1 1 4 NOT\n2 1 0 1 5 AND\n2 1 0 1 6 XOR\n1 1 0 7 EQW\n1 1 1 8 EQ\n",
			[]int{2},
			[]int{3, 3},
			[]int{35, 58, 41, 52},
			map[gates.Kind]int{gates.Not: 2, gates.And: 1, gates.Xor: 1, gates.Buf: 1},
			8,
		},
		{"constants", "2 2\n0\n1 2\n1 1 0 1 EQ\n1 1 1 0 EQ\n", nil, []int{2}, []int{1}, nil, 2},
		{
			"MAND",
			"1 9\n1 6\n1 3\n6 3 0 1 2 3 4 5 8 6 7 MAND\n",
			[]int{6},
			[]int{3},
			mand(),
			map[gates.Kind]int{gates.And: 3},
			6,
		},
		{"inputs are outputs", "0 2\n2 1 1\n1 2\n", []int{1, 1}, []int{2}, []int{0, 1, 2, 3}, nil, 0},
		{"values without wires", "0 2\n3 0 2 0\n2 1 0\n", []int{0, 2, 0}, []int{1, 0}, []int{0, 0, 1, 1}, nil, 0},
		{
			"a wire without a driver",
			"1 5\n1 2\n1 1\n2 1 0 1 4 AND\n",
			[]int{2},
			[]int{1},
			[]int{0, 0, 0, 1},
			map[gates.Kind]int{gates.And: 1},
			2,
		},
		{
			"wires far apart",
			"2 2000000000\n1 2\n1 1\n2 1 0 1 1000000000 AND\n1 1 1000000000 1999999999 INV\n",
			[]int{2},
			[]int{1},
			[]int{1, 1, 1, 0},
			map[gates.Kind]int{gates.And: 1, gates.Not: 1},
			3,
		},
		{
			"spaces, tabs, CR LF, empty lines",
			"\r\n 1  3 \r\n\t1 2 \r\n\r\n1\t1\r\n\r\n2 1 0 1 2 AND\r\n\r\n",
			[]int{2},
			[]int{1},
			[]int{0, 0, 0, 1},
			map[gates.Kind]int{gates.And: 1},
			2,
		},
		{
			"no end of the last line",
			"1 3\n1 2\n1 1\n2 1 0 1 2 AND",
			[]int{2},
			[]int{1},
			[]int{0, 0, 0, 1},
			map[gates.Kind]int{gates.And: 1},
			2,
		},
		{
			"older format",
			"2 5\n1 2   1\n\n2 1 0 1 3 AND\n2 1 3 2 4 XOR\n",
			[]int{1, 2},
			[]int{1},
			[]int{0, 0, 0, 1, 1, 1, 1, 0},
			map[gates.Kind]int{gates.And: 1, gates.Xor: 1},
			4,
		},
		{
			"older format, two wires",
			"1 5\n2 2 1\n\n2 1 0 3 4 AND\n",
			[]int{2, 2},
			[]int{1},
			[]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1},
			map[gates.Kind]int{gates.And: 1},
			2,
		},
		{
			"older format, one input",
			"1 3\n2 0 1\n\n2 1 0 1 2 AND\n",
			[]int{2},
			[]int{1},
			[]int{0, 0, 0, 1},
			map[gates.Kind]int{gates.And: 1},
			2,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := read(t, test.file)
			c := d.Circuit
			if in, out := widths(c.InputPorts()), widths(c.OutputPorts()); !slices.Equal(in, test.in) ||
				!slices.Equal(out, test.out) {
				t.Errorf("inputs of %d wires, outputs of %d; want %d, %d", in, out, test.in, test.out)
			}
			for i, p := range c.InputPorts() {
				if want := fmt.Sprint("in", i); p.Name != want || p.Format.Kind != circuit.Unsigned {
					t.Errorf("input %d is named %s, want %s", i, p.Name, want)
				}
			}
			for i, p := range c.OutputPorts() {
				if want := fmt.Sprint("out", i); p.Name != want || p.Format.Kind != circuit.Unsigned {
					t.Errorf("output %d is named %s, want %s", i, p.Name, want)
				}
			}
			if got := formattest.Table(t, c); !slices.Equal(got, test.table) {
				t.Errorf("outputs %v, want %v", got, test.table)
			}
			st := c.Stats()
			for _, k := range gates.Kinds() {
				if k != gates.Input && st.Gates[k] != test.gates[k] {
					t.Errorf("%d gates of kind %v, want %d", st.Gates[k], k, test.gates[k])
				}
			}
			if d.Wires != test.wires {
				t.Errorf("%d wires, want %d", d.Wires, test.wires)
			}
		})
	}
}

// mand is the table of x and y, of three bits each, whose ANDs are put out as 1, 2, 0.
func mand() (table []int) {
	for v := range 64 {
		and := v & (v >> 3)
		table = append(table, and>>1&1|and>>2&1<<1|and&1<<2)
	}
	return table
}

func TestReadErrors(t *testing.T) {
	const head = "2 5\n2 1 1\n1 1\n\n"
	long := strings.Repeat("9", 10000)
	wide := strings.Repeat("ü", 1000)
	format().Refuse(t, []formattest.Bad{
		{"empty", "", 1, 1, "", "the file ends before the numbers of gates and wires"},
		{"empty lines", "\n\n\n", 4, 1, "", "the file ends before the numbers of gates and wires"},
		{"another format", "module top;\n", 1, 1, "module", "an integer that is not negative is expected here"},
		{"one number", "7\n1 1\n1 1\n", 1, 1, "", "1 numbers instead of 2: of gates and of wires"},
		{"three numbers", "7 8 9\n1 1\n1 1\n", 1, 1, "", "3 numbers instead of 2: of gates and of wires"},
		{"negative", "-1 8\n", 1, 1, "-1", "an integer that is not negative is expected here"},
		{"2^31", "1 2147483648\n", 1, 3, "2147483648", "more than 2147483647"},
		{"2^64", "18446744073709551616 1\n", 1, 1, "18446744073709551616", "more than 2147483647"},
		{"10000 digits", "1 " + long + "\n", 1, 3, long, "more than 2147483647"},
		{"no inputs", "1 8\n", 2, 1, "", "the file ends before the widths of the inputs"},
		{"no outputs", "1 8\n2 4 4\n", 3, 1, "", "the file ends before the widths of the outputs"},
		{"few widths", "1 8\n3 4 4\n1 1\n", 2, 1, "", "3 input values, and 2 widths"},
		{"many widths", "1 8\n1 4\n1 1 1\n", 3, 1, "", "1 output values, and 2 widths"},
		{
			"no line of outputs",
			"1 3\n1 2\n2 1 0 1 2 AND\n",
			3,
			11,
			"AND",
			"an integer that is not negative is expected here",
		},
		{"wide inputs", "1 8\n2 4 5\n1 1\n", 2, 3, "", "the inputs have 9 wires, and there are 8"},
		{"wide outputs", "1 8\n2 4 4\n1 9\n", 3, 3, "", "the outputs have 9 wires, and there are 8"},
		{"older format, wide", "1 8\n4 5 1\n2 1 0 1 2 AND\n", 2, 1, "", "the inputs have 9 wires, and there are 8"},
		{
			"2^32 inputs",
			"1 8\n2 2147483647 2147483647\n1 1\n",
			2,
			3,
			"",
			"the inputs have 4294967294 wires, and there are 8",
		},
		{
			"10^9 inputs",
			"0 1000000001\n2 1 1000000000\n1 1\n",
			2,
			3,
			"",
			"1000000001 input wires in a file of 32 bytes, which can read only a few of them",
		},
		{
			"10^9 gates",
			"1000000000 1000000002\n1 2\n1 1\n2 1 0 1 2 AND\n",
			5,
			1,
			"",
			"the file ends after 1 of 1000000000 gates",
		},
		{"no gates", "2 5\n2 1 1\n1 1\n\n", 5, 1, "", "the file ends after 0 of 2 gates"},
		{
			"more gates",
			"1 3\n1 2\n1 1\n2 1 0 1 2 AND\n2 1 0 1 2 AND\n",
			5,
			1,
			"2",
			"something follows the last of 1 gates",
		},
		{
			"an unknown gate",
			head + "2 1 0 1 2 OR\n",
			5,
			11,
			"OR",
			"no gate that is known: AND, XOR, INV, NOT, EQ, EQW or MAND",
		},
		{
			"small letters",
			head + "2 1 0 1 2 and\n",
			5,
			11,
			"and",
			"no gate that is known: AND, XOR, INV, NOT, EQ, EQW or MAND",
		},
		{
			"NUL",
			head + "2 1 0 1 2 AND\x00\n",
			5,
			11,
			"AND\x00",
			"no gate that is known: AND, XOR, INV, NOT, EQ, EQW or MAND",
		},
		{
			"no UTF-8",
			head + "2 1 0 1 2 \xff\n",
			5,
			11,
			"\xff",
			"no gate that is known: AND, XOR, INV, NOT, EQ, EQW or MAND",
		},
		{"a long word", head + wide, 5, 1, wide, "no gate that is known: AND, XOR, INV, NOT, EQ, EQW or MAND"},
		{"a gate without a name", head + "2 1 0 1 2\n", 5, 10, "", "the name of a gate is missing"},
		{"a name alone", head + "AND\n", 5, 1, "AND", "the numbers of inputs and outputs are missing"},
		{"a name and a number", head + "2 AND\n", 5, 1, "2", "the numbers of inputs and outputs are missing"},
		{
			"no number of inputs",
			head + "x 1 0 1 2 AND\n",
			5,
			1,
			"x",
			"an integer that is not negative is expected here",
		},
		{
			"no number of outputs",
			head + "2 x 0 1 2 AND\n",
			5,
			3,
			"x",
			"an integer that is not negative is expected here",
		},
		{"AND of 3", head + "3 1 0 1 0 2 AND\n", 5, 1, "3", "the number of inputs of AND is 2"},
		{"XOR with 2 outputs", head + "2 2 0 1 2 3 XOR\n", 5, 3, "2", "the number of outputs of XOR is 1"},
		{"INV of 2", head + "2 1 0 1 2 INV\n", 5, 1, "2", "the number of inputs of INV is 1"},
		{"MAND of none", head + "0 0 MAND\n", 5, 1, "0", "a MAND has 2 inputs for each output"},
		{"MAND of 3", head + "3 1 0 1 0 2 MAND\n", 5, 1, "3", "a MAND has 2 inputs for each output"},
		{"MAND of 4 with 1 output", head + "4 1 0 1 0 1 2 MAND\n", 5, 3, "1", "a MAND of 4 inputs has 2 outputs"},
		{"few wires", head + "2 1 0 2 AND\n", 5, 9, "AND", "2 wires in front of it instead of 3"},
		{"many wires", head + "1 1 0 1 2 INV\n", 5, 11, "INV", "3 wires in front of it instead of 2"},
		{
			"MAND of 2^31 wires",
			head + "2147483646 1073741823 0 1 MAND\n",
			5,
			27,
			"MAND",
			"2 wires in front of it instead of 3221225469",
		},
		{
			"a wire with a letter",
			head + "2 1 0 w1 2 AND\n",
			5,
			7,
			"w1",
			"an integer that is not negative is expected here",
		},
		{"a negative wire", head + "2 1 0 -1 2 AND\n", 5, 7, "-1", "an integer that is not negative is expected here"},
		{"wire 5 of 5, read", head + "2 1 0 5 2 AND\n", 5, 7, "5", "there are 5 wires, counted from 0"},
		{"wire 5 of 5, driven", head + "2 1 0 1 5 AND\n", 5, 9, "5", "there are 5 wires, counted from 0"},
		{"no wires", "1 0\n0\n0\n1 1 0 0 EQ\n", 4, 7, "0", "there are 0 wires, counted from 0"},
		{"a wire that nothing drives", head + "2 1 0 2 3 AND\n", 5, 7, "2", "is read, and no gate before drives it"},
		{"a gate that reads itself", head + "2 1 2 0 2 AND\n", 5, 9, "2", "depends on itself"},
		{"MAND that reads itself", head + "4 2 0 2 0 1 2 3 MAND\n", 5, 13, "2", "depends on itself"},
		{
			"cycle",
			head + "2 1 0 3 2 AND\n2 1 0 2 3 AND\n",
			5,
			9,
			"2",
			"depends on itself: the gates 2 (5:9) -> 3 (6:9) -> 2 form a loop",
		},
		{"out of order", head + "1 1 2 3 INV\n1 1 0 2 INV\n", 5, 5, "2", "is read, and no gate before drives it"},
		{"an input is driven", head + "2 1 0 1 1 AND\n", 5, 9, "1", "is driven, and is an input"},
		{"a wire is driven twice", head + "2 1 0 1 2 AND\n2 1 0 1 2 XOR\n", 6, 9, "2", "is driven by a gate before"},
		{"MAND drives a wire twice", head + "4 2 0 1 0 1 2 2 MAND\n", 5, 15, "2", "is driven by a gate before"},
		{"EQ to 2", head + "1 1 2 3 EQ\n", 5, 5, "2", "more than 1"},
		{"EQ to a wire that is driven", head + "1 1 1 3 EQ\n1 1 0 3 EQ\n", 6, 7, "3", "is driven by a gate before"},
		{
			"an output that nothing drives",
			head + "2 1 0 1 2 AND\n2 1 0 1 3 XOR\n",
			3,
			3,
			"",
			"wire 4 is bit 0 of this output, and no gate drives it",
		},
		{
			"a later output",
			"1 4\n1 1\n2 1 2\n1 1 0 2 INV\n",
			3,
			3,
			"",
			"wire 1 is bit 0 of this output, and no gate drives it",
		},
	})
}

func TestReadFails(t *testing.T) {
	broken := errors.New("broken")
	for _, file := range []string{"", "5 8\n", "5 8\n3 1 1 1\n", fullAdder[:20], fullAdder[:50], fullAdder} {
		_, err := bristol.Read(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)))
		var e *netlist.Error
		if !errors.As(err, &e) || !errors.Is(err, broken) {
			t.Errorf("after %q: %v", file, err)
		}
	}
	d, err := bristol.Read(iotest.OneByteReader(strings.NewReader(fullAdder)))
	if err != nil {
		t.Fatal(err)
	}
	if again := written(t, d.Circuit); again != fullAdder {
		t.Errorf("%q, want %q", again, fullAdder)
	}
}

func TestReadTruncated(t *testing.T) {
	for n := range len(fullAdder) {
		_, err := bristol.Read(strings.NewReader(fullAdder[:n]))
		var e *netlist.Error
		if n == len(fullAdder)-1 {
			if err != nil {
				t.Error(err)
			}
		} else if !errors.As(err, &e) || e.Line < 1 {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

// chain is a file of n INVs in a row, whose lines stand in order or in reverse.
func chain(n int, reverse bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %d\n1 1\n1 1\n\n", n, n+1)
	for i := range n {
		if reverse {
			i = n - 1 - i
		}
		fmt.Fprintf(&b, "1 1 %d %d INV\n", i, i+1)
	}
	return b.String()
}

func TestReadChain(t *testing.T) {
	const n = 1_000_000
	c := read(t, chain(n, false)).Circuit
	if got := c.Levels(gates.NotCounted()).Depth; got != n {
		t.Errorf("depth %d with NOT counted, want %d", got, n)
	}
	if got := formattest.Table(t, c); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("outputs %v", got)
	}
	if got, want := written(t, c), chain(n, false); got != want {
		t.Error("it is not written as it was")
	}
	_, err := bristol.Read(strings.NewReader(chain(n, true)))
	if want := `line 5:5: "999999": is read, and no gate before drives it`; err == nil || err.Error() != want {
		t.Errorf("in reverse: %v", err)
	}
}

func TestReadLongLine(t *testing.T) {
	const n = 450_000 // gates in a line of some 10 MB
	var b strings.Builder
	fmt.Fprintf(&b, "1 %d\n1 %d\n1 %d\n\n%d %d", 3*n, 2*n, n, 2*n, n)
	for i := range 3 * n {
		fmt.Fprintf(&b, " %d", i)
	}
	b.WriteString(" MAND\n")
	c := read(t, b.String()).Circuit
	if got := c.Stats().Gates[gates.And]; got != n {
		t.Errorf("%d ANDs, want %d", got, n)
	}
	for i := range n {
		if in := c.Fanin(circuit.Gate(1 + 2*n + i)); in[0] != circuit.Gate(1+i).Lit() ||
			in[1] != circuit.Gate(1+n+i).Lit() {
			t.Fatalf("gate %d reads %v", i, in)
		}
	}
}

// A file may have inputs that nothing reads, up to 4096 and 8 for each byte.
func TestReadUnreadInputs(t *testing.T) {
	if got := len(read(t, "0 4224\n1 4224\n0\n").Circuit.Inputs()); got != 4224 {
		t.Errorf("%d inputs, want 4224", got)
	}
	_, err := bristol.Read(strings.NewReader("0 4225\n1 4225\n0\n"))
	if want := "line 2:3: 4225 input wires in a file of 16 bytes, which can read only a few of them"; err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A file that promises much and brings little takes little memory.
func TestReadMemory(t *testing.T) {
	format().Promises(t,
		"2000000000 2000000001\n1 1\n1 1\n1 1 0 1 INV\n",
		"0 2000000000\n1 2000000000\n1 1\n",
		"1 2000000000\n1 1\n1 1\n1 1 0 1999999998 INV\n",
		"1 2000000000\n1 1\n1 1999999999\n1 1 0 1999999999 INV\n",
		"1 2000000000\n1 1\n1 1\n1999999998 999999999 0 MAND\n",
	)
}
