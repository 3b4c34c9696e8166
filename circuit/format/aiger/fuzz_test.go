package aiger_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/format/aiger"
	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		halfAdder,
		"aig 5 2 0 2 3\n10\n6\n\x02\x02\x03\x02\x01\x02i0 x\no1 y\nc\nwords\n",
		"aag 900 2 0 1 1 0 0 0 0\n1000\n10\n1801\n1800 10 1000\n",
		"aag 1 0 1 2 0\n2 3\n2\n3\n",
		"aag 8 1 3 1 4\n2\n6 16\n4 6 1\n8 8 8\n10\n10 4 6\n12 3 7\n14 2 6\n16 13 15\nl0 q\nl1 q\no0 q\n",
		"aig 3 1 1 1 1\n6 0\n6\n\x02\x02i0 l0\n",
		"aig 202 200 0 1 2\n404\n\x91\x03\x00\x01\x00",
		"aag 3 3 0 2 0\n2\n4\n6\n2\n5\nc\nhello\ntc0 input 2 unsigned a\ntc0 input 1 signed b\ntc0 output 2 weighted+-3:1,-5 \"y\\n\"\n",
		"aag 5 1 0 1 4\r\n2\r\n4\r\n4 2 6\r\n6 8 2\r\n8 2 11\r\n10 2 6\r\n",
		"aag 7 3 0 2 0\n2\n4\n8\n0\n0\nctc0 output\x00 \r\r",
	} {
		f.Add([]byte(file), false)
		f.Add([]byte(file), true)
	}
	f.Fuzz(func(t *testing.T, file []byte, cut bool) {
		g := format(nil)
		g.Read = aiger.Config{Cut: cut}.Read
		d, ok := g.Accepted(t, file)
		if !ok {
			return
		}
		if len(d.Circuit.Inputs()) > 1000 || d.Circuit.Len() > 10000 {
			return
		}
		for _, form := range forms {
			text := written(t, d, form.write)
			back := read(t, text)
			formattest.SameCounts(t, d.Circuit, back.Circuit)
			formattest.SameFunction(t, d.Circuit, back.Circuit)
			if again := written(t, back, form.write); again != text {
				t.Fatalf("%q, then %q", text, again)
			}
		}
	})
}
