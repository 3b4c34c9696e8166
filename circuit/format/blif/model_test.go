package blif

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// An adder of two bits, of two full adders, of two half adders each.
const adder = `.model adder
.inputs a0 b0 a1 b1
.outputs s0 s1 c
.subckt full x=a0 y=b0 z=zero s=s0 c=k
.subckt full s=s1 c=c z=k x=a1 y=b1
.names zero
.end
.model half
.inputs x y
.outputs s c
.names x y s
10 1
01 1
.names x y c
11 1
.end
.model full
.inputs x y z
.outputs s c
.subckt half x=x y=y s=t c=c1
.subckt half x=t y=z s=s c=c2
.names c1 c2 c
00 0
.end
`

func TestReadFlattensModels(t *testing.T) {
	var want [3]uint64
	for m := range uint64(16) {
		sum := m&1 + m>>1&1 + 2*(m>>2&1) + 2*(m>>3&1)
		for i := range want {
			want[i] |= sum >> i & 1 << m
		}
	}
	d := format().Computes(t, adder, want[:])
	formattest.Noted(t, d, "a0 b0 a1 b1", "s0 s1 c")
	if n := formattest.CountsOf(d.Circuit); n.Gates != 10 || d.Name != "adder" || d.Wires != 20 {
		t.Errorf("%+v, %d wires in the file, name %q", n, d.Wires, d.Name)
	}
	if names, want := strings.Join(d.Signals, " "), " a0 b0 a1 b1 full/1/t full/1/c1 s0 full/1/c2 k full/4/t"; !strings.HasPrefix(names, want) {
		t.Errorf("signals %s, want %s ...", names, want)
	}
	// Names that look like those in instances are others.
	d = format().Evaluates(t, ".model m\n.inputs a n/1/x\n.outputs y\n.subckt n x=a y=z\n.names z n/1/t y\n11 1\n"+
		".names n/1/x n/1/t\n1 1\n.end\n.model n\n.inputs x\n.outputs y\n.names x t\n0 1\n.names t y\n1 1\n", []uint64{4})
	if names := strings.Join(d.Signals, " "); !strings.Contains(names, "n:1:t") {
		t.Errorf("signals %s", names)
	}
}

func TestReadRefusesModels(t *testing.T) {
	const head = ".model m\n.inputs a\n.outputs y\n"
	const inner = ".end\n.model n\n.inputs x\n.outputs z\n.names x z\n1 1\n"
	format().Refuse(t, []formattest.Bad{
		{"no model", head + ".subckt\n", 4, 8, "", "the name of a model is expected here"},
		{"no pair", head + ".subckt n x\n" + inner, 4, 11, "x", "a port, = and a name are expected here"},
		{"port twice", head + ".subckt n x=a x=y\n" + inner, 4, 15, "x=y", "the port has a name already"},
		{"no port", head + ".subckt n x=a q=y\n" + inner, 4, 9, "n", "the model has no port q"},
		{"input open", head + ".subckt n z=y\n" + inner, 4, 9, "n", "the input x of the model has no name here"},
		{"driven twice", head + ".subckt n x=a z=y\n.subckt n x=a z=y\n" + inner, 10, 10, "y", "is defined already, in line 10"},
		{"itself", head + ".subckt m a=a y=y\n", 4, 9, "m", "is an instance of a model in itself"},
		{
			"in a ring", head + ".subckt n x=a z=y\n" + inner + ".subckt o x=x\n.end\n.model o\n.inputs x\n.subckt n x=x\n",
			15, 9, "n", "is an instance of a model in itself",
		},
		{
			"input twice", head + ".subckt n x=a z=y\n" + inner + ".inputs x\n", 11, 9, "x",
			"is an input of the model already",
		},
		{"don't-cares", head + inner + ".exdc\n", 10, 1, ".exdc", "says where outputs do not matter: only functions that are given in full are read"},
	})
}

// TestReadBombs asserts that a few lines of models in models do not become 2^40 gates, and that models
// may be nested a thousand deep.
func TestReadBombs(t *testing.T) {
	nested := func(depth, times int) string {
		var file strings.Builder
		file.WriteString(".model m0\n.inputs x\n.outputs y\n.subckt m1 x=x y=y\n.end\n")
		for i := 1; i <= depth; i++ {
			fmt.Fprintf(&file, ".model m%d\n.inputs x\n.outputs y\n", i)
			for k := range times {
				fmt.Fprintf(&file, ".subckt m%d x=x y=y%d\n", i+1, k)
			}
			file.WriteString(".names y0 y\n0 1\n.end\n")
		}
		fmt.Fprintf(&file, ".model m%d\n.inputs x\n.outputs y\n.names x y\n0 1\n.end\n", depth+1)
		return file.String()
	}
	d, err := Read(strings.NewReader(nested(40, 2)))
	if d != nil || err == nil || !strings.Contains(err.Error(), "become too many gates") {
		t.Errorf("%v, error %v", d, err)
	}
	d, err = Read(strings.NewReader(nested(2000, 1)))
	if d != nil || err == nil || !strings.Contains(err.Error(), "more than 1000 deep") {
		t.Errorf("%v, error %v", d, err)
	}
	d = format().Parsed(t, []byte(nested(900, 1)))
	out, err := d.Circuit.Eval([]bool{true})
	if err != nil || out[0] != (901%2 == 0) {
		t.Errorf("%v, %v", out, err)
	}
}

func TestReadCutsLatches(t *testing.T) {
	f := format()
	f.Read = Config{Cut: true}.Read
	d := f.Evaluates(t, ".model m\n.inputs a\n.outputs y\n.clock c\n.latch d q re c 2\n.names a q d\n10 1\n01 1\n"+
		".names q r y\n11 1\n.subckt n x=q y=r\n.end\n.model n\n.inputs x\n.outputs y\n.latch x y 0\n.end\n",
		[]uint64{0b11000000, 0b01100110, 0b11001100})
	formattest.Noted(t, d, "a q r", "y q_next r_next",
		"2 latches are cut: the first, q, is an input now, and its next value the output q_next; "+
			"first values and clocks are left out")
	const head = ".model m\n.inputs a\n.outputs y\n"
	f.Refuse(t, []formattest.Bad{
		{"no output", head + ".latch a\n", 4, 9, "", "the input and the output of the latch are expected here"},
		{
			"too much", head + ".latch a y re c 2 3\n", 4, 19, "3",
			"a latch has an input, an output, a type, a clock and a first value; this is more",
		},
		{"an input", head + ".latch y a\n", 4, 10, "a", "is defined already: it is an input, line 2"},
		{"mapped", head + ".mlatch dff d=a q=y c 0\n", 4, 1, ".mlatch", "is a latch of a cell library, which is not read"},
	})
}

func TestReadRepeatedOutputs(t *testing.T) {
	d := format().Evaluates(t, ".model m\n.inputs a b\n.outputs y y\n.outputs b y_1\n.names a b y\n11 1\n.names a y_1\n0 1\n",
		[]uint64{8, 8, 12, 5})
	formattest.Noted(t, d, "a b", "y y_2 b y_1", "output y, in line 3, has a name that is there before and becomes y_2")
}

const cells = `# cells
GATE zero 0 O=CONST0;
GATE "inv" 1.00 O=!a; PIN * INV 1 999 1.0 0.2 1.0 0.2
GATE buf 1 O=a; PIN a NONINV 1 999 1.0 0.2 1.0 0.2
GATE nand3 3 O=!(a*b*c);
 PIN * INV 1 999 1e+0 0.2 1.0 0.2
LATCH dff 8 Q=D; PIN D NONINV 1 1 1 1 1 1 SEQ Q ANY RISING_EDGE
GATE aoi21 3 Y = ( A & B + C )' ;
GATE mux 4 O=s*b+!s a;
GATE xnor3 5 O=!(a^!b^!c);
GATE oai 5 O = ! ( (a | b) * ! ! (c + d)' ) ;
GATE or2 5 O=
  a'+b;
`

func TestReadLibrary(t *testing.T) {
	lib, err := ReadLibrary(strings.NewReader(cells))
	if err != nil {
		t.Fatal(err)
	}
	f := format()
	f.Read = Config{Library: lib}.Read
	for _, test := range []struct {
		gate  string
		gates int
		want  uint64
	}{
		{"zero O=y", 0, 0},
		{"inv a=p O=y", 1, 0x5555},
		{"buf O=y a=q", 1, 0xcccc},
		{"nand3 a=p b=q c=r O=y", 1, 0x7f7f},
		{"aoi21 A=p B=q C=r Y=y", 2, 0x0707},
		{"mux s=p a=q b=r O=y", 3, 0xe4e4},
		{"xnor3 a=p b=q c=r O=y", 1, 0x6969},
		{"oai a=p b=q c=r d=s O=y", 3, 0xfff1},
		{"or2 a=p b=q O=y", 1, 0xdddd},
	} {
		t.Run(test.gate, func(t *testing.T) {
			d := f.Computes(t, ".model m\n.inputs p q r s\n.outputs y\n.gate "+test.gate+"\n.end\n", []uint64{test.want})
			if n := formattest.CountsOf(d.Circuit).Gates; n != test.gates {
				t.Errorf("%d gates, want %d", n, test.gates)
			}
		})
	}
	inModel := ".model m\n.inputs a\n.outputs y\n.subckt n x=a y=y\n.end\n.model n\n.inputs x\n.outputs y\n.gate inv a=x O=y\n"
	f.Computes(t, inModel, []uint64{1})
	const head = ".model m\n.inputs a\n.outputs y\n"
	f.Refuse(t, []formattest.Bad{
		{"no cell", head + ".gate\n", 4, 6, "", "the name of a cell is expected here"},
		{"unknown", head + ".gate nor2 a=a O=y\n", 4, 7, "nor2", "is no cell of the library"},
		{"latch", head + ".gate dff D=a Q=y\n", 4, 7, "dff", "is no cell of the library"},
		{"no pin", head + ".gate inv b=a O=y\n", 4, 11, "b=a", "b is no pin of the cell inv"},
		{"pin open", head + ".gate nand3 a=a c=a O=y\n", 4, 7, "nand3", "the pin b of the cell has no name here"},
		{"output open", head + ".gate inv a=a\n", 4, 7, "inv", "the pin O of the cell has no name here"},
	})
}

func TestReadBadLibraries(t *testing.T) {
	for file, want := range map[string]string{
		"":                             "there is no GATE in it",
		"\uFEFF# GATE a 1 O=a;\n":      "there is no GATE in it",
		"GATE":                         "line 2:1: the name of the gate is expected here",
		"GATE a 1 O a;":                `line 1:12: "a": "=" is expected here`,
		"GATE a 1 O=;":                 `line 1:12: ";": an input of the gate is expected here`,
		"GATE a 1 O=(a;":               `line 1:14: ";": an operator or ")" is expected here`,
		"GATE a 1 O=a)":                `line 1:13: ")": an operator or ";" is expected here`,
		"GATE a 1 O=a*;":               `line 1:14: ";": an input of the gate is expected here`,
		"GATE a 1 O=a":                 `line 2:1: an operator or ";" is expected here`,
		"GATE a 1 O=a;\nGATE a 1 O=b;": `line 2:6: "a": is a gate of the library already, or a second output of one, which is not read`,
		"GATE a 1 O=\x00;":             `line 1:12: "\x00": is no name: it is not of printable signs in UTF-8`,
		"GATE a 1 O=" + strings.Repeat("(", 2000): `line 1:1012: "(": more than 1000 parentheses are open`,
	} {
		lib, err := ReadLibrary(strings.NewReader(file))
		if err == nil || err.Error() != want {
			t.Errorf("%.40q: %v, error %v, want %s", file, lib, err, want)
		}
	}
}

func FuzzReadLibrary(f *testing.F) {
	f.Add([]byte(cells), []byte(".model m\n.inputs a b c\n.outputs y\n.gate nand3 a=a b=b c=c O=y\n"))
	f.Add([]byte("GATE g 1 y=a b+c^!a'*CONST1;"), []byte(".model m\n.inputs a b c\n.outputs y\n.gate g a=a b=b c=c y=y\n"))
	f.Fuzz(func(t *testing.T, library, file []byte) {
		lib, err := ReadLibrary(bytes.NewReader(library))
		if err != nil {
			return
		}
		g := format()
		g.Read = Config{Library: lib, Cut: true}.Read
		g.Hostile(t, file)
	})
}
