package th

import (
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
	const head = "c\n.model m\n.input a b\n.output y\n"
	huge := strings.Repeat("9", 20000)
	format().Refuse(t, []formattest.Bad{
		{"empty", "", 0, 0, "", "the file is empty"},
		{"a comment only", "c\n", 2, 1, "", "the file ends where .model is expected"},
		{
			"a comment that promises",
			"1000000000 gates\n.gates 1000000000\n",
			2,
			1,
			".gates",
			".model is expected here, in the first line that is no comment; the first line of a file is one, unless it is .model",
		},
		{"model of two names", "c\n.model m n\n", 2, 10, "n", "a model has one name"},
		{"model with a NUL", "c\n.model m\x00\n", 2, 8, "m\x00", "is no name: it is not of printable signs in UTF-8"},
		{"model only", "c\n.model m\n", 3, 1, "", "the file ends where .input is expected"},
		{"model twice", "c\n.model m\n.model m\n", 3, 1, ".model", ".input is expected here"},
		{"no input", "c\n.model m\n.output y\n", 3, 1, ".output", ".input is expected here"},
		{"no output", "c\n.model m\n.input a\n", 4, 1, "", "the file ends where .output is expected"},
		{
			"gate before output",
			"c\n.model m\n.input a\n.threshold a y\n1 1\n",
			4,
			1,
			".threshold",
			".output is expected here",
		},
		{"input after output", head + ".input c\n", 5, 1, ".input", ".threshold or .end is expected here"},
		{
			"output after a gate",
			head + ".threshold a y\n1 1\n.output a\n",
			7,
			1,
			".output",
			".threshold or .end is expected here",
		},
		{"input twice", "c\n.model m\n.input a b a\n", 3, 12, "a", "is defined already: it is an input, line 3"},
		{"three models", ".model\n.model\n.model\n", 3, 1, ".model", ".input is expected here"},
		{"two models with inputs", ".model\n.input\n.model\n", 3, 1, ".model", ".output is expected here"},
		{"output never defined", head, 4, 9, "y", "is an output and never defined"},
		{"latch", head + ".latch a y 0\n", 5, 1, ".latch", ".threshold or .end is expected here"},
		{
			"names of another format",
			head + ".names a b y\n11 1\n",
			5,
			1,
			".names",
			".threshold or .end is expected here",
		},
		{"read and never defined", head + ".threshold c y\n1 1\n", 5, 12, "c", "is read and never defined"},
		{
			"defined twice",
			head + ".threshold a y\r\n1 1\r\n.threshold b y\r\n1 1\r\n",
			7,
			14,
			"y",
			"is defined already, in line 5",
		},
		{"an input defined", head + ".threshold a b\n1 1\n", 5, 14, "b", "is defined already: it is an input, line 3"},
		{
			"cycle",
			head + ".threshold a x y\n1 1 2\n.threshold y x\n1 1\n",
			5,
			16,
			"y",
			"depends on itself: the gates y (5:16) -> x (7:14) -> y form a loop",
		},
		{"cycle with weight 0", head + ".threshold y y\n0 1\n.end\n", 5, 14, "y", "depends on itself"},
		{"gate of nothing", head + ".threshold\n1\n", 5, 11, "", "the name of what the gate drives is expected here"},
		{"gate drives a word", head + ".threshold a .end\n1 1\n", 5, 14, ".end", "a name is expected here"},
		{"gate reads a word", head + ".threshold .a y\n1 1\n", 5, 12, ".a", "a name is expected here"},
		{
			"no weights",
			head + ".threshold a y\n",
			6,
			1,
			"",
			"the file ends where the weights of the gate in line 5 are expected",
		},
		{
			"no weights but a gate",
			head + ".threshold a y\n.threshold b x\n1 1\n",
			6,
			1,
			".threshold",
			"an integer is expected here",
		},
		{
			"a weight too few",
			head + ".threshold a b y\n1  1\n",
			6,
			5,
			"",
			"2 weights and a bound are expected, for the gate in line 5; there are 2 numbers",
		},
		{
			"a weight too many",
			head + ".threshold a y\n1 1 1\n",
			6,
			5,
			"1",
			"1 weights and a bound are expected, for the gate in line 5; this is more",
		},
		{"weight of letters", head + ".threshold a y\none 1\n", 6, 1, "one", "an integer is expected here"},
		{"weight of a sign", head + ".threshold a y\n- 1\n", 6, 1, "-", "an integer is expected here"},
		{"weight of two signs", head + ".threshold a y\n1 --1\n", 6, 3, "--1", "an integer is expected here"},
		{"weight with a point", head + ".threshold a y\n1 0.5\n", 6, 3, "0.5", "an integer is expected here"},
		{"weight in hexadecimal", head + ".threshold a y\n0x10 1\n", 6, 1, "0x10", "an integer is expected here"},
		{
			"weight of 20000 digits",
			head + ".threshold a y\n-" + huge + " 1\n",
			6,
			1,
			"-" + huge,
			"more digits than a circuit holds",
		},
		{
			"bound of 20000 digits",
			head + ".threshold a y\n1 " + huge + "\n",
			6,
			3,
			huge,
			"more digits than a circuit holds",
		},
		{
			"something after the end",
			head + ".threshold a y\n1 1\n.end\n.end\n",
			8,
			1,
			".end",
			"nothing is expected after .end",
		},
		{
			"something behind the end",
			head + ".threshold a y\n1 1\n.end m\n",
			7,
			6,
			"m",
			"nothing is expected after .end",
		},
		{
			"CONST1 an input",
			"c\n.model m\n.input CONST1\n",
			3,
			8,
			"CONST1",
			"is the constant 1, and no input, output or gate",
		},
		{
			"CONST1 an output",
			"c\n.model m\n.input a\n.output CONST1\n",
			4,
			9,
			"CONST1",
			"is the constant 1, and no input, output or gate",
		},
		{
			"CONST1 a gate",
			head + ".threshold a CONST1\n1 1\n",
			5,
			14,
			"CONST1",
			"is the constant 1, and no input, output or gate",
		},
		{
			"NUL",
			head + ".threshold a y\x00\n1 1\n",
			5,
			14,
			"y\x00",
			"is no name: it is not of printable signs in UTF-8",
		},
		{"no UTF-8", "c\n.model m\n.input \xc0\n", 3, 8, "\xc0", "is no name: it is not of printable signs in UTF-8"},
		{
			"ports too few",
			"tc0 input 1 unsigned x\n.model m\n.input a b\n.output\n",
			1,
			0,
			"",
			"the ports that the comments describe: circuit: 2 input wires in ports of 1 wires",
		},
		{
			"ports of no format",
			"tc0 input 1 ternary x\n.model m\n.input a\n.output\n",
			1,
			0,
			"tc0 input 1 ternary x",
			`a comment that describes a port: "ternary" is no format of a port`,
		},
		{
			"a line of 10 MB",
			head + ".threshold " + strings.Repeat("a ", 5<<20) + "y\n1\n",
			6,
			2,
			"",
			"5242880 weights and a bound are expected, for the gate in line 5; there are 1 numbers",
		},
	})
}

// TestReadGoodFiles asserts the truth tables of small files: bit m of each output is its
// value for the inputs whose number is m.
func TestReadGoodFiles(t *testing.T) {
	const head = "c\n.model m\n.input a b\n.output y\n"
	big := strings.Repeat("7", 10000)
	for _, test := range []struct {
		name, file          string
		gates, wires, edges int
		want                []uint64
	}{
		{"AND", head + ".threshold a b y\n1 1 2\n.end\n", 1, 2, 2, []uint64{8}},
		{"less", head + ".threshold a b y\n-1 1 1\n", 1, 2, 2, []uint64{4}},
		{
			"any order, CRLF, no newline",
			"c\r\n.model\r\n.inputs a b\r\n.outputs y\r\n\r\n.threshold z b y\r\n\t1 +1  2\r\n.threshold a z\r\n-1 0\r\n.end", 2, 3, 3,
			[]uint64{4},
		},
		{
			"several lines of ports", "c\n.model m\n.input a\n.input b\n.output y\n.output a\n.threshold a b y\n1 1 1\n",
			1, 2, 2,
			[]uint64{14, 10},
		},
		{
			"an output before its gate",
			"c\n.model m\n.input a b\n.output y z\n.threshold y b z\n1 1 2\n.threshold a y\n-1 0\n",
			2, 3, 3,
			[]uint64{5, 4},
		},
		{"no inputs", "\n.model m\n.input\n.output x y\n.threshold x\n0\n.threshold y\n1\n", 2, 0, 0, []uint64{1, 0}},
		{"no outputs", "\n.model m\n.input a\n.output\n.threshold a y\n1 1\n", 1, 1, 1, []uint64{}},
		{"no comment", ".model m\n.input a b\n.output y\n.threshold a b y\n1 1 2\n", 1, 2, 2, []uint64{8}},
		{
			"a comment like a model", ".model c\n.model m\n.input a b\n.output y\n.threshold a b y\n1 1 2\n", 1, 2, 2,
			[]uint64{8},
		},
		{
			"byte-order mark", "\uFEFF.model m\n.input a b\n.output y\n.threshold a b y\n1 1 2\n", 1, 2, 2,
			[]uint64{8},
		},
		{"nothing", "\n.model m\n.input\n.output\n.end\n", 0, 0, 0, []uint64{}},
		{"CONST1", head + ".threshold CONST1 x\n1 1\n.threshold x CONST1 a b y\n1 -1 1 1 2\n", 2, 3, 5, []uint64{8}},
		{"weight 0", head + ".threshold a b y\n0 5 3\n", 1, 1, 2, []uint64{12}},
		{"repeated input", head + ".threshold a b a y\n2 1 -1 1\n", 1, 2, 3, []uint64{14}},
		{"repeated input that cancels", head + ".threshold a b a y\n2 1 -2 1\n", 1, 1, 3, []uint64{12}},
		{"2^64", head + ".threshold a b y\n18446744073709551616 -18446744073709551617 0\n", 1, 2, 2, []uint64{3}},
		{"10000 digits", head + ".threshold a b y\n" + big + " -" + big + " -0\n", 1, 2, 2, []uint64{11}},
		{"bounds out of reach", "c\n.model m\n.input a b\n.output y z\n.threshold a y\n1 " + big + "\n.threshold a z\n1 -" + big + "\n", 2, 2, 2, []uint64{0, 15}},
		{
			"words as names", "c\n.model .model\n.input model, 1\n.output #\n.threshold model, 1 #\n1 1 1\n", 1, 2, 2,
			[]uint64{14},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := format().Computes(t, test.file, test.want)
			if n := formattest.CountsOf(d.Circuit); n.Gates != test.gates || int(n.Wires) != test.wires ||
				int(d.Wires) != test.edges {
				t.Errorf(
					"%d gates, %d wires, %d in the file; want %d, %d, %d",
					n.Gates,
					n.Wires,
					d.Wires,
					test.gates,
					test.wires,
					test.edges,
				)
			}
		})
	}
}

func TestReadNamesAndComments(t *testing.T) {
	d := format().Parsed(t, []byte(" a circuit \t\ttc0 input 2 unsigned x\ttc0 output 1 signed s t\ttwo\n.model half\n.input a b\n.output y\n.threshold a b y\n1 1 2\n.end\n"))
	if want := []string{"a circuit", "two"}; !slices.Equal(d.Comments, want) || d.Name != "half" {
		t.Errorf("comments %q, name %q", d.Comments, d.Name)
	}
	if want := []string{"", "a", "b", "y"}; !slices.Equal(d.Signals, want) {
		t.Errorf("signals %q, want %q", d.Signals, want)
	}
	if p := d.Circuit.OutputPorts()[0]; p.Name != "s t" || p.Format.Kind != circuit.TwosComplement {
		t.Errorf("output port %+v", p)
	}
	like := format().Parsed(t, []byte(".model c\n.model m\n.input\n.output\n"))
	if want := []string{".model c"}; !slices.Equal(like.Comments, want) || like.Name != "m" {
		t.Errorf("comments %q, name %q", like.Comments, like.Name)
	}
	back := format().ExactTrip(t, d)
	if back.Name != "half" {
		t.Errorf("the name comes back as %q", back.Name)
	}
}
