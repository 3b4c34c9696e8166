package aiger_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func TestReadRenamesSymbols(t *testing.T) {
	for _, test := range []struct {
		name, file      string
		want            []uint64
		inputs, outputs string
		notes           []string
	}{
		{
			"two inputs", "aag 3 2 0 1 1\n2\n4\n6\n6 2 4\ni0 x\ni1 x\n",
			[]uint64{8},
			"x x_1", "o0",
			[]string{"input x, in line 7, has a name that is there before and becomes x_1"},
		},
		{
			"three outputs, and the name that a second would get",
			"aag 1 1 0 4 0\n2\n2\n3\n0\n1\no3 y_1\no2 y\no1 y\no0 y\n",
			[]uint64{2, 1, 0, 3},
			"i0", "y_3 y_2 y y_1",
			[]string{"output y, in line 9, has a name that is there before and becomes y_2; 1 more like it"},
		},
		{
			"one symbol twice", "aag 1 1 0 1 0\n2\n3\ni0 x\ni0 y\n",
			[]uint64{1},
			"x", "o0",
			[]string{`i0 has the name "x" already, which stays, in line 5`},
		},
		{
			"a symbol like a position", "aag 2 2 0 1 0\n2\n4\n4\ni1 i0\n", []uint64{12}, "i0_1 i0", "o0", nil,
		},
		{
			"byte-order mark", "\uFEFFaag 1 1 0 1 0\n2\n3\n", []uint64{1}, "i0", "o0", nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := format(aiger.WriteASCII).Computes(t, test.file, test.want)
			formattest.Noted(t, d, test.inputs, test.outputs, test.notes...)
		})
	}
}

// A counter: a, and latches q of the XOR of a and q, and r of q.
func TestReadCutsLatches(t *testing.T) {
	const latches = "3 latches are cut: the first, q, is an input now, and its next value the output q_next; " +
		"first values and clocks are left out"
	for name, file := range map[string]string{
		"ascii": "aag 8 1 3 1 4\n2\n6 16\n4 6 1\n8 8 8\n10\n10 4 6\n12 3 7\n14 2 6\n16 13 15\nl0 q\nl1 r\no0 y\n",
		"binary": "aig 8 1 3 1 4\n16\n4 1\n8 8\n10\n" + "\x04\x02" + "\x07\x02" + "\x0a\x02" + "\x01\x02" +
			"l0 q\nl1 r\no0 y\n",
	} {
		t.Run(name, func(t *testing.T) {
			f := format(aiger.WriteASCII)
			f.Read = aiger.Config{Cut: true}.Read
			d := f.Parsed(t, []byte(file))
			formattest.Noted(t, d, "i0 q r l2", "y q_next r_next l2_next", latches)
			for v := range 16 {
				a, q, r, s := v&1, v>>1&1, v>>2&1, v>>3&1
				out, err := d.Circuit.Eval(formattest.Bits(v, 4))
				if err != nil {
					t.Fatal(err)
				}
				for i, want := range []int{q & r, a ^ q, q, s} {
					if out[i] != (want == 1) {
						t.Errorf("output %d of %04b is %v", i, v, out[i])
					}
				}
			}
			formattest.Same(t, d.Circuit, read(t, written(t, d, aiger.WriteBinary)).Circuit)
		})
	}
	f := format(nil)
	f.Read = aiger.Config{Cut: true}.Read
	f.Refuse(t, []formattest.Bad{
		{"missing", "aag 2 0 2 0 0\n2 2\n", 3, 1, "", "the file ends after 1 of 2 latches"},
		{"odd", "aag 1 0 1 0 0\n3 2\n", 2, 1, "3", "a latch is a literal that is even and not 0"},
		{"first value", "aag 2 1 1 0 0\n2\n4 2 3\n", 3, 5, "3", "the first value of a latch is 0, 1 or the latch, 4"},
		{"too much", "aag 1 0 1 0 0\n2 2 0 0\n", 2, 6, "", "3 numbers are expected in this line, with one space between any two"},
		{"no value", "aag 1 0 1 0 0\n2\n", 2, 2, "", "2 numbers are expected in this line, with one space between any two"},
		{"defined twice", "aag 2 1 1 0 0\n2\n2 0\n", 3, 1, "2", "is defined already, in line 2"},
		{"undefined", "aag 4 1 1 1 0\n2\n4 6\n0\n", 3, 3, "6", "is an output and never defined"},
		{"undefined output", "aag 4 1 1 1 0\n2\n4 2\n6\n", 4, 1, "6", "is an output and never defined"},
		{"a loop", "aag 3 1 1 0 1\n2\n4 6\n6 6 2\n", 4, 1, "6", "depends on itself"},
	})
}
