package bench

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
	const kinds = "is no kind of gate here: those are AND, OR, NAND, NOR, XOR, XNOR, NOT, BUFF, MUX, LUT, vdd and gnd"
	const latch = "is a latch: only combinational circuits are read, unless latches are to be cut (--comb)"
	long := strings.Repeat("x", 70)
	format().Refuse(t, []formattest.Bad{
		{"empty", "", 0, 0, "", "it has no INPUT, no OUTPUT and no gate"},
		{"comments only", "# 1000000000 gates\n\n# c17\n", 0, 0, "", "it has no INPUT, no OUTPUT and no gate"},
		{
			"another format",
			".model m\n.end\n",
			1,
			1,
			".model",
			"INPUT(name), OUTPUT(name) or name = KIND(name, ...) is expected here",
		},
		{"one word", "INPUT(a)\nOUTPUT\n", 2, 7, "", `"(" is expected here`},
		{"input without name", "INPUT()\n", 1, 7, ")", "a name is expected here"},
		{"input of two names", "INPUT(a, b)\n", 1, 1, "INPUT", "declares one signal in a line, not 2"},
		{"input not closed", "INPUT(a\n", 1, 8, "", `"," or ")" is expected here`},
		{"input without parentheses", "INPUT a\n", 1, 7, "a", `"(" is expected here`},
		{"input twice", "INPUT(a)\nINPUT(a)\n", 2, 7, "a", "is defined already: it is an input, line 1"},
		{"output never defined", "OUTPUT(y)\n", 1, 8, "y", "is an output and never defined"},
		{"in a loop", "OUTPUT(y)\ny = AND(a, b)\na = XOR(y, a, b)\n", 2, 12, "b", "is read and never defined"},
		{"read and never defined", "OUTPUT(y)\ny = AND(a, b)\n", 2, 9, "a", "is read and never defined"},
		{"defined twice", "INPUT(a)\ny = NOT(a)\r\n  y = BUFF(a)\n", 3, 3, "y", "is defined already, in line 2"},
		{"an input defined", "INPUT(a)\na = NOT(a)\n", 2, 1, "a", "is defined already: it is an input, line 1"},
		{
			"cycle",
			"INPUT(a)\nOUTPUT(x)\nx = AND(a, y)\ny = NOT(x)\n",
			3,
			1,
			"x",
			"depends on itself: the gates x (3:1) -> y (4:1) -> x form a loop",
		},
		{"cycle of one", "x = BUFF(x)\n", 1, 1, "x", "depends on itself"},
		{"latch", "INPUT(d)\nq = DFF(d)\n", 2, 5, "DFF", latch},
		{
			"latch in small letters",
			"q = dffrse(d, a, b, c)\n",
			1,
			5,
			"dffrse",
			"is a latch of a sort that is not read; DFF is",
		},
		{"another latch", "INPUT(d)\nq = DFFRSE(d)\n", 2, 5, "DFFRSE", "is a latch of a sort that is not read; DFF is"},
		{"unknown kind", "INPUT(a)\nx = MAJ(a, a, a)\n", 2, 5, "MAJ", kinds},
		{"MUX of two", "INPUT(a)\nx = MUX(a, a)\n", 2, 5, "MUX", "has three inputs, not 2"},
		{"long unknown kind", "x = " + long + "(a)\n", 1, 5, long, kinds},
		{"alias", "INPUT(a)\nx = a\n", 2, 5, "a", kinds},
		{"no kind", "x =\n", 1, 4, "", "a kind of gate is expected here"},
		{"sign as kind", "x = (a)\n", 1, 5, "(", kinds},
		{"no list", "x = AND\n", 1, 8, "", `"(" is expected here`},
		{"empty list", "x = AND()\n", 1, 9, ")", "a name is expected here"},
		{"no comma", "x = AND(a b)\n", 1, 11, "b", `"," or ")" is expected here`},
		{"comma at the end", "x = AND(a,\n", 1, 11, "", "a name is expected here"},
		{"comma before the end", "x = AND(a,)\n", 1, 11, ")", "a name is expected here"},
		{"something behind", "INPUT(a)\nx = NOT(a) y\n", 2, 12, "y", "the end of the line is expected here"},
		{"NOT of two", "x = NOT(a, b)\n", 1, 5, "NOT", "has one input, not 2"},
		{"BUFF of three", "x = BUFF(a, b, c)\n", 1, 5, "BUFF", "has one input, not 3"},
		{"constant with inputs", "x = vdd(a)\n", 1, 8, "(", "a constant has no inputs"},
		{"two statements", "INPUT(a) INPUT(b)\n", 1, 10, "INPUT", "the end of the line is expected here"},
		{"sign as name", "= = AND(a, b)\n", 1, 1, "=", "a name is expected here"},
		{"NUL", "INPUT(a\x00b)\n", 1, 7, "a\x00b", "is no name: it is not of printable signs in UTF-8"},
		{"no UTF-8", "INPUT(\xff)\n", 1, 7, "\xff", "is no name: it is not of printable signs in UTF-8"},
		{"delete", "INPUT(a)\n\x7f = NOT(a)\n", 2, 1, "\x7f", "is no name: it is not of printable signs in UTF-8"},
		{"LUT without table", "x = LUT\n", 1, 8, "", "the table of the LUT is expected here"},
		{"LUT without inputs", "x = LUT 0x8\n", 1, 12, "", `"(" is expected here`},
		{"LUT in decimal", "x = LUT 8 (a, b)\n", 1, 9, "8", "the table of a LUT is 0x and hexadecimal digits"},
		{"LUT with a letter", "x = LUT 0x8g (a, b)\n", 1, 9, "0x8g", "the table of a LUT is 0x and hexadecimal digits"},
		{"LUT of no digits", "x = LUT 0x (a, b)\n", 1, 9, "0x", "the table of a LUT is 0x and hexadecimal digits"},
		{"LUT too large", "x = LUT 0x10 (a, b)\n", 1, 9, "0x10", "a LUT of 2 inputs has a table of 4 bits"},
		{"LUT of one input too large", "x = LUT 0x4 (a)\n", 1, 9, "0x4", "a LUT of 1 inputs has a table of 2 bits"},
		{
			"LUT of 10000 digits",
			"x = LUT 0x" + strings.Repeat("f", 10000) + " (a, b)\n",
			1,
			9,
			"0x" + strings.Repeat("f", 10000),
			"a LUT of 2 inputs has a table of 4 bits",
		},
		{
			"LUT too wide",
			"x = LUT 0x8 (" + strings.Repeat("a,", 15) + "a)\n",
			1,
			9,
			"0x8",
			"a LUT of 16 inputs; at most 15 are read",
		},
		{
			"ports too many",
			"# tc0 input 2 unsigned x\nINPUT(x.0)\n",
			1,
			0,
			"",
			"the ports that the comments describe: circuit: 1 input wires in ports of 2 wires",
		},
		{
			"ports without number",
			"# tc0 input\n# tc0 input two unsigned x\nINPUT(x.0)\n",
			2,
			0,
			"tc0 input two unsigned x",
			`a comment that describes a port: "two" wires`,
		},
		{
			"a line of 10 MB",
			"INPUT(a)\nx = AND(" + strings.Repeat("a", 10<<20),
			2,
			10<<20 + 9,
			"",
			`"," or ")" is expected here`,
		},
	})
}

// TestReadGoodFiles asserts the truth tables of small files: bit m of each output is its
// value for the inputs whose number is m.
func TestReadGoodFiles(t *testing.T) {
	ab := "INPUT(a)\nINPUT(b)\n"
	abc := ab + "INPUT(c)\n"
	for _, test := range []struct {
		name, file string
		gates      int
		want       []uint64
	}{
		{"kinds", ab + "OUTPUT(p)\nOUTPUT(q)\nOUTPUT(r)\nOUTPUT(s)\nOUTPUT(t)\nOUTPUT(u)\nOUTPUT(v)\nOUTPUT(w)\np=AND(a,b)\nq=nand(a,b)\nr=Or(a,b)\ns=NOR(a,b)\nt=xor(a,b)\nu=XNOR(a,b)\nv=NOT(a)\nw=BUFF(b)\n", 8, []uint64{8, 7, 14, 1, 6, 9, 5, 12}},
		{
			"other spellings", ab + "OUTPUT(p)\nOUTPUT(q)\nOUTPUT(r)\np=NXOR(a,b)\nq=inv(a)\nr=buf(a)\n", 3,
			[]uint64{9, 5, 10},
		},
		{"wide", abc + "OUTPUT(p)\nOUTPUT(q)\nOUTPUT(r)\nOUTPUT(s)\np=AND(a,b,c)\nq=XOR(a,b,c)\nr=XNOR(a,b,c)\ns=NOR(a,b,c)\n", 4, []uint64{0x80, 0x96, 0x69, 1}},
		{
			"one input", ab + "OUTPUT(p)\nOUTPUT(q)\nOUTPUT(r)\nOUTPUT(s)\np=AND(a)\nq=NOR(a)\nr=XOR(b)\ns=XNOR(b)\n", 4,
			[]uint64{10, 5, 12, 3},
		},
		{"repeated input", ab + "OUTPUT(p)\nOUTPUT(q)\np=XOR(a,a)\nq=AND(b,b,b)\n", 2, []uint64{0, 12}},
		{"constants", ab + "OUTPUT(p)\nOUTPUT(q)\nOUTPUT(r)\nOUTPUT(s)\nOUTPUT(t)\np=vdd\nq=GND\nr=CONST1()\ns = const0\nt=OR(s,a,p)\n", 1, []uint64{15, 0, 15, 0, 15}},
		{"constants as signals", ab + "OUTPUT(vdd)\nOUTPUT(y)\ny=NOR(gnd,a)\n", 1, []uint64{15, 5}},
		{
			"signals called like constants", "INPUT(gnd)\nINPUT(b)\nOUTPUT(y)\nvdd=NOT(gnd)\ny=AND(vdd,b)\n", 2,
			[]uint64{4},
		},
		{
			"any order, CRLF, no newline", "y = AND(z, b)\r\nOUTPUT(y)\r\n\r\nz = NOT(a) # z\r\nINPUT(a)\r\nINPUT(b)", 2,
			[]uint64{4},
		},
		{"an input that is an output", ab + "OUTPUT(b)\n", 0, []uint64{12}},
		{"names like words", "INPUT(INPUT)\nINPUT(AND)\nOUTPUT(OUTPUT)\nOUTPUT = AND(AND, INPUT)\n", 1, []uint64{8}},
		{"names of other signs", "INPUT(é[0])\nINPUT(1.2/x\"')\nOUTPUT(日)\n日 = OR(é[0], 1.2/x\"')\n", 1, []uint64{14}},
		{"no outputs", ab + "y = AND(a, b)\n", 1, []uint64{}},
		{"no inputs", "OUTPUT(y)\ny = NOT(z)\nz = gnd\n", 1, []uint64{1}},
		{"byte-order mark", "\uFEFF" + ab + "OUTPUT(y)\ny = OR(a, b)\n", 1, []uint64{14}},
		{"LUT 0", ab + "OUTPUT(y)\ny = LUT 0x0 (a, b)\n", 0, []uint64{0}},
		{"LUT 1", ab + "OUTPUT(y)\ny = LUT 0XF (a, b)\n", 0, []uint64{15}},
		{"LUT AND", ab + "OUTPUT(y)\ny = LUT 0x8 ( a, b )\n", 1, []uint64{8}},
		{"LUT of literals", ab + "OUTPUT(y)\ny = LUT 0x2 (a, b)\n", 2, []uint64{2}},
		{"LUT NOR", ab + "OUTPUT(y)\ny = LUT 0x1 (a, b)\n", 1, []uint64{1}},
		{"LUT NAND", ab + "OUTPUT(y)\ny = lut 0x7 (a, b)\n", 1, []uint64{7}},
		{"LUT OR", ab + "OUTPUT(y)\ny = LUT 0xe (a, b)\n", 1, []uint64{14}},
		{"LUT OR of literals", ab + "OUTPUT(y)\ny = LUT 0xd (a, b)\n", 2, []uint64{13}},
		{"LUT XOR", abc + "OUTPUT(y)\ny = LUT 0x96 (a, b, c)\n", 1, []uint64{0x96}},
		{"LUT XNOR", abc + "OUTPUT(y)\ny = LUT 0x69 (a, b, c)\n", 1, []uint64{0x69}},
		{"LUT of one", ab + "OUTPUT(y)\nOUTPUT(z)\ny = LUT 0x2 (b)\nz = LUT 0x1 (b)\n", 2, []uint64{12, 3}},
		{"LUT two levels", abc + "OUTPUT(y)\ny = LUT 0xca (a, b, c)\n", 8, []uint64{0xca}},
		{"LUT short", abc + "OUTPUT(y)\ny = LUT 0x6 (a, b, c)\n", 6, []uint64{6}},
		{"LUT long", ab + "OUTPUT(y)\ny = LUT 0x" + strings.Repeat("0", 100) + "8 (a, b)\n", 1, []uint64{8}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := format().Computes(t, test.file, test.want)
			if n := formattest.CountsOf(d.Circuit).Gates; n != test.gates {
				t.Errorf("%d gates, want %d", n, test.gates)
			}
		})
	}
}

// TestReadTables compares every table of three inputs, and some of four, with itself.
func TestReadTables(t *testing.T) {
	for inputs, step := range map[int]int{3: 1, 4: 257} {
		for table := 0; table < 1<<(1<<inputs); table += step {
			var file strings.Builder
			var names []string
			for i := range inputs {
				names = append(names, fmt.Sprintf("x%d", i))
				fmt.Fprintf(&file, "INPUT(x%d)\n", i)
			}
			fmt.Fprintf(&file, "OUTPUT(y)\ny = LUT 0x%x (%s)\n", table, strings.Join(names, ", "))
			d := format().Parsed(t, []byte(file.String()))
			for m := range 1 << inputs {
				bits := make([]bool, inputs)
				for i := range bits {
					bits[i] = m>>i&1 != 0
				}
				out, err := d.Circuit.Eval(bits)
				if err != nil {
					t.Fatal(err)
				}
				if out[0] != (table>>m&1 != 0) {
					t.Fatalf("table %x of %d inputs is %v at %d", table, inputs, out[0], m)
				}
			}
		}
	}
}

// TestReadLargestTable asserts that memory goes by the digits of a table.
func TestReadLargestTable(t *testing.T) {
	var file strings.Builder
	var names []string
	for i := range 15 {
		names = append(names, fmt.Sprintf("x%d", i))
		fmt.Fprintf(&file, "INPUT(x%d)\n", i)
	}
	// Bit m is 1 if m is no multiple of 2.
	fmt.Fprintf(&file, "OUTPUT(y)\ny = LUT 0x%s (%s)\n", strings.Repeat("a", 1<<13), strings.Join(names, ", "))
	d := format().Parsed(t, []byte(file.String()))
	out := formattest.Run(t, d.Circuit, formattest.Vectors(15))
	for i, w := range out.Row(0) {
		if w != 0xaaaaaaaaaaaaaaaa {
			t.Fatalf("word %d of the output is %x", i, w)
		}
	}
	if n := formattest.CountsOf(d.Circuit); n.Gates != 14+1<<14+1 || d.Wires != 15 {
		t.Errorf("%d gates, %d wires in the file; want 16399, 15", n.Gates, d.Wires)
	}
}

func TestReadKeepsNamesAndComments(t *testing.T) {
	d := format().Parsed(t, []byte("# c17 \nINPUT(a)#in\nOUTPUT(y)\nx = NOT(a)\ny = NOT(x)\n#\n"))
	if want := []string{"c17", "in", ""}; !slices.Equal(d.Comments, want) {
		t.Errorf("comments %q, want %q", d.Comments, want)
	}
	if want := []string{"", "a", "x", "y"}; !slices.Equal(d.Signals, want) || d.Wires != 2 || d.Name != "" {
		t.Errorf("signals %q, want %q; %d wires, name %q", d.Signals, want, d.Wires, d.Name)
	}
}

func TestReadPorts(t *testing.T) {
	d := format().Parsed(t, []byte("# tc0 input 2 signed x\n#tc0 output 1 unsigned \"a b\"\nINPUT(x.0)\nINPUT(x.1)\nOUTPUT(y)\ny = OR(x.0, x.1)\n"))
	in, out := d.Circuit.InputPorts(), d.Circuit.OutputPorts()
	if len(in) != 1 || in[0].Name != "x" || len(in[0].Wires) != 2 || in[0].Format.Kind != circuit.TwosComplement {
		t.Errorf("input ports %v", in)
	}
	if len(out) != 1 || out[0].Name != "a b" || len(d.Comments) != 0 {
		t.Errorf("output ports %v, comments %q", out, d.Comments)
	}
}
