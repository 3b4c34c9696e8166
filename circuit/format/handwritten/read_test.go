package handwritten

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
	"github.com/tc0lab/tc0/gates"
)

// TestComputes evaluates each way to write a gate on all inputs: bit m of a number is the value
// for the inputs whose number is m, the first input its low bit.
func TestComputes(t *testing.T) {
	for text, want := range map[string]uint64{
		"maj(a, b, c)":                0b11101000,
		"MAJORITY(a, b, not c)":       0b10001110,
		"[2a - 3b + c >= 1]":          0b00110010,
		"[2*a + c > 3b]":              0b00110010,
		"[3b - 2a - c < 0]":           0b00110010,
		"[-2 a - c + 3b <= -1]":       0b00110010,
		"mod 3 (a, b) in {1, 2}":      0b11101110,
		"mod 3 (a + b) in {1}":        0b01100110,
		"mod 3 (2a, not b, 2) in {0}": table(func(a, b, _ int) bool { return (2*a+1-b+2)%3 == 0 }),
		"and(a, not b)":               0b00100010,
		"and()":                       0b11111111,
		"or(a, b, 0)":                 0b11101110,
		"Nand(a, b, 1)":               0b01110111,
		"nor(a, b)":                   0b00010001,
		"xor(a, b, c)":                0b10010110,
		"xnor(a, (not b))":            0b01100110,
		"not a":                       0b01010101,
		"not(not a)":                  0b10101010,
		"not not not a":               0b01010101,
		"buf(b)":                      0b11001100,
		"((c))":                       0b11110000,
		"1":                           0b11111111,
		"[0 >= 1]":                    0,
		"[s >= 1]":                    0b00110010,
		"[2s - 4 >= -1]":              table(func(a, b, c int) bool { return 2*(2*a-3*b+c)-4 >= -1 }),
	} {
		t.Run(text, func(t *testing.T) {
			file := "input a b, c\noutput y\nsum s = 2a - 3b + c\ny = " + text + "\n"
			format().Computes(t, file, []uint64{want})
		})
	}
}

// table returns the values of a function of three bits, as Computes has them.
func table(f func(a, b, c int) bool) (values uint64) {
	for m := range 8 {
		if f(m&1, m>>1&1, m>>2) {
			values |= 1 << m
		}
	}
	return values
}

// TestReadPorts reads every form of a port.
func TestReadPorts(t *testing.T) {
	d := format().Parsed(t, []byte(`# first
model adder # second

input a "b c"
input x : 2 bits signed
input t : 2 bits thermometer -3
input "22" : 1 bit onehot 7 = u
output s : 2 bits = not x.1, 1
output x.0
output w : 2 bits weighted 1 (5, -6) = p, not 0
output q : 2 bits
stage one / "two three"
p = and(a, "b c", u)
stage one
q.0 = or(t.0, p)
stage
q.1 = not(p)
`))
	var ports []string
	for _, side := range [][]circuit.Port{d.Circuit.InputPorts(), d.Circuit.OutputPorts()} {
		for _, p := range side {
			ports = append(ports, p.Name+shape(&p))
		}
	}
	want := []string{
		"a", "b c", "x : 2 bits signed", "t : 2 bits thermometer -3", "22 : 1 bit onehot 7",
		"s : 2 bits", "x.0", "w : 2 bits weighted 1 (5, -6)", "q : 2 bits",
	}
	if !slices.Equal(ports, want) {
		t.Errorf("ports %q, want %q", ports, want)
	}
	if d.Name != "adder" || !slices.Equal(d.Comments, []string{"first", "second"}) || d.Wires != 6 {
		t.Errorf("name %q, comments %q, %d wires", d.Name, d.Comments, d.Wires)
	}
	st := d.Circuit.Stats()
	if st.Gates[gates.And] != 1 || st.Gates[gates.Or] != 1 || st.Gates[gates.Not] != 1 || st.Depth != 2 {
		t.Errorf("gates %v, depth %d", st.Gates, st.Depth)
	}
	if p := d.Circuit.OutputPorts()[2].Wires[0].Gate(); d.Circuit.StagePath(d.Circuit.StageOf(p)) != "one/two three" ||
		d.Signals[p] != "p" {
		t.Errorf("p is %q in %q", d.Signals[p], d.Circuit.StagePath(d.Circuit.StageOf(p)))
	}
	format().ExactTrip(t, d)
}

func TestReadBadFiles(t *testing.T) {
	const in = "input a b\n"
	format().Refuse(t, []formattest.Bad{
		{"empty", "# nothing\n", 2, 1, "", "the file has no line; a gate is written NAME = and(a, b)"},
		{"a word that begins no line", "inputs a b\n", 1, 1, "inputs", "begins no line; did you mean input? a gate is written NAME = and(a, b)"},
		{"no =", in + "y and(a, b)\n", 2, 3, "and", `"=" is expected here`},
		{"a gate without a name", in + "= and(a, b)\n", 2, 1, "=", "the name of a gate, or input, output, sum, stage or model, is expected here"},
		{"a name of digits", in + "22 = and(a, b)\n", 2, 1, "22", `the name of a gate, or input, output, sum, stage or model, is expected here; one that begins with a digit is written in quotes: "22"`},
		{"a word as a name", in + "maj = and(a, b)\n", 2, 1, "maj", `the name of a gate, or input, output, sum, stage or model, is expected here; a word of the format is written in quotes as a name: "maj"`},
		{"nothing right of =", in + "y =\n", 2, 4, "", "a name, 0 or 1 is expected here"},
		{"kind", in + "y = nandd(a, b)\n", 2, 5, "nandd", "is no kind of gate; did you mean nand?; known: and, buf, maj, majority, nand, nor, not, or, xnor, xor, and [2a - 3b >= 1] and mod 3 (a, b) in {1, 2}"},
		{"threshold as a word", in + "y = q(a)\n", 2, 5, "q", "is no kind of gate; known: and, buf, maj, majority, nand, nor, not, or, xnor, xor, and [2a - 3b >= 1] and mod 3 (a, b) in {1, 2}"},
		{"two gates in a line", in + "y = and(or(a, b), b)\n", 2, 9, "or", "a name, 0 or 1 is expected here; a gate has a line of its own, with a name to read it by"},
		{"infix", in + "y = a AND b\n", 2, 7, "AND", "the end of the line is expected here; a gate is written and(a, b)"},
		{"no brackets", in + "y = xor a b\n", 2, 5, "xor", "is a kind of gate, written xor(a, b); as a name it is written in quotes"},
		{"a call alone", in + "and(a, b)\n", 2, 1, "and", "a gate has a name to read it by: NAME = and(a, b)"},
		{"more", in + "y = a b\n", 2, 7, "b", "the end of the line is expected here"},
		{"an output of a call", in + "output y = and(a, b)\n", 2, 12, "and", "a name, 0 or 1 is expected here; a gate has a line of its own, and the output its name"},
		{"semicolon", in + "y = and(a, b);\n", 2, 14, ";", "is no sign of the format; a line ends without one"},
		{"a sign as printed", in + "y = [a + b ≥ 1]\n", 2, 12, "≥", "is no sign of the format; it is written >="},
		{"fan-in", in + "y = not(a, b)\n", 2, 5, "not", "reads 2 literals here; 1 is right"},
		{"no comma", in + "y = and(a b)\n", 2, 11, "b", `"," or ")" is expected here`},
		{"no bracket", in + "y = and(a, b\n", 2, 13, "", `"," or ")" is expected here`},
		{"digits as a name", in + "y = and(a, 10)\n", 2, 12, "10", `a name, 0 or 1 is expected here; a name of digits is written in quotes: "10"`},
		{"unknown", "input alpha beta\ny = and(alpha, betta)\n", 2, 16, "betta", "is defined nowhere; did you mean beta?"},
		{"unknown and far", in + "y = and(a, omega)\n", 2, 12, "omega", "is defined nowhere; a name is an input, or stands left of = in a line above"},
		{"unknown and empty", in + "y = and(a, \"\")\n", 2, 12, "", "is defined nowhere; a name is an input, or stands left of = in a line above"},
		{"below", in + "y = and(a, z)\n# more\nz = or(a, b)\n", 2, 12, "z", "is defined in line 4, below; a line reads names of lines above it"},
		{"an input below", in + "y = and(a, z)\ninput c z\n", 2, 12, "z", "is defined in line 3, below; a line reads names of lines above it"},
		{"a sum below", in + "y = [z >= 1]\nsum z = a\n", 2, 6, "z", "is defined in line 3, below; a line reads names of lines above it"},
		{"a loop", in + "y = and(a, y)\n", 2, 12, "y", "reads itself; a line reads names of lines above it"},
		{"twice", in + "y = and(a, b)\ny = or(a, b)\n", 3, 1, "y", "is defined already, in line 2; every name has one meaning"},
		{"an input twice", in + "input a\n", 2, 7, "a", "is an input already, in line 1"},
		{"a gate of the name of an input", in + "a = or(a, b)\n", 2, 1, "a", "is defined already, in line 1; every name has one meaning"},
		{"a wire that is taken", "input x.1\ninput x : 2 bits\n", 2, 7, "x.1", "is defined already, in line 1; every name has one meaning"},
		{"an output twice", in + "output a\noutput b a\n", 3, 10, "a", "is an output already, in line 2"},
		{"an output of nothing", in + "output yes\nyea = and(a, b)\n", 2, 8, "yes", "is defined nowhere; did you mean yea?"},
		{"an output that is a sum", in + "output s\nsum s = a + b\n", 2, 8, "s", "is a sum, and no bit; an output is a gate that compares it, or an input"},
		{"a sum as a bit", in + "sum s = a + b\ny = and(a, s)\n", 3, 12, "s", "is a sum, and no bit; a gate compares it, as in [s >= 1]"},
		{"a port as a bit", "input x : 3 bits\ny = and(x)\n", 2, 9, "x", "is a port of 3 bits; its bits are x.0 to x.2"},
		{"no comparison", in + "y = [a + b]\n", 2, 11, "]", `a term, or ">=", "<=", ">" or "<", is expected here`},
		{"equality", in + "y = [a + b = 1]\n", 2, 12, "=", `a term, or ">=", "<=", ">" or "<", is expected here`},
		{"a fraction", in + "y = [1.5a >= 1]\n", 2, 7, ".", "weights and bounds are integers; multiply both sides of the comparison"},
		{"no modulus", in + "y = mod (a, b) in {1}\n", 2, 9, "(", "the modulus, as in mod 3 (a, b) in {1, 2}, is expected here"},
		{"modulus 0", in + "y = mod 0 (a, b) in {1}\n", 2, 9, "0", "a modulus is 1 to 65536"},
		{"a great modulus", in + "y = mod 65537 (a, b) in {1}\n", 2, 9, "65537", "a modulus is 1 to 65536"},
		{"no residues", in + "y = mod 3 (a, b)\n", 2, 17, "", `"in" and the residues, as in {1, 2}, is expected here`},
		{"a residue", in + "y = mod 3 (a, b) in {1, 3}\n", 2, 25, "3", "a residue modulo 3 is 0 to 2"},
		{"a residue is missing", in + "y = mod 3 (a, b) in {1,\n", 2, 24, "", "a residue is expected here"},
		{"a sign", in + "y = a & b\n", 2, 7, "&", "is no sign of the format; an AND is written and(a, b)"},
		{"another sign", in + "y = a @ b\n", 2, 7, "@", "is no sign of the format; a name with it is written in quotes"},
		{"quotes", in + "y = and(\"a, b)\n", 2, 9, "\"a, b)", `a name in quotes ends in its line, and is one of Go; a # in it is written \x23`},
		{"comment in quotes", "input \"a#b\"\n", 1, 7, "\"a", `a name in quotes ends in its line, and is one of Go; a # in it is written \x23`},
		{"bits", "input x : many bits\n", 1, 11, "many", "the number of bits is expected here"},
		{"format", "input x : 2 bits gray\n", 1, 18, "gray", "unsigned, signed, thermometer, onehot, weighted or = is expected here"},
		{"no wire", "input x : 2 bits = a\n", 1, 21, "", `"," and another of 2 wires is expected here`},
		{"weights", in + "output o : 2 bits weighted (1) = a, b\n", 2, 29, "1", "1 weights for 2 bits; a weight for each is right"},
		{"a weighted input", "input o : 1 bit weighted (1)\n", 1, 7, "o", "an input has no weighted format, which has no unique code; unsigned, signed, thermometer and onehot have"},
		{"inputs", "input x : 1000000000 bits\n", 1, 7, "x", "1000000000 inputs in 26 bytes; name the wires one by one: input x : 2 bits = x0, x1"},
		{"outputs", "input a\noutput x : 1000000000 bits\n", 2, 8, "x", "1000000000 wires in 35 bytes; list what they read: output y : 2 bits = a, b"},
		{"a great number", in + "y = [" + strings.Repeat("9", 20000) + "a >= 1]\n", 2, 6, strings.Repeat("9", 20000), "more digits than a circuit holds, which has numbers up to 2^65536"},
		{"stage", "stage a b\n", 1, 9, "b", `"/" is expected here`},
		{"stage of nothing", "stage a /\n", 1, 10, "", "the name of a stage is expected here"},
		{"not in front of a sum", in + "sum s = a + b\ny = [not s >= 1]\n", 3, 10, "s", "is a sum, and no bit; a gate compares it, as in [s >= 1]"},
	})
	format().Promises(t, "input x : 1000000000 bits\n", "input a\noutput y : 2000000000 bits\n")
}

// TestFrugal asserts that memory goes by the size of the file, and that many outputs of a few bytes
// are bounded.
func TestFrugal(t *testing.T) {
	for _, file := range []string{
		"input a\ny = and(" + strings.Repeat("a,", 1<<19) + "a)\n",
		"input a\ny = [" + strings.Repeat("a+", 1<<19) + "a >= 1]\n",
		"input a\ny = " + strings.Repeat("not ", 1<<19) + "a\n",
		"input a\ny = " + strings.Repeat("(", 1<<19) + "a" + strings.Repeat(")", 1<<19) + "\n",
	} {
		got, err := format().Allocated(t, []byte(file))
		if err != nil || got > uint64(200*len(file)+1<<20) {
			t.Errorf("%.20s…: %d bytes for a file of %d, %v", file, got, len(file), err)
		}
	}
}

// TestTruncated reads a file cut off at every byte.
func TestTruncated(t *testing.T) {
	file := []byte("model m\r\ninput a \"b c\"\ninput x : 2 bits signed\nstage p / q\nsum s = 2a - 3x.0\n" +
		"y = [s + 18446744073709551616x.1 >= -2]\nz = mod 5 (s, 1) in {1, 3}\noutput o : 2 bits = not y, 1\noutput z # end\n")
	format().Parsed(t, file)
	for n := range file {
		format().Accepted(t, file[:n])
	}
}

// TestGrammar asserts that the example of the grammar is a file, and that the package comment has the
// same grammar.
func TestGrammar(t *testing.T) {
	parts := strings.SplitN(Grammar, "\n\n", 3)
	// y is 3, 5, 6 and 7; a and b differ for 1, 2, 5 and 6.
	format().Computes(t, parts[0]+"\n", []uint64{0b11101000, 0b01100110})
	comment, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(parts[0] + "\n" + parts[1]) {
		if !strings.Contains(string(comment), "//\t"+line) {
			t.Errorf("the package comment lacks %q", line)
		}
	}
}

// TestOneForm asserts how what can be written in several ways is written again.
func TestOneForm(t *testing.T) {
	for text, want := range map[string]string{
		"[a + b >= c]":                  "[a + b - c >= 0]",
		"[2a + 1 < s - b]":              "[-2a - b + g_s1 >= 2]",
		"[s <= 3]":                      "[-g_s1 >= -3]",
		"[s - 1 > 1]":                   "[g_s1 >= 3]",
		"[a + a - not b >= c - 1]":      "[2a + b - c >= 0]",
		"mod 3 (a, b + 1, 2) in {2, 1}": "mod 3 (a + b) in {1, 2}",
		"mod 5 (s, a) in {1}":           "mod 5 (a + g_s1) in {1}",
		"majority(a, not b, c)":         "maj(a, not b, c)",
		"not a":                         "not(a)",
		"a":                             "buf(a)",
	} {
		file := "input a b c\nsum s = a - 2b + c\ny = " + text + "\nz = [s >= 2]\noutput y z\n"
		got := string(format().Written(t, format().Parsed(t, []byte(file))))
		if !strings.Contains(got, "\ny = "+want+"\n") {
			t.Errorf("%s is written as\n%s\nwant %s", text, got, want)
		}
	}
}
