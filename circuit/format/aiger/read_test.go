package aiger_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

const halfAdder = "aag 7 2 0 2 3\n2\n4\n6\n12\n6 13 15\n12 2 4\n14 3 5\ni0 x\ni1 y\no0 s\no1 c\nc\nhalf adder\n"

func TestRead(t *testing.T) {
	tests := []struct {
		name, file string
		in, out    []string // names
		table      []int    // of the outputs, on all inputs
		ands       int
		depth      int
	}{
		{"empty", "aag 0 0 0 0 0\n", nil, nil, []int{0}, 0, 0},
		{"false", "aag 0 0 0 1 0\n0\n", nil, []string{"o0"}, []int{0}, 0, 0},
		{"true", "aag 0 0 0 1 0\n1\n", nil, []string{"o0"}, []int{1}, 0, 0},
		{"buffer", "aag 1 1 0 1 0\n2\n2\n", []string{"i0"}, []string{"o0"}, []int{0, 1}, 0, 0},
		{"inverter", "aag 1 1 0 1 0\n2\n3\n", []string{"i0"}, []string{"o0"}, []int{1, 0}, 0, 0},
		{"and", "aag 3 2 0 1 1\n2\n4\n6\n6 2 4\n", []string{"i0", "i1"}, []string{"o0"}, []int{0, 0, 0, 1}, 1, 1},
		{"or", "aag 3 2 0 1 1\n2\n4\n7\n6 3 5\n", []string{"i0", "i1"}, []string{"o0"}, []int{0, 1, 1, 1}, 1, 1},
		{"half adder", halfAdder, []string{"x", "y"}, []string{"s", "c"}, []int{0, 1, 1, 2}, 3, 2},
		{
			"binary half adder",
			"aig 5 2 0 2 3\n10\n6\n\x02\x02\x03\x02\x01\x02",
			[]string{"i0", "i1"},
			[]string{"o0", "o1"},
			[]int{0, 1, 1, 2},
			3,
			2,
		},
		{"binary, no inputs", "aig 0 0 0 2 0\n1\n0\n", nil, []string{"o0", "o1"}, []int{1}, 0, 0},
		{
			"1.9",
			"aag 3 2 0 1 1 0 0 0 0\n2\n4\n6\n6 2 4\n",
			[]string{"i0", "i1"},
			[]string{"o0"},
			[]int{0, 0, 0, 1},
			1,
			1,
		},
		{"1.9, in part", "aag 1 1 0 1 0 0\n2\n2\n", []string{"i0"}, []string{"o0"}, []int{0, 1}, 0, 0},
		{
			"inputs in another order",
			"aag 3 2 0 1 1\n4\n2\n6\n6 3 4\n",
			[]string{"i0", "i1"},
			[]string{"o0"},
			[]int{0, 1, 0, 0},
			1,
			1,
		},
		{
			"gaps",
			"aag 900 2 0 1 1\n1000\n10\n1801\n1800 10 1000\n",
			[]string{"i0", "i1"},
			[]string{"o0"},
			[]int{1, 1, 1, 0},
			1,
			1,
		},
		{
			"few of many variables",
			"aag 2147483647 2 0 1 1\n1000000\n10\n4294967295\n4294967294 10 1000000\n",
			[]string{"i0", "i1"},
			[]string{"o0"},
			[]int{1, 1, 1, 0},
			1,
			1,
		},
		{
			"redundant gates are kept",
			"aag 5 1 0 1 4\n2\n10\n4 2 2\n6 4 1\n8 2 3\n10 6 9\n",
			[]string{"i0"},
			[]string{"o0"},
			[]int{0, 1},
			4,
			3,
		},
		{
			"one output three times",
			"aag 1 1 0 3 0\n2\n2\n3\n2\n",
			[]string{"i0"},
			[]string{"o0", "o1", "o2"},
			[]int{2, 5},
			0,
			0,
		},
		{"no outputs", "aag 3 2 0 0 1\n2\n4\n6 2 4\n", []string{"i0", "i1"}, nil, []int{0, 0, 0, 0}, 1, 0},
		{
			"CR LF",
			strings.ReplaceAll(halfAdder, "\n", "\r\n"),
			[]string{"x", "y"},
			[]string{"s", "c"},
			[]int{0, 1, 1, 2},
			3,
			2,
		},
		{
			"binary, CR LF",
			"aig 3 2 0 1 1\r\n6\r\n\x02\x02i0 x\r\nc\r\nwords\r\n",
			[]string{"x", "i1"},
			[]string{"o0"},
			[]int{0, 0, 0, 1},
			1,
			1,
		},
		{
			"no end of the last line",
			"aag 3 2 0 1 1\n2\n4\n6\n6 2 4",
			[]string{"i0", "i1"},
			[]string{"o0"},
			[]int{0, 0, 0, 1},
			1,
			1,
		},
		{
			"symbols in any order",
			"aag 2 2 0 1 0\n2\n4\n2\no0 a b \n\ni1 ü, (x)\n\n",
			[]string{"i0", "ü, (x)"},
			[]string{"a b "},
			[]int{0, 1, 0, 1},
			0,
			0,
		},
		{
			"an input and an output of one name",
			"aag 1 1 0 1 0\n2\n2\ni0 x\no0 x\n",
			[]string{"x"},
			[]string{"x"},
			[]int{0, 1},
			0,
			0,
		},
		{
			"a name that would be given",
			"aag 3 3 0 0 0\n2\n4\n6\ni0 i1\ni2 i1_1\n",
			[]string{"i1", "i1_2", "i1_1"},
			nil,
			make([]int, 8),
			0,
			0,
		},
		{"two deltas of two bytes", "aig 202 200 0 1 2\n404\n\x91\x03\x00\x01\x00", nil, nil, nil, 2, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := read(t, test.file)
			c := d.Circuit
			st := c.Stats()
			if st.Gates[gates.And] != test.ands || st.Size != test.ands || st.Depth != test.depth ||
				d.Wires != int64(2*test.ands) {
				t.Errorf(
					"%d ANDs, size %d, depth %d, %d wires; want %d ANDs, depth %d",
					st.Gates[gates.And],
					st.Size,
					st.Depth,
					d.Wires,
					test.ands,
					test.depth,
				)
			}
			if test.table == nil {
				return
			}
			var in, out []string
			for _, p := range c.InputPorts() {
				in = append(in, p.Name)
			}
			for _, p := range c.OutputPorts() {
				out = append(out, p.Name)
			}
			if !slices.Equal(in, test.in) || !slices.Equal(out, test.out) {
				t.Errorf("inputs %q, outputs %q; want %q, %q", in, out, test.in, test.out)
			}
			if got := formattest.Table(t, c); !slices.Equal(got, test.table) {
				t.Errorf("outputs %v, want %v", got, test.table)
			}
		})
	}
}

// The deltas of the gates of a file are told apart by where they lead.
func TestReadDeltas(t *testing.T) {
	// Gate 201 is lhs 402 with inputs 402 − 401 = 1 and 1 − 0; gate 202 reads 403 twice.
	c := read(t, "aig 202 200 0 1 2\n404\n\x91\x03\x00\x01\x00").Circuit
	want := [][]circuit.Lit{{1, 1}, {403, 403}}
	for i, lits := range want {
		if got := c.Fanin(circuit.Gate(201 + i)); !slices.Equal(got, lits) {
			t.Errorf("gate %d reads %v, want %v", 201+i, got, lits)
		}
	}
}

func TestReadComments(t *testing.T) {
	tests := []struct {
		file string
		want []string
	}{
		{"aag 0 0 0 0 0\n", nil},
		{"aag 0 0 0 0 0\nc\n", nil},
		{"aag 0 0 0 0 0\nc", nil},
		{"aag 0 0 0 0 0\nc\n one\n\ni0 two\n", []string{" one", "", "i0 two"}},
		{"aag 0 0 0 0 0\nc\r\none\r\ntwo", []string{"one", "two"}},
		{"aag 0 0 0 0 0\nc of old\nnew\n", []string{" of old", "new"}},
		{"aag 0 0 0 0 0\ncn\x00\x00\x00\x05name\x00\nrest\n", []string{"n\x00\x00\x00\x05name\x00", "rest"}},
	}
	for _, test := range tests {
		d := read(t, test.file)
		if diff := cmp.Diff(test.want, d.Comments); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.file, diff)
		}
	}
}

func TestReadPorts(t *testing.T) {
	d := read(
		t,
		"aag 3 3 0 2 0\n2\n4\n6\n2\n5\nc\nhello\ntc0 input 2 unsigned a\ntc0 input 1 signed b\ntc0 output 2 weighted+-3:1,-5 \"y\\n\"\n",
	)
	b := circuit.NewBuilder()
	x := b.InputPort("a", circuit.Format{}, 2)
	b.InputPort("b", circuit.Format{Kind: circuit.TwosComplement}, 1)
	f := circuit.Format{
		Kind:    circuit.Weighted,
		Offset:  circuit.NewInt(-3),
		Weights: []circuit.Int{circuit.NewInt(1), circuit.NewInt(-5)},
	}
	b.OutputPort("y\n", f, x[0], x[1].Not())
	formattest.Same(t, formattest.Built(t, b), d.Circuit)
	if diff := cmp.Diff([]string{"hello"}, d.Comments); diff != "" {
		t.Error(diff)
	}
}

func TestReadErrors(t *testing.T) {
	const and = "aag 3 2 0 1 1\n2\n4\n6\n6 2 4\n"
	long := strings.Repeat("9", 10000)
	format(nil).Refuse(t, []formattest.Bad{
		{"empty", "", 1, 1, "", "the file is empty"},
		{"another format", "module top;\n", 1, 1, "module", "an AIGER file begins with aag or aig"},
		{"an empty line", "\n", 1, 1, "", "an AIGER file begins with aag or aig"},
		{"kind alone", "aag\n", 1, 4, "", "the header has 0 numbers; there are 5 to 9: M I L O A B C J F"},
		{"four numbers", "aag 1 1 0 0\n", 1, 12, "", "the header has 4 numbers; there are 5 to 9: M I L O A B C J F"},
		{
			"ten numbers",
			"aag 0 0 0 0 0 0 0 0 0 0\n",
			1,
			24,
			"",
			"the header has 10 numbers; there are 5 to 9: M I L O A B C J F",
		},
		{
			"header with two spaces",
			"aag  1 1 0 0\n",
			1,
			5,
			"",
			"5 numbers are expected in this line, with one space between any two",
		},
		{"header with letters", "aag 1 x 0 0 0\n", 1, 7, "x", "a number that is not negative is expected here"},
		{"header with a tab", "aag 1 1\t0 0 0 0\n", 1, 7, "1\t0", "a number that is not negative is expected here"},
		{"negative", "aag 1 1 0 -1 0\n", 1, 11, "-1", "a number that is not negative is expected here"},
		{"leading zero", "aag 01 1 0 0 0\n", 1, 5, "01", "a number has no leading zeros"},
		{"2^31", "aag 2147483648 1 0 0 0\n", 1, 5, "2147483648", "more than 2147483647"},
		{"2^64", "aag 18446744073709551616 1 0 0 0\n", 1, 5, "18446744073709551616", "more than 2147483647"},
		{"10000 digits", "aag 1 1 0 " + long + " 0\n", 1, 11, long, "more than 2147483647"},
		{"few variables", "aag 2 2 0 1 1\n", 1, 5, "2", "fewer variables than the 3 of inputs, latches and AND gates"},
		{
			"few variables, 2^32",
			"aag 2 2147483647 2147483647 1 2147483647\n",
			1,
			5,
			"2",
			"fewer variables than the 6442450941 of inputs, latches and AND gates",
		},
		{
			"binary gap",
			"aig 4 2 0 1 1\n",
			1,
			5,
			"4",
			"more variables than the 3 of inputs, latches and AND gates; the binary form has no gaps",
		},
		{
			"bad state",
			"aag 1 1 0 0 0 1\n2\n2\n",
			1,
			15,
			"1",
			"1 bad-state property: only combinational circuits, of inputs, outputs and AND gates, can be read",
		},
		{
			"constraints",
			"aag 1 1 0 0 0 0 2\n2\n2\n",
			1,
			17,
			"2",
			"2 invariant constraints: only combinational circuits, of inputs, outputs and AND gates, can be read",
		},
		{
			"justice",
			"aag 1 1 0 0 0 0 0 3\n2\n2\n",
			1,
			19,
			"3",
			"3 justice properties: only combinational circuits, of inputs, outputs and AND gates, can be read",
		},
		{
			"fairness",
			"aig 1 1 0 0 0 0 0 0 1\n2\n",
			1,
			21,
			"1",
			"1 fairness constraint: only combinational circuits, of inputs, outputs and AND gates, can be read",
		},
		{
			"latch",
			"aag 1 0 1 2 0\n2 3\n2\n3\n",
			2,
			1,
			"2 3",
			"a latch, the first of 1: only combinational circuits can be read",
		},
		{
			"latches behind inputs",
			"aag 3 1 2 0 0\n2\n4 2 1\n6 4\n",
			3,
			1,
			"4 2 1",
			"a latch, the first of 2: only combinational circuits can be read",
		},
		{
			"binary latch",
			"aig 1 0 1 2 0\n3\n2\n3\n",
			2,
			1,
			"3",
			"a latch, the first of 1: only combinational circuits can be read",
		},
		{"latch missing", "aig 1 0 1 2 0\n", 2, 1, "", "the file ends before the first of 1 latch"},
		{"10^9 inputs", "aag 1000000000 1000000000 0 0 0\n2\n", 3, 1, "", "the file ends after 1 of 1000000000 inputs"},
		{
			"10^9 binary inputs",
			"aig 1000000000 1000000000 0 0 0\n",
			1,
			0,
			"",
			"1000000000 inputs in a file of 32 bytes, which can read only a few of them",
		},
		{"10^9 outputs", "aag 0 0 0 1000000000 0\n0\n1", 3, 2, "", "the file ends after 2 of 1000000000 outputs"},
		{
			"10^9 gates",
			"aag 1000000001 1 0 0 1000000000\n2\n4 2 2\n",
			4,
			1,
			"",
			"the file ends after 1 of 1000000000 AND gates",
		},
		{
			"10^9 binary gates",
			"aig 1000000001 1 0 0 1000000000\n\x02\x00",
			2,
			3,
			"",
			"the file ends after 1 of 1000000000 AND gates",
		},
		{"input 0", "aag 1 1 0 0 0\n0\n", 2, 1, "0", "an input is a literal that is even and not 0"},
		{"complemented input", "aag 1 1 0 0 0\n3\n", 2, 1, "3", "an input is a literal that is even and not 0"},
		{"input beyond M", "aag 1 1 0 0 0\n4\n", 2, 1, "4", "more than 3"},
		{"an input in two words", "aag 1 1 0 0 0\n2 2\n", 2, 2, "", "one number is expected in this line"},
		{"an input in no word", "aag 1 1 0 0 0\n\n", 2, 1, "", "one number is expected in this line"},
		{"an input and a space", "aag 1 1 0 0 0\n2 \n", 2, 2, "", "one number is expected in this line"},
		{
			"an input with a letter behind",
			"aag 1 1 0 0 0\n2x\n",
			2,
			1,
			"2x",
			"a number that is not negative is expected here",
		},
		{"NUL", "aag 1 1 0 0 0\n\x00\n", 2, 1, "\x00", "a number that is not negative is expected here"},
		{"one input twice", "aag 2 2 0 0 0\n2\n2\n", 3, 1, "2", "is defined already, in line 2"},
		{"output beyond M", "aag 1 1 0 1 0\n2\n4\n", 3, 1, "4", "more than 3"},
		{"output undefined", "aag 2 1 0 1 0\n2\n5\n", 3, 1, "5", "is an output and never defined"},
		{"output missing", "aig 1 1 0 1 0\n", 2, 1, "", "the file ends after 0 of 1 output"},
		{
			"gate of two numbers",
			"aag 3 2 0 1 1\n2\n4\n6\n6 2\n",
			5,
			4,
			"",
			"3 numbers are expected in this line, with one space between any two",
		},
		{
			"gate of four numbers",
			"aag 3 2 0 1 1\n2\n4\n6\n6 2 4 4\n",
			5,
			6,
			"",
			"3 numbers are expected in this line, with one space between any two",
		},
		{
			"odd gate",
			"aag 3 2 0 1 1\n2\n4\n6\n7 2 4\n",
			5,
			1,
			"7",
			"the output of a gate is a literal that is even and not 0",
		},
		{
			"gate 0",
			"aag 3 2 0 1 1\n2\n4\n6\n0 2 4\n",
			5,
			1,
			"0",
			"the output of a gate is a literal that is even and not 0",
		},
		{"gate beyond M", "aag 3 2 0 1 1\n2\n4\n6\n8 2 4\n", 5, 1, "8", "more than 7"},
		{"an input and a gate", "aag 3 2 0 1 1\n2\n4\n4\n4 2 2\n", 5, 1, "4", "is defined already, in line 3"},
		{"one gate twice", "aag 4 2 0 1 2\n2\n4\n6\n6 2 4\n6 2 2\n", 6, 1, "6", "is defined already, in line 5"},
		{
			"second input undefined",
			"aag 9 2 0 1 2\n2\n4\n12\n12 2 4\n14 12 19\n",
			6,
			7,
			"19",
			"is read and never defined",
		},
		{
			"first input undefined",
			"aag 9 2 0 1 2\n2\n4\n12\n12 2 4\n14 19 12\n",
			6,
			4,
			"19",
			"is read and never defined",
		},
		{"a gate that reads itself", "aag 3 2 0 1 1\n2\n4\n6\n6 2 7\n", 5, 1, "6", "depends on itself"},
		{
			"cycle",
			"aag 5 1 0 1 4\n2\n4\n4 2 6\n6 8 2\n8 2 11\n10 2 6\n",
			5,
			1,
			"6",
			"depends on itself: the gates 6 (5:1) -> 10 (7:1) -> 8 (6:1) -> 6 form a loop",
		},
		{
			"binary gate that reads itself",
			"aig 3 2 0 1 1\n6\n\x00\x01",
			3,
			1,
			"",
			"AND gate 0 of 1: delta 0 is 0, so that the gate reads itself",
		},
		{
			"delta 0 too large",
			"aig 3 2 0 1 1\n6\n\x07\x00",
			3,
			1,
			"",
			"AND gate 0 of 1: delta 0 is 7, more than 6, so that the gate reads a negative literal",
		},
		{
			"delta 1 too large",
			"aig 4 2 0 1 2\n6\n\x02\x02\x03\x06",
			3,
			4,
			"",
			"AND gate 1 of 2: delta 1 is 6, more than 5, so that the gate reads a negative literal",
		},
		{
			"delta of six bytes",
			"aig 3 2 0 1 1\n6\n\x82\x80\x80\x80\x80\x00\x02",
			3,
			1,
			"",
			"AND gate 0 of 1: delta 0 has more than 32 bits",
		},
		{
			"delta of 35 bits",
			"aig 3 2 0 1 1\n6\n\x02\xff\xff\xff\xff\x7f",
			3,
			2,
			"",
			"AND gate 0 of 1: delta 1 has more than 32 bits",
		},
		{"delta cut off", "aig 3 2 0 1 1\n6\n\x02\x82", 3, 3, "", "the file ends after 0 of 1 AND gate"},
		{
			"deltas with ends of lines",
			"aig 12 10 0 0 2\n\x0a\x0a\x0a\x80",
			5,
			2,
			"",
			"the file ends after 1 of 2 AND gates",
		},
		{
			"no symbol",
			and + "hello\n",
			6,
			1,
			"hello",
			"a symbol, such as i0 and a name, or the c in front of the comments is expected here",
		},
		{
			"a symbol without a number",
			and + "i x\n",
			6,
			1,
			"i",
			"a symbol, such as i0 and a name, or the c in front of the comments is expected here",
		},
		{
			"a space before a symbol",
			and + " i0 x\n",
			6,
			1,
			"",
			"a symbol, such as i0 and a name, or the c in front of the comments is expected here",
		},
		{
			"more gates than promised",
			and + "6 2 2\n",
			6,
			1,
			"6",
			"a symbol, such as i0 and a name, or the c in front of the comments is expected here",
		},
		{"a symbol without a name", and + "i0\n", 6, 3, "", "the name is missing"},
		{"a symbol with an empty name", and + "i0 \n", 6, 4, "", "the name is missing"},
		{"input 2 of 2", and + "i2 x\n", 6, 1, "i2", "there is no such position among 2 inputs, counted from 0"},
		{
			"output 10^20",
			and + "o100000000000000000000 x\n",
			6,
			1,
			"o100000000000000000000",
			"there is no such position among 1 output, counted from 0",
		},
		{"symbol with a leading zero", and + "i01 x\n", 6, 1, "i01", "a number has no leading zeros"},
		{"one symbol twice", and + "i0 x\ni0 y\n", 7, 1, "i0", `has a name already: "x"`},
		{"two inputs of one name", and + "i0 x\ni1 x\n", 7, 4, "x", "two inputs have this name"},
		{"two outputs of one name", "aag 0 0 0 2 0\n0\n1\no1 y\no0 y\n", 5, 4, "y", "two outputs have this name"},
		{"latch symbol", and + "l0 x\n", 6, 1, "l0", "a name of one of the latches, and there are none"},
		{
			"bad-state symbol",
			and + "b0 x\n",
			6,
			1,
			"b0",
			"a name of one of the bad-state properties, and there are none",
		},
		{
			"constraint symbol",
			and + "c0 x\n",
			6,
			1,
			"c0",
			"a name of one of the invariant constraints, and there are none",
		},
		{"justice symbol", and + "j0 x\n", 6, 1, "j0", "a name of one of the justice properties, and there are none"},
		{
			"fairness symbol",
			and + "f0 x\n",
			6,
			1,
			"f0",
			"a name of one of the fairness constraints, and there are none",
		},
		{"NUL in a name", and + "i0 a\x00b\n", 6, 4, "a\x00b", "a name is text in UTF-8 without NUL"},
		{"Latin-1 in a name", and + "i0 a b\xfc\n", 6, 4, "a b\xfc", "a name is text in UTF-8 without NUL"},
		{
			"ports of too many wires",
			and + "c\ntc0 input 3 unsigned x\ntc0 output 1 unsigned y\n",
			8,
			0,
			"",
			"the ports that the comments describe: circuit: 2 input wires in ports of 3 wires",
		},
		{
			"a port of no format",
			and + "c\n\ntc0 input 2 decimal x\n",
			8,
			0,
			"tc0 input 2 decimal x",
			`a comment that describes a port: "decimal" is no format of a port`,
		},
	})
}

// The places of symbols behind binary gates count the ends of lines among the gates.
func TestReadBinaryPlaces(t *testing.T) {
	_, err := aiger.Read(strings.NewReader("aig 12 10 0 0 2\n\x0a\x0a\x0a\x01x0 y\n"))
	if want := `line 5:2: "x0": a symbol, such as i0 and a name, or the c in front of the comments is expected here`; err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReadFails(t *testing.T) {
	broken := errors.New("broken")
	for _, file := range []string{"", "aag 1", halfAdder[:20], halfAdder[:45], halfAdder, "aig 3 2 0 1 1\n6\n", "aig 3 2 0 1 1\n6\n\x02\x02i0 x\nc\nw"} {
		_, err := aiger.Read(io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)))
		var e *netlist.Error
		if !errors.As(err, &e) || !errors.Is(err, broken) {
			t.Errorf("after %q: %v", file, err)
		}
	}
	// A reader that gives a byte at a time makes no difference.
	for _, f := range forms {
		file := written(t, read(t, halfAdder), f.write)
		d, err := aiger.Read(iotest.OneByteReader(strings.NewReader(file)))
		if err != nil {
			t.Fatal(err)
		}
		if again := written(t, d, f.write); again != file {
			t.Errorf("%q, want %q", again, file)
		}
	}
}

func TestReadTruncated(t *testing.T) {
	d := read(t, halfAdder)
	for _, f := range forms {
		file := written(t, d, f.write)
		valid := 0
		for n := range len(file) {
			d, err := aiger.Read(strings.NewReader(file[:n]))
			var e *netlist.Error
			switch {
			case err == nil:
				valid++
				if got := formattest.Table(t, d.Circuit); !slices.Equal(got, []int{0, 1, 1, 2}) {
					t.Errorf("%s, %d bytes: outputs %v", f.kind, n, got)
				}
			case !errors.As(err, &e) || e.Line < 1:
				t.Errorf("%s, %d bytes: %v", f.kind, n, err)
			}
		}
		if valid < 20 { // all that end behind the gates, but for keys without a name
			t.Errorf("%s: %d prefixes are valid", f.kind, valid)
		}
	}
}

// chain is an ASCII file of n gates, each reading the next line's.
func chain(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "aag %d 1 0 1 %d\n2\n%d\n", n+1, n, 2*n+2)
	for v := n + 1; v > 1; v-- {
		fmt.Fprintf(&b, "%d %d 1\n", 2*v, 2*v-1)
	}
	return b.String()
}

func TestReadReversedChain(t *testing.T) {
	const n = 1_000_000
	c := read(t, chain(n)).Circuit
	if got := c.Depth(); got != n {
		t.Errorf("depth %d, want %d", got, n)
	}
	if got := formattest.Table(t, c); !slices.Equal(got, []int{0, 1}) { // an even number of complements
		t.Errorf("outputs %v", got)
	}
	back := read(t, written(t, netlist.Of(c), aiger.WriteBinary)).Circuit
	if got := back.Depth(); got != n {
		t.Errorf("depth %d when it comes back, want %d", got, n)
	}
}

func TestReadLongLine(t *testing.T) {
	name := strings.Repeat("long ", 2_000_000) + "x"
	d := read(t, "aag 1 1 0 0 0\n2\ni0 "+name+"\nc\n"+name+"\n"+name)
	if got := d.Circuit.InputPorts()[0].Name; got != name {
		t.Errorf("a name of %d bytes, want %d", len(got), len(name))
	}
	if len(d.Comments) != 2 || d.Comments[0] != name || d.Comments[1] != name {
		t.Error("the comments differ")
	}
	_, err := aiger.Read(strings.NewReader(name))
	if want := `line 1:1: "long": an AIGER file begins with aag or aig`; err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}

// A file may have inputs that nothing reads, up to 4096 and 8 for each byte.
func TestReadUnreadInputs(t *testing.T) {
	if got := len(read(t, "aig 4256 4256 0 0 0\n").Circuit.Inputs()); got != 4256 {
		t.Errorf("%d inputs, want 4256", got)
	}
	_, err := aiger.Read(strings.NewReader("aig 4257 4257 0 0 0\n"))
	if want := "line 1: 4257 inputs in a file of 20 bytes, which can read only a few of them"; err == nil ||
		err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// A file that promises much and brings little takes little memory.
func TestReadMemory(t *testing.T) {
	format(nil).Promises(t,
		"aag 2000000000 1000000000 0 1000000000 1000000000\n",
		"aig 2000000000 1000000000 0 1000000000 1000000000\n2\n",
		"aig 2000000000 1000000000 0 0 1000000000\n\x02\x02",
		"aig 2000000000 2000000000 0 0 0\ni1999999999 x\n",
		"aag 2000000000 1 0 1 0\n2\n3999999999\n",
		"aig 1000 0 0 1 1000\n2\n\x02",
	)
}
