package handwritten

import (
	"bytes"
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		"input a b c\noutput y\ny = maj(a, not b, c) # of three\n",
		"model \"a b\"\ninput x : 3 bits signed\noutput s : 2 bits = not z, 1\nstage \"p\" / q\n" +
			"sum s = 2x.0 - 3x.1 + 4\nz = [s + x.2 >= 18446744073709551616]\nw = mod 3 (s, x.0) in {1, 2}\nstage\n",
		"input \"\" : 2 bits onehot -1 = \"22\", \"a\\x23\"\n\"\\xff\" = [2*\"22\" < 1]\noutput \"\\xff\"\n",
		"input a\nb = xor(a, 1, (not a))\nc = not b\nd = a\noutput o : 2 bits weighted 5 (1, -2) = c, d\noutput b c d\n",
		"sum s = 0\ny = [s >= 0]\noutput y\n",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		format().Hostile(t, file)
		d, ok := format().Accepted(t, file)
		if !ok || d.Circuit.Len() > 2000 || d.Circuit.Stats().Terms > 20000 {
			return
		}
		again := format().Parsed(t, format().Written(t, d))
		formattest.SameCounts(t, d.Circuit, again.Circuit)
		third := format().Parsed(t, format().Written(t, again))
		if x, y := format().Written(t, again), format().Written(t, third); !bytes.Equal(x, y) {
			t.Fatalf("it is written as\n%s\nand, read again, as\n%s", x, y)
		}
	})
}
