package bristol_test

import (
	"testing"

	"github.com/tc0lab/tc0/circuit/internal/formattest"
)

func FuzzRead(f *testing.F) {
	for _, file := range []string{
		fullAdder,
		"6 9\n1 2\n2 3 3\n1 1 0 3 INV\n1 1 1 4 NOT\n2 1 0 1 5 AND\n2 1 0 1 6 XOR\n1 1 0 7 EQW\n1 1 1 8 EQ\n",
		"1 9\n1 6\n1 3\n6 3 0 1 2 3 4 5 8 6 7 MAND\n",
		"0 2\n3 0 2 0\n2 1 0\n",
		"2 2000000000\n1 2\n1 1\n2 1 0 1 1000000000 AND\n1 1 1000000000 1999999999 INV\n",
		"\r\n 1  3 \r\n\t1 2 \r\n\r\n1\t1\r\n\r\n2 1 0 1 2 AND\r\n\r\n",
		"2 5\n1 2   1\n\n2 1 0 1 3 AND\n2 1 3 2 4 XOR\n",
	} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		d, ok := format().Accepted(t, file)
		if !ok {
			return
		}
		if len(d.Circuit.Inputs()) > 1000 || d.Circuit.Len() > 10000 || d.Circuit.OutputCount() > 10000 {
			return
		}
		back := read(t, written(t, d.Circuit)).Circuit
		formattest.SameFunction(t, d.Circuit, back)
		again := read(t, written(t, back)).Circuit
		formattest.SameFunction(t, d.Circuit, again)
		formattest.SameCounts(t, back, again)
	})
}
