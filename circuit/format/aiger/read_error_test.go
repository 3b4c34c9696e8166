package aiger_test

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/format/netlist"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

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
			"a latch, the first of 1: only combinational circuits are read, unless latches are to be cut (--comb)",
		},
		{
			"latches behind inputs",
			"aag 3 1 2 0 0\n2\n4 2 1\n6 4\n",
			3,
			1,
			"4 2 1",
			"a latch, the first of 2: only combinational circuits are read, unless latches are to be cut (--comb)",
		},
		{
			"binary latch",
			"aig 1 0 1 2 0\n3\n2\n3\n",
			2,
			1,
			"3",
			"a latch, the first of 1: only combinational circuits are read, unless latches are to be cut (--comb)",
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
		{"undefined in a loop", "aag 9 1 0 1 2\n2\n4\n4 6 16\n6 4 16\n", 4, 5, "16", "is read and never defined"},
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
	for _, file := range []string{
		"", "aag 1", halfAdder[:20], halfAdder[:45], halfAdder, "aig 3 2 0 1 1\n6\n",
		"aig 3 2 0 1 1\n6\n\x02\x02i0 x\nc\nw",
	} {
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
