package aiger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

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
