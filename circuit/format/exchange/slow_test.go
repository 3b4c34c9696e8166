package exchange_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

// gateLines are lines of gates that drive OUT and read X and Y.
var gateLines = map[string][]string{
	".bench": {
		"OUT = AND(X, Y)", "OUT=nor( X,Y )\r", "\tOUT = xor(X, Y, X)", "OUT = NOT(X)", "OUT = BUF(Y) # a copy",
		"OUT = gnd", "OUT = LUT 0x6 (X, Y)", "\n# a comment\nOUT = vdd()", "OUT = mux(Y, X, Y)",
	},
	".blif": {
		".names X Y OUT\n11 1", ".names X\tY OUT\r\n0- 1\r\n-1 1\r", ".names X Y \\\nOUT\n00 0", ".names OUT\n1",
		".names X OUT # a copy\n1 1", ".names X X Y OUT\n1-1 1\n000 1", "\n# a comment\n.names Y OUT\n0 1", ".conn X OUT",
		".names X Y OUT\n10 1\n01 1", ".names X Y OUT\n00 1\n11 1", ".names OUT\n", ".names X Y OUT",
	},
	".th": {
		".threshold X Y OUT\n1 -1 0", ".threshold Y X\tOUT\r\n 7 -12 +3\r", ".threshold X X Y OUT\n1 2 3 4",
		".threshold OUT\n1", ".threshold CONST1 X OUT\n1 1 300", ".threshold X OUT\n18446744073709551616 1",
		"\n.threshold X OUT\n0 123456789012345678", ".threshold X Y OUT\n-1000000 4294967296 -2147483648",
	},
}

// headLines stand before the gates.
var headLines = map[string]string{
	".bench": "INPUT(a)\nINPUT(b)\nOUTPUT(LAST)\n",
	".blif":  ".model m\n.inputs a b\n.outputs LAST\n",
	".th":    "c\n.model m\n.input a b\n.output LAST\n",
}

// Files that are longer than the memory of a reader give the same when they are read byte by byte. Some have gates in
// front of those that they read. The same holds where a byte is wrong.
func TestSlowly(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	shapes := []string{"g%d", "new_n%d_", "x[%d]", "top/u1/n%d", "%d:é"}
	for extension, templates := range gateLines {
		f := find(t, "x"+extension)
		format := formattest.Format{Read: f.Read}
		refused := 0
		const rounds = 12
		for round := range rounds {
			names, gates := []string{"a", "b"}, []string{}
			for i := range 3000 {
				name := fmt.Sprintf(shapes[r.IntN(len(shapes)-round%2)], i)
				x, y := names[max(len(names)-1-r.IntN(40), 0)], names[r.IntN(len(names))]
				fill := strings.NewReplacer("OUT", name, "X", x, "Y", y)
				gates, names = append(gates, fill.Replace(templates[r.IntN(len(templates))])), append(names, name)
			}
			if round%4 > 1 {
				slices.Reverse(gates)
			}
			text := strings.ReplaceAll(headLines[extension], "LAST", names[len(names)-1]) + strings.Join(gates, "\n")
			file := []byte(text + "\n")
			d, err := f.Read(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			format.Slowly(t, file, d, err)
			for range 4 {
				bad := bytes.Clone(file)
				bad[r.IntN(len(bad))] = "=(x,\n \\.#0123456789"[r.IntN(19)]
				if d, err = f.Read(bytes.NewReader(bad)); err != nil {
					refused++
				}
				format.Slowly(t, bad, d, err)
			}
		}
		if refused < rounds {
			t.Errorf("%s: only %d bad files are refused", extension, refused)
		}
	}
}
