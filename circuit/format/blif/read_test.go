package blif

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func format() formattest.Format {
	return formattest.Format{Read: Read, Write: Write, Repertoire: Repertoire()}
}

func TestReadBadFiles(t *testing.T) {
	const head = ".model m\n.inputs a b\n.outputs y\n"
	const latch = "is a latch: only combinational circuits are read, unless latches are to be cut (--comb)"
	const onOff = "a cover has rows of value 0 or of value 1, not both"
	format().Refuse(t, []formattest.Bad{
		{"empty", "", 1, 1, "", "the file ends where .model is expected"},
		{"comments only", "# 1000000000 gates\n", 2, 1, "", "the file ends where .model is expected"},
		{"another format", "INPUT(a)\n", 1, 1, "INPUT(a)", ".model is expected here"},
		{"no model", ".inputs a\n", 1, 1, ".inputs", ".model is expected here"},
		{"model of two names", ".model m n\n", 1, 10, "n", "a model has one name"},
		{"model with a NUL", ".model m\x00n\n", 1, 8, "m\x00n", "is no name: it is not of printable signs in UTF-8"},
		{"model twice", head + ".model m\n", 4, 8, "m", "is a model already"},
		{"second model without a name", head + ".model\n", 4, 1, ".model", "a model behind the first has one name"},
		{"input twice", ".model m\n.inputs a b\n.inputs b\n", 3, 9, "b", "is defined already: it is an input, line 2"},
		{"output never defined", head, 3, 10, "y", "is an output and never defined"},
		{"read and never defined", head + ".names a c y\n11 1\n", 4, 10, "c", "is read and never defined"},
		{
			"defined twice",
			head + ".names a y\r\n1 1\r\n.names b y\r\n1 1\r\n",
			6,
			10,
			"y",
			"is defined already, in line 4",
		},
		{"an input defined", head + ".names a b\n1 1\n", 4, 10, "b", "is defined already: it is an input, line 2"},
		{
			"cycle",
			head + ".names a x y\n11 1\n.names y x\n0 1\n",
			4,
			12,
			"y",
			"depends on itself: the gates y (4:12) -> x (6:10) -> y form a loop",
		},
		{"cycle of a constant cover", head + ".names y y\n", 4, 10, "y", "depends on itself"},
		{"latch", head + ".latch a y re clk 2\n", 4, 1, ".latch", latch},
		{
			"mapped latch",
			head + ".mlatch dff d=a q=y clk 0\n",
			4,
			1,
			".mlatch",
			"is a latch of a cell library, which is not read",
		},
		{
			"subcircuit",
			head + ".subckt and x=a y=b z=y\n",
			4,
			9,
			"and",
			"is no model in this file",
		},
		{
			"search",
			head + ".search other.blif\n",
			4,
			1,
			".search",
			"names another file: models that are all in one file are read",
		},
		{
			"library gate",
			head + ".gate nand2 a=a b=b O=y\n",
			4,
			1,
			".gate",
			"is a gate of a cell library, which says what it computes: --library reads one",
		},
		{
			"don't-cares",
			head + ".names a y\n1 1\n.exdc\n.names a y\n1 1\n",
			6,
			1,
			".exdc",
			"says where outputs do not matter: only functions that are given in full are read",
		},
		{
			"don't-cares after the end",
			head + ".names a y\n1 1\n.end\n.exdc\n",
			7,
			1,
			".exdc",
			"says where outputs do not matter: only functions that are given in full are read",
		},
		{
			"clock",
			head + ".clock clk\n",
			4,
			1,
			".clock",
			"belongs to sequential circuits: only combinational ones are read, unless latches are to be cut (--comb)",
		},
		{
			"state machine",
			head + ".start_kiss\n.i 1\n",
			4,
			1,
			".start_kiss",
			"belongs to sequential circuits: only combinational ones are read",
		},
		{"unknown statement", head + ".NAMES a y\n", 4, 1, ".NAMES", "is no statement that is read here"},
		{"names of nothing", head + ".names\n", 4, 7, "", "the name of what the cover defines is expected here"},
		{
			"row without cover",
			head + "11 1\n",
			4,
			1,
			"11",
			"a row of a cover can only follow .names; a statement is expected here",
		},
		{
			"row after a skipped statement",
			head + ".names a y\n.area 3\n1 1\n",
			6,
			1,
			"1",
			"a row of a cover can only follow .names; a statement is expected here",
		},
		{"row too short", head + ".names a b y\n1 1\n", 5, 1, "1", "1 signs for 2 inputs"},
		{"row too long", head + ".names a b y\n1-1 1\n", 5, 1, "1-1", "3 signs for 2 inputs"},
		{"row without value", head + ".names a b y\n11\n", 5, 3, "", "the value of the row, 0 or 1, is expected here"},
		{
			"row of three columns",
			head + ".names a b y\n1 1 1\n",
			5,
			5,
			"1",
			"a row of a cover of 2 inputs has 2 columns; this is more",
		},
		{
			"constant of two columns",
			head + ".names y\n1 1\n",
			5,
			3,
			"1",
			"a row of a cover of 0 inputs has 1 columns; this is more",
		},
		{"cube of other signs", head + ".names a b y\n1x 1\n", 5, 1, "1x", "a cube is of 0, 1 and -"},
		{
			"cube of a number",
			head + ".names a b y\n18446744073709551616 1\n",
			5,
			1,
			"18446744073709551616",
			"a cube is of 0, 1 and -",
		},
		{"value of a dash", head + ".names a b y\n11 -\n", 5, 4, "-", "the value of a row is 0 or 1"},
		{"value of two signs", head + ".names a b y\n11 11\n", 5, 4, "11", "the value of a row is 0 or 1"},
		{"constant of 2", head + ".names y\n2\n", 5, 1, "2", "the value of a row is 0 or 1"},
		{"on and off", head + ".names a b y\n11 1\n00 1\n01 0\n", 7, 4, "0", onOff},
		{"off and on", head + ".names y\n0\n1\n", 6, 1, "1", onOff},
		{
			"backslash inside",
			".model m\n.inputs a \\ b\n",
			2,
			11,
			`\`,
			"a backslash goes on in the next line only at the very end of one",
		},
		{
			"backslash and space",
			".model m\n.inputs a \\ \nb\n",
			2,
			11,
			`\`,
			"a backslash goes on in the next line only at the very end of one",
		},
		{
			"twice in a continued line",
			".model m\n.inputs a \\\n  b \\\r\n\ta\n",
			4,
			2,
			"a",
			"is defined already: it is an input, line 2",
		},
		{
			"continued cube",
			head + ".names a b y\n1\\\n1 1\n",
			6,
			3,
			"1",
			"a row of a cover of 2 inputs has 2 columns; this is more",
		},
		{"end with a name", head + ".names a y\n1 1\n.end m\n", 6, 6, "m", "nothing is expected after .end"},
		{"something after the end", ".model m\n.end\n.inputs a\n", 3, 1, ".inputs", "nothing but another .model is expected after .end"},
		{"NUL", ".model m\n.inputs a\x00\n", 2, 9, "a\x00", "is no name: it is not of printable signs in UTF-8"},
		{"no UTF-8", head + ".names a \xfe\n", 4, 10, "\xfe", "is no name: it is not of printable signs in UTF-8"},
		{"NUL in a row", head + ".names a b y\n1\x00 1\n", 5, 1, "1\x00", "a cube is of 0, 1 and -"},
		{
			"ports too few",
			"# tc0 input 1 unsigned x\n.model m\n.inputs a b\n",
			1,
			0,
			"",
			"the ports that the comments describe: circuit: 2 input wires in ports of 1 wires",
		},
		{
			"ports without name",
			"# tc0 output 1 unsigned\n.model m\n",
			1,
			0,
			"tc0 output 1 unsigned",
			"a comment that describes a port: it has 2 parts instead of 3",
		},
		{
			"a line of 10 MB",
			head + ".names a y\n" + strings.Repeat("1", 10<<20) + " 1\n",
			5,
			1,
			strings.Repeat("1", 10<<20),
			"10485760 signs for 1 inputs",
		},
	})
}

// TestReadGoodFiles asserts the truth tables of small files, and their gates: bit m of each
// output is its value for the inputs whose number is m.
func TestReadGoodFiles(t *testing.T) {
	const head = ".model m\n.inputs a b\n.outputs y\n"
	const abc = ".model m\n.inputs a b c\n.outputs y\n"
	const abcd = ".model m\n.inputs a b c d\n.outputs y\n"
	for _, test := range []struct {
		name, file string
		kinds      string // of the gates, in order
		want       []uint64
	}{
		{"AND", head + ".names a b y\n11 1\n.end\n", "AND", []uint64{8}},
		{"AND of literals", head + ".names a b y\n10 1\n", "AND", []uint64{2}},
		{"AND of literals in two rows", head + ".names a b y\n0- 0\n-1 0\n", "AND", []uint64{2}},
		{"AND in two rows", head + ".names a b y\n0- 0\n-0 0\n", "AND", []uint64{8}},
		{"NAND", head + ".names a b y\n11 0\n", "NAND", []uint64{7}},
		{"NAND in two rows", head + ".names a b y\n0- 1\n-0 1\n", "NAND", []uint64{7}},
		{"OR", head + ".names a b y\n00 0\n", "OR", []uint64{14}},
		{"OR in two rows", head + ".names a b y\n1- 1\n-1 1\n", "OR", []uint64{14}},
		{"OR of literals", head + ".names a b y\n01 0\n", "OR", []uint64{11}},
		{"OR of literals in two rows", head + ".names a b y\n-0 1\n1- 1\n", "OR", []uint64{11}},
		{"NOR", head + ".names a b y\n00 1\n", "NOR", []uint64{1}},
		{"NOR in two rows", head + ".names a b y\n1- 0\n-1 0\n", "NOR", []uint64{1}},
		{"BUF", head + ".names b y\n1 1\n", "BUF", []uint64{12}},
		{"BUF by its zeros", head + ".names b y\n0 0\n", "BUF", []uint64{12}},
		{"NOT", head + ".names b y\n0 1\n", "NOT", []uint64{3}},
		{"NOT by its zeros, of two", head + ".names a b y\n-1 0\n", "NOT", []uint64{3}},
		{"the same literal twice", head + ".names a b y\n1- 1\n1- 1\n", "OR", []uint64{10}},
		{"a literal and its complement", head + ".names a b y\n1- 1\n0- 1\n", "OR", []uint64{15}},
		{"XOR", head + ".names a b y\n01 1\n10 1\n", "XOR", []uint64{6}},
		{"XNOR", head + ".names a b y\n11 1\n00 1\n", "XNOR", []uint64{9}},
		{"XOR by its zeros", head + ".names a b y\n00 0\n11 0\n", "XOR", []uint64{6}},
		{"XNOR by its zeros", head + ".names a b y\n10 0\n01 0\n", "XNOR", []uint64{9}},
		{"XOR of three", abc + ".names a b c y\n100 1\n010 1\n001 1\n111 1\n", "XOR", []uint64{0x96}},
		{"XNOR of three", abc + ".names a b c y\n111 0\n100 0\n001 0\n010 0\n", "XNOR", []uint64{0x69}},
		{
			"XOR of four", abcd + ".names a b c d y\n1000 1\n0100 1\n0010 1\n0001 1\n1110 1\n1101 1\n1011 1\n0111 1\n",
			"XOR",
			[]uint64{0x6996},
		},
		{
			"XNOR of four", abcd + ".names a b c d y\n1000 0\n0100 0\n0010 0\n0001 0\n1110 0\n1101 0\n1011 0\n0111 0\n",
			"XNOR",
			[]uint64{0x9669},
		},
		{
			"no parity: a row twice", abc + ".names a b c y\n100 1\n010 1\n001 1\n100 1\n", "AND AND AND AND OR",
			[]uint64{0x16},
		},
		{
			"no parity: a dash", abc + ".names a b c y\n100 1\n010 1\n001 1\n-11 1\n", "AND AND AND AND OR",
			[]uint64{0xd6},
		},
		{
			"no parity: an even row", abc + ".names a b c y\n100 1\n010 1\n001 1\n110 1\n", "AND AND AND AND OR",
			[]uint64{0x1e},
		},
		{"repeated input", head + ".names a a y\n01 1\n10 1\n", "XOR", []uint64{0}},
		{"multiplexer", abc + ".names c a b y\n01- 1\n1-1 1\n", "AND AND OR", []uint64{0xca}},
		{"multiplexer by its zeros", abc + ".names c a b y\n00- 0\n1-0 0\n", "NOR AND NOR", []uint64{0xca}},
		{"cubes of one literal and of more", abc + ".names a b c y\n0-- 1\n-11 1\n", "AND OR", []uint64{0xd5}},
		{"complement of the same", abc + ".names a b c y\n0-- 0\n-11 0\n", "AND AND", []uint64{0x2a}},
		{"majority", abc + ".names a b c y\n11- 1\n1-1 1\n-11 1\n", "AND AND AND OR", []uint64{0xe8}},
		{"everything", abc + ".names a b c y\n11- 1\n--- 1\n", "", []uint64{0xff}},
		{"nothing, by its zeros", abc + ".names a b c y\n--- 0\n", "", []uint64{0}},
		{"no rows", abc + ".names a b c y\n", "", []uint64{0}},
		{
			"constants", ".model m\n.outputs p q r s\n.names p\n.names q\n1\n.names r\n0\n.names s\n 1\n", "",
			[]uint64{0, 1, 0, 1},
		},
		{"constants read", head + ".names one\n1\n.names zero\n.names one a zero b y\n1101 1\n", "AND", []uint64{8}},
		{
			"constants read, complemented", head + ".names one\n1\n.names zero\n.names one a zero b y\n0100 1\n", "AND",
			[]uint64{0},
		},
		{
			"any order, CRLF, no newline",
			".model m\r\n.names z b y\r\n11 1\r\n.names a z # z\r\n\r\n0 1\r\n.outputs y\r\n.inputs a\r\n.inputs b\r\n.end", "NOT AND",
			[]uint64{4},
		},
		{
			"continued lines", ".model \\\nm\n.inputs a \\\n b\n.outputs \\\n\\\ny\n.names a b\\\n y\n11\\\n1\n", "AND",
			[]uint64{8},
		},
		{"continued into the value", head + ".names a b y\n11 \\\n1\n", "AND", []uint64{8}},
		{"skipped statements", head + ".area 3\n.default_input_arrival 1 1\n.input_drive a 1 1\n.delay a INV 1 1 1 1 1 1\n.names a y\n1 1\n.wire_load_slope 0\n.end\n\n# end\n", "BUF", []uint64{10}},
		{
			"more skipped statements",
			head + ".and_gate_delay 1\n.names a y\n1 1\n.attr src \"x.v:1\"\n.param INIT 10\n.cname u1\n.end\n",
			"BUF",
			[]uint64{10},
		},
		{"connection", head + ".names a x\n0 1\n.conn x y\n.end\n", "NOT", []uint64{5}},
		{"byte-order mark", "\uFEFF" + head + ".names a b y\n11 1\n", "AND", []uint64{8}},
		{"no inputs", ".model\n.inputs\n.outputs y\n.names z\n1\n.names z y\n0 1\n", "BUF", []uint64{0}},
		{"no outputs", ".model m\n.inputs a\n.names a y\n1 1\n", "BUF", []uint64{}},
		{"nothing", ".model", "", []uint64{}},
		{"an input that is an output", ".model m\n.inputs a b\n.outputs b\n", "", []uint64{12}},
		{
			"words as names", ".model .model\n.inputs .inputs .end\n.outputs 1\n.names .inputs .end 1\n11 1\n", "AND",
			[]uint64{8},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := format().Computes(t, test.file, test.want)
			var kinds []string
			for g := range circuit.Gate(d.Circuit.Len()) {
				if k := d.Circuit.Kind(g); !k.IsSource() {
					kinds = append(kinds, k.String())
				}
			}
			if got := strings.Join(kinds, " "); got != test.kinds {
				t.Errorf("gates %s, want %s", got, test.kinds)
			}
		})
	}
}

// TestReadEveryCover reads all covers of up to three rows over two inputs, and compares
// them with what the format says they are.
func TestReadEveryCover(t *testing.T) {
	var cubes []string
	for _, x := range "01-" {
		for _, y := range "01-" {
			cubes = append(cubes, string(x)+string(y))
		}
	}
	holds := func(cube string, m int) bool {
		for i, sign := range cube {
			if sign != '-' && int(sign-'0') != m>>i&1 {
				return false
			}
		}
		return true
	}
	for choice := range 9 * 9 * 9 * 3 * 2 {
		rows := []string{cubes[choice%9], cubes[choice/9%9], cubes[choice/81%9]}[:1+choice/729%3]
		value := choice / (3 * 729)
		var file strings.Builder
		file.WriteString(".model m\n.inputs a b\n.outputs y\n.names a b y\n")
		for _, row := range rows {
			fmt.Fprintln(&file, row, value)
		}
		d := format().Parsed(t, []byte(file.String()))
		for m := range 4 {
			want := slices.ContainsFunc(rows, func(r string) bool { return holds(r, m) }) == (value == 1)
			got, err := d.Circuit.Eval([]bool{m&1 != 0, m&2 != 0})
			if err != nil {
				t.Fatal(err)
			}
			if got[0] != want {
				t.Fatalf("at %d it is %v:\n%s", m, got[0], file.String())
			}
		}
		if n := formattest.CountsOf(d.Circuit).Gates; n > len(rows)+1 {
			t.Fatalf("%d gates:\n%s", n, file.String())
		}
		format().ExactTrip(t, d)
	}
}

func TestReadKeepsNamesAndComments(t *testing.T) {
	d := format().Parsed(t, []byte("# a # b \n.model half # m\n#\n# tc0 input 1 unsigned a\n# tc0 output 1 signed s t\n.inputs a\n.outputs y\n.names a x\n0 1\n.names x y\n0 1\n"))
	if want := []string{"a # b", "m", ""}; !slices.Equal(d.Comments, want) || d.Name != "half" {
		t.Errorf("comments %q, name %q", d.Comments, d.Name)
	}
	if want := []string{"", "a", "x", "y"}; !slices.Equal(d.Signals, want) || d.Wires != 2 {
		t.Errorf("signals %q, want %q; %d wires", d.Signals, want, d.Wires)
	}
}
